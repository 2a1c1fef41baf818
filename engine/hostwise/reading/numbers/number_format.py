"""Numbers as people read them: `30M`, `$36,370`, `4.3%`, `2.1×`. They are rounded here and nowhere else.

One rule, in every language, so that a number reads the same wherever it stands:

* A half is rounded away from zero: 4.25% reads 4.3%, as everybody learnt it who checks a figure by hand. Rounding
  halves to even keeps the error of long sums small, and no rounded figure is ever added up here.
* Money has two decimals below a hundred, where it is not whole, and none from there on. A price for a unit of something
  has up to four below one.
* A share is a percentage with one decimal at most.
* A multiple has three significant digits and two decimals at most.
* Every other number has four significant digits and four decimals at most. Below a million it keeps all its digits
  before the point; from there on a letter stands for the zeros: what a person typed as 1.125B still reads 1.125B.
* A decimal that is zero is left out, but for the second one of money.
* What is not zero never reads as zero, nor what is not all as all: `<$0.01`, `>99.9%`.

`reading/numbers/quantity` reads these texts again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from types import MappingProxyType
from typing import Protocol

from msgspec import Struct

from hostwise.reading.numbers.currencies import currencies
from hostwise.reading.numbers.fact_types import FactType
from hostwise.reading.translatable import prose

DIGITS, DECIMALS = 4, 4
MILLION = Decimal(1_000_000)
LETTERS = ((12, "T"), (9, "B"), (6, "M"))
SIGNS: Mapping[str, str] = MappingProxyType({"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"})
"""The sign of a currency; another one stands as its code, `CHF 12`."""
MULTIPLES = frozenset(("x", "×", "ratio"))
SHARES = frozenset(("share", "share a year"))
PER: Mapping[str, str] = MappingProxyType(
    {
        "Mtok": prose("per million tokens"),
        "hour": prose("an hour"),
        "GPU-hour": prose("a GPU-hour"),
        "kWh": prose("per kWh"),
        "GB": prose("per GB"),
        "year": prose("a year"),
    }
)
"""What an amount is for. Amounts a month stand alone: their labels and headings say so."""
ONE_OF: Mapping[str, str] = MappingProxyType(
    {
        "calls": prose("call"),
        "days": prose("day"),
        "developers": prose("developer"),
        "documents": prose("document"),
        "GPUs": prose("GPU"),
        "hours": prose("hour"),
        "images": prose("image"),
        "items": prose("item"),
        "messages": prose("message"),
        "minutes": prose("minute"),
        "months": prose("month"),
        "pages": prose("page"),
        "racks": prose("rack"),
        "requests": prose("request"),
        "tickets": prose("ticket"),
        "users": prose("user"),
        "weeks": prose("week"),
        "years": prose("year"),
    }
)
"""A unit after a single one."""
BARE = "-"
"""After an amount that is for something, where the words of it stand elsewhere: `USD/-`."""
_WIDE = Context(prec=200, rounding=ROUND_HALF_UP)
_STEPS = tuple(Decimal(1).scaleb(-decimals) for decimals in range(DECIMALS + 1))


class Notation(Protocol):
    """How a language writes what is rounded already."""

    def text(self, english: str) -> str:
        """A text of the catalogue."""
        ...

    def decimal(self, value: Decimal) -> str:
        """All digits of a number, its thousands apart: `1,234.5`."""
        ...

    def large(self, value: Decimal) -> str:
        """A number of a million or more, with a letter or word for its zeros: `1.5M`."""
        ...

    def money(self, amount: Decimal, currency: str, decimals: int) -> str:
        """An amount with so many decimals: `$36,370`."""
        ...

    def percent(self, hundredths: Decimal) -> str:
        """A percentage: `4.3%`."""
        ...


class English(Struct, frozen=True):
    """The house format: signs before the amount, a true minus sign, no space before letters and per cent."""

    def text(self, english: str) -> str:
        """The text itself."""
        return english

    def decimal(self, value: Decimal) -> str:
        """`1,234.5`"""
        return f"{_minus(value)}{value.copy_abs():,f}"

    def large(self, value: Decimal) -> str:
        """`1.5M`"""
        power, letter = next(scale for scale in LETTERS if abs(value) >= Decimal(1).scaleb(scale[0]))
        return f"{self.decimal(_trimmed(value.scaleb(-power)))}{letter}"

    def money(self, amount: Decimal, currency: str, decimals: int) -> str:
        """`$36,370`, `CHF 12`"""
        sign = SIGNS.get(currency) or (f"{currency} " if currency else "")
        return f"{_minus(amount)}{sign}{amount.copy_abs():,.{decimals}f}"

    def percent(self, hundredths: Decimal) -> str:
        """`4.3%`"""
        return f"{self.decimal(hundredths)}%"


ENGLISH: Notation = English()


def format_quantity(value: Decimal, kind: FactType, unit: str = "", language: Notation = ENGLISH) -> str:
    """A number of a kind with its unit; tokens and shares need none, durations are in milliseconds.

    >>> format_quantity(Decimal("2.5"), FactType.MONEY, "USD/Mtok")
    '$2.50 per million tokens'
    """
    bare = format_bare(value, kind, unit, language)
    return f"{bare} {unit_words(kind, _of_one(unit) if bare == '1' else unit, language)}".strip()


def _of_one(unit: str) -> str:
    head, *per = unit.split("/")
    return "/".join((ONE_OF.get(head, head), *per))


def format_bare(value: Decimal, kind: FactType, unit: str = "", language: Notation = ENGLISH) -> str:
    """The same without the words of its unit, for where a heading or a neighbour has them."""
    if type(value) is not Decimal:  # it stands for the numbers of many cases, whose texts nobody reads
        return f"{value}"
    if kind is FactType.MONEY:
        currency, _, per = unit.partition("/")
        return (format_price if per and per != "month" else format_money)(value, currency, language)
    if unit in MULTIPLES:
        return format_multiple(value, language)
    if kind is FactType.RATIO:
        return format_share(value, language)
    if unit.partition("/")[0] in currencies().codes:  # an exchange rate, of which every digit counts
        return language.decimal(_trimmed(value))
    return _rounded(value, _STEPS[0], language.decimal) if kind is FactType.DURATION else format_number(value, language)


def unit_words(kind: FactType, unit: str, language: Notation = ENGLISH) -> str:
    """What stands after such a number: `per million tokens`, `GPUs`; of a rate each side where no text has it whole."""
    if unit.endswith(f"/{BARE}"):
        return ""
    if kind is FactType.MONEY:
        per = unit.partition("/")[2]
        return language.text(PER.get(per, f"per {per}")) if per not in ("", "month") else ""
    if kind is FactType.RATIO:
        return language.text(PER["year"]) if unit == "share a year" else ""
    if unit in MULTIPLES:
        return ""
    if kind is FactType.DURATION or kind is FactType.TOKENS:
        return "ms" if kind is FactType.DURATION else ""
    whole = language.text(unit)
    return "/".join(map(language.text, unit.split("/"))) if whole == unit and "/" in unit else whole


def format_band(
    likely: Decimal, low: Decimal, high: Decimal, kind: FactType, unit: str, language: Notation = ENGLISH
) -> str:
    """A likely number and the range it is in, with its unit once: `2.1× (1.8× to 2.4×)`; alone where all read the same.

    >>> format_band(Decimal(3), Decimal("2.5"), Decimal("3.5"), FactType.MONEY, "USD/Mtok")
    '$3 ($2.50 to $3.50) per million tokens'
    """
    middle, bottom, top = (format_bare(value, kind, unit, language) for value in (likely, low, high))
    text = middle if bottom == top else f"{middle} ({format_range(bottom, top, language)})"
    return f"{text} {unit_words(kind, unit, language)}".strip()


def kind_of(unit: str) -> FactType:
    """The kind of a figure of which only the unit is known, as of a formula's inputs."""
    if unit.partition("/")[0] in currencies().codes:
        return FactType.MONEY
    return FactType.RATIO if unit in MULTIPLES or unit in SHARES else FactType.QUANTITY


