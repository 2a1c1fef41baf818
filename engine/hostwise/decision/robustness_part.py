"""How sure the decision is and what to find out first, as the record keeps them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from hostwise.answers.facts import Fact, FactType, Value
from hostwise.decision.canonical import Json, plain
from hostwise.decision.flow import Basis, Course
from hostwise.decision.next_question import doubt
from hostwise.decision.robustness import Robustness, Sampled, Setting, Swing, tornado
from hostwise.decision.uncertain import Uncertain
from hostwise.decision.wording import labels
from hostwise.rulebook.wording import shown_value

if TYPE_CHECKING:
    from hostwise.decision.basis import Knowledge

Named = Callable[[str], str]
"""What gives an option or an outcome its label."""
ROWS = 15
"""Rows of the tornado that are kept: those that flip the verdict, and the widest."""


def robustness_part(firm: Robustness, found: Sampled, course: Course, knowledge: Knowledge) -> Json:
    """Shares, cost bands, and the questions worth asking, over the sampled futures. The tornado is left empty."""
    open_ = doubt(found, course.choice.option or course.choice.status.value)
    named = labels(knowledge)
    return {
        "seed": firm.seed,
        "futures": firm.futures,
        "option": firm.option,
        "rival": firm.rival,
        "wrong": plain(open_.wrong),
        "regret": plain(open_.regret),
        "shares": [{**plain(share), "label": named(share.verdict)} for share in firm.shares],
        "costs": [{**plain(band), "label": named(band.option)} for band in firm.costs],
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
    named = labels(knowledge)
    return [_swing(swing, named) for swing in _widest(tornado(firm, course, given, basis))]


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


def _swing(swing: Swing, named: Named) -> Json:
    each = swing.uncertain
    return {
        "name": each.name,
        "key": each.question.key if each.question else None,
        "label": each.label,
        "why": each.why,
        "swing": plain(swing.swing),
        "flips": swing.flips,
        "settings": [_setting(setting, each, named) for setting in swing.settings],
    }


def _setting(setting: Setting, each: Uncertain, named: Named) -> Json:
    return {
        "value": plain(setting.value),
        "shown": _shown(setting.value, each),
        "verdict": setting.verdict,
        "label": named(setting.verdict),
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


def _word(word: Value) -> str:
    return "yes" if word is True else "no" if word is False else str(word)
