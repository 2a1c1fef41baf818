"""Facts as engines take them that read JSON (ZEN, JSON Logic)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hostwise.answers.facts import Fact


def nested(facts: Mapping[str, Fact]) -> dict[str, Any]:
    """Dotted names as objects, numbers as numbers, unknown facts left out."""
    found: dict[str, Any] = {}
    for name, fact in facts.items():
        if fact.value is None:
            continue
        *path, last = name.split(".")
        inner = found
        for part in path:
            inner = inner.setdefault(part, {})
        inner[last] = number(fact.value) if isinstance(fact.value, Decimal) else fact.value
    return found


def number(value: Decimal) -> int | float:
    """A whole number as one, any other as a float."""
    return int(value) if value == value.to_integral_value() else float(value)
