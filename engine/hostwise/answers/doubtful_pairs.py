"""Answers that can each be true and hardly are together: rates, lengths, shares and prices that do not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from hostwise.answers.fact_text import format_value
from hostwise.answers.files.answer import Answer
from hostwise.answers.files.days import RATES
from hostwise.answers.files.values import BASE, CURRENCY, own_currency
from hostwise.answers.plausible import MISSING_RATE, Apart, Slip, warning
from hostwise.answers.questions.questions import Questionnaire
from hostwise.reading.findings.diagnostics import Diagnostic, Severity
from hostwise.reading.numbers.currencies import currencies
from hostwise.reading.numbers.fact_types import FactType
from hostwise.reading.numbers.months import DAYS
from hostwise.reading.numbers.number_format import BARE
from hostwise.reading.translatable import fill, prose


def doubtful_rates(values: Mapping[str, Answer], questionnaire: Questionnaire) -> Iterator[Diagnostic]:
    """Rates that are missing, without a day, upside down or far from what the currency was worth."""
    stated = values.get(RATES)
    rates = (stated.value if stated is not None else None) or {}
    for code, answer in _needed(values, questionnaire).items():
        if code == BASE or code in rates:
            continue
        accepted = f"economics: {{exchange_rates: {{{code}: {{rate: …, as_of: …}}}}}}: how many dollars one {code} is"
        if answer.key == CURRENCY:
            message = fill("no exchange rate for {currency}: amounts are said in dollars", currency=code)
            yield warning(answer, MISSING_RATE, message, accepted=accepted)
            continue
        message = fill("no exchange rate for {currency}: nothing in it can be compared with dollars", currency=code)
        yield replace(warning(answer, MISSING_RATE, message, accepted=accepted), severity=Severity.ERROR)
    for code, entry in rates.items():
        assert stated is not None
        yield from _doubtful(replace(stated, place=stated.part(code)), code, entry["rate"], entry["as_of"])


def _needed(values: Mapping[str, Answer], questionnaire: Questionnaire) -> Mapping[str, Answer]:
    """The currencies that the answers use, each with the first amount in it; with itself where it is only wanted."""
    found: dict[str, Answer] = {}
    own = own_currency(values)
    for answer in values.values():
        if questionnaire.by_key[answer.key].type == "money" and not answer.unknown:
            found.setdefault(answer.currency or own, answer)
    stated = values.get(CURRENCY)
    if stated is not None and stated.value:
        found.setdefault(stated.value, stated)
    return found


def _doubtful(stated: Answer, code: str, rate: Decimal, day: str | None) -> Iterator[Diagnostic]:
    stated = replace(stated, written=f"{code}: {rate:f}")
    if day is None and code != BASE:
        message = fill("the exchange rate of {currency} has no day", currency=code)
        yield warning(stated, "undated-rate", message, accepted=f"{{{code}: {{rate: {rate}, as_of: 2026-11-20}}}}")
    about, within = currencies().dollars(code), currencies().within(code)
    if about is None:
        return
    # Near one the two ways round are within the same factor of the table: then the nearer one counts.
    upside_down = about / within <= 1 / rate <= about * within and _apart(1 / rate, about) < _apart(rate, about)
    if _apart(rate, about) <= within and not upside_down:
        return
    usual = format_value(about.quantize(Decimal(1).scaleb(about.adjusted() - 3)), FactType.QUANTITY, f"{BASE}/{BARE}")
    values = {"currency": code, "rate": f"{rate.normalize():f}", "usual": usual, "day": str(currencies().file.as_of)}
    message = fill(_UPSIDE_DOWN if upside_down else _FAR, **values)
    likely = f"{{{code}: {{rate: {(1 / rate).normalize():.4g}}}}}" if upside_down else None
    more = {"suggestion": likely} if likely else {}
    yield warning(stated, "doubtful-rate", message, accepted="how many dollars one unit is", **more)


def _apart(one: Decimal, other: Decimal) -> Decimal:
    """By what factor two amounts differ."""
    return max(one / other, other / one)


_UPSIDE_DOWN = prose(
    "the rate of {currency} looks upside down: one was about {usual} dollars on {day}, and {rate} of them is a dollar"
)
_FAR = prose("the rate of {currency} is far off: one was about {usual} dollars on {day}, not {rate}")


def doubtful_lengths(values: Mapping[str, Answer], apart: Apart) -> Iterator[Diagnostic]:
    """Tokens of a day or a month that are stated against requests times their length."""
    for keys in LENGTHS:
        stated, requests, length = (_number(values, key) for key in keys)
        if not stated or not requests or not length:
            continue
        computed = requests * length * days_of(keys[0])
        if close(stated, computed, apart.factor):
            continue
        unit = "tokens/month" if days_of(keys[0]) > 1 else "tokens/day"
        said = {
            "tokens": format_value(stated, FactType.TOKENS, unit),
            "computed": format_value(computed, FactType.TOKENS, unit),
        }
        message = _LENGTH_A_MONTH if days_of(keys[0]) > 1 else _LENGTH
        yield two_apart(values[keys[0]], stated, computed, apart, message, said, apart.volume)


def days_of(key: str) -> int:
    """How many days the tokens of a question are of."""
    return DAYS if key.endswith("_month") else 1


LENGTHS = tuple(
    (f"demand.{kind}_tokens_per_{time}", "demand.requests_per_day", f"demand.{kind}_tokens_per_request")
    for kind in ("input", "output")
    for time in ("day", "month")
)
"""Tokens of a day or a month, requests a day and tokens of a request that say the same."""


def doubtful_shares(values: Mapping[str, Answer], apart: Apart) -> Iterator[Diagnostic]:
    """Answers that say how much of the tokens is input, and say different things."""
    said: dict[tuple[str, ...], Decimal] = {}
    for keys in SHARES:
        numbers = [_number(values, key) for key in keys]
        known = [number for number in numbers if number is not None]
        if len(known) == len(keys) and (whole := Decimal(1) if len(keys) == 1 else sum(known, Decimal(0))):
            said[keys] = known[0] / whole
    if not said:
        return
    (first, share), *others = said.items()
    for keys, other in others:
        if abs(other - share) > apart.share:
            by = {"keys": " and ".join(keys), "first": " and ".join(first)}
            shares = {"share": format_value(other, FactType.RATIO, ""), "said": format_value(share, FactType.RATIO, "")}
            yield warning(values[keys[0]], "apart", fill(_SHARES, **by, **shares), accepted=_BOTH_TRUE)


SHARES = (
    *((f"demand.input_tokens_per_{each}", f"demand.output_tokens_per_{each}") for each in ("day", "month")),
    ("demand.input_share",),
    ("demand.input_tokens_per_request", "demand.output_tokens_per_request"),
)
"""Answers that say how much of the tokens is input: the share itself, or input and output."""
_SHARES = prose("by {keys} {share} of the tokens are input, and by {first} {said}")
_BOTH_TRUE = "answers that can both be true; or take one of them out"


def _number(values: Mapping[str, Answer], key: str) -> Decimal | None:
    answer = values.get(key)
    return answer.value if answer is not None and isinstance(answer.value, Decimal) else None


def close(one: Decimal, other: Decimal, factor: Decimal) -> bool:
    """Whether two amounts differ by no more than a factor."""
    return one / factor <= other <= one * factor


def two_apart(
    answer: Answer,
    stated: Decimal,
    computed: Decimal,
    apart: Apart,
    message: str,
    said: Mapping[str, str],
    slips: Sequence[Slip] = (),
) -> Diagnostic:
    """A warning that an answer and what others come to are far apart, with the slip that would explain it.

    `slips` are those of the answer's dimension, where the other is of the same.
    """
    ratio = _apart(stated, computed)
    times = format_value(ratio, FactType.RATIO, "x")
    if slips:
        named = next((slip for slip in slips if close(computed / stated, slip.times, apart.near)), None)
    else:
        named = next((r for r in apart.reasons if close(ratio, r.times, apart.near)), None)
    text = fill(message, **said, times=times)
    if named is not None:
        text = fill(_NAMED, apart=text, means=named.means)
    return warning(answer, "apart", text)


def doubtful_order(values: Mapping[str, Answer], questionnaire: Questionnaire) -> Iterator[Diagnostic]:
    """Prices of which one is usually the larger, and is not."""
    for keys in ORDERED:
        small, large = (values.get(key) for key in keys)
        amounts = _number(values, keys[0]), _number(values, keys[1])
        if small is None or large is None or small.currency != large.currency or None in amounts:
            continue
        if small.ends[0] > large.ends[1]:
            labels = {"small": questionnaire.by_key[keys[0]].label, "large": questionnaire.by_key[keys[1]].label}
            yield warning(large, "order", fill(_ORDER, **labels, amount=small.written[:60], other=large.written[:60]))


ORDERED = tuple(
    (f"{section}.{small}_price", f"{section}.{large}_price")
    for section in ("current_api", "open_provider")
    for small, large in (("input", "output"), ("cached", "input"))
)
"""Prices, the one that is usually less first."""
_ORDER = prose("{large} is {other} and {small} {amount}: hardly any price list has it so; the wrong way round?")
_LENGTH = prose("tokens a day are {tokens} and requests times their length {computed}, {times} apart")
_LENGTH_A_MONTH = prose("tokens a month are {tokens} and requests times their length {computed}, {times} apart")
_NAMED = prose("{apart}: {means}?")
