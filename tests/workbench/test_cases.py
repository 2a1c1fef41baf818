"""`hostwise rules test`: the golden cases of the shipped rules, and what the runner says of others."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hostwise.cli.main import cli
from hostwise.flow.knowledge import Knowledge, load_knowledge
from hostwise.reading.files.folders import rules_dir
from hostwise.reading.findings.diagnostics import InputError
from hostwise.workbench.cases.cases import covering, load_cases
from hostwise.workbench.cases.coverage import coverage
from hostwise.workbench.cases.run import run_cases
from hostwise.workbench.mutation.mutants import mutants

DECISIONS = Path(__file__).parents[1] / "golden"
FILES = [f for f in sorted(DECISIONS.rglob("*.yaml")) if {"cases:", "tables:"} & set(f.read_text("utf-8").splitlines())]
PACKS = Path(__file__).parent / "packs"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="module")
def ran(knowledge: Knowledge) -> Callable[[Path], Sequence[Any]]:
    """What became of the golden cases of a file, each run once."""
    return cache(lambda file: tuple(run_cases(load_cases([file], knowledge), knowledge)))


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, ["rules", "test", *map(str, args)])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(DECISIONS).as_posix())
def test_the_golden_cases(ran: Callable[[Path], Sequence[Any]], file: Path) -> None:
    for each in ran(file):
        assert not each.failures, each.failures


def test_every_rule_is_seen_to_hold_and_not_to_hold(knowledge: Knowledge, ran: Callable[[Path], Sequence[Any]]) -> None:
    found = coverage(knowledge.rulebook.rules, [each for file in FILES for each in ran(file)])
    assert [each.rule.id for each in found if not each.complete] == []


def test_every_derived_fact_has_its_table(knowledge: Knowledge) -> None:
    tables = {row.about for row in load_cases(FILES, knowledge).rows}
    assert set(knowledge.rulebook.defaults("house")) <= tables


def test_every_rule_has_a_case_of_its_own(knowledge: Knowledge) -> None:
    cases = load_cases(FILES, knowledge)
    assert [rule.id for rule in knowledge.rulebook.rules if not covering(cases, rule.id)] == []


def test_changed_rules_without_cases_are_held_against_those_shipped(tmp_path: Path) -> None:
    rules = tmp_path / "ours"
    shutil.copytree(rules_dir(), rules)
    gates = rules / "flow" / "2-gate.yaml"
    gates.write_text(gates.read_text("utf-8").replace("exclude: [api, mix, rented]", "exclude: [api, mix]"), "utf-8")
    result = run("--rules", rules)
    assert result.exit_code == 1 and f"{rules} has no cases: those shipped, in " in result.stderr
    assert f"{DECISIONS}/gates.yaml" in run("--rules", rules, "--format", "json").stdout
    (rules / "tests").mkdir()
    shutil.copy(DECISIONS / "gates.yaml", rules / "tests")
    shutil.copy(DECISIONS / "verdicts.yaml", rules / "tests")
    assert "has no cases" not in run("--rules", rules).stderr


def test_the_command_runs_them_all(knowledge: Knowledge) -> None:
    result = run("--coverage")
    assert result.exit_code == 0, result.output
    assert f"in {len(FILES)} files: as expected." in result.output
    count = len(knowledge.rulebook.rules)
    assert f"{count} of {count} rules seen to hold and not to hold" in result.output
    assert "gate.air-gapped: true" in result.output


def written(folder: Path, content: Any) -> Path:
    file = folder / f"cases-{len(list(folder.iterdir()))}.yaml"
    file.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return file


def test_a_case_that_fails_says_what_stopped_the_rule(tmp_path: Path) -> None:
    facts = {"external_processing": "allowed", "air_gapped": False, "edge_or_offline": False}
    expect = {"rule": "choose.own-only", "fired": ["gate.air-gapped"], "not_fired": ["gate.no-edge"]}
    file = written(tmp_path, {"cases": [{"id": "wrong", "facts": facts, "expect": expect}]})
    result = run("--cases", file, "--format", "json")
    assert result.exit_code == 1
    found = json.loads(result.output)
    assert {f["line"] for f in found} == {4}
    messages = "\n".join(f["message"] for f in found)
    assert "wrong: gate.air-gapped is not as expected; stopped by: air-gapped: yes (it is no)" in messages
    assert "wrong: rule is not as expected" in messages
    assert "wrong: gate.no-edge is not as expected" in messages


def test_mistakes_in_a_file_of_cases_come_all_at_once(tmp_path: Path) -> None:
    content = {
        "base": {"tokens_per_mont": "5M"},
        "cases": [
            {"id": "a", "facts": {"stable": "perhaps"}, "expect": {"verdict": "managed"}},
            {"id": "b", "fact": {}, "expect": {"fired": ["gate.airgapped"], "facts": {"quality_gap": "lots"}}},
        ],
        "tables": {"volume_bnd": [], "volume_band": [[{}, "tiny"], "row"]},
    }
    with pytest.raises(InputError) as caught:
        load_cases([written(tmp_path, content)], load_knowledge())
    found = [(d.code, d.suggestion) for d in caught.value.diagnostics]
    assert sorted(found, key=str) == sorted(
        [
            ("unknown-fact", "tokens_per_month"), ("value", None), ("unknown-verdict", "managed-api"),
            ("unknown-key", "facts"), ("unknown-rule", "gate.air-gapped"), ("value", None),
            ("unknown-fact", "volume_band"), ("value", None), ("not-a-row", None),
        ],
        key=str,
    )  # fmt: skip
    assert all(d.place.line > 0 for d in caught.value.diagnostics)
    assert run("--cases", written(tmp_path, content)).exit_code != 0


def own_pack(folder: Path, threshold: str = "> 7%") -> Path:
    rules = [
        {"id": "acme.gap", "stage": "gate", "when": {"quality_gap": threshold}, "then": {"exclude": ["hybrid", "edge"]},
         "because": "We do not mix models that differ.", "status": "house"},
    ]  # fmt: skip
    content = {
        "pack": "acme", "version": "1", "title": "Acme", "source": "house", "as_of": "2026-11-20",
        "review_by": "2027-05-20", "rules": rules,
    }  # fmt: skip
    file = folder / "acme.yaml"
    file.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return file


def test_a_pack_of_ones_own_with_its_cases_beside_it(tmp_path: Path) -> None:
    pack = own_pack(tmp_path)
    rows = [[{"quality_gap": "7%"}, False], [{"quality_gap": "8%"}, True], [{}, None]]
    (tmp_path / "acme.test.yaml").write_text(json.dumps({"tables": {"acme.gap": rows}}))
    (tmp_path / "empty").mkdir()
    result = run(pack, "--cases", tmp_path / "empty")
    assert result.exit_code == 0, result.output
    assert "0 cases and 3 rows in 1 files: as expected." in result.output


def test_mutants_that_no_case_notices_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = own_pack(tmp_path)
    (tmp_path / "empty").mkdir()
    rows = [[{"quality_gap": "0%"}, False], [{"quality_gap": "40%"}, True]]
    (tmp_path / "acme.test.yaml").write_text(json.dumps({"tables": {"acme.gap": rows}}))
    result = run(pack, "--cases", tmp_path / "empty", "--mutate", "--format", "json")
    assert result.exit_code == 1
    unnoticed = {f["message"] for f in json.loads(result.output) if f["file"] == str(pack)}
    assert unnoticed == {
        "acme.gap: no case notices that quality_gap: > became >=",
        "acme.gap: no case notices that quality_gap: 0.07 became 0.0693",
        "acme.gap: no case notices that quality_gap: 0.07 became 0.0707",
        "acme.gap: no case notices that hybrid dropped from the conclusion",
        "acme.gap: no case notices that edge dropped from the conclusion",
    }


def test_a_contradiction_is_a_finding(tmp_path: Path) -> None:
    facts = {"fine_tuning": "data-cannot-leave", "external_processing": "allowed"}
    file = written(tmp_path, {"cases": [{"id": "both", "facts": facts, "expect": {"verdict": "undecided"}}]})
    result = run(PACKS / "contradictory.yaml", "--cases", file, "--format", "json")
    assert result.exit_code == 1
    (finding,) = json.loads(result.output)
    assert finding["code"] == "fact-conflict"
    assert "acme.secret and acme.open both hold" in finding["message"]


def test_no_mutant_is_the_rule_itself(knowledge: Knowledge) -> None:
    for rule in knowledge.rulebook.rules:
        found = list(mutants(rule, knowledge.rulebook.specs))
        assert all(mutant.rule != rule for mutant in found)
        assert all(mutant.rule.id == rule.id for mutant in found)


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("cases: 5\n", 1, "shape"),
        ("tables: [5]\n", 1, "shape"),
        ("base: [5]\ncases: []\n", 1, "shape"),
        ("cases:\n  - {id: a}\n  - {id: a}\n", 3, "duplicate-id"),
        ("cases:\n  - title: no id\n", 2, "missing-id"),
        ("cases:\n  - id: a\n    facts: [stable]\n", 3, "shape"),
        ("cases:\n  - id: a\n    unknown: stable\n", 3, "shape"),
        ("cases:\n  - id: a\n    expect: hello\n", 3, "shape"),
        (
            "cases:\n  - id: a\n    expect:\n      fired:\n        - gate.edge\n        - [gate.edge]\n",
            6,
            "unknown-rule",
        ),
        ("cases:\n  - id: a\n    expect: {fired: [S1-R1]}\n", 3, "unknown-rule"),
        ("cases:\n  - id: a\n    expect: {needs: [stabl]}\n", 3, "unknown-fact"),
        ("cases:\n  - id: a\n    expect: {S1: {vote: apii}}\n", 3, "unknown-vote"),
        ("tables:\n  gate.edge:\n    - [{}, maybe]\n", 3, "value"),
    ],
)
def test_a_file_of_another_shape_is_a_finding(
    knowledge: Knowledge, tmp_path: Path, text: str, line: int, code: str
) -> None:
    file = tmp_path / "cases.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_cases([file], knowledge)
    assert [(d.place.line, d.code) for d in caught.value.diagnostics] == [(line, code)]
