"""The kinds of value that a questionnaire and a rule may hold, and the precision of each number."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context
from enum import StrEnum
from types import MappingProxyType


class FactType(StrEnum):
    """The type of a fact. Numbers of different types are never compared with one another."""

    BOOLEAN = "boolean"
    ENUM = "enum"
    TEXT = "text"
    DATE = "date"
    TOKENS = "tokens"  # tokens, a day or a month as the name says
    COUNT = "count"  # people, items, replicas, months
    RATIO = "ratio"  # shares (0.6 is 60%), utilisation, peak to mean, growth
    MONEY = "money"  # `unit` holds the currency, or currency/Mtok for prices
    DURATION = "duration"  # milliseconds
    QUANTITY = "quantity"  # anything else with a unit: GB, kW, tok/s, FTE, days


SCALES: Mapping[FactType, int] = MappingProxyType(
    {
        FactType.TOKENS: 3,
        FactType.COUNT: 4,
        FactType.RATIO: 9,
        FactType.MONEY: 9,
        FactType.DURATION: 3,
        FactType.QUANTITY: 9,
    }
)
"""Decimal places kept for each numeric type."""
COMPUTED: Mapping[FactType, int] = MappingProxyType({**SCALES, FactType.MONEY: 6, FactType.QUANTITY: 6})
"""The same of what is computed: an amount a month has no more that floats could tell, a price of a token does."""

WIDE = Context(prec=80)
"""Wide enough to round the largest product of answers that are accepted; the usual 28 digits are not."""
