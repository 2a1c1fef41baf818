"""What an answer that is left out counts as beside the others."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hostwise.answers.facts import Fact, Origin
from hostwise.answers.questions.load_questions import load_questions
from hostwise.answers.to_facts import answer_facts
from hostwise.reading.files.folders import rules_dir
from hostwise.reading.findings.diagnostics import InputError
from hostwise.record.decide import answers_from_text, first_answer
from hostwise.record.format.record import Record

CASE = """
workload: {{name: x, task: {task}}}
constraints: {{external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}}
demand: {{{demand}}}
current_api: {{provider: anthropic, model: claude-sonnet-4-5}}
team: {{gpu_operations: none}}
"""


def facts(demand: str) -> dict[str, Fact]:
    return answer_facts(
        answers_from_text(CASE.format(task="chat", demand=demand), "w.yaml"), load_questions(rules_dir())
    )


def decided(demand: str, task: str = "code") -> Record:
    return first_answer(answers_from_text(CASE.format(task=task, demand=demand), "w.yaml"), engine="reference")


@pytest.mark.parametrize(("name", "implied", "answered"), [("traffic_mix", "batch", "mixed"), ("stable", True, "no")])
def test_a_job_that_runs_once_is_a_batch_of_a_known_volume(name: str, implied: object, answered: str) -> None:
    """An archive that is sorted once was asked whether its volume is predictable from week to week."""
    once = facts("pages: 12M, runs_once: yes")[name]
    assert (once.value, once.provenance.origin) == (implied, Origin.ASSUMED) and once.provenance.source
    assert facts("pages: 12M")[name].value is None
    assert facts("pages: 12M, runs_once: unknown")[name].value is None
    given = facts(f"pages: 12M, runs_once: yes, {name}: {answered}")[name]
    assert given.provenance.origin is Origin.GIVEN and given.value != implied


def test_nothing_of_it_is_drawn_or_asked() -> None:
    record = decided("pages: 12M, runs_once: yes", "classification")
    assert not {"stable", "traffic_mix"} & {each.name for each in record.robustness.uncertain}
    assert not {"demand.stable", "demand.traffic_mix"} & {each.key for each in record.verdict.needs}


def test_what_developers_read_from_cache_is_what_every_line_says() -> None:
    """The costs took 92%, and the page said 0% and advised prompt caching."""
    record = decided("developers: 200, coding_use: agents")
    values = {fact.name: fact.value for fact in record.facts}
    assert values["cached_share"] == "0.92" and values["cached_input_share"] is None
    assert "cached_input_share" not in {each.name for each in record.robustness.uncertain}
    advised = {each.rule for each in (*record.verdict.next_steps, *record.verdict.conditions)}
    assert "next.prompt-caching" not in advised
    own = decided("developers: 200, coding_use: agents, cached_input_share: 40%")
    assert {fact.name: fact.value for fact in own.facts}["cached_share"] == "0.4"
    plain = decided("tokens_per_day: 30M", "chat")
    assert {fact.name: fact.value for fact in plain.facts}["cached_share"] == "0"


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("unless: [demand.developers]  #", "unless: [demand.developer]  #"),
        ("when: {demand.runs_once: [true]}", "when: {demand.runs: [true]}"),
    ],
)
def test_a_question_that_does_not_exist_is_found_at_its_line(written: str, other: str, tmp_path: Path) -> None:
    shutil.copytree(rules_dir(), tmp_path / "rules")
    file = tmp_path / "rules" / "questions.yaml"
    text = file.read_text(encoding="utf-8")
    assert written in text
    file.write_text(text.replace(written, other, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_questions(tmp_path / "rules")
    assert caught.value.diagnostics[0].message == "there is no such question"
    assert caught.value.diagnostics[0].place.line >= 1 + text[: text.index(written)].count("\n")
