"""Values with where they come from: what a ledger line lists as its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import Fact, Origin
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.graded import BandGrade, cited
from hostwise.economics.numbers.bands import Band, either
from hostwise.economics.numbers.numbers import Test
from hostwise.economics.numbers.tape import TapedTruth
from hostwise.reading.translatable import fill


class Sourced(Struct, frozen=True):
    """A band with its origin (given, assumed, derived, listed, estimated), its source and the facts behind it."""

    band: Band
    origin: str
    source: str
    inputs: tuple[str, ...] = ()
    unit: str = ""


def chosen(test: Test, yes: Sourced, no: Sourced) -> Sourced:
    """One value where a test holds, another where not. On a tape its source is but a text."""
    if not isinstance(test, TapedTruth):
        return yes if test else no
    return replace(yes, band=either(test, yes.band, no.band))


def given(name: str, facts: Mapping[str, Fact]) -> Sourced | None:
    """The answer to a numeric question, with its range, or None when it was not given."""
    fact = facts.get(name)
    if fact is None or not isinstance(fact.value, Decimal) or fact.provenance.origin is Origin.ASSUMED:
        return None
    return from_fact(fact)


def from_fact(fact: Fact) -> Sourced:
    """A known numeric fact as a band."""
    assert isinstance(fact.value, Decimal)
    low = fact.low if fact.low is not None else fact.value
    high = fact.high if fact.high is not None else fact.value
    place = fact.provenance.place
    source = f"{place.file}:{place.line}" if place else (fact.provenance.source or "")
    return Sourced(Band(low, fact.value, high), fact.provenance.origin.value, source, (fact.name,), fact.unit)


def figure(name: str, catalogue: Catalogue, facts: Mapping[str, Fact]) -> Sourced:
    """A catalogue figure, or the answer that replaces it."""
    entry = catalogue.figures[name]
    stated = given(entry.fact, facts) if entry.fact else None
    if stated is not None:
        return stated
    return Sourced(
        entry.band,
        "assumed",
        _source(entry.source, entry.grade, entry.because),
        (entry.fact,) if entry.fact else (),
        entry.unit,
    )


@lru_cache(maxsize=1024)
def _source(source: str, grade: BandGrade | None, because: str) -> str:
    """Where a figure comes from: the same texts a hundred times a costing."""
    return fill("{source}: {because}", source=cited(source, grade), because=because)
