"""What to do, by horizon and topic; what each option would need; where the documents part."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.records import as_record

from hostwise.cli.main import cli
from hostwise.reading.files.folders import rules_dir
from hostwise.reading.findings.diagnostics import InputError
from hostwise.record.decide import decide, load_answers
from hostwise.report.page.html import html_report
from hostwise.report.page.markdown import markdown_report
from hostwise.report.view.report import report_of
from hostwise.report.words.words import load_words

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.yaml"))
Decided = Callable[[str], dict[str, Any]]


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def section(html: str, name: str) -> str:
    found = re.search(rf'<section id="{name}">(.*?)</section>', html, re.S)
    assert found is not None
    return text_of(found[1])


@pytest.mark.parametrize("name", NAMES)
def test_every_condition_and_step_stands_in_the_plan_once(decided: Decided, name: str) -> None:
    data = decided(name)
    plan = report_of(as_record(data), load_words()).plan
    planned = [step.advice.rule for horizon in plan for step in horizon.steps]
    entries = [entry["rule"] for part in ("conditions", "next_steps") for entry in data["verdict"][part]]
    assert sorted(planned) == sorted(entries)


def test_the_plan_of_own_hosting_covers_evaluation_load_staffing_stack_move_and_exit(decided: Decided) -> None:
    text = section(html_report(as_record(decided("hospital-no-gpu-team")), audience="audit"), "actions")
    order = ["Now, before anything is moved", "Before anything is signed", "Before go-live", "The move", "In operation"]
    places = [text.index(heading) for heading in order]
    assert places == sorted(places)
    for topic in ("The evaluation", "Staffing", "The serving stack", "The load test", "Migration", "The way out"):
        assert topic in text
    for words in (
        "100 to 200 real",
        "p50, p95 and p99",
        "throughput at which batching",
        "GPU memory",
        "longest",
        "vLLM",
    ):
        assert words in text
    assert text.count("Condition:") == len(decided("hospital-no-gpu-team")["verdict"]["conditions"])


def test_every_step_has_an_owner_or_says_that_one_is_to_be_named(decided: Decided) -> None:
    for name in NAMES:
        for horizon in report_of(as_record(decided(name)), load_words()).plan:
            assert all(step.advice.owner for step in horizon.steps)


def test_a_new_step_under_a_new_topic_is_yaml_alone(tmp_path: Path) -> None:
    rules = Path(shutil.copytree(rules_dir(), tmp_path / "rules"))
    plan = rules / "plan.yaml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(
        text.replace("{migration: Migration}", "{migration: Migration, party: The party}"), encoding="utf-8"
    )
    pack = rules / "flow" / "6-next-steps.yaml"
    rule = """
  - id: next.party
    stage: advise
    when: {verdict.family: api}
    then: {next_step: Buy a cake., owner: everybody, plan: party}
    because: It is done.
    status: house
"""
    pack.write_text(pack.read_text(encoding="utf-8").rstrip() + rule, encoding="utf-8")
    record = decide(load_answers(EXAMPLES / "support-summariser.yaml", rules), rules=rules)
    assert "The party Buy a cake. It is done. everybody" in section(html_report(record, audience="audit"), "actions")
    misspelt = Path(shutil.copytree(rules, tmp_path / "misspelt"))
    pack = misspelt / "flow" / "6-next-steps.yaml"
    pack.write_text(pack.read_text(encoding="utf-8").replace("plan: party", "plan: parti"), encoding="utf-8")
    with pytest.raises(InputError, match=r"plan\.yaml") as caught:
        decide(load_answers(EXAMPLES / "support-summariser.yaml", misspelt), rules=misspelt)
    assert caught.value.diagnostics[0].suggestion == "party"


@pytest.mark.parametrize("name", NAMES)
def test_every_option_has_something_said_on_every_aspect(decided: Decided, name: str) -> None:
    report = report_of(as_record(decided(name)), load_words())
    assert tuple(report.record.verdict.plan.aspects.values()) == ("People", "Quality", "Latency", "Compliance")
    assert [needs.option.id for needs in report.needs] == [option.id for option in report.options]
    for needs in report.needs:
        assert all(needs.cells), needs.option.id


def test_what_people_cost_is_what_the_ledger_says(summariser: dict[str, Any]) -> None:
    html = html_report(as_record(summariser), audience="audit")
    for ledger in summariser["ledgers"]:
        people = sum(float(i["amount"]["likely"]) for i in ledger["items"] if i["group"] == "people")
        if people:
            assert f"${round(people):,}" in section(html, "needs")


def test_the_panel_says_where_they_part_and_what_does_not_recompute(summariser: dict[str, Any]) -> None:
    text = section(html_report(as_record(summariser), audience="audit"), "panel")
    assert "S1, S4: stay on an API (with this report)." in text
    assert "S3: host it yourself (against it)." in text
    assert "S2: it depends; run the full comparison." in text
    shown = {r["id"] for vote in summariser["panel"].values() for r in vote["arithmetic"]}
    assert {"R1-10", "R3-04", "R4-05"} <= shown
    for vote in summariser["panel"].values():
        for entry in vote["arithmetic"]:
            assert entry["finding"] in {"inconsistent", "conditional", "not-recomputable"}
            assert " ".join(entry["correct"].split()) in text


def test_only_figures_that_a_vote_rests_on_are_questioned(decided: Decided) -> None:
    gated = decided("air-gapped-department")
    assert [(who, r["id"]) for who, vote in gated["panel"].items() for r in vote["arithmetic"]] == [("S2", "R2-22")]


@pytest.mark.parametrize("name", ["support-summariser", "unanswered-gate", "infeasible-handheld-interpreter"])
def test_markdown_is_a_decision_record_under_the_headings_of_madr(decided: Decided, name: str) -> None:
    text = markdown_report(as_record(decided(name)))
    headings = re.findall(r"^## (.+)$", text, re.M)
    assert headings[:4] == [
        "Context and Problem Statement",
        "Decision Drivers",
        "Considered Options",
        "Decision Outcome",
    ]
    assert "Pros and Cons of the Options" in headings
    assert headings[-1] == "More Information"
    assert "### Consequences" in text
    assert "### Confirmation" in text


def test_the_record_is_a_format_of_the_report(tmp_path: Path, summariser: dict[str, Any]) -> None:
    out = tmp_path / "record.json"
    example = str(EXAMPLES / "support-summariser.yaml")
    assert CliRunner().invoke(cli, ["report", example, "-o", str(out)]).exit_code == 0
    assert CliRunner().invoke(cli, ["verify", str(out)]).exit_code == 0
