"""`hostwise report`: the report as PDF, HTML, Markdown or JSON."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE|RECORD")
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="Write this file; its suffix chooses the format: .pdf .html .md .json. May be given several times.",
)
@click.option(
    "--for",
    "audience",
    default="full",
    show_default=True,
    metavar="READER",
    help="Who will read it: full, leadership, engineering or audit.",
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
@click.option(
    "--rules", type=click.Path(path_type=Path), metavar="DIR", help="Use this folder instead of the rules shipped."
)
@click.option("--as-of", metavar="DATE", help="Decide as of this day (2026-11-20).")
@click.option(
    "--allow-stale", is_flag=True, help="Decide even on knowledge too old to decide on; the report will say so."
)
def report(
    file: Path,
    outputs: tuple[Path, ...],
    audience: str,
    language: str | None,
    templates: Path | None,
    rules: Path | None,
    as_of: str | None,
    allow_stale: bool,
) -> None:
    """Write the report on FILE, or on a record of a decision taken before."""
    from hostwise.cli.sources import record_of
    from hostwise.report.render import check_target, render
    from hostwise.report.words import report_words

    if not outputs:
        raise click.UsageError("say where to write it: -o report.pdf, -o report.html, -o report.md or -o record.json")
    for output in outputs:
        check_target(output)
    report_words(templates, language)  # before the decision: what cannot be written need not be decided
    record = record_of(file, as_of=as_of, engine="both", rules=rules, allow_stale=allow_stale)
    for output in outputs:
        render(record, output, templates, audience=audience, language=language)
        click.echo(f"wrote {output}")
