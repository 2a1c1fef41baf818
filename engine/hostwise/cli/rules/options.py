"""What the commands of `hostwise rules` share: which rulebook, which packs, and how findings are printed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from hostwise.cli.shared.page import coloured
from hostwise.reading.findings.diagnostics import Diagnostic


def _no_folder(_ctx: click.Context, _param: click.Parameter, packs: tuple[Path, ...]) -> tuple[Path, ...]:
    for pack in packs:
        if pack.is_dir():
            raise click.BadParameter(f"{pack} is a folder; a folder of rules is named with --rules {pack}")
    return packs


packs_argument = click.argument(
    "packs", type=click.Path(path_type=Path), metavar="[PACK...]", nargs=-1, callback=_no_folder
)
format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True
)


def print_findings(findings: Sequence[Diagnostic], form: str, fine: str) -> None:
    """Print findings in the form asked for. As text they go to standard error; `fine` is said if there are none."""
    from hostwise.reading.findings.diagnostic_formats import as_json, as_sarif, as_text
    from hostwise.version import __version__

    if form == "json":
        click.echo(as_json(findings))
    elif form == "sarif":
        click.echo(as_sarif(findings, __version__))
    elif findings:
        click.echo(as_text(findings, colour=coloured(sys.stderr)), err=True)
        click.echo(f"\n{len(findings)} finding(s).", err=True)
    else:
        click.echo(fine)
