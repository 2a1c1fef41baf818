"""`hostwise whatif`, `sweep` and `flips`: the decision on other answers."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hostwise.cli.decide import text_width
from hostwise.cli.diff import situation_of

if TYPE_CHECKING:
    from hostwise.answers.questions import Question

_path = click.Path(path_type=Path)
_rules = click.option("--rules", type=_path, metavar="DIR", help="Use this folder instead of the rules shipped.")


@click.command()
@click.argument("file", type=_path, metavar="FILE|RECORD")
@click.option("--set", "settings", multiple=True, required=True, metavar="KEY=VALUE",
              help="Suppose this answer, such as demand.tokens_per_day=80M. May be given several times.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print both decisions as JSON.")
@_rules
def whatif(file: Path, settings: tuple[str, ...], as_json: bool, rules: Path | None) -> None:
    """Decide FILE as it is and with other answers, side by side: what moved, and which answer moved it."""
    from hostwise.decision.compare import compare
    from hostwise.decision.suppose import supposed
    from hostwise.report.comparison import comparison_data, comparison_text

    before, notes = situation_of(file, rules, "old")
    found = compare(before, supposed(before, settings))
    if as_json:
        click.echo(json.dumps(comparison_data(found, notes), indent=2, ensure_ascii=False))
        return
    labels = {name: entry.label for name, entry in before.knowledge.catalogue.options.items()}
    names = ("as it is", ", ".join(settings))
    text = comparison_text(found, labels, names, notes, width=text_width(), colour=sys.stdout.isatty())
    click.echo(text, nl=False)


@click.command()
@click.argument("file", type=_path, metavar="FILE|RECORD")
@click.argument("swept", metavar="KEY=LOW..HIGH")
@click.option("--steps", type=click.IntRange(2, 1000), default=25, show_default=True, help="Values that are decided.")
@click.option("--json", "as_json", is_flag=True, help="Print every value with its verdict and costs as JSON.")
@_rules
def sweep(file: Path, swept: str, steps: int, as_json: bool, rules: Path | None) -> None:
    """Show which option wins where, as one numeric answer goes from LOW to HIGH, with the boundaries between."""
    from hostwise.decision.canonical import plain
    from hostwise.decision.suppose import sweep as over
    from hostwise.report.comparison import sweep_text

    before, _ = situation_of(file, rules, "old")
    question, low, high = _range(swept, before.knowledge.questionnaire)
    found = over(before, question, low, high, steps)
    if as_json:
        click.echo(json.dumps(plain(found), indent=2, ensure_ascii=False, default=str))
        return
    labels = {name: entry.label for name, entry in before.knowledge.catalogue.options.items()}
    click.echo(sweep_text(found, labels, width=text_width(), colour=sys.stdout.isatty()), nl=False)


@click.command()
@click.argument("file", type=_path, metavar="FILE|RECORD")
@click.option("--json", "as_json", is_flag=True, help="Print every change as JSON.")
@_rules
def flips(file: Path, as_json: bool, rules: Path | None) -> None:
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
    click.echo(flips_text(found, labels, width=text_width(), colour=sys.stdout.isatty()), nl=False)


def _range(swept: str, questionnaire: object) -> tuple[Question, Decimal, Decimal]:
    """The question and the two ends of `key=low..high`. Raises `click.UsageError`, or `InputError` for a bad key."""
    from hostwise.answers.questions import Questionnaire
    from hostwise.decision.suppose import question_of
    from hostwise.reading.kinds import FactType
    from hostwise.reading.quantity import NotAQuantity, parse_quantity

    assert isinstance(questionnaire, Questionnaire)
    key, _, written = swept.partition("=")
    question = question_of(key, questionnaire, swept)
    if not question.numeric:
        raise click.UsageError(f"{key} is no number; hostwise whatif tries its words one by one")
    try:
        quantity = parse_quantity(written, FactType(question.type), question.unit)
    except NotAQuantity as problem:
        raise click.UsageError(f"{written!r}: {problem}; write it as 1M..1B") from None
    if quantity.low is None or quantity.high is None or quantity.low >= quantity.high:
        raise click.UsageError(f"{written!r} is no range; write it as 1M..1B")
    return question, quantity.low, quantity.high
