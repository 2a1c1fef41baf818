"""`hostwise whatif` and `flips`: the decision on other answers."""

from __future__ import annotations

import json
from pathlib import Path

import click

from hostwise.cli.diff import situation_of
from hostwise.cli.page import language_option, page

_path = click.Path(path_type=Path)
_rules = click.option("--rules", type=_path, metavar="DIR", help="Use this folder instead of the rules shipped.")


@click.command()
@click.argument("file", type=_path, metavar="FILE|RECORD")
@click.option("--set", "settings", multiple=True, required=True, metavar="KEY=VALUE",
              help="Suppose this answer, such as demand.tokens_per_day=80M. May be given several times.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print both decisions as JSON.")
@language_option
@_rules
def whatif(file: Path, settings: tuple[str, ...], as_json: bool, language: str, rules: Path | None) -> None:
    """Decide FILE as it is and with other answers, side by side: what moved, and which answer moved it."""
    from hostwise.decision.compare import compare
    from hostwise.decision.suppose import supposed
    from hostwise.report.comparison import comparison_data, comparison_text
    from hostwise.report.language import HOME

    before, notes = situation_of(file, rules, "old", HOME if as_json else language)
    found = compare(before, supposed(before, settings))
    if as_json:
        click.echo(json.dumps(comparison_data(found, notes), indent=2, ensure_ascii=False))
        return
    labels = {name: entry.label for name, entry in before.knowledge.catalogue.options.items()}
    names = (None, ", ".join(settings))
    click.echo(comparison_text(found, labels, names, notes, **page(language)), nl=False)


@click.command()
@click.argument("file", type=_path, metavar="FILE|RECORD")
@click.option("--json", "as_json", is_flag=True, help="Print every change as JSON.")
@language_option
@_rules
def flips(file: Path, as_json: bool, language: str, rules: Path | None) -> None:
    """List, answer by answer, the smallest change of it alone that leads to another verdict."""
    from hostwise.decision.canonical import plain
    from hostwise.decision.flips import flips as found_in
    from hostwise.report.comparison import flips_text

    before, _ = situation_of(file, rules, "old")
    found = list(found_in(before))
    if as_json:
        entries = [{**plain(flip), "question": flip.question.key} for flip in found]
        click.echo(json.dumps(entries, indent=2, ensure_ascii=False))
        return
    labels = {name: entry.label for name, entry in before.knowledge.catalogue.options.items()}
    click.echo(flips_text(found, labels, **page(language)), nl=False)
