"""`rules/README.md` defines the language: each of its examples loads, its cases pass, its tables are true."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hostwise.answers.facts import Fact
from hostwise.cli.rules.main import rules
from hostwise.flow.knowledge import load_knowledge
from hostwise.inference.reference import evaluate
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.reading.numbers.fact_types import FactType
from hostwise.rulebook.language.rules import ADVICE_KINDS, HIT_POLICIES, STAGES, STATUSES
from hostwise.rulebook.loading.citations import load_votes
from hostwise.rulebook.loading.declared_facts import FACT_KEYS, INPUT_KEYS
from hostwise.rulebook.loading.packs import PACK_KEYS
from hostwise.rulebook.loading.rule_reader import RULE_KEYS
from hostwise.workbench.cases.facts import given_fact

TEXT = Path("rules/README.md").read_text(encoding="utf-8")
HEAD = """\
pack: example
version: "1"
title: An example
source: house
as_of: 2026-11-20
review_by: 2027-05-20
rules:
"""


@dataclass(frozen=True)
class Block:
    line: int
    language: str
    text: str

    @property
    def kind(self) -> str:
        if self.language != "yaml":
            return self.language
        first = self.text.lstrip()
        return "pack" if first.startswith("pack:") else "rules" if first.startswith("- id:") else "cases"


@lru_cache(maxsize=1)
def blocks() -> tuple[Block, ...]:
    found = re.finditer(r"^```(\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    return tuple(Block(TEXT[: match.start()].count("\n") + 1, match[1], match[2]) for match in found)


def of_kind(kind: str) -> list[Block]:
    return [block for block in blocks() if block.kind == kind]


def after(block: Block) -> Block | None:
    place = blocks().index(block) + 1
    return blocks()[place] if place < len(blocks()) else None


def refused(block: Block) -> bool:
    following = after(block)
    return following is not None and following.language == "text"


def written(folder: Path, block: Block) -> Path:
    path = folder / f"{block.kind}-{block.line}.yaml"
    rules = "".join(f"  {line}" if line.strip() else line for line in block.text.splitlines(keepends=True))
    path.write_text(HEAD + rules if block.kind == "rules" else block.text, encoding="utf-8")
    return path


def run_cases(folder: Path, block: Block) -> Result:
    """`hostwise rules test` of the pack that stands before the cases."""
    pack = blocks()[blocks().index(block) - 1]
    assert pack.kind == "pack"
    return CliRunner().invoke(
        rules, ["test", str(written(folder, pack)), "--cases", str(written(folder, block))], catch_exceptions=False
    )


def at(block: Block) -> str:
    return f"line {block.line}"


def test_every_block_is_of_a_kind_that_is_tested() -> None:
    assert {block.kind for block in blocks()} == {"sh", "pack", "rules", "cases", "text"}
    assert all(block.text.lstrip().startswith(("tables:", "cases:")) for block in of_kind("cases"))
    assert len([block for block in of_kind("pack") if not refused(block)]) >= 4


@pytest.mark.parametrize("block", [b for b in (*of_kind("pack"), *of_kind("rules")) if not refused(b)], ids=at)
def test_every_example_loads(block: Block, tmp_path: Path) -> None:
    load_knowledge(packs=(written(tmp_path, block),))


@pytest.mark.parametrize("block", [b for b in of_kind("cases") if not refused(b)], ids=at)
def test_the_cases_of_every_example_are_as_it_says(block: Block, tmp_path: Path) -> None:
    done = run_cases(tmp_path, block)
    assert done.exit_code == 0, done.output
    assert f"and {block.text.count('[{')} rows" in done.output


@pytest.mark.parametrize("block", [b for b in of_kind("cases") if refused(b)], ids=at)
def test_cases_that_meet_a_conflict_fail_and_say_so(block: Block, tmp_path: Path) -> None:
    done = run_cases(tmp_path, block)
    said = after(block)
    assert said is not None
    assert done.exit_code == 1
    assert all(line in done.output for line in said.text.splitlines())


@pytest.mark.parametrize("block", [b for b in of_kind("pack") if refused(b)], ids=at)
def test_what_the_loader_finds_is_what_the_document_says(block: Block, tmp_path: Path) -> None:
    path, said = written(tmp_path, block), after(block)
    assert said is not None
    with pytest.raises(InputError) as stopped:
        load_knowledge(packs=(path,))
    assert said.text.splitlines() == [_line(finding) for finding in stopped.value.diagnostics]


def _line(finding: Diagnostic) -> str:
    near = f"; did you mean {finding.suggestion!r}?" if finding.suggestion else ""
    return f"{finding.place.line}: {finding.message}{near}"


def rows_after(heading: str) -> list[list[str]]:
    """The rows of the first table after a text, without its head."""
    body = TEXT[TEXT.index(heading) :]
    table = re.search(r"(?:^\|.*\n)+", body, re.MULTILINE)
    assert table is not None
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in table[0].splitlines()]


TRUTHS = {"true": True, "false": False, "unknown": None}


@pytest.mark.parametrize("word", ["all", "any", "not"])
def test_the_truth_tables_are_those_of_the_evaluator(word: str, tmp_path: Path) -> None:
    head, _, *rows = rows_after(f"| `{word}` |")
    told = {
        (row[0].strip("*"), column): cell
        for row in rows
        for column, cell in zip(head[1:], row[1:], strict=True)
        if cell
    }
    assert len(told) == (3 if word == "not" else 9)
    condition = "not: {air_gapped: true}" if word == "not" else f"{word}: [{{air_gapped: true}}, {{stable: true}}]"
    path = tmp_path / "pack.yaml"
    path.write_text(
        HEAD + f"  - {{id: x, stage: advise, status: house, because: x, then: {{note: x}}, when: {{{condition}}}}}\n"
    )
    book = load_knowledge(packs=(path,)).rulebook
    rule = next(rule for rule in book.rules if rule.id == "x")

    def fact(name: str, truth: str) -> Fact:
        return given_fact(book.specs[name], TRUTHS.get(truth))

    for (one, other), result in told.items():
        facts = {"air_gapped": fact("air_gapped", one), "stable": fact("stable", other)}
        assert evaluate(rule, facts, book.specs).truth is TRUTHS[result], (word, one, other)


def test_every_test_in_the_table_of_tests_loads(tmp_path: Path) -> None:
    _, _, *rows = rows_after("| written | such as | means |")
    examples = [example for row in rows for example in re.findall(r"`([^`]+)`", row[1])]
    assert len(examples) > 12
    for number, example in enumerate(examples):
        path = tmp_path / f"pack-{number}.yaml"
        rule = "  - id: x\n    stage: advise\n    status: house\n    because: x\n    then: {note: x}\n    when:\n"
        path.write_text(HEAD + rule + f"      {example}\n", encoding="utf-8")
        load_knowledge(packs=(path,))


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("| type | values | written |", [*FactType]),
        ("| key | of | means |", [*FACT_KEYS, *INPUT_KEYS]),
        ("| stage | `then` |", [*STAGES]),
        ("| `hit_policy` | the fact is |", [*HIT_POLICIES]),
        ("| `status` | means |", [*STATUSES]),
    ],
)
def test_the_tables_name_every_word_of_the_loader_and_no_other(heading: str, words: list[str]) -> None:
    _, _, *rows = rows_after(heading)
    named = {word for row in rows for word in re.findall(r"`([^`]+)`", row[0])}
    assert named == set(words)


def test_every_key_vote_and_kind_of_advice_is_explained() -> None:
    missing = [word for word in (*PACK_KEYS, *RULE_KEYS) if not re.search(rf"\b{word}:|`{word}`", TEXT)]
    missing += [word for word in (*load_votes(load_knowledge().root), *ADVICE_KINDS) if f"`{word}`" not in TEXT]
    assert not missing
