"""`hostwise report`: the report as PDF, HTML, Markdown or JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hostwise.cli.shared.attest import attest_option
from hostwise.cli.shared.options import decimal_option, key_option, rules_option

if TYPE_CHECKING:
    from hostwise.answers.tables.decimal_mark import Decimals


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE|RECORD|TABLE")
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="Write this file; its suffix chooses the format: .pdf .html .md .json. May be given several times.",
)
@attest_option
@click.option(
    "--for",
    "audience",
    metavar="READER",
    help="Who will read it: leadership (a few pages; the default), engineering (the plan in detail) or audit (all).",
)
@click.option(
    "--lang",
    "language",
    metavar="LANGUAGE",
    help="Write it in this language: en-GB, de, or one of your own templates. Default: that of brand.yaml, else en-GB.",
)
@click.option(
    "--templates",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Use this folder instead of the templates shipped.",
)
@click.option("--row", metavar="LINE|NAME", help="Of a table: the row at this line, or the workload of this name.")
@decimal_option
@key_option
@rules_option
@click.option("--as-of", metavar="DATE", help="Decide as of this day (2026-11-20).")
@click.option(
    "--allow-stale", is_flag=True, help="Decide even on knowledge too old to decide on; the report will say so."
)
def report(
    file: Path,
    outputs: tuple[Path, ...],
    attest_keys: tuple[Path, ...],
    audience: str | None,
    language: str | None,
    templates: Path | None,
    row: str | None,
    decimal: Decimals | None,
    keys: tuple[Path, ...],
    rules: Path | None,
    as_of: str | None,
    allow_stale: bool,
) -> None:
    """Write the report on FILE, on a record of a decision taken before, or on one row of a table (--row).

    On a whole table or a folder of questionnaires it is one document: what they come to together, what to look at in
    the answers, and the verdict on each.
    """
    from hostwise.cli.portfolio import is_portfolio, report_portfolio, row_record
    from hostwise.cli.shared.attest import attest, check_attest, refuse_doubted
    from hostwise.cli.shared.inputs import doubted, limits_of, record_of, refuse_keys
    from hostwise.record.computed_before import remember
    from hostwise.report.render import check_target, rendered, written
    from hostwise.report.words.words import report_words

    if not outputs:
        raise click.UsageError("say where to write it: -o report.pdf, -o report.html, -o report.md or -o record.json")
    if row is not None and (file.is_dir() or not is_portfolio(file)):
        raise click.UsageError("--row is for a table")
    for output in outputs:
        check_target(output)
    if is_portfolio(file):
        refuse_keys(file, keys)
    check_attest(attest_keys, outputs, (file,), single=row is not None or not is_portfolio(file))
    if row is None and is_portfolio(file):
        if audience is not None:
            raise click.UsageError("--for is for the report on one workload: say which with --row")
        words = report_words(templates, language)
        report_portfolio(file, outputs, decimal, as_of, rules, words, allow_stale=allow_stale)
        return
    # Before the decision: what cannot be written need not be decided.
    report_words(templates, language).reader(audience)
    record = (
        record_of(file, as_of=as_of, engine="both", rules=rules, allow_stale=allow_stale)
        if row is None
        else row_record(file, row, decimal, as_of, rules, allow_stale)
    )
    marked = row is None and doubted(file, record, rules, keys)
    refuse_doubted(marked, attest_keys)
    made: dict[Path, bytes] = {}
    for output in outputs:
        with limits_of(file if marked else None):
            made[output] = rendered(record, check_target(output), templates, audience, language, doubted=marked)
        written(made[output], output)
        click.echo(f"wrote {output}")
    if not marked and not keys:
        remember(record)
    if attest_keys:
        attest(record, made, attest_keys)
