"""One number of a record reads the same wherever a report has it: in tables, sentences, charts and on the terminal.

Every figure in the text of a report (`1.125B`, `$36,370`, `19.1%`, `2.1×`) is read back with the rounding that its
digits show. Where it could be a rounding of a number of the record, it must be the text that this number has
everywhere, or that of another number of the record: no table shows more digits than another, no chart fewer. What a
line of a ledger multiplies by has the digits that its product needs (tests/report/test_products.py). Figures that an
author wrote into a rule, a claim, a template or the questionnaire are theirs.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.records import as_record

from hostwise.reading.numbers.fact_types import FactType
from hostwise.reading.numbers.number_format import format_bare, format_factor_of, kind_of
from hostwise.report.language.language import Language, language_of
from hostwise.report.render import render
from hostwise.report.terminal.decision import decision_text

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.yaml"))
SCALES = {"": 0, "k": 3, "K": 3, "M": 6, "B": 9, "T": 12, "Mio.": 6, "Mrd.": 9, "Bio.": 12}
FIGURE = re.compile(
    r"(?<![\w.,/:#\\-])(?P<sign>[$£€])?(?P<digits>\d(?:[\d.,]*\d)?)"
    r"(?:[ ]?(?P<scale>k|K|M|B|T|Mio\.|Mrd\.|Bio\.)(?!\w))?(?:[ ]?(?P<after>[%×$£€]))?(?![\w/:]|[.,-]\d)"
)
CURRENCIES = {"$": "USD", "£": "GBP", "€": "EUR"}
NUMERIC = frozenset((FactType.TOKENS, FactType.COUNT, FactType.QUANTITY))
"""Kinds whose figures look alike."""
ENDS = ("low", "likely", "high")


class Figure(NamedTuple):
    """A figure as a report has it; it stands for what is at most `half` away from `value`."""

    text: str
    kind: FactType
    currency: str
    value: Decimal
    half: Decimal

    @property
    def telling(self) -> bool:
        """Whether it has so many digits that it cannot fit a number by chance: `5%` and `12` fit many."""
        return len(self.value.normalize().as_tuple().digits) > 1


class Number(NamedTuple):
    """A number of the record, with its unit, or with the text that it must have."""

    kind: FactType
    value: Decimal
    unit: str
    name: str


def figures(text: str, decimal: str = ".") -> Iterator[Figure]:
    """The figures of a text."""
    for match in FIGURE.finditer(text.replace("\u00a0", " ")):
        digits = match["digits"].replace("," if decimal == "." else ".", "").replace(decimal, ".")
        if digits.count(".") > 1:
            continue
        after = match["after"] or ""
        currency = CURRENCIES.get(match["sign"] or after, "")
        kind = FactType.MONEY if currency else FactType.RATIO if after else FactType.QUANTITY
        power = SCALES[match["scale"] or ""] - (2 if after == "%" else 0)
        places = len(digits.partition(".")[2])
        yield Figure(match[0], kind, currency, Decimal(digits).scaleb(power), Decimal("0.5").scaleb(power - places))


def numbers(record: Mapping[str, Any]) -> Iterator[Number]:
    """The numbers of a record that a report shows, with their kinds and units."""
    facts = {fact["name"]: fact for fact in record["facts"]}
    for fact in facts.values():
        yield from _all(
            FactType(fact["type"]), fact["unit"], fact["name"], *(fact[e] for e in ("value", "low", "high"))
        )
    for ledger in record["ledgers"]:
        yield from _ledger(ledger)
    for entry in record["break_even"]:
        yield from _all(FactType.TOKENS, "", "break-even", entry["tokens_per_month"])
    currency = facts["currency"]["value"]
    for entry in record["verdict"]["alternatives"]:
        yield from _all(FactType.MONEY, currency, "gap", entry["gap"])
    robust = record["robustness"]
    yield from _all(FactType.RATIO, "", "futures", robust["wrong"], *(share["share"] for share in robust["shares"]))
    for band in robust["costs"]:
        yield from _all(FactType.MONEY, currency, "costs", *(band[end] for end in ("p10", "p50", "p90")))
    for each in robust["uncertain"]:
        yield from _all(kind_of(each["unit"]), each["unit"], each["name"], *(each[end] for end in ENDS))
    for row in robust["tornado"]:
        amounts = (setting[name] for setting in row["settings"] for name in ("cost", "lead"))
        yield from _all(FactType.MONEY, currency, row["name"], row["swing"], *amounts)
    for axis in (robust["map"][name] for name in "xy" if robust["map"] and robust["map"][name]):
        if axis["scale"] != "words":
            yield from _all(FactType(axis["type"]), axis["unit"], axis["key"], *axis["values"])
    for change in (each for entry in record["counterfactuals"] for each in entry["changes"]):
        fact = facts[change["fact"]]
        yield from _all(FactType(fact["type"]), fact["unit"], change["fact"], change["now"], change["changed"])
        yield from _all(FactType.RATIO, "", "distance", change["distance"])


def _ledger(ledger: Mapping[str, Any]) -> Iterator[Number]:
    currency = ledger["currency"]
    for band in (ledger["total"], *(item["amount"] for item in ledger["items"])):
        yield from _all(FactType.MONEY, currency, ledger["option"], *((band or {}).get(end) for end in ENDS))
    for group in dict.fromkeys(item["group"] for item in ledger["items"]):
        likely = (Decimal(item["amount"]["likely"]) for item in ledger["items"] if item["group"] == group)
        yield from _all(FactType.MONEY, currency, group, sum(likely, Decimal(0)))
    if ledger["per_million"]:
        yield from _all(FactType.MONEY, f"{currency}/Mtok", "per million", *ledger["per_million"].values())
    for entry in ledger["outlooks"]:
        amounts = (entry[name] for name in ("total", "saving", "net_present_value"))
        yield from _all(FactType.MONEY, currency, "outlook", *amounts)
    yield from _factors(ledger)


def _factors(ledger: Mapping[str, Any]) -> Iterator[Number]:
    """What the lines of a ledger multiply by."""
    for entry in (each for item in ledger["items"] for each in item["inputs"]):
        if isinstance(entry["value"], dict):
            unit = entry["unit"] or ""
            yield from _all(kind_of(unit), unit, entry["name"], *(entry["value"][end] for end in ENDS))


def _all(kind: FactType, unit: str, name: str, *values: Any) -> Iterator[Number]:
    for value in values:
        if value is not None and kind in NUMERIC | {FactType.MONEY, FactType.RATIO}:
            yield Number(kind, abs(Decimal(value)), unit, name)


def conflicts(
    record: Mapping[str, Any], text: str, language: Language, theirs: frozenset[str], decimal: str = "."
) -> list[str]:
    """Figures of a text that are another way to write a number of the record."""
    known = list(numbers(record))
    texts = {format_bare(n.value, n.kind, n.unit, language) for n in known}
    factors = (number for ledger in record["ledgers"] for number in _factors(ledger))
    texts |= {format_factor_of(n.value, n.kind, n.unit, language) for n in factors}
    written = {figure.text for each in texts for figure in figures(each, decimal)}
    return [
        f"{figure.text}, elsewhere {_proper(number, language)} ({number.name} {number.value})"
        for figure in dict.fromkeys(figures(text, decimal))
        if figure.telling and figure.text not in written | theirs
        for number in known
        if _alike(figure, number) and abs(figure.value - number.value) <= figure.half
    ]


def _alike(figure: Figure, number: Number) -> bool:
    times = figure.text.endswith("×")
    if figure.kind is FactType.RATIO:
        return number.kind is FactType.RATIO and times == (number.unit in ("x", "ratio"))
    if figure.kind is FactType.MONEY:
        return number.kind is FactType.MONEY and number.unit.startswith(figure.currency)
    return number.kind in NUMERIC


def _proper(number: Number, language: Language) -> str:
    return format_bare(number.value, number.kind, number.unit, language)


def plain_text(page: str) -> str:
    """What a reader sees of a page: no scripts, no styles, no tags, no attributes."""
    page = re.sub(r"(?s)<(script|style)\b.*?</\1>|<!--.*?-->", " ", page)
    return html.unescape(re.sub(r"<[^>]*>", " ", page))


@lru_cache
def authors(code: str) -> frozenset[str]:
    """The figures that stand in rules, templates and the catalogue of a language."""
    points = ((path, ".") for folder in ("rules", "templates") for path in (ROOT / folder).rglob("*.[yj]*"))
    commas = ((path, ",") for path in (TEMPLATES / "locale" / code).rglob("*.po"))
    return frozenset(f.text for path, decimal in (*points, *commas) for f in figures(path.read_text("utf-8"), decimal))


def listed_prices(record: Mapping[str, Any], language: Language) -> str:
    """The prices that plans quote from the price list."""
    lines = (line for plans in record["plans"] for part in ("others", "front") for line in plans[part])
    prices = (each.value for line in lines for each in figures(line["text"]) if each.kind is FactType.MONEY)
    return "\n".join(format_bare(price, FactType.MONEY, "USD/Mtok", language) for price in prices)


def reports(record: Mapping[str, Any], code: str) -> Iterable[str]:
    """The texts of all reports of a record for the reader who gets everything."""
    typed = as_record(record)
    page, document = (render(typed, form, audience="audit", language=code).decode() for form in ("html", "md"))
    screens = (decision_text(typed, language=code, everything=everything) for everything in (False, True))
    return plain_text(page), document.replace("\\", ""), *screens


@pytest.mark.parametrize(("code", "decimal"), [("en-GB", "."), ("de", ",")])
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_number_reads_the_same_wherever_a_report_has_it(
    name: str, code: str, decimal: str, decided: Callable[[str], dict[str, Any]]
) -> None:
    record, language = decided(name), language_of(TEMPLATES, code)
    theirs = authors(code) | {f.text for mark in ".," for f in figures(record["answers"]["text"], mark)}
    theirs |= {figure.text for figure in figures(listed_prices(record, language), decimal)}
    for text in reports(record, code):
        assert conflicts(record, text, language, theirs, decimal) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("s4-50m-a-day", "input tokens = 1.12B tokens/month"),
        ("s4-50m-a-day", "62% less"),
        ("regulated-sovereign-cloud", "382M"),
        ("s0-estimator", "from 17.8B"),
        ("s2-70b-vs-gpt4o", "first costs less at 24.10B tokens a month"),
        ("s4-50m-a-day", "$2.66k"),
    ],
)
def test_a_second_way_to_write_a_number_is_noticed(
    name: str, text: str, decided: Callable[[str], dict[str, Any]]
) -> None:
    assert conflicts(decided(name), text, language_of(TEMPLATES, "en-GB"), frozenset())
