"""`hostwise rules list` and `show`, as people run them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hostwise.cli.rules.main import rules
from hostwise.reading.findings.diagnostics import InputError

PACK = """\
pack: mine
version: "3"
title: Rules of our own
source: house
as_of: 2026-11-20
review_by: 2027-05-20
inputs:
  machine_room: {type: boolean, label: a machine room of our own}
facts:
  owned_ok: {type: boolean, label: owned hardware would do}
rules:
  # A comment above the rule belongs to nobody.
  - id: mine.room
    stage: derive
    title: A machine room
    when: {machine_room: true}
    then: {set: {owned_ok: true}}
    because: There is a room.
    cites: [S9-99]

  # A comment below it neither.
  - {id: mine.wish, stage: gate, status: house, when: {owned_ok: true}, then: {require: [self-host-owned]}, because: We own it.}
"""  # noqa: E501


def run(*arguments: str) -> Result:
    return CliRunner().invoke(rules, arguments)


@pytest.fixture(scope="module", autouse=True)
def cases_run_once() -> Iterator[None]:
    """`rules show` reads the golden cases and runs them: the same ones each time here."""
    from hostwise.workbench.cases import cases, run

    kept: dict[tuple[Any, ...], tuple[Any, Any]] = {}

    def once(find: Callable[..., Any], *given: Any) -> Any:
        asked = (find, *(each if isinstance(each, (tuple, str)) else id(each) for each in given))
        if asked not in kept:
            kept[asked] = given, find(*given)  # what was given is kept too, so that no other thing gets its id
        return kept[asked][1]

    load, ran = cases.load_cases, run.run_case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cases, "load_cases", lambda files, knowledge: once(load, tuple(files), knowledge))
        patch.setattr(run, "run_case", lambda case, knowledge, engine: once(ran, case, knowledge, engine))
        yield


@pytest.fixture
def pack(tmp_path: Path) -> str:
    file = tmp_path / "mine.yaml"
    file.write_text(PACK, encoding="utf-8")
    return str(file)


def test_the_list_names_every_rule_once_and_counts_them() -> None:
    text = run("list").output
    data = json.loads(run("list", "--format", "json").output)
    ids = [rule["id"] for pack in data["packs"] for rule in pack["rules"]]
    assert len(ids) == len(set(ids)) > 200
    assert all(any(line.split()[:1] == [name] for line in text.splitlines()) for name in ids)
    assert sum(data["counts"]["stages"].values()) == sum(data["counts"]["statuses"].values()) == len(ids)
    assert text.splitlines()[-1].startswith(f"{len(ids)} rule(s) in {len(data['packs'])} pack(s): ")


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        (("--stage", "gate"), lambda rule, _: rule["stage"] == "gate"),
        (("--source", "S2"), lambda _, pack: pack["source"] == "S2"),
        (("--cites", "S1-21"), lambda rule, _: "S1-21" in rule["cites"]),
        (("--fact", "team_capability", "--stage", "derive"),
         lambda rule, _: rule["stage"] == "derive" and "team_capability" in rule["reads"] + rule["sets"]),
    ],
)  # fmt: skip
def test_a_filter_keeps_what_it_says_and_all_of_it(arguments: tuple[str, ...], kept: object) -> None:
    assert callable(kept)
    every = json.loads(run("list", "--format", "json").output)["packs"]
    some = json.loads(run("list", "--format", "json", *arguments).output)["packs"]
    wanted = [rule["id"] for pack in every for rule in pack["rules"] if kept(rule, pack)]
    assert [rule["id"] for pack in some for rule in pack["rules"]] == wanted
    assert 0 < len(wanted) < 208


def test_a_pack_of_ones_own_is_listed_first_with_its_version_and_review_date(pack: str) -> None:
    lines = run("list", pack).output.splitlines()
    assert lines[0] == "mine 3 (house): Rules of our own"
    assert lines[1].endswith("mine.yaml, as of 2026-11-20, review by 2027-05-20")
    assert lines[2].split() == ["mine.room", "derive", "stated", "A", "machine", "room"]


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (("list", "--fact", "tokens_pr_day"), "tokens_per_day"),
        (("list", "--source", "s2"), "S2"),
        (("list", "--cites", "s1-21"), "S1-21"),
        (("show", "gate.airgapped"), "gate.air-gapped"),
    ],
)
def test_a_name_that_is_not_there_ends_in_the_nearest_one(arguments: tuple[str, ...], near: str) -> None:
    problem = run(*arguments).exception
    assert isinstance(problem, InputError)
    assert problem.diagnostics[0].suggestion == near


def test_a_rule_that_is_not_there_ends_in_exit_code_2() -> None:
    command = [sys.executable, "-m", "hostwise", "rules", "show", "gate.airgapped"]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": "engine"}, check=False
    )
    assert done.returncode == 2
    assert "did you mean 'gate.air-gapped'?" in done.stderr
    assert not done.stdout


def test_a_rule_is_shown_exactly_as_its_file_has_it() -> None:
    for identity in ("choose.slice-all-own", "S2-R1"):
        text = run("show", identity).output
        file, first = text.splitlines()[3].rsplit(":", 1)
        shown = [line.partition(" | ")[2] for line in text.splitlines()[4:] if " | " in line]
        written = Path(file).read_text(encoding="utf-8").splitlines()
        assert shown == written[int(first) - 1 : int(first) - 1 + len(shown)]
        assert identity in shown[0]
        assert shown[-1].strip()
        following = written[int(first) - 1 + len(shown) :]
        after = next((line for line in following if line.strip() and not line.strip().startswith("#")), "- id")
        assert after.lstrip().startswith("- id")


def test_comments_around_a_rule_are_not_part_of_it(pack: str) -> None:
    text = run("show", "mine.room", pack).output
    assert "belongs to nobody" not in text
    assert "below it neither" not in text
    assert "19 |     cites: [S9-99]" in text
    assert "belongs to nobody" not in run("show", "mine.wish", pack).output


def test_a_rule_is_shown_with_what_it_rests_on_reads_and_sets(pack: str) -> None:
    text = run("show", "gate.air-gapped").output
    assert "If air-gapped: yes" in text
    assert "then ruled out: Managed API, Sovereign-cloud API" in text
    assert "S1-21: Air-gapped sites cannot use APIs" in text
    assert "air_gapped: boolean; asked as constraints.air_gapped" in text

    checked = run("show", "S1-R1").output + run("show", "derive.volume-large").output
    assert "checked: " in checked

    own = run("show", "mine.room", pack).output
    assert "S9-99: not in the register of claims" in own
    assert "machine_room: boolean; an input of mine" in own
    assert "owned_ok: read by mine.wish" in own

    wish = run("show", "mine.wish", pack).output
    assert "owned_ok: boolean; derived by mine.room" in wish
    assert "nothing: a rule of the house" in wish


def test_a_claim_that_a_report_cites_is_shown() -> None:
    for name in ("S1-33", "s1-33"):
        text = run("show", name).output
        assert text.startswith("S1-33: Managed open-model vendors (also Bedrock) suit many teams")
        assert "S1: Self-Hosting LLMs in 2026: When It Pays Off" in text
        assert "CallMissed; not dated; no address stated" in text
        assert "  choose.open-model-provider: " in text.partition("Cited by")[2]
    assert "50M tokens/day" in run("show", "S1-29").output.partition("Figures")[2]
    assert "no rule" in run("show", "S0-02").output


def test_a_rule_is_shown_with_the_cases_that_cover_it(pack: str) -> None:
    lines = run("show", "gate.air-gapped").output.split("Golden cases\n")[1].splitlines()
    assert any(line.startswith("  tests/golden/gates.yaml:") and line.endswith(" air-gapped") for line in lines)
    counted = next(line for line in lines if line.startswith("  In all cases: holds "))
    assert all(int(number) > 0 for number in re.findall(r"(\d+) times", counted))
    assert "holds 0 times" in run("show", "mine.wish", pack).output


def test_every_rule_shipped_can_be_shown() -> None:
    from hostwise.flow.knowledge import load_knowledge
    from hostwise.workbench.book.sheet import sheet_of, written_lines

    knowledge = load_knowledge()
    for rule in knowledge.rulebook.rules:
        sheet = sheet_of(rule, knowledge)
        assert rule.id in written_lines(rule)[1][0]
        assert sheet.condition
        assert sheet.conclusion
        assert all(origin.by for origin in sheet.reads if origin.kind in ("question", "rules", "input"))
        assert all(entry.citation and entry.document for entry in sheet.rests_on)
