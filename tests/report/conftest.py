"""Records to render: decided once a session, from the examples."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import hostwise
from hostwise.decision.api import decide

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
