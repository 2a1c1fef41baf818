"""The blank questionnaire: every question with its help, as comments to uncomment and fill in."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from hostwise.answers.questions.questions import Question, Questionnaire

MODELINE = "# yaml-language-server: $schema={schema}"
SCHEMA_FILE = "hostwise.schema.json"
WIDTH = 100

_HEAD = """\
# A Hostwise questionnaire. Uncomment what you know and leave the rest: a default, with its source, is
# used where there is one. Write `unknown` where an answer exists but nobody has it yet.
# Numbers: 30M, 1.5B, 30_000_000, 60%, $2.50/h, 300ms; a range: 20M..40M or {low: 20M, likely: 30M, high: 40M}.
# A number with another unit is converted (900M a month is 30M a day), and refused where nothing converts it.
# Check it with `hostwise check FILE`, decide with `hostwise decide FILE`.
# The schema named in the first line is written by `hostwise catalogue schema > hostwise.schema.json`.
"""


def blank_questionnaire(questionnaire: Questionnaire, given: Mapping[str, str] | None = None) -> str:
    """The text of a questionnaire file. `given` holds answers by key, as they are to be written."""
    lines = [MODELINE.format(schema=SCHEMA_FILE), *_HEAD.splitlines()]
    for name, section in questionnaire.sections.items():
        lines += ["", f"# {section.title}. {section.help}"[: WIDTH * 3], f"{name}:"]
        for question in questionnaire.of(name):
            lines += _question(question, (given or {}).get(question.key))
    return "\n".join(lines) + "\n"


def _question(question: Question, value: str | None) -> Iterator[str]:
    yield ""
    yield from _comment(question.help)
    if question.values and question.type in ("enum", "set"):
        width = max(len(word) for word in question.values)
        for word, meaning in question.values.items():
            yield from _comment(f"{word:<{width}}  {meaning}", indent="  #   ")
    facts = "; ".join(_facts(question))
    if facts:
        yield from _comment(facts)
    if value is not None:
        yield f"  {question.name}: {value}"
    elif question.required:
        yield f"  {question.name}: {example(question)}"
    else:
        yield f"  # {question.name}: {example(question)}"


def _facts(question: Question) -> Iterator[str]:
    if question.must_be_answered:
        yield "A gate: it must be answered before anything is decided"
    if question.unit:
        money = question.type == "money"
        yield f"Unit: {question.unit.replace('USD', 'reporting currency') if money else question.unit}"
    if question.dimension:
        yield f"Written as {question.measure.dimension.example}"
    bounds = " to ".join(f"{end.normalize():f}" for end in (question.min, question.max) if end is not None)
    if bounds and question.numeric:
        yield f"From {bounds}"
    if question.default is not None:
        yield f"Default: {written(question.default.value, question)} ({question.default.because})"


def _comment(text: str, indent: str = "  # ") -> Iterator[str]:
    yield from textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent="  # " + " " * (len(indent) - 4))


_EXAMPLES = {
    "tokens": "30M",
    "count": "2",
    "ratio": "60%",
    "money": "$2.50",
    "duration": "800ms",
    "quantity": "1",
    "boolean": "no",
    "date": "2026-11-20",
    "text": "…",
    "rates": "{GBP: {rate: 1.30, as_of: 2026-11-01}}",
}


def example(question: Question) -> str:
    """An answer of the right form."""
    if question.example is not None:
        return question.example
    if question.default is not None:
        return written(question.default.value, question)
    if question.type == "enum":
        return next(iter(question.values))
    if question.type == "set":
        return f"[{next(iter(question.values))}]"
    if question.required:
        return "My workload"
    return _EXAMPLES[question.type]


def written(value: Any, question: Question) -> str:
    """A value as a person would write it in the file."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if question.type == "ratio":
        return f"{(Decimal(value) * 100).normalize():f}%"
    return str(value)
