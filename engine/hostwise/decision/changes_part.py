"""What would change the decision, as the record keeps it: counterfactuals, and the triggers among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hostwise.answers.facts import Fact, FactType, Value
from hostwise.answers.questions import Question
from hostwise.decision.canonical import Json, plain
from hostwise.decision.flips import Flip, Pair, nearest_flips, nearest_pairs
from hostwise.decision.flow import Basis
from hostwise.decision.robustness_part import Named
from hostwise.decision.triggers import Trigger, triggers
from hostwise.decision.wording import labels, load_wording, say
from hostwise.rulebook.wording import shown_value

if TYPE_CHECKING:
    from hostwise.decision.basis import Knowledge


def counterfactuals_part(
    given: Mapping[str, Fact], basis: Basis, knowledge: Knowledge
) -> tuple[list[Json], list[Json]]:
    """The nearest change of each answer that leads elsewhere, pairs where none does, and the triggers among them."""
    questionnaire, named = knowledge.questionnaire, labels(knowledge)
    flips = nearest_flips(given, basis, questionnaire)
    pairs: Sequence[Pair] = () if flips else nearest_pairs(given, basis, questionnaire)
    said = _Said(given)
    singles = [_counterfactual((flip,), named, said) for flip in flips]
    doubles = [_counterfactual((pair.first, pair.second), named, said) for pair in pairs]
    wording = load_wording(knowledge.root)
    ahead = [_trigger(t, named, said, wording) for t in triggers(flips, given, basis.as_of)]
    return [*singles, *doubles], ahead


class _Said:
    """A value of an answer as people read it, money in the currency of that answer."""

    def __init__(self, given: Mapping[str, Fact]) -> None:
        self._given = given

    def __call__(self, value: Value, question: Question) -> str:
        unit = self._given[question.fact].unit or question.unit
        return shown_value(value, FactType(question.type), unit)


def _counterfactual(flips: Sequence[Flip], named: Named, said: _Said) -> Json:
    return {
        "changes": [
            {
                "key": flip.question.key,
                "fact": flip.question.fact,
                "label": flip.question.label,
                "now": plain(flip.now),
                "now_shown": None if flip.now is None else said(flip.now, flip.question),
                "changed": plain(flip.changed),
                "changed_shown": said(flip.changed, flip.question),
                "distance": plain(flip.distance),
            }
            for flip in flips
        ],
        "verdict": flips[0].verdict,
        "label": named(flips[0].verdict),
        "rule": flips[0].rule,
    }


def _trigger(trigger: Trigger, named: Named, said: _Said, wording: Mapping[str, str]) -> Json:
    question = trigger.question
    return {
        "key": question.key,
        "fact": question.fact,
        "label": question.label,
        "sense": trigger.sense,
        "value": plain(trigger.value),
        "shown": said(trigger.value, question),
        "now": plain(trigger.now),
        "now_shown": None if trigger.now is None else said(trigger.now, question),
        "distance": plain(trigger.distance),
        "months": trigger.months,
        "reached": trigger.reached,
        "verdict": trigger.verdict,
        "verdict_label": named(trigger.verdict),
        "rule": trigger.rule,
        "sentence": say(
            wording,
            f"trigger.{trigger.sense}",
            label=question.label,
            value=said(trigger.value, question),
            verdict=named(trigger.verdict),
        ),
    }
