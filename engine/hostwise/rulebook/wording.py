"""Values as people read them: `30M`, `$36,000`, `60%`, `2.1×`. Rounding happens here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from types import MappingProxyType

from hostwise.answers.facts import Fact, FactType, Value
from hostwise.reading.said import number

SYMBOLS: Mapping[str, str] = MappingProxyType({"USD": "$", "GBP": "£", "EUR": "€", "JPY": "¥", "INR": "₹"})
_PER = {
    "Mtok": "per million tokens",
    "hour": "an hour",
    "month": "a month",
    "kWh": "per kWh",
    "year": "a year",
}
_SCALES = (
    (Decimal(10) ** 12, "T"),
    (Decimal(10) ** 9, "B"),
    (Decimal(10) ** 6, "M"),
    (Decimal(10) ** 3, "k"),
)
UNKNOWN = "unknown"


def shown(fact: Fact) -> str:
    """A fact's value with its unit; a range as `20M to 40M`.

    >>> from hostwise.answers.facts import Origin, Provenance
    >>> shown(Fact("tokens_per_day", FactType.TOKENS, Decimal("30000000"), Provenance(Origin.DERIVED)))
    '30M'
    """
    if fact.value is None:
        return UNKNOWN
    text = shown_value(fact.value, fact.type, fact.unit)
    if fact.low is not None and fact.high is not None and fact.low != fact.high and isinstance(fact.value, Decimal):
        low, high = (shown_value(end, fact.type, fact.unit) for end in (fact.low, fact.high))
        whole = f"{text} ({low} to {high})"
        return number(whole, fact.type.value, fact.unit, fact.value, fact.low, fact.high)
    return text


def shown_value(value: Value, kind: FactType, unit: str = "") -> str:
    """One value of a kind, in words and digits."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return number(value, kind.value, unit, value) if kind is FactType.DATE else value
    return number(_digits(value, kind, unit), kind.value, unit, value)


def _digits(value: Decimal, kind: FactType, unit: str) -> str:
    if kind is FactType.TOKENS:
        return scaled(value)
    if kind is FactType.RATIO:
        return f"{_trim(value, 2)}×" if unit in ("x", "×") else f"{_trim(value * 100, 1)}%"
    if kind is FactType.MONEY:
        return _money(value, unit)
    if kind is FactType.DURATION:
        return f"{_trim(value, 0)} ms"
    text = scaled(value) if abs(value) >= 10_000 else _trim(value, 2)
    return f"{text} {unit}".strip()


def shown_money(amount: Fact | Decimal, unit: str = "USD") -> str:
    """Money in its currency: whole units from 100 up, cents below, prices per million to four decimals.

    >>> shown_money(Decimal("36000")), shown_money(Decimal("2.5"), "USD/Mtok")
    ('$36,000', '$2.50 per million tokens')
    """
    if isinstance(amount, Fact):
        unit = amount.unit or unit
        if not isinstance(amount.value, Decimal):
            return UNKNOWN
        amount = amount.value
    return number(_money(amount, unit), FactType.MONEY.value, unit, amount)


def _money(amount: Decimal, unit: str) -> str:
    currency, _, per = unit.partition("/")
    digits = 0 if abs(amount) >= 100 else 2
    if per == "Mtok" and abs(amount) < 1 and amount != amount.quantize(Decimal("0.01")):
        digits = 4
    text = f"{abs(_rounded(amount, digits)):,.{digits}f}"
    symbol = SYMBOLS.get(currency)
    written = f"{symbol}{text}" if symbol else f"{currency} {text}".strip()
    sign = "−" if amount < 0 else ""
    period = _PER.get(per, f"per {per}") if per and per != "month" else ""
    return f"{sign}{written} {period}".strip()


def scaled(value: Decimal) -> str:
    """A large number with k, M, B or T and up to four significant digits.

    >>> scaled(Decimal("1244160000")), scaled(Decimal("950"))
    ('1.244B', '950')
    """
    for size, letter in _SCALES:
        if abs(value) >= size:
            whole = len(str(int(abs(value) / size)))
            return f"{_trim(value / size, max(0, 4 - whole))}{letter}"
    return _trim(value, 2)


def _trim(value: Decimal, digits: int) -> str:
    text = f"{_rounded(value, digits):,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)
