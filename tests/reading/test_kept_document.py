"""A file of rules that was kept is the same as one read anew, and only from its own text."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hostwise.reading.files.kept_document import read_kept_document
from hostwise.reading.files.yaml_file import Document, read_document
from hostwise.reading.findings.diagnostics import InputError

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "rules").rglob("*.yaml"), *(ROOT / "templates").rglob("*.yaml")])
EXAMPLE = "examples/unanswered-gate.yaml"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOSTWISE_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def paths(data: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield at
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in entries:
        yield from paths(value, (*at, step))


def places(document: Document) -> list[tuple[object, ...]]:
    return [
        (path, document.place(path), document.place(path, key=True), document.written(path), document.has(path))
        for path in (*paths(document.data), ("no", "such", 7), ("packs", 0))
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_every_file_of_ours_comes_back_as_it_is_read(file: Path, folder: Path) -> None:
    read, first, again = read_document(file), read_kept_document(file), read_kept_document(file)
    for document in (first, again):
        assert repr(document.data) == repr(read.data)
        assert (document.file, document.text, document.sha256) == (read.file, read.text, read.sha256)
        assert places(document) == places(read)
    assert len(list(folder.iterdir())) == 1


def test_another_text_is_another_entry(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    for text in ("a: 1\n", "a: 1.0\n", "a: '1'\n", ""):
        file.write_text(text)
        assert repr(read_kept_document(file).data) == repr(read_document(file).data)
    assert len(list(folder.iterdir())) == 4


def test_what_is_wrong_is_never_kept(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\na: 2\n")
    for _ in range(2):
        with pytest.raises(InputError, match="stands here again"):
            read_kept_document(tmp_path / "a.yaml")
    assert not folder.exists()


def decided(cache: str, rules: Path) -> Any:
    env = {**os.environ, "HOSTWISE_CACHE": cache}
    line = [sys.executable, "-m", "hostwise", "decide", EXAMPLE, "--json", "--rules", str(rules)]
    return json.loads(subprocess.run(line, cwd=ROOT, env=env, check=True, capture_output=True).stdout)


def test_a_record_is_the_same_with_and_without_and_with_a_cache_that_was_tampered_with(tmp_path: Path) -> None:
    rules, kept = tmp_path / "rules", tmp_path / "kept"
    shutil.copytree(ROOT / "rules", rules)
    without, first, second = decided("off", rules), decided(str(kept), rules), decided(str(kept), rules)
    assert first == without and second == without
    for entry in kept.iterdir():
        content = bytearray(entry.read_bytes())
        content[len(content) // 2] ^= 1
        entry.write_bytes(content)
    assert decided(str(kept), rules) == without


def test_rules_that_changed_decide_although_the_others_are_kept(tmp_path: Path) -> None:
    rules, kept = tmp_path / "rules", tmp_path / "kept"
    shutil.copytree(ROOT / "rules", rules)
    before = decided(str(kept), rules)
    options = rules / "catalogue" / "options.yaml"
    about = options.stat()
    options.write_text(options.read_text("utf-8").replace("label: Managed API", "label: Managed apl"), "utf-8")
    os.utime(options, ns=(about.st_atime_ns, about.st_mtime_ns))  # its hash tells, not its size and time
    after = decided(str(kept), rules)
    assert "Managed apl" in str(after) and "Managed apl" not in str(before)
    assert after == decided("off", rules)


def test_a_questionnaire_is_not_kept(tmp_path: Path) -> None:
    env = {**os.environ, "HOSTWISE_CACHE": str(tmp_path / "kept")}
    subprocess.run([sys.executable, "-m", "hostwise", "check", EXAMPLE], cwd=ROOT, env=env, check=True)
    assert not any(b"Claims triage" in entry.read_bytes() for entry in (tmp_path / "kept").iterdir())
