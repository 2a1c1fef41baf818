"""`hostwise sweep`: which option wins where, as one or two answers change."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hostwise.cli.diff import situation_of
from hostwise.cli.page import language_option, page

if TYPE_CHECKING:
    from hostwise.answers.questions import Questionnaire
    from hostwise.decision.axis import Axis
    from hostwise.decision.compare import Situation
    from hostwise.decision.decision_map import DecisionMap

_path = click.Path(path_type=Path)
ONE, ACROSS, UP = 25, 25, 15
"""Values of one answer by itself; of two, across and up."""
MOST = 100
"""Values of each of two answers: ten thousand decisions."""


@click.command()
@click.argument("file", type=_path, metavar="FILE|RECORD")
@click.argument("swept", nargs=-1, required=True, metavar="KEY=LOW..HIGH [KEY2=LOW..HIGH]")
@click.option("--steps", type=click.IntRange(2, 1000), metavar="N",
              help=f"Decide N values of each number. Default: {ONE}; for two answers {ACROSS} and {UP}.")  # fmt: skip
@click.option("-o", "--output", type=_path, metavar="MAP.svg", help="Write the map as SVG too.")
@click.option("--json", "as_json", is_flag=True, help="Print every value with its verdict as JSON.")
@language_option
@click.option("--rules", type=_path, metavar="DIR", help="Use this folder instead of the rules shipped.")
def sweep(
    file: Path,
    swept: tuple[str, ...],
    steps: int | None,
    output: Path | None,
    as_json: bool,
    language: str,
    rules: Path | None,
) -> None:
    """Draw which option wins where, as one answer goes from LOW to HIGH, or two of them.

    KEY=LOW..HIGH sweeps a number, by ratio where it spans more than a decade; KEY alone sweeps the words of a choice,
    such as team.gpu_operations. Of one number, the boundaries are found to a thousandth.
    """
    from hostwise.decision.canonical import plain
    from hostwise.decision.sweep import sweep as over
    from hostwise.decision.sweep import swept_map
    from hostwise.report.map_text import map_text, sweep_text

    if len(swept) > 2:
        raise click.UsageError("one or two answers can be swept at a time")
    if output and output.suffix.lower() != ".svg":
        raise click.UsageError(f"{output}: a map is written as SVG, to a name that ends in .svg")
    if len(swept) == 2 and steps and steps > MOST:
        raise click.UsageError(f"of two answers, at most {MOST} values each")
    before, _ = situation_of(file, rules, "old")
    defaults = (ONE,) if len(swept) == 1 else (ACROSS, UP)
    ordered = _across_and_up(swept, before.knowledge.questionnaire)
    axes = [_axis(text, before, steps or count) for text, count in zip(ordered, defaults, strict=True)]
    labels = {name: entry.label for name, entry in before.knowledge.catalogue.options.items()}
    if len(axes) == 1:
        found = over(before, axes[0])
        drawn = _json(found.map, before)
        points = [[plain(value), plain(outcome)] for value, outcome in found.points]
        data = {"question": found.question.key, "points": points, "regions": plain(found.regions), "map": drawn}
        text = "" if as_json else sweep_text(found, drawn, labels, **page(language))
    else:
        drawn = _json(swept_map(before, *axes), before)
        data = {"map": drawn}
        text = "" if as_json else map_text(drawn, **page(language))
    if output:
        _write(drawn, output, language)
    click.echo(json.dumps(data, indent=2, ensure_ascii=False) if as_json else text, nl=as_json)


def _across_and_up(swept: Sequence[str], questionnaire: Questionnaire) -> Sequence[str]:
    """As given, but a choice goes up, where there is room for its words, if the other is a number."""
    from hostwise.decision.axis import is_choice
    from hostwise.decision.suppose import question_of

    asked = [question_of(text.partition("=")[0].strip(), questionnaire, text) for text in swept]
    if len(asked) == 2 and asked[0] is asked[1]:
        raise click.UsageError(f"{asked[0].key} is given twice")
    words = [is_choice(question) for question in asked]
    return swept[::-1] if words == [True, False] else swept


def _json(found: DecisionMap, before: Situation) -> dict[str, object]:
    from hostwise.answers.to_facts import answer_facts
    from hostwise.decision.decision_map import map_json

    return map_json(found, answer_facts(before.answers, before.knowledge.questionnaire), before.knowledge)


def _write(drawn: dict[str, object], output: Path, language: str) -> None:
    from hostwise.reading.diagnostics import Diagnostic, InputError, Place
    from hostwise.report.in_language import told
    from hostwise.report.map_chart import map_chart
    from hostwise.report.view_map import map_of
    from hostwise.report.words import load_words

    words = load_words(language=language)
    try:
        output.write_text(map_chart(map_of(told(drawn, words.language), words), words) + "\n", encoding="utf-8")
    except OSError as problem:
        message = f"cannot write it: {problem.strerror or problem}"
        raise InputError([Diagnostic(Place(str(output)), "unwritable", message)]) from None


def _axis(swept: str, before: Situation, steps: int) -> Axis:
    """The values of `key=low..high`, or of `key`. Raises `click.UsageError`, or `InputError` for a bad key."""
    from hostwise.answers.to_facts import answer_facts
    from hostwise.decision.axis import is_choice, number_axis, words_axis
    from hostwise.decision.suppose import question_of
    from hostwise.reading.kinds import FactType
    from hostwise.reading.quantity import NotAQuantity, parse_quantity

    questionnaire = before.knowledge.questionnaire
    key, equals, written = swept.partition("=")
    question = question_of(key.strip(), questionnaire, swept)
    now = answer_facts(before.answers, questionnaire)[question.fact].value
    if is_choice(question):
        if equals:
            raise click.UsageError(f"{key} is a choice; write {key} alone, and all its words are tried")
        return words_axis(question, now)
    if not question.numeric:
        raise click.UsageError(f"{key} is neither a number nor a choice; hostwise whatif tries other answers to it")
    try:
        quantity = parse_quantity(written, FactType(question.type), question.unit)
    except NotAQuantity as problem:
        raise click.UsageError(f"{written!r}: {problem}; write it as {key}=1M..1B") from None
    low, high = quantity.low, quantity.high
    if low is None or high is None or low >= high:
        raise click.UsageError(f"{written!r} is no range; write it as {key}=1M..1B")
    if (question.min is not None and low < question.min) or (question.max is not None and high > question.max):
        raise click.UsageError(f"{written!r} is outside what {key} can be: {question.min} to {question.max}")
    return number_axis(question, now, low, high, steps)
