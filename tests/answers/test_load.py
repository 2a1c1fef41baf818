"""Questionnaire files: what is accepted, and that every finding comes at once with its mend."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from hostwise.answers.as_read import converted
from hostwise.answers.facts import FactType, Origin
from hostwise.answers.files.answer import Answers
from hostwise.answers.files.load import load_answers_document
from hostwise.answers.questions.blank_file import blank_questionnaire, example
from hostwise.answers.questions.load_questions import load_questions
from hostwise.answers.questions.questions import Questionnaire
from hostwise.answers.to_facts import answer_facts, fact_specs
from hostwise.reading.files.folders import rules_dir
from hostwise.reading.files.yaml_file import read_document
from hostwise.reading.findings.diagnostics import InputError


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return load_questions(rules_dir())


def load(text: str, questionnaire: Questionnaire) -> Answers:
    document = read_document(Path("case.yaml"), data=text.encode())
    return load_answers_document(document, questionnaire)


def test_answers_of_every_kind(questionnaire: Questionnaire) -> None:
    answers = load(
        """\
workload: {name: Summaries, as_of: 2026-11-20, task: summarisation}
constraints: {air_gapped: no, regulations: [hipaa, gdpr], residency: unknown}
demand:
  tokens_per_day: 20M..40M
  latency_p95: 2s
  batch_share: {low: 10%, likely: 20%, high: 40%}
current_api: {input_price: £2.50, spend_per_month: 1.2k}
economics: {exchange_rates: {GBP: {rate: 1.30, as_of: 2026-11-01}}}
""",
        questionnaire,
    ).values
    assert answers["workload.name"].value == "Summaries"
    assert answers["constraints.air_gapped"].value is False
    assert answers["constraints.regulations"].value == ("gdpr", "hipaa")
    assert answers["constraints.residency"].unknown
    assert (answers["demand.tokens_per_day"].low, answers["demand.tokens_per_day"].high) == (
        20_000_000,
        40_000_000,
    )
    assert answers["demand.latency_p95"].value == 2000
    assert answers["demand.batch_share"].value == Decimal("0.2")
    assert answers["current_api.input_price"].currency == "GBP"
    assert answers["economics.exchange_rates"].value["GBP"]["rate"] == Decimal("1.30")
    assert answers["demand.tokens_per_day"].place.line == 4


BROKEN = """\
workload: {nme: Summaries, as_of: 20-11-2026}
constraints:
  external_processing: forbiden
  air_gapped: maybe
demand:
  tokens_per_day: 40M..20M
  batch_share: 140%
  peak_to_mean: [1, 2]
  requests_per_day: many
