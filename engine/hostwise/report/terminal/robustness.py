"""How sure a decision is, and whether its triggers hold, in the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from hostwise.analysis.changes.trigger_check import CROSSED, WITHOUT_RULE, Check
from hostwise.reading.numbers.number_format import format_money, format_number, format_share
from hostwise.record.format.robustness import CostPercentiles, SwingRow, WorthAsking
from hostwise.record.other_futures import OtherFutures
from hostwise.report.language.catalogue_text import translate, translate_labels, translate_text
from hostwise.report.language.language import HOME
from hostwise.report.terminal.page import ACCENT, BOLD, DIM, WARN, TextPage
from hostwise.report.view.robustness import worth_of
from hostwise.report.words.words import Words, load_words

BAR = 30
"""Columns of a whole bar."""


def robustness_text(found: OtherFutures, *, width: int, colour: bool, language: str = HOME) -> str:
    """Shares of the verdicts, cost bands, the tornado, and what to find out first."""
    out, words = TextPage(width, colour), load_words(language=language)
    found = translate(found, words.language)
    futures = found.futures
    counted = format_number(Decimal(futures), words.language)
    out.line(words.say("terminal.robustness.title", futures=counted, seed=found.seed), BOLD)
    for share in found.shares:
        part = share.share
        bar = "█" * max(1, round(part * BAR))
        count = words.say("terminal.robustness.count", count=share.count, futures=futures)
        out.line(f"  {share.label:<32} {bar:<{BAR}} {format_share(part, words.language):>7}  {count}")
    currency = found.currency
    out.heading(words.say("terminal.robustness.costs"))
    for band in found.costs:
        amounts = "  ".join(f"{_money(p, currency, words):>12}" for p in (band.p10, band.p50, band.p90))
        out.line(f"  {band.label:<32} {amounts}" + _partly(band, futures, words))
    if found.tornado:
        out.heading(words.say("terminal.robustness.tornado"))
        for row in found.tornado:
            out.item(_row(row, currency, words), mark="!" if row.flips else "·", style=WARN if row.flips else "")
    if found.questions:
        out.heading(words.say("terminal.robustness.questions"))
        for question in found.questions[:5]:
            out.item(_question(question, currency, words))
    if found.sobol:
        out.heading(words.say("terminal.robustness.variance"))
        for index in found.sobol:
            first, total = (format_share(part, words.language) for part in (index.first, index.total))
            out.line(f"  {index.label[:48]:<48} {first:>7} {total:>7}")
    return out.written()


def _partly(band: CostPercentiles, futures: int, words: Words) -> str:
    return "" if band.priced == futures else f"  ({words.say('terminal.robustness.priced', count=band.priced)})"


def _question(question: WorthAsking, currency: str, words: Words) -> str:
    return words.say(
        "terminal.robustness.question",
        label=question.label,
        key=question.key,
        worth=worth_of(question, currency, words),
        ask_of=question.ask_of,
    ).strip()


def _row(row: SwingRow, currency: str, words: Words) -> str:
    ends = "; ".join(
        f"{setting.shown}: {setting.label}"
        + (f", {_money(setting.cost, currency, words)}" if setting.cost is not None else "")
        for setting in row.settings
    )
    return f"{row.label} ({_money(row.swing, currency, words)}): {ends}"


def _money(amount: Decimal, currency: str, words: Words) -> str:
    return format_money(amount, currency, words.language)


def triggers_text(found: Check, labels: Mapping[str, str], *, width: int, colour: bool, language: str = HOME) -> str:
    """Each trigger with today's answer, the crossed ones first, and the verdict of today."""
    out, words = TextPage(width, colour), load_words(language=language)
    labels = translate_labels(labels, words.language)
    before, after = (labels.get(v) or words.label("status_words", v) for v in (found.before, found.after))
    said = "moved" if found.before != found.after else "quiet" if found.quiet else "loud"
    sentence = words.say(f"terminal.triggers.{said}", before=before, after=after)
    out.line(sentence, BOLD, ACCENT if said == "quiet" else WARN)
    decided, today = (words.language.long_date(each.isoformat()) for each in (found.decided_on, found.today))
    out.line(words.say("terminal.triggers.days", decided=decided, today=today), DIM)
    for each in sorted(found.checked, key=lambda c: c.state != CROSSED):
        crossed = each.state == CROSSED
        name = f"terminal.triggers.states.{each.state}"
        text = words.say(name, trigger=each.trigger.sentence, today=translate_text(each.today, words.language))
        out.item(text, mark="!" if crossed else "·", style=WARN if crossed else DIM)
    for line in sorted(found.revisits, key=lambda r: r.state not in (CROSSED, WITHOUT_RULE)):
        loud = line.state in (CROSSED, WITHOUT_RULE)
        seen = (
            f"{translate_text(label, words.language)} {translate_text(value, words.language)}"
            for label, value in line.seen
        )
        text = words.say(f"terminal.triggers.states.{line.state}", trigger=line.text, today=", ".join(seen))
        out.item(text, mark="!" if loud else "·", style=WARN if loud else DIM)
    return out.written()
