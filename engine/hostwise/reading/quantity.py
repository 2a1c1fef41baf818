"""Quantities as people write them: `30M`, `60%`, `$2.50/h`, `300ms`, `20M..40M`.

One grammar serves questionnaires and rules:

    range      = amount [".." amount]
    amount     = [currency] number [multiplier] ["%"] [unit] [currency]
    multiplier = k | M | B | T          (thousand, million, milliard, billion: 10^3 … 10^12)

Which units are accepted depends on the kind of fact; each is turned into the fact's own unit.
"""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec import Struct

from hostwise.reading.kinds import FactType

MULTIPLIERS = {"": 0, "k": 3, "K": 3, "M": 6, "m": 6, "B": 9, "b": 9, "bn": 9, "Bn": 9, "G": 9, "T": 12}
SYMBOLS = {"$": "USD", "US$": "USD", "£": "GBP", "€": "EUR", "¥": "JPY", "₹": "INR"}
CURRENCIES: tuple[str, ...] = (
    "USD", "EUR", "GBP", "CHF", "JPY", "CAD", "AUD", "NZD", "SEK", "NOK",
    "DKK", "PLN", "CZK", "HUF", "RON", "INR", "CNY", "SGD", "HKD", "KRW",
    "BRL", "MXN", "ZAR", "AED", "ILS", "TRY",
)  # fmt: skip
NUMERIC = frozenset(
    {FactType.TOKENS, FactType.COUNT, FactType.RATIO, FactType.MONEY, FactType.DURATION, FactType.QUANTITY}
)
EXAMPLES = {
    FactType.TOKENS: "30M, 1.5B or 30_000_000",
    FactType.COUNT: "12 or 10k",
    FactType.RATIO: "60% or 0.6",
    FactType.MONEY: "$2.50, 500 GBP or £12k",
    FactType.DURATION: "300ms or 2s",
    FactType.QUANTITY: "a number, with its unit if you like",
}
_DURATIONS = {"ms": Decimal(1), "s": Decimal(1000), "sec": Decimal(1000), "min": Decimal(60_000)}
_PER = {
    "h": {"h", "hr", "hour", "gpu-hour", "gpuh"},
    "hour": {"h", "hr", "hour", "gpu-hour", "gpuh"},
    "month": {"month", "mo", "mth"},
    "Mtok": {"mtok", "m tokens", "million tokens", "m", "1m", "1m tokens"},
    "kWh": {"kwh"},
    "year": {"year", "yr", "y"},
}
_AMOUNT = re.compile(
    r"""(?P<sign>[-+]?)\s*
    (?P<before>US\$|[$£€¥₹]|_ISO_\b)?\s*
    (?P<sign2>[-+]?)
    (?P<number>\d[\d_]*(?:,\d{3})*(?:\.\d+)?|\.\d+)
    (?:[eE](?P<exponent>[-+]?\d{1,3}))?\s?
    (?P<multiplier>bn|Bn|[kKMBGT](?![A-Za-z])|[bm](?![A-Za-z]))?\s*
    (?P<percent>%)?\s*
    (?P<after>_ISO_\b|[£€])?\s*
    (?P<unit>/?\s*[A-Za-z][A-Za-z0-9 /.-]*)?""".replace("_ISO_", f"(?:{'|'.join(CURRENCIES)})"),
    re.VERBOSE,
)


class NotAQuantity(ValueError):
    """The text is not a quantity of the kind asked for. `accepted` says what is."""

    def __init__(self, message: str, accepted: str) -> None:
        self.accepted = accepted
        super().__init__(message)


class Quantity(Struct, frozen=True):
    """A number or a range, in the unit of its fact. `low == likely == high` unless a range was given."""

    low: Decimal
    likely: Decimal
    high: Decimal
    currency: str | None = None

    @property
    def is_range(self) -> bool:
        """Whether more than one value is possible."""
        return self.low != self.high


