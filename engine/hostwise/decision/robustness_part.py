"""How sure the decision is, what would change it and what to find out first, as the record keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from hostwise.answers.facts import Fact, FactType, Value
from hostwise.answers.questions import Question
from hostwise.answers.to_facts import answer_facts
from hostwise.decision.canonical import Json, plain
from hostwise.decision.compare import Situation
from hostwise.decision.design import DIMENSIONS, POINTS, SEED, drawn
from hostwise.decision.flips import Flip, Pair, nearest_flips, nearest_pairs
from hostwise.decision.flow import Basis, Course, run_flow
from hostwise.decision.indices import sobol_indices
from hostwise.decision.next_question import doubt
from hostwise.decision.robustness import Robustness, Sampled, Setting, Swing, sampled, tornado
from hostwise.decision.robustness import robustness as robust_over
from hostwise.decision.triggers import Trigger, triggers
from hostwise.decision.uncertain import Uncertain
from hostwise.decision.wording import label_of, load_wording, say
from hostwise.inference.run import Engine
from hostwise.reading.diagnostics import Diagnostic, InputError, Place
from hostwise.rulebook.wording import shown_value

if TYPE_CHECKING:
    from hostwise.decision.basis import Knowledge

SOBOL_POINTS = 256
"""Points of the Sobol indices, each decided once more for each thing that is weighed."""
ROWS = 15
"""Rows of the tornado that are kept: those that flip the verdict, and the widest."""


def robustness_part(firm: Robustness, found: Sampled, course: Course, knowledge: Knowledge) -> Json:
    """Shares, cost bands, and the questions worth asking, over the sampled futures. The tornado is left empty."""
    open_ = doubt(found, course.choice.option or course.choice.status.value)
    labels = _labels(knowledge)
    return {
        "seed": firm.seed,
        "futures": firm.futures,
        "option": firm.option,
        "rival": firm.rival,
        "wrong": plain(open_.wrong),
        "regret": plain(open_.regret),
        "shares": [{**plain(share), "label": labels(share.verdict)} for share in firm.shares],
        "costs": [{**plain(band), "label": labels(band.option)} for band in firm.costs],
        "uncertain": [_uncertain(each) for each in firm.uncertain],
        "tornado": [],
        "questions": [
            {
                "key": worth.question.key,
                "label": worth.question.label,
                "question": worth.question.help,
                "ask_of": knowledge.questionnaire.ask_of(worth.question),
                "wrong": plain(worth.wrong),
                "regret": plain(worth.regret),
            }
            for worth in open_.questions
        ],
    }


def tornado_part(
    firm: Robustness, course: Course, given: Mapping[str, Fact], basis: Basis, knowledge: Knowledge
) -> list[Json]:
    """One thing moved at a time, the widest first."""
    labels = _labels(knowledge)
    return [_swing(swing, labels) for swing in _widest(tornado(firm, course, given, basis))]


def robustness_of(situation: Situation, samples: int, seed: int | None, *, sobol: bool = False) -> Json:
    """The same for other futures than those shipped, with Sobol indices where they are wanted.

    Raises `InputError` where that needs scipy, and it is not installed.
    """
    knowledge = situation.knowledge
    given = answer_facts(situation.answers, knowledge.questionnaire)
    basis = Basis(knowledge.rulebook, knowledge.catalogue, situation.as_of, Engine.BOTH)
    course = run_flow(given, basis)
    own = samples == POINTS and seed is None
    try:
        design = None if own else drawn(samples, DIMENSIONS, SEED if seed is None else seed)
        found = sampled(course, given, basis, knowledge.questionnaire, design, SEED if seed is None else seed)
        firm = robust_over(found, course, basis)
        part = robustness_part(firm, found, course, knowledge)
        part["tornado"] = tornado_part(firm, course, given, basis, knowledge)
        if sobol and part["option"] is not None:
            names = [row["name"] for row in part["tornado"]]
            weighed = sorted(
                (each for each in found.uncertain if each.name in names), key=lambda each: names.index(each.name)
            )
            indices = sobol_indices(weighed, given, basis, part["option"], part["rival"], SOBOL_POINTS, found.seed)
            part["sobol"] = [
                {"name": i.uncertain.name, "label": i.uncertain.label, **plain({"first": i.first, "total": i.total})}
                for i in indices
            ]
    except ImportError:
        message = "other futures and Sobol indices need scipy, which is not installed: pip install 'hostwise[sample]'"
        raise InputError([Diagnostic(Place("robustness"), "no-scipy", message)]) from None
    return part | {"currency": _currency(given)}


def _currency(given: Mapping[str, Fact]) -> str:
    value = given["currency"].value
    return value if isinstance(value, str) else "USD"


def counterfactuals_part(
    given: Mapping[str, Fact], basis: Basis, knowledge: Knowledge
) -> tuple[list[Json], list[Json]]:
    """The nearest change of each answer that leads elsewhere, pairs where none does, and the triggers among them."""
    questionnaire, labels = knowledge.questionnaire, _labels(knowledge)
    flips = nearest_flips(given, basis, questionnaire)
    pairs: Sequence[Pair] = () if flips else nearest_pairs(given, basis, questionnaire)
    said = _Said(given)
    singles = [_counterfactual((flip,), labels, said) for flip in flips]
    doubles = [_counterfactual((pair.first, pair.second), labels, said) for pair in pairs]
    wording = load_wording(knowledge.root)
    ahead = [_trigger(t, labels, said, wording) for t in triggers(flips, given, basis.as_of)]
    return [*singles, *doubles], ahead


class _Labels:
    """The label of an option or an outcome."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._options = knowledge.catalogue.options
        self._wording = load_wording(knowledge.root)

    def __call__(self, outcome: str) -> str:
        return label_of(outcome, self._options, self._wording)


