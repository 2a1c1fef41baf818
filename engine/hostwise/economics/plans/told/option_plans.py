"""The plans of an option in words: the best, the next ones, and how many were left for which reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from hostwise.economics.catalogue.candidates import Dropped
from hostwise.reading.translatable import fill, prose

NEXT = 5
"""Plans that are kept beside the best."""
REASONS = {
    "weights": prose("the weights do not fit"),
    "cache": prose("no room for a request beside the weights"),
    "context": prose("the model does not read requests so long"),
    "precision": prose("the GPU does not compute in that precision"),
    "heads": prose("the attention heads do not spread over so many GPUs"),
    "latency": prose("slower than the latency asked for"),
    "dominated": prose("a smaller replica of the same cards serves more for each of them"),
    "no-price": prose("no price is known"),
    "undercut": prose("another one costs less, and its model is of that class or above"),
    "beaten": prose("another card does more for less, whatever is asked of it"),
    "unlicensed": prose(
        "a consumer card, which its maker licenses for no data centre, or a machine for one person's desk: name it to "
        "have it compared"
    ),
    "unnamed": prose("the model in use is not known by its name, so nobody can say that another is of its class"),
}


class PlanLine(Struct, frozen=True):
    """One plan in words, and what it costs a month in the ledger's currency, all else in the option the same."""

    text: str
    monthly: Decimal


class LeftOut(Struct, frozen=True):
    """How many plans were left for a reason."""

    reason: str
    plans: int


class OptionPlans(Struct, frozen=True):
    """What an option was searched over. `best` is what its ledger counts, `others` the next ones.

    `front` are those that nothing beats in money and speed for one user, at an API in money and class of the model.
    `searched` counts all looked at.
    """

    option: str
    best: PlanLine
    others: tuple[PlanLine, ...]
    front: tuple[PlanLine, ...]
    left_out: tuple[LeftOut, ...]
    searched: int
    same_model: PlanLine | None = None
    """What the model that own GPUs would run costs here, where it is another one."""


def left_out(counts: Mapping[str, int], dropped: Sequence[Dropped]) -> tuple[LeftOut, ...]:
    """Plans by their reasons, and the models that were no candidates by theirs."""
    models = Counter(each.reason for each in dropped)
    return (
        *(LeftOut(REASONS[reason], counts[reason]) for reason in REASONS if counts.get(reason)),
        *(LeftOut(fill("no candidate: {why}", why=why), number) for why, number in models.items()),
    )
