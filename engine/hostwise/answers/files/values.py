"""What one question accepts: a value as it was written, turned into the type of the question."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from msgspec.structs import replace

from hostwise.answers.facts import SCALES, fixed
from hostwise.answers.files.answer import Answer
from hostwise.answers.files.spellings import UNKNOWN, YEARS, choice, days, is_open, truth
from hostwise.answers.questions.questions import Question
from hostwise.reading.findings.diagnostics import Place
from hostwise.reading.findings.suggest import nearest
from hostwise.reading.names import name_words, names_like
from hostwise.reading.numbers.amount import NotAQuantity, Own
from hostwise.reading.numbers.currencies import currencies
from hostwise.reading.numbers.fact_types import FactType
from hostwise.reading.numbers.number_format import format_number
from hostwise.reading.numbers.quantity import FINER, TOO_FINE, Quantity, joined, parse_quantity
from hostwise.reading.numbers.slips import is_bare, round_thousands, without_groups
from hostwise.reading.numbers.units import units

TEXT_LIMIT = 10_000
BASE, CURRENCY = "USD", "workload.currency"
_BANDS = {"low", "likely", "high"}


def own_currency(values: Mapping[str, Answer]) -> str:
    """The currency of a questionnaire: dollars where it states none."""
    stated = values.get(CURRENCY)
    return stated.value if stated is not None and stated.value else BASE


Written = Callable[..., str | None]
"""The text of the value as it stands in the file; of one of its parts where it is given a key."""
Where = Callable[..., Place]
"""The place of one of its parts."""


class Refused(ValueError):
    """The value is not one that the question accepts. `more` holds `found`, `accepted`, `suggestion`.

    `part` is the key of the entry that is refused, of an answer that has several.
    """

    def __init__(self, code: str, message: str, **more: Any) -> None:
        self.code, self.more = code, more
        self.part: tuple[str, ...] = ()
        super().__init__(message)


def read_answer(
    question: Question, value: Any, written: Written, place: Place, own: Own = (BASE,), where: Where | None = None,
    *, decimal_point: bool = False,
) -> Answer:  # fmt: skip
    """The answer that a value is. Raises `Refused`.

    `value` is as YAML has it: text, bool, int, Decimal, list or dict. `own` are the currencies of the questionnaire.
    `where` tells the places of an answer's parts, and `decimal_point` that a point is known to part no thousands.
    """
    said = written()
    text = "…" if said is None else said
    if is_open(value):
        return Answer(question.key, None, place, text)
    if question.type == "rates":
        rates = _rates(question, value)
        places = tuple((code, where(code)) for code in rates) if where else ()
        return Answer(question.key, rates, place, text, places=places)
    if not question.numeric:
        return Answer(question.key, _PLAIN[question.type](question, value, text), place, text)
    found = _quantity(question, value, written if decimal_point else _without_points(question, written), own)
    low, high = (found.low, found.high) if found.is_range else (None, None)
    return Answer(question.key, found.likely, place, text, low, high, found.currency, found.stated, found.assumed)


def _quantity(question: Question, value: Any, written: Written, own: Own) -> Quantity:
    if isinstance(value, dict):
        quantity = _band(question, value, written, own)
    elif isinstance(value, (bool, list)):
        raise Refused("not-a-number", "a number belongs here", found=_kind(value), accepted=_accepted(question))
    else:
        quantity = _parse(question, written() or str(value), own)
    if question.whole and not (isinstance(value, dict) and "likely" in value) and quantity.is_range:
        # The middle of a range was computed: between 1 and 2 replicas there are 2, not 1.5.
        quantity = replace(quantity, likely=quantity.likely.to_integral_value(ROUND_HALF_UP))
    room = _room(quantity.currency or own[0]) if question.type == "money" else Decimal(1)
    _check_bounds(question, quantity, room, written() or "")
    return quantity


def _band(question: Question, value: dict[str, Any], written: Written, own: Own) -> Quantity:
    if not {"low", "high"} <= set(value) <= _BANDS:
        found = ", ".join(value) or "nothing"
        accepted = "{low: 20M, likely: 30M, high: 40M}"
        raise Refused("range", "a range has low, likely and high", found=found[:60], accepted=accepted)
    ends = {name: _parse(question, written(name) or "", own) for name in value}
    try:
        return joined(ends, question.measure.dimension.example)
    except NotAQuantity as problem:
        found = ", ".join(f"{end.likely:f}" for end in ends.values())
        raise Refused("range", str(problem), found=found, accepted=problem.accepted) from None


HOURLY = "USD/hour"
_LONG = frozenset({"month", "quarter", "year"})
LARGE = ("USD/month", "USD/GPU")
"""Units of amounts of money that nobody writes to a tenth of a cent."""


def parts_thousands(question: Question, text: str) -> str | None:
    """The text without its points, where they part the thousands of an amount: `€2.100` a month, `25.000` requests.

    None elsewhere. Nobody counts a thousandth of a request or of a page.
    """
    plain = round_thousands(text) if question.numeric else None
    if plain is None:
        return None
    large = question.unit in LARGE if question.type == "money" else question.measure.dimension.grouped
    return plain if large or by_the_month(question, text) else None


def by_the_month(question: Question, text: str) -> bool:
    """Whether money for the hour is given for a month or a year: `€1.800 im Monat`, which nobody writes to a mill."""
    return question.unit == HOURLY and not _LONG.isdisjoint(units().named_in(text))


def _without_points(question: Question, written: Written) -> Written:
    def plain(*part: str) -> str | None:
        text = written(*part)
        return text and (parts_thousands(question, text) or text)

    return plain


def _parse(question: Question, text: str, own: Own) -> Quantity:
    try:
        return parse_quantity(text, FactType(question.type), question.unit, question.measure, own)
    except NotAQuantity as problem:
        accepted, near = _accepted(question, problem.accepted), problem.near
        raise Refused("not-a-quantity", str(problem), found=text[:60], accepted=accepted, suggestion=near) from None


MANY = 1_000_000
"""Bounds from here on are written as people write them: 100T."""


def _accepted(question: Question, example: str | None = None) -> str:
    ends = (end for end in (question.min, question.max) if end is not None)
    bounds = " to ".join(format_number(end) if end >= MANY else f"{end.normalize():f}" for end in ends)
    example = example or question.measure.dimension.example
    return f"{example}" + (f"; from {bounds}" if bounds else "") + "; a range such as 1..2; or unknown"


COARSE = Decimal("1.5")
"""The rates of `currencies.yaml` are coarse: amounts in other currencies may pass a bound in dollars by this factor."""


def _room(currency: str) -> Decimal:
    """How many times a bound in dollars an amount in a currency may be: as many as a dollar has of a smaller unit."""
    dollars = currencies().dollars(currency)
    return Decimal(1) if dollars is None or dollars >= 1 else COARSE / dollars


def _check_bounds(question: Question, quantity: Quantity, room: Decimal, text: str) -> None:
    for value in (quantity.low, quantity.likely, quantity.high):
        below = question.min is not None and value < question.min
        above = question.max is not None and value > question.max * room
        if below or above:
            raise Refused(
                "out-of-bounds",
                f"too {'small' if below else 'large'}",
                found=(text or f"{value:f}")[:40],
                accepted=_accepted(question),
                suggestion=_in_hundredths(question, value, text),
            )
        kept = fixed(value, FactType(question.type))
        if abs(value - kept) > abs(value) * TOO_FINE:
            places = SCALES[FactType(question.type)]
            raise Refused(
                "too-fine",
                FINER,
                found=(text or f"{value:f}")[:40],
                accepted=f"at most {places} places after the point in {question.unit or 'what is asked for'}",
            )
        if question.whole and value != value.to_integral_value():
            raise Refused(
                "not-whole",
                "a whole number belongs here",
                found=(text or f"{value:f}")[:40],
                accepted=_accepted(question),
                suggestion=without_groups(text),
            )


def _in_hundredths(question: Question, value: Decimal, text: str) -> str | None:
    """A share that was written without its sign: `80` for `80%`."""
    share = value / 100
    low, high = question.min, question.max
    fits = question.measure.dimension.percent and low is not None and high is not None and low <= share <= high
    fits = fits and is_bare(text)
    return f"{value.normalize():f}%" if fits else None


def _boolean(question: Question, value: Any, written: str) -> bool:
    found = truth(written if isinstance(value, int) else value)  # `01` is no one
    if found is not None:
        return found
    raise Refused("not-yes-or-no", "yes or no belongs here", found=_kind(value), accepted="yes, no or unknown")


def _enum(question: Question, value: Any, written: str) -> str:
    # Who is asked "may they?" answers yes or no, and who is asked "who?" 0.
    said = value if isinstance(value, (str, dict, list)) else written
    found = choice(value, question.values) or _alias(said, _spellings(question))
    if found is not None:
        return found
    out = _alias(value, {word: (word, *entry.aliases) for word, entry in question.refused.items()})
    if out is not None:
        because, accepted = question.refused[out].because, ", ".join([*question.values, UNKNOWN])
        raise Refused("out-of-scope", because, found=written[:60], accepted=accepted)
    if isinstance(value, (dict, list)):
        raise Refused("not-a-choice", "one word belongs here", found=_kind(value), accepted=", ".join(question.values))
    raise Refused(
        "not-a-choice",
        "not one of the choices",
        found=written[:60],
        accepted=", ".join([*question.values, UNKNOWN]),
        suggestion=nearest(written, question.values),
    )


def _spellings(question: Question) -> Mapping[str, tuple[str, ...]]:
    """The words of a question with what else is written for each: `on demand` is on-demand."""
    return {word: (word, *question.aliases.get(word, ())) for word in question.values}


def _alias(value: Any, words: Mapping[str, tuple[str, ...]]) -> str | None:
    """The word of which a value is another spelling; spaces, hyphens and case do not count, and doubts do."""
    if not isinstance(value, str) or _DOUBT.search(value):
        return None
    plain = name_words(value)
    return next((word for word, others in words.items() if plain in map(name_words, others)), None)


_DOUBT = re.compile(r"[?!~≈<>=]")


def _set(question: Question, value: Any, written: str) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    chosen = [choice(item, question.values) or _alias(item, _spellings(question)) for item in items]
    for item, word in zip(items, chosen, strict=True):
        if word is None:
            found = item if isinstance(item, str) else _kind(item)
            raise Refused(
                "not-a-choice",
                "not one of the choices",
                found=found[:60],
                accepted=", ".join(question.values),
                suggestion=nearest(found, question.values),
            )
    return tuple(name for name in question.values if name in chosen)


def _text(question: Question, value: Any, written: str) -> str:
    if isinstance(value, (dict, list)):
        raise Refused("not-text", "text belongs here", found=_kind(value), accepted="text")
    if len(written) > TEXT_LIMIT:
        raise Refused(
            "too-long",
            "the text is too long",
            found=f"{len(written)} characters",
            accepted=f"up to {TEXT_LIMIT}",
        )
    if question.key == CURRENCY and written not in currencies().codes:
        near = ", ".join(currencies().candidates(written)) or nearest(written.upper(), currencies().codes)
        accepted = ", ".join(currencies().codes)
        raise Refused("currency", "not a currency's code", found=written[:60], accepted=accepted, suggestion=near)
    if question.pattern and not re.fullmatch(question.pattern, written):
        raise Refused("pattern", "not in the form asked for", found=written[:60], accepted=question.help)
    if not written.strip():
        raise Refused("empty", "the text is empty", accepted="text")
    for entry in question.refused.values() if question.names_model else ():
        if any(names_like(word, [written]) for word in entry.models):
            raise Refused("out-of-scope", entry.because, found=written[:60], accepted="a language model")
    return written.strip()


def _date(question: Question, value: Any, written: str) -> str:
    found = days(written)
    if len(found) == 1:
        return found[0].isoformat()
    example = f"a date such as 2026-11-20, of the years {YEARS[0]} to {YEARS[-1]}"
    accepted = " or ".join(map(str, found)) or example
    message = "either number can be the month" if found else "not a date"
    raise Refused("not-a-date", message, found=written[:60], accepted=accepted)


RATES = "{GBP: {rate: 1.30, as_of: 2026-11-01}}: how many dollars one unit is"
RATE_KEYS = ("rate", "as_of", "source")


def _rates(question: Question, value: Any) -> Mapping[str, Mapping[str, Any]]:
    if not isinstance(value, dict):
        raise Refused("rates", "a rate for each currency belongs here", found=_kind(value), accepted=RATES)
    found: dict[str, Mapping[str, Any]] = {}
    for code, entry in value.items():
        try:
            found[code] = _rate(question, code, entry)
        except Refused as refusal:
            refusal.part = (code,)
            raise
    return found


def _rate(question: Question, code: str, entry: Any) -> Mapping[str, Any]:
    row = entry if isinstance(entry, dict) else {"rate": entry}
    rate, day, source = row.get("rate"), row.get("as_of"), row.get("source", "")
    if code not in currencies().codes:
        others = [each for each in currencies().codes if each != BASE]
        near = ", ".join(currencies().candidates(code)) or nearest(code.upper(), others)
        raise Refused("rates", "not a currency's code", found=code[:60], accepted=RATES, suggestion=near)
    if other := [str(key) for key in row if key not in RATE_KEYS]:
        near = nearest(other[0], RATE_KEYS)
        accepted = ", ".join(RATE_KEYS)
        raise Refused("rates", f"the rate of {code} has no such key", found=other[0][:60], accepted=accepted,
                      suggestion=near)  # fmt: skip
    if isinstance(rate, str) and re.fullmatch(r"\d+(\.\d+)?", rate.strip(), re.ASCII):
        rate = Decimal(rate.strip())
    number = isinstance(rate, (int, Decimal)) and not isinstance(rate, bool)
    if not number or not isinstance(source, str):
        what = _kind(entry) if number or rate is None else f"{code}: {_kind(rate)}"
        raise Refused("rates", f"the rate of {code} cannot be read", found=what, accepted=RATES)
    value = Decimal(str(rate))
    if not Decimal("0.000001") <= value <= 1_000_000:
        accepted = "0.000001 to 1000000"
        raise Refused("rates", f"the rate of {code} is out of bounds", found=str(rate), accepted=accepted)
    if code == BASE and value != 1:
        turned = f"{{EUR: {(1 / value).normalize():.4g}}}, if one dollar is {rate} euros; so for any other currency"
        why = "a rate is how many dollars one unit of another currency is: dollars have none"
        raise Refused("rates", why, found=f"USD: {rate}", accepted=RATES, suggestion=turned)
    return {"rate": value, "as_of": None if day is None else _date(question, day, str(day))}


_PLAIN = {
    "boolean": _boolean, "enum": _enum, "set": _set, "text": _text, "date": _date,
}  # fmt: skip


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return str(value)[:60]
