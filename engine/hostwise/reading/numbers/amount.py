"""One amount as people write it: a number, and what stands beside it.

    amount     = [currency] number [multiplier | "%"] [currency] [units] [currency]

No part of what is written is passed over: what is none of these is left as its unit, which is looked up.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from msgspec import Struct

from hostwise.reading.numbers.currencies import currencies
from hostwise.reading.numbers.fact_types import WIDE, FactType
from hostwise.reading.numbers.slips import pointed_groups, with_a_point, without_groups
from hostwise.reading.numbers.units import Measure, Part, WrongUnit, converted, units

_DECIMALS = r"(?:\.[0-9]+)?"
_NUMBER = "|".join(
    (
        rf"[0-9]{{1,3}}(?:_[0-9]{{3}})+{_DECIMALS}",
        rf"[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+{_DECIMALS}",
        rf"[1-9][0-9]?(?:,[0-9]{{2}})+,[0-9]{{3}}{_DECIMALS}",  # as India parts lakhs and crores
        r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]{1,2}",
        rf"[1-9][0-9]{{0,2}}(?:[ \u00a0\u202f'’][0-9]{{3}})+{_DECIMALS}",
        rf"[0-9]+{_DECIMALS}",
        r"\.[0-9]+",
    )
)
_WORDS = re.compile(r"[^\W\d_]+")

Own = tuple[str, ...]
"""The currencies that a questionnaire counts in, the one that it is in first: what a sign means that several share."""


class NotAQuantity(ValueError):
    """The text is not a quantity of the kind asked for. `accepted` says what is; `near` is the nearest text that is."""

    def __init__(self, message: str, accepted: str, near: str | None = None) -> None:
        self.accepted, self.near = accepted, near
        super().__init__(message)


class WrittenAmount(Struct, frozen=True):
    """One end as it was written: its number, and the texts beside it. `power` is None where no multiplier stands."""

    number: Decimal
    power: int | None
    percent: bool
    currency: str | None
    hundredth: bool
    unit: str
    assumed: bool = False


def read_amount(text: str, kind: FactType, into: Measure, own: Own) -> WrittenAmount:
    """Read one amount of `kind`. Raises `NotAQuantity`."""
    accepted = into.dimension.example
    # The names of all currencies make a pattern that is long to compile; none starts with a digit.
    match = _start(NO_NAME if text[:1].isdigit() else currencies().pattern).match(text)
    if match is None and text[:3].upper() in currencies().codes:  # `CAD$3`
        return read_amount(f"{text[3:].strip()} {text[:3]}", kind, into, own)
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
    return WrittenAmount(number, power, percent, named, hundredth, rest, assumed)


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
        converted(parts_of(text, into), into)
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


def parts_of(unit: str, into: Measure) -> tuple[Part, ...]:
    """The units that stand after an amount. Raises `WrongUnit` for a word that is none."""
    literal = into.literal.lower().rstrip("s")
    if not unit or (literal and unit.strip("/ ").lower().rstrip("s") == literal):
        return ()
    return tuple(units().parts(unit, into.bases, into.qualifier))
