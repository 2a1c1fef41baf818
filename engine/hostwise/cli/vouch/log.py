"""`hostwise log`: decisions in a chain of lines, each held to the one before it, and decided again."""

from __future__ import annotations

from pathlib import Path

import click

from hostwise.cli.shared.options import rules_option

_path = click.Path(path_type=Path)


@click.command()
@click.argument("log", type=_path, metavar="LOG")
@click.argument("records", type=_path, metavar="[RECORD...]", nargs=-1)
@click.option("--replay", "again", is_flag=True, help="Decide every entry again; exit code 1 where one is another.")
@click.option("--head", metavar="SHA256", help="Exit code 1 where the line of this hash is not there any more.")
@rules_option
@click.pass_context
def log(
    ctx: click.Context, log: Path, records: tuple[Path, ...], again: bool, head: str | None, rules: Path | None
) -> None:
    """Keep decisions in LOG, a line each that holds the hash of the line before; add each RECORD to it.

    Without a RECORD, list what it holds. A line that was changed is an error at its place. The time is that of this
    machine's clock. Keep the hash that is printed last, or sign the log: it alone shows a cut end.
    """
    from datetime import UTC, datetime

    from hostwise.record.decide import read_record
    from hostwise.record.decision_log import add, head_of, holds, read_log, replay

    if records and (again or head):
        raise click.UsageError("--replay and --head are for a log as it is, without a RECORD to add")
    entries = add(log, [read_record(file) for file in records], datetime.now(UTC)) if records else read_log(log)
    failed = bool(head) and not holds(log, str(head))
    if failed:
        click.echo(f"{log}: the line of {head} is not there: the log was cut off, or is another one.")
    if again:
        for found in replay(entries, rules):
            failed |= bool(found.why)
            click.echo(f"{found.entry.number}  {found.entry.record[:12]}  {found.why or 'the same'}")
    else:
        for entry in entries:
            said = (entry.logged_at, entry.record[:12], entry.as_of.isoformat(), f"{entry.outcome:22}", entry.file)
            click.echo(f"{entry.number}  {'  '.join(said)}")
    click.echo(f"{log}: {len(entries)} {'added' if records else 'entries'}, {head_of(log)}")
    if failed:
        ctx.exit(1)
