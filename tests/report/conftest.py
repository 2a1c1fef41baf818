"""Records to render, and pages of them that are laid out once a session."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.records import as_record
from tests.report.layout import filled_shares, layout_problems
from tests.shared import alone

from hostwise.report.pdf.ends import laid_out
from hostwise.report.render import render

EXAMPLES = Path(__file__).parents[2] / "examples"
TEMPLATES = Path(__file__).parents[2] / "templates"


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF, what is wrong with its layout, and how far each page is filled."""

    pdf: bytes
    problems: tuple[str, ...]
    filled: tuple[float, ...]


def print_record(
    data: Mapping[str, Any], audience: str = "audit", templates: Path | None = None, language: str | None = None
) -> Printed:
    """Lay a record out, for its bytes and for its boxes."""
    kept = []

    def keeping(source: Callable[[], Any]) -> Any:
        kept.append(laid_out(source))
        return kept[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hostwise.report.pdf.write.laid_out", keeping)
        pdf = render(as_record(data), "pdf", templates, audience=audience, language=language)
    assert isinstance(pdf, bytes)
    (document,) = kept
    return Printed(pdf, tuple(layout_problems(document)), tuple(filled_shares(document)))


@pytest.fixture(scope="session")
def printed(decided: Any, shared: Path) -> Callable[..., Printed]:
    """An example printed for a reader; each is laid out once."""

    def of(name: str, audience: str = "audit") -> Printed:
        pdf, problems = shared / f"{name}-{audience}.pdf", shared / f"{name}-{audience}.json"
        with alone(pdf):
            if not problems.exists():
                made = print_record(decided(name), audience)
                pdf.write_bytes(made.pdf)
                problems.write_text(json.dumps([made.problems, made.filled]))
            return Printed(pdf.read_bytes(), *map(tuple, json.loads(problems.read_bytes())))

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
