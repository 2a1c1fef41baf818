"""Why, why not, and what if less were known: from a questionnaire and from a record."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hostwise.cli.main import cli
from hostwise.record.format.record import Record

pytestmark = pytest.mark.usefixtures("decided_once")

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(name: str | Path, *args: str) -> Result:
    file = name if isinstance(name, Path) else EXAMPLES / f"{name}.yaml"
    return CliRunner().invoke(cli, ["explain", str(file), *args])


def data(name: str | Path, *args: str) -> Any:
    result = run(name, *args, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_why_follows_every_fact_to_the_answers() -> None:
    found = data("support-summariser", "--why")
    assert found["rule"]["id"] == "choose.open-model-provider"
    facts = {fact["name"]: fact for fact in found["facts"]}
    assert facts["quality_status"]["source"] == "derive.quality-not-measured"
    assert facts["quality_gap_low"]["depth"] == facts["quality_status"]["depth"] + 1
    assert facts["quality_gap"]["depth"] == facts["quality_gap_low"]["depth"] + 1
    assert facts["stated_tokens_per_day"]["line"] == 23
    text = run("support-summariser", "--why").output
    assert "tokens a day = 30M  (support-summariser.yaml, line 23)" in " ".join(text.split()).replace(" (", "  (")


def test_why_not_an_option_that_a_gate_excludes() -> None:
    found = data("hospital-no-gpu-team", "--why-not", "managed-api")
    (gate, *_) = found["dossier"]["gates"]
    assert gate["rule"] == "gate.external-processing"
    assert [leaf["fact"] for leaf in gate["held"]] == ["external_processing"]
    assert "Gates that exclude it" in run("hospital-no-gpu-team", "--why-not", "managed-api").output


def test_why_not_an_option_that_no_rule_chose() -> None:
    found = data("support-summariser", "--why-not", "self-host-cloud")
    rules = {rule["rule"]: rule for rule in found["dossier"]["rules"]}
    stopped = {leaf["fact"] for leaf in rules["choose.self-host-on-cost"]["failed"]}
    assert stopped == {"gpu_team", "self_host.monthly", "saving.self_host"}
    gap = found["dossier"]["gap"]
    assert float(gap["amount"]) > 0
    assert gap["overlap"] is False
    text = run("support-summariser", "--why-not", "self-host-cloud").output
    assert "$2,597 a month more (37.8%) than Managed open-model provider." in text


def test_a_rule_that_holds_too_late_says_what_came_first() -> None:
    found = data("support-summariser", "--why-not", "managed-api")
    late = [rule for rule in found["dossier"]["rules"] if rule["overtaken_by"]]
    assert [(rule["rule"], rule["overtaken_by"]) for rule in late] == [
        ("choose.managed-api", "choose.open-model-provider"),
        ("choose.first-api", "choose.open-model-provider"),
    ]
    assert all(rule["failed"] == [] for rule in late)
    # The last rule holds for the solo founder too, and would have chosen the API: it says nothing of the provider.
    other = data("s3-solo-founder", "--why-not", "open-model-provider")
    assert not any(rule["overtaken_by"] for rule in other["dossier"]["rules"])


def test_why_not_the_verdict_itself() -> None:
    assert "It is the verdict, by choose.solo." in run("s3-solo-founder", "--why-not", "managed-api").output


def test_what_if_nothing_were_known_about_a_gate(tmp_path: Path, decided_record: Callable[[str], Record]) -> None:
    record = tmp_path / "record.json"
    record.write_text(decided_record("support-summariser").json, encoding="utf-8")
    found = data(record, "--unknown", "constraints.external_processing")
    assert found["before"]["option"] == "open-model-provider"
    assert found["after"] == {**found["after"], "status": "undecided", "option": None}
    assert [need["key"] for need in found["needs"]] == ["constraints.external_processing"]
    assert {
        "id": "gate.external-processing",
        "label": "No outside processor",
        "before": "false",
        "after": "unknown",
    } in (found["rules"])
    text = run(record, "--unknown", "external_processing").output
    assert "another verdict" in text
    assert "Without it: undecided" in text


def test_what_if_an_answer_does_not_matter() -> None:
    found = data("support-summariser", "--unknown", "gpu_team")
    assert found["key"] == "team.gpu_operations"
    assert found["before"]["option"] == found["after"]["option"]
    assert found["facts"]


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (("--why-not", "self-host-clud"), "Did you mean 'self-host-cloud'?"),
        (("--unknown", "team.gpu_operation"), "Did you mean 'team.gpu_operations'?"),
        (("gate.airgapped",), "Did you mean 'gate.air-gapped'?"),
        (("--why", "--why-not", "edge"), "one question at a time"),
    ],
)
def test_misspelt_names_get_the_nearest(args: tuple[str, ...], hint: str) -> None:
    result = run("support-summariser", *args)
    assert result.exit_code == 2
    assert hint in result.output
