"""The quality gap that futures are drawn from, as long as no evaluation has settled it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from hostwise.answers.facts import Fact
from hostwise.economics.catalogue.catalogue import Catalogue, find_named
from hostwise.economics.catalogue.gap_priors import GapPrior, Normal

SETTLED = ("within", "judgement", "too-large")
"""Findings of `rules/flow` that leave nothing to draw: the whole interval is on one side."""
Z = 1.959964


def open_gap(facts: Mapping[str, Fact], catalogue: Catalogue) -> GapPrior | None:
    """What the gap could be, by the facts of a run; None where it is settled."""
    if _word("quality_status", facts) in SETTLED:
        return None
    priors = catalogue.gap_priors
    factors = [priors.host, *_tuned(facts, catalogue)]
    precision = priors.precisions.get(_word("own_precision", facts) or "")
    prior = priors.prior(
        _word("task", facts), classes_below(facts, catalogue), [*factors, *([precision] if precision else [])]
    )
    low, high = (_number(name, facts) for name in ("quality_gap_low", "quality_gap_high"))
    if low is None or high is None:
        return prior
    return prior.after((low + high) / 2, max((high - low) / 2 / Z, 0.001))


def _tuned(facts: Mapping[str, Fact], catalogue: Catalogue) -> list[Normal]:
    tuned = _word("fine_tuning", facts) in ("own-weights", "data-cannot-leave", "provider-service")
    return [catalogue.gap_priors.tuned] if tuned else []


def classes_below(facts: Mapping[str, Fact], catalogue: Catalogue) -> int:
    """How many classes the open model stands below the API in use; 0 where either is not known."""
    api = _class(_word("current_model", facts), catalogue)
    api = api or catalogue.gap_priors.class_of_tier.get(_word("replaced_tier", facts) or "", "")
    named = _word("own_model", facts) or _word("open_model", facts) or catalogue.default_open_model.model
    open_ = _class(named, catalogue)
    ranks = catalogue.classes.rank
    return ranks(api) - ranks(open_) if api and open_ else 0


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
