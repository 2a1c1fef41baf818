"""A DMN decision table on its way to rules: what its rows come to, and in which order they are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from hostwise.workbench.exchange.dmn_import.sfeel import split_at_commas, words_of
from hostwise.workbench.exchange.dmn_import.xml_nodes import XmlNode


class DmnTable(Struct, frozen=True):
    """One decision with its table: its clauses and rows as written, its outputs as facts and values.

    Under the policy `each`, DMN's lists of words, every word is a fact of its own, in the order of `words`.
    """

    name: str
    node: XmlNode
    inputs: tuple[XmlNode, ...]
    outputs: tuple[XmlNode, ...]
    rows: tuple[XmlNode, ...]
    policy: str
    facts: tuple[str, ...]
    values: tuple[tuple[Any, ...], ...]
    words: tuple[str, ...] = ()

    def sets(self, values: Sequence[Any]) -> dict[str, Any]:
        """What a row with these outputs sets: for a count one, for a list its word."""
        if self.policy == "each":
            return {self.facts[self.words.index(word)]: True for word in values if word in self.words}
        return dict(zip(self.facts, [1] if self.policy == "collect count" else values, strict=False))

    @property
    def ranked(self) -> bool:
        """Whether its priority must be read as `first` on ranked rows.

        A fact has priorities of its own for words only, while the outputs of a table outrank one another together.
        """
        alone = len(self.outputs) == 1 and all(isinstance(value, str) for row in self.values for value in row)
        return self.policy == "priority" and not alone

    @property
    def numbered(self) -> list[tuple[int, XmlNode, tuple[Any, ...]]]:
        """Number, row and values, in the order in which `first` reads them."""
        rows = list(zip(range(1, len(self.rows) + 1), self.rows, self.values, strict=True))
        if self.ranked:
            orders = [[*split_at_commas(output.text_of("outputValues", "text") or "")] for output in self.outputs]
            rows.sort(key=lambda row: _rank(row[1], orders))
        return rows


def used_words(text: str, tables: Sequence[DmnTable]) -> tuple[str, ...]:
    """The words that any table compares an input with, where the model does not list them."""
    found: dict[str, None] = {}
    for table in tables:
        for place, clause in enumerate(table.inputs):
            if clause.text_of("inputExpression", "text") == text:
                for row in table.rows:
                    cells = [entry.text_of("text") or "" for entry in row.all("inputEntry")]
                    found |= dict.fromkeys(words_of(cells[place] if place < len(cells) else ""))
    return tuple(found)


def _rank(row: XmlNode, orders: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Where the outputs of a row stand in the orders of their output values; one that is not listed comes last."""
    outputs = [(entry.text_of("text") or "").strip() for entry in row.all("outputEntry")]
    return tuple(
        order.index(value) if value in order else len(order) for value, order in zip(outputs, orders, strict=False)
    )