team: platform
qualty: {gap: 4%}
"""


def test_all_findings_of_a_broken_file_come_at_once(questionnaire: Questionnaire) -> None:
    with pytest.raises(InputError) as refused:
        load(BROKEN, questionnaire)
    found = {(d.place.line, d.code): d for d in refused.value.diagnostics}
    assert set(found) == {
        (1, "missing-answer"), (1, "unknown-key"), (1, "not-a-date"), (3, "not-a-choice"), (4, "not-yes-or-no"),
        (6, "not-a-quantity"), (7, "out-of-bounds"), (8, "not-a-number"), (9, "not-a-quantity"),
        (10, "not-a-section"), (11, "unknown-section"),
    }  # fmt: skip
    assert found[1, "unknown-key"].suggestion == "name"
    assert found[3, "not-a-choice"].suggestion == "forbidden"
    assert found[11, "unknown-section"].suggestion == "quality"
    for finding in refused.value.diagnostics:
        assert finding.place.column >= 1
        assert finding.accepted
        assert finding.excerpt


def test_a_key_of_another_section_is_pointed_to(questionnaire: Questionnaire) -> None:
    with pytest.raises(InputError) as refused:
        load("workload: {name: x}\ndemand: {gpu_operations: none}\n", questionnaire)
    assert refused.value.diagnostics[0].suggestion == "team.gpu_operations"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("demand:\n  tokens_per_day: 30M\n  tokens_per_month: 1B\n", (3, 4)),
        ("demand:\n  tokens_per_day: 30M\n  output_tokens_per_day: 40M\n", (3, 4)),
        (
            "demand:\n  tokens_per_day: 30M\n  input_tokens_per_day: 20M\n  output_tokens_per_day: 5M\n",
            (3, 4),
        ),
        ("demand:\n  traffic_mix: batch\n  batch_share: 20%\n", (3, 4)),
        ("demand:\n  traffic_mix: interactive\n  batch_share: 20%\n", (3, 4)),
        ("constraints:\n  external_processing: forbidden\n  fine_tuning: provider-service\n", (3, 4)),
        ("team:\n  gpu_operations: none\n  existing_ml_platform: yes\n", (3, 4)),
    ],
)
def test_a_contradiction_names_both_lines(text: str, lines: tuple[int, int], questionnaire: Questionnaire) -> None:
    with pytest.raises(InputError) as refused:
        load("workload: {name: x}\n" + text, questionnaire)
    (finding,) = refused.value.diagnostics
    assert finding.code == "contradiction"
    assert f"line {lines[0]}" in finding.message
    assert finding.place.line == lines[1]


def test_every_question_gives_a_fact_with_its_origin(questionnaire: Questionnaire) -> None:
    answers = load("workload: {name: x}\ndemand: {tokens_per_day: 30M, stable: unknown}\n", questionnaire)
    facts = answer_facts(answers, questionnaire)
    assert set(fact_specs(questionnaire)) <= set(facts)
    given, assumed, unknown = facts["stated_tokens_per_day"], facts["batch_share"], facts["stable"]
    assert (given.value, given.provenance.origin) == (Decimal(30_000_000), Origin.GIVEN)
    assert given.provenance.place is not None
    assert given.provenance.place.line == 2
    assert assumed.provenance.origin is Origin.ASSUMED
    assert assumed.provenance.source
    assert unknown.value is None


def test_no_gate_has_a_default(questionnaire: Questionnaire) -> None:
    gates = [q for q in questionnaire.questions if q.must_be_answered]
    assert len(gates) >= 5
    assert all(gate.default is None for gate in gates)


def test_money_takes_the_currency_of_the_workload(questionnaire: Questionnaire) -> None:
    text = "workload: {name: x, currency: EUR}\ncurrent_api: {input_price: 2.5, output_price: US$10}\n"
    facts = answer_facts(load(text, questionnaire), questionnaire)
    assert facts["current_input_price"].unit == "EUR/Mtok"
    assert facts["current_output_price"].unit == "USD/Mtok"


@pytest.mark.parametrize(
    ("currency", "price", "meant"),
    [
        ("CNY", "¥10", "CNY"),
        ("JPY", "¥10", "JPY"),
        ("CAD", "$10", "CAD"),
        ("USD", "$10", "USD"),
        ("NOK", "10 kr", "NOK"),
    ],
)
def test_a_sign_that_several_currencies_share_is_the_questionnaires_own(
    currency: str, price: str, meant: str, questionnaire: Questionnaire
) -> None:
    text = f"workload: {{name: x, currency: {currency}}}\ncurrent_api: {{input_price: {price}}}\n"
    assert load(text, questionnaire).values["current_api.input_price"].currency == meant


@pytest.mark.parametrize(
    ("currency", "price", "candidate"),
    [
        ("EUR", "¥10", "JPY"),
        ("USD", "¥10", "JPY"),
        ("EUR", "10 kr", "SEK"),
        ("GBP", "$10", "USD"),
        ("EUR", "10 dollars", "USD"),
    ],
)
def test_a_shared_sign_of_other_currencies_is_asked_about(
    currency: str, price: str, candidate: str, questionnaire: Questionnaire
) -> None:
    with pytest.raises(InputError) as refused:
        load(f"workload: {{name: x, currency: {currency}}}\ncurrent_api: {{input_price: {price}}}\n", questionnaire)
    (finding,) = refused.value.diagnostics
    assert candidate in (finding.accepted or "")
    assert candidate in (finding.suggestion or "")
    assert (finding.place.line, finding.found) == (2, price)


@pytest.mark.parametrize(("currency", "price"), [("GBP", "$10"), ("EUR", "10 dollars"), ("INR", "$8..$10")])
def test_a_dollar_beside_rates_in_no_other_dollar_is_a_us_dollar_and_is_read_back_so(
    currency: str, price: str, questionnaire: Questionnaire
) -> None:
    text = f"workload: {{name: x, currency: {currency}}}\ncurrent_api: {{input_price: {price}, output_price: US$20}}\n"
    text += f"economics: {{exchange_rates: {{{currency}: 1.15}}}}\n"
    answers = load(text, questionnaire)
    assert answers.values["current_api.input_price"].currency == "USD"
    assert [*converted(answers, questionnaire)] == [f"{price} is read as USD"]


def test_the_blank_questionnaire_is_valid_and_names_every_question(questionnaire: Questionnaire) -> None:
    text = blank_questionnaire(questionnaire)
    assert text.startswith("# yaml-language-server: $schema=")
    assert set(load(text, questionnaire).values) == {"workload.name"}
    for question in questionnaire.questions:
        assert f"  # {question.name}: " in text or f"  {question.name}: " in text


@pytest.mark.parametrize("key", [q.key for q in load_questions(rules_dir()).questions])
def test_the_example_of_each_question_is_accepted(key: str, questionnaire: Questionnaire) -> None:
    question = questionnaire.by_key[key]
    name = "" if key == "workload.name" else "workload: {name: x}\n"
    extra = (
        "workload:\n  name: x\n"
        if question.section == "workload" and key != "workload.name"
        else f"{name}{question.section}:\n"
    )
    needed = "  gpu: H100\n" if question.ask_when.get("self_host.gpu") == "given" else ""
    answers = load(f"{extra}{needed}  {question.name}: {example(question)}\n", questionnaire)
    assert not answers.values[key].unknown


def test_every_question_has_what_a_reader_needs(questionnaire: Questionnaire) -> None:
    for question in questionnaire.questions:
        assert question.help.endswith((".", "?", "}.", "…", ")")), question.key
        assert question.why, question.key
        if question.numeric:
            assert question.min is not None, f"{question.key} has no lower bound"
            assert question.max is not None, f"{question.key} has no upper bound"
        assert question.type in {*FactType, "set", "rates"}
