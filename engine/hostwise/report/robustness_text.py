"""How sure a decision is, and whether its triggers hold, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from hostwise.decision.check_triggers import CROSSED, Check
from hostwise.report.text_page import ACCENT, BOLD, DIM, WARN, TextPage
from hostwise.rulebook.wording import shown_money

BAR = 30
"""Columns of a whole bar."""


def robustness_text(found: Mapping[str, Any], *, width: int, colour: bool) -> str:
    """Shares of the verdicts, cost bands, the tornado, and what to find out first."""
    out = TextPage(width, colour)
    futures = found["futures"]
    out.line(f"Decided in {futures:,} plausible futures (seed {found['seed']})", BOLD)
    for share in found["shares"]:
        part = Decimal(share["share"])
        bar = "█" * max(1, round(part * BAR))
        out.line(f"  {share['label']:<32} {bar:<{BAR}} {part:>7.1%}  {share['count']} of {futures}")
    currency = found["currency"]
    out.heading("Cost a month over these futures: tenth percentile, middle, ninetieth")
    for band in found["costs"]:
        amounts = "  ".join(f"{shown_money(Decimal(band[p]), currency):>12}" for p in ("p10", "p50", "p90"))
        out.line(f"  {band['label']:<32} {amounts}" + _partly(band, futures))
    if found["tornado"]:
        out.heading("One thing at a time, from its tenth to its ninetieth percentile")
        for row in found["tornado"]:
            for line in _row(row, currency):
                out.item(line, mark="!" if row["flips"] else "·", style=WARN if row["flips"] else "")
    if found["questions"]:
        out.heading("Most worth finding out")
        for question in found["questions"][:5]:
            worth = f"takes {Decimal(question['wrong']):.1%} off the chance of a wrong verdict"
            regret = f", and {shown_money(Decimal(question['regret']), currency)} a month off the expected regret"
            out.item(f"{question['label']} ({question['key']}): {worth}{regret}; ask {question['ask_of']}")
    if found.get("sobol"):
        out.heading("Share of the variance: alone, and with what it acts together with")
        for index in found["sobol"]:
            out.line(f"  {index['label'][:48]:<48} {Decimal(index['first']):>7.1%} {Decimal(index['total']):>7.1%}")
    return out.written()


def _partly(band: Mapping[str, Any], futures: int) -> str:
    return "" if band["priced"] == futures else f"  (priced in {band['priced']})"


def _row(row: Mapping[str, Any], currency: str) -> Iterator[str]:
    ends = "; ".join(
        f"{setting['shown']}: {setting['label']}"
        + (f", {shown_money(Decimal(setting['cost']), currency)}" if setting["cost"] is not None else "")
        for setting in row["settings"]
    )
    yield f"{row['label']} ({shown_money(Decimal(row['swing']), currency)}): {ends}"


def triggers_text(found: Check, labels: Mapping[str, str], *, width: int, colour: bool) -> str:
    """Each trigger with today's answer, the crossed ones first, and the verdict of today."""
    out = TextPage(width, colour)
    before, after = (labels.get(verdict, verdict) for verdict in (found.before, found.after))
    if found.before != found.after:
        out.line(f"The verdict was {before}; today's answers lead to {after}.", BOLD, WARN)
    elif found.quiet:
        out.line(f"No trigger is crossed; today's answers still lead to {after}.", BOLD, ACCENT)
    else:
        out.line(f"A trigger is crossed, but today's answers still lead to {after}.", BOLD, WARN)
    for each in sorted(found.checked, key=lambda c: c.state != CROSSED):
        crossed = each.state == CROSSED
        text = f"{each.state}: {each.trigger['sentence']} (today: {each.today})"
        out.item(text, mark="!" if crossed else "·", style=WARN if crossed else DIM)
    return out.written()