def format_number(value: Decimal, language: Notation = ENGLISH) -> str:
    """A count or a measure without its unit.

    >>> [format_number(Decimal(number)) for number in ("1296911792", "999999.5", "36370.4", "0.04247", "0.00001")]
    ['1.297B', '1M', '36,370', '0.0425', '<0.0001']
    """
    if value.copy_abs() >= MILLION:
        return _written(value.quantize(Decimal(1).scaleb(value.adjusted() + 1 - DIGITS), context=_WIDE), language)
    decimals = min(max(DIGITS - 1 - value.adjusted(), 0), DECIMALS)
    return _rounded(value, _STEPS[decimals], lambda rounded: _written(rounded, language))


def format_money(amount: Decimal, currency: str, language: Notation = ENGLISH) -> str:
    """An amount in its currency.

    >>> [format_money(Decimal(amount), "USD") for amount in ("36370.5", "99.995", "-7.5", "0.004", "-0")]
    ['$36,371', '$100', '−$7.50', '<$0.01', '$0']
    """
    return _rounded(amount, _STEPS[0 if abs(amount) >= 100 else 2], _writing_money(currency, language))


def format_price(amount: Decimal, currency: str, language: Notation = ENGLISH) -> str:
    """An amount for a unit of something.

    >>> [format_price(Decimal(amount), "USD") for amount in ("0.0375", "0.15", "2.5", "40", "0.0000025")]
    ['$0.0375', '$0.15', '$2.50', '$40', '$0.0000025']
    """
    if abs(amount) >= 1:
        return format_money(amount, currency, language)
    # A price per token is shown as one, that it be seen: three of its digits.
    tiny = amount and -LEAST <= amount.adjusted() < -3
    step = Decimal(1).scaleb(amount.adjusted() - 2) if tiny else _STEPS[DECIMALS]
    return _rounded(amount, step, _writing_money(currency, language))


