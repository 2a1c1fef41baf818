"""The audit of a decision in the terminal: every rule, what stopped it, and the facts with where each came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from hostwise.record.format.record import Record
from hostwise.record.format.rules import TracedCondition, TracedRule
from hostwise.report.brand.clean import shortened
from hostwise.report.language.language import HOME
from hostwise.report.model.report import Report
from hostwise.report.terminal.page import ACCENT, BOLD, DIM, WARN, TextPage
from hostwise.report.view.report import report_of
from hostwise.report.view.rules import seen_beside, stoppers
from hostwise.report.words.words import Words, load_words


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
    out.text(words.say("terminal.explain.pack", pack=rule.pack, status=words.label("rule_status", rule.status)), DIM)
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
    seen = seen_beside(node)
    return words.say("hurdles.test", test=node.english, seen=seen) if seen else node.english


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
