"""The three explanations in the terminal: why, why not that option, what if nothing were known about an answer.

What they are given is of a record in the language in which they are to be said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import FactType
from hostwise.economics.plans.told.option_plans import OptionPlans
from hostwise.flow.why.dossiers import Gap, SeenTest
from hostwise.flow.why.reasons import Alternative
from hostwise.reading.numbers.number_format import format_money, format_share
from hostwise.record.explain import FactMoved, IfUnknown, OutcomeWithCosts, RuleMoved, Why
from hostwise.record.format.record import RecordedFact, RecordedLedger
from hostwise.record.format.rules import TracedCondition
from hostwise.record.format.verdict import DecidedVerdict
from hostwise.report.language.language import HOME
from hostwise.report.terminal.page import BOLD, DIM, TextPage
from hostwise.report.view.rules import seen_beside
from hostwise.report.words.words import Words, load_words

INDENT = 2
DEEPEST = 6
"""Facts further down are not indented further."""


def why_text(found: Why, labels: Mapping[str, str], *, width: int, colour: bool, language: str = HOME) -> str:
    """Which rule decided, on which facts, from which answers."""
    out, words = TextPage(width, colour), load_words(language=language)
    rule = found.rule
    if rule is None:
        out.line(words.say("terminal.why.no_rule"), BOLD)
    else:
        verdict = labels.get(found.option or "") or words.say("terminal.why.undecided")
        out.line(words.say("terminal.why.by_rule", verdict=verdict, rule=rule.id, title=rule.title), BOLD)
        out.text(rule.because)
        out.heading(words.say("terminal.why.holds" if rule.truth == "true" else "terminal.why.may_hold"))
        for leaf in _leaves(rule.condition):
            out.item(_said(leaf, words), mark=_mark(leaf.truth))
    if found.gates:
        out.heading(words.say("terminal.why.gates"))
        for gate in found.gates:
            out.item(f"{gate.id}: {gate.because}")
    out.heading(words.say("terminal.why.facts"))
    for fact in found.facts:
        out.item(
            f"{fact.label or fact.name} = {fact.shown}{_origin(fact, words)}",
            indent=INDENT * min(fact.depth, DEEPEST),
        )
    return out.written()


def plans_text(
    found: OptionPlans | None, ledger: RecordedLedger, *, width: int, colour: bool, language: str = HOME
) -> str:
    """What an option was searched over: its best plan, the next ones, and how many were left for what reason."""
    out, words = TextPage(width, colour), load_words(language=language)
    out.line(ledger.label, BOLD)
    if found is None:
        out.text(words.say("terminal.plans.none", option=ledger.label))
        if ledger.why_not:
            out.text(ledger.why_not)
        return out.written()
    same = (found.same_model,) if found.same_model else ()
    for part, lines in (
        ("best", (found.best,)),
        ("same_model", same),
        ("others", found.others),
        ("front", found.front),
    ):
        if lines:
            out.heading(words.say(f"terminal.plans.{part}"))
        for line in lines:
            monthly = format_value(line.monthly, FactType.MONEY, ledger.currency)
            out.item(words.say("terminal.plans.line", plan=line.text, monthly=monthly))
    if found.left_out:
        out.heading(words.say("terminal.plans.left_out", searched=str(found.searched)))
    for left in found.left_out:
        out.item(words.say("terminal.plans.left", plans=str(left.plans), reason=left.reason))
    return out.written()


def why_not_text(
    found: Alternative,
    verdict: DecidedVerdict,
    labels: Mapping[str, str],
    *,
    width: int,
    colour: bool,
    language: str = HOME,
) -> str:
    """What excluded the option, or which rules would have chosen it and what stopped each."""
    out, words = TextPage(width, colour), load_words(language=language)
    dossier = found.dossier
    out.line(f"{found.label}: {found.why}", BOLD)
    if found.option == verdict.option:
        out.text(words.say("terminal.why_not.verdict", rule=verdict.rule))
        return out.written()
    if dossier.gates:
        out.heading(words.say("terminal.why_not.gates"))
        holds = words.say("terminal.why_not.holds")
        for gate in dossier.gates:
            out.item(f"{gate.rule}: {gate.because}")
            for leaf in gate.held:
                out.item(_said(leaf, words), mark=f"│ {holds}", indent=INDENT, style=DIM)
    if dossier.rules:
        out.heading(words.say("terminal.why_not.rules"))
        overtaken_by, stopped_by = words.say("terminal.why_not.overtaken_by"), words.say("terminal.why_not.stopped_by")
        for rule in dossier.rules:
            out.item(f"{rule.rule}: {rule.title}")
            if rule.overtaken_by:
                out.item(rule.overtaken_by, mark=f"│ {overtaken_by}", indent=INDENT, style=DIM)
            for leaf in rule.failed:
                out.item(_said(leaf, words), mark=f"│ {stopped_by}", indent=INDENT, style=DIM)
    gap = dossier.gap
    if gap is not None:
        out.heading(words.say("terminal.why_not.gap"))
        out.text(_gap(gap, labels.get(verdict.option or "", ""), words))
    return out.written()


def unknown_text(found: IfUnknown, labels: Mapping[str, str], *, width: int, colour: bool, language: str = HOME) -> str:
    """Both decisions side by side, and what changed between them."""
    out, words = TextPage(width, colour), load_words(language=language)
    before, after = found.before, found.after
    same = (before.status, before.option) == (after.status, after.option)
    out.line(words.say(f"terminal.if_unknown.{'same' if same else 'other'}", key=found.key), BOLD)
    for name, outcome in (("as_it_is", before), ("without_it", after)):
        out.item(words.say(f"terminal.if_unknown.{name}", verdict=_outcome(outcome, labels, words)))
    facts, rules = [(fact.name, fact) for fact in found.facts], [(rule.id, rule) for rule in found.rules]
    _moved(out, "facts", facts, words)
    _moved(out, "rules", rules, words)
    if found.needs:
        out.heading(words.say("terminal.if_unknown.needs"))
        for need in found.needs:
            out.item(f"{need.label} ({need.key}): {need.question} {need.settles}")
    return out.written()


def _moved(out: TextPage, part: str, entries: Sequence[tuple[str, RuleMoved | FactMoved]], words: Words) -> None:
    if entries:
        out.heading(words.say(f"terminal.if_unknown.{part}"))
    for name, entry in entries:
        before, after = (words.label("truth_values", end) for end in (entry.before, entry.after))
        out.item(f"{name} ({entry.label}): {before} → {after}")


def _outcome(outcome: OutcomeWithCosts, labels: Mapping[str, str], words: Words) -> str:
    name = labels.get(outcome.option or "") or words.label("status_words", outcome.status)
    return words.say("terminal.by_rule", verdict=name, rule=outcome.rule) if outcome.rule else name


def _gap(gap: Gap, verdict: str, words: Words) -> str:
    amount = gap.amount
    word = words.say(f"terminal.why_not.{'more' if amount > 0 else 'less'}")
    if gap.share is not None:
        word = f"{word} ({format_share(abs(gap.share), words.language)})"
    shown = format_money(abs(amount), gap.currency, words.language)
    said = words.say("terminal.why_not.difference", amount=shown, more=word, verdict=verdict)
    return words.say("terminal.why_not.overlap", gap=said) if gap.overlap else said


def _leaves(node: TracedCondition) -> list[TracedCondition]:
    if not node.children or node.op == "not":
        return [node]
    return [leaf for child in node.children for leaf in _leaves(child)]


def _said(leaf: TracedCondition | SeenTest, words: Words) -> str:
    seen = seen_beside(leaf)
    return words.say("hurdles.test", test=leaf.english, seen=seen) if seen else leaf.english


def _mark(truth: str) -> str:
    return {"true": "✓", "false": "✗"}.get(truth, "?")


def _origin(fact: RecordedFact, words: Words) -> str:
    """Where a fact comes from: a line of the questionnaire, a default and its source, or a formula."""
    if fact.line:
        return "  " + words.say("terminal.why.line", file=fact.file, line=fact.line)
    if fact.origin == "assumed":
        return "  " + words.say("terminal.why.default", source=fact.source)
    how = fact.source or fact.formula
    return f"  ({how})" if how else ""
