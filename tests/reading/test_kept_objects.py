"""Data that was kept is what was made; a pickle that names anything else is not read."""

from __future__ import annotations

import pickle
import re
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hostwise.flow.knowledge import LAYERS, Knowledge, load_knowledge
from hostwise.reading.files.cache import kept
from hostwise.reading.files.kept_objects import kept_object
from hostwise.reading.findings.diagnostics import Place
from hostwise.reading.translatable import Translatable, fill

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOSTWISE_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def never() -> Any:
    raise AssertionError("it was kept")


def test_data_comes_back_as_it_was(folder: Path) -> None:
    text = fill("{what} costs more", what="It")
    made = (Place("a.yaml", 3, 4), Decimal("1.50"), date(2026, 11, 30), Path("a/b"), text, {"a": (1, None, True, 2.5)})
    assert kept_object("a", tuple, lambda: made) is made
    found = kept_object("a", tuple, never)
    assert found == made and found is not made
    assert isinstance(found[4], Translatable) and isinstance(text, Translatable) and found[4].how == text.how


def test_what_is_of_another_kind_or_under_another_key_is_made(folder: Path) -> None:
    kept_object("a", tuple, lambda: (1,))
    assert kept_object("a", Place, lambda: Place("made")) == Place("made")
    assert kept_object("b", tuple, lambda: (2,)) == (2,)


class Calls:
    """Its pickle says to call something."""

    def __init__(self, function: Callable[..., Any], *given: Any) -> None:
        self.function, self.given = function, given

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self.function, self.given


@pytest.mark.parametrize("function", [Path.touch, print, eval, pickle.loads, load_knowledge], ids=lambda f: f.__name__)
def test_a_pickle_that_names_a_function_is_not_read(
    function: Callable[..., Any], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = pickle.dumps(Calls(function, tmp_path / "called"))
    monkeypatch.setattr("hostwise.reading.files.kept_objects.kept", lambda _key: hostile)
    assert kept_object("a", tuple, lambda: (7,)) == (7,)
    assert not (tmp_path / "called").exists()


def test_a_damaged_entry_is_made_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pickle.dumps((Place("a.yaml"), Decimal(1)))
    for end in range(len(whole)):
        monkeypatch.setattr("hostwise.reading.files.kept_objects.kept", lambda _key, end=end: whole[:end])
        assert kept_object("a", tuple, lambda: (7,)) == (7,)


def test_the_rules_come_back_as_they_were_read(folder: Path) -> None:
    from hostwise.flow import knowledge
    from hostwise.flow.read_knowledge import read_knowledge

    root = ROOT / "rules"
    read = read_knowledge(root)
    for _ in range(2):
        knowledge._loaded.cache_clear()
        found = load_knowledge(root)
        assert isinstance(found, Knowledge)
        assert (found.files, found.as_of, found.rulebook) == (read.files, read.as_of, read.rulebook)
        assert repr(found.questionnaire) == repr(read.questionnaire)
        # What is in it, in any order: sets have none.
        assert sorted(re.findall(r"[^\W_]+", repr(found.catalogue))) == sorted(
            re.findall(r"[^\W_]+", repr(read.catalogue))
        )
    knowledge._loaded.cache_clear()


def test_the_code_that_reads_rules_is_all_in_the_layers_whose_change_makes_another_entry() -> None:
    import subprocess
    import sys

    code = "import sys, hostwise.flow.read_knowledge as k\nfrom pathlib import Path\nk.read_knowledge(Path('rules'))\n"
    code += "print(*{name.split('.')[1] for name in sys.modules if name.startswith('hostwise.')})"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert set(found.stdout.split()) - {"version"} <= set(LAYERS)


def test_nothing_is_kept_where_the_cache_is_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSTWISE_CACHE", "off")
    assert kept_object("a", tuple, lambda: (1,)) == (1,)
    assert kept_object("a", tuple, lambda: (2,)) == (2,)
    assert kept("a") is None


def test_another_language_of_amounts_reads_any_folder_of_rules_anew(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Units and currencies are those that are shipped, whatever folder of rules is used."""
    from hostwise.flow import knowledge

    own, shipped = (Path(shutil.copytree(ROOT / "rules", tmp_path / name)) for name in ("own", "shipped"))
    monkeypatch.setattr(knowledge, "rules_dir", lambda given=None: given or shipped)
    kept_keys = []
    monkeypatch.setattr(knowledge, "kept_object", lambda key, _kind, _make: kept_keys.append(key))
    for text in ("", "# changed\n"):
        with (shipped / "units.yaml").open("a", encoding="utf-8") as file:
            file.write(text)
        knowledge._loaded.cache_clear()
        load_knowledge(own)
    knowledge._loaded.cache_clear()
    assert len(set(kept_keys)) == 2
