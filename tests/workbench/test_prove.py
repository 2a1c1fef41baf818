"""Proofs: the formulas say what the engines do, the rulebook is proved, and a broken one gives a case that runs."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.examples import examples
from tests.workbench.random_questionnaires import RandomCase

from hostwise.answers.facts import FactType
from hostwise.cli.main import cli
from hostwise.flow.flow import Basis, choose_costed
from hostwise.flow.knowledge import load_knowledge
from hostwise.inference.run import Engine
from hostwise.record.decide import answers_from_text, decide

z3 = pytest.importorskip("z3")

RULES = Path(__file__).parents[2] / "rules"
PACKS = Path(__file__).parent / "packs"


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, ["rules", *map(str, args)])


def edited(folder: Path, file: str, old: str, new: str) -> Path:
    """A copy of the shipped rules with one text replaced."""
    target = folder / "rules"
    shutil.copytree(RULES, target)
    text = (target / file).read_text("utf-8")
    assert old in text
    (target / file).write_text(text.replace(old, new), encoding="utf-8")
    return target


@pytest.fixture(scope="module")
def questionnaires(first_cases: Callable[[int], list[RandomCase]]) -> list[RandomCase]:
    return first_cases(examples(1000))


def test_the_formulas_come_to_what_the_engines_decide(questionnaires: list[RandomCase]) -> None:
    """On random questionnaires, every fact fixed: one outcome is left, and it is the flow's."""
    from hostwise.workbench.proof.cases import free_case
    from hostwise.workbench.proof.properties import load_properties
    from hostwise.workbench.proof.terms import constant

    knowledge = load_knowledge()
    basis = Basis(knowledge.rulebook, knowledge.catalogue, knowledge.as_of, Engine.REFERENCE)
    case = free_case(knowledge, load_properties(knowledge))
    solver = z3.Solver()
    solver.add(*case.laws)
    for facts, costing in questionnaires[: examples(750)]:
        choice = choose_costed(facts, costing, basis).choice
        solver.push()
        for name, term in case.given.items():
            # What is known from the futures alone comes after the choice: unknown, it confirms what was chosen.
            value = facts[name].value if name in facts else None
            if value is None:
                solver.add(z3.Not(term.known))
            elif term.spec.type is FactType.TEXT:
                solver.add(term.known)  # rules ask of a text whether it is known, and nothing else
            elif term.spec.type is not FactType.TOKENS or name == "tokens_per_month":
                solver.add(term.known, term.value == constant(value, term.spec))
        expected = choice.outcome
        assert solver.check(case.outcome[expected]) == z3.sat, (expected, facts)
        assert solver.check(z3.Not(case.outcome[expected])) == z3.unsat, (expected, facts)
        solver.pop()


def test_every_claim_about_the_shipped_rules_is_proved() -> None:
    result = run("prove", "--format", "json")
    assert result.exit_code == 0, result.output
    proofs = json.loads(result.output)
    assert {proof["status"] for proof in proofs} == {"proved"}
    ids = {proof["id"] for proof in proofs}
    # What is confirmed rests on futures, which no claim over questionnaires knows.
    proved = (rule for rule in load_knowledge().rulebook.rules)
    assert {f"alive[{rule.id}]" for rule in proved} <= ids
    assert {
        "exactly-one-verdict", "no-case-falls-through", "no-excluded-verdict", "air-gapped-stays-inside",
        "forbidden-stays-inside", "no-gpus-without-a-team", "more-volume", "bigger-gap",
        "rests-on-no-unknown[gpu_team]", "regret-is-said",
    } <= ids  # fmt: skip


def test_a_gate_with_a_hole_gives_a_questionnaire_that_goes_through_it(tmp_path: Path) -> None:
    gate = "exclude: [api, mix, rented]"
    rules = edited(tmp_path, "flow/2-gate.yaml", gate, "exclude: [closed-api, mix, rented]")
    result = run("prove", "--rules", rules, "--format", "json")
    assert result.exit_code == 1
    broken = {p["id"]: p for p in json.loads(result.output) if p["status"] != "proved"}
    assert list(broken) == ["air-gapped-stays-inside"]
    case = broken["air-gapped-stays-inside"]["example"]["first"]
    assert case["outcome"] == case["expected"] == "open-model-provider"
    decided = decide(answers_from_text(case["questionnaire"]["text"], "case.yaml", rules=rules), rules=rules)
    assert decided.verdict.option == "open-model-provider"
    assert "air_gapped: true" in case["questionnaire"]["text"]
    shown = run("prove", "--rules", rules, "--only", "air-gapped-stays-inside")
    assert re.search(r"^\S+/properties\.yaml:\d+:\d+: ✗ refuted  air-gapped-stays-inside", shown.output, re.MULTILINE)
    assert "counterexample.yaml: hostwise decide gives open-model-provider" in shown.output


