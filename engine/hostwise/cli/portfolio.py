"""`hostwise decide` on many workloads: a folder of questionnaires, or a table with a row each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from hostwise.analysis.portfolio.portfolio import Decided, Source, Totals, Window
    from hostwise.answers.tables.decimal_mark import Decimals
    from hostwise.answers.tables.finding_groups import Group
    from hostwise.flow.knowledge import Knowledge
    from hostwise.reading.findings.diagnostics import Diagnostic
    from hostwise.record.format.record import Record
    from hostwise.report.terminal.portfolio_table import Write
    from hostwise.report.words.words import Words

TABLES = (".csv", ".tsv", ".parquet")
SHOWN = 10
"""Findings that are printed; the table keeps all of them."""


def is_portfolio(path: Path) -> bool:
    """Whether the path holds many workloads."""
    return path.is_dir() or path.suffix.lower() in TABLES


class TableOptions(Struct, frozen=True):
    """How a table is read and another written: where to, its decimal mark, and whether for Excel."""

    output: Path | None = None
    decimal: Decimals | None = None
    excel: bool = False


def decide_portfolio(
    path: Path,
    table: TableOptions,
    as_of: str | None,
    rules: Path | None,
    language: str,
    additions: tuple[Path, ...] = (),
    *,
    allow_stale: bool,
    strict: bool,
) -> None:
    """Decide every workload, write the table, print the summary. Exit code 1 where a row has errors.

    `strict`: a row with a warning is not decided, and counts as one with an error.
    """
    from hostwise.analysis.portfolio.portfolio import source
    from hostwise.batch.outcomes import REFUSED
    from hostwise.cli.shared.inputs import day, warn_of_rules
    from hostwise.flow.knowledge import load_knowledge
    from hostwise.report.terminal.portfolio import portfolio_text

    if path.is_dir() and table.decimal:
        raise click.UsageError("--decimal is for a table, not for a folder of questionnaires")
    knowledge, on, output = load_knowledge(rules, additions=additions), day(as_of), table.output
    refuse_output(path, table)
    warn_of_rules(rules, additions)
    found = _dated(source(path, knowledge, table.decimal), on, knowledge)
    with _writer(table, found, knowledge) as write:
        totals, groups = _run(decided(found, knowledge, on, allow_stale=allow_stale, strict=strict), write)
    labels = knowledge.catalogue.option_labels
    from hostwise.cli.shared.page import page

    _print_findings(found.notes, groups, output)
    click.echo(portfolio_text(str(path), on, totals, labels, **page(language)), nl=False)
    if output is not None:
        click.echo(f"Wrote {output}.")
    if totals.counts.get(REFUSED):
        raise SystemExit(1)


def _dated(found: Source, on: date | None, knowledge: Knowledge) -> Source:
    """The same, with a warning before the first rows that are decided as of a rulebook past its review."""
    return found if on else replace(found, windows=_warned(found.windows, knowledge))


def _warned(windows: Iterator[Window], knowledge: Knowledge) -> Iterator[Window]:
    from hostwise.cli.shared.inputs import warn_of_rulebook

    warned = False
    for window in windows:
        days, _ = window.days
        if not warned and None in days:
            warn_of_rulebook(knowledge)
            warned = True
        yield window


def _run(parts: Iterator[Decided], write: Write | None) -> tuple[Totals, list[Group]]:
    """What is counted over all rows, and the findings, those alike as one."""
    from hostwise.analysis.portfolio.portfolio import Totals
    from hostwise.answers.tables.finding_groups import Groups, gather

    totals, groups = Totals(), Groups()
    for rows in parts:
        totals.add(rows)
        gather(groups, rows.noticed())
        if write is not None:
            write(rows)
    return totals, list(groups.values())


def decided(
    found: Source, knowledge: Knowledge, on: date | None, *, allow_stale: bool, strict: bool = False
) -> Iterator[Decided]:
    """The rows of a portfolio, decided part by part, with a bar on a terminal."""
    from hostwise.analysis.portfolio.portfolio import decide_window

    before = 0.0
    with _progress() as advance:
        for window in found.windows:
            for step in decide_window(window, knowledge, on, allow_stale=allow_stale, strict=strict):
                if isinstance(step, float):
                    advance(before + (window.read - before) * step)
                else:
                    yield step
            before = window.read


class CheckedRows(Struct, frozen=True):
    """How many workloads there are, what is wrong with them, and in how many each open answer is waited for."""

    count: int
    findings: list[Diagnostic]
    waits: Mapping[str, int]


def checked_portfolio(path: Path, decimal: Decimals | None, rules: Path | None) -> CheckedRows:
    """What is wrong with the workloads, and what their decisions wait for. Raises `InputError` as `source` does.

    Where columns are misnamed, the cells of the others are looked at too: nothing is left to be found once the header
    is mended.
    """
    from collections import Counter

    from hostwise.analysis.portfolio.portfolio import source
    from hostwise.answers.tables.checked_rows import NAME, WrongHeader
    from hostwise.flow.knowledge import load_knowledge

    knowledge = load_knowledge(rules)
    wrong: list[Diagnostic] = []
    try:
        found = source(path, knowledge, decimal)
    except WrongHeader as problem:
        if NAME not in problem.columns:
            raise
        wrong += problem.diagnostics
        found = source(path, knowledge, decimal, problem.columns)
    count, findings, waits = 0, wrong or list(found.notes), Counter[str]()
    for rows in decided(found, knowledge, None, allow_stale=False):
        count += len(rows.ids)
        findings += in_order(rows)
        if not wrong:
            waits.update(key for keys in rows.needs.values() for key in keys)
    return CheckedRows(count, findings, waits)


def report_portfolio(
    path: Path,
    outputs: Sequence[Path],
    decimal: Decimals | None,
    as_of: str | None,
    rules: Path | None,
    words: Words,
    *,
    allow_stale: bool,
) -> None:
    """Decide every workload and write one document on all of them, in each format asked for."""
    from hostwise.analysis.portfolio.portfolio import source
    from hostwise.cli.shared.inputs import day, warn_of_rules
    from hostwise.flow.knowledge import load_knowledge
    from hostwise.report.portfolio import check_document, write_portfolio
    from hostwise.report.view.portfolio import portfolio_view

    for output in outputs:
        check_document(output)
    knowledge, on = load_knowledge(rules), day(as_of)
    warn_of_rules(rules)
    found = _dated(source(path, knowledge, decimal), on, knowledge)
    parts = decided(found, knowledge, on, allow_stale=allow_stale)
    portfolio = portfolio_view(parts, path, on, knowledge.catalogue.option_labels, words)
    for output in outputs:
        write_portfolio(portfolio, output, words, on or knowledge.as_of)
        click.echo(f"wrote {output}")


def row_record(
    path: Path, row: str, decimal: Decimals | None, as_of: str | None, rules: Path | None, allow_stale: bool
) -> Record:
    """The decision on one row of a table, as on the questionnaire that it stands for."""
    from hostwise.analysis.portfolio.portfolio import table_at
    from hostwise.answers.tables.row_file import row_file
    from hostwise.cli.shared.inputs import day, warn_of_rules
    from hostwise.flow.knowledge import load_knowledge
    from hostwise.record.decide import answers_from_text, decide

    questionnaire = load_knowledge(rules).questionnaire
    warn_of_rules(rules)
    found = row_file(table_at(path, questionnaire, decimal), questionnaire, row)
    answers = answers_from_text(found.text, found.file, rules)
    return decide(answers, as_of=day(as_of), rules=rules, allow_stale=allow_stale)


def in_order(rows: Decided) -> list[Diagnostic]:
    """What is wrong or doubtful with some rows, or was converted, from the first to the last."""
    found = {**rows.doubts, **rows.findings}
    every = sorted({*found, *rows.converted})
    return [finding for row in every for finding in (*found.get(row, ()), *rows.converted.get(row, ()))]


def _print_findings(notes: Sequence[Diagnostic], groups: Sequence[Group], output: Path | None) -> None:
    from hostwise.answers.tables.finding_groups import summed
    from hostwise.cli.shared.page import coloured
    from hostwise.reading.findings.diagnostic_formats import as_text

    shown = [*notes, *map(summed, groups[:SHOWN])]
    if not shown:
        return
    click.echo(as_text(shown, colour=coloured(sys.stderr)), err=True)
    if more := sum(group.count for group in groups[SHOWN:]):
        where = f"{output} has them all" if output else "-o table.csv keeps each with its row"
        click.echo(f"… and {more:,} more findings; {where}.", err=True)
    click.echo("", err=True)


def refuse_output(path: Path, table: TableOptions) -> None:
    """Raises `click.UsageError` for a table that cannot be written where or how it is asked for."""
    from hostwise.report.terminal.portfolio_table import SUFFIXES

    output = table.output
    if table.excel and (output is None or output.suffix.lower() != ".csv"):
        raise click.UsageError("--excel is for a table that is written: -o table.csv")
    if output is None:
        return
    if output.suffix.lower() not in SUFFIXES:
        raise click.BadParameter(
            f"{output}: a table is written as {' or '.join(SUFFIXES)}; records are written for one FILE at a time",
            param_hint="-o",
        )
    if output.is_dir() or not output.parent.is_dir():
        raise click.BadParameter(f"{output} is no file that can be written", param_hint="-o")


def _writer(table: TableOptions, found: Source, knowledge: Knowledge) -> AbstractContextManager[Write | None]:
    if table.output is None:
        return nullcontext()
    from hostwise.report.terminal.portfolio_table import EXCEL, EXCEL_COMMA, PLAIN, table_writer

    excel = EXCEL_COMMA if found.decimal == "comma" else EXCEL
    options = tuple(knowledge.catalogue.options)
    return _reported(table_writer(table.output, options, found.extra, excel if table.excel else PLAIN), table.output)


@contextmanager
def _reported(writing: AbstractContextManager[Write], output: Path) -> Iterator[Write]:
    """What goes wrong with the file, said in a sentence."""
    try:
        with writing as write:
            yield write
    except ImportError:
        from hostwise.answers.tables.parquet_file import EXTRA

        raise click.ClickException(f"Parquet needs pyarrow: {EXTRA}; CSV does without") from None
    except OSError as problem:
        raise click.ClickException(f"cannot write {output}: {problem.strerror or problem}") from None


@contextmanager
def _progress() -> Iterator[Callable[[float], None]]:
    """How far it is, on a terminal; nothing where standard error is a file."""
    if not sys.stderr.isatty():
        yield lambda share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (TextColumn("Deciding"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
    with Progress(
        *columns, TimeElapsedColumn(), TimeRemainingColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda share: bar.update(task, completed=share)
