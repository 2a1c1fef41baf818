"""A decision in the terminal: the verdict at a glance, and its audit as a tree.

Both write plain text of a fixed width. Colour only adds to it, so that piped output says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path

from hostwise.reading.numbers.number_format import format_money, format_share
from hostwise.record.format.record import Record
from hostwise.record.format.rules import TracedCondition, TracedRule
from hostwise.report.brand.clean import shortened
from hostwise.report.language.language import HOME
from hostwise.report.model.report import OptionLine, Report
from hostwise.report.terminal.page import ACCENT, BOLD, DIM, WARN, TextPage
from hostwise.report.view.report import report_of
from hostwise.report.view.rules import stoppers
from hostwise.report.words.amounts import money_range, shows_as_one
from hostwise.report.words.words import Words, load_words

BLOCKS = "▏▎▍▌▋▊▉█"


def decision_text(
    record: Record,
    *,
    width: int = 100,
    colour: bool = False,
    templates: Path | None = None,
    language: str = HOME,
) -> str:
    """Verdict, reasons, money an option, conditions and revisit triggers. `width` in columns.

    Raises `InputError` when parts of the record contradict one another.
    """
    words = load_words(templates, language)
    report = report_of(record, words)
    out = TextPage(width, colour)
    verdict = report.record.verdict
    out.text(words.say("terminal.decision.of", workload=report.short_title, day=report.as_of), style=DIM)
    out.line(report.heading, BOLD, ACCENT if verdict.status == "decided" else WARN)
    if verdict.chosen_plan:
        out.text(words.say("terminal.decision.plan", plan=verdict.chosen_plan))
    out.text(verdict.sentence)
    for sentence in report.confidence:
        out.text(sentence, style=DIM)
    if read_as := report.record.answers.read_as:
        out.text(words.say("terminal.decision.read_as", answers=" · ".join(read_as)), style=DIM)
    for sentence in _worth_finding_out(report, words):
        out.text(sentence, style=DIM)
    if verdict.needs:
        out.heading(words.say("terminal.decision.needs"))
        for need in verdict.needs:
            asked = words.say("terminal.decision.need", label=need.label, key=need.key, ask_of=need.ask_of)
            out.item(f"{asked}: {need.question} {need.settles}")
    if report.ways_out:
        out.heading(words.say("terminal.decision.ways_out"))
        for way, lifted in report.ways_out:
            titles = "; ".join(c.title for c in lifted)
            answers = "; ".join(f"{a.key} ({shortened(a.shown, 120)})" for a in way.answers)
            out.item(words.say("terminal.decision.way_out", titles=titles, answers=answers, option=way.label))
    if verdict.status == "infeasible":
        out.heading(words.say("terminal.decision.infeasible"))
        for option in report.options:
            out.item(f"{option.label}: {option.why}")
    elif verdict.reasons and verdict.status == "decided":
        out.heading(words.say("terminal.decision.why"))
        for number, reason in enumerate(verdict.reasons[:3], 1):
            cites = f" [{', '.join(c.id for c in reason.cites[:4])}]" if reason.cites else ""
            out.item(reason.text + cites, mark=f"{number}.")
    if report.priced:
        out.heading(words.say("terminal.decision.costs"))
        for line, chosen, feasible in _bars(report.priced, out.width, words):
            out.line(line, *((BOLD, ACCENT) if chosen else () if feasible else (DIM,)))
    unpriced = [option.label for option in report.options if not option.monthly and option.feasible]
    if unpriced:
        out.text(words.say("terminal.decision.unpriced", options=", ".join(unpriced)), style=DIM)
    for name, entries in (("conditions", verdict.conditions), ("revisit", verdict.revisit)):
        if entries:
            out.heading(words.say(f"terminal.decision.{name}"))
            for entry in entries:
                out.item(entry.text + (f" ({entry.owner})" if entry.owner and name == "conditions" else ""))
    if verdict.dissent:
        out.heading(words.say("terminal.decision.dissent"))
        for dissent in verdict.dissent:
            out.item(f"{dissent.who}: {dissent.text}")
    out.blank()
    # A first answer has no id yet: it is the hash of the whole record.
    name = "terminal.decision.made_with" if record.id else "terminal.decision.made_without_id"
    made = words.say(name, id=record.id[:12], rulebook=report.record.rulebook.version, engines=report.engines)
    out.text(made, style=DIM)
    return out.written()


def _worth_finding_out(report: Report, words: Words) -> Iterator[str]:
    """The one open answer that carries most of the doubt about the verdict."""
    robust = report.record.robustness
    for question in robust.questions[:1]:
        worth = words.say(
            "terminal.decision.worth",
            label=question.label,
            key=question.key,
            wrong=format_share(question.wrong, words.language),
            regret=format_money(question.regret, report.currency, words.language),
        )
        who = question.ask_of
        yield words.say("terminal.decision.worth_asking", worth=worth, ask_of=who) if who else worth
    if not robust.questions and report.record.verdict.status == "decided":
        yield words.say("terminal.decision.firm" if report.robustness.firm else "terminal.decision.not_worth")


def explain_text(
    record: Record,
    rule_id: str | None = None,
    *,
    width: int = 100,
    colour: bool = False,
    templates: Path | None = None,
    language: str = HOME,
) -> str:
    """What fired, what did not and which condition stopped it; one rule in full with `rule_id`.

    Raises `InputError` when parts of the record contradict one another.
    """
    words = load_words(templates, language)
    report = report_of(record, words)
    out = TextPage(width, colour)
    reads = {rule.id: rule.reads for rule in record.rules}
    rules = [rule for stage in report.stages for rule in (*stage.fired, *stage.unknown, *stage.silent)]
    if rule_id is not None:
        for rule in rules:
            if rule.id == rule_id:
                _whole_rule(out, rule, report, reads[rule.id], words)
        return out.written()
    title = words.say("terminal.decision.of", workload=report.short_title, day=report.as_of)
    out.line(f"{title}: {report.heading}", BOLD)
    because, stopped_by, ruled_out_by = (
        words.say(f"terminal.explain.{name}") for name in ("because", "stopped_by", "ruled_out_by")
    )
    for stage in report.stages:
        out.heading(stage.title)
        for rule in stage.fired:
            out.item(f"{rule.id}: {rule.title or rule.id}", mark="✓", style=ACCENT)
            out.item(rule.english, mark=f"│ {because}", indent=2, style=DIM)
        for mark, group, style in (("?", stage.unknown, WARN), ("·", stage.silent, "")):
            for rule in group:
                out.item(f"{rule.id}: {rule.title or rule.id}", mark=mark, style=style)
                for stopper in islice(stoppers(rule.condition), 3):
                    out.item(_seen(stopper, words), mark=f"│ {stopped_by}", indent=2, style=DIM)
                if rule.blocked_by:
                    out.item(", ".join(rule.blocked_by), mark=f"│ {ruled_out_by}", indent=2, style=DIM)
    out.heading(words.say("terminal.explain.facts"))
    read = {name for names in reads.values() for name in names}
    for line in _fact_lines(report, read, words):
        out.item(line, mark="·")
    return out.written()


def _whole_rule(out: TextPage, rule: TracedRule, report: Report, reads: Sequence[str], words: Words) -> None:
    out.line(f"{rule.id}: {rule.title or rule.id}", BOLD)
    out.text(f"{words.label('truths', rule.truth).capitalize()}. {rule.because}")
    out.text(
        words.say("terminal.explain.pack", pack=rule.pack, status=words.label("rule_status", rule.status)), style=DIM
    )
    if effect := report.effects[rule.id]:
        out.text(words.say("terminal.explain.effect", effect=effect))
    out.heading(words.say("terminal.explain.condition"))
    _tree(out, rule.condition, 0, words)
    if rule.blocked_by:
        out.text(words.say("terminal.explain.ruled_out", rules=", ".join(rule.blocked_by)))
    out.heading(words.say("terminal.explain.read"))
    for line in _fact_lines(report, set(reads), words):
        out.item(line, mark="·")
    if rule.cites:
        out.heading(words.say("terminal.explain.rests_on"))
        for cite in rule.cites:
            out.item(f"{cite.id}: {cite.text}" if cite.text else cite.id, mark="·")


def _tree(out: TextPage, node: TracedCondition, depth: int, words: Words) -> None:
    mark = {"true": "✓", "false": "✗"}.get(node.truth, "?")
    style = {"true": ACCENT, "false": ""}.get(node.truth, WARN)
    if not node.children:
        out.item(_seen(node, words), mark=mark, indent=2 * depth, style=style)
        return
    name = words.label("operators", node.op)
    out.item(f"{name} ({words.label('truths', node.truth)})", mark=mark, indent=2 * depth, style=style)
    for child in node.children:
        _tree(out, child, depth + 1, words)


def _seen(node: TracedCondition, words: Words) -> str:
    return words.say("hurdles.test", test=node.english, seen=node.seen) if node.seen else node.english


def _fact_lines(report: Report, names: Iterable[str], words: Words) -> Iterator[str]:
    wanted = set(names)
    for fact in (*report.given, *report.assumed, *report.derived, *report.concluded, *report.unknown):
        if fact.name in wanted:
            where = report.places[fact.name] or fact.source
            how = f" = {fact.formula}" if fact.formula else ""
            known = fact.value is not None
            origin = words.label("origins", fact.origin) if known else words.label("answer_states", "unknown")
            value = f"{fact.label or fact.name} = {shortened(fact.shown, 400)}"
            yield f"{value} ({origin}{', ' + where if where else ''}{how})"


def _bars(options: Sequence[OptionLine], width: int, words: Words) -> Iterator[tuple[str, bool, bool]]:
    """Aligned lines: label, bar, amount, band. Bars are to one scale, in eighths of a column."""
    label_width = min(max(len(option.label) for option in options), max(width // 3, 12))
    amounts = [
        format_money(option.monthly.likely, option.currency, words.language) if option.monthly else ""
        for option in options
    ]
    bands = [_band(option, words) for option in options]
    notes = ["" if option.feasible else words.say("charts.excluded") for option in options]
    tails = [", ".join(part for part in (band, note) if part) for band, note in zip(bands, notes, strict=True)]
    amount_width = max(map(len, amounts))
    room = width - label_width - amount_width - max(map(len, tails)) - 8
    show_tail = room >= 8
    bar_width = max(room if show_tail else width - label_width - amount_width - 6, 4)
    top = max((option.monthly.likely for option in options if option.monthly), default=Decimal(1)) or Decimal(1)
    for option, amount, tail in zip(options, amounts, tails, strict=True):
        likely = option.monthly.likely if option.monthly else Decimal(0)
        # Marked, not only coloured: a narrow or piped page shows neither colour nor the note.
        mark = "→" if option.chosen else " " if option.feasible else "×"
        line = (
            f"{mark} {_fit(option.label, label_width)}  {_bar(likely / top, bar_width)}  {amount:>{amount_width}}"
            + (f"  {tail}" if show_tail and tail else "")
        )
        yield line.rstrip(), option.chosen, option.feasible


def _band(option: OptionLine, words: Words) -> str:
    """The band of what an option costs a month; empty where it shows as one amount."""
    band, language = option.monthly, words.language
    if band is None or shows_as_one(band, option.currency, language):
        return ""
    return money_range(band, option.currency, language)


def _bar(share: Decimal, width: int) -> str:
    eighths = max(int(share * width * 8), 1)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (BLOCKS[rest - 1] if rest else "")).ljust(width)


def _fit(text: str, width: int) -> str:
    return text.ljust(width) if len(text) <= width else text[: width - 1] + "…"
