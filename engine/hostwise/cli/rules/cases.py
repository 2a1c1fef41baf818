"""`hostwise rules test`: golden cases, their coverage, and the mutants that they do not notice."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hostwise.cli.rules.options import format_option, packs_argument, print_findings
from hostwise.cli.shared.options import rules_option

if TYPE_CHECKING:
    from hostwise.flow.knowledge import Knowledge
    from hostwise.reading.findings.diagnostics import Diagnostic
    from hostwise.workbench.cases.cases import Cases
    from hostwise.workbench.cases.run import Ran
    from hostwise.workbench.mutation.mutation import TriedMutant


@click.command("test")
@packs_argument
@click.option("--cases", "given", type=click.Path(path_type=Path), multiple=True, metavar="FILE|DIR",
              help="Cases to run. Default: those beside the rules folder or in it, else those shipped.")  # fmt: skip
@rules_option
@click.option("--coverage", "covered", is_flag=True, help="List every rule with what the cases show of it.")
@click.option(
    "--mutate", is_flag=True, help="Change each threshold, operator and word in turn; list what is unnoticed."
)
@format_option
@click.pass_context
def cases(
    ctx: click.Context,
    packs: tuple[Path, ...],
    given: tuple[Path, ...],
    rules: Path | None,
    covered: bool,
    mutate: bool,
    form: str,
) -> None:
    """Run golden cases (facts in, verdict and fired rules out) on both engines; exit 1 where one fails.

    For PACK.yaml, the cases in PACK.test.yaml and in tests/*.yaml beside it are run too.
    """
    from hostwise.flow.knowledge import load_knowledge
    from hostwise.workbench.cases.cases import load_cases
    from hostwise.workbench.cases.run import run_cases

    knowledge = load_knowledge(rules, packs)
    files = list(case_files(given, packs, knowledge.root))
    if not files:
        raise click.UsageError("there are no cases to run; name a file or a folder with --cases")
    loaded = load_cases(files, knowledge)
    ran = tuple(run_cases(loaded, knowledge))
    found = [failure for case in ran for failure in case.failures]
    said = f"{len(loaded.cases)} cases and {len(loaded.rows)} rows in {len(files)} files: as expected."
    if mutate and not found:
        tried = list(_shown(loaded, ran, knowledge, packs))
        found += _survivors(tried)
        said += "\n" + _mutation(tried)
    if form == "text":
        _print_coverage(knowledge, ran, covered)
    print_findings(found, form, said)
    if form == "text" and found and mutate:
        click.echo(said)
    if found:
        ctx.exit(1)


def case_files(given: tuple[Path, ...], packs: tuple[Path, ...], root: Path) -> Iterator[Path]:
    """The files of cases, each once, in order."""
    from hostwise.reading.files.folders import files_under, rules_dir

    places = list(given)
    if not places:
        near = next((folder for folder in _beside(root) if folder.is_dir()), None)
        if near is None and not packs:
            # A changed copy of the shipped rules is held against the shipped cases.
            near = next((folder for folder in _beside(rules_dir()) if folder.is_dir()), None)
            if near is not None:
                click.echo(f"{root} has no cases: those shipped, in {near}, are run.", err=True)
        places += [near] if near is not None else []
    for pack in packs:
        places += [pack.with_suffix(".test.yaml"), pack.parent / "tests"]
    for place in places:
        if place.is_dir():
            yield from (file for file in files_under(place, ".yaml") if _holds_cases(file))
        elif place.is_file() or place in given:
            yield place


def _beside(root: Path) -> tuple[Path, Path]:
    """Where the cases of a folder of rules stand: in a checkout, and in an installed copy or one of one's own."""
    from hostwise.flow.read_knowledge import TESTS

    return root.parent / "tests" / "golden", root / TESTS


def _holds_cases(file: Path) -> bool:
    """Whether a file of a folder is one of cases: it starts a line with `cases:` or `tables:`."""
    from hostwise.reading.files.regular import read_regular

    lines = read_regular(file).decode("utf-8", "replace").splitlines()
    return any(line.startswith(("cases:", "tables:")) for line in lines)


def _print_coverage(knowledge: Knowledge, ran: tuple[Ran, ...], whole: bool) -> None:
    from hostwise.workbench.cases.coverage import coverage

    found = coverage(knowledge.rulebook.rules, ran)
    tests, unseen = sum(rule.tests for rule in found), sum(len(rule.unseen) for rule in found)
    complete = sum(rule.complete for rule in found)
    if whole:
        for rule in found:
            click.echo(f"{rule.rule.id}: true {rule.true}, false {rule.false}, unknown {rule.unknown}")
            for line in rule.unseen:
                click.echo(f"    {line}")
    both_ways = f"{tests - unseen} of {tests} tests seen both ways"
    click.echo(f"{complete} of {len(found)} rules seen to hold and not to hold; {both_ways}.")


def _shown(loaded: Cases, ran: tuple[Ran, ...], knowledge: Knowledge, packs: tuple[Path, ...]) -> Iterator[TriedMutant]:
    """The mutants of the packs named, or of all, tried one after the other; with progress on a terminal."""
    from hostwise.workbench.mutation.mutation import try_mutants

    equivalence = None
    try:
        from hostwise.workbench.mutation.equivalent import Equivalence
        from hostwise.workbench.proof.properties import load_properties

        equivalence = Equivalence(knowledge, load_properties(knowledge))
    except ImportError:
        click.echo("Without z3, mutants that are the rule in other words count as unnoticed.", err=True)
    named = {path.as_posix() for path in packs}
    rules = [rule for pack in knowledge.rulebook.packs if not named or pack.file in named for rule in pack.rules]
    tried = try_mutants(rules, loaded, ran, knowledge, equivalence)
    if not sys.stderr.isatty():
        yield from tried
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(tried, "Mutants", console=Console(stderr=True), transient=True)


def _survivors(tried: list[TriedMutant]) -> Iterator[Diagnostic]:
    from hostwise.reading.findings.diagnostics import Diagnostic
    from hostwise.workbench.mutation.mutation import Fate

    for each in tried:
        if each.fate is Fate.SURVIVED:
            rule = each.mutant.original
            message = f"{rule.id}: no case notices that {each.mutant.change}"
            yield Diagnostic(rule.place, "unnoticed-mutant", message, accepted="a case that tells them apart")


def _mutation(tried: list[TriedMutant]) -> str:
    from hostwise.workbench.mutation.mutation import Fate

    count = {fate: sum(each.fate is fate for each in tried) for fate in Fate}
    return (
        f"{len(tried)} mutants: {count[Fate.KILLED]} noticed, {count[Fate.SURVIVED]} not, "
        f"{count[Fate.EQUIVALENT]} the same rule in other words."
    )
