"""`hostwise rules export`: the rulebook in formats that other engines run."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hostwise.cli.rules.options import packs_argument, rules_option

if TYPE_CHECKING:
    from hostwise.decision.basis import Knowledge

FORMATS = {"jdm": "hostwise.workbench.jdm:jdm_text"}
"""Format → the function that writes it: knowledge in, text out."""


@click.command()
@packs_argument
@click.option("--to", "form", type=click.Choice(list(FORMATS)), required=True, help="jdm: for GoRules ZEN.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write here, not to the screen.")
@rules_option
def export(packs: tuple[Path, ...], form: str, output: Path | None, rules: Path | None) -> None:
    """Write the rules, the choice and the panel for another engine."""
    from hostwise.decision.basis import load_knowledge

    text = _writer(form)(load_knowledge(rules, packs))
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise click.ClickException(f"cannot write {output}: {problem.strerror}") from None
    click.echo(f"Wrote {output}.")


def _writer(form: str) -> Callable[[Knowledge], str]:
    module, _, name = FORMATS[form].partition(":")
    writer: Callable[[Knowledge], str] = getattr(import_module(module), name)
    return writer
