"""`hostwise rules list` and `show`: which rules there are, and one of them with all that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hostwise.cli.rules.options import packs_argument
from hostwise.cli.shared.options import rules_option
from hostwise.rulebook.language.rules import STAGES

if TYPE_CHECKING:
    from hostwise.flow.knowledge import Knowledge
    from hostwise.rulebook.language.rules import Rule
    from hostwise.workbench.book.origins import FactOrigin
    from hostwise.workbench.book.rule_list import Listed
    from hostwise.workbench.book.sheet import Resting, Sheet

WIDTH = 100
FROM = {
    "question": "asked as ",
    "cost model": "from the cost model",
    "choice": "from what the gates left",
    "verdict": "from the choice",
    "input": "an input of ",
    "rules": "derived by ",
}


@click.command("list")
@packs_argument
@click.option("--stage", type=click.Choice(STAGES), help="Only rules of this stage.")
@click.option("--source", metavar="SOURCE", help="Only rules of `house`, or of a document: S0, S1 …")
@click.option("--fact", metavar="NAME", help="Only rules that read, set or quote this fact.")
@click.option("--cites", metavar="CLAIM", help="Only rules that cite this claim, such as S1-21.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@rules_option
def list_rules(
    packs: tuple[Path, ...],
    stage: str | None,
    source: str | None,
    fact: str | None,
    cites: str | None,
    form: str,
    rules: Path | None,
) -> None:
    """List the rules, pack by pack, in the order in which they are read."""
    import json

    from hostwise.flow.knowledge import load_knowledge
    from hostwise.rulebook.loading.citations import load_citations
    from hostwise.workbench.book.rule_list import Wanted, as_data, listed

    knowledge = load_knowledge(rules, packs)
    claims = tuple(load_citations(knowledge.root))
    found = listed(knowledge.rulebook, claims, Wanted(stage, source, fact, cites))
    if form == "json":
        click.echo(json.dumps(as_data(found), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(_list_lines(found)))


def _list_lines(found: Sequence[Listed]) -> list[str]:
    from hostwise.reading.findings.diagnostic_formats import printable
    from hostwise.workbench.book.rule_list import counts

    longest = max((len(rule.id) for entry in found for rule in entry.rules), default=0)
    lines = []
    for entry in found:
        pack = entry.pack
        lines.append(f"{pack.id} {pack.version} ({pack.source}): {pack.title}")
        lines.append(f"{pack.file}, as of {pack.as_of}, review by {pack.review_by}")
        lines += [f"  {rule.id:{longest}}  {rule.stage:6}  {rule.status:10}  {rule.title}" for rule in entry.rules]
        lines.append("")
    total = sum(len(entry.rules) for entry in found)
    each = "; ".join(_counted(number) for number in counts(found).values() if number)
    lines.append(f"{total} rule(s) in {len(found)} pack(s)" + (f": {each}." if each else "."))
    return [printable(line) for line in lines]


def _counted(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in numbers.items())


@click.command()
@click.argument("identity", metavar="ID")
@packs_argument
@rules_option
def show(identity: str, packs: tuple[Path, ...], rules: Path | None) -> None:
    """Show one rule: as its file has it, in English, what it rests on, what it reads, what reads it, its cases.

    ID may also be a claim that a report cites, such as S1-33: what it says, in which document, and who cites it.
    """
    from hostwise.flow.knowledge import load_knowledge
    from hostwise.reading.findings.diagnostic_formats import printable
    from hostwise.workbench.book.lookup import rule_named
    from hostwise.workbench.book.sheet import resting, sheet_of

    knowledge = load_knowledge(rules, packs)
    claim = resting(identity.upper(), knowledge)
    if claim.citation is not None:
        click.echo("\n".join(printable(line) for line in _whole_claim(claim, knowledge)))
        return
    rule = rule_named(knowledge.rulebook, identity)
    lines = [*_sheet_lines(sheet_of(rule, knowledge)), "", "Golden cases", *_case_lines(rule, knowledge, packs)]
    click.echo("\n".join(printable(line) for line in lines))


def _whole_claim(entry: Resting, knowledge: Knowledge) -> Iterator[str]:
    """What a claim says, with the document that makes it and the rules that cite it."""
    said, document = entry.citation, entry.document
    yield from (line.removeprefix("  ") for line in _claim_lines(entry))
    if said is not None and said.figures:
        yield from ("", "Figures", *(f"  {figure.name.replace('_', ' ')}: {figure.told}" for figure in said.figures))
    if document is not None:
        by = ", ".join(name for name in (document.author, document.publisher) if name) or "nobody named"
        dated, address = document.published or "not dated", document.address or "no address stated"
        yield from ("", "Document", f"  {document.id}: {document.title}", f"  {by}; {dated}; {address}")
        yield f"  SHA-256 of the text that was read: {document.sha256}"
        yield from _wrapped("", document.caution)
    citing = [rule for rule in knowledge.rulebook.rules if entry.claim in rule.cites]
    yield from ("", "Cited by", *(f"  {rule.id}: {rule.title}" for rule in citing))
    if not citing:
        yield "  no rule"


def _case_lines(rule: Rule, knowledge: Knowledge, packs: tuple[Path, ...]) -> Iterator[str]:
    """The cases that name the rule, and how it came out in all of them."""
    from hostwise.cli.rules.cases import case_files
    from hostwise.inference.run import Engine
    from hostwise.workbench.cases.cases import covering, load_cases
    from hostwise.workbench.cases.coverage import coverage
    from hostwise.workbench.cases.run import run_cases, running

    files = list(case_files((), packs, knowledge.root))
    if not files:
        yield "  there are no cases beside these rules"
        return
    cases = load_cases(files, knowledge)
    for named in covering(cases, rule.id):
        yield f"  {_from_here(named)}"
    ran = run_cases(running(rule, cases, knowledge.rulebook), knowledge, Engine.REFERENCE)
    (found,) = coverage([rule], ran)
    yield f"  In all cases: holds {found.true} times, does not {found.false} times, unknown {found.unknown} times."
    for line in found.unseen:
        yield f"  {line}"


def _sheet_lines(sheet: Sheet) -> list[str]:
    from hostwise.workbench.book.sheet import written_lines

    rule, pack = sheet.rule, sheet.pack
    first, lines = written_lines(rule)
    width = len(str(first + len(lines)))
    return [
        f"{rule.id}: {rule.title}",
        f"Stage {rule.stage}, pack {pack.id} {pack.version} ({pack.source}), status {rule.status}, "
        f"review by {pack.review_by}",
        "",
        f"{_from_here(rule.place.file)}:{first}",
        *(f"{number:{width}} | {line}" for number, line in enumerate(lines, first)),
        "",
        "In English",
        *_wrapped("If ", sheet.condition),
        *_wrapped("then ", sheet.conclusion),
        *_wrapped("because ", sheet.because),
        "",
        "Rests on",
        *([line for entry in sheet.rests_on for line in _claim_lines(entry)] or ["  nothing: a rule of the house"]),
        "",
        "Reads",
        *([line for origin in sheet.reads for line in _fact_lines(origin)] or ["  no fact: it always holds"]),
        *_set_lines(sheet),
    ]


def _from_here(file: str) -> str:
    """The path of a file as one would type it: without the folder that one is in."""
    path, here = Path(file), Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _wrapped(head: str, text: str) -> list[str]:
    from textwrap import wrap

    return wrap(
        text, WIDTH, initial_indent=f"  {head}", subsequent_indent=" " * (2 + len(head)), break_on_hyphens=False
    )


def _claim_lines(entry: Resting) -> list[str]:
    said = entry.citation
    if said is None:
        return [f"  {entry.claim}: not in the register of claims"]
    lines = _wrapped(f"{entry.claim}: ", said.text)
    title = f"{entry.document.title}, " if entry.document else ""
    lines += _wrapped("      ", f"{title}“{said.section}”, line {said.line}")
    checked = f"checked: {said.check}" if said.check else "nothing to compute"
    marker = f"; the document marks it {said.marker}" if said.marker else ""
    correct = f"; ours: {said.correct}" if said.correct else ""
    return [*lines, *_wrapped("      ", checked + marker + correct)]


def _fact_lines(origin: FactOrigin) -> list[str]:
    spec = origin.spec
    kind = spec.type + (f" ({', '.join(spec.values)})" if spec.values else "") + (f", {spec.unit}" if spec.unit else "")
    return _wrapped(f"{spec.name}: ", f"{kind}; {FROM[origin.kind]}{', '.join(origin.by)}")


def _set_lines(sheet: Sheet) -> list[str]:
    lines = ["", "Sets"] if sheet.sets else []
    for origin in sheet.sets:
        others = [name for name in origin.by if name != sheet.rule.id]
        lines += _wrapped(f"{origin.spec.name}: ", f"read by {', '.join(origin.readers) or 'no rule'}")
        lines += _wrapped("      ", f"also set by {', '.join(others)}") if others else []
    return lines
