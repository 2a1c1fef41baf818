"""`hostwise decide` on many workloads: a folder of questionnaires, or a table with a row each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hostwise.decision.basis import Knowledge
    from hostwise.decision.portfolio import Decided, Totals
    from hostwise.reading.diagnostics import Diagnostic
    from hostwise.report.portfolio_table import Write

TABLES = (".csv", ".parquet")
SHOWN = 10
"""Findings that are printed; the table keeps all of them."""


def is_portfolio(path: Path) -> bool:
    """Whether the path holds many workloads."""
    return path.is_dir() or path.suffix.lower() in TABLES


def decide_portfolio(
    path: Path, output: Path | None, as_of: str | None, rules: Path | None, allow_stale: bool, language: str
) -> None:
    """Decide every workload, write the table to `output`, print the summary. Exit code 1 where a row has errors."""
    from hostwise.cli.sources import day
    from hostwise.decision.basis import load_knowledge
    from hostwise.report.portfolio_text import portfolio_text

    knowledge, on = load_knowledge(rules), day(as_of)
    with _writer(path, output, knowledge) as write:
        totals, shown, more = _run(path, knowledge, on, write, allow_stale)
    labels = {name: entry.label for name, entry in knowledge.catalogue.options.items()}
    from hostwise.cli.page import page

    refused = _print_findings(shown, more, output)
    click.echo(portfolio_text(str(path), on, totals, labels, **page(language)), nl=False)
    if output is not None:
        click.echo(f"Wrote {output}.")
    if refused:
        raise SystemExit(1)


def _run(
    path: Path, knowledge: Knowledge, on: date | None, write: Write | None, allow_stale: bool
) -> tuple[Totals, list[Diagnostic], int]:
    """Decide window by window; what is counted, the first findings, and how many more there are."""
    from hostwise.decision.portfolio import Totals, decide_window, windows

    totals, more, before = Totals(), 0, 0.0
    shown: list[Diagnostic] = []
    with _progress() as advance:
        for window in windows(path, knowledge):
            for step in decide_window(window, knowledge, on, allow_stale=allow_stale):
                if isinstance(step, float):
                    advance(before + (window.read - before) * step)
                    continue
                totals.add(step)
                found = _in_order(step)
                more += len(found)
                shown += found[: SHOWN - len(shown)]
                if write is not None:
                    write(step)
            before = window.read
    return totals, shown, more - len(shown)


def _in_order(rows: Decided) -> list[Diagnostic]:
    return [finding for row in sorted(rows.findings) for finding in rows.findings[row]]


def _print_findings(shown: list[Diagnostic], more: int, output: Path | None) -> bool:
    from hostwise.reading.diagnostics_format import as_text

    if not shown:
        return False
    click.echo(as_text(shown, colour=sys.stderr.isatty()), err=True)
    if more:
        where = f"{output} has them all" if output else "-o table.csv keeps each with its row"
        click.echo(f"… and {more:,} more findings; {where}.", err=True)
    click.echo("", err=True)
    return True


def _writer(path: Path, output: Path | None, knowledge: Knowledge) -> AbstractContextManager[Write | None]:
    if output is None:
        return nullcontext()
    from hostwise.report.portfolio_table import SUFFIXES, table_writer

    if output.suffix.lower() not in SUFFIXES:
        raise click.BadParameter(
            f"{output}: a table is written as {' or '.join(SUFFIXES)}; records are written for one FILE at a time",
            param_hint="-o",
        )
    if output.is_dir() or not output.parent.is_dir():
        raise click.BadParameter(f"{output} is no file that can be written", param_hint="-o")
    if output.exists() and path.exists() and output.samefile(path):
        raise click.BadParameter(f"{output} is the table that is read", param_hint="-o")
    return _reported(table_writer(output, tuple(knowledge.catalogue.options)), output)


@contextmanager
def _reported(writing: AbstractContextManager[Write], output: Path) -> Iterator[Write]:
    """What goes wrong with the file, said in a sentence."""
    try:
        with writing as write:
            yield write
    except ImportError:
        from hostwise.answers.parquet_file import EXTRA

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
