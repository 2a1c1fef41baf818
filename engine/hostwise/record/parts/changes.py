"""What would change the decision, as the record keeps it: counterfactuals, and the triggers among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from hostwise.analysis.changes.changed_answers import Flip
from hostwise.analysis.changes.pairs import Pair
from hostwise.analysis.changes.triggers import ABOVE, BELOW, IS, RevisitTrigger, Trigger, triggers
from hostwise.answers.fact_text import format_bound, format_value
from hostwise.answers.facts import Fact, FactType
from hostwise.answers.questions.questions import Question
from hostwise.flow.labels import labels, load_wording, say
from hostwise.reading.json_values import plain
from hostwise.record.format.robustness import AnswerChange, Counterfactual
from hostwise.record.parts.robustness import Named

if TYPE_CHECKING:
    from hostwise.flow.knowledge import Knowledge


def counterfactuals_part(
    flips: Sequence[Flip], pairs: Sequence[Pair], given: Mapping[str, Fact], knowledge: Knowledge
) -> tuple[Counterfactual, ...]:
    """The nearest change of each answer that leads elsewhere; the pairs of them that do."""
    named = labels(knowledge)
    alike = [*((flip,) for flip in flips), *((pair.first, pair.second) for pair in pairs)]
    return tuple(_counterfactual(changes, named, given) for changes in alike)


def triggers_part(
    flips: Sequence[Flip], given: Mapping[str, Fact], as_of: date, knowledge: Knowledge
) -> Iterator[RevisitTrigger]:
    """The triggers among the flips, in words."""
    named, wording = labels(knowledge), load_wording(knowledge.root)
    return (_trigger(trigger, named, given, wording) for trigger in triggers(flips, given, as_of))


def _unit(question: Question, given: Mapping[str, Fact]) -> str:
    """Money is in the currency of the answer."""
    return given[question.fact].unit or question.unit


def _counterfactual(flips: Sequence[Flip], named: Named, given: Mapping[str, Fact]) -> Counterfactual:
    changes = tuple(_change(flip, given) for flip in flips)
    return Counterfactual(changes, flips[0].verdict, named(flips[0].verdict), flips[0].rule)


def _change(flip: Flip, given: Mapping[str, Fact]) -> AnswerChange:
    question = flip.question
    kind, unit = FactType(question.type), _unit(question, given)
    return AnswerChange(
        key=question.key,
        fact=question.fact,
        label=question.label,
        now=plain(flip.now),
        now_shown=None if flip.now is None else format_value(flip.now, kind, unit),
        changed=plain(flip.changed),
        changed_shown=format_bound(flip.changed, kind, unit),
        distance=flip.distance,
        in_points=question.in_points,
        close_from=flip.close_from,
        close_shown=None if flip.close_from is None else format_bound(flip.close_from, kind, unit),
    )


def _side(trigger: Trigger, shown: str, now_shown: str | None) -> str:
    """At the number printed the verdict is another one; where today's reads the same, anything beyond it changes it."""
    return trigger.sense if shown == now_shown else {ABOVE: "at_least", BELOW: "at_most"}.get(trigger.sense, IS)


def _sentence(trigger: Trigger, shown: str, side: str, verdict: str, unit: str, wording: Mapping[str, str]) -> str:
    question = trigger.question
    words = {"label": question.label, "value": shown, "verdict": verdict}
    if trigger.close_from is None:
        return say(wording, f"trigger.{side}", **words)
    close = format_bound(trigger.close_from, FactType(question.type), unit)
    return say(wording, f"trigger.{side}_close", close=close, **words)


def _trigger(trigger: Trigger, named: Named, given: Mapping[str, Fact], wording: Mapping[str, str]) -> RevisitTrigger:
    question, verdict = trigger.question, named(trigger.verdict)
    kind, unit = FactType(question.type), _unit(question, given)
    shown = format_bound(trigger.value, kind, unit)
    now_shown = None if trigger.now is None else format_value(trigger.now, kind, unit)
    return RevisitTrigger(
        key=question.key,
        fact=question.fact,
        label=question.label,
        sense=trigger.sense,
        value=plain(trigger.value),
        shown=shown,
        now=plain(trigger.now),
        now_shown=now_shown,
        distance=trigger.distance,
        in_points=question.in_points,
        months=trigger.months,
        reached=trigger.reached,
        verdict=trigger.verdict,
        verdict_label=verdict,
        rule=trigger.rule,
        close_from=trigger.close_from,
        sentence=_sentence(trigger, shown, _side(trigger, shown, now_shown), verdict, unit, wording),
    )
