"""Odd packs: every command on rules says what is wrong, at file, line and column, and none ends in a traceback."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hostwise.cli.main import main

HEAD = """
pack: odd
version: "1"
title: Odd
source: house
as_of: 2026-11-20
review_by: 2027-05-20
""".lstrip()
KIND = "facts: {kind: {type: enum, values: [a, b]}}\n"
SET = "{set: {kind: a}}"


def rule(when: str, stage: str = "gate", then: str = "{exclude: [hybrid]}", id_: str = "odd") -> str:
    return f"  - {{id: {id_}, stage: {stage}, when: {when}, then: {then}, because: For the test., status: house}}\n"


def pack(*rules: str, head: str = "", source: str = "house") -> str:
    return f"{HEAD.replace('house', source)}{head}rules:\n{''.join(rules)}"


def derive(when: str, then: str = SET, id_: str = "odd") -> str:
    return rule(when, "derive", then, id_)


NOT_DERIVED = "kind is declared, and no rule derives it"

REFUSED = {
    "nothing": ("", 1, "a rule pack is a mapping"),
    "a list": ("[]", 1, "a rule pack is a mapping"),
    "no yaml": (HEAD + "rules: [\n", 8, "not YAML"),
    "not utf-8": ("\udcff", 1, "the file is not UTF-8"),
    "read and never derived": (pack(rule("{kind: a}"), head=KIND), 7, NOT_DERIVED),
    "chosen on and never derived": (
        pack(rule("{kind: a}", "choose", "{verdict: edge}"), head=KIND), 7, NOT_DERIVED),
    "a cycle": (
        pack(derive("{other: true}"), derive("{kind: a}", "{set: {other: true}}", "b"),
             head="facts: {kind: {type: enum, values: [a, b]}, other: {type: boolean}}\n"),
        9, "wait for one another"),
    "a fact of itself": (pack(derive("{kind: a}"), head=KIND), 9, "wait for one another"),
    "an unknown stage": (pack(rule("{stable: true}", "gates")), 8, "stage must be one of its words"),
    "a hit policy that is none": (
        pack(derive("{stable: true}"), head="facts: {kind: {type: enum, values: [a], hit_policy: best}}\n"),
        7, "kind holds one value"),
    "a hit policy that is a list": (
        pack(derive("{stable: true}"), head="facts: {kind: {type: enum, values: [a], hit_policy: [any]}}\n"),
        7, "kind holds one value"),
    "an interval upside down": (pack(rule("{quality_gap: '[10%..5%]'}")), 8, "the interval is upside down"),
    "two units": (pack(rule("{tokens_per_month: '> quality_gap'}")), 8, "not of one kind"),
    "the wrong unit": (pack(rule("{quality_gap: '> $5'}")), 8, "another kind of number"),
    "an id twice": (pack(rule("{stable: true}"), rule("{stable: false}")), 9, "is used twice"),
    "a number for a fact": (pack(rule("{5: 3}"), head="facts: {5: {type: count}}\n"), 7, "a key must be text"),
    "an option that is a mapping": (pack(rule("{stable: true}", then="{exclude: [{a: 1}]}")), 8, "no such option"),
    "nothing set": (pack(derive("{stable: true}", "{set: {}}"), head=KIND), 9, "not a conclusion of the stage"),
    "a number out of range": (pack(rule("{tokens_per_month: '> 1e999'}")), 8, "out of range"),
    "the verdict before the choice": (pack(rule("{verdict: hybrid}")), 8, "before it is known"),
    "what is left before the gates": (pack(derive("{feasible.hybrid: true}"), head=KIND), 9, "before it is known"),
    "the gate of a document": (pack(rule("{stable: true}"), source="S1"), 8, "not a conclusion of the stage"),
}  # fmt: skip
COMPARED = "".join(derive(f"{{one: '{sign} two'}}", id_=f"t{place}") for place, sign in enumerate("<=>"))
ACCEPTED = {
    "a document's own fact": pack(derive("{stable: true}"), head=KIND, source="S1"),
    "two facts compared": pack(
        COMPARED, rule("{kind: a}"), head="inputs: {one: {type: count}, two: {type: count}}\n" + KIND
    ),
    "a fact compared with itself": pack(rule("{tokens_per_month: '< tokens_per_month'}")),
    "not of everything": pack(
        rule("{not: {any: [{stable: 'not(true, false, unknown)'}, {not: {tokens_per_month: 'not([1..2])'}}]}}")
    ),
    "lists in lists": pack(rule("{tokens_per_month: [['> 5', [3, unknown]], 'not(-)']}")),
    "no choice": pack(rule("{stable: true}")).replace("pack: odd", "pack: house-choose"),
    "an id in other letters": pack(rule("{stable: true}", id_="'ü <b> & {x}'")),
}
PROPERTIES = """
properties:
  - {id: p, title: P, when: {air_gapped: true}, never: {verdict: managed-api}, because: For the test.}
