"""`hostwise decide`: the decision in the terminal, or the record of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from hostwise.cli.page import language_option, page

ENGINES = ("both", "durable", "reference")

_file = click.argument("file", type=click.Path(path_type=Path), metavar="FILE|DIR|TABLE")
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
_allow_stale = click.option(
    "--allow-stale", is_flag=True, help="Decide even on knowledge too old to decide on; the report will say so."
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
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT",
              help="Write the record here too; of many workloads the table, as .csv or .parquet.")  # fmt: skip
@language_option
@_as_of
@_engine
@_rules
@_allow_stale
@click.pass_context
def decide(
    ctx: click.Context,
    file: Path,
    as_json: bool,
    output: Path | None,
    language: str,
    as_of: str | None,
    engine: str,
    rules: Path | None,
    allow_stale: bool,
) -> None:
    """Decide where the workload of FILE should run.

    With a folder of questionnaires, or a table (.csv or .parquet) whose header holds question keys such as
    workload.name and demand.tokens_per_day and which has a row for each workload, all of them are decided: a summary is
    printed, and -o writes a table with each row's verdict, its costs, what it needs and its errors. Cells are written
    as in a questionnaire (30M, 60%, 20M..40M, unknown; gdpr;hipaa for several; empty is not answered). Exit code 1 when
    a row has errors. Parquet needs pyarrow: pip install 'hostwise[table]'.
    """
    from hostwise.cli.portfolio import decide_portfolio, is_portfolio

    if is_portfolio(file):
        if as_json or ctx.get_parameter_source("engine") is not click.core.ParameterSource.DEFAULT:
            raise click.UsageError("--json and --engine are for one questionnaire at a time, not for many")
        decide_portfolio(file, output, as_of, rules, allow_stale, language)
        return
    from hostwise.cli.sources import first_answer_of, record_of
    from hostwise.report.language import HOME

    if output or as_json or language != HOME:  # only a whole record tells how its sentences were made
        record = record_of(file, as_of=as_of, engine=engine, rules=rules, allow_stale=allow_stale)
        if output:
            output.write_text(record.json, encoding="utf-8")
        if as_json:
            click.echo(record.json, nl=False)
            return
        data: Mapping[str, Any] = record.data
    else:
        data = first_answer_of(file, as_of=as_of, engine=engine, rules=rules, allow_stale=allow_stale)
    from hostwise.report.terminal import decision_text

    click.echo(decision_text(data, **page(language)), nl=False)
