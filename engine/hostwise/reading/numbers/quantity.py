"""Quantities as people write them: `30M`, `60%`, `$2.50/h`, `300ms`, `900M a month`, `20M..40M`.

One grammar serves questionnaires and rules:

    range      = amount [(".." | "to" | "–" | "-") amount]
    amount     = [currency] number [multiplier | "%"] [currency] [units] [currency]

What a value may be measured in is its dimension (`reading/units.py`): it is turned into the unit of its fact where the
dimension is the same, and refused where it is not. No part of what is written is passed over.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache

from msgspec import Struct

from hostwise.reading.numbers.currencies import CENTS, currencies
from hostwise.reading.numbers.fact_types import SCALES, WIDE, FactType
from hostwise.reading.numbers.slips import pointed_groups, with_a_point, without_groups
from hostwise.reading.numbers.units import Measure, Part, WrongUnit, converted, measure, units

NUMERIC = frozenset(
    {FactType.TOKENS, FactType.COUNT, FactType.RATIO, FactType.MONEY, FactType.DURATION, FactType.QUANTITY}
)
LONGEST = 120
_SCALED = {"k": 3, "M": 6, "B": 9, "T": 12}
_PLAIN = re.compile(r"(\d{1,15}(?:\.\d{1,15})?)([kMBT]?)", re.ASCII)
_DECIMALS = r"(?:\.[0-9]+)?"
_NUMBER = "|".join(
    (
        rf"[0-9]{{1,3}}(?:_[0-9]{{3}})+{_DECIMALS}",
        rf"[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+{_DECIMALS}",
        r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]{1,2}",
        rf"[1-9][0-9]{{0,2}}(?:[ \u00a0\u202f'’][0-9]{{3}})+{_DECIMALS}",
        rf"[0-9]+{_DECIMALS}",
        r"\.[0-9]+",
    )
)
_BETWEEN = re.compile(
    r"(?<!\.)\.\.(?!\.)|(?<=\S)\s*[–—]\s*(?=[^\s])|\s+(?:to|bis)\s+|(?<![eE])(?<=[\w%])-(?=[\d$€£¥])"
    r"|(?<=\S)\s+-\s+(?=[\d.$€£¥])"
)
_HYPHEN = re.compile(r"\s*([\d./]+)\s*-\s*([\d./]+)((?:\s*-\s*[\d./]+)*)\s*")
_WORDS = re.compile(r"[^\W\d_]+")
_NUMBER_ALONE = re.compile(r"(?:0|[1-9]\d*)(?:\.\d+)?")
_YEAR, _MONTH = re.compile(r"(?:19|20)\d\d"), re.compile(r"[1-9]|1[0-2]")
_ABOUT = re.compile(r"\s*(?:[~≈]|(?:about|approx|approximately|around|ca|circa|etwa|rund|ungefähr)\b\.?)\s*", re.I)


Own = tuple[str, ...]
"""The currencies that a questionnaire counts in, the one that it is in first: what a sign means that several share."""


class NotAQuantity(ValueError):
    """The text is not a quantity of the kind asked for. `accepted` says what is; `near` is the nearest text that is."""

    def __init__(self, message: str, accepted: str, near: str | None = None) -> None:
        self.accepted, self.near = accepted, near
        super().__init__(message)


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


class _Amount(Struct, frozen=True):
    """One end as it was written: its number, and the texts beside it. `power` is None where no multiplier stands."""

    number: Decimal
    power: int | None
    percent: bool
    currency: str | None
    hundredth: bool
    unit: str
    assumed: bool = False


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
    if len(text) <= LONGEST and _may_be_a_day(text):
        raise NotAQuantity("not a quantity", accepted)
    ends = [end.strip() for end in _BETWEEN.split(text)] if len(text) <= LONGEST else []
    if len(ends) not in (1, 2) or not all(ends):
        raise NotAQuantity("not a quantity", accepted)
    try:
        read = [_end(end, text, kind, into, own) for end in ends]
        return _quantity(*_completed(read[0], read[-1]), kind, into)
    except WrongUnit as problem:
        raise NotAQuantity(str(problem), accepted, _mended(text, problem, kind, into, own)) from None


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
        _quantity(*_completed(*(_amount(end, kind, into, own) for end in (_BETWEEN.split(near) * 2)[:2])), kind, into)
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


def _end(end: str, text: str, kind: FactType, into: Measure, own: Own) -> _Amount:
    """One end of a text; what it may have been meant to be is said of the whole."""
    try:
        return _amount(end, kind, into, own)
    except NotAQuantity as problem:
        near = text.replace(end, problem.near, 1) if problem.near else None
        raise NotAQuantity(str(problem), problem.accepted, near) from None


def _amount(text: str, kind: FactType, into: Measure, own: Own) -> _Amount:
    accepted = into.dimension.example
    # The names of all currencies make a pattern that is long to compile; none starts with a digit.
    match = _start(NO_NAME if text[:1].isdigit() else currencies().pattern).match(text)
    if match is None and text[:3].upper() in currencies().codes:  # `CAD$3`
        return _amount(f"{text[3:].strip()} {text[:3]}", kind, into, own)
    if match is None and (pointed := with_a_point(text)):
        raise NotAQuantity(PARTED, accepted, pointed)
    if match is None and (plain := without_groups(text)):
        raise NotAQuantity(PARTED, accepted, plain)
    if match is None:
        raise NotAQuantity("not a quantity", accepted)
    if match["sign"] and match["sign2"]:
        raise NotAQuantity("two signs", accepted)
    digits = re.sub(r"[_,\s'’]", "", pointed_groups(match["number"]))
    if len(digits) > 40:
        raise NotAQuantity("the number is too long", accepted)
    rest = text[match.end() :].strip()
    percent, rest = _percent(rest)
    if percent and not into.dimension.percent:
        raise NotAQuantity("a percentage where another kind of number belongs", accepted)
    beside = rest
    power, rest = (None, rest) if percent or not into.dimension.multipliers else _multiplier(rest)
    if power is not None and _long_scale(beside):
        raise NotAQuantity(_LONG_SCALE, "1 bn or 1 Mrd. of a thousand million, 1T of a million million")
    if power is None and into.dimension.multipliers and re.match(r"m(?![^\W\d_])", rest):
        # Of a million people write it, of a minute, and of a thousandth.
        near = text[: match.end()] + text[match.end() :].replace("m", "M", 1)
        raise NotAQuantity("a small m is a minute, a large one a million", accepted, near)
    if power is not None and match["exponent"]:
        raise NotAQuantity("an exponent and a multiplier", accepted)
    spelled, rest = _currencies(match["currency"], rest, into)
    if spelled and kind is not FactType.MONEY:
        raise NotAQuantity("money where another kind of number belongs", accepted)
    exponent = int(match["exponent"] or 0)
    if abs(exponent) > 30:
        raise NotAQuantity("the number is out of range", accepted)
    number = Decimal(digits).scaleb(exponent, WIDE)
    if {match["sign"], match["sign2"]} & {"-", "−"}:
        number = -number
    named, assumed = _currency(spelled, own, text, accepted)
    hundredth = named is not None and any(currencies().is_hundredth(word, named) for word in spelled)
    return _Amount(number, power, percent, named, hundredth, rest, assumed)


TOO_FINE = Decimal("0.005")
"""The share of a number that rounding it to its last place may change."""
FINER = "smaller than the last place that is kept"
PARTED = "a comma parts the thousands, and a point the decimals"
_LONG_SCALE = "in German a Billion is a million million, and in English a thousand million"
NO_NAME = "(?!)"
"""A pattern that nothing matches."""


@cache
def _start(currency: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<sign>[-+−]?)\s*(?P<currency>{currency})?\s*(?P<sign2>[-+−]?)\s*(?P<number>{_NUMBER})"
        r"(?:[eE](?P<exponent>[-+]?\d{1,3}))?(?![\d_,]|\.\d)"
    )


@cache
def _named_currency() -> re.Pattern[str]:
    name = currencies().pattern
    return re.compile(rf"(?:^({name})(?![^\W\d_])|(?<![^\W_])({name})$)")


@cache
def _multipliers() -> re.Pattern[str]:
    words = "|".join(sorted((w for w in units().powers if len(w) > 1), key=len, reverse=True))
    letters = "".join(w for w in units().powers if len(w) == 1)
    # 万 and 億 stand before a unit without a space.
    joined = "".join(w for w in letters if w.upper() == w.lower())
    return re.compile(rf"((?i:{words})|[{letters}])(?![^\W\d_])\.?|([{joined}])")


def _percent(rest: str) -> tuple[bool, str]:
    for word in units().file.percent:
        if rest.lower().startswith(word) and not rest[len(word) : len(word) + 1].isalpha():
            return True, rest[len(word) :].strip()
    return False, rest


def _multiplier(rest: str) -> tuple[int | None, str]:
    match = _multipliers().match(rest)
    if match is None:
        return None, rest
    return units().power_of(match[1] or match[2]), rest[match.end() :].strip()


def _long_scale(rest: str) -> bool:
    """Whether the multiplier that stands first is another number in the language of the words behind it."""
    words, scale = _WORDS.findall(rest), units().file.long_scale
    return bool(words) and words[0] in scale.words and not {w.lower() for w in words}.isdisjoint(scale.beside)


def _currencies(before: str | None, rest: str, into: Measure) -> tuple[list[str], str]:
    """Every currency that is named, before the number or after it, and what is left of the text.

    None is looked for in what is a unit as it stands: `2 Sek.` are seconds, where seconds are asked for.
    """
    found = [before] if before else []
    if rest and _is_unit(rest, into):
        return found, rest
    while rest and (match := _named_currency().search(rest)):
        found.append(match[1] or match[2])
        rest = (rest[: match.start()] + rest[match.end() :]).strip()
    return found, rest


def _is_unit(text: str, into: Measure) -> bool:
    try:
        converted(_parts(text, into), into)
    except WrongUnit:
        return False
    return True


def _currency(spelled: list[str], own: Own, text: str, accepted: str) -> tuple[str | None, bool]:
    """The currency that all spellings may stand for, and whether it is one that the questionnaire merely counts in."""
    if not spelled:
        return None, False
    table = currencies()
    several = [table.candidates(word) for word in spelled]
    left = [code for code in several[0] if all(code in names for names in several)]
    code = own[0] if own[0] in left else left[0] if len(left) == 1 else None
    if len(spelled) > 1 and any(table.is_hundredth(word, each) for word in spelled for each in (code, *left) if each):
        raise NotAQuantity("a currency and a hundredth of one", accepted)
    if code is not None:
        return code, False
    if not left:
        raise NotAQuantity("two currencies", accepted)
    counted = [each for each in own[1:] if each in left and not table.is_hundredth(spelled[0], each)]
    if len(counted) == 1:
        return counted[0], True
    what = f"{spelled[0]!r} is written for several currencies, and {own[0]} is none of them"
    # The code in the place of a cent would make a dollar of it.
    whole = next((each for each in left if not table.is_hundredth(spelled[0], each)), None)
    near = whole and " ".join(text.replace(spelled[0], f" {whole} ", 1).split())
    raise NotAQuantity(what, "the code of the one meant: " + ", ".join(left), near)


def _completed(low: _Amount, high: _Amount) -> tuple[_Amount, _Amount]:
    """Ends with what stands at one of them and is meant for both: `20..40M`, `$2..3/h`, `5..10%`."""
    bare = low.power is None and not low.percent and not low.hundredth and not low.unit
    if bare and high.percent and 0 < abs(low.number) <= abs(high.number) / 100:
        raise NotAQuantity("a share or a percentage at the low end?", "the sign at both ends or at none: 5%..10%")
    return (
        _Amount(
            low.number,
            high.power if bare else low.power,
            high.percent if bare else low.percent,
            low.currency or high.currency,
            high.hundredth if bare else low.hundredth,
            low.unit or high.unit,
            low.assumed or high.assumed,
        ),
        _Amount(
            high.number, high.power, high.percent, high.currency or low.currency, high.hundredth, high.unit or low.unit
        ),
    )


def _quantity(low: _Amount, high: _Amount, kind: FactType, into: Measure) -> Quantity:
    if low.currency != high.currency:
        raise NotAQuantity("the ends of the range have different currencies", into.dimension.example)
    if low.percent != high.percent:
        raise NotAQuantity("one end of the range is a percentage", into.dimension.example)
    parts = [_parts(low.unit, into)] * 2 if low.unit == high.unit else [_parts(end.unit, into) for end in (low, high)]
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


def _parts(unit: str, into: Measure) -> tuple[Part, ...]:
    literal = into.literal.lower().rstrip("s")
    if not unit or (literal and unit.strip("/ ").lower().rstrip("s") == literal):
        return ()
    return tuple(units().parts(unit, into.bases, into.qualifier))


def _scaled(end: _Amount) -> Decimal:
    power = (end.power or 0) - (CENTS if end.percent or end.hundredth else 0)
    return end.number.scaleb(power, WIDE)


def _value(end: _Amount, parts: tuple[Part, ...], kind: FactType, into: Measure) -> Decimal:
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
