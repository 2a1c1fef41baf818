"""Whether a decision taken earlier should be looked at again: its triggers, and its lines under "look again"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.analysis.changes.triggers import RevisitTrigger
from hostwise.analysis.situation import Situation, decided
from hostwise.answers.fact_text import format_fact
from hostwise.answers.facts import Fact, FactSpec, FactType, Origin, Provenance, Value, fixed
from hostwise.inference.reference import evaluate
from hostwise.reading.numbers.months import months_between
from hostwise.rulebook.language.conditions import facts_read
from hostwise.rulebook.language.rules import Rule
from hostwise.rulebook.loading.look_again import CHANGE, MONTHS, look_again_specs

CROSSED, HOLDS, UNANSWERED, WITHOUT_RULE = "crossed", "holds", "not answered", "without its rule"


class Earlier(Struct, frozen=True):
    """What a decision taken earlier left to be looked at: `revisits` are the texts of its revisit rules, by rule."""

    outcome: str
    as_of: date
    triggers: tuple[RevisitTrigger, ...]
    revisits: Mapping[str, str]
    numbers: Mapping[str, Decimal]


class CheckedTrigger(Struct, frozen=True):
    """One trigger of the record against today's answer, as people read it."""

    trigger: RevisitTrigger
    today: str
    state: str


class CheckedRevisit(Struct, frozen=True):
    """One line under "look again": `seen` are the labels and today's values of what its condition reads."""

    rule: str
    text: str
    seen: tuple[tuple[str, str], ...]
    state: str


class Check(Struct, frozen=True):
    """Every trigger and every line under "look again", and the verdict that today's answers lead to, decided anew."""

    checked: tuple[CheckedTrigger, ...]
    revisits: tuple[CheckedRevisit, ...]
    before: str
    after: str
    decided_on: date
    today: date

    @property
    def quiet(self) -> bool:
        """Whether all that can be known still holds, and the verdict is the same.

        A line whose rule is no longer in the rulebook is not quiet: nobody can say that it still holds.
        """
        loud = (CROSSED, WITHOUT_RULE)
        states = (*(each.state for each in self.checked), *(each.state for each in self.revisits))
        return self.before == self.after and not any(state in loud for state in states)


def check_triggers(earlier: Earlier, today: Situation) -> Check:
    """Hold what an earlier decision said about deciding again against the answers of a later day."""
    run = decided(today)
    checked = tuple(_checked(trigger, run.facts) for trigger in earlier.triggers)
    facts = {**run.facts, **_since(earlier, run.facts, today.as_of)}
    rules = {rule.id: rule for rule in today.knowledge.rulebook.rules}
    specs = look_again_specs(today.knowledge.rulebook.specs)
    revisits = tuple(_revisit(name, text, rules.get(name), facts, specs) for name, text in earlier.revisits.items())
    return Check(checked, revisits, earlier.outcome, run.choice.outcome, earlier.as_of, today.as_of)


def _checked(trigger: RevisitTrigger, facts: Mapping[str, Fact]) -> CheckedTrigger:
    fact = facts.get(trigger.fact)
    value = fact.value if fact is not None else None
    if fact is None or value is None:
        return CheckedTrigger(trigger, "unknown", UNANSWERED)
    return CheckedTrigger(trigger, format_fact(fact), CROSSED if _crossed(trigger, value) else HOLDS)


def _crossed(trigger: RevisitTrigger, value: Value) -> bool:
    if trigger.sense == "is" or not isinstance(value, Decimal):
        return bool(value == trigger.value)
    threshold = Decimal(trigger.value)
    return value >= threshold if trigger.sense == "above" else value <= threshold


def _revisit(
    name: str, text: str, rule: Rule | None, facts: Mapping[str, Fact], specs: Mapping[str, FactSpec]
) -> CheckedRevisit:
    if rule is None or rule.look_again is None:
        return CheckedRevisit(name, text, (), WITHOUT_RULE)
    truth = evaluate(replace(rule, when=rule.look_again), facts, specs).truth
    seen = tuple((specs[fact].label, _value(facts.get(fact))) for fact in facts_read(rule.look_again))
    return CheckedRevisit(name, text, seen, {True: CROSSED, False: HOLDS, None: UNANSWERED}[truth])


def _value(fact: Fact | None) -> str:
    return "unknown" if fact is None or fact.value is None else format_fact(fact)


def _since(earlier: Earlier, facts: Mapping[str, Fact], today: date) -> dict[str, Fact]:
    """The facts that only a later day has: the time since the decision, and how far each number has moved."""
    found = {MONTHS: _fact(MONTHS, FactType.COUNT, Decimal(months_between(earlier.as_of, today)))}
    for name, before in earlier.numbers.items():
        now = facts[name].value if name in facts else None
        # From nothing, or from less than nothing, a change is no share of what it was.
        if isinstance(now, Decimal) and before > 0:
            found[CHANGE + name] = _fact(CHANGE + name, FactType.RATIO, now / before - 1)
    return found


def _fact(name: str, kind: FactType, value: Decimal) -> Fact:
    return Fact(name, kind, fixed(value, kind), Provenance(Origin.DERIVED))
