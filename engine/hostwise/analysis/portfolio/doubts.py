"""What is doubtful about rows once they are costed, and rows that rest on exchange rates that are too old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import numpy as np
from msgspec.structs import astuple, replace

from hostwise.answers.facts import SCALES, Fact
from hostwise.answers.files.answer import Answer
from hostwise.answers.plausible import Plausible
from hostwise.batch.cases import Places, Population
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.currency import BASE
from hostwise.economics.plans.rents import GPU_RENT
from hostwise.economics.prices.price import NoPrice, TokenPrice
from hostwise.economics.prices.stated import CURRENT, OPEN
from hostwise.flow.doubts import BILLED, SPEND, bill_doubts
from hostwise.flow.flow import Basis
from hostwise.flow.freshness import OutOfDate, aged_rates, check_age, rates_of
from hostwise.flow.knowledge import Knowledge
from hostwise.flow.named_doubts import (
    HAD,
    LICENSED,
    OFF_LIST,
    SCORED,
    in_full,
    listed_prices,
    listed_rent,
    named_doubts,
    prices_of,
)
from hostwise.inference.columns import Column, FactTable, Floats, Mask
from hostwise.reading.findings.diagnostics import Diagnostic, Place, Severity

Found = dict[int, tuple[Diagnostic, ...]]
STATED = "stated_api_spend"


class Stated(Protocol):
    """The rows as they are looked at here."""

    @property
    def lines(self) -> Sequence[int]:
        """The line of each row; nothing where each is a file."""

    @property
    def rates(self) -> tuple[tuple[Answer | None, ...], Places]:
        """The exchange rates that the rows state, and which of them each row has."""

    def facts(self, case: int) -> dict[str, Fact]:
        """The facts of one row, each at its own place."""


def as_errors(doubts: Mapping[int, tuple[Diagnostic, ...]]) -> Found:
    """Doubts as what refuses a row."""
    return {row: tuple(replace(each, severity=Severity.ERROR) for each in found) for row, found in doubts.items()}


def old_rates(rows: Stated, cases: Places, day: date, knowledge: Knowledge) -> Found:
    """The rows whose exchange rates are too old to decide on."""
    answers, which = rows.rates
    found: Found = {}
    for kind in np.unique(which[cases]).tolist():
        try:
            check_age(rates_of(answers[kind], knowledge.root), day, knowledge.root)
        except OutOfDate as problem:
            for case in cases[which[cases] == kind].tolist():
                place = _place_of_rates(rows.facts(case))
                found[case] = tuple(replace(finding, place=place or finding.place) for finding in problem.diagnostics)
    return found


def rates_to_renew(rows: Stated, cases: Places, day: date, rules: Path) -> Found:
    """Warnings about exchange rates that should be read again, by row."""
    answers, which = rows.rates
    found: Found = {}
    for kind in np.unique(which[cases]).tolist():
        aged = [each for each in aged_rates(answers[kind], day, rules) if each.severity is Severity.WARNING]
        for case in cases[which[cases] == kind].tolist() if aged else ():
            place = _place_of_rates(rows.facts(case))
            found[case] = tuple(replace(each, place=place or each.place) for each in aged)
    return found


def _place_of_rates(facts: Mapping[str, Fact]) -> Place | None:
    places = (fact.provenance.place for name, fact in facts.items() if name.startswith("exchange_rate."))
    return next(places, None)


def doubtful_names(rows: Stated, chunk: Places, population: Population, basis: Basis, table: Plausible) -> Found:
    """Names that no price list has, and prices far from the list's, as `named_doubts` finds them.

    Rows of the same names are looked up once; where a price may be far off, the row is looked at by itself.
    """
    spreads = [population.spreads[name] for name in READ if name in population.spreads]
    if not len(chunk) or not spreads:
        return {}
    parts, whose = np.unique(np.column_stack([each.which for each in spreads]), axis=0, return_inverse=True)
    found: Found = {}
    for part in range(len(parts)):
        cases = np.flatnonzero(whose.ravel() == part)
        facts = population.at(int(cases[0]))
        alike = [each for each in named_doubts(facts, basis.catalogue, basis.as_of, table) if each.code != OFF_LIST]
        far = np.zeros(len(cases), dtype=bool)
        for named in listed_prices(facts, basis.catalogue, basis.as_of):
            if isinstance(named.found, NoPrice) and facts[STATED].known:
                far[:] = True  # whether a volume is there beside the bill differs from row to row
            if isinstance(named.found, TokenPrice) and named.found.instead_of is None:
                for name, band in prices_of(named.names, named.found):
                    far |= _may_be_far(population, cases, facts[name], band, table.apart.price / ROUGH)
        rent = listed_rent(facts, basis.catalogue)
        if rent is not None:
            far |= _may_be_far(population, cases, facts[GPU_RENT], rent, table.apart.rent)
        for case, by_itself in zip(cases.tolist(), far.tolist(), strict=True):
            row = int(chunk[case])
            if by_itself or (alike and not rows.lines):
                each = tuple(named_doubts(rows.facts(row), basis.catalogue, basis.as_of, table))
            else:
                each = tuple(replace(d, place=replace(d.place, line=rows.lines[row])) for d in alike)
            if each:
                found[row] = each
    return found


READ = tuple(dict.fromkeys(
    (*astuple(CURRENT), *astuple(OPEN), "current_price_as_of", "current_tier", STATED, "residency", "currency",
     "own_model", SCORED, *LICENSED, *HAD)
))  # fmt: skip
"""The facts that part rows: names, whether and in which currency prices are given, and how a GPU would be had."""
ROUGH = Decimal(2)
"""Prices of long requests are up to twice those of short ones, and rows of the same names have different lengths."""


def _may_be_far(population: Population, cases: Places, fact: Fact, band: Band, factor: Decimal) -> Mask:
    """Where a given price may be far from the list's: who is left is looked at exactly."""
    code = fact.unit.partition("/")[0]
    rates = population.spreads.get(f"exchange_rate.{code}")
    if not isinstance(fact.value, Decimal) or band.low <= 0 or (code != BASE and rates is None):
        return np.zeros(len(cases), dtype=bool)
    numbers = population.spreads[fact.name].numbers["value"][cases] / 10.0 ** SCALES[fact.type]
    if rates is not None and "value" in rates.numbers:
        scale = next(SCALES[each.type] for each in rates.prototypes if each is not None)
        numbers = numbers * rates.numbers["value"][cases] / 10.0**scale
    least, most = float(band.low / factor), float(band.high * factor)
    far: Mask = (numbers > 0) & ((numbers < least) | (numbers > most))
    return far


