"""`hostwise decide`: the decision in the terminal, or the record of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hostwise.cli.shared.attest import attest_option
from hostwise.cli.shared.options import catalogue_option, decimal_option, prices_option, rules_option
from hostwise.cli.shared.page import language_option, mark_doubted, page

if TYPE_CHECKING:
    from hostwise.answers.tables.decimal_mark import Decimals

ENGINES = ("both", "durable", "reference")

_file = click.argument("file", type=click.Path(path_type=Path), metavar="FILE|DIR|TABLE")
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
@click.option(
    "--all", "everything", is_flag=True, help="Print everything: what is ruled out, every reason and condition."
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole record as JSON.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT",
              help="Write the record here too; of many workloads the table, as .csv or .parquet.")  # fmt: skip
@attest_option
@decimal_option
@click.option("--excel", is_flag=True, help="Write the .csv as Excel opens it: with --decimal comma, European.")
@language_option
@_as_of
@_engine
@rules_option
@_allow_stale
@catalogue_option
@prices_option
@click.option(
    "--strict",
    is_flag=True,
    help="Do not decide on doubtful answers: exit code 2 where there is a warning; 1 for rows of a table.",
)
@click.pass_context
def decide(
    ctx: click.Context,
    file: Path,
    everything: bool,
    as_json: bool,
    output: Path | None,
    attest_keys: tuple[Path, ...],
    decimal: Decimals | None,
    excel: bool,
    language: str,
    as_of: str | None,
    engine: str,
    rules: Path | None,
    allow_stale: bool,
    catalogue_files: tuple[Path, ...],
    price_file: Path | None,
    strict: bool,
) -> None:
    """Decide where the workload of FILE should run.

    With a folder of questionnaires, or a table (.csv, .tsv or .parquet) whose header holds question keys such as
    workload.name and demand.tokens_per_day and which has a row for each workload, all of them are decided: a summary is
    printed, and -o writes a table with each row's verdict, its costs, what it needs and its errors. Cells are written
    as in a questionnaire (30M, 60%, 20M..40M, unknown; gdpr;hipaa for several; empty is not answered). Warnings about
    rows are printed and stand in the table. Exit code 1 when a row has errors, or with --strict a warning. Parquet
    needs pyarrow: pip install 'hostwise[table]'.
    """
    added = (*catalogue_files, *((price_file,) if price_file else ()))
    from hostwise.cli.portfolio import TableOptions, decide_portfolio, is_portfolio
    from hostwise.cli.shared.attest import attest, check_attest, refuse_doubted

    outputs = (output,) if output else ()
    check_attest(attest_keys, outputs, (file, *added), single=not is_portfolio(file))
    if is_portfolio(file):
        if as_json or ctx.get_parameter_source("engine") is not click.core.ParameterSource.DEFAULT:
            raise click.UsageError("--json and --engine are for one questionnaire at a time, not for many")
        table = TableOptions(output, decimal, excel)
        decide_portfolio(file, table, as_of, rules, language, added, allow_stale=allow_stale, strict=strict)
        return
    from hostwise.cli.shared.inputs import doubted, record_of, refuse_doubtful
    from hostwise.reading.files.beside import write_beside
    from hostwise.record.computed_before import remember
    from hostwise.record.decide import first_answer
    from hostwise.report.language.language import HOME

    if output or as_json:
        record = record_of(file, as_of=as_of, engine=engine, rules=rules, allow_stale=allow_stale, additions=added)
        if strict:
            refuse_doubtful(record, file)
        marked = doubted(file, record, rules, additions=added)
        refuse_doubted(marked, attest_keys)
        if output:
            content = record.json.encode("utf-8")
            write_beside(output, content)
            if engine == "both" and not marked:
                remember(record)
            if attest_keys:
                attest(record, {output: content}, attest_keys)
        if as_json:
            mark_doubted(marked, HOME, as_json=True)
            click.echo(record.json, nl=False)
            return
    else:
        record = record_of(
            file,
            as_of=as_of,
            engine=engine,
            rules=rules,
            allow_stale=allow_stale,
            additions=added,
            decided=first_answer,
        )
        marked = doubted(file, record, rules, additions=added)
        if strict:
            refuse_doubtful(record, file)
    from hostwise.report.terminal.decision import decision_text

    mark_doubted(marked, language)
    click.echo(decision_text(record, **page(language), everything=everything), nl=False)
