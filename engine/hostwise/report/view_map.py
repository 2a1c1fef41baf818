"""A map of a record, or of `hostwise sweep`, to what charts and tables read."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hostwise.report.figures import compact, percent, plain_number, price
from hostwise.report.locale_values import unit_text
from hostwise.report.model_map import Map, MapAxis, MapVerdict
from hostwise.report.verdict_key import verdict_label
from hostwise.report.words import Words


def map_of(data: Mapping[str, Any], words: Words) -> Map:
    """The map as charts see it."""
    letters = {entry["letter"]: place for place, entry in enumerate(data["verdicts"])}
    return Map(
        x=axis_of(data["x"], words),
        y=None if data["y"] is None else axis_of(data["y"], words),
        today=None if data["today"] is None else (data["today"][0], data["today"][1]),
        verdicts=tuple(
            MapVerdict(v["verdict"], verdict_label(v["verdict"], v["label"], words), v["cells"])
            for v in data["verdicts"]
        ),
        cells=tuple(tuple(letters[letter] for letter in row) for row in data["rows"]),
    )


def axis_of(data: Mapping[str, Any], words: Words) -> MapAxis:
    """One axis of it."""
    kind, unit, numbers = data["type"], data["unit"], data["scale"] != "words"
    values = tuple(Decimal(value) if numbers else value for value in data["values"])
    return MapAxis(
        key=data["key"],
        label=data["label"],
        title=_title(data["label"], kind, unit, words),
        kind=kind,
        unit=unit,
        scale=data["scale"],
        values=values,
        shown=tuple(data["shown"]),
        short=tuple(
            tick(v, kind, unit, words) if isinstance(v, Decimal) else s
            for v, s in zip(values, data["shown"], strict=True)
        ),
        now=Decimal(data["now"]) if numbers and data["now"] is not None else data["now"],
        now_shown=data["now_shown"] or "",
    )


def tick(value: Decimal, kind: str, unit: str, words: Words) -> str:
    """A number for an axis: rounded to three digits, without the unit that the title of the axis has."""
    language = words.language
    if kind == "ratio":
        return f"{plain_number(_rounded(value), language)}×" if unit in ("x", "×") else percent(value, language)
    if kind == "money":
        return price(value, unit.partition("/")[0], language)
    return compact(value, language) if abs(value) >= 1000 else plain_number(_rounded(value), language)


def _rounded(value: Decimal) -> Decimal:
    """To three significant digits."""
    if not value:
        return value
    return value.quantize(Decimal(1).scaleb(min(value.adjusted() - 2, 0)), rounding=ROUND_HALF_UP)


def _title(label: str, kind: str, unit: str, words: Words) -> str:
    if kind == "money":
        per = unit.partition("/")[2]
        return words.say("map.per", label=label, per=words.label("per", per)) if per and per != "month" else label
    if kind in ("quantity", "duration") and unit:
        return words.say("map.unit", label=label, unit=unit_text(unit, words.language))
    return label
