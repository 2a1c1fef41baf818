"""Why this verdict: the reasons that mattered, and why each other option lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from hostwise.answers.facts import Fact
from hostwise.decision.choice_facts import monthly
from hostwise.decision.dossiers import failing
from hostwise.decision.feasible import excluded_by
from hostwise.decision.flow import Basis, Course, Status
from hostwise.decision.wording import listed, say
from hostwise.inference.run import RuleTrace
from hostwise.inference.trace import TraceNode
from hostwise.rulebook.quoting import quote
from hostwise.rulebook.rules import Verdict
from hostwise.rulebook.wording import shown_money

SHOWN_REASONS = 3
BLOCKERS_SHOWN = 2


class Reason(Struct, frozen=True):
    """One reason, with the rule it comes from (empty for a comparison of costs) and its citations."""

    rule: str
    text: str
    cites: tuple[str, ...] = ()


class Alternative(Struct, frozen=True):
    """What became of one option. `monthly` and `gap` are in the reporting currency, a month."""

    option: str
    status: str
    why: str
    rules: tuple[str, ...] = ()
    monthly: Decimal | None = None
    gap: Decimal | None = None


def reasons(course: Course, basis: Basis, wording: Mapping[str, str]) -> tuple[Reason, ...]:
    """The three reasons that mattered most, the deciding rule first."""
    found = list(_candidates(course, basis, wording))
    return tuple({reason.text: reason for reason in found}.values())[:SHOWN_REASONS]


def _candidates(course: Course, basis: Basis, wording: Mapping[str, str]) -> Iterator[Reason]:
    chosen = course.choice.rule
    gates = [t for t in course.traces if t.rule.stage == "gate" and t.truth is True and t.rule.weight]
    if course.choice.status is not Status.DECIDED:
        for trace in course.gates.unsettled:
            because = quote(trace.rule.because, course.facts)
            text = say(wording, "reason.unsettled", label=trace.rule.title, because=because)
            yield Reason(trace.rule.id, text, trace.rule.cites)
        yield from (_of(trace, course) for trace in gates)
        if chosen is not None:
            yield _of(chosen, course)
        return
    if chosen is not None:
        yield _of(chosen, course)
    # A gate that leaves nothing but the verdict matters more than money does.
    only_one_left = len(course.gates.feasible) == 1 or not course.facts["feasible.any_api"].value
    if only_one_left:
        yield from (_of(trace, course) for trace in gates)
    yield from _comparison(course, basis, wording)
    yield from (_of(trace, course) for trace in gates)
    if chosen is not None:
        yield from _derivations(chosen, course)


def _comparison(course: Course, basis: Basis, wording: Mapping[str, str]) -> Iterator[Reason]:
    option = str(course.choice.option)
    own = _cost(course.facts, option)
    others = [(c.value, o) for o in course.gates.feasible if o != option and (c := _cost(course.facts, o))]
    ranked = sorted((value, o) for value, o in others if isinstance(value, Decimal))
    label = basis.catalogue.options[option].label
    if own is None:
        if not ranked:
            yield Reason("", say(wording, "reason.alone_unpriced"))
        return
    amount = shown_money(own)
    if not ranked:
        yield Reason("", say(wording, "reason.alone", amount=amount))
        return
    value, other = ranked[0]
    words = {
        "label": label,
        "amount": amount,
        "other": basis.catalogue.options[other].label,
        "other_amount": shown_money(course.facts[monthly(other)]),
    }
    assert isinstance(own.value, Decimal)
    if own.value <= value:
        yield Reason("", say(wording, "reason.cheapest", **words))
    else:
        blocker = _blocker(other, course) or say(wording, "alternative.unranked", rule=_rule_id(course))
        yield Reason("", say(wording, "reason.dearer", blocker=blocker, **words))


def _derivations(chosen: RuleTrace, course: Course) -> Iterator[Reason]:
    for trace in course.traces:
        if trace.rule.stage == "derive" and trace.truth is True and set(trace.rule.sets) & set(chosen.reads):
            yield _of(trace, course)


def _of(trace: RuleTrace, course: Course) -> Reason:
    return Reason(trace.rule.id, quote(trace.rule.because, course.facts), trace.rule.cites)


def alternatives(course: Course, basis: Basis, wording: Mapping[str, str]) -> tuple[Alternative, ...]:
    """Every option, chosen or not, and why."""
    return tuple(_alternative(option, course, basis, wording) for option in basis.options)


def _alternative(option: str, course: Course, basis: Basis, wording: Mapping[str, str]) -> Alternative:
    choice, cost = course.choice, _cost(course.facts, option)
    amount = cost.value if cost and isinstance(cost.value, Decimal) else None
    if option in course.gates.excluded:
        rules = course.gates.excluded[option]
        gate = _strongest(rules, course, basis)
        return Alternative(option, "excluded", quote(gate.rule.because, course.facts), rules, amount)
    if option == choice.option:
        return Alternative(option, "chosen", say(wording, "alternative.chosen"), _rule_ids(course), amount)
    if choice.option is None:
        return Alternative(option, "not-compared", say(wording, "alternative.not_compared"), (), amount)
    if amount is None:
        why = course.costing.ledgers[option].why_not or ""
        return Alternative(option, "not-priced", say(wording, "alternative.not_priced", why=why))
    own = _cost(course.facts, choice.option)
    gap = amount - own.value if own and isinstance(own.value, Decimal) else None
    return _lost(option, amount, gap, course, wording)


def _lost(option: str, amount: Decimal, gap: Decimal | None, course: Course, wording: Mapping[str, str]) -> Alternative:
    blocker, rules = _blocker(option, course), tuple(t.rule.id for t in _rules_for(option, course))
    unit = course.facts[monthly(option)].unit
    if gap is None or (not blocker and gap <= 0):
        why = say(wording, "alternative.unranked", rule=_rule_id(course))
    else:
        name = "costlier" if not blocker else ("blocked_costlier" if gap > 0 else "blocked")
        why = say(wording, f"alternative.{name}", gap=shown_money(abs(gap), unit), condition=blocker)
    return Alternative(option, "costlier" if gap and gap > 0 else "not-chosen", why, rules, amount, gap)


def _strongest(rules: tuple[str, ...], course: Course, basis: Basis) -> RuleTrace:
    firing = [t for t in course.traces if t.rule.id in rules]
    return max(firing, key=lambda t: (t.rule.weight, len(excluded_by(t, basis.options))))


def _rules_for(option: str, course: Course) -> list[RuleTrace]:
    """The rules that would have chosen the option and did not hold, the nearest to holding first.

    A rule that waits for the gates to close every API was never in question; one on cost or team was.
    """
    missed = [
        t
        for t in course.traces
        if isinstance(t.rule.then, Verdict) and option in t.rule.then.options and t.truth is not True
    ]

    def distance(trace: RuleTrace) -> tuple[bool, int]:
        leaves = failing(trace.condition)
        return any(_is_gate_outcome(leaf) for leaf in leaves), len(leaves)

    return sorted(missed, key=distance)


def _blocker(option: str, course: Course) -> str:
    """In words, the conditions that stopped the rule that came nearest to choosing the option."""
    nearest = next(iter(_rules_for(option, course)), None)
    return listed([node.english for node in failing(nearest.condition)[:BLOCKERS_SHOWN]]) if nearest else ""


def _is_gate_outcome(leaf: TraceNode) -> bool:
    return (leaf.fact or "").startswith("feasible.")


def _cost(facts: Mapping[str, Fact], option: str) -> Fact | None:
    fact = facts.get(monthly(option))
    return fact if fact is not None and fact.known else None


def _rule_id(course: Course) -> str:
    return course.choice.rule.rule.id if course.choice.rule else "none"


def _rule_ids(course: Course) -> tuple[str, ...]:
    return (course.choice.rule.rule.id,) if course.choice.rule else ()
