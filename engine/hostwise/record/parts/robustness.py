"""How sure the decision is and what to find out first, as the record keeps them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from hostwise.analysis.futures.robustness import CostBand, Robustness, Share
from hostwise.analysis.futures.tornado import Setting, Swing
from hostwise.analysis.futures.uncertain import Uncertain
from hostwise.analysis.futures.worth_asking import Doubt, Worth
from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import FactType, Value
from hostwise.answers.questions.questions import Questionnaire
from hostwise.flow.labels import labels
from hostwise.reading.json_values import plain
from hostwise.reading.numbers.number_format import kind_of
from hostwise.record.format.robustness import (
    CostPercentiles,
    DecidedFutures,
    SavedAgainst,
    SwingRow,
    SwingSetting,
    UncertainThing,
    VerdictShare,
    WorthAsking,
)

if TYPE_CHECKING:
    from hostwise.flow.knowledge import Knowledge

Named = Callable[[str], str]
"""What gives an option or an outcome its label."""
ROWS = 15
"""Rows of the tornado that are kept: those that flip the verdict, and the widest."""


def futures_part(firm: Robustness, doubt: Doubt, swings: Sequence[Swing], knowledge: Knowledge) -> DecidedFutures:
    """Shares, cost bands, the tornado, and the questions worth asking, over the sampled futures."""
    named = labels(knowledge)
    return DecidedFutures(
        seed=firm.seed,
        futures=firm.futures,
        priors_as_of=firm.priors_as_of,
        option=firm.option,
        rival=firm.rival,
        api_stays=firm.api_stays,
        wrong=doubt.wrong,
        regret=doubt.regret,
        shares=tuple(_share(share, named) for share in firm.shares),
        costs=tuple(_costs(band, named) for band in firm.costs),
        savings=tuple(SavedAgainst(each.against, each.low, each.high) for each in firm.savings),
        uncertain=tuple(map(_uncertain, firm.uncertain)),
        tornado=tuple(_row(swing, named) for swing in swings),
        questions=tuple(_question(worth, knowledge.questionnaire) for worth in doubt.questions),
    )


def widest(tornado: Sequence[Swing]) -> tuple[Swing, ...]:
    """The rows that are kept, the widest first."""
    ranked = sorted(tornado, key=lambda swing: (not swing.flips, -swing.swing, swing.uncertain.name))[:ROWS]
    return tuple(sorted(ranked, key=lambda swing: (-swing.swing, swing.uncertain.name)))


def _share(share: Share, named: Named) -> VerdictShare:
    return VerdictShare(share.verdict, share.count, share.share, share.error, named(share.verdict))


def _costs(band: CostBand, named: Named) -> CostPercentiles:
    return CostPercentiles(band.option, band.priced, band.p10, band.p50, band.p90, named(band.option))


def _question(worth: Worth, questionnaire: Questionnaire) -> WorthAsking:
    asked = worth.question
    ask_of = questionnaire.ask_of(asked)
    return WorthAsking(asked.key, asked.label, asked.help, ask_of, worth.wrong, worth.regret)


def _uncertain(each: Uncertain) -> UncertainThing:
    return UncertainThing(
        name=each.name,
        label=each.label,
        why=each.why,
        shape=each.shape,
        unit=each.unit,
        source=each.source,
        base=plain(each.base),
        low=each.low,
        likely=each.likely,
        high=each.high,
        words={_word(word): weight for word, weight in each.words.items()},
        follows=each.follows,
        key=each.question.key if each.question else None,
    )


def _row(swing: Swing, named: Named) -> SwingRow:
    each = swing.uncertain
    key = each.question.key if each.question else None
    settings = tuple(_setting(setting, each, named) for setting in swing.settings)
    return SwingRow(each.name, key, each.label, each.why, swing.swing, swing.flips, settings)


def _setting(setting: Setting, each: Uncertain, named: Named) -> SwingSetting:
    label, shown = named(setting.verdict), _shown(setting.value, each)
    return SwingSetting(plain(setting.value), shown, setting.verdict, label, setting.cost, setting.lead)


def _shown(value: Value, each: Uncertain) -> str:
    if each.question is not None:
        return format_value(value, FactType(each.question.type), each.unit)
    if not isinstance(value, Decimal):
        return _word(value)
    return format_value(value, kind_of(each.unit), each.unit)


def _word(word: Value) -> str:
    return "yes" if word is True else "no" if word is False else str(word)
