"""How sure a decision is, in sentences: costs that overlap, thresholds near by, ranges that matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any


def how_sure(record: Mapping[str, Any]) -> Iterator[str]:
    """One sentence for each thing that could tip the verdict; none when nothing near by does."""
    labels = {ledger["option"]: ledger["label"] for ledger in record["ledgers"]}
    labels |= {"undecided": "undecided", "infeasible": "no feasible option"}
    facts = {fact["name"]: fact for fact in record["facts"]}
    robustness = record["robustness"]
    if robustness["cost_overlap"]:
        names = ", ".join(labels[option] for option in robustness["cost_overlap"])
        yield f"The cost band overlaps that of: {names}."
    chosen = record["verdict"]["option"] or record["verdict"]["status"]
    for near in robustness["near_thresholds"]:
        if near["verdict_other_side"] != chosen:
            share = abs(Decimal(near["distance"])) * 100
            other = labels[near["verdict_other_side"]]
            yield f"{_capital(facts[near['fact']]['label'])} is within {share:.0f}% of a threshold; beyond it: {other}."
    for ranged in robustness["one_at_a_time"]:
        low, high = ranged["low"]["verdict"], ranged["high"]["verdict"]
        if {low, high} != {chosen}:
            label = _capital(facts[ranged["fact"]]["label"])
            yield f"{label} was given as a range: {labels[low]} at its low end, {labels[high]} at its high end."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