LEAST = 9
"""The power of ten down to which a small price is shown with its digits."""


def format_share(share: Decimal, language: Notation = ENGLISH) -> str:
    """A share as a percentage.

    >>> [format_share(Decimal(share)) for share in ("0.0425", "0.5", "0.9999", "-3.985", "0.0001")]
    ['4.3%', '50%', '>99.9%', '−398.5%', '<0.1%']
    """
    hundredths = share.scaleb(2, _WIDE)
    if hundredths.copy_abs() < 100 and hundredths.quantize(_STEPS[1], context=_WIDE).copy_abs() == 100:
        return _beyond(share < 0, language.percent(Decimal("99.9").copy_sign(share)))
    return _rounded(hundredths, _STEPS[1], language.percent)


def format_factor_of(value: Decimal, kind: FactType, unit: str = "", language: Notation = ENGLISH) -> str:
    """A number that a reader multiplies by, without its unit: with the digits that the product needs.

    >>> shares = ["0.000545", "0.0364749", "0.2", "1"]
    >>> [format_factor_of(Decimal(share), FactType.RATIO) for share in shares]
    ['0.0545%', '3.6475%', '20%', '100%']
    >>> [format_factor_of(Decimal(price), FactType.MONEY, "USD/Mtok") for price in ("6.66667", "738.4615", "16000")]
    ['$6.6667', '$738.46', '$16,000']
    """
    if type(value) is not Decimal or unit in MULTIPLES or kind not in (FactType.RATIO, FactType.MONEY):
        return format_bare(value, kind, unit, language)
    if not -LEAST <= value.adjusted() < FACTOR_DIGITS:
        return format_bare(value, kind, unit, language)
    last = value.adjusted() + 1 - FACTOR_DIGITS
    exact = value.quantize(Decimal(1).scaleb(last if kind is FactType.RATIO else min(last, -2)), context=_WIDE)
    if kind is FactType.RATIO:
        return language.percent(_trimmed(exact.scaleb(2, _WIDE)))
    return _writing_money(unit.partition("/")[0], language)(_trimmed(exact))


