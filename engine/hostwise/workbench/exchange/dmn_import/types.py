"""What a DMN model says of the type of a name: item definitions, allowed values, and what cells compare it with."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from hostwise.workbench.exchange.dmn_import.sfeel import limits_of, words_of
from hostwise.workbench.exchange.dmn_import.xml_nodes import XmlNode

NUMBERS = ("number", "integer", "long", "double")
"""DMN's own, and those that Camunda writes."""


class Typed(Struct, frozen=True):
    """Boolean, string or number, or None where rules have no such type; the words it may be, or its bounds."""

    kind: str | None
    words: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None

    def allowing(self, text: str) -> Typed:
        """The same under allowed values, which narrow what an earlier statement allows."""
        low, high = limits_of(text)
        return replace(
            self,
            words=words_of(text) or self.words,
            low=self.low if low is None else low,
            high=self.high if high is None else high,
        )

    def entry(self, label: str) -> dict[str, Any] | None:
        """The type as a pack declares it; None where a pack cannot."""
        if self.kind == "number":
            ends = {"min": self.low, "max": self.high}
            return {"type": "quantity", "label": label} | {key: end for key, end in ends.items() if end is not None}
        if self.kind == "boolean":
            return {"type": "boolean", "label": label}
        return {"type": "enum", "label": label, "values": list(self.words)} if self.words else None


def stated_type(reference: str | None, items: Mapping[str, XmlNode], seen: tuple[str, ...] = ()) -> Typed:
    """A type by its reference (`feel:number`, `tRating`), followed through the item definitions of the model."""
    local = (reference or "").rpartition(":")[2].removeprefix("feel.")
    if local in items and local not in seen:
        item = items[local]
        if item.attributes.get("isCollection") == "true":
            return Typed(None)
        inner = stated_type(item.text_of("typeRef"), items, (*seen, local))
        return inner.allowing(item.text_of("allowedValues", "text") or "")
    if local in NUMBERS:
        return Typed("number")
    return Typed(local if local in ("boolean", "string") else None)


def used_type(values: list[Any]) -> str | None:
    """The type that all of some literals have."""
    kinds = {type(value) for value in values}
    return _KINDS.get(kinds.pop()) if len(kinds) == 1 else None


_KINDS = {bool: "boolean", str: "string", Decimal: "number"}
