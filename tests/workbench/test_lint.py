"""`hostwise rules check`: what each lint finds, and that the shipped rules are clean."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hostwise.cli.main import cli

PACKS = Path(__file__).parent / "packs"


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, ["rules", "check", *map(str, args)])


def pack(folder: Path, *rules: dict[str, Any], facts: dict[str, Any] | None = None, name: str = "acme") -> Path:
    entries = [{"because": "for the test", "status": "house", **rule} for rule in rules]
    content = {
        "pack": name, "version": "1", "title": "Acme", "source": "house", "as_of": "2026-11-20",
        "review_by": "2027-05-20", "facts": facts or {}, "rules": entries,
    }  # fmt: skip
    file = folder / f"acme-{len(list(folder.iterdir()))}.yaml"
    file.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return file


def found(folder: Path, *rules: dict[str, Any], facts: dict[str, Any] | None = None) -> dict[str, str]:
    """Findings in the pack alone: code → message."""
    file = pack(folder, *rules, facts=facts)
    data = json.loads(run(file, "--notes", "--format", "json").output)
    return {finding["code"]: finding["message"] for finding in data if finding["file"] == str(file)}


def gate(identity: str, when: Any, options: Any = ("hybrid",), **more: Any) -> dict[str, Any]:
    return {"id": identity, "stage": "gate", "when": when, "then": {"exclude": list(options)}, **more}


def choose(identity: str, when: Any, *options: str) -> dict[str, Any]:
    return {"id": identity, "stage": "choose", "when": when, "then": {"verdict": list(options)}}


def derive(identity: str, when: Any, value: str, fact: str = "kind") -> dict[str, Any]:
    return {"id": identity, "stage": "derive", "when": when, "then": {"set": {fact: value}}}


KIND = {"kind": {"type": "enum", "values": ["a", "b"]}}


def test_the_shipped_rules_are_clean() -> None:
    result = run("--strict")
    assert result.exit_code == 0, result.output
    assert re.search(r"^\d+ rules in \d+ packs: fine\.$", result.output, re.MULTILINE)


def test_a_contradictory_pack_is_found_out() -> None:
    result = run(PACKS / "contradictory.yaml", "--format", "json")
    assert result.exit_code == 1
    codes = {(f["code"], f["line"]) for f in json.loads(result.output)}
    assert codes == {("gap", 11), ("contradiction", 17), ("never-true", 23), ("shadowed", 35)}
    sarif = json.loads(run(PACKS / "contradictory.yaml", "--format", "sarif").output)
    assert len(sarif["runs"][0]["results"]) == 4


def test_a_condition_that_contradicts_itself(tmp_path: Path) -> None:
    when = {"all": [{"tokens_per_month": "> 5M"}, {"tokens_per_month": "<= 5M"}]}
    assert "never-true" in found(tmp_path, gate("g", when))
    both = {"all": [{"stable": True}, {"stable": "unknown"}]}
    assert "never-true" in found(tmp_path, gate("g", both))
    assert "never-true" not in found(tmp_path, gate("g", {"all": [{"stable": True}, {"stable": "-"}]}))


def test_a_condition_that_leaves_nothing_out(tmp_path: Path) -> None:
    when = {"any": [{"stable": "-"}, {"stable": "unknown"}]}
    assert "never-false" in found(tmp_path, gate("g", when))
    assert "never-false" not in found(tmp_path, gate("g", {"always": True}))


def test_a_part_that_another_makes_idle(tmp_path: Path) -> None:
    message = found(tmp_path, gate("g", {"all": [{"quality_gap": "> 10%"}, {"quality_gap": "> 5%"}]}))["idle-part"]
    assert "quality_gap: > 5% changes nothing beside quality_gap: > 10%" in message
    assert "idle-part" not in found(tmp_path, gate("g", {"all": [{"quality_gap": "> 5%"}, {"quality_gap": "< 8%"}]}))


def test_a_choice_that_comes_too_late(tmp_path: Path) -> None:
    wide = choose("wide", {"gpu_team": ["none", "part-time"]}, "managed-api", "hybrid")
    late = choose("late", {"gpu_team": "none", "stable": True}, "hybrid")
    assert "wide stands before it" in found(tmp_path, wide, late)["shadowed"]
    assert "shadowed" not in found(tmp_path, late, wide)
    other = choose("late", {"gpu_team": "none"}, "edge")
    assert "shadowed" not in found(tmp_path, wide, other)  # the device may be left where nothing else is


def test_a_choice_that_several_before_it_leave_nothing(tmp_path: Path) -> None:
    team = [choose(f"team-{i}", {"gpu_team": word}, "hybrid") for i, word in enumerate(("none", "part-time"))]
    other = choose("other", {"quality_gap": "> 5%"}, "hybrid")
    late = choose("late", {"gpu_team": ["none", "part-time"], "stable": True}, "hybrid")
    said = "late never decides: team-0 and team-1 stand before it and hold, one or the other, wherever it does"
    assert found(tmp_path, other, *team, late)["shadowed"] == said
    assert "shadowed" not in found(tmp_path, team[0], other, late)
    assert "shadowed" not in found(tmp_path, late, *team)
    open_ = choose("late", {"gpu_team": "-", "stable": True}, "hybrid")
    assert "shadowed" not in found(tmp_path, *team, open_)  # a platform team


def test_what_may_be_unknown_is_not_left_to_rules_that_need_it(tmp_path: Path) -> None:
    low, high = (choose(name, {"quality_gap": gap}, "hybrid") for name, gap in (("low", "<= 5%"), ("high", "> 5%")))
    assert "shadowed" not in found(tmp_path, low, high, choose("late", {"stable": True}, "hybrid"))
    known = choose("late", {"stable": True, "quality_gap": "-"}, "hybrid")
    assert "late never decides" in found(tmp_path, low, high, known)["shadowed"]


def test_a_fact_that_earlier_rules_always_give(tmp_path: Path) -> None:
    first = {"kind": {**KIND["kind"], "hit_policy": "first"}}
    low, high = derive("low", {"quality_gap": "<= 5%"}, "a"), derive("high", {"quality_gap": "> 5%"}, "b")
    late = derive("late", {"quality_gap": "[2%..8%]"}, "a")
    assert "late never gives kind: low and high" in found(tmp_path, low, high, late, facts=first)["shadowed"]
    assert "shadowed" not in found(tmp_path, low, late, facts=first)
    assert "shadowed" not in found(tmp_path, low, high, late, facts=KIND)


def test_a_rule_that_adds_nothing(tmp_path: Path) -> None:
    wide, narrow = gate("wide", {"quality_gap": "> 5%"}, ("hybrid", "edge")), gate("narrow", {"quality_gap": "> 8%"})
    assert "narrow adds nothing: wide" in found(tmp_path, narrow, wide)["subsumed"]
    assert "subsumed" not in found(tmp_path, gate("more", {"quality_gap": "> 8%"}, ("managed-api",)), wide)
    twin = found(tmp_path, gate("one", {"quality_gap": "> 8%"}), gate("two", {"quality_gap": "> 8%"}))
    assert twin["subsumed"].startswith("two adds nothing: one")


def test_two_values_for_one_fact(tmp_path: Path) -> None:
    rules = (derive("one", {"quality_gap": "> 5%"}, "a"), derive("two", {"quality_gap": "< 8%"}, "b"))
    assert "one and two give it different values" in found(tmp_path, *rules, facts=KIND)["contradiction"]
    first = {"kind": {**KIND["kind"], "hit_policy": "first"}}
    assert "contradiction" not in found(tmp_path, *rules, facts=first)
    same = (derive("one", {"quality_gap": "> 5%"}, "a"), derive("two", {"quality_gap": "< 8%"}, "a"))
    unique = {"kind": {**KIND["kind"], "hit_policy": "unique"}}
    assert "its hit policy is unique" in found(tmp_path, *same, facts=unique)["contradiction"]
    assert "contradiction" not in found(tmp_path, *same, facts=KIND)


def test_a_case_that_no_rule_covers(tmp_path: Path) -> None:
    rules = (derive("one", {"quality_gap": "< 5%"}, "a"), derive("two", {"quality_gap": "> 5%"}, "b"))
    file = pack(tmp_path, *rules, facts=KIND)
    (gap,) = (f for f in json.loads(run(file, "--format", "json").output) if f["code"] == "gap")
    assert gap["found"] == "quality_gap = 5%"
    assert "gap" not in found(tmp_path, *rules, facts={"kind": {**KIND["kind"], "default": "a"}})


Case = tuple[str, ...]


def table(folder: Path, words: int, facts: int, left_out: int) -> tuple[Path, list[Case], list[Case]]:
    """A pack with a rule for each case of some facts, but for a few; all cases, and those left out."""
    names = [f"w{n}" for n in range(words)]
    cases = list(product(names, repeat=facts))
    missing = random.Random(1).sample(cases, left_out)
    rules = [
        derive("-".join(case), {f"in{n}": word for n, word in enumerate(case)}, "a")
        for case in cases
        if case not in missing
    ]
    file = pack(folder, *rules, facts={"kind": {**KIND["kind"], "hit_policy": "unique"}})
    content = json.loads(file.read_text(encoding="utf-8"))
    content["inputs"] = {f"in{n}": {"type": "enum", "values": names} for n in range(facts)}
    file.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return file, cases, missing


@pytest.mark.parametrize(("words", "facts"), [(2, 4), (2, 8), (3, 5)])
def test_every_case_that_a_table_leaves_out_is_named(tmp_path: Path, words: int, facts: int) -> None:
    file, cases, missing = table(tmp_path, words, facts, 5)
    (gap,) = (f for f in json.loads(run(file, "--format", "json").output) if f["code"] == "gap")
    holes = [dict(re.findall(r"in(\d+) (w\d+(?: or w\d+)*)", hole)) for hole in gap["found"].split("; ")]
    named = [
        case
        for case in cases
        if any(all(case[int(n)] in words.split(" or ") for n, words in hole.items()) for hole in holes)
    ]
    assert sorted(named) == sorted(missing)


MEASURED = """
import resource, sys
from hostwise.cli.main import cli
resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
cli(["rules", "check", sys.argv[1]], standalone_mode=False)
if sys.platform == "darwin":
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 2**20)
else:  # there ru_maxrss starts at what the process that was forked from had
    print(next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) // 2**10)
