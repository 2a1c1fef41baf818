"""Answers that can be true and rarely are, with what they may have been meant to be; from `rules/plausible.yaml`.

A warning never stops a decision by itself. It stands where the answer stands, so that a slip of a thousand is seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from msgspec.structs import replace

from hostwise.answers.fact_text import format_value
from hostwise.answers.files.answer import Answer
from hostwise.answers.files.days import RATES
from hostwise.answers.files.values import BASE, COARSE, CURRENCY, HOURLY, by_the_month, own_currency, parts_thousands
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.reading.files.kept_document import read_kept_document
from hostwise.reading.files.strict import Strict
from hostwise.reading.files.validate import validated
from hostwise.reading.findings.diagnostics import Diagnostic, Severity
from hostwise.reading.numbers.currencies import currencies
from hostwise.reading.numbers.fact_types import FactType
from hostwise.reading.numbers.months import DAYS
from hostwise.reading.numbers.number_format import BARE
from hostwise.reading.numbers.slips import is_bare, without_groups
from hostwise.reading.numbers.units import units
from hostwise.reading.translatable import fill, prose


class _Usual(Strict, frozen=True):
    low: Decimal
    high: Decimal
    source: str
    as_of: date
    because: str


class _Range(Strict, frozen=True):
    questions: tuple[str, ...]
    low: Decimal
    high: Decimal
    source: str
    as_of: date
    because: str
    or_nothing: bool = False


class Slip(Strict, frozen=True):
    """A way to write a number that changes it by a factor, and what the number then was."""

    times: Decimal
    means: str


class Apart(Strict, frozen=True):
    """By what factor two ways to say the same may differ, a price and the list's, a bill and its tokens; and which
    factors have a name. A share differs by points. A price that is older than `price_months` is to be read again."""

    factor: Decimal
    price: Decimal
    price_months: int
    bill: Decimal
    rent: Decimal
    rent_below: Decimal
    share: Decimal
    near: Decimal
    volume: tuple[Slip, ...]
    reasons: tuple[Slip, ...]


class _Incomplete(Strict, frozen=True):
    """A question whose answer is not used unless all of one group of others are answered too."""

    question: str
    needs: tuple[tuple[str, ...], ...]
    range_will_do: bool
    because: str


class _Idle(Strict, frozen=True):
    """A question whose answer is not used beside some answers to others."""

    question: str
    beside: dict[str, tuple[str | bool, ...]]
    because: str
    answers: tuple[str, ...] = ()


class Plausible(Strict, frozen=True):
    """`rules/plausible.yaml`."""

    ranges: tuple[_Range, ...]
    idle: tuple[_Idle, ...]
    incomplete: tuple[_Incomplete, ...]
    days_of_use: dict[str, str]
    spend_per_million_tokens: _Usual
    slips: dict[str, tuple[Slip, ...]]
    apart: Apart


@lru_cache(maxsize=8)
def load_plausible(folder: Path) -> Plausible:
    """The table of a folder of rules. Raises `InputError` with line and column."""
    return validated(Plausible, read_kept_document(folder / "plausible.yaml"))


def warning(answer: Answer, code: str, message: str, **more: str) -> Diagnostic:
    """A finding that does not stop a decision, at the place of an answer."""
    return Diagnostic(answer.place, code, message, found=answer.written[:60], severity=Severity.WARNING, **more)


def answer_doubts(values: Mapping[str, Answer], questionnaire: Questionnaire) -> Iterator[Diagnostic]:
    """What is doubtful about answers by themselves, before anything is computed from them."""
    found = ((answer.key, grouped(answer, questionnaire.by_key[answer.key])) for answer in values.values())
    asked = {key: doubt for key, doubt in found if doubt is not None}
    yield from asked.values()
    # Of a number that may be a thousand times as much, it says nothing that it is small.
    yield from implausible({key: answer for key, answer in values.items() if key not in asked}, questionnaire)
    table = load_plausible(Path(questionnaire.file).parent)
    spread = (
        spread_over_days(values[key], questionnaire.by_key[key], table) for key in table.days_of_use if key in values
    )
    yield from filter(None, spread)
    yield from doubtful_rates(values, questionnaire)
    apart = table.apart
    yield from doubtful_lengths(values, apart)
    yield from doubtful_shares(values, apart)
    yield from doubtful_order(values, questionnaire)
    yield from unused(values, questionnaire)


def may_be_grouped(question: Question) -> bool:
    """Whether its numbers are or can be large, and hardly ever written to three places after the point."""
    return question.numeric and (question.measure.dimension.grouped or question.unit == HOURLY)


def grouped(answer: Answer, question: Question) -> Diagnostic | None:
    """Three places after the point: of what is counted in thousands, more often a mark of theirs. None for others."""
    plain = without_groups(answer.written) if may_be_grouped(question) else None
    if plain is None or not (question.measure.dimension.grouped or by_the_month(question, answer.written)):
        return None
    as_thousands = parts_thousands(question, answer.written) is not None
    message = fill(
        _AS_THOUSANDS if as_thousands else _GROUPED, label=question.label, written=answer.written[:60], plain=plain[:60]
    )
    accepted = "a number without marks; a point parts the decimals, a comma the thousands"
    return warning(answer, "grouped", message, accepted=accepted, suggestion=plain)


_AS_THOUSANDS = prose("{label}: {written} is read as {plain}: its point is taken to part the thousands")
_GROUPED = prose("{label}: {written} is read with a decimal point; it is {plain} if the point parts the thousands")


def spread_over_days(answer: Answer, question: Question, table: Plausible) -> Diagnostic | None:
    """What is asked for on a day of use, and said of a week or longer. None for others."""
    days = table.days_of_use.get(question.key)
    parts = answer.stated.parts if days is not None and answer.stated is not None else ()
    day = units().file.units["day"].size
    if not any(part.of == "time" and part.size * part.count > day for part in parts):
        return None
    message = fill(_SPREAD, label=question.label, written=answer.written[:60], key=days or "")
    return warning(answer, "spread", message, accepted="the tokens of a day of use, such as 2.1M a day")


_SPREAD = prose(
    "{label}: {written} is spread over all days, and counted for days of use alone ({key}): less than was meant?"
)


def implausible(values: Mapping[str, Answer], questionnaire: Questionnaire) -> Iterator[Diagnostic]:
    """Answers outside what is usual, in the order of the table."""
    table = load_plausible(Path(questionnaire.file).parent)
    own = own_currency(values)
    for usual in table.ranges:
        for key in usual.questions:
            answer = values.get(key)
            if answer is None:  # as most are: of a table each cell is looked at by itself
                continue
            question = questionnaire.by_key.get(key)
            if question is not None and isinstance(answer.value, Decimal):
                yield from _outside(answer, question, usual, own, table)


def unused(values: Mapping[str, Answer], questionnaire: Questionnaire) -> Iterator[Diagnostic]:
    """Answers that count for nothing without another one, or beside one."""
    given = {key for key, answer in values.items() if not answer.unknown}
    for idle in load_plausible(Path(questionnaire.file).parent).idle:
        answer, question = values.get(idle.question), questionnaire.by_key.get(idle.question)
        if answer is None or question is None or idle.question not in given:
            continue
        said = not idle.answers or answer.value in idle.answers
        if said and all(key in given and values[key].value in held for key, held in idle.beside.items()):
            message = fill(_UNUSED, label=question.label, because=idle.because)
            yield warning(
                answer, NOT_USED, message, accepted="without this answer, or another one to " + ", ".join(idle.beside)
            )
    for each in load_plausible(Path(questionnaire.file).parent).incomplete:
        answer, question = values.get(each.question), questionnaire.by_key.get(each.question)
        if answer is None or question is None or each.question not in given:
            continue
        ranged = each.range_will_do and answer.ends[0] != answer.ends[1]
        if not ranged and not any(given.issuperset(group) for group in each.needs):
            accepted = "; or ".join(" and ".join(group) for group in each.needs)
            accepted += "; or a range such as 2%..6%" if each.range_will_do else ""
            message = fill(_UNUSED, label=question.label, because=each.because)
            yield warning(answer, NOT_USED, message, accepted=accepted)


MISSING_RATE = "missing-rate"
NOT_USED = "not-used"
"""The code of an answer that counts for nothing without another one."""
_UNUSED = prose("{label}: the verdict does not rest on it: {because}")


def _outside(answer: Answer, question: Question, usual: _Range, own: str, table: Plausible) -> Iterator[Diagnostic]:
    low, high, scale = usual.low, usual.high, Decimal(1)
    currency = (answer.currency or own) if question.type == "money" else ""
    if currency and currency != BASE:
        scale = currencies().dollars(currency) or Decimal(1)
        low, high = low / COARSE, high * COARSE
    ends = [end * scale for end in answer.ends]
    if (low <= ends[0] and ends[1] <= high) or (usual.or_nothing and ends == [0, 0]):
        return
    below = ends[0] < low
    unit = question.unit.replace(BASE, currency) if currency else question.unit
    limit = (low if below else high) / scale
    values = {
        "label": question.label,
        "written": answer.written[:60],
        "limit": format_value(limit, FactType(question.type), unit),
    }
    far = ends[0] if below else ends[1]
    # Who wrote a unit or a per cent sign knew what was asked for.
    slips = table.slips.get(question.dimension, ()) if answer.stated is None and is_bare(answer.written) else ()
    slip = next((s for s in slips if low <= far * s.times <= high), None)
    if slip is None:
        message = _BELOW if below else _ABOVE
        yield warning(answer, "implausible", fill(message, **values), accepted=usual.because)
        return
    likely = format_value(far * slip.times / scale, FactType(question.type), unit)
    message = _BELOW_MEANT if below else _ABOVE_MEANT
    meant = fill(message, **values, likely=likely, means=slip.means)
    yield warning(answer, "implausible", meant, accepted=usual.because, suggestion=likely)


def unusual(value: Decimal, question: Question, table: Plausible) -> tuple[str, str, str | None] | None:
    """What is said of a figure in dollars that is no usual answer to a question, why, and what was likely meant.

    None where it is usual.
    """
    usual = next(each for each in table.ranges if question.key in each.questions)
    if usual.low <= value <= usual.high:
        return None
    kind, below = FactType(question.type), value < usual.low
    slip = next(
        (s for s in table.slips.get(question.dimension, ()) if usual.low <= value * s.times <= usual.high), None
    )
    said = {"label": question.label, "written": f"{value:f}"}
    said["limit"] = format_value(usual.low if below else usual.high, kind, question.unit)
    if slip is None:
        return fill(_BELOW if below else _ABOVE, **said), usual.because, None
    likely = format_value(value * slip.times, kind, question.unit)
    message = fill(_BELOW_MEANT if below else _ABOVE_MEANT, **said, likely=likely, means=slip.means)
    return message, usual.because, likely


_BELOW = prose("{label}: {written} is less than {limit}, the least that is usual")
_ABOVE = prose("{label}: {written} is more than {limit}, the most that is usual")
_BELOW_MEANT = prose("{label}: {written} is less than {limit}, the least that is usual; {likely} if it is {means}")
_ABOVE_MEANT = prose("{label}: {written} is more than {limit}, the most that is usual; {likely} if it is {means}")


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