class _Said:
    """A value of an answer as people read it, money in the currency of that answer."""

    def __init__(self, given: Mapping[str, Fact]) -> None:
        self._given = given

    def __call__(self, value: Value, question: Question) -> str:
        unit = self._given[question.fact].unit or question.unit
        return shown_value(value, FactType(question.type), unit)


def _labels(knowledge: Knowledge) -> _Labels:
    return _Labels(knowledge)


def _uncertain(each: Uncertain) -> Json:
    found = plain(each)
    del found["question"]
    return {
        **found,
        "key": each.question.key if each.question else None,
        "words": {_word(word): plain(weight) for word, weight in each.words.items()},
        "follows": list(map(plain, each.follows)) if each.follows else None,
    }


def _widest(tornado: Sequence[Swing]) -> list[Swing]:
    ranked = sorted(tornado, key=lambda swing: (not swing.flips, -swing.swing, swing.uncertain.name))[:ROWS]
    return sorted(ranked, key=lambda swing: (-swing.swing, swing.uncertain.name))


def _swing(swing: Swing, labels: _Labels) -> Json:
    each = swing.uncertain
    return {
        "name": each.name,
        "key": each.question.key if each.question else None,
        "label": each.label,
        "why": each.why,
        "swing": plain(swing.swing),
        "flips": swing.flips,
        "settings": [_setting(setting, each, labels) for setting in swing.settings],
    }


def _setting(setting: Setting, each: Uncertain, labels: _Labels) -> Json:
    return {
        "value": plain(setting.value),
        "shown": _shown(setting.value, each),
        "verdict": setting.verdict,
        "label": labels(setting.verdict),
        "cost": plain(setting.cost),
        "lead": plain(setting.lead),
    }


def _shown(value: Value, each: Uncertain) -> str:
    if each.question is not None:
        return shown_value(value, FactType(each.question.type), each.unit)
    if not isinstance(value, Decimal):
        return _word(value)
    kind = FactType.RATIO if each.unit.startswith("share") else FactType.QUANTITY
    return shown_value(value, kind, "" if kind is FactType.RATIO else each.unit)


def _counterfactual(flips: Sequence[Flip], labels: _Labels, said: _Said) -> Json:
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
        "label": labels(flips[0].verdict),
        "rule": flips[0].rule,
    }


def _trigger(trigger: Trigger, labels: _Labels, said: _Said, wording: Mapping[str, str]) -> Json:
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
        "verdict_label": labels(trigger.verdict),
        "rule": trigger.rule,
        "sentence": say(
            wording,
            f"trigger.{trigger.sense}",
            label=question.label,
            value=said(trigger.value, question),
            verdict=labels(trigger.verdict),
        ),
    }


def _word(word: Value) -> str:
    return "yes" if word is True else "no" if word is False else str(word)