"""


def test_a_complete_table_of_256_rows_is_checked_at_once(tmp_path: Path) -> None:
    """It takes 1.6 s of CPU and 44 MB; multiplying the rows where each rule is false took 24 rows to gigabytes."""
    file, *_ = table(tmp_path, 2, 8, 0)
    done = subprocess.run([sys.executable, "-c", MEASURED, file], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    *_, fine, megabytes = done.stdout.splitlines()
    assert fine.endswith("fine.")
    assert int(megabytes) < 200


def test_a_choice_that_may_end_without_a_rule(tmp_path: Path) -> None:
    """A pack with the id of a shipped one takes its place: here, a choice whose last rule can fail."""
    file = pack(tmp_path, choose("only", {"stable": True}, "managed-api"), name="house-choose")
    codes = {f["code"] for f in json.loads(run(file, "--format", "json").output)}
    assert "no-last-choice" in codes


def test_a_fact_that_nobody_reads(tmp_path: Path) -> None:
    assert "unread-fact" in found(tmp_path, derive("one", {"stable": True}, "a"), facts=KIND)
    quoting = gate("g", {"stable": True}, because="As {kind} says.")
    assert "unread-fact" not in found(tmp_path, derive("one", {"stable": True}, "a"), quoting, facts=KIND)


def test_a_threshold_that_no_cited_claim_states(tmp_path: Path) -> None:
    stated = gate("g", {"quality_gap": "> 7%"}, cites=["S0-42"], status="stated")
    assert "equals no figure" in found(tmp_path, stated)["threshold-without-source"]
    right = gate("g", {"quality_gap": "> 5%"}, cites=["S0-42"], status="stated")
    assert "threshold-without-source" not in found(tmp_path, right)
    month = gate("g", {"tokens_per_month": "> 1.5B"}, cites=["S1-29"], status="stated")  # 50M a day
    assert "threshold-without-source" not in found(tmp_path, month)
    strict = run(pack(tmp_path, stated), "--strict")
    assert strict.exit_code == 1
    assert run(pack(tmp_path, stated)).exit_code == 0
    own = gate("g", {"quality_gap": "> 7%"})
    assert run(pack(tmp_path, own), "--strict").exit_code == 0


def test_a_claim_that_no_register_holds(tmp_path: Path) -> None:
    message = found(tmp_path, gate("g", {"stable": True}, cites=["S0-99"]))["unknown-claim"]
    assert "g cites S0-99" in message


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (gate("g", {"stabel": True}), "unknown-fact"),
        (gate("g", {"stable": "5M"}), "test"),
        (gate("g", {"quality_gap": "> $5"}), "test"),
        (gate("g", {"stable": True}, ("hybird",)), "unknown-option"),
        (gate("g", {"stable": True}, status="stated"), "uncited"),
        (derive("d", {"kind": "a"}, "b"), "cycle"),
    ],
)
def test_what_the_loader_refuses_is_a_finding(tmp_path: Path, rule: dict[str, Any], code: str) -> None:
    file = pack(tmp_path, rule, facts=KIND)
    result = run(file, "--format", "json")
    assert result.exit_code == 1
    (finding,) = json.loads(result.output)
    assert (finding["code"], finding["file"]) == (code, str(file))
    assert finding["line"] > 1


def test_a_folder_is_no_pack_and_the_error_says_how_to_name_it(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert result.exit_code == 2
    assert f"a folder of rules is named with --rules {tmp_path}" in result.output
