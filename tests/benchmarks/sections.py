"""What a benchmark found: tables, and the goals that the project set itself, as Markdown."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Figures side by side. The first column is words, the rest are figures."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """What was to be reached, and what was found. `at_least`: more is better."""

    what: str
    goal: float
    found: float
    at_least: bool
    unit: str = "×"

    @property
    def reached(self) -> bool:
        """Whether it was reached."""
        return self.found >= self.goal if self.at_least else self.found <= self.goal

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """The goal as a row of a table; where it is missed, by how much of the goal."""
        sign = "≥" if self.at_least else "≤"
        by = abs(self.found / self.goal - 1)
        said = "reached" if self.reached else f"**missed by {by:.0%}**"
        return self.what, f"{sign} {figure(self.goal)}{self.unit}", f"{figure(self.found)}{self.unit}", said


@dataclass(frozen=True, slots=True)
class Section:
    """One benchmark: what each contender does, what was measured, and against which goals."""

    title: str
    about: str
    tables: tuple[Table, ...]
    goals: tuple[Goal, ...] = ()


def figure(value: float) -> str:
    """A number with three digits that say something, thousands apart."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def megabytes(size: int) -> str:
    """A size in MB of 1,000,000 bytes."""
    return f"{size / 1e6:,.0f}"


def small(seconds: float) -> str:
    """A time in the unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{figure(seconds / size)} {unit}"
    return f"{figure(seconds / 1e-9)} ns"


def markdown(section: Section) -> Iterator[str]:
    """The section as lines of Markdown."""
    yield from (f"## {section.title}", "", section.about.strip(), "")
    for table in section.tables:
        yield from (f"**{table.caption}**", "", *table_lines(table), "")


def table_lines(table: Table) -> Iterator[str]:
    """A table, its columns under one another also where it is read as text."""
    rows = [table.header, *table.rows]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(table.header))]
    lines = [_line(row, widths) for row in rows]
    rule = [f"{'-' * widths[0]}", *(f"{'-' * (width - 1)}:" for width in widths[1:])]
    yield from (lines[0], f"| {' | '.join(rule)} |", *lines[1:])


def goals_table(sections: Sequence[Section]) -> Table:
    """Every goal of every section."""
    rows = tuple(goal.cells for section in sections for goal in section.goals)
    return Table("Goals", ("goal", "set", "found", ""), rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(row, widths, strict=True)
    cells = [_filled(*first, right=False), *(_filled(*each, right=True) for each in rest)]
    return f"| {' | '.join(cells)} |"


def _filled(cell: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(cell))
    return space + cell if right else cell + space


def _width(text: str) -> int:
    return sum(not unicodedata.combining(character) for character in text)
