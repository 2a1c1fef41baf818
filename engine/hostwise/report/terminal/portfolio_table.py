"""The decided portfolio as a table, row by row in input order: CSV, or Parquet with pyarrow.

Names of workloads are written by strangers. In a CSV file that somebody opens in a spreadsheet, a cell that would run
as a formula is made harmless with an apostrophe (OWASP, CSV injection); Parquet keeps every text as it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct

from hostwise.analysis.portfolio.portfolio import PER_CENT, Decided
from hostwise.inference.columns import EXACT, Floats
from hostwise.reading.files.beside import written_beside
from hostwise.reading.findings.diagnostic_formats import printable
from hostwise.reading.findings.diagnostics import Diagnostic
from hostwise.reading.numbers.currencies import CENT
from hostwise.reading.numbers.fact_types import WIDE

Write = Callable[[Decided], None]
SUFFIXES = (".csv", ".parquet")
FORMULA = re.compile(r"""((?:^|[,;|"'\t\r\n])\s*)([=+\-@\uff1d\uff0b\uff0d\uff20])""")
"""What starts a formula: at the head of a cell, and after a mark that a spreadsheet may take for the end of one."""
NUMBER = re.compile(r"[-+]?\d[\d.,]*%?", re.ASCII)
"""What starts like a formula and is none."""
BETWEEN = " | "


class Style(Struct, frozen=True):
    """How a CSV file is written: for programs, or as Excel opens it by a double click."""

    encoding: str = "utf-8"
    line_end: str = "\n"
    separator: str = ","
    decimal_comma: bool = False


PLAIN = Style()
EXCEL = Style("utf-8-sig", "\r\n")
EXCEL_COMMA = Style("utf-8-sig", "\r\n", ";", decimal_comma=True)


def header(options: Sequence[str], extra: Sequence[str] = ()) -> list[str]:
    """The names of the columns: a table's own ones, `extra`, at the end, each by a name that no other has."""
    costs = [f"monthly.{option}" for option in options]
    start = ["row", "workload", "verdict", "rule", "currency", "monthly", "cheapest", "cheapest_monthly"]
    names = [*start, *costs, "needs", "errors", "warnings"]
    for name in extra:
        own = name
        while own in names:
            own = f"input.{own}"
        names.append(own)
    return names


def table_writer(
    path: Path, options: Sequence[str], extra: Sequence[str] = (), style: Style = PLAIN
) -> AbstractContextManager[Write]:
    """What writes decided rows to a file, by its suffix. The file is there when all of them are written, not before.

    Raises `ImportError` for Parquet without pyarrow.
    """
    names = header(options, extra)
    return _parquet(path, names) if path.suffix.lower() == ".parquet" else _csv(path, names, style)


@contextmanager
def _csv(path: Path, names: Sequence[str], style: Style) -> Iterator[Write]:
    with written_beside(path) as draft:
        file = io.TextIOWrapper(draft, encoding=style.encoding, errors="replace", newline="")
        writer = csv.writer(file, delimiter=style.separator, lineterminator=style.line_end)
        writer.writerow([harmless(name) for name in names])
        yield lambda rows: writer.writerows(zip(*_written(rows, "," if style.decimal_comma else "."), strict=True))
        file.detach()  # writes what is left, and leaves the draft open


def _written(rows: Decided, mark: str) -> list[list[str]]:
    """The columns as text. `mark` stands before the cents."""
    texts, amounts = _texts(rows), _amounts(rows)
    own, cheapest, *each = [[_shown(cents, mark) for cents in column] for column in amounts]
    ids, names, verdicts, rules, currencies, best, needs, errors, warnings = texts
    safe = [[harmless(text) for text in column] for column in (ids, names)]
    return [
        *safe, verdicts, rules, currencies, own, best, cheapest, *each, needs,
        *([harmless(text) for text in column] for column in (errors, warnings)),
        *([text if NUMBER.fullmatch(text) else harmless(text) for text in column] for column in rows.extra),
    ]  # fmt: skip


def harmless(text: str) -> str:
    """A text that no spreadsheet runs as a formula, on one line.

    >>> harmless("=cmd|' /C calc'!A0"), harmless("a;=1+1"), harmless("Support - level 1")
    ("'=cmd|' /C calc'!A0", "a;'=1+1", 'Support - level 1')
    """
    return FORMULA.sub(r"\1'\2", " ".join(text.split()) if not text.isprintable() else text)


def _shown(cents: int | None, mark: str) -> str:
    return "" if cents is None else f"{cents // 100}{mark}{cents % 100:02d}"


def _texts(rows: Decided) -> list[list[str]]:
    size = range(len(rows.ids))
    options = np.array([*rows.options, ""], dtype=object)
    return [
        [printable(each) for each in rows.ids],
        [printable(each) for each in rows.names],
        list(rows.verdicts),
        list(rows.rules),
        list(rows.currencies),
        options[rows.cheapest()].tolist(),
        ["; ".join(rows.needs[row]) if row in rows.needs else "" for row in size],
        *([BETWEEN.join(map(said, found.get(row, ()))) for row in size] for found in (rows.findings, rows.doubts)),
    ]


def said(finding: Diagnostic) -> str:
    """A finding in one line, without its file."""
    place = finding.place
    where = f"line {place.line}, column {place.column}: " if place.line else ""
    parts = [
        f"found: {printable(finding.found)}" if finding.found else "",
        f"accepted: {printable(finding.accepted)}" if finding.accepted else "",
        f"did you mean {printable(finding.suggestion)!r}?" if finding.suggestion else "",
    ]
    more = "; ".join(part for part in parts if part)
    return f"{where}{printable(finding.message)}" + (f" ({more})" if more else "")


def _amounts(rows: Decided) -> list[list[int | None]]:
    """Monthly costs in cents: of the verdict, of the cheapest option left, of each option."""
    places = {option: place for place, option in enumerate(rows.options)}
    own = [places.get(verdict, -1) for verdict in rows.verdicts]
    columns = [np.array(own), rows.cheapest(), *(np.full(len(own), place) for place in range(len(rows.options)))]
    return [_cents(rows, column) for column in columns]


def _cents(rows: Decided, option: Any) -> list[int | None]:
    """The cost of an option in each row (−1: none), half to even."""
    at = np.arange(len(option))
    micros: Floats = np.where(option >= 0, rows.costs[at, option], np.nan)
    known = ~np.isnan(micros)
    # Exact as integers: a float of cents would round its half twice.
    whole = np.where(known & (np.abs(micros) < EXACT), micros, 0).astype(np.int64)
    low, rest = np.divmod(whole, int(PER_CENT))
    half = int(PER_CENT) // 2
    cents = low + ((rest > half) | ((rest == half) & (low % 2 == 1)))
    found: list[int | None] = [c if k else None for c, k in zip(cents.tolist(), known.tolist(), strict=True)]
    for row, place in rows.exact:
        if option[row] == place:
            found[row] = int(rows.exact[row, place].quantize(CENT, ROUND_HALF_EVEN, WIDE).scaleb(2))
    return found


@contextmanager
def _parquet(path: Path, names: Sequence[str]) -> Iterator[Write]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    words, money = pa.string(), pa.decimal128(38, 2)
    last = names.index("errors")
    kinds: list[Any] = [
        money if place < last and (name.endswith("monthly") or name.startswith("monthly.")) else words
        for place, name in enumerate(names)
    ]
    schema = pa.schema(list(zip(names, kinds, strict=True)))

    def write(rows: Decided) -> None:
        ids, workloads, verdicts, rules, currencies, best, needs, errors, warnings = _texts(rows)
        own, cheapest, *each = [[_decimal(cents) for cents in column] for column in _amounts(rows)]
        columns: list[list[Any]] = [
            ids,
            workloads,
            verdicts,
            rules,
            currencies,
            own,
            best,
            cheapest,
            *each,
            needs,
            errors,
            warnings,
            *([printable(text) for text in column] for column in rows.extra),
        ]
        blank = [[None if value == "" else value for value in column] for column in columns]
        arrays = [pa.array(column, type=kind) for column, kind in zip(blank, kinds, strict=True)]
        writer.write_table(pa.Table.from_arrays(arrays, schema=schema))

    with written_beside(path) as draft, pq.ParquetWriter(draft, schema, compression="zstd") as writer:
        yield write


def _decimal(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents).scaleb(-2)
