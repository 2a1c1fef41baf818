"""Records to render: decided once a session, from the examples."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import hostwise
from hostwise.decision.api import answers_from_text, decide

EXAMPLES = Path(__file__).parents[2] / "examples"


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
def summariser(decided: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """S1's worked example: a cost decision."""
    return decided("support-summariser")


@pytest.fixture
def undecided(decided: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """The example whose gate nobody answered."""
    return decided("unanswered-gate")


@pytest.fixture
def infeasible() -> dict[str, Any]:
    """A workload whose constraints exclude one another: air-gapped, yet tuned at a provider."""
    text = (EXAMPLES / "air-gapped-department.yaml").read_text(encoding="utf-8")
    data = decide(answers_from_text(text, "x.yaml")).data
    data["verdict"].update(status="infeasible", option=None, label=None, rule=None, reasons=[], dissent=[])
    for alternative in data["verdict"]["alternatives"]:
        alternative.update(status="excluded", why="A gate rules it out.")
    return data
