"""One thing at a time goes from its tenth to its ninetieth percentile, the rest as it is: the tornado."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import numpy as np
from msgspec import Struct

from hostwise.analysis.futures.robustness import HIGH, LOW, Robustness, cents
from hostwise.analysis.futures.sampling import number
from hostwise.analysis.futures.uncertain import Uncertain
from hostwise.answers.facts import Fact, Value
from hostwise.batch.cases import changed
from hostwise.batch.decide import decide_settled
from hostwise.batch.outcomes import Outcomes
from hostwise.flow.flow import Basis, FlowRun


class Setting(Struct, frozen=True):
    """One thing at one value, the rest as it is: the verdict, and the cost of the option that the decision is about."""

    value: Value
    verdict: str
    cost: Decimal | None
    lead: Decimal | None
    """What the next cheapest option that is left costs more than it; negative where it is the dearer one."""


class Swing(Struct, frozen=True):
    """One row of the tornado. `swing` is how far the lead moves between its settings, in money a month."""

    uncertain: Uncertain
    settings: tuple[Setting, ...]
    swing: Decimal
    flips: bool


def tornado(firm: Robustness, run: FlowRun, answers: Mapping[str, Fact], basis: Basis) -> tuple[Swing, ...]:
    """One thing at a time at its ends, the rest as it is: every row in which something moves."""
    return tuple(_tornado(firm, run, answers, basis))


def _tornado(firm: Robustness, run: FlowRun, answers: Mapping[str, Fact], basis: Basis) -> Iterator[Swing]:
    moves = [(each, value) for each in firm.uncertain for value in _ends(each)]
    figures = {e.name: e.base for e in firm.uncertain if e.question is None and isinstance(e.base, Decimal)}
    changes = [dict.fromkeys((each.name, *each.also), value) for each, value in moves]
    outcomes = decide_settled(changed(answers, [*changes, {}], figures), basis)
    same = {run.choice.outcome, outcomes.of(len(changes))[0]}  # itself a close call, perhaps
    rows: dict[str, list[Setting]] = {}
    for case, (each, value) in enumerate(moves):
        rows.setdefault(each.name, []).append(_setting(value, case, outcomes, firm.option, firm.rival))
    for each in firm.uncertain:
        settings = tuple(rows[each.name])
        money = [s.lead if s.lead is not None else s.cost for s in settings]
        known = [amount for amount in money if amount is not None]
        swing = max(known) - min(known) if len(known) == len(money) else Decimal(0)
        flips = any(s.verdict not in same for s in settings)
        if flips or swing:
            yield Swing(each, settings, swing, flips)


def _ends(each: Uncertain) -> tuple[Value, ...]:
    if each.words:
        return tuple(each.words)
    return tuple(Decimal(repr(float(value))) for value in number(each, np.array([LOW, HIGH])))


def _setting(value: Value, case: int, outcomes: Outcomes, option: str | None, rival: str | None) -> Setting:
    cost, other = (_cost(outcomes, case, name) for name in (option, rival))
    lead = other - cost if cost is not None and other is not None else None
    return Setting(value, outcomes.of(case)[0], cost, lead)


def _cost(outcomes: Outcomes, case: int, option: str | None) -> Decimal | None:
    value = outcomes.costs[case, outcomes.options.index(option)] if option else np.nan
    return None if np.isnan(value) else cents(float(value))
