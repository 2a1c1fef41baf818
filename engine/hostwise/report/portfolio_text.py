"""A portfolio in the terminal: how many workloads come to each verdict, and what the verdicts cost a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from hostwise.decision.many import REFUSED
from hostwise.decision.portfolio import Totals
from hostwise.reading.diagnostics_format import printable
from hostwise.report.figures import long_date, money, plain_number
from hostwise.report.in_language import told_labels
from hostwise.report.language import HOME, Language
from hostwise.report.text_page import ACCENT, BOLD, DIM, WARN, TextPage
from hostwise.report.words import Words, load_words

BAR = 30
"""Columns of the bar of the most frequent verdict."""
OTHERS = ("undecided", "infeasible", REFUSED)
"""Outcomes that are no option."""


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
    named = {
        **told_labels(labels, words.language),
        **{verdict: words.say(f"terminal.portfolio.outcomes.{verdict}") for verdict in OTHERS},
    }
    present = [verdict for verdict in named if totals.counts.get(verdict)]
    names = [named[verdict] for verdict in present]
    in_all, counts = words.say("terminal.portfolio.all"), words.say("terminal.portfolio.count")
    wide = max([len(name) for name in names] + [len(in_all)])
    count_of_all = plain_number(Decimal(total), words.language)
    digits = max(len(count_of_all), len(counts))
    most = max(totals.counts.values(), default=1)
    if present:
        out.line(f"{'':{wide + BAR + 4}}{counts:>{digits}}  {words.say('terminal.portfolio.cost')}", DIM)
    for verdict, name in zip(present, names, strict=True):
        bar = "█" * max(1, round(Decimal(totals.counts[verdict]) * BAR / most))
        count = plain_number(Decimal(totals.counts[verdict]), words.language)
        amounts = _amounts([totals.costs.get(verdict, {})], words.language)
        line = f"{name:<{wide}}  {bar:<{BAR}}  {count:>{digits}}  {amounts}"
        out.line(line.rstrip(), WARN if verdict in OTHERS else ACCENT)
    amounts = _amounts(list(totals.costs.values()), words.language)
    line = f"{in_all:<{wide}}  {'':<{BAR}}  {count_of_all:>{digits}}  {amounts}"
    out.line(line.rstrip(), BOLD)
    unpriced = sum(totals.unpriced.values())
    if unpriced:
        out.text(words.say("terminal.portfolio.unpriced", count=plain_number(Decimal(unpriced), words.language)), DIM)
    return out.written()


def _title(source: str, on: date | None, total: int, words: Words) -> str:
    name = "terminal.portfolio.title_one" if total == 1 else "terminal.portfolio.title"
    title = words.say(name, count=plain_number(Decimal(total), words.language), path=printable(source))
    if on is None:
        return title
    return words.say("terminal.portfolio.as_of", title=title, day=long_date(on.isoformat(), words.language))


def _amounts(sums: Sequence[Mapping[str, Decimal]], language: Language) -> str:
    """The sum in each currency, in alphabetical order."""
    found: dict[str, Decimal] = {}
    for each in sums:
        for currency, amount in each.items():
            found[currency] = found.get(currency, Decimal(0)) + amount
    return " + ".join(money(found[currency], currency, language) for currency in sorted(found))
