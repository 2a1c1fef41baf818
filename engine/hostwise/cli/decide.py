"""`hostwise decide`, `explain` and `verify`: the decision in the terminal, and its audit."""

from __future__ import annotations

import sys
from pathlib import Path

import click

ENGINES = ("both", "durable", "reference")

_file = click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
_source = click.argument("file", type=click.Path(path_type=Path), metavar="FILE|RECORD")
_rules = click.option(
    "--rules",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Use this folder instead of the rules shipped.",
)
_as_of = click.option(
    "--as-of",
    metavar="DATE",
    help="Decide as of this day (2026-11-20). Default: `workload.as_of`, else the day of the rulebook.",
)
_engine = click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="both",
    show_default=True,
    help="Run the rules on both engines and compare, or on one alone.",
)


@click.command()
@_file
@click.option("--json", "as_json", is_flag=True, help="Print the whole record as JSON.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="RECORD", help="Write the record here too.")
@_as_of
@_engine
@_rules
def decide(file: Path, as_json: bool, output: Path | None, as_of: str | None, engine: str, rules: Path | None) -> None:
    """Decide where the workload of FILE should run."""
    from hostwise.cli.sources import record_of

    record = record_of(file, as_of=as_of, engine=engine, rules=rules)
    if output:
        output.write_text(record.json, encoding="utf-8")
    if as_json:
        click.echo(record.json, nl=False)
        return
    from hostwise.report.terminal import decision_text

    click.echo(decision_text(record.data, width=_width(), colour=sys.stdout.isatty()), nl=False)


@click.command()
@_source
@click.argument("rule_id", required=False)
@_as_of
@_rules
def explain(file: Path, rule_id: str | None, as_of: str | None, rules: Path | None) -> None:
    """Show what fired, what did not and which condition stopped it; RULE_ID shows one rule alone."""
    from hostwise.cli.sources import record_of
    from hostwise.report.terminal import explain_text

    record = record_of(file, as_of=as_of, engine="both", rules=rules)
    if rule_id is not None:
        _must_be_a_rule(rule_id, [rule["id"] for rule in record.data["rules"]])
    click.echo(explain_text(record.data, rule_id, width=_width(), colour=sys.stdout.isatty()), nl=False)


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="RECORD")
@_rules
@click.pass_context
def verify(ctx: click.Context, file: Path, rules: Path | None) -> None:
    """Compute RECORD again from the questionnaire inside it; exit 1 with the differences if any."""
    from hostwise.decision.verify import verify_file

    finding = verify_file(file, rules)
    for line in finding.lines():
        click.echo(line)
    if not finding.same:
        ctx.exit(1)


def _must_be_a_rule(rule_id: str, known: list[str]) -> None:
    if rule_id in known:
        return
    from hostwise.reading.suggest import nearest

    near = nearest(rule_id, known)
    raise click.UsageError(f"no rule {rule_id!r}." + (f" Did you mean {near!r}?" if near else ""))


def _width() -> int:
    """Terminal width; 100 columns when piped, so that piped output is stable."""
    import shutil

    return min(shutil.get_terminal_size().columns, 120) if sys.stdout.isatty() else 100
