"""Rows of several sources as one: an interval where they differ, and what moved too far is held back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from hostwise.economics.models.classes import AnyModel
from hostwise.economics.models.names import listed_name, listed_names
from hostwise.economics.prices.snapshot import HeldBack, Range, TokenRow
from hostwise.workbench.prices.sources import Limits, Row

Key = tuple[str, str]
"""Seller and model."""


def combined(read: Mapping[str, Iterable[Row]], models: Mapping[str, AnyModel]) -> tuple[TokenRow, ...]:
    """One row for each seller and model of the catalogue: from its lowest to its highest price in any source."""
    model_of = {name: key for key, model in models.items() for name in listed_names(key, model)}
    found: dict[Key, dict[str, Row]] = {}
    for source, rows in read.items():
        for row in rows:
            model = model_of.get(listed_name(row.listed))
            if model is not None:
                found.setdefault((row.seller, model), {}).setdefault(source, row)
    return tuple(_row(key, rows) for key, rows in sorted(found.items()))


def _row(key: Key, rows: Mapping[str, Row]) -> TokenRow:
    cached = [row.cached for row in rows.values() if row.cached is not None]
    return TokenRow(
        seller=key[0],
        model=key[1],
        listed=next(iter(rows.values())).listed,
        input=_ends([row.input for row in rows.values()]),
        output=_ends([row.output for row in rows.values()]),
        cached=_ends(cached) if cached else None,
        seen={source: (row.input, row.output) for source, row in rows.items()},
    )


def _ends(prices: list[Decimal]) -> Range:
    return min(prices), max(prices)


def differing(rows: Iterable[TokenRow], limits: Limits) -> list[TokenRow]:
    """Rows of which the sources say different things."""
    return [row for row in rows if any(high - low > limits.same_within for low, high in (row.input, row.output))]


def held_back(
    rows: Iterable[TokenRow], before: Mapping[Key, Range], limits: Limits, confirmed: Iterable[str]
) -> tuple[tuple[TokenRow, ...], tuple[HeldBack, ...]]:
    """The rows to take, and those that moved too far from what was known before, unless `SELLER/MODEL` is confirmed."""
    taken: list[TokenRow] = []
    held: list[HeldBack] = []
    allowed = set(confirmed)
    for row in rows:
        earlier = before.get((row.seller, row.model))
        if earlier is None or f"{row.seller}/{row.model}" in allowed or not _leaps(row, earlier, limits):
            taken.append(row)
        else:
            held.append(HeldBack(row=row, before=earlier))
    return tuple(taken), tuple(held)


def _leaps(row: TokenRow, earlier: Range, limits: Limits) -> bool:
    """Whether input or output moved by the factor that is too much, up or down, at either end."""
    pairs = [(end, was) for ends, was in ((row.input, earlier[0]), (row.output, earlier[1])) for end in ends]
    return any(max(end / was, was / end) >= limits.largest_change for end, was in pairs if end > 0 and was > 0)
