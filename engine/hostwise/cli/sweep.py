"""`hostwise whatif --sweep`: which option wins where, as one or two answers change."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct
from msgspec.structs import replace

from hostwise.analysis.maps.letter_map import LetterMap
from hostwise.cli.shared.page import page

if TYPE_CHECKING:
    from hostwise.analysis.maps.axis import Axis
    from hostwise.analysis.maps.decision_map import DecisionMap
    from hostwise.analysis.situation import Situation
    from hostwise.answers.questions.questions import Questionnaire

ONE, ACROSS, UP = 25, 25, 15
"""Values of one answer by itself; of two, across and up."""
MOST = 100
"""Values of each of two answers: ten thousand decisions."""


class Drawing(Struct, frozen=True):
    """How a sweep is drawn: values of each number, the SVG it is written to, its language, or all of it as JSON."""

    steps: int | None
    output: Path | None
    language: str
    as_json: bool


def print_sweep(before: Situation, swept: Sequence[str], drawing: Drawing) -> None:
    """Draw which option wins where, as one answer goes from LOW to HIGH, or two of them.

    `KEY=LOW..HIGH` sweeps a number, by ratio where it spans more than a decade; `KEY` alone sweeps the words of a
    choice. Of one number, the boundaries are found to a thousandth. Raises `click.UsageError`, or `InputError` for a
    bad key.
    """
    from hostwise.analysis.maps.sweep import sweep as over
    from hostwise.analysis.maps.sweep import swept_map
    from hostwise.reading.json_values import plain
    from hostwise.report.terminal.map import map_text, sweep_text

    steps, output, language, as_json = drawing.steps, drawing.output, drawing.language, drawing.as_json
    if len(swept) > 2:
        raise click.UsageError("one or two answers can be swept at a time")
    if output and output.suffix.lower() != ".svg":
        raise click.UsageError(f"{output}: a map is written as SVG, to a name that ends in .svg")
    if len(swept) == 2 and steps and steps > MOST:
        raise click.UsageError(f"of two answers, at most {MOST} values each")
    defaults = (ONE,) if len(swept) == 1 else (ACROSS, UP)
    ordered = _across_and_up(swept, before.knowledge.questionnaire)
    axes = [
        _standing(_axis(text, before, steps or count), before) for text, count in zip(ordered, defaults, strict=True)
    ]
    labels = before.knowledge.catalogue.option_labels
    if len(axes) == 1:
        found = over(before, axes[0])
        drawn = _in_words(found.map, before)
        data = {"question": found.question.key, "points": found.points, "regions": found.regions, "map": drawn}
        text = "" if as_json else sweep_text(found, drawn, labels, **page(language))
    else:
        drawn = _in_words(swept_map(before, *axes), before)
        data = {"map": drawn}
        text = "" if as_json else map_text(drawn, **page(language))
    if output:
        _write(drawn, output, language)
    click.echo(json.dumps(plain(data), indent=2, ensure_ascii=False) if as_json else text, nl=as_json)


def _standing(axis: Axis, before: Situation) -> Axis:
    """The axis without the words that cannot be true beside the other answers, each of which is said."""
    from hostwise.analysis.maps.axis import is_choice
    from hostwise.analysis.maps.sweep import word_of, words_that_stand
    from hostwise.cli.shared.page import coloured
    from hostwise.reading.findings.diagnostic_formats import as_text
    from hostwise.reading.findings.diagnostics import Severity

    if not is_choice(axis.question):
        return axis
    standing, refused = words_that_stand(before, axis)
    for value, finding in refused:
        said = f"{axis.question.key} is not decided as {word_of(value)}: {finding.message}"
        told = replace(finding, severity=Severity.WARNING, message=said)
        click.echo(as_text([told], colour=coloured(sys.stderr)), err=True)
    return standing


def _across_and_up(swept: Sequence[str], questionnaire: Questionnaire) -> Sequence[str]:
    """As given, but a choice goes up, where there is room for its words, if the other is a number."""
    from hostwise.analysis.changes.what_if import question_of
    from hostwise.analysis.maps.axis import is_choice

    asked = [question_of(text.partition("=")[0].strip(), questionnaire, text) for text in swept]
    if len(asked) == 2 and asked[0] is asked[1]:
        raise click.UsageError(f"{asked[0].key} is given twice")
    words = [is_choice(question) for question in asked]
    return swept[::-1] if words == [True, False] else swept


def _in_words(found: DecisionMap, before: Situation) -> LetterMap:
    from hostwise.analysis.maps.decision_map import lettered
    from hostwise.economics.plans.competing.tier import known_facts

    knowledge = before.knowledge
    return lettered(found, known_facts(before.answers, knowledge.questionnaire, knowledge.catalogue), knowledge)


def _write(drawn: LetterMap, output: Path, language: str) -> None:
    from hostwise.reading.files.beside import write_beside
    from hostwise.report.charts.map import map_chart
    from hostwise.report.language.catalogue_text import translate
    from hostwise.report.view.map import map_of
    from hostwise.report.words.words import load_words

    words = load_words(language=language)
    drawing = map_chart(map_of(translate(drawn, words.language), words), words) + "\n"
    write_beside(output, drawing.encode("utf-8"))


def _axis(swept: str, before: Situation, steps: int) -> Axis:
    """The values of `key=low..high`, or of `key`. Raises `click.UsageError`, or `InputError` for a bad key."""
    from hostwise.analysis.changes.what_if import question_of
    from hostwise.analysis.maps.axis import is_choice, number_axis, words_axis
    from hostwise.answers.files.values import by_the_month, own_currency, parts_thousands
    from hostwise.answers.to_facts import answer_facts
    from hostwise.economics.numbers.currency import currency_of
    from hostwise.reading.numbers.amount import NotAQuantity
    from hostwise.reading.numbers.fact_types import FactType
    from hostwise.reading.numbers.quantity import parse_quantity
    from hostwise.reading.numbers.slips import without_groups

    questionnaire = before.knowledge.questionnaire
    key, equals, written = swept.partition("=")
    question = question_of(key.strip(), questionnaire, swept)
    if not is_choice(question) and not question.numeric:
        raise click.UsageError(f"{key} is neither a number nor a choice; --set KEY=VALUE tries other answers to it")
    fact, own = answer_facts(before.answers, questionnaire)[question.fact], own_currency(before.answers.values)
    # The numbers of a range are in the currency of the questionnaire; an answer in another one is none of them.
    now = fact.value if question.type != FactType.MONEY or currency_of(fact.unit) == own else None
    if is_choice(question):
        if equals:
            raise click.UsageError(f"{key} is a choice; write {key} alone, and all its words are tried")
        return words_axis(question, now)
    text = parts_thousands(question, written) or written
    large = question.measure.dimension.grouped or by_the_month(question, text)
    if large and (plain := without_groups(text)):
        raise click.UsageError(f"{written!r} can be read in two ways; write it as {key}={plain}, or with fewer places")
    try:
        quantity = parse_quantity(text, FactType(question.type), question.unit, question.measure, (own,))
    except NotAQuantity as problem:
        raise click.UsageError(f"{written!r}: {problem}; write it as {key}=1M..1B") from None
    if quantity.currency not in (None, own):
        raise click.UsageError(f"{written!r} is not in {own}, the currency of the questionnaire")
    low, high = quantity.low, quantity.high
    if low is None or high is None or low >= high:
        raise click.UsageError(f"{written!r} is no range; write it as {key}=1M..1B")
    if (question.min is not None and low < question.min) or (question.max is not None and high > question.max):
        raise click.UsageError(f"{written!r} is outside what {key} can be: {question.min} to {question.max}")
    return number_axis(question, now, low, high, steps)
