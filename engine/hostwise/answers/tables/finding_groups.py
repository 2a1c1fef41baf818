"""Findings of one kind in one column of a table, as one: 180 cells with the same slip are one thing to mend."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from hostwise.reading.findings.diagnostics import Diagnostic
from hostwise.reading.translatable import Translatable


class Group(Struct):
    """The first of some findings alike, how many there are, and the line of the last."""

    first: Diagnostic
    count: int
    last: int


Groups = dict[Any, Group]
"""Groups in the order in which they were begun."""


def gather(groups: Groups, findings: Iterable[Diagnostic]) -> None:
    """Add findings, in the order of their lines, to those that they are like."""
    for finding in findings:
        place = finding.place
        alike = (place.file, place.column, finding.code, finding.severity, _kind(finding.message))
        group = groups.get(alike)
        if group is None:
            groups[alike] = Group(finding, 1, place.line)
        else:
            group.count, group.last = group.count + 1, place.line


def _kind(message: str) -> object:
    """What messages must share: the text before its values are filled in, and the slip that it names."""
    if not isinstance(message, Translatable):
        return message
    return message.how.get("message"), message.how.get("values", {}).get("means")


def summed(group: Group) -> Diagnostic:
    """A group as one finding: that of a single cell as it is; of several cells, how many they are and where."""
    return group.first if group.count == 1 else _several(group)


def _several(group: Group) -> Diagnostic:
    first = group.first
    key, _, problem = first.message.partition(": ")
    named = problem and " " not in key
    column = f"column {first.place.column}, {key}" if named else f"column {first.place.column}"
    such = f" such as `{first.found}`" if first.found else ""
    closed = group.last - first.place.line + 1 == group.count
    lines = (
        f"in lines {first.place.line} to {group.last}" if closed else f"from line {first.place.line} to {group.last}"
    )
    message = f"{column}: {group.count:,} cells{such} {lines}: {problem if named else first.message}"
    return replace(first, message=message, found=None)
