"""What is doubtful about the rows of a table, as about questionnaires: each different answer is looked at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from pathlib import Path

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from hostwise.answers.doubtful import grouped, implausible, may_be_grouped, one_or_all, spread_over_days
from hostwise.answers.doubtful_pairs import (
    LENGTHS,
    ORDERED,
    SHARES,
    days_of,
    doubtful_lengths,
    doubtful_order,
    doubtful_rates,
    doubtful_shares,
)
from hostwise.answers.facts import SCALES, FactType
from hostwise.answers.files.answer import Answer
from hostwise.answers.files.days import RATES
from hostwise.answers.files.values import BASE, CURRENCY
from hostwise.answers.plausible import Plausible, load_plausible
from hostwise.answers.questions.questions import Questionnaire
from hostwise.answers.tables.column_reader import AnswerBlock, Cells
from hostwise.reading.findings.diagnostics import Diagnostic, Place, Severity

Columns = Mapping[str, AnswerBlock]
Rows = NDArray[np.intp]


def doubted_keys(questionnaire: Questionnaire) -> frozenset[str]:
    """The questions whose answers are looked at as they are written."""
    table = load_plausible(Path(questionnaire.file).parent)
    large = [question.key for question in questionnaire.questions if may_be_grouped(question)]
    return frozenset(chain(large, *(usual.questions for usual in table.ranges), *LENGTHS, *SHARES, *ORDERED))


def doubtful_rows(
    given: Columns, cells: Mapping[str, Cells], sound: NDArray[np.bool_], questionnaire: Questionnaire
) -> Iterator[tuple[int, Diagnostic]]:
    """The doubts about each sound row; their places have the column and no line."""
    yield from _groups(given, cells, sound, load_plausible(Path(questionnaire.file).parent))
    yield from _ranges(given, cells, sound, questionnaire)
    yield from _rates(given, cells, sound, questionnaire)
    yield from _lengths(given, cells, sound, questionnaire)
    yield from _shares(given, cells, sound, questionnaire)
    yield from _order(given, cells, sound, questionnaire)


def sums_among(names: Sequence[str], column: int, questionnaire: Questionnaire) -> Iterator[tuple[int, Diagnostic]]:
    """Rows that are called as those are which add up the others: each would be one more workload."""
    words = load_plausible(Path(questionnaire.file).parent).sums
    for row, name in enumerate(names):
        if name.strip(" :").casefold() in words:
            message = "does this row add up the others? It is counted as one more workload"
            accepted = "rows of workloads alone; or another name"
            yield (
                row,
                Diagnostic(
                    Place("", 0, column), "sum-of-rows", message, name[:60], accepted, severity=Severity.WARNING
                ),
            )


def sums_by_figures(
    given: Columns, names: Sequence[str], column: int, sound: NDArray[np.bool_], questionnaire: Questionnaire
) -> Iterator[tuple[int, Diagnostic]]:
    """The first or the last row where its figures are those of the others together, whatever it is called.

    One figure of a few rows may be so by chance: it takes two of them, or three other rows.
    """
    rows, asked = np.flatnonzero(sound), load_plausible(Path(questionnaire.file).parent).added_up
    columns = [np.where(c.which > 0, c.numbers["value"], np.nan)[rows] for key in asked if (c := given.get(key))]
    for place in (len(rows) - 1, 0) if len(rows) > 2 else ():
        others = [np.delete(values, place) for values in columns if not np.isnan(values[place])]
        figures = [values[place] for values in columns if not np.isnan(values[place])]
        known = [(figure, rest[~np.isnan(rest)]) for figure, rest in zip(figures, others, strict=True)]
        if not known or not all(len(rest) > 1 and np.isclose(rest.sum(), figure, rtol=1e-9) for figure, rest in known):
            continue
        if len(known) > 1 or min(len(rest) for _, rest in known) > 2:
            row = int(rows[place])
            message = "its figures are those of the other rows together: it is counted as one more workload"
            accepted = "rows of workloads alone"
            found = names[row][:60]
            yield (
                row,
                Diagnostic(Place("", 0, column), "sum-of-rows", message, found, accepted, severity=Severity.WARNING),
            )
            return


def _groups(
    given: Columns, cells: Mapping[str, Cells], sound: NDArray[np.bool_], table: Plausible
) -> Iterator[tuple[int, Diagnostic]]:
    """Numbers of which the point may part the thousands, in a table that does not say how it writes them; and what is
    said of longer than the day that is asked about."""
    for key, column in given.items():
        asked = _grouped_at(column, cells[key])
        if key in table.days_of_use:
            spread = (
                (place, spread_over_days(answer, cells[key].question, table))
                for place, answer in _read(column, cells[key])
            )
            asked |= {place: doubt for place, doubt in spread if doubt is not None}
        if key in table.one_or_all:
            ones = ((place, one_or_all(answer, cells[key].question)) for place, answer in _read(column, cells[key]))
            asked |= {place: doubt for place, doubt in ones if doubt is not None}
        if not asked:
            continue
        rows = np.flatnonzero(sound & (column.which > 0) & np.isin(column.places, list(asked)))
        yield from ((row, asked[place]) for row, place in zip(rows.tolist(), column.places[rows].tolist(), strict=True))


def _grouped_at(column: AnswerBlock, cells: Cells) -> dict[int, Diagnostic]:
    """The doubts about the texts of a column, by their places."""
    if cells.declared or not may_be_grouped(cells.question):
        return {}
    found = ((place, grouped(answer, cells.question)) for place, answer in _read(column, cells))
    return {place: doubt for place, doubt in found if doubt is not None}


def _read(column: AnswerBlock, cells: Cells) -> Iterator[tuple[int, Answer]]:
    """The different answers of a column, by the places of their texts."""
    read = ((place, cells.read[place]) for place in np.unique(column.places[column.which > 0]).tolist())
    yield from ((place, answer) for place, answer in read if isinstance(answer, Answer))


def _ranges(
    given: Columns, cells: Mapping[str, Cells], sound: NDArray[np.bool_], questionnaire: Questionnaire
) -> Iterator[tuple[int, Diagnostic]]:
    own = given[CURRENCY].which if CURRENCY in given else np.zeros(len(sound), dtype=np.int32)
    for usual in load_plausible(Path(questionnaire.file).parent).ranges:
        for key in usual.questions:
            if key not in given:
                continue
            outside = sound & _may_be_outside(given[key], cells[key], usual.low, usual.high, own)
            if outside.any() and (asked := _grouped_at(given[key], cells[key])):
                outside &= ~np.isin(given[key].places, list(asked))
            rows = np.flatnonzero(outside)
            for (place, kind), alike in _distinct([given[key].places[rows], own[rows]], rows):
                values = _values([(key, cells[key].read[place])])
                if kind > 0:
                    values |= _values([(CURRENCY, cells[CURRENCY].kinds[kind])])
                for finding in implausible(values, questionnaire):
                    yield from ((row, finding) for row in alike)


def _may_be_outside(
    column: AnswerBlock, cells: Cells, low: Decimal, high: Decimal, own: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """Rows whose number is outside a range in dollars, or is in another currency and must be converted first."""
    scale = _scale(cells)
    ranged = np.array([kind is not None and kind.low is not None for kind in cells.kinds])[column.which]
    value = column.numbers["value"]
    bottom = np.where(ranged, column.numbers.get("low", value), value)
    top = np.where(ranged, column.numbers.get("high", value), value)
    outside = (bottom < float(low) * scale) | (top > float(high) * scale)
    if cells.question.type == "money":
        foreign = np.array([kind is not None and kind.currency not in (None, BASE) for kind in cells.kinds])
        outside |= foreign[column.which] | (own > 0)
    known: NDArray[np.bool_] = column.which > 0
    return outside & known


def _rates(
    given: Columns, cells: Mapping[str, Cells], sound: NDArray[np.bool_], questionnaire: Questionnaire
) -> Iterator[tuple[int, Diagnostic]]:
    money = [key for key in given if cells[key].question.type == "money"]
    keys = [key for key in (CURRENCY, RATES) if key in given] + money
    rows = np.flatnonzero(sound)
    for kinds, alike in _distinct([given[key].which[rows] for key in keys], rows):
        values = _values((key, cells[key].kinds[kind]) for key, kind in zip(keys, kinds, strict=True))
        for finding in doubtful_rates(values, questionnaire):
            # An answer of a kind stands for all of them: what is written in this row is not known here.
            said = replace(finding, found=None) if finding.code == "missing-rate" else finding
            yield from ((row, said) for row in alike)


def _lengths(
    given: Columns, cells: Mapping[str, Cells], sound: NDArray[np.bool_], questionnaire: Questionnaire
) -> Iterator[tuple[int, Diagnostic]]:
    apart = load_plausible(Path(questionnaire.file).parent).apart
    for keys in LENGTHS:
        if not all(key in given for key in keys):
            continue
        stated, requests, length = (
            np.where(given[key].which > 0, given[key].numbers["value"], 0) / _scale(cells[key]) for key in keys
        )
        computed = requests * length * days_of(keys[0])
        known, most = sound & (stated > 0) & (computed > 0), float(apart.factor) * 0.999
        ratio = np.divide(stated, computed, out=np.ones(len(sound)), where=known)
        rows = np.flatnonzero(known & ((ratio > most) | (ratio < 1 / most)))
        for places, alike in _distinct([given[key].places[rows] for key in keys], rows):
            values = _values((key, cells[key].read[place]) for key, place in zip(keys, places, strict=True))
            for finding in doubtful_lengths(values, apart):
                yield from ((row, finding) for row in alike)


def _shares(
    given: Columns, cells: Mapping[str, Cells], sound: NDArray[np.bool_], questionnaire: Questionnaire
) -> Iterator[tuple[int, Diagnostic]]:
    apart = load_plausible(Path(questionnaire.file).parent).apart
    ways = [keys for keys in SHARES if all(key in given for key in keys)]
    if len(ways) < 2:
        return
    said = np.column_stack([_share_by(keys, given, cells) for keys in ways])
    known = sound & (np.isfinite(said).sum(axis=1) > 1)
    spread = np.zeros(len(sound))
    spread[known] = np.nanmax(said[known], axis=1) - np.nanmin(said[known], axis=1)
    rows, keys = np.flatnonzero(spread > float(apart.share) * 0.999), list(chain(*ways))
    for places, alike in _distinct([np.where(given[k].which > 0, given[k].places, -1)[rows] for k in keys], rows):
        read = ((key, cells[key].read[place]) for key, place in zip(keys, places, strict=True) if place >= 0)
        for finding in doubtful_shares(_values(read), apart):
            yield from ((row, finding) for row in alike)


def _share_by(keys: tuple[str, ...], given: Columns, cells: Mapping[str, Cells]) -> NDArray[np.float64]:
    """How much of the tokens is input by some questions; NaN where they do not say it."""
    numbers = [np.where(given[key].which > 0, given[key].numbers["value"] / _scale(cells[key]), np.nan) for key in keys]
    whole = np.ones(len(numbers[0])) if len(keys) == 1 else np.sum(numbers, axis=0)
    share: NDArray[np.float64] = np.divide(numbers[0], whole, out=np.full(len(whole), np.nan), where=whole > 0)
    return share


def _order(
    given: Columns, cells: Mapping[str, Cells], sound: NDArray[np.bool_], questionnaire: Questionnaire
) -> Iterator[tuple[int, Diagnostic]]:
    for keys in ORDERED:
        if not all(key in given for key in keys):
            continue
        small, large = (given[key] for key in keys)
        known = sound & (small.which > 0) & (large.which > 0)
        rows = np.flatnonzero(known & (small.numbers["value"] > large.numbers["value"]))
        for places, alike in _distinct([each.places[rows] for each in (small, large)], rows):
            values = _values((key, cells[key].read[place]) for key, place in zip(keys, places, strict=True))
            for finding in doubtful_order(values, questionnaire):
                yield from ((row, finding) for row in alike)


def _scale(cells: Cells) -> float:
    """How many last places one unit of a column is."""
    return float(10 ** SCALES[FactType(cells.question.type)])


def _values(answers: Iterable[tuple[str, object]]) -> dict[str, Answer]:
    return {key: answer for key, answer in answers if isinstance(answer, Answer)}


def _distinct(codes: Sequence[NDArray[np.int32]], rows: Rows) -> Iterator[tuple[list[int], list[int]]]:
    """The different combinations of codes of some rows, and the rows that have each."""
    if not len(rows) or not codes:
        return
    different, whose = np.unique(np.column_stack(codes), axis=0, return_inverse=True)
    order = np.argsort(whose.ravel(), kind="stable")
    ends = np.searchsorted(whose.ravel()[order], np.arange(len(different) + 1))
    for number, combination in enumerate(different.tolist()):
        yield combination, rows[order[ends[number] : ends[number + 1]]].tolist()