""".lstrip()
CASES = "tables:\n  gate.air-gapped: [[{air_gapped: true}, true]]\n"
COMMANDS = {
    "list": "rules list PACK",
    "show": "rules show odd PACK",
    "graph": "rules graph PACK -o FOLDER/graph.svg",
    "docs": "rules docs PACK -o FOLDER/docs.html",
    "jdm": "rules export --to jdm PACK -o FOLDER/out.json",
    "dmn": "rules export --to dmn PACK -o FOLDER/out.dmn",
    "test": "rules test PACK --cases FOLDER/cases.yaml",
    "prove": "rules prove PACK --properties FOLDER/properties.yaml",
    "diff": "rules diff PACK PACK",
}


Run = Callable[[str, str], tuple[object, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on a pack of this text as a shell would, and gives its exit code and what it prints."""
    (tmp_path / "properties.yaml").write_text(PROPERTIES, encoding="utf-8")
    (tmp_path / "cases.yaml").write_text(CASES, encoding="utf-8")

    def of(command: str, text: str) -> tuple[object, str]:
        file = tmp_path / "odd.yaml"
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
        words = [word.replace("PACK", str(file)).replace("FOLDER", str(tmp_path)) for word in command.split()]
        monkeypatch.setattr(sys, "argv", ["hostwise", *words])
        with pytest.raises(SystemExit) as left:
            main()
        return left.value.code, "".join(capsys.readouterr())

    return of


@pytest.mark.parametrize("name", REFUSED)
def test_a_pack_that_cannot_be_is_a_finding_at_its_line(name: str, run: Run) -> None:
    text, line, message = REFUSED[name]
    code, printed = run("rules check PACK", text)
    assert code == 1
    assert re.search(rf"odd\.yaml:{line}:\d+: error: .*{re.escape(message)}", printed), printed


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_reads_a_fact_that_nobody_derives(command: str, run: Run) -> None:
    text, line, message = REFUSED["read and never derived"]
    code, printed = run(COMMANDS[command], text)
    assert code == 2
    assert re.search(rf"odd\.yaml:{line}:\d+: error: {message}", printed), printed


@pytest.mark.parametrize("command", ["jdm", "dmn", "prove", "diff"])
@pytest.mark.parametrize("name", ["the verdict before the choice", "what is left before the gates"])
def test_what_needs_an_order_of_the_rules_refuses_a_rule_that_comes_too_early(
    command: str, name: str, run: Run
) -> None:
    text, line, message = REFUSED[name]
    code, printed = run(COMMANDS[command], text)
    assert code == 2
    assert re.search(rf"odd\.yaml:{line}:\d+: error: .*{message}", printed), printed


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_pack_that_is_only_odd_is_listed_drawn_and_exported(name: str, run: Run) -> None:
    for command in ("check", "list", "show", "graph", "docs", "jdm", "dmn", "test"):
        code, printed = run(COMMANDS.get(command, "rules check PACK"), ACCEPTED[name])
        assert code in (0, 1, 2), (command, printed)


@pytest.mark.parametrize("name", ["a document's own fact", "two facts compared", "not of everything"])
def test_a_pack_that_is_only_odd_is_proved(name: str, run: Run) -> None:
    code, printed = run(COMMANDS["prove"], ACCEPTED[name])
    assert code in (0, 1), printed
    assert re.search(r"\d+ claims", printed), printed
