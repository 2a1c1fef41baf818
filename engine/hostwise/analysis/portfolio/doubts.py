"""What is doubtful about rows once they are costed, and rows that rest on exchange rates that are too old."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Protocol

import numpy as np
from msgspec.structs import replace

from hostwise.answers.fact_text import format_fact
from hostwise.answers.facts import SCALES, Fact
from hostwise.answers.files.answer import Answer
from hostwise.answers.plausible import Plausible
from hostwise.batch.cases import Places
from hostwise.flow.doubts import BILLED, SPEND, bill_doubts
from hostwise.flow.freshness import OutOfDate, check_age, rates_of
from hostwise.flow.knowledge import Knowledge
from hostwise.inference.columns import Column, FactTable, Floats, Mask
from hostwise.reading.findings.diagnostics import Diagnostic, Place, Severity

Found = dict[int, tuple[Diagnostic, ...]]
STATED = "stated_api_spend"


class Stated(Protocol):
    """The rows as they are looked at here."""

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
            check_age(rates_of(answers[kind], knowledge), day, knowledge)
        except OutOfDate as problem:
            for case in cases[which[cases] == kind].tolist():
                place = _place_of_rates(rows.facts(case))
                found[case] = tuple(replace(finding, place=place or finding.place) for finding in problem.diagnostics)
    return found


def _place_of_rates(facts: Mapping[str, Fact]) -> Place | None:
    places = (fact.provenance.place for name, fact in facts.items() if name.startswith("exchange_rate."))
    return next(places, None)


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
        spend = Answer(SPEND, fact.value, fact.provenance.place, format_fact(fact))
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