FACTOR_DIGITS = 5
"""Of a number that is multiplied by; an amount has its hundredths."""
HUNDRED = 100


def of_hundred(share: Decimal) -> int:
    """A share as a whole number of a hundred, as futures are counted. A half goes to the even one: two shares that make
    up the whole then make up a hundred.

    >>> [of_hundred(Decimal(share)) for share in ("0.6035", "0.996", "0.004", "0.875", "0.125")]
    [60, 100, 0, 88, 12]
    """
    return int(share.scaleb(2, _WIDE).quantize(Decimal(1), rounding=ROUND_HALF_EVEN, context=_WIDE))


def format_multiple(times: Decimal, language: Notation = ENGLISH) -> str:
    """How many times as much.

    >>> format_multiple(Decimal("2.348")), format_multiple(Decimal("47.01")), format_multiple(Decimal(3))
    ('2.35×', '47×', '3×')
    """
    return f"{format_factor(times, language)}×"


def format_factor(times: Decimal, language: Notation = ENGLISH) -> str:
    """The same without its sign, for a sentence: `2.35 times as much`."""
    return _rounded(times, _STEPS[min(max(2 - times.adjusted(), 0), 2)], language.decimal)


def format_difference(share: Decimal, language: Notation = ENGLISH) -> str:
    """A change as a percentage with its sign.

    >>> format_difference(Decimal("0.0425")), format_difference(Decimal("-0.2"))
    ('+4.3%', '−20%')
    """
    text = format_share(share, language)
    return f"+{text}" if share > 0 and text[0].isdigit() else text


def format_points(share: Decimal, language: Notation = ENGLISH) -> str:
    """How far two shares are apart, in points, whichever is larger.

    >>> format_points(Decimal("0.1")), format_points(Decimal("-0.0125"))
    ('10', '1.3')
    """
    return _rounded(share.copy_abs().scaleb(2, _WIDE), _STEPS[1], language.decimal)


def format_range(low: str, high: str, language: Notation = ENGLISH) -> str:
    """Both ends of a range, or one of them where they read the same.

    >>> format_range("20M", "40M"), format_range("$5", "$5")
    ('20M to 40M', '$5')
    """
    return low if low == high else language.text(prose("{low} to {high}")).format(low=low, high=high)


def _rounded(value: Decimal, step: Decimal, write: Callable[[Decimal], str]) -> str:
    """The number to a step; below half of it, that it is less than one."""
    rounded = value.quantize(step, context=_WIDE)
    if rounded:
        return write(rounded if step is _STEPS[0] else _trimmed(rounded))
    return _beyond(value > 0, write(step.copy_sign(value))) if value else write(Decimal(0))


def _written(value: Decimal, language: Notation) -> str:
    # What is rounded up to a million is written as one.
    return language.large(value) if value.copy_abs() >= MILLION else language.decimal(value)


def _beyond(below: bool, text: str) -> str:
    return f"<{text}" if below else f">{text}"


def _writing_money(currency: str, language: Notation) -> Callable[[Decimal], str]:
    def write(amount: Decimal) -> str:
        decimals = -int(amount.as_tuple().exponent)
        return language.money(amount, currency, max(decimals, 2) if decimals else 0)

    return write


def _trimmed(value: Decimal) -> Decimal:
    """Without zeros at its end, and without an exponent."""
    trimmed = value.normalize(_WIDE)
    return trimmed.quantize(_STEPS[0], context=_WIDE) if trimmed.as_tuple().exponent > 0 else trimmed  # type: ignore[operator]


def _minus(value: Decimal) -> str:
    return "−" if value < 0 else ""
