"""Records to render: decided once a session, from the examples."""

from __future__ import annotations

import copy
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.report.layout import layout_problems

import hostwise
from hostwise.decision.api import decide
from hostwise.report.render import render

EXAMPLES = Path(__file__).parents[2] / "examples"
TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.fixture(scope="session")
def decided() -> Callable[[str], dict[str, Any]]:
    """The record of an example, by its name; a fresh copy each time."""
    cache: dict[str, dict[str, Any]] = {}

    def record(name: str) -> dict[str, Any]:
        if name not in cache:
            cache[name] = decide(hostwise.load_answers(EXAMPLES / f"{name}.yaml")).data
        return copy.deepcopy(cache[name])

    return record


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF, and what is wrong with its layout."""

    pdf: bytes
    problems: tuple[str, ...]


def print_record(data: Mapping[str, Any], audience: str = "full") -> Printed:
    """Lay a record out once, for its bytes and for its boxes."""
    import weasyprint

    documents = []
    laid_out = weasyprint.HTML.render

    def kept(self: Any, *args: Any, **options: Any) -> Any:
        documents.append(laid_out(self, *args, **options))
        return documents[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(weasyprint.HTML, "render", kept)
        pdf = render(data, "pdf", audience=audience)
    assert isinstance(pdf, bytes)
    return Printed(pdf, tuple(layout_problems(documents[0])))


@pytest.fixture(scope="session")
def printed(decided: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Printed]:
    """An example printed for a reader. Each is laid out once, also where several processes share the tests."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "printed"
    shared.mkdir(exist_ok=True)

    def of(name: str, audience: str = "full") -> Printed:
        pdf, problems = shared / f"{name}-{audience}.pdf", shared / f"{name}-{audience}.json"
        if not problems.exists():
            made = print_record(decided(name), audience)
            for path, content in ((pdf, made.pdf), (problems, json.dumps(made.problems).encode())):
                part = path.with_suffix(f".{os.getpid()}")
                part.write_bytes(content)
                part.replace(path)
        return Printed(pdf.read_bytes(), tuple(json.loads(problems.read_bytes())))

    return of


@pytest.fixture
def own_templates(tmp_path: Path) -> Path:
    """A copy of the templates, for a company to change."""
    return Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))


@pytest.fixture
def summariser(decided: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """S1's worked example: a cost decision."""
    return decided("support-summariser")


@pytest.fixture
def undecided(decided: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """The example whose gate nobody answered."""
    return decided("unanswered-gate")


@pytest.fixture
def infeasible(decided: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """The example whose constraints exclude one another: offline on a device, with a model that fits none."""
    return decided("infeasible-handheld-interpreter")