def test_more_volume_moving_back_to_the_api_is_found(tmp_path: Path) -> None:
    """A choice that stops preferring own GPUs above a volume breaks the second case of `more-volume`."""
    end = (
        '        - self_host.monthly: "< best_api.monthly"\n        - saving.self_host: "> required_margin"\n'
        "    then: {verdict: own}\n    because: >-\n      At"
    )
    rules = edited(tmp_path, "flow/3-choose.yaml", end, '        - tokens_per_month: "< 3B"\n' + end)
    proved = run("prove", "--rules", rules, "--only", "more-volume", "--format", "json")
    found = next(p for p in json.loads(proved.output) if p["id"] == "more-volume")["example"]
    assert found["confirmed"]
    assert found["first"]["outcome"].startswith("self-host")
    assert found["second"]["outcome"] == "managed-api"
    assert "tokens_per_month" in found["changed"]
    volumes = [Decimal(found[which]["facts"]["tokens_per_month"]) for which in ("first", "second")]
    assert volumes[0] < Decimal("3e9") <= volumes[1]


def test_a_contradictory_pack_is_refuted_on_all_its_counts() -> None:
    result = run("prove", PACKS / "contradictory.yaml", "--format", "json")
    assert result.exit_code == 1
    broken = {p["id"]: p for p in json.loads(result.output) if p["status"] != "proved"}
    assert set(broken) == {
        "alive[acme.never]", "alive[acme.gpus-for-secrets]", "alive[choose.slice-all-own]", "no-conflict[acme_class]",
        "no-gpus-without-a-team", "the-cost-veto", "a-settled-gap-keeps-the-api",
        "a-settled-gap-keeps-the-open-model-in-use", "own-hosting-is-stable", "bigger-gap",
        "volume-is-measured-first", "true[choose.slice-all-own]", "true[choose.own-over-sovereign]",
        "true[choose.self-host-on-cost]", "true[advise.missing-team]",
    }  # fmt: skip
    conflict = broken["no-conflict[acme_class]"]["example"]
    assert conflict["confirmed"]
    assert "acme.secret and acme.open both hold" in conflict["first"]["outcome"]
    assert broken["no-gpus-without-a-team"]["example"]["confirmed"]
    assert run("prove", PACKS / "contradictory.yaml", "--only", "the-cost-veto", "--format", "sarif").exit_code == 1


EMPTY: dict[str, dict[str, Any]] = {
    "of no case": {"when": {"always": True, "not": {"always": True}}, "never": {"verdict": "edge"}},
    "what it supposes": {"when": {"verdict": "edge"}, "always": {"verdict": "edge"}},
    "a part of it": {"when": {"verdict": "edge", "air_gapped": True}, "never": {"air_gapped": False}},
    "what a word means": {
        "when": {"feasible.any_api": True},
        "never": {
            "feasible.managed_api": False,
            "feasible.sovereign_api": False,
            "feasible.open_model_provider": False,
        },
    },
    "what was changed": {
        "when": {"tokens_per_month": ">= 1M"},
        "second": {"changed": {"tokens_per_month": "more"}, "never": {"tokens_per_month": "< 1M"}},
    },
}


def test_a_property_that_says_nothing_is_not_taken_for_a_proof(tmp_path: Path) -> None:
    """It speaks of no case, or what it says follows from what it supposes, whatever the rules are."""
    file = tmp_path / "properties.yaml"
    entries = [{"id": f"p{n}", "title": name, "because": "b", **said} for n, (name, said) in enumerate(EMPTY.items())]
    alive = {"id": "says-something", "title": "t", "because": "b", "when": {"verdict": "edge"}}
    file.write_text(json.dumps({"properties": [*entries, alive | {"always": {"edge_or_offline": True}}]}))
    result = run("prove", "--properties", file, *(f"--only={e['id']}" for e in entries), "--only=says-something")
    assert result.exit_code == 1
    assert result.output.count("∅ empty") == len(EMPTY), result.output
    assert f"{len(EMPTY) + 1} claims over every questionnaire: 1 proved, {len(EMPTY)} empty" in result.output


def test_a_property_may_name_a_rule_that_must_speak(tmp_path: Path) -> None:
    file = tmp_path / "properties.yaml"
    entry = {"id": "it", "title": "t", "because": "b", "when": {"external_processing": "forbidden"}}
    for rule, code, status in (("gate.external-processing", 0, "proved"), ("gate.air-gapped", 1, "refuted")):
        file.write_text(json.dumps({"properties": [entry | {"says": [rule]}]}))
        result = run("prove", "--properties", file, "--only", "it", "--verbose")
        assert (result.exit_code, status in result.output) == (code, True), result.output


