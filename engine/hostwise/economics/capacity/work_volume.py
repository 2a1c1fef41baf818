"""A volume from what people count (`rules/catalogue/work.yaml`): tokens a month, and the arithmetic of them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import Fact, FactType
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.entries import Figure
from hostwise.economics.catalogue.sourced import Sourced, chosen, figure, given
from hostwise.economics.catalogue.work import first_of
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.formula import compute, names
from hostwise.economics.numbers.formula_text import in_words
from hostwise.economics.numbers.taped_facts import TapedFacts, says
from hostwise.reading.numbers.number_format import kind_of
from hostwise.reading.translatable import fill, joined, prose

ESTIMATED = "estimated"
"""The origin of a volume that a figure of the catalogue is part of."""


class CountedWork(Struct, frozen=True):
    """Tokens a month, those of them that are input, the cached share of these and the input tokens of a request.

    The last two are None where nothing says them.
    """

    tokens: Sourced
    input_tokens: Sourced
    cached: Sourced | None
    request: Sourced | None

    @property
    def share(self) -> Sourced:
        """The share of input tokens."""
        ratio = Band.exactly(self.input_tokens.band.likely / self.tokens.band.likely)
        return Sourced(ratio, "derived", prose("input ÷ total"), self.tokens.inputs)


class NotCounted(Struct, frozen=True):
    """A formula names an answer that is not known: `needs` is its fact."""

    needs: str


def counted_work(facts: Mapping[str, Fact], catalogue: Catalogue) -> CountedWork | NotCounted | None:
    """The volume by the first number that people gave; None where they gave none."""
    unit = catalogue.work.counted(facts)
    if unit is None:
        return None
    tokens, inputs = (_computed(formula, facts, catalogue) for formula in (unit.tokens, unit.input))
    if isinstance(tokens, NotCounted):
        return tokens
    assert isinstance(inputs, Sourced)
    if tokens.band.likely <= 0:
        return None
    cached, request = (_maybe(formula, facts, catalogue) for formula in (unit.cached, unit.request))
    return CountedWork(tokens, inputs, cached, request)


def arithmetic(facts: Mapping[str, Fact], catalogue: Catalogue) -> str | None:
    """The volume as a person would work it out: `40 developers × 15 days × 18M tokens/day`; None where none is."""
    unit = catalogue.work.counted(facts)
    return None if unit is None else _written(unit.tokens, facts, catalogue)


def estimates(facts: Mapping[str, Fact], catalogue: Catalogue) -> tuple[str, ...]:
    """The figures that stand for answers in the volume that is counted."""
    unit = catalogue.work.counted(facts)
    named = [catalogue.work.meant(name, facts) for name in names(unit.tokens)] if unit is not None else []
    figures = [name for name in named if name in catalogue.figures]
    return tuple(name for name in figures if figure(name, catalogue, facts).origin == "assumed")


def _computed(formula: str, facts: Mapping[str, Fact], catalogue: Catalogue) -> Sourced | NotCounted:
    found: dict[str, Sourced] = {}
    for name in names(formula):
        value = _value(name, facts, catalogue)
        if value is None:
            return NotCounted(name)
        found[name] = value
    estimated = [name for name, value in found.items() if value.origin == "assumed"]
    source = _written(formula, facts, catalogue) or ""
    if estimated and source:
        read = joined([_read(catalogue.figures[catalogue.work.meant(name, facts)]) for name in estimated], "; ")
        source = fill(prose("{arithmetic}, an estimate: {figures}"), arithmetic=source, figures=read)
    inputs = tuple(dict.fromkeys(name for value in found.values() for name in value.inputs))
    band = compute(formula, {name: value.band for name, value in found.items()})
    return Sourced(band, ESTIMATED if estimated else "derived", source, inputs, "tokens/month")


def _maybe(formula: str, facts: Mapping[str, Fact], catalogue: Catalogue) -> Sourced | None:
    """The same of what may be left open."""
    found = _computed(formula, facts, catalogue) if formula else None
    return found if isinstance(found, Sourced) else None


def _value(name: str, facts: Mapping[str, Fact], catalogue: Catalogue) -> Sourced | None:
    by_word = catalogue.work.words(name)
    if by_word is None:
        return figure(name, catalogue, facts) if name in catalogue.figures else given(name, facts)
    fact, words = by_word
    value = figure(first_of(words), catalogue, facts)
    for word, meant in words.items():
        value = chosen(says(facts, fact, word), figure(meant, catalogue, facts), value)
    return value


def _written(formula: str, facts: Mapping[str, Fact], catalogue: Catalogue) -> str | None:
    """A formula with its numbers. What is recorded for many cases has no number to be written."""
    if isinstance(facts, TapedFacts):
        return ""
    values = {name: _value(name, facts, catalogue) for name in names(formula)}
    known = {name: value for name, value in values.items() if value is not None}
    return in_words(formula, {name: _amount(value) for name, value in known.items()})


def _amount(value: Sourced) -> str:
    return format_value(value.band.likely, kind_of(value.unit), value.unit)


def _read(entry: Figure) -> str:
    """A figure with its ends, its source, its grade and its days."""
    kind = kind_of(entry.unit)
    values = {
        "label": entry.label,
        "low": format_value(entry.low, kind, entry.unit),
        "high": format_value(entry.high, kind, entry.unit),
        "source": entry.cited,
        "grade": entry.grade or "",
        "day": format_value(entry.as_of.isoformat(), FactType.DATE),
        "review": format_value(entry.review_by.isoformat(), FactType.DATE) if entry.review_by else "",
    }
    message = prose("{label} {low} to {high} ({source}; grade {grade}, as of {day}, to be read again by {review})")
    return fill(message, **values)
