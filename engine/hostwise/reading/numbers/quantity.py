"""Quantities as people write them: `30M`, `60%`, `$2.50/h`, `300ms`, `900M a month`, `20M..40M`.

One grammar serves questionnaires and rules:

    range      = amount [(".." | "to" | "–" | "-") amount] | amount "±" (amount | share of it)
    amount     = [currency] number [multiplier | "%"] [currency] [units] [currency]

What a value may be measured in is its dimension (`reading/units.py`): it is turned into the unit of its fact where the
dimension is the same, and refused where it is not. No part of what is written is passed over.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache

from msgspec import Struct

from hostwise.reading.numbers.amount import NotAQuantity, Own, WrittenAmount, parts_of, read_amount
from hostwise.reading.numbers.currencies import CENTS
from hostwise.reading.numbers.fact_types import SCALES, WIDE, FactType
from hostwise.reading.numbers.units import Measure, Part, WrongUnit, converted, measure

NUMERIC = frozenset(
    {FactType.TOKENS, FactType.COUNT, FactType.RATIO, FactType.MONEY, FactType.DURATION, FactType.QUANTITY}
)
LONGEST = 120
_SCALED = {"k": 3, "M": 6, "B": 9, "T": 12}
_PLAIN = re.compile(r"(\d{1,15}(?:\.\d{1,15})?)([kMBT]?)", re.ASCII)
_BETWEEN = re.compile(
    r"(?<!\.)\.\.(?!\.)|(?<=\S)\s*[–—]\s*(?=[^\s])|\s+(?:to|bis)\s+|(?<![eE])(?<=[\w%])-(?=[\d$€£¥])"
    r"|(?<=\S)\s+-\s+(?=[\d.$€£¥])"
)
_HYPHEN = re.compile(r"\s*([\d./]+)\s*-\s*([\d./]+)((?:\s*-\s*[\d./]+)*)\s*")
_NUMBER_ALONE = re.compile(r"(?:0|[1-9]\d*)(?:\.\d+)?")
_YEAR, _MONTH = re.compile(r"(?:19|20)\d\d"), re.compile(r"[1-9]|1[0-2]")
_ABOUT = re.compile(r"\s*(?:[~≈]|(?:about|approx|approximately|around|ca|circa|etwa|rund|ungefähr)\b\.?)\s*", re.I)


class Quantity(Struct, frozen=True):
    """A number or a range, in the unit of its fact. `low == likely == high` unless a range was given.

    `stated` is the same as it was written, where that was in another unit (its `parts`). `assumed`: its currency is
    what a spelling of several is taken for.
    """

    low: Decimal
    likely: Decimal
    high: Decimal
    currency: str | None = None
    parts: tuple[Part, ...] = ()
    stated: Quantity | None = None
    assumed: bool = False

    @property
    def is_range(self) -> bool:
        """Whether more than one value is possible."""
        return self.low != self.high


def parse_quantity(
    text: str, kind: FactType, unit: str = "", into: Measure | None = None, own: Own = ("USD",)
) -> Quantity:
    """Read a quantity or a range of `kind` in `unit`. Raises `NotAQuantity`.

    `into` is what it may be measured in, where the unit alone does not tell. `own` are the currencies of
    the questionnaire.

    >>> parse_quantity("30M", FactType.TOKENS).likely
    Decimal('30000000')
    >>> parse_quantity("900M a month", FactType.TOKENS, "tokens/day").likely
    Decimal('30000000.000')
    >>> quantity = parse_quantity("$2.50/h..$3/h", FactType.MONEY, "USD/hour")
    >>> quantity.low, quantity.high, quantity.currency
    (Decimal('2.50'), Decimal('3'), 'USD')
    """
    plain = _PLAIN.fullmatch(text)
    if plain and (not plain[2] or kind is FactType.TOKENS or kind is FactType.MONEY):
        # What most answers and rules hold: no need to look for anything else in it.
        value = Decimal(plain[1]).scaleb(_SCALED.get(plain[2], 0))
        return Quantity(value, value, value)
    into = into or measure(kind, unit)
    accepted = into.dimension.example
    if about := _ABOUT.match(text):
        raise NotAQuantity(
            "how far off may it be?", "its ends, as in 30M..50M, or the number alone", text[about.end() :] or None
        )
    if len(text) > LONGEST or _may_be_a_day(text):
        raise NotAQuantity("not a quantity", accepted)
    if _may_say_a_range(text):
        words = _words_of_ranges()
        if around := words.around.fullmatch(text):
            return _around(around[1], around[2], kind, into, own)
        if written := words.from_to.fullmatch(text):
            text = "..".join(filter(None, written.groups()))
        elif open_ended := words.open_ended.fullmatch(text):
            said = open_ended["after"] or open_ended["before"]
            raise NotAQuantity("one end is open", "both ends, as in 20M..40M, or the number alone", said)
    ends = [end.strip() for end in _BETWEEN.split(text)]
    if len(ends) not in (1, 2) or not all(ends):
        raise NotAQuantity("not a quantity", accepted)
    try:
        read = [_end(end, text, kind, into, own) for end in ends]
        return _quantity(*_completed(read[0], read[-1]), kind, into)
    except WrongUnit as problem:
        raise NotAQuantity(str(problem), accepted, _mended(text, problem, kind, into, own)) from None


def _may_say_a_range(text: str) -> bool:
    """Whether it could be `between 20M and 40M`, `30M ± 10M` or `up to 30M`: few are, and what reads them is slow."""
    return text.lstrip()[:1].isalpha() or not _SIGNS.isdisjoint(text) or " or " in text or " oder " in text


_SIGNS = frozenset("±+<>≤≥")


class _Words(Struct, frozen=True):
    around: re.Pattern[str]
    from_to: re.Pattern[str]
    open_ended: re.Pattern[str]


@cache
def _words_of_ranges() -> _Words:
    return _Words(
        re.compile(r"(.*?\S)\s*(?:±|\+\s*/\s*[-−–]|\+[-−–])\s*(\S.*)"),
        re.compile(
            r"\s*(?:(?:between|zwischen)\s+(.+?)\s+(?:and|und)\s+(.+)|(?:from|von)\s+(.+?)\s+(?:to|bis)\s+(.+))",
            re.IGNORECASE,
        ),
        re.compile(
            r"\s*(?:[<>≤≥]=?|(?:up to|at most|at least|more than|less than|fewer than|no more than|over|under|above"
            r"|below|max|min|bis zu|höchstens|mindestens|mehr als|weniger als|über|unter)\b\.?)\s*(?P<after>\S.*)"
            r"|(?P<before>.*?\S)\s*(?:\+|\s(?:or|oder) (?:more|less|fewer|above|mehr|weniger))\s*",
            re.IGNORECASE,
        ),
    )


def _around(middle: str, away: str, kind: FactType, into: Measure, own: Own) -> Quantity:
    """A number and how far off it may be, in its own unit or as a share of it: `30M ± 10M`, `30M ± 20%`, `5% ± 2%`."""
    share = None if into.dimension.percent else re.fullmatch(r"(\d+(?:\.\d+)?)\s*(?:%|percent|per cent|Prozent)", away)
    text = f"{middle} ± {away}"
    try:
        one = _end(middle, text, kind, into, own)
        other = one if share else _end(away, text, kind, into, own)
        if not share and other.power is None and not other.unit and (one.power or one.percent != other.percent):
            raise NotAQuantity("how far off, in which unit?", "30M ± 10M, or its ends: 20M..40M")
        one, other = _completed(one, other)
        at, far = _quantity(one, one, kind, into), _quantity(other, other, kind, into)
    except WrongUnit as problem:
        raise NotAQuantity(str(problem), into.dimension.example) from None
    if at.currency != far.currency:
        raise NotAQuantity("the ends of the range have different currencies", into.dimension.example)
    by = at.likely * Decimal(share[1]) / 100 if share else abs(far.likely)
    stated = None
    if at.stated is not None and at.parts == far.parts:
        off = by / at.likely * at.stated.likely if at.likely else by
        stated = Quantity(at.stated.likely - off, at.stated.likely, at.stated.likely + off, at.currency, at.parts)
    return Quantity(at.likely - by, at.likely, at.likely + by, at.currency, at.parts, stated, at.assumed)


def _may_be_a_day(text: str) -> bool:
    """Whether numbers around hyphens may be a day or a month: `2500-4000` and `2-3` are ranges, `11-2026` is a month.

    >>> [_may_be_a_day(text) for text in ("2500-4000", "2-3", "0.5-2", "11-2026", "2026-11", "03-04", "1-2-2026")]
    [False, False, False, True, True, True, True]
    """
    found = _HYPHEN.fullmatch(text)
    if found is None:
        return False
    one, other, more = found.groups()
    if more or not _NUMBER_ALONE.fullmatch(one) or not _NUMBER_ALONE.fullmatch(other):
        return True
    return any(_YEAR.fullmatch(a) and _MONTH.fullmatch(b) for a, b in ((one, other), (other, one)))


def _mended(text: str, problem: WrongUnit, kind: FactType, into: Measure, own: Own) -> str | None:
    """The text with the nearest unit in the place of one that is not known, where that can be read."""
    word = problem.near
    if word is None:
        return None
    near = text.replace(problem.word, word)
    try:
        _quantity(
            *_completed(*(read_amount(end, kind, into, own) for end in (_BETWEEN.split(near) * 2)[:2])), kind, into
        )
    except (NotAQuantity, WrongUnit):
        return None
    return near


def joined(ends: dict[str, Quantity], example: str) -> Quantity:
    """The quantity that `low`, `high` and perhaps `likely` make, each read by itself. Raises `NotAQuantity`."""
    low, high = ends["low"], ends["high"]
    if len({end.currency for end in ends.values()} - {None}) > 1 or any(end.is_range for end in ends.values()):
        raise NotAQuantity("the ends of the range are of different kinds", example)
    if len({tuple(part.name for part in end.parts) for end in ends.values()}) > 1:
        raise NotAQuantity("the ends of the range have different units", example)
    likely = ends["likely"].likely if "likely" in ends else (low.likely + high.likely) / 2
    if not low.likely <= likely <= high.likely:
        raise NotAQuantity("the range is upside down", "low ≤ likely ≤ high")
    named = next((end.currency for end in ends.values() if end.currency), None)
    stated = None
    if low.stated and high.stated:
        middle = ends["likely"].stated if "likely" in ends else None
        between = middle.likely if middle else (low.stated.likely + high.stated.likely) / 2
        stated = Quantity(low.stated.likely, between, high.stated.likely, named, low.parts)
    assumed = any(end.assumed for end in ends.values())
    return Quantity(low.likely, likely, high.likely, named, low.parts, stated, assumed)


def _end(end: str, text: str, kind: FactType, into: Measure, own: Own) -> WrittenAmount:
    """One end of a text; what it may have been meant to be is said of the whole."""
    try:
        return read_amount(end, kind, into, own)
    except NotAQuantity as problem:
        near = text.replace(end, problem.near, 1) if problem.near else None
        raise NotAQuantity(str(problem), problem.accepted, near) from None


TOO_FINE = Decimal("0.005")
"""The share of a number that rounding it to its last place may change."""
FINER = "smaller than the last place that is kept"


def _completed(low: WrittenAmount, high: WrittenAmount) -> tuple[WrittenAmount, WrittenAmount]:
    """Ends with what stands at one of them and is meant for both: `20..40M`, `$2..3/h`, `5..10%`."""
    bare = low.power is None and not low.percent and not low.hundredth and not low.unit
    if bare and high.percent and 0 < abs(low.number) <= abs(high.number) / 100:
        raise NotAQuantity("a share or a percentage at the low end?", "the sign at both ends or at none: 5%..10%")
    return (
        WrittenAmount(
            low.number,
            high.power if bare else low.power,
            high.percent if bare else low.percent,
            low.currency or high.currency,
            high.hundredth if bare else low.hundredth,
            low.unit or high.unit,
            low.assumed or high.assumed,
        ),
        WrittenAmount(
            high.number, high.power, high.percent, high.currency or low.currency, high.hundredth, high.unit or low.unit
        ),
    )


def _quantity(low: WrittenAmount, high: WrittenAmount, kind: FactType, into: Measure) -> Quantity:
    if low.currency != high.currency:
        raise NotAQuantity("the ends of the range have different currencies", into.dimension.example)
    if low.percent != high.percent:
        raise NotAQuantity("one end of the range is a percentage", into.dimension.example)
    parts = (
        [parts_of(low.unit, into)] * 2 if low.unit == high.unit else [parts_of(end.unit, into) for end in (low, high)]
    )
    values = [_value(end, each, kind, into) for end, each in zip((low, high), parts, strict=True)]
    if values[0] > values[1]:
        raise NotAQuantity("the range is upside down: its low end is above its high end", "the lower end first")
    stated = None
    if parts[0] == parts[1] and _changes(parts[0], into):
        first, last = _scaled(low), _scaled(high)
        stated = Quantity(first, (first + last) / 2, last, low.currency, parts[0])
    middle = (values[0] + values[1]) / 2
    return Quantity(values[0], middle, values[1], low.currency, parts[0], stated, low.assumed)


def _changes(parts: tuple[Part, ...], into: Measure) -> bool:
    times, over = converted(parts, into)
    return times != over


def _scaled(end: WrittenAmount) -> Decimal:
    power = (end.power or 0) - (CENTS if end.percent or end.hundredth else 0)
    return end.number.scaleb(power, WIDE)


def _value(end: WrittenAmount, parts: tuple[Part, ...], kind: FactType, into: Measure) -> Decimal:
    """The end in the unit of the fact; rounded to the last place of its kind where it was converted."""
    times, over = converted(parts, into)
    value = _scaled(end)
    if times == over:
        return value
    exact = WIDE.divide(WIDE.multiply(value, times), over)
    kept = exact.quantize(Decimal(1).scaleb(-SCALES[kind]), rounding=ROUND_HALF_EVEN, context=WIDE)
    if abs(kept - exact) > abs(exact) * TOO_FINE:
        raise NotAQuantity(FINER, into.dimension.example)
    return kept
