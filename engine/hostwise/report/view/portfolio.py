"""A decided portfolio as a document shows it: what the workloads come to together, and the verdict on each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from hostwise.analysis.portfolio.portfolio import Decided, Totals
from hostwise.answers.tables.finding_groups import Groups, gather, summed
from hostwise.batch.outcomes import REFUSED
from hostwise.reading.findings.diagnostics import Diagnostic, Place
from hostwise.reading.numbers.number_format import format_money, format_number
from hostwise.report.brand.clean import one_line, printable
from hostwise.report.language.catalogue_text import translate_labels, translate_text
from hostwise.report.language.language import Language
from hostwise.report.words.words import Words

OTHERS = ("undecided", "infeasible", REFUSED)
"""Outcomes that are no option."""
MOST = 2000
"""Rows that are shown one by one: a page of more is read by nobody."""
FINDINGS = 50
"""Groups of findings that are shown."""


class VerdictTotal(Struct, frozen=True):
    """How many workloads come to a verdict, their share of all, and what they cost a month together."""

    label: str
    count: str
    share: str
    monthly: str


class PortfolioRow(Struct, frozen=True):
    """One workload: where it stands, its verdict, what that costs a month, the cheapest option, and what is open."""

    line: str
    workload: str
    verdict: str
    monthly: str
    cheapest: str
    open: tuple[str, ...]


class FindingView(Struct, frozen=True):
    """Findings alike, as one."""

    place: str
    severity: str
    text: str


class PortfolioView(Struct, frozen=True):
    """A whole portfolio, ready to print. `left_out` says how many rows are not shown one by one; empty for none."""

    title: str
    as_of: str
    file: str
    verdicts: tuple[VerdictTotal, ...]
    total: VerdictTotal
    unpriced: str
    findings: tuple[FindingView, ...]
    rows: tuple[PortfolioRow, ...]
    left_out: str


def portfolio_view(
    parts: Iterable[Decided], path: Path, on: date | None, labels: Mapping[str, str], words: Words
) -> PortfolioView:
    """Read decided rows, part by part. Raises `InputError` as they do."""
    totals, groups, rows, named = Totals(), Groups(), list[PortfolioRow](), verdict_labels(labels, words)
    for part in parts:
        totals.add(part)
        gather(groups, part.noticed())
        shown = range(min(len(part.ids), MOST - len(rows)))
        rows += [_row(part, row, named, words) for row in shown]
    count = sum(totals.counts.values())
    unpriced = sum(totals.unpriced.values())
    language = words.language
    return PortfolioView(
        portfolio_title(printable(path.name), count, words),
        language.long_date(on.isoformat()) if on else "",
        printable(path.name),
        tuple(_total(label, v, totals, count, language) for v, label in named.items() if totals.counts.get(v)),
        _all(totals, count, words),
        format_number(Decimal(unpriced), language) if unpriced else "",
        tuple(_finding(summed(group), words) for group in list(groups.values())[:FINDINGS]),
        tuple(rows),
        format_number(Decimal(count - len(rows)), language) if count > len(rows) else "",
    )


def verdict_labels(labels: Mapping[str, str], words: Words) -> dict[str, str]:
    """What each verdict is called, in the order of the catalogue; those that are no option last."""
    outcomes = {verdict: words.say(f"terminal.portfolio.outcomes.{verdict}") for verdict in OTHERS}
    return {**translate_labels(labels, words.language), **outcomes}


def portfolio_title(source: str, count: int, words: Words) -> str:
    """How many workloads there are, and of what."""
    name = "terminal.portfolio.title_one" if count == 1 else "terminal.portfolio.title"
    return words.say(name, count=format_number(Decimal(count), words.language), path=source)


def amounts(sums: Sequence[Mapping[str, Decimal]], language: Language) -> str:
    """The sum in each currency, in alphabetical order: they are never added up."""
    found: dict[str, Decimal] = {}
    for each in sums:
        for currency, amount in each.items():
            found[currency] = found.get(currency, Decimal(0)) + amount
    return " + ".join(format_money(found[currency], currency, language) for currency in sorted(found))


def _total(label: str, verdict: str, totals: Totals, count: int, language: Language) -> VerdictTotal:
    number = totals.counts[verdict]
    share = language.percent(round(Decimal(100 * number) / count, 0))
    monthly = amounts([totals.costs.get(verdict, {})], language)
    return VerdictTotal(label, format_number(Decimal(number), language), share, monthly)


def _all(totals: Totals, count: int, words: Words) -> VerdictTotal:
    language = words.language
    number = format_number(Decimal(count), language)
    every = amounts(list(totals.costs.values()), language)
    return VerdictTotal(words.say("terminal.portfolio.all"), number, "", every)


def _row(part: Decided, row: int, named: Mapping[str, str], words: Words) -> PortfolioRow:
    verdict = part.verdicts[row]
    places = {option: place for place, option in enumerate(part.options)}
    cost = part.cost(row, places[verdict]) if verdict in places else None
    cheapest = int(part.cheapest()[row])
    currency = part.currencies[row]
    problems = (*part.findings.get(row, ()), *part.doubts.get(row, ()))
    return PortfolioRow(
        _line(part.ids[row]),
        one_line(printable(part.names[row]))[:160] or words.say("page.unnamed"),
        named[verdict],
        format_money(cost, currency, words.language) if cost is not None else "",
        named[part.options[cheapest]] if cheapest >= 0 else "",
        (*part.needs.get(row, ()), *(_said(problem, words) for problem in problems)),
    )


def _line(place: str) -> str:
    """The line of a row of a table, or the name of a file of a folder."""
    line = place.rpartition(":")[2]
    return line if line.isdigit() else printable(Path(place).name)


def _finding(finding: Diagnostic, words: Words) -> FindingView:
    place: Place = finding.place
    more = f" ({printable(finding.found)})" if finding.found else ""
    line = words.say("page.line", line=str(place.line)) if place.line else printable(Path(place.file).name)
    return FindingView(line, words.label("severities", finding.severity.value), _said(finding, words) + more)


def _said(finding: Diagnostic, words: Words) -> str:
    return printable(translate_text(finding.message, words.language))
