"""A portfolio in the terminal: how many workloads come to each verdict, and what the verdicts cost a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from hostwise.decision.many import REFUSED
from hostwise.decision.portfolio import Totals
from hostwise.report.figures import money
from hostwise.report.text_page import ACCENT, BOLD, DIM, WARN, TextPage

BAR = 30
"""Columns of the bar of the most frequent verdict."""
OTHERS = {"undecided": "Undecided", "infeasible": "Infeasible", REFUSED: "With errors, not decided"}


def portfolio_text(title: str, totals: Totals, labels: Mapping[str, str], *, width: int, colour: bool) -> str:
    """A line for each verdict, in the order of the catalogue, and one for all of them.

    Amounts in different currencies stand beside each other; they are never added up.
    """
    out = TextPage(width, colour)
    total = sum(totals.counts.values())
    out.line(title, BOLD)
    present = [verdict for verdict in (*labels, *OTHERS) if totals.counts.get(verdict)]
    names = [{**labels, **OTHERS}[verdict] for verdict in present]
    wide = max([len(name) for name in names] + [len("In all")])
    digits = max(len(f"{total:,}"), len("workloads"))
    most = max(totals.counts.values(), default=1)
    if present:
        out.line(f"{'':{wide + BAR + 4}}{'workloads':>{digits}}  cost a month", DIM)
    for verdict, name in zip(present, names, strict=True):
        count = totals.counts[verdict]
        bar = "█" * max(1, round(Decimal(count) * BAR / most))
        line = f"{name:<{wide}}  {bar:<{BAR}}  {count:>{digits},}  {_amounts([totals.costs.get(verdict, {})])}"
        out.line(line.rstrip(), WARN if verdict in OTHERS else ACCENT)
    line = f"{'In all':<{wide}}  {'':<{BAR}}  {total:>{digits},}  {_amounts(list(totals.costs.values()))}"
    out.line(line.rstrip(), BOLD)
    unpriced = sum(totals.unpriced.values())
    if unpriced:
        out.text(f"Without a price, and so not in the sums: {unpriced:,}.", DIM)
    return out.written()


def _amounts(sums: Sequence[Mapping[str, Decimal]]) -> str:
    """The sum in each currency, in alphabetical order."""
    found: dict[str, Decimal] = {}
    for each in sums:
        for currency, amount in each.items():
            found[currency] = found.get(currency, Decimal(0)) + amount
    return " + ".join(money(found[currency], currency) for currency in sorted(found))
