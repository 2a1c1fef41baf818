"""A map of a record, or of `hostwise whatif --sweep`, to what charts and tables read."""

from __future__ import annotations

from decimal import Decimal

from hostwise.analysis.maps.letter_map import LetterAxis, LetterMap
from hostwise.reading.numbers.fact_types import FactType
from hostwise.reading.numbers.number_format import unit_words
from hostwise.report.charts.ticks import tick
from hostwise.report.model.map import Map, MapAxis, MapVerdict
from hostwise.report.view.labels import verdict_label
from hostwise.report.words.words import Words


def map_of(data: LetterMap, words: Words) -> Map:
    """The map as charts see it."""
    letters = {entry.letter: place for place, entry in enumerate(data.verdicts)}
    return Map(
        x=axis_of(data.x, words),
        y=None if data.y is None else axis_of(data.y, words),
        today=data.today,
        verdicts=tuple(MapVerdict(v.verdict, verdict_label(v.verdict, v.label, words), v.cells) for v in data.verdicts),
        cells=tuple(tuple(letters[letter] for letter in row) for row in data.rows),
    )


def axis_of(data: LetterAxis, words: Words) -> MapAxis:
    """One axis of it."""
    kind, unit, numbers = data.type, data.unit, data.scale != "words"
    values = tuple(Decimal(value) if numbers else value for value in data.values)
    return MapAxis(
        key=data.key,
        label=data.label,
        title=_title(data.label, kind, unit, words),
        kind=kind,
        unit=unit,
        scale=data.scale,
        values=values,
        shown=tuple(data.shown),
        short=tuple(
            tick(v, kind, unit, words) if isinstance(v, Decimal) else s for v, s in zip(values, data.shown, strict=True)
        ),
        now=Decimal(data.now) if numbers and data.now is not None else data.now,
        now_shown=data.now_shown or "",
    )


def _title(label: str, kind: str, unit: str, words: Words) -> str:
    if kind == "money":
        per = unit.partition("/")[2]
        return words.say("map.per", label=label, per=words.label("per", per)) if per and per != "month" else label
    if kind in ("quantity", "duration") and unit:
        return words.say("map.unit", label=label, unit=unit_words(FactType(kind), unit, words.language))
    return label
