"""Every line under "look again" is one that `hostwise check RECORD` checks: each is crossed here, and exits 1."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from hostwise.cli.main import cli
from hostwise.flow.knowledge import load_knowledge
from hostwise.record.decide import answers_from_text, decide
from hostwise.rulebook.language.rules import REVISIT, Advice

pytestmark = pytest.mark.usefixtures("decided_once")

OPEN = {
    "workload": {"name": "W", "as_of": "2026-11-20"},
    "constraints": {
        "external_processing": "allowed", "air_gapped": False, "edge_or_offline": False, "residency": "none",
        "fine_tuning": "none",
    },
    "demand": {"tokens_per_day": "1M", "input_share": "80%", "stable": True, "growth_per_month": "0%"},
    "current_api": {"provider": "openai", "model": "gpt-4o", "tier": "frontier"},
    "team": {"gpu_operations": "none", "organisation": "company"},
    "quality": {"gap": "3%", "evaluation_items": 200, "load_test_done": True},
    "open_provider": {"input_price": "$0.60", "output_price": "$0.60"},
    "self_host": {"model": "Llama-3.3-70B", "gpu": "H100"},
}  # fmt: skip
"""A small workload on an API, and nothing to search. A case changes some of its answers, then later ones."""

Answers = dict[str, Any]
OWN: Answers = {
    "constraints.external_processing": "forbidden", "team.gpu_operations": "platform-team",
    "team.on_call": True, "team.security_ready": True, "demand.tokens_per_day": "200M",
}  # fmt: skip
BUSY: Answers = {**OWN, "demand.tokens_per_day": "5B", "demand.traffic_shape": "steady"}
LARGE: Answers = {"demand.tokens_per_day": "900M", "economics.required_margin": "90%"}
CASES: dict[str, tuple[Answers, Answers, str]] = {
    "revisit.api-model-leaves": ({}, {}, "2026-12-20"),  # 25 days before
    "revisit.api-model-leaves-soon": (
        {"current_api.provider": "google", "current_api.model": "gemini-2.5-flash"},
        {},
        "2026-12-02",
    ),
    "revisit.spend": ({}, {"demand.tokens_per_day": "100M"}, "2026-12-20"),
    "revisit.credits": ({"current_api.spend_per_month": "$0"}, {"current_api.spend_per_month": "$900"}, "2026-12-20"),
    "revisit.solo-spend": (
        {
            "team.organisation": "solo-founder",
            "economics.exchange_rates": {"GBP": {"rate": 1.3, "as_of": "2026-11-01"}},
        },
        {"demand.tokens_per_day": "20M"},
        "2026-12-20",
    ),
    "revisit.daily-volume": ({}, {"demand.tokens_per_day": "10M"}, "2026-12-20"),
    "revisit.large-volume": ({"demand.tokens_per_day": "30M"}, {"demand.tokens_per_day": "60M"}, "2026-12-20"),
    "revisit.extreme-volume": ({"demand.tokens_per_day": "300M"}, {"demand.tokens_per_day": "400M"}, "2026-12-20"),
    "revisit.growth": ({"demand.growth_per_month": "2%"}, {}, "2027-02-20"),
    "revisit.prices": ({}, {}, "2027-07-20"),
    "revisit.better-open-models": ({"quality.gap": "20%"}, {}, "2027-05-20"),
    "revisit.team": (LARGE, {"team.gpu_operations": "platform-team"}, "2026-12-20"),
    "revisit.others-use-it": (
        {"team.single_user": True, "self_host.gpu": "DGX Spark"},
        {"team.single_user": False},
        "2026-12-20",
    ),
    "revisit.utilisation": (BUSY, {"self_host.measured_utilisation": "40%"}, "2026-12-20"),
    "revisit.utilisation-planned": (OWN, {"self_host.measured_utilisation": "5%"}, "2026-12-20"),
    "revisit.prohibition": (OWN, {"constraints.external_processing": "allowed"}, "2026-12-20"),
    "revisit.residency": (
        {**OWN, "constraints.external_processing": "allowed", "constraints.residency": "not-met"},
        {"constraints.residency": "met-by-provider-region"},
        "2026-12-20",
    ),
    "revisit.devices": (
        {"constraints.edge_or_offline": True, "current_api.tier": "small", "self_host.model": "Qwen3-8B"},
        {"constraints.edge_or_offline": False},
        "2026-12-20",
    ),
    "revisit.own-hardware-use": (
        {
            **OWN,
            "constraints.external_processing": "allowed",
            "demand.tokens_per_day": "20B",
            "open_provider.input_price": "$5",
            "open_provider.output_price": "$15",
            "self_host.model": "gpt-oss-20b",
            "self_host.gpu": "unknown",
        },
        {"demand.tokens_per_day": "3B"},
        "2026-12-20",
    ),
}
QUIET = "2026-11-25"


def questionnaire(changes: Answers) -> str:
    data = {section: dict(answers) for section, answers in OPEN.items()}
    for key, value in changes.items():
        section, _, name = key.partition(".")
        data.setdefault(section, {})[name] = value
    return yaml.safe_dump(data, sort_keys=False)


def checked(record: Path, today: Path, day: str) -> Result:
    args = ["check", str(record), "--today", str(today), "--as-of", day, "--format", "json"]
    return CliRunner().invoke(cli, args, catch_exceptions=False)


def states(result: Result) -> dict[str, str]:
    return {each["rule"]: each["state"] for each in json.loads(result.output)["revisits"]}


def test_every_revisit_rule_has_a_case() -> None:
    rules = {r.id for r in load_knowledge().rulebook.rules if isinstance(r.then, Advice) and r.then.kind == REVISIT}
    assert rules == set(CASES)


@pytest.mark.parametrize("rule", CASES)
def test_each_line_under_look_again_is_checked(rule: str, tmp_path: Path) -> None:
    before, later, day = CASES[rule]
    record, today = tmp_path / "record.json", tmp_path / "today.yaml"
    decided = decide(answers_from_text(questionnaire(before), "w.yaml"))
    assert rule in {advice.rule for advice in decided.verdict.revisit}, decided.verdict.outcome
    record.write_text(decided.json)
    today.write_text(questionnaire(before))
    quiet = checked(record, today, QUIET)
    assert states(quiet)[rule] in ("holds", "not answered")
    today.write_text(questionnaire({**before, **later}))
    crossed = checked(record, today, day)
    assert states(crossed)[rule] == "crossed"
    assert crossed.exit_code == 1


def test_a_line_has_not_come_true_on_the_day_it_is_printed(tmp_path: Path) -> None:
    """At exactly 50M tokens a day it was printed, and crossed at once."""
    record, today = tmp_path / "record.json", tmp_path / "today.yaml"
    at = questionnaire({"demand.tokens_per_day": "50M"})
    decided = decide(answers_from_text(at, "w.yaml"))
    assert "revisit.large-volume" in {advice.rule for advice in decided.verdict.revisit}
    record.write_text(decided.json)
    today.write_text(at)
    assert checked(record, today, "2026-11-20").exit_code == 0
    today.write_text(questionnaire({"demand.tokens_per_day": "51M"}))
    assert checked(record, today, "2026-11-20").exit_code == 1


def test_a_rule_that_is_gone_is_not_quiet(tmp_path: Path) -> None:
    import shutil

    record, today = tmp_path / "record.json", tmp_path / "today.yaml"
    record.write_text(decide(answers_from_text(questionnaire({}), "w.yaml")).json)
    today.write_text(questionnaire({}))
    rules = Path(shutil.copytree(Path(__file__).parents[2] / "rules", tmp_path / "rules"))
    steps = rules / "flow" / "6-next-steps.yaml"
    steps.write_text(steps.read_text().replace("- id: revisit.prices", "- id: revisit.prices-of-then"))
    args = ["check", str(record), "--today", str(today), "--as-of", QUIET, "--rules", str(rules)]
    result = CliRunner().invoke(cli, args, catch_exceptions=False)
    assert result.exit_code == 1
    assert "no longer in the rules" in result.output


def test_a_day_before_the_decision_is_refused(tmp_path: Path) -> None:
    record, today = tmp_path / "record.json", tmp_path / "today.yaml"
    record.write_text(decide(answers_from_text(questionnaire({}), "w.yaml")).json)
    today.write_text(questionnaire({}))
    result = CliRunner().invoke(cli, ["check", str(record), "--today", str(today), "--as-of", "2026-01-01"])
    assert result.exit_code == 2
    assert "comes before the decision" in result.output


def test_a_plan_below_60_percent_is_held_to_what_it_counts_on(tmp_path: Path) -> None:
    """The 60% of a document was printed beside a plan of less: it had come true before the first request."""
    record, today = tmp_path / "record.json", tmp_path / "today.yaml"
    decided = decide(answers_from_text(questionnaire(OWN), "w.yaml"))
    said = {advice.rule: advice.text for advice in decided.verdict.revisit}
    planned = Decimal(
        next(fact["value"] for fact in json.loads(decided.json)["facts"] if fact["name"] == "expected_utilisation")
    )
    assert planned < Decimal("0.6")
    assert "revisit.utilisation" not in said
    assert f"{planned:.1%}" in said["revisit.utilisation-planned"]
    record.write_text(decided.json)
    for measured, state in ((planned + Decimal("0.01"), "holds"), (planned - Decimal("0.01"), "crossed")):
        today.write_text(questionnaire({**OWN, "self_host.measured_utilisation": f"{measured:.4f}"}))
        assert states(checked(record, today, "2026-12-20"))["revisit.utilisation-planned"] == state
