"""Whether today's answers have crossed a trigger of a decision taken earlier."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from hostwise.answers.facts import Fact, Value
from hostwise.answers.to_facts import answer_facts
from hostwise.decision.compare import Situation, outcome
from hostwise.rulebook.wording import shown

CROSSED, HOLDS, UNANSWERED = "crossed", "holds", "not answered"


class Checked(Struct, frozen=True):
    """One trigger of the record against today's answer, as people read it."""

    trigger: Mapping[str, Any]
    today: str
    state: str


class Check(Struct, frozen=True):
    """Every trigger, and the verdict that today's answers lead to, decided anew."""

    checked: tuple[Checked, ...]
    before: str
    after: str

    @property
    def quiet(self) -> bool:
        """Whether nothing was crossed, and the verdict is still the same."""
        return self.before == self.after and all(each.state != CROSSED for each in self.checked)


def check_triggers(record: Mapping[str, Any], today: Situation) -> Check:
    """Hold the triggers of a record against the answers of today."""
    facts = answer_facts(today.answers, today.knowledge.questionnaire)
    verdict = record["verdict"]
    checked = tuple(_checked(trigger, facts) for trigger in verdict["triggers"])
    return Check(checked, verdict["option"] or verdict["status"], outcome(today).verdict)


def _checked(trigger: Mapping[str, Any], facts: Mapping[str, Fact]) -> Checked:
    fact = facts.get(trigger["fact"])
    value = fact.value if fact is not None else None
    if fact is None or value is None:
        return Checked(trigger, "unknown", UNANSWERED)
    return Checked(trigger, shown(fact), CROSSED if _crossed(trigger, value) else HOLDS)


def _crossed(trigger: Mapping[str, Any], value: Value) -> bool:
    if trigger["sense"] == "is" or not isinstance(value, Decimal):
        return bool(value == trigger["value"])
    threshold = Decimal(trigger["value"])
    return value >= threshold if trigger["sense"] == "above" else value <= threshold
