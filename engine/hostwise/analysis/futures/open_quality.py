"""The quality gap that futures are drawn from, as long as no evaluation has settled it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from hostwise.answers.facts import Fact
from hostwise.economics.catalogue.catalogue import Catalogue, find_named
from hostwise.economics.catalogue.gap_priors import GapPrior, Normal
from hostwise.economics.costing import Costing
from hostwise.economics.plans.competing.class_wanted import NEEDED, TUNED
from hostwise.economics.prices.price import TokenPrice

SETTLED = ("within", "judgement", "too-large")
"""Findings of `rules/flow` that leave nothing to draw: the whole interval is on one side."""
Z = 1.959964


def open_gap(facts: Mapping[str, Fact], catalogue: Catalogue, costing: Costing) -> GapPrior | None:
    """What the gap could be, by the facts and plans of a run; None where it is settled, or the model is that in use."""
    same = facts.get("same_model")
    if _word("quality_status", facts) in SETTLED or (same is not None and same.value is True):
        return None
    priors = catalogue.gap_priors
    factors = [priors.host, *_tuned(facts, catalogue)]
    precision = priors.precisions.get(_word("own_precision", facts) or "")
    prior = priors.prior(
        _word("task", facts), classes_below(facts, catalogue, costing), [*factors, *([precision] if precision else [])]
    )
    return _after(prior, *(_number(name, facts) for name in ("quality_gap_low", "quality_gap_high")))


def _after(prior: GapPrior, low: float | None, high: float | None) -> GapPrior:
    """The prior after an evaluation whose 95% interval has these ends; itself where there was none."""
    if low is None or high is None:
        return prior
    return prior.after((low + high) / 2, max((high - low) / 2 / Z, 0.001))


def api_gap(facts: Mapping[str, Fact], catalogue: Catalogue) -> GapPrior | None:
    """What the gap of another proprietary model could be; None where none is moved to.

    It is run by its maker, as the one in use is, and tuned for nothing: only task and class count. Its class is that of
    the one in use or above, unless the work is said to need a lower one. None too where it was scored, and is near
    enough.
    """
    moves = facts.get("api_model_moves")
    if moves is None or moves.value is not True:
        return None
    low, high = (_number(name, facts) for name in ("api_gap_low", "api_gap_high"))
    worse = catalogue.figures["gap_worse"].likely
    if high is not None and high < worse:
        return None  # scored, and settled
    if low is not None and low >= worse:
        low = high = None  # what was scored fell short: it is another one that is moved to
    in_use, needed = _class(_word("current_model", facts), catalogue), _word(NEEDED, facts)
    below = catalogue.classes.rank(in_use) - catalogue.classes.rank(needed) if in_use and needed else 0
    prior = catalogue.gap_priors.prior(_word("task", facts), max(below, 0), [])
    return _after(prior, low, high)


def _tuned(facts: Mapping[str, Fact], catalogue: Catalogue) -> list[Normal]:
    tuned = _word("fine_tuning", facts) in TUNED
    return [catalogue.gap_priors.tuned] if tuned else []


def classes_below(facts: Mapping[str, Fact], catalogue: Catalogue, costing: Costing) -> int:
    """How many classes the open model stands below the API in use, the lowest of several; 0 if either is unknown."""
    api = _class(_word("current_model", facts), catalogue)
    api = api or catalogue.gap_priors.class_of_tier.get(_word("replaced_tier", facts) or "", "")
    named = _word("own_model", facts) or _word("open_model", facts)
    models = [named] if named else [*_planned(catalogue, costing)]
    ranks = catalogue.classes.rank
    classes = [found for found in (_class(name, catalogue) for name in models) if found]
    return max((ranks(api) - ranks(each) for each in classes), default=0) if api else 0


def _planned(catalogue: Catalogue, costing: Costing) -> Iterator[str]:
    """The open models of the plans that options compete with."""
    for option, ledger in costing.ledgers.items():
        price = costing.prices.get(option)
        if catalogue.options[option].weights == "open" and isinstance(price, TokenPrice) and price.model:
            yield price.model
        if catalogue.options[option].family == "own" and ledger.capacity:
            yield ledger.capacity["model"]


def _class(name: str | None, catalogue: Catalogue) -> str:
    for entries in (catalogue.api_models, catalogue.models):
        found = find_named(name, entries) if name else None
        if found and entries[found].size_class in catalogue.classes.classes:
            return str(entries[found].size_class)
    return ""


def _word(name: str, facts: Mapping[str, Fact]) -> str | None:
    fact = facts.get(name)
    return fact.value if fact is not None and isinstance(fact.value, str) else None


def _number(name: str, facts: Mapping[str, Fact]) -> float | None:
    fact = facts.get(name)
    return float(fact.value) if fact is not None and isinstance(fact.value, Decimal) else None