def parse_quantity(text: str, kind: FactType, unit: str = "") -> Quantity:
    """Read a quantity or a range of `kind`. Raises `NotAQuantity`.

    >>> parse_quantity("30M", FactType.TOKENS).likely
    Decimal('30000000')
    >>> parse_quantity("20M..40M", FactType.TOKENS)
    Quantity(low=Decimal('20000000'), likely=Decimal('30000000'), high=Decimal('40000000'), currency=None)
    >>> parse_quantity("$2.50/h", FactType.MONEY, "USD/hour")
    Quantity(low=Decimal('2.50'), likely=Decimal('2.50'), high=Decimal('2.50'), currency='USD')
    """
    if text.isdecimal() and text.isascii() and len(text) <= 30:
        # What tables of many rows mostly hold: no need to look for anything else in it.
        value = Decimal(text)
        return Quantity(value, value, value)
    accepted = EXAMPLES[kind]
    ends = [part.strip() for part in text.split("..")]
    if len(ends) > 2 or not all(ends) or len(text) > 120:
        raise NotAQuantity("not a quantity", accepted)
    if len(ends) == 1:
        value, currency = _amount(ends[0], kind, unit)
        return Quantity(value, value, value, currency)
    # `20..40M` means 20M..40M: a bare low end takes the suffix of the high end.
    suffix = ends[1].lstrip("+-0123456789_.,$£€¥₹ ")
    if re.fullmatch(r"[-+]?[$£€¥₹]?\s*[\d_.,]+", ends[0]) and suffix and kind is not FactType.TEXT:
        ends[0] += suffix
    (low, one), (high, other) = (_amount(end, kind, unit) for end in ends)
    if low > high:
        raise NotAQuantity("the range is upside down: its low end is above its high end", f"{ends[1]}..{ends[0]}")
    if one and other and one != other:
        raise NotAQuantity("the ends of the range have different currencies", accepted)
    return Quantity(low, (low + high) / 2, high, one or other)


def _amount(text: str, kind: FactType, unit: str) -> tuple[Decimal, str | None]:
    accepted = EXAMPLES[kind]
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise NotAQuantity("not a quantity", accepted)
    if match["sign"] and match["sign2"]:
        raise NotAQuantity("two signs", accepted)
    digits = match["number"].replace("_", "").replace(",", "")
    if len(digits) > 40:
        raise NotAQuantity("the number is too long", accepted)
    power = MULTIPLIERS[match["multiplier"] or ""] + int(match["exponent"] or 0)
    if abs(power) > 30:
        raise NotAQuantity("the number is out of range", accepted)
    value = Decimal(digits).scaleb(power)
    if "-" in (match["sign"], match["sign2"]):
        value = -value
    currency = SYMBOLS.get(match["before"] or "", match["before"]) or SYMBOLS.get(match["after"] or "", match["after"])
    if currency and kind is not FactType.MONEY:
        raise NotAQuantity("money where another kind of number belongs", accepted)
    if match["percent"]:
        if kind is not FactType.RATIO:
            raise NotAQuantity("a percentage where another kind of number belongs", accepted)
        value /= 100
    return _in_unit(value, (match["unit"] or "").strip(), kind, unit), currency


def _in_unit(value: Decimal, written: str, kind: FactType, unit: str) -> Decimal:
    if not written:
        return value
    if kind is FactType.DURATION and written in _DURATIONS:
        return value * _DURATIONS[written]
    plain = written.removeprefix("/").strip().lower().removeprefix("per ").rstrip("s")
    if kind is FactType.TOKENS and plain in {
        "token",
        "tok",
        "tokens/day",
        "token/day",
        "token/month",
        "day",
        "month",
    }:
        return value
    if kind is FactType.MONEY:
        period = unit.partition("/")[2]
        if plain in {u.rstrip("s") for u in _PER.get(period, {period.lower()} if period else set())}:
            return value
        raise NotAQuantity(f"the unit is not {unit}", f"an amount in {unit}")
    if kind in (FactType.QUANTITY, FactType.COUNT, FactType.RATIO) and _same_unit(plain, unit):
        return value
    raise NotAQuantity(f"unknown unit {written!r}", f"a number in {unit}" if unit else EXAMPLES[kind])


def _same_unit(written: str, unit: str) -> bool:
    return bool(unit) and written == unit.lower().rstrip("s")
