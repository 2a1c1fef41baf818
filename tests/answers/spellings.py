"""Ways to write an answer, each with what it must be read as, and ways that must be refused.

What a unit is worth is written down here once more, by hand: the table in `rules/units.yaml` is what is tested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from hostwise.answers.questions.questions import Question

DAYS = {
    "second": "1/86400",
    "minute": "1/1440",
    "hour": "1/24",
    "day": "1",
    "week": "7",
    "month": "30",
    "quarter": "90",
    "year": "360",
}
WORDS = {
    "second": ("/s", " per second", " a second", "/sec", " pro Sekunde"),
    "minute": ("/min", " per minute", " pro Minute"),
    "hour": ("/h", "/hour", " an hour", " per hour", " hourly", "/hr", " pro Stunde"),
    "day": ("/day", "/d", " a day", " per day", " daily", " pro Tag", " am Tag", " each day", " / day", "/DAY"),
    "week": ("/week", " a week", " per week", " weekly", " pro Woche", "/wk"),
    "month": ("/month", "/mo", " a month", " per month", " monthly", " pro Monat", " im Monat", "/Month"),
    "quarter": ("/quarter", " a quarter", " per quarter", " pro Quartal"),
    "year": ("/year", "/yr", " a year", " per year", " p.a.", " per annum", " annually", " pro Jahr", " jährlich"),
}
MONEY = {
    "USD": ("${}", "$ {}", "US${}", "{} USD", "USD {}", "{} $", "{} dollars"),
    "EUR": ("€{}", "{} €", "{} EUR", "EUR {}", "{}€", "{} euro"),
    "GBP": ("£{}", "{} GBP", "GBP{}"),
    "CHF": ("Fr. {}", "{} CHF"),
    "JPY": ("{} JPY", "JP¥{}", "{} yen"),
    "CNY": ("{} CNY", "{} RMB", "{} 元", "CN¥{}"),
    "CAD": ("C${}", "{} CAD", "${} CAD"),
    "PLN": ("{} zł", "{} PLN"),
    "SEK": ("{} SEK",),
}
HOURS = {"hour": "1", "day": "24", "week": "168", "month": "720", "year": "8640"}
PAID = {"hour": "3/520", "day": "24/520", "week": "120/520", "month": "1", "quarter": "3", "year": "12"}


class Spelling(Struct, frozen=True):
    """A text, and the value (or the ends of the range) and the currency that it stands for."""

    text: str
    low: Decimal
    high: Decimal
    currency: str | None = None


def spellings(question: Question) -> Iterator[Spelling]:
    """Ways to write some values of a question, and ranges of them. The same text comes once."""
    every = {text: (number, currency) for number, text, currency in _MAKERS[question.dimension](question)}
    for place, (text, (number, currency)) in enumerate(every.items()):
        yield Spelling(f"  {text} " if place % 5 == 4 else text, number, number, currency)
    bare = list(every.items())[::3]
    for place, ((one, (low, own)), (other, (high, its))) in enumerate(zip(bare, bare[40:], strict=False)):
        between = _BETWEEN[place % len(_BETWEEN)]
        if low < high and own == its and _beside(one) == _beside(other) and not one.endswith("."):
            yield Spelling(f"{one}{between}{other}", low, high, own)
            yield Spelling(_WRITTEN_OUT[place % len(_WRITTEN_OUT)].format(one, other), low, high, own)


_BETWEEN = ("..", " .. ", " to ", " – ", " bis ")
_WRITTEN_OUT = ("between {} and {}", "from {} to {}", "zwischen {} und {}", "von {} bis {}")
_MULTIPLIED = "bn|Bn|mn|mln|MM|thousand|[mb]illions?|trillion|Tsd.?|Mio.?|Mrd.?|Millionen|Milliarden|[kKMmBT]"
_COINS = r"ct|cents|¢|[€£$¥]|US|JP|CN|C(?=\$)|USD|EUR|GBP|CHF|JPY|CNY|CAD|PLN|SEK|RMB|dollars|euro|yen|zł|元|Fr\."
_PERCENT = "%|percent|per cent|pct|Prozent"


def _beside(text: str) -> tuple[bool, bool, bool, bool]:
    """What stands beside the digits. What stands at one end of a range alone is lent to the other."""
    words = re.sub(r"[+]?\d[\d_,.' \u00a0\u202f]*(e[+-]\d+)?", " ", text, count=1).strip()
    coins = bool(re.search(r"\b(?:ct|cents)\b|¢", words))
    words = re.sub(rf"^(?:{_COINS})|(?:{_COINS})$|^(?:{_COINS})(?=\W|$)", "", words).strip()
    multiplied = re.match(rf"(?:{_MULTIPLIED})(?![^\W\d_])", words)
    rest = words[multiplied.end() :].strip() if multiplied else words
    return bool(multiplied), bool(re.search(_PERCENT, rest)), coins, bool(re.sub(_PERCENT, "", rest).strip())


def _fraction(text: str) -> tuple[Decimal, Decimal]:
    over, _, under = text.partition("/")
    return Decimal(over), Decimal(under or 1)


def numbers(value: Decimal, *, letters: bool = True) -> Iterator[str]:
    """A number in digits, grouped, with an exponent, and with a multiplier where that leaves few digits."""
    plain = f"{value.normalize():f}"
    yield plain
    if value == value.to_integral_value() and value >= 1000:
        for mark in ("_", ",", " ", "\u00a0", "\u202f", "'"):
            yield f"{value:,.0f}".replace(",", mark)
    if value == value.to_integral_value() and value >= 100_000:
        lakhs, last = divmod(int(value), 1000)
        yield f"{re.sub(r'(?<=[0-9])(?=(?:[0-9][0-9])+$)', ',', str(lakhs))},{last:03d}"
    if value >= 1000 and value == round(value, 2):
        # Both marks, the comma last: it can be read one way only.
        yield f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    if value:
        yield f"{value.normalize():e}"
        yield f"+{plain}"
    if letters:
        for power, words in _MULTIPLIERS.items():
            short = f"{value.scaleb(-power).normalize():f}"
            if value and len(short) <= 6:
                yield from (f"{short}{word}" for word in words)


_MULTIPLIERS = {
    3: ("k", "K", " k", " thousand", " Tsd."),
    6: ("M", " M", " million", "mn", "mln", "MM", " Mio.", " Millionen"),
    9: ("B", "bn", "Bn", " billion", " Mrd.", " Milliarden"),
    12: ("T", " trillion"),
}


def _in_time(
    value: Decimal, own: str, periods: Mapping[str, str], before: tuple[str, ...], form: str = "{}"
) -> Iterator[str]:
    """A value that is counted per `own`, as it is in each period."""
    own_over, own_under = _fraction(periods[own])
    for period, days in periods.items():
        over, under = _fraction(days)
        stated = value * over * own_under / (under * own_over)
        if len(f"{stated.normalize():f}") > 16:
            continue
        for index, written in enumerate(numbers(stated)):
            words = WORDS[period]
            for word in (words[index % len(words)], words[(index + 3) % len(words)]):
                for counted in before:
                    yield form.format(written) + counted + word
    yield from (form.format(written) for written in numbers(value))


def _tokens(question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    own = {"tokens/day": "day", "tokens/month": "month", "tok/s": "second"}[question.unit]
    unit = Decimal({"day": 2_592_000, "month": 77_760_000, "second": 30}[own])
    kinds = ("", " tokens", " tok") + ((f" {question.counts} tokens",) if question.counts else ())
    for times in (1, 25):
        value = unit * times
        yield from ((value, text, None) for text in _in_time(value, own, DAYS, kinds))


def _requests(question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    for times in (1, 10):
        value = Decimal(86_400) * times
        yield from ((value, text, None) for text in _in_time(value, "day", DAYS, ("", " requests", " calls")))
        yield value, f"{times} rps", None
        yield value, f"{times * 60} rpm", None


def _lengths(question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    after = (
        "",
        " tokens",
        " tok",
        " tokens/request",
        " tokens per request",
        " per request",
        f" {question.counts} tokens",
    )
    for value in map(Decimal, (50, 300, 1200, 4000, 128_000)):
        yield from ((value, number + word, None) for number in numbers(value) for word in after)


def _token_prices(question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    per = {
        6: (
            "",
            "/M",
            "/1M",
            "/Mtok",
            "/MTok",
            " per million tokens",
            " / 1M tokens",
            " per 1,000,000 tokens",
            " je Million Token",
            " per million",
            f" per million {question.counts} tokens",
        ),
        3: ("/k", "/1k", "/ktok", " per thousand tokens", " per 1K tokens", " per 1000 tokens"),
        0: ("/token", " per token"),
        9: ("/B", " per billion tokens"),
    }
    for value in map(Decimal, ("0.15", "10")):
        for code, forms in MONEY.items():
            for form in forms:
                for power, words in per.items():
                    stated = f"{value.scaleb(power - 6).normalize():f}"
                    yield from ((value, form.format(stated) + word, code) for word in words)
        yield value, f"{value * 100:f} ct", "USD"
        yield value, f"{value:f}", None


def _money(
    question: Question, periods: Mapping[str, str], own: str, after: tuple[str, ...] = ("",)
) -> Iterator[tuple[Decimal, str, str | None]]:
    monthly = Decimal(15600) if question.max is None or question.max > 15600 else Decimal(156)
    for value in (Decimal(3),) if own == "hour" else (monthly,):
        for code, forms in MONEY.items():
            for form in forms[:4]:
                yield from ((value, text, code) for text in _in_time(value, own, periods, after, form))
        yield from ((value, number, None) for number in numbers(value))


def _spend(question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    periods = {name: DAYS[name] for name in ("day", "week", "month", "quarter", "year")}
    yield from _money(question, periods, "month")


def _gpu(question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    yield from _money(question, HOURS, "hour", ("", "/GPU"))


def _machine(question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    for value in map(Decimal, ("29000", "36000", "41500")):
        for code, forms in MONEY.items():
            texts = [form.format(number) for form in forms for number in numbers(value)]
            yield from ((value, text + after, code) for text in texts for after in ("", "/GPU", " per GPU", " a card"))
        yield from ((value, number, None) for number in numbers(value))


def _salary(question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    yield from _money(question, PAID, "month", ("", " per engineer"))


def _energy(question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    for value in map(Decimal, ("0.15", "0.25", "0.40")):
        for code, forms in MONEY.items():
            for form in forms:
                yield from ((value, form.format(f"{value}") + word, code) for word in ("", "/kWh", " per kWh", "/kwh"))
                yield from ((value, form.format(f"{value * 1000:f}") + word, code) for word in ("/MWh", " per MWh"))
        yield from ((value, f"{value * 100:f}{word}/kWh", "USD") for word in (" ct", "¢", " cents"))


def _units(
    units: Mapping[str, tuple[str, ...]], values: tuple[str, ...], *, letters: bool = False
) -> Iterator[tuple[Decimal, str, str | None]]:
    for value in map(Decimal, values):
        for size, words in units.items():
            over, under = _fraction(size)
            stated = value * under / over
            if len(f"{stated.normalize():f}") <= 12:
                yield from ((value, n + w, None) for n in numbers(stated, letters=letters) for w in words)


def _duration(question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    units = {
        "1": ("", "ms", " ms", " milliseconds", "MS"),
        "1000": ("s", " s", " sec", " seconds", " Sekunden"),
        "60000": ("m", "min", " minutes", " Minuten"),
        "3600000": ("h", " hours"),
    }
    return _units(units, ("300", "800", "1500", "2000", "30000", "120000"))


def _period(question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    units = {
        "1": ("", " months", "mo", " Monate"),
        "12": ("y", " years", " Jahre", " yr"),
        "3": (" quarters",),
        "1/30": (" days", "d"),
    }
    return _units(units, ("3", "6", "12", "18", "24", "36", "60"))


def _hours_of_a_week(_question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    units = {"1": ("", " hours", "h", " h", " Stunden", " hours a week", " h/week", " Stunden pro Woche")}
    return _units(units, ("1", "40", "50", "84", "112.5", "168"))


def _work(question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    if question.unit == "weeks":
        units = {
            "1": ("", " weeks", "w", " Wochen"),
            "1/5": (" days", "d", " engineer-days", " Tage"),
            "1/40": ("h", " hours"),
        }
        return _units(units, ("1", "2", "3", "4", "6"))
    units = {"1": ("", " days", "d", " Tage"), "5": (" weeks", "w"), "1/8": ("h", " hours", " person-hours")}
    return _units(units, ("1", "2", "3", "5", "10"))


def _shares(*after: str, low: str = "0") -> Iterator[tuple[Decimal, str, str | None]]:
    for percent in ("0", "3", "12.5", "20", "50", "80", "90", "2.25", "35"):
        share = Decimal(percent) / 100
        if share < Decimal(low):
            continue
        for word in ("%", " %", " percent", " per cent", " pct", "Prozent"):
            for sign in ("", "+"):
                yield from ((share, f"{sign}{percent}{word}{end}", None) for end in after)
        for number in numbers(share, letters=False):
            yield from ((share, number + end, None) for end in after)


def _plain(question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    words = {
        "gpus": ("", " GPUs", " gpu"),
        "replicas": ("", " replicas", " replica"),
        "people": ("", " FTE", " people", " engineers"),
        "items": ("", " items", " inputs"),
        "number": ("",),
    }[question.dimension]
    values = {
        "people": ("0.1", "0.25", "0.5", "2"),
        "number": ("0", "1", "2", "3", "1.0", "2.0", "3.0", "0.0"),
        "items": ("0", "100", "150", "2000", "10000"),
    }
    return _units({"1": words}, values.get(question.dimension, ("1", "2", "4", "8", "16")))


def _power(question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    units = {"1": ("", " kW", "kW", " kw", " kilowatts"), "1/1000": (" W", " watts"), "1000": (" MW",)}
    return _units(units, ("3", "6", "12", "40", "250"))


def _multiple(question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    yield from _units({"1": ("", "x", " x", "×", " times"), "1/100": ("%", " percent")}, ("1", "1.5", "2.1", "3", "8"))


def _things(question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    """What people count, in a time or not."""
    words = {
        "developers": ("", " developers", " seats", " devs"),
        "users": ("", " users", " seats", " employees"),
        "pages": ("", " pages", " Seiten"),
        "messages-per-time": ("", " messages", " questions"),
        "pages-per-time": ("", " pages", " Seiten"),
        "documents-per-time": ("", " documents", " files"),
        "images-per-time": ("", " images", " photos"),
        "calls-per-time": ("", " calls", " Anrufe"),
        "tickets-per-time": ("", " tickets", " cases"),
    }[question.dimension]
    if question.dimension.endswith("-per-time"):
        for value in (Decimal(30), Decimal(900)):
            yield from ((value, text, None) for text in _in_time(value, "day", DAYS, words))
            yield from ((value, f"{value:f}{word} a night", None) for word in words)
    else:
        yield from _units({"1": words}, ("1", "40", "1200", "100000"), letters=True)


def _developers_tokens(question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    yield from _tokens(question)
    words = ("/developer/day", " tokens per developer a day", " tokens/dev/day")
    yield from ((Decimal(1_000_000), f"1M{word}", None) for word in words)


def _audio(_question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    units = {
        "1": ("", " minutes", " min", "/day", " minutes a day"),
        "60": (" hours", " Stunden", " hours a day", " h/day"),
    }
    yield from _units(units, ("60", "6000"), letters=True)
    for value in (Decimal(60), Decimal(6000)):
        yield from ((value, f"{value * 30:f}{word} a month", None) for word in ("", " minutes", " min"))
        yield value, f"{value / 2:f} hours a month", None


def _minutes(_question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    units = {"1": ("", " minutes", " min", " Minuten"), "1/60": (" seconds", "s"), "60": (" hours", "h")}
    yield from _units(units, ("3", "6", "30", "90"))


def _per_thing(question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    thing, unit = {
        "pages-per-document": ("document", "pages"),
        "tokens-per-page": ("page", "tokens"),
        "tokens-per-image": ("image", "tokens"),
        "tokens-per-message": ("message", "tokens"),
        "tokens-per-ticket": ("ticket", "tokens"),
        "tokens-per-audio-minute": ("minute", "tokens"),
    }[question.dimension]
    words = ("", f" {unit}", f" {unit} per {thing}", f"/{thing}")
    if thing == "minute":
        yield from ((Decimal(200), f"12k{word} an hour", None) for word in ("", " tokens"))
    yield from _units({"1": words}, ("4", "60", "1200"), letters=True)


def _days_of_a_month(_question: Question) -> Iterator[tuple[Decimal, str, str | None]]:
    yield from _units({"1": ("", " days", "d", " Tage", " days a month", "/month")}, ("1", "8", "15", "21.5"))


_THINGS = (
    "developers", "users", "pages", "messages-per-time", "pages-per-time", "documents-per-time", "images-per-time",
    "calls-per-time", "tickets-per-time",
)  # fmt: skip
_PER_THING = (
    "pages-per-document", "tokens-per-page", "tokens-per-image", "tokens-per-message", "tokens-per-ticket",
    "tokens-per-audio-minute",
)  # fmt: skip
_MAKERS = {
    **dict.fromkeys(_THINGS, _things),
    **dict.fromkeys(_PER_THING, _per_thing),
    "audio-per-time": _audio,
    "minutes-per-call": _minutes,
    "days-of-a-month": _days_of_a_month,
    "tokens-per-time": _tokens,
    "tokens-of-a-developer": _developers_tokens,
    "throughput": _tokens,
    "requests-per-time": _requests,
    "tokens-per-request": _lengths,
    "price-of-tokens": _token_prices,
    "price-of-a-gpu": _gpu,
    "price-of-a-machine": _machine,
    "price-of-energy": _energy,
    "money-per-time": _spend,
    "salary": _salary,
    "duration": _duration,
    "period": _period,
    "hours-of-a-week": _hours_of_a_week,
    "work": _work,
    "power": _power,
    "multiple": _multiple,
    "share": lambda question: _shares("", low="0.01" if question.min else "0"),
    "growth-per-month": lambda question: _shares("", " a month", "/month", " monthly", " pro Monat"),
    "rate-per-year": lambda question: _shares("", " a year", "/year", " p.a.", " annually"),
    "gpus": _plain,
    "replicas": _plain,
    "people": _plain,
    "items": _plain,
    "number": _plain,
}

YES = ("true", "yes", "y", "1", "ja", "j")
NO = ("false", "no", "n", "0", "nein")
DAYS_OF_A_YEAR = ("2026-11-20", "2024-02-29", "2025-12-31", "2026-01-13", "2025-10-10")
TODAY = "2026-11-20"


def said(question: Question) -> Mapping[str, object]:
    """Ways to write what is no number, each with what it must be read as."""
    if question.type == "boolean":
        words = {True: YES, False: NO}
        return {case: value for value, each in words.items() for word in each for case in _cases(word)}
    if question.type == "enum":
        return {
            case: value
            for value in question.values
            for word in (value, *question.aliases.get(value, ()))
            for case in _cases(word)
        }
    if question.type == "date":
        return {text: day for day in DAYS_OF_A_YEAR for text in _days(day)}
    assert question.type == "set"
    return {
        text: tuple(each for each in question.values if each in (one, other))
        for one in question.values
        for other in question.values
        for text in (f"{one};{other}", f"{one}, {other}", f"{other.upper()} ; {one.title()}")
    }


def _cases(word: str) -> tuple[str, ...]:
    spaced = word.replace("-", " ")
    return (word, word.upper(), word.title(), word.capitalize(), f"  {word} ", spaced, spaced.upper())


def _days(day: str) -> Iterator[str]:
    year, month, of_month = day.split("-")
    yield from (day, f" {day} ")
    if int(of_month) > 12 or of_month == month:
        yield from (f"{of_month}.{month}.{year}", f"{int(of_month)}.{int(month)}.{year}", f"{of_month}/{month}/{year}")
        yield from (f"{month}/{of_month}/{year}", f"{int(month)}/{int(of_month)}/{year}")


NO_WORDS = (
    "maybe", "on", "off", "x", "t", "f", "wahr", "falsch", "oui", "si", "yes?", "no!", "yes/no", "yes or no", "yes no",
    "2", "-1", "1.0", "0.0", "10", "01", "✓", "✗", "ｙｅｓ", "nope", "yep", "not sure", "none of these", "any", "all",
    "11/12/2026", "12.11.2026", "20.11.26", "2026-11", "2026-02-29", "2026-13-01", "20 Nov 2026", "Q4 2026", "FY26",
    "2026-W47", "2026-11-20T00:00:00Z", "46346", "31.04.2026", "2026/11/20", "tomorrow", "heute",
)  # fmt: skip


def not_said(question: Question) -> tuple[str, ...]:
    """Texts that are none of them, at least thirty; slips of its own words among them."""
    words = [*question.values, *(word for words in question.aliases.values() for word in words)]
    slips = [slip for word in words for slip in (f"{word}x", f"{word[:-1]}ß", f"not {word}", f"{word} {word}")]
    right = {text.strip().casefold().replace("-", " ") for text in said(question)}
    every = (*JUNK, *NO_WORDS, *slips, *(word for word in (*YES, *NO) if question.type != "boolean"))
    return tuple(text for text in dict.fromkeys(every) if text.casefold().replace("-", " ") not in right)


JUNK = (
    "abc",
    "1..",
    "..2",
    "9..1",
    "1..2..3",
    "--1",
    "+-1",
    "0x10",
    "0o17",
    "1e99",
    "1e-99",
    "NaN",
    ".inf",
    "5 apples",
    "5/fortnight",
    "5/",
    "/5",
    "5 per",
    "5 a",
    "$5 €5",
    "1,2",
    "0,155",
    "1.2.3",
    "1__0",
    "10_00",
    "1,0000",
    "1,23,45",
    "½",
    "٣",
    "1/2",
    "=5",
    ">5",
    "<= 5",
    "~5",
    "5%%",
    "€",
    "%",
    "2026-11-20",
    "5 5",
    "(5)",
    "5?",
    "5 or 6",
    "true",
    "5;",
    "1 2 3",
    "five",
    "5 km",
    "5 °C",
    "5 per per day",
    "1e",
    "1e+",
    "5 GB",
    "$$5",
    "5..5..",
    "5 tokens tokens",
    "5 per 0 tokens",
    "5kk",
    "5m/day",
    "30m a month",
    "5Mk",
)
FOREIGN = {
    "tokens": ("30M requests/day", "30M/GPU", "$30M", "30%", "30M kW", "30M FTE", "30M tokens/day/day", "30M tokens²"),
    "requests": ("25k tokens/day", "25k items", "25k/request", "$25", "25%"),
    "money": (
        "5 tokens",
        "5%",
        "$5 kW",
        "$5/request",
        "¥5",
        "￥5",
        "5 kr",
        "$5/FTE/FTE",
        "€5..$6",
        "$5 5",
        "5 kWh",
        "$5/m²",
    ),
    "time": ("5 tokens", "$5", "5%", "5M", "5k", "5B", "5 kW", "5/day", "5 FTE", "5 months ago", "5 fortnights"),
    "share": ("60k", "60x", "60 tokens", "$60", "0.6/day", "60 kW", "60 basis points", "60M"),
    "count": ("5 tokens", "$5", "5%", "5/day", "5 kW", "5 hours", "5 months", "5 per GPU"),
    "audio": ("5 tokens", "$5", "5%", "5 kW", "5 pages", "5 months", "5 per GPU", "5 h/hour", "5/h", "5 days a week"),
    "minutes": ("5 tokens", "$5", "5%", "5M", "5k", "5 days", "5/day", "5 FTE", "5 months ago"),
}
_FAMILIES = {
    **dict.fromkeys((each for each in _THINGS if each.endswith("-per-time")), "requests"),
    **dict.fromkeys((each for each in _PER_THING if each.startswith("tokens")), "tokens"),
    "audio-per-time": "audio",
    "minutes-per-call": "minutes",
    "days-of-a-month": "time",
    "tokens-per-time": "tokens",
    "tokens-of-a-developer": "tokens",
    "throughput": "tokens",
    "tokens-per-request": "tokens",
    "requests-per-time": "requests",
    "price-of-tokens": "money",
    "price-of-a-gpu": "money",
    "price-of-a-machine": "money",
    "price-of-energy": "money",
    "money-per-time": "money",
    "salary": "money",
    "duration": "time",
    "period": "time",
    "hours-of-a-week": "time",
    "work": "time",
    "share": "share",
    "growth-per-month": "share",
    "rate-per-year": "share",
}
BEYOND = {
    "growth-per-month": ("3% a year", "3% a day"),
    "rate-per-year": ("10% a month",),
    "price-of-tokens": ("$5/day",),
    "power": ("12 mW", "12 kWh"),
    "gpus": ("2 replicas",),
    "replicas": ("2 GPUs",),
    "duration": ("2M", "5 weeks"),
    "period": ("36m", "3 hours"),
    "work": ("1 month",),
    "price-of-a-gpu": ("$5/MWh",),
    "price-of-a-machine": ("$5/h", "$30k a month", "$30k per replica"),
    "money-per-time": ("$5/h",),
}


def refused(question: Question) -> tuple[str, ...]:
    """Texts that are no answer to a question, at least thirty."""
    own = [
        text
        for text in FOREIGN[_FAMILIES.get(question.dimension, "count")]
        if question.unit != "kW" or "kW" not in text
    ]
    kinds = {"input": "output", "output": "input"}
    other = (f"5 {kinds[question.counts]} tokens",) if question.counts else ()
    return (*JUNK, *own, *other, *BEYOND.get(question.dimension, ()))
