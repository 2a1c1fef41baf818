"""Answers that contradict one another: the table in `rules/questions.yaml`, each row of it once true and once false."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from hostwise.answers.facts import Fact, FactType, Origin, Provenance
from hostwise.answers.files.load import load_answers_document
from hostwise.answers.questions.load_questions import load_questions
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.answers.questions.read_contradictions import read_test
from hostwise.answers.to_facts import fact_specs
from hostwise.inference.reference import evaluate
from hostwise.reading.files.folders import rules_dir
from hostwise.reading.files.yaml_file import read_document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.rulebook.language import conditions as c
from hostwise.rulebook.language.rules import Rule, SetFacts
from hostwise.rulebook.language.unary_tests import parse_unary


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return load_questions(rules_dir())


def findings(answers: dict[str, str], questionnaire: Questionnaire) -> tuple[Diagnostic, ...]:
    """What is wrong with answers, by the keys of their questions, one a line in the order given."""
    try:
        load_answers_document(read_document(Path("w.yaml"), data=written(answers).encode()), questionnaire)
    except InputError as refused:
        return refused.diagnostics
    return ()


def written(answers: dict[str, str]) -> str:
    text, section = "workload:\n  name: x\n", "workload"
    for key, value in answers.items():
        head, _, name = key.partition(".")
        text += ("" if head == section else f"{head}:\n") + f"  {name}: {value}\n"
        section = head
    return text


def line_of(key: str, answers: dict[str, str]) -> int:
    lines = written(answers).splitlines()
    return 1 + next(number for number, line in enumerate(lines) if line.startswith(f"  {key.partition('.')[2]}:"))


ROWS = [
    ({"demand.traffic_mix": "batch", "demand.batch_share": "20%"}, {"demand.batch_share": "100%"},
     "all traffic is batch, but only 20% may wait"),
    ({"demand.traffic_mix": "interactive", "demand.batch_share": "20%"}, {"demand.batch_share": "0%"},
     "nothing may wait, but 20% is batch"),
    ({"demand.runs_once": "true", "demand.traffic_mix": "interactive"}, {"demand.traffic_mix": "batch"},
     "a job that runs once has nobody who waits for each answer"),
    ({"demand.runs_once": "true", "demand.growth_per_month": "3%"}, {"demand.growth_per_month": "0%"},
     "a job that runs once does not grow: 3%"),
    *(
        ({"workload.task": "embeddings", key: "5M"}, {key: "0"}, "an embedding writes no tokens: 5M")
        for key in ("demand.output_tokens_per_day", "demand.output_tokens_per_month")
    ),
    ({"workload.task": "embeddings", "demand.output_tokens_per_request": "200"},
     {"demand.output_tokens_per_request": "0"}, "an embedding writes no tokens: 200"),
    ({"workload.task": "embeddings", "demand.input_share": "80%"}, {"demand.input_share": "100%"},
     "an embedding writes no tokens, so all of them are input: 80%"),
    ({"demand.images_per_day": "2000", "demand.output_tokens_per_request": "150"},
     {"demand.output_tokens_per_page": "150"},
     "what is written for an image is demand.output_tokens_per_page, and 150 a request would count for nothing"),
    *(
        ({f"demand.{key}": "2000", "demand.output_tokens_per_request": "150"}, {"demand.output_tokens_per_page": "150"},
         f"what is written for a {one}, and 150 a request would count for nothing")
        for key, one in (
            ("pages_per_day", "page is demand.output_tokens_per_page"),
            ("pages", "page is demand.output_tokens_per_page"),
            ("documents_per_day", "document is demand.output_tokens_per_page for each of its pages"),
        )
    ),
    ({"demand.audio_minutes_per_day": "3000", "demand.output_tokens_per_request": "150"},
     {"demand.output_tokens_per_request": "0"},
     "how many recordings these minutes are is not said, so 150 for each would count for nothing: demand.calls_per_day "
     "and demand.minutes_per_call say both"),
    ({"demand.traffic_shape": "steady", "demand.peak_to_mean": "3"}, {"demand.peak_to_mean": "2"},
     "steady traffic cannot peak so far above its mean: 3"),
    ({"constraints.external_processing": "forbidden", "constraints.fine_tuning": "provider-service"},
     {"constraints.fine_tuning": "own-weights"}, "a provider's fine-tuning service is external processing"),
    ({"constraints.fine_tuning": "none", "self_host.adapters": "20"}, {"constraints.fine_tuning": "own-weights"},
     "adapters that you serve are weights of your own: none"),
    ({"constraints.tuned_weights": "full", "self_host.adapters": "20"}, {"self_host.adapters": "0"},
     "whole weights are no adapters"),
    ({"workload.stage": "pilot", "team.single_user": "true"}, {"workload.stage": "production"},
     "a tool that one person runs for themselves is no pilot"),
    ({"team.single_user": "true", "demand.uptime_critical": "true"}, {"demand.uptime_critical": "false"},
     "what one person runs at a desk has no spare and nobody on call, so no outage may matter"),
    ({"team.single_user": "true", "team.on_call": "true"}, {"team.on_call": "false"},
     "nobody is on call for a tool that one person runs for themselves"),
    ({"team.single_user": "true", "self_host.spare_replicas": "1"}, {"self_host.spare_replicas": "0"},
     "a machine at one person's desk has no spare: 1"),
    *(
        ({"team.single_user": "true", f"demand.{count}": "2"}, {f"demand.{count}": "1"}, "one person uses it, or 2 do")
        for count in ("developers", "chat_users")
    ),
    *(
        ({"team.single_user": "true", f"demand.{what}_per_day": "5"}, {"team.single_user": "false"},
         f"{what} of others are no tool of one person")
        for what in ("calls", "tickets")
    ),
    ({"team.single_user": "true", "constraints.resells_model": "true"}, {"constraints.resells_model": "false"},
     "what others call is no tool of one person"),
    ({"team.single_user": "true", "constraints.edge_or_offline": "true"}, {"constraints.edge_or_offline": "false"},
     "a machine at one's own desk is no device of users: without a network it is constraints.air_gapped"),
    ({"team.single_user": "true", "self_host.purchase": "spot"}, {"self_host.purchase": "owned"},
     "a machine of one's own is not rented by the hour: spot"),
    ({"team.single_user": "true", "self_host.gpu_hourly_price": "$2/h"}, {"team.single_user": "false"},
     "a machine of one's own is not rented by the hour: $2/h"),
    ({"team.gpu_operations": "none", "team.existing_ml_platform": "true"}, {"team.existing_ml_platform": "false"},
     "an ML platform exists, but nobody has run GPUs in production"),
]  # fmt: skip


ALONE = {
    "self_host.gpus_owned": "8 GPUs stand there already, but which kind is not said: self_host.gpu names it",
    "self_host.gpus_reserved": "8 GPUs are paid for already, but which kind is not said: self_host.gpu names it",
}
"""Answers that are none without another, self_host.gpu."""


@pytest.mark.parametrize(("key", "message"), ALONE.items())
def test_an_answer_that_needs_another_is_refused_alone(key: str, message: str, questionnaire: Questionnaire) -> None:
    for gpu in ({}, {"self_host.gpu": "unknown"}):
        (finding,) = findings({**gpu, key: "8"}, questionnaire)
        assert (finding.code, finding.message) == ("contradiction", f"{key}: {message}")
        assert finding.place.line == line_of(key, {**gpu, key: "8"})
        assert finding.accepted == f"an answer to self_host.gpu; or take {key} out"
    for fine in ({"self_host.gpu": "H100", key: "8"}, {key: "0"}, {key: "unknown"}):
        assert findings(fine, questionnaire) == ()


@pytest.mark.parametrize(("answers", "mended", "message"), ROWS)
def test_each_row_holds_and_does_not(
    answers: dict[str, str], mended: dict[str, str], message: str, questionnaire: Questionnaire
) -> None:
    first, second = answers
    (finding,) = findings(answers, questionnaire)
    assert finding.message == f"{second} contradicts {first} on line {line_of(first, answers)}: {message}"
    assert (finding.code, finding.place.line) == ("contradiction", line_of(second, answers))
    assert findings({**answers, **mended}, questionnaire) == ()
    assert findings({**answers, second: "unknown"}, questionnaire) == ()


def test_every_row_of_the_table_is_tested(questionnaire: Questionnaire) -> None:
    tested = [*(tuple(answers) for answers, _, _ in ROWS), *(("self_host.gpu", key) for key in ALONE)]
    # What must not be given stands before the two that contradict one another.
    assert [row.keys[-2:] for row in questionnaire.contradictions.rows] == tested


def test_what_is_written_a_request_is_no_contradiction_where_images_are_not_the_volume(
    questionnaire: Questionnaire,
) -> None:
    for counted in ("images_per_day", "pages_per_day", "documents_per_day", "audio_minutes_per_day"):
        images = {f"demand.{counted}": "2000", "demand.output_tokens_per_request": "150"}
        assert findings(images, questionnaire)
        for said in (
            {"demand.requests_per_day": "2000"},
            {"demand.tokens_per_month": "90M"},
            {"current_api.spend_per_month": "$900"},
        ):
            assert findings({**images, **said}, questionnaire) == (), said


@pytest.mark.parametrize("kind", ["tokens", "input_tokens", "output_tokens"])
def test_a_month_of_28_to_31_days_is_no_contradiction(kind: str, questionnaire: Questionnaire) -> None:
    """An average month has 30.4 days: 30M a day is 913M a month to whoever counted a year."""
    for month, fine in (("840M", True), ("913M", True), ("930M", True), ("820M", False), ("950M", False)):
        answers = {f"demand.{kind}_per_day": "30M", f"demand.{kind}_per_month": month}
        assert (findings(answers, questionnaire) == ()) is fine, month


@pytest.mark.parametrize("period", ["day", "month"])
def test_parts_add_up_to_their_total(period: str, questionnaire: Questionnaire) -> None:
    total, inputs, outputs = (f"demand.{kind}_per_{period}" for kind in ("tokens", "input_tokens", "output_tokens"))
    assert findings({total: "30M", inputs: "20M", outputs: "10M"}, questionnaire) == ()
    (finding,) = findings({total: "30M", inputs: "20M", outputs: "5M"}, questionnaire)
    assert "input plus output is 25,000,000, not 30,000,000" in finding.message
    (finding,) = findings({total: "30M", outputs: "31M"}, questionnaire)
    assert finding.message.startswith(f"{outputs} contradicts {total} on line 4: a part is larger than the total")


def test_requests_times_tokens_are_the_volume(questionnaire: Questionnaire) -> None:
    each = {"demand.input_tokens_per_request": "1500", "demand.output_tokens_per_request": "500"}
    answers = {"demand.tokens_per_day": "30M", "demand.requests_per_day": "15000", **each}
    assert findings(answers, questionnaire) == ()
    (finding,) = findings({**answers, "demand.requests_per_day": "1000"}, questionnaire)
    assert "requests times tokens per request is 2,000,000, not 30,000,000" in finding.message


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"tokens_per_month": "900M", "input_tokens_per_day": "24M", "output_tokens_per_day": "{}M"},
         "input plus output, times 28 to 31, is 2,072,000,000 to 2,294,000,000 a month, not 900,000,000"),
        ({"tokens_per_day": "30M", "input_tokens_per_month": "720M", "output_tokens_per_month": "{}0M"},
         "they differ: a day times 28 to 31 is 840,000,000 to 930,000,000 a month, not 1,220,000,000"),
        ({"tokens_per_month": "900M", "requests_per_day": "{}k", "input_tokens_per_request": "4000",
          "output_tokens_per_request": "1000"},
         "requests times tokens per request, times 28 to 31, is 7,000,000,000 to 7,750,000,000 a month"),
        ({"tokens_per_month": "100M", "output_tokens_per_day": "{}00k"},
         "a part is larger than the total: 5,000,000 of 100,000,000 a month"),
        ({"tokens_per_day": "300k", "input_tokens_per_month": "{}00k"},
         None),
    ],
)  # fmt: skip
def test_a_day_is_held_against_what_a_month_is_made_of(
    answers: dict[str, str], said: str | None, questionnaire: Questionnaire
) -> None:
    """6 and 5 of what is left open agree with the rest, and 50 does not."""

    def found(number: int) -> tuple[Diagnostic, ...]:
        return findings({f"demand.{key}": text.format(number) for key, text in answers.items()}, questionnaire)

    fits = 18 if "output_tokens_per_month" in answers else 6
    assert found(fits) == ()
    if said is not None:
        (finding,) = found(50)
        assert said in finding.message


WRONG = [
    ("demand.traffic_mix: batch,", "demand.trafic_mix: batch,", "unknown-key", "demand.traffic_mix"),
    ("demand.traffic_mix: batch,", "demand.traffic_mix: bacth,", "test", None),
    ('demand.batch_share: "< 100%"', 'demand.batch_share: "100"', "test", None),
    ('demand.batch_share: "> 0%"', 'demand.batch_share: "> 3 GB"', "test", None),
    ("but only {demand.batch_share}", "but only {demand.share}", "unknown-quote", None),
    ("[demand.tokens_per_day, demand.tokens_per_month]", "[demand.tokens_per_dy, demand.tokens_per_month]",
     "unknown-key", "demand.tokens_per_day"),
    ("{team.gpu_operations: none, team.existing_ml_platform: true}", "{team.gpu_operations: none}", "contradiction",
     None),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "suggestion"), WRONG)
def test_a_row_that_cannot_be_is_found_at_its_line(
    old: str, new: str, code: str, suggestion: str | None, tmp_path: Path
) -> None:
    shutil.copy(rules_dir() / "questions.yaml", tmp_path)
    file = tmp_path / "questions.yaml"
    text = file.read_text(encoding="utf-8")
    place = text.index(old, text.index("\ncontradictions:"))
    file.write_text(text[:place] + new + text[place + len(old) :], encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load_questions(tmp_path)
    (finding,) = refused.value.diagnostics
    assert (finding.code, finding.suggestion) == (code, suggestion)
    assert finding.place.line == text[:place].count("\n") + 1
    assert finding.place.column > 1


@pytest.mark.parametrize("raw", ["batch", "[batch, mixed]", "not(batch)", "not(batch, mixed)"])
def test_a_test_of_words_is_one_of_the_rules(raw: str, questionnaire: Questionnaire) -> None:
    question = questionnaire.by_key["demand.traffic_mix"]
    for word in question.value_names:
        assert read_test(_loaded(raw), question).holds(word) is _by_rules(_loaded(raw), question, word, questionnaire)


@pytest.mark.parametrize("raw", ["< 50%", "<= 0.5", "> 50%", ">= 0.5", "= 50%"])
def test_a_test_of_a_number_is_one_of_the_rules(raw: str, questionnaire: Questionnaire) -> None:
    question = questionnaire.by_key["demand.batch_share"]
    for value in (Decimal("0.49"), Decimal("0.5"), Decimal("0.51")):
        assert read_test(raw, question).holds(value) is _by_rules(raw, question, value, questionnaire)


def _loaded(raw: str) -> object:
    return read_document(Path("t.yaml"), data=f"t: {raw}\n".encode()).data["t"]


def _by_rules(raw: object, question: Question, value: str | Decimal, questionnaire: Questionnaire) -> bool | None:
    """The same test as a rule reads it, by the reference evaluator."""
    specs = fact_specs(questionnaire)
    test = c.Test(question.fact, parse_unary(raw, specs[question.fact], specs), str(raw))
    fact = Fact(question.fact, FactType(question.type), value, Provenance(Origin.GIVEN))
    place = Place("t.yaml", 1, 1)
    rule = Rule("t", "t", "house", "derive", "t", test, SetFacts(()), "t", (), "house", place, (question.fact,))
    return evaluate(rule, {question.fact: fact}, specs).truth
