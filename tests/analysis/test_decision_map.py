"""The decision map of a record: every cell is what deciding it gives, and today's cell is the verdict."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hostwise.analysis.changes.flips import nearest_flips
from hostwise.analysis.changes.what_if import supposed
from hostwise.analysis.maps.decision_map import MapContext, map_part
from hostwise.analysis.situation import Situation, outcome
from hostwise.answers.to_facts import answer_facts
from hostwise.flow.flow import Basis
from hostwise.flow.knowledge import load_knowledge
from hostwise.inference.run import Engine
from hostwise.reading.json_values import plain
from hostwise.record.decide import load_answers

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("s4-50m-a-day", "hospital-no-gpu-team", "unanswered-gate", "nightly-extraction-batch")


@pytest.fixture(scope="module")
def record(decided: Callable[[str], Any]) -> Callable[[str], Any]:
    return cache(decided)


def situation(name: str) -> Situation:
    knowledge = load_knowledge()
    return Situation(load_answers(EXAMPLES / f"{name}.yaml"), knowledge.as_of, knowledge)


def verdict_at(found: Any, column: int, row: int) -> str:
    letters = {each["letter"]: each["verdict"] for each in found["verdicts"]}
    return str(letters[found["rows"][row][column]])


@pytest.mark.parametrize("name", NAMES)
def test_today_is_on_the_map_and_more_than_one_verdict(name: str, record: Callable[[str], Any]) -> None:
    data = record(name)
    found, verdict = data["robustness"]["map"], data["verdict"]
    assert len(found["verdicts"]) > 1
    if verdict["option"] is None:
        assert found["today"] is None  # what is not known has no place
        assert found["y"]["key"] == verdict["needs"][0]["key"]
    else:
        assert verdict_at(found, *found["today"]) == verdict["option"]


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_is_a_decision_of_its_own(name: str, record: Callable[[str], Any]) -> None:
    """Corners and what lies beside a boundary, decided again one by one on both engines."""
    found = record(name)["robustness"]["map"]
    width, height = len(found["x"]["values"]), len(found["y"]["values"])
    assert [len(row) for row in found["rows"]] == [width] * height
    assert sum(each["cells"] for each in found["verdicts"]) == width * height
    middle = height // 2
    edges = [n for n in range(1, width) if found["rows"][middle][n] != found["rows"][middle][n - 1]][:1]
    cells = {(0, 0), (width - 1, height - 1), *((n, middle) for edge in edges for n in (edge - 1, edge))}
    start = situation(name)
    for column, row in sorted(cells):
        settings = [f"{found[a]['key']}={found[a]['values'][n]}" for a, n in (("x", column), ("y", row))]
        said, decided = verdict_at(found, column, row), outcome(supposed(start, settings))
        if said == "close-call":  # only the futures tell, and they are not drawn for a map
            assert decided.verdict in ("managed-api", "open-model-provider"), settings
        else:
            assert decided.verdict == said, settings


def test_the_map_reaches_beyond_the_nearest_change(record: Callable[[str], Any]) -> None:
    data = record("s4-50m-a-day")
    found = data["robustness"]["map"]
    changes = {c["changes"][0]["key"]: c["changes"][0]["changed"] for c in data["counterfactuals"]}
    assert found["x"]["key"] == "demand.tokens_per_day"
    for axis in (found["x"], found["y"]):
        values = [float(value) for value in axis["values"]]
        assert axis["scale"] == "log"
        assert values == sorted(set(values))
        assert min(values) < float(changes[axis["key"]]) < max(values)


def test_the_map_is_the_same_every_time(record: Callable[[str], Any]) -> None:
    data = record("s4-50m-a-day")
    start = situation("s4-50m-a-day")
    given = answer_facts(start.answers, start.knowledge.questionnaire)
    basis = Basis(start.knowledge.rulebook, start.knowledge.catalogue, start.as_of, Engine.REFERENCE)
    flips = nearest_flips(given, basis, start.knowledge.questionnaire)
    known = MapContext(undecided=False, flips=flips, pairs=(), swings=(), worth=())
    assert plain(map_part(known, given, basis, start.knowledge)) == data["robustness"]["map"]
