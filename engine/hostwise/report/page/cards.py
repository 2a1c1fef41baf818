"""Tables that a narrow screen shows as cards: each cell carries the heading of its column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
_HEADING = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<t([dh])\b([^>]*)>")


def with_labels(html: str) -> str:
    """The page with `data-cards` on tables, and `data-label` on each cell but the first of a row, which heads the card.

    Headings are escaped as they stand in the page, so that they can stand in an attribute.

    >>> page = "<table><tr><th>A<th>B</th></tr></thead><tr><th>1</th><td>2</td></tr></table>"
    >>> with_labels(page.replace("<th>A", "<th>A</th>"))
    '<table data-cards><tr><th>A</th><th>B</th></tr></thead><tr><th>1</th><td data-label="B">2</td></tr></table>'
    """
    return _TABLE.sub(lambda table: _labelled(table[0]), html)


def _labelled(table: str) -> str:
    head, between, body = table.partition("</thead>")
    headings = [" ".join(_TAG.sub(" ", heading).split()).replace('"', "&#34;") for heading in _HEADING.findall(head)]
    return (
        head.replace("<table", "<table data-cards", 1)
        + between
        + _ROW.sub(lambda row: _with_headings(row[0], headings), body)
    )


def _with_headings(row: str, headings: list[str]) -> str:
    numbers: Iterator[int] = count()

    def labelled(cell: re.Match[str]) -> str:
        number = next(numbers)
        if number == 0 or number >= len(headings) or not headings[number]:
            return cell[0]
        return f'<t{cell[1]}{cell[2]} data-label="{headings[number]}">'

    return _CELL.sub(labelled, row)
