"""How sure a decision is, and whether its triggers hold, in the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hostwise.decision.check_triggers import CROSSED, Check
from hostwise.report.figures import plain_number, tenths
from hostwise.report.in_language import told, told_labels, told_text
from hostwise.report.language import HOME
from hostwise.report.text_page import ACCENT, BOLD, DIM, WARN, TextPage
from hostwise.report.words import Words, load_words
from hostwise.rulebook.wording import shown_money

BAR = 30
"""Columns of a whole bar."""


def robustness_text(found: Mapping[str, Any], *, width: int, colour: bool, language: str = HOME) -> str:
    """Shares of the verdicts, cost bands, the tornado, and what to find out first."""
    out, words = TextPage(width, colour), load_words(language=language)
    found = told(found, words.language)
    futures = found["futures"]
    counted = plain_number(Decimal(futures), words.language)
    out.line(words.say("terminal.robustness.title", futures=counted, seed=found["seed"]), BOLD)
    for share in found["shares"]:
        part = Decimal(share["share"])
        bar = "█" * max(1, round(part * BAR))
        count = words.say("terminal.robustness.count", count=share["count"], futures=futures)
        out.line(f"  {share['label']:<32} {bar:<{BAR}} {tenths(part, words.language):>7}  {count}")
    currency = found["currency"]
    out.heading(words.say("terminal.robustness.costs"))
    for band in found["costs"]:
        amounts = "  ".join(f"{_money(band[p], currency, words):>12}" for p in ("p10", "p50", "p90"))
        out.line(f"  {band['label']:<32} {amounts}" + _partly(band, futures, words))
    if found["tornado"]:
        out.heading(words.say("terminal.robustness.tornado"))
        for row in found["tornado"]:
            out.item(_row(row, currency, words), mark="!" if row["flips"] else "·", style=WARN if row["flips"] else "")
    if found["questions"]:
        out.heading(words.say("terminal.robustness.questions"))
        for question in found["questions"][:5]:
            out.item(_question(question, currency, words))
    if found.get("sobol"):
        out.heading(words.say("terminal.robustness.variance"))
        for index in found["sobol"]:
            first, total = (tenths(Decimal(index[part]), words.language) for part in ("first", "total"))
            out.line(f"  {index['label'][:48]:<48} {first:>7} {total:>7}")
    return out.written()


def _partly(band: Mapping[str, Any], futures: int, words: Words) -> str:
    return "" if band["priced"] == futures else f"  ({words.say('terminal.robustness.priced', count=band['priced'])})"


def _question(question: Mapping[str, Any], currency: str, words: Words) -> str:
    return words.say(
        "terminal.robustness.question",
        label=question["label"],
        key=question["key"],
        wrong=tenths(Decimal(question["wrong"]), words.language),
        regret=_money(question["regret"], currency, words),
        ask_of=question["ask_of"],
    )


def _row(row: Mapping[str, Any], currency: str, words: Words) -> str:
    ends = "; ".join(
        f"{setting['shown']}: {setting['label']}"
        + (f", {_money(setting['cost'], currency, words)}" if setting["cost"] is not None else "")
        for setting in row["settings"]
    )
    return f"{row['label']} ({_money(row['swing'], currency, words)}): {ends}"


def _money(amount: str, currency: str, words: Words) -> str:
    return told_text(shown_money(Decimal(amount), currency), words.language)


def triggers_text(found: Check, labels: Mapping[str, str], *, width: int, colour: bool, language: str = HOME) -> str:
    """Each trigger with today's answer, the crossed ones first, and the verdict of today."""
    out, words = TextPage(width, colour), load_words(language=language)
    labels = told_labels(labels, words.language)
    before, after = (labels.get(v) or words.label("status_words", v) for v in (found.before, found.after))
    said = "moved" if found.before != found.after else "quiet" if found.quiet else "loud"
    sentence = words.say(f"terminal.triggers.{said}", before=before, after=after)
    out.line(sentence, BOLD, ACCENT if said == "quiet" else WARN)
    for each in sorted(found.checked, key=lambda c: c.state != CROSSED):
        crossed = each.state == CROSSED
        name = f"terminal.triggers.states.{each.state}"
        text = words.say(name, trigger=each.trigger["sentence"], today=told_text(each.today, words.language))
        out.item(text, mark="!" if crossed else "·", style=WARN if crossed else DIM)
    return out.written()