BAD: list[tuple[dict[str, Any], str]] = [
    ({"properties": [{"id": "a", "title": "A", "because": "b", "when": {"always": True}}]}, "says-nothing"),
    ({"properties": [{"id": "a", "title": "A", "because": "b", "wen": {}, "never": {}}]}, "unknown-key"),
    ({"domain": {"never": [{"id": "a", "when": {"air_gaped": True}, "because": "b"}]}}, "unknown-fact"),
    ({"typical": {"air_gapped": "perhaps"}}, "value"),
    (
        {"properties": [{"id": "a", "title": "A", "because": "b", "when": {"always": True}, "says": ["gate.ex"]}]},
        "unknown-rule",
    ),
    (
        {"properties": [{"id": "a", "title": "A", "because": "b", "when": {"always": True},
                         "second": {"changed": {"tokens_per_month": "bigger"}, "same": "verdict"}}]},
        "change",
    ),
    ({"properties": [{"when": {"always": True}, "never": {"air_gapped": True}}]}, "missing-key"),
    ({"properties": {"a": 1}}, "list-type"),
    ({"domain": {"proportional": [{"fact": "tokens_per_day", "to": "tokens_per_month", "times": "1/0"}]}}, "times"),
    ({"levers": {"hybrid": ["economics.no_such_price"]}}, "unknown-question"),
    (
        {"properties": [{"id": "a", "title": "A", "because": "b", "when": {"always": True},
                         "second": {"changed": {"volume_band": "any"}, "never": {"verdict": "edge"}}}]},
        "not-given",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("content", "code"), BAD, ids=[code for _, code in BAD])
def test_bad_properties_are_refused_at_their_line(tmp_path: Path, content: dict[str, Any], code: str) -> None:
    from hostwise.reading.findings.diagnostics import InputError
    from hostwise.workbench.proof.properties import load_properties

    file = tmp_path / "properties.yaml"
    file.write_text(json.dumps(content, indent=1))
    with pytest.raises(InputError) as caught:
        load_properties(load_knowledge(), file)
    found = {finding.code: finding for finding in caught.value.diagnostics}
    assert code in found
    assert found[code].place.line > 0


def test_a_property_may_name_an_answer_that_no_rule_reads(tmp_path: Path) -> None:
    file = tmp_path / "properties.yaml"
    when = {"workload_name": "unknown", "air_gapped": True}
    entry = {"id": "a", "title": "A", "because": "b", "when": when, "never": {"verdict": "managed-api"}}
    file.write_text(json.dumps({"properties": [entry]}))
    result = run("prove", "--properties", file)
    assert result.exit_code == 0, result.output


def test_what_cannot_occur_does_not_occur(questionnaires: list[RandomCase]) -> None:
    """The domain of the proofs leaves out no case that a questionnaire can give."""
    from hostwise.inference.reference import truth_of
    from hostwise.workbench.proof.properties import load_properties

    knowledge = load_knowledge()
    stated = load_properties(knowledge)
    for facts, _ in questionnaires:
        for entry in stated.never:
            assert truth_of(entry.when, facts) is not True, (entry.id, facts)


def test_two_rulebooks_are_told_apart(tmp_path: Path) -> None:
    rules = edited(tmp_path, "flow/1-derive.yaml", 'quality_gap_low: ">= 10%"', 'quality_gap_low: ">= 15%"')
    result = run("diff", RULES, rules, "--json")
    assert result.exit_code == 1
    found = json.loads(result.output)
    assert found["changes"] == [{"id": "derive.quality-too-large", "what": "another condition"}]
    pairs = {(p["old"]["outcome"], p["new"]["outcome"]) for p in found["partings"]}
    assert pairs == {(option, "undecided") for option in ("managed-api", "sovereign-api", "open-model-provider")}
    for parting in found["partings"]:
        gap = Decimal(parting["old"]["facts"]["quality_gap_low"])
        assert Decimal("0.10") <= gap < Decimal("0.15")
        for which in ("old", "new"):
            assert parting[which]["outcome"] == parting[which]["expected"]
    text = run("diff", RULES, rules)
    assert "old: managed-api (choose.quality-too-large)" in text.output


def test_a_rulebook_is_like_itself() -> None:
    result = run("diff", RULES, RULES)
    assert result.exit_code == 0
    assert "Every questionnaire is decided alike by both." in result.output


def test_without_the_solver_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "z3", None)
    result = CliRunner().invoke(cli, ["rules", "prove"], standalone_mode=False)
    assert "pip install 'hostwise[prove]'" in str(result.exception)
