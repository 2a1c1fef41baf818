"""A portfolio in the terminal: how many workloads come to each verdict, and what the verdicts cost a month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from hostwise.analysis.portfolio.portfolio import Totals
from hostwise.reading.findings.diagnostic_formats import printable
from hostwise.reading.numbers.number_format import format_number
from hostwise.report.language.language import HOME
from hostwise.report.terminal.page import ACCENT, BOLD, DIM, WARN, TextPage
from hostwise.report.view.portfolio import OTHERS, amounts, portfolio_title, verdict_labels
from hostwise.report.words.words import Words, load_words

BAR = 30
"""Columns of the bar of the most frequent verdict."""


def portfolio_text(
    source: str,
    on: date | None,
    totals: Totals,
    labels: Mapping[str, str],
    *,
    width: int,
    colour: bool,
    language: str = HOME,
) -> str:
    """A line for each verdict, in the order of the catalogue, and one for all of them.

    Amounts in different currencies stand beside each other; they are never added up.
    """
    out, words = TextPage(width, colour), load_words(language=language)
    total = sum(totals.counts.values())
    out.line(_title(source, on, total, words), BOLD)
    named = verdict_labels(labels, words)
    present = [verdict for verdict in named if totals.counts.get(verdict)]
    names = [named[verdict] for verdict in present]
    in_all, counts = words.say("terminal.portfolio.all"), words.say("terminal.portfolio.count")
    wide = max([len(name) for name in names] + [len(in_all)])
    count_of_all = format_number(Decimal(total), words.language)
    digits = max(len(count_of_all), len(counts))
    most = max(totals.counts.values(), default=1)
    if present:
        out.line(f"{'':{wide + BAR + 4}}{counts:>{digits}}  {words.say('terminal.portfolio.cost')}", DIM)
    for verdict, name in zip(present, names, strict=True):
        bar = "█" * max(1, round(Decimal(totals.counts[verdict]) * BAR / most))
        count = format_number(Decimal(totals.counts[verdict]), words.language)
        cost = amounts([totals.costs.get(verdict, {})], words.language)
        line = f"{name:<{wide}}  {bar:<{BAR}}  {count:>{digits}}  {cost}"
        out.line(line.rstrip(), WARN if verdict in OTHERS else ACCENT)
    cost = amounts(list(totals.costs.values()), words.language)
    line = f"{in_all:<{wide}}  {'':<{BAR}}  {count_of_all:>{digits}}  {cost}"
    out.line(line.rstrip(), BOLD)
    unpriced = sum(totals.unpriced.values())
    if unpriced:
        out.text(words.say("terminal.portfolio.unpriced", count=format_number(Decimal(unpriced), words.language)), DIM)
    return out.written()


def _title(source: str, on: date | None, total: int, words: Words) -> str:
    title = portfolio_title(printable(source), total, words)
    if on is None:
        return title
    return words.say("terminal.portfolio.as_of", title=title, day=words.language.long_date(on.isoformat()))
