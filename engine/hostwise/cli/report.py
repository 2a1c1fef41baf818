"""`hostwise report`: the report as PDF, HTML or Markdown."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE|RECORD")
@click.option(
    "-o", "--output", "outputs", type=click.Path(path_type=Path), multiple=True, required=True, metavar="OUT",
    help="Where to write: out.pdf, out.html, out.md or out.json (the record). May be given more than once.",
)  # fmt: skip
@click.option("--as-of", metavar="DATE", help="Decide as of this day. Default: as `hostwise decide`.")
@click.option("--templates", type=click.Path(path_type=Path), metavar="DIR", help="Use these templates.")
@click.option("--rules", type=click.Path(path_type=Path), metavar="DIR", help="Use this folder of rules.")
def report(file: Path, outputs: tuple[Path, ...], as_of: str | None, templates: Path | None, rules: Path | None) -> None:
    """Write the report of the questionnaire or record FILE."""
    from hostwise.cli.sources import record_of
    from hostwise.report.render import render

    record = record_of(file, as_of=as_of, rules=rules)
    for output in outputs:
        path = render(record, output, templates)
        click.echo(f"Wrote {path} ({path.stat().st_size / 1024:,.0f} KB)")