def doubtful_bills(rows: Stated, chunk: Places, table: FactTable, usual: Plausible) -> Found:
    """The bills that are stated and hardly fit the volume at its price."""
    stated = table.columns.get(STATED)
    if stated is None or not stated.known.any():
        return {}
    bill, volume, listed = (_numbers(table.columns[name]) for name in BILLED)
    found: Found = {}
    for case in np.flatnonzero(stated.known & _far_apart(bill, listed, usual)).tolist():
        row = int(chunk[case])
        fact = rows.facts(row)[STATED]
        assert isinstance(fact.value, Decimal) and fact.provenance.place is not None
        spend = Answer(SPEND, fact.value, fact.provenance.place, in_full(fact))
        amounts = [None if np.isnan(each[case]) else Decimal(float(each[case])) for each in (bill, volume, listed)]
        if doubts := tuple(bill_doubts(spend, amounts, usual)):
            found[row] = doubts
    return found


def _far_apart(bill: Floats, listed: Floats, usual: Plausible) -> Mask:
    """Roughly: who is left is looked at exactly."""
    with np.errstate(all="ignore"):
        ratio = bill / listed
    most = float(usual.apart.bill) * 0.999
    apart: Mask = np.isnan(listed) | (listed == 0) | (ratio > most) | (ratio < 1 / most)
    return apart


def _numbers(column: Column) -> Floats:
    return np.where(column.known, column.values / 10.0 ** SCALES[column.spec.type], np.nan)
