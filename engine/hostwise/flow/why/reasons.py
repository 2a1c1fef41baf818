"""Why this verdict: the reasons that mattered, and why each other option lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from hostwise.answers.fact_text import format_likely, format_value
from hostwise.answers.facts import Fact, FactType
from hostwise.economics.catalogue.options import UNDECIDED
from hostwise.economics.ledgers.ledger import shown_a_month
from hostwise.flow.choice_facts import monthly
from hostwise.flow.flow import Basis, FlowRun, Status, lands_on
from hostwise.flow.gates import excluded_by
from hostwise.flow.labels import listed, say
from hostwise.flow.why.dossiers import Dossier, dossier, failing, waits_for_gates
from hostwise.flow.why.said import is_true
from hostwise.inference.run import RuleTrace
from hostwise.inference.trace import TraceNode
from hostwise.reading.translatable import joined
from hostwise.rulebook.english.quoting import quote
from hostwise.rulebook.language.conditions import Always
from hostwise.rulebook.language.rules import Verdict
from hostwise.rulebook.loading.citations import Citation, Cite, cited

SHOWN_REASONS = 3
KNOWN = "-"
"""How a rule writes the test that a value is known."""
BLOCKERS_SHOWN = 2


class Reason(Struct, frozen=True):
    """One reason, with the rule it comes from (empty for a comparison of costs) and its citations."""

    rule: str
    text: str
    cites: tuple[Cite, ...]


class Alternative(Struct, frozen=True):
    """What became of one option. `monthly` and `gap` are in the reporting currency, a month."""

    option: str
    status: str
    why: str
    rules: tuple[str, ...]
    monthly: Decimal | None
    gap: Decimal | None
    label: str
    dossier: Dossier


class _Ground(Struct, frozen=True):
    """A reason whose citations are not looked up yet."""

    rule: str
    text: str
    claims: tuple[str, ...] = ()


class _Fate(Struct, frozen=True):
    """What became of an option, and why."""

    status: str
    why: str
    rules: tuple[str, ...] = ()
    monthly: Decimal | None = None
    gap: Decimal | None = None


def reasons(
    run: FlowRun, basis: Basis, wording: Mapping[str, str], citations: Mapping[str, Citation]
) -> tuple[Reason, ...]:
    """The three reasons that mattered most, the deciding rule first."""
    rules, specs = {trace.rule.id: trace.rule for trace in run.traces}, basis.rulebook.specs
    grounds = (
        each
        for each in _candidates(run, basis, wording)
        if not each.rule or is_true(rules[each.rule], run.facts, specs)
    )
    unique = {ground.text: ground for ground in grounds}
    shown = list(unique.values())[:SHOWN_REASONS]
    return tuple(Reason(ground.rule, ground.text, cited(ground.claims, citations)) for ground in shown)


def _candidates(run: FlowRun, basis: Basis, wording: Mapping[str, str]) -> Iterator[_Ground]:
    chosen = run.choice.rule
    gates = [t for t in run.traces if t.rule.stage == "gate" and t.truth is True and t.rule.weight]
    if run.choice.status is not Status.DECIDED:
        for trace in run.gates.unsettled:
            because = quote(trace.rule.because, run.facts)
            text = say(wording, "reason.unsettled", label=trace.rule.title, because=because)
            yield _Ground(trace.rule.id, text, trace.rule.cites)
        yield from (_of(trace, run) for trace in gates)
        # The sentence of a rule that would choose an option claims what is not settled yet.
        if chosen is not None and lands_on(chosen.rule, run.gates.feasible) == UNDECIDED:
            yield _of(chosen, run)
        return
    if chosen is not None:
        yield _of(chosen, run)
    held = run.confirmation
    if held is not None and held is not chosen and not isinstance(held.rule.when, Always):
        yield _of(held, run)
    # A gate that leaves nothing but the verdict matters more than money does.
    only_one_left = len(run.gates.feasible) == 1 or not run.facts["feasible.any_api"].value
    if only_one_left:
        yield from (_of(trace, run) for trace in gates)
    yield from _comparison(run, basis, wording)
    yield from (_of(trace, run) for trace in gates)
    if chosen is not None:
        yield from _derivations(chosen, run)


def _comparison(run: FlowRun, basis: Basis, wording: Mapping[str, str]) -> Iterator[_Ground]:
    option = str(run.choice.option)
    own = _cost(run.facts, option)
    left = [o for o in run.gates.feasible if o != option]
    others = [(c.value, o) for o in left if (c := _cost(run.facts, o))]
    ranked = sorted((value, o) for value, o in others if isinstance(value, Decimal))
    label = basis.catalogue.options[option].label
    without_rate = [o for o in left if "exchange_rates" in run.costing.ledgers[o].needs]
    if without_rate:
        labels = [basis.catalogue.options[o].label for o in without_rate]
        yield _Ground("", say(wording, "reason.without_rate", options=listed(labels)))
    if without_rate and not ranked:
        return
    if own is None:
        ledger = run.costing.ledgers[option]
        if not ranked and not left and ledger.floor is not None:
            amount = shown_a_month(ledger.floor, ledger.currency)
            yield _Ground("", say(wording, "reason.alone_floor", amount=amount))
        elif not ranked:
            yield _Ground("", say(wording, "reason.unpriced" if left else "reason.alone_unpriced"))
        return
    amount = format_likely(own)
    if not ranked:
        yield _Ground("", _say(wording, "reason.alone_priced" if left else "reason.alone", run, amount=amount))
        return
    value, other = ranked[0]
    words = {
        "label": label,
        "amount": amount,
        "other": basis.catalogue.options[other].label,
        "other_amount": format_likely(run.facts[monthly(other)]),
    }
    assert isinstance(own.value, Decimal)
    if own.value <= value:
        yield _Ground("", _say(wording, "reason.cheapest", run, **words))
    else:
        overtaken, blocker = _overtaken(other, run), _blocker(other, run, wording)
        if overtaken is not None:
            name, passed = _passed_over(other, overtaken, run)
            yield _Ground("", _say(wording, f"reason.{name}", run, **passed, **words))
        elif blocker:
            yield _Ground("", _say(wording, "reason.dearer", run, rule=_nearest(other, run), blocker=blocker, **words))
        else:
            yield _Ground("", _say(wording, "reason.no_rule", run, **words))


def _say(wording: Mapping[str, str], name: str, run: FlowRun, **words: str) -> str:
    """A sentence on what is paid: a month, or for the whole of a job that runs once."""
    once = "runs_once" in run.facts and run.facts["runs_once"].value is True
    return say(wording, f"{name}_once" if once else name, **words)


def _derivations(chosen: RuleTrace, run: FlowRun) -> Iterator[_Ground]:
    for trace in run.traces:
        if trace.rule.stage == "derive" and trace.truth is True and set(trace.rule.sets) & set(chosen.reads):
            yield _of(trace, run)


def _of(trace: RuleTrace, run: FlowRun) -> _Ground:
    return _Ground(trace.rule.id, quote(trace.rule.because, run.facts), trace.rule.cites)


def alternatives(run: FlowRun, basis: Basis, wording: Mapping[str, str]) -> tuple[Alternative, ...]:
    """Every option, chosen or not, and why."""
    return tuple(_alternative(option, run, basis, wording) for option in basis.options)


def _alternative(option: str, run: FlowRun, basis: Basis, wording: Mapping[str, str]) -> Alternative:
    fate, label = _fate(option, run, basis, wording), basis.catalogue.options[option].label
    return Alternative(option, fate.status, fate.why, fate.rules, fate.monthly, fate.gap, label, dossier(option, run))


def _fate(option: str, run: FlowRun, basis: Basis, wording: Mapping[str, str]) -> _Fate:
    choice, cost = run.choice, _cost(run.facts, option)
    amount = cost.value if cost and isinstance(cost.value, Decimal) else None
    if option in run.gates.excluded:
        rules = run.gates.excluded[option]
        gate = _strongest(rules, run, basis)
        return _Fate("excluded", quote(gate.rule.because, run.facts), rules, amount)
    if option == choice.option:
        return _Fate("chosen", say(wording, "alternative.chosen"), _rule_ids(run), amount)
    if choice.option is None:
        return _Fate("not-compared", say(wording, "alternative.not_compared"), (), amount)
    if amount is None:
        why = run.costing.ledgers[option].why_not or ""
        return _Fate("not-priced", say(wording, "alternative.not_priced", why=why))
    own = _cost(run.facts, choice.option)
    gap = amount - own.value if own and isinstance(own.value, Decimal) else None
    return _lost(option, amount, gap, run, wording)


def _lost(option: str, amount: Decimal, gap: Decimal | None, run: FlowRun, wording: Mapping[str, str]) -> _Fate:
    overtaken = _overtaken(option, run)
    if overtaken is not None:
        name, passed = _passed_over(option, overtaken, run)
        why = say(wording, f"alternative.{name}", **passed)
        status = "costlier" if gap and gap > 0 else "not-chosen"
        if gap and gap > 0:
            more = format_value(gap, FactType.MONEY, run.facts[monthly(option)].unit)
            why = joined([_say(wording, "alternative.costlier", run, gap=more), why], " ")
        return _Fate(status, why, (overtaken.rule.id, *_rule_ids(run)), amount, gap)
    blocker, rules = _blocker(option, run, wording), tuple(t.rule.id for t in _rules_for(option, run))
    unit = run.facts[monthly(option)].unit
    if gap is None or (not blocker and gap <= 0):
        why = say(wording, "alternative.unranked", rule=_called(run.choice.rule))
    else:
        name = "costlier" if not blocker else ("blocked_costlier" if gap > 0 else "blocked")
        amounts = {"gap": format_value(abs(gap), FactType.MONEY, unit), "rule": _nearest(option, run)}
        why = _say(wording, f"alternative.{name}", run, condition=blocker, **amounts)
    return _Fate("costlier" if gap and gap > 0 else "not-chosen", why, rules, amount, gap)


def _strongest(rules: tuple[str, ...], run: FlowRun, basis: Basis) -> RuleTrace:
    firing = [t for t in run.traces if t.rule.id in rules]
    return max(firing, key=lambda t: (t.rule.weight, len(excluded_by(t, basis.options))))


def _rules_for(option: str, run: FlowRun) -> list[RuleTrace]:
    """The rules that would choose the option and do not hold, the nearest to holding first.

    A rule that waits for the gates to close every API was never in question; one on cost was before one on the case.
    """
    missed = [t for t in run.traces if _lands(t, option, run) and t.truth is not True]

    def distance(trace: RuleTrace) -> tuple[bool, bool, int, int]:
        leaves = failing(trace.condition)
        on_case = not any(_is_money(leaf, run) for leaf in _leaves(trace.condition))
        return waits_for_gates(leaves), on_case, sum(not _is_money(leaf, run) for leaf in leaves), len(leaves)

    return sorted(missed, key=distance)


def _leaves(node: TraceNode) -> Iterator[TraceNode]:
    if not node.children:
        yield node
    for child in node.children:
        yield from _leaves(child)


def _lands(trace: RuleTrace, option: str, run: FlowRun) -> bool:
    """Whether the option is what a rule would choose, did it hold."""
    return isinstance(trace.rule.then, Verdict) and lands_on(trace.rule, run.gates.feasible) == option


def _is_money(leaf: TraceNode, run: FlowRun) -> bool:
    """Whether a test is of a cost or of a saving."""
    fact = run.facts.get(leaf.fact or "")
    return fact is not None and (fact.type is FactType.MONEY or fact.name.startswith("saving."))


def _overtaken(option: str, run: FlowRun) -> RuleTrace | None:
    """The first rule that holds and would have chosen the option, had no other come before it."""
    return next((trace for trace in run.traces if trace.truth is True and _lands(trace, option, run)), None)


def _passed_over(option: str, holds: RuleTrace, run: FlowRun) -> tuple[str, Mapping[str, str]]:
    """The sentence of an option whose rule holds: another came before it, or its futures took another in its place."""
    replaced = option == run.chosen.option
    first = run.choice.rule if replaced else run.chosen.rule
    return "replaced" if replaced else "overtaken", {"rule": _called(holds), "first": _called(first)}


def _blocker(option: str, run: FlowRun, wording: Mapping[str, str]) -> str:
    """What the rule that came nearest to choosing the option asks, each with what it is instead."""
    nearest = next(iter(_rules_for(option, run)), None)
    stopped = failing(nearest.condition) if nearest else []
    return "" if waits_for_gates(stopped) else listed([_asked(node, wording) for node in stopped[:BLOCKERS_SHOWN]])


def _asked(node: TraceNode, wording: Mapping[str, str]) -> str:
    if node.seen is None or (node.test == KNOWN and node.truth is False):  # its own words say that it is not known
        return node.english
    return say(wording, "reason.asked", test=node.english, seen=node.seen)


def _nearest(option: str, run: FlowRun) -> str:
    """The rule that came nearest to choosing the option, by its title."""
    return _called(next(iter(_rules_for(option, run)), None))


def _cost(facts: Mapping[str, Fact], option: str) -> Fact | None:
    fact = facts.get(monthly(option))
    return fact if fact is not None and fact.known else None


def _called(trace: RuleTrace | None) -> str:
    """A rule by its title."""
    return "none" if trace is None else trace.rule.title or trace.rule.id


def _rule_id(run: FlowRun) -> str:
    return run.choice.rule_id or "none"


def _rule_ids(run: FlowRun) -> tuple[str, ...]:
    return (run.choice.rule.rule.id,) if run.choice.rule else ()
