"""Tables for tests: questionnaires as rows, and what the rows of a file come to."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from hostwise.analysis.portfolio.portfolio import Decided, decide_window, source
from hostwise.answers.tables.decimal_mark import Decimals
from hostwise.flow.knowledge import load_knowledge
from hostwise.reading.files.yaml_file import Document, read_document


@dataclass(frozen=True)
class Row:
    """One decided row."""

    id: str
    name: str
    verdict: str
    rule: str | None
    costs: Mapping[str, Decimal | None]
    needs: tuple[str, ...]
    errors: tuple[str, ...]


def rows_of(
    path: Path, as_of: date | None = None, *, allow_stale: bool = False, decimal: Decimals | None = None
) -> list[Row]:
    """Everything in a folder or a table, decided."""
    knowledge = load_knowledge()
    found = source(path, knowledge, decimal).windows
    steps = (s for w in found for s in decide_window(w, knowledge, as_of, allow_stale=allow_stale))
    return [row for step in steps if isinstance(step, Decided) for row in _rows(step)]


def _rows(found: Decided) -> list[Row]:
    return [
        Row(
            found.ids[n],
            found.names[n],
            found.verdicts[n],
            found.rules[n] or None,
            {option: found.cost(n, place) for place, option in enumerate(found.options)},
            found.needs.get(n, ()),
            tuple(f"{f.place.line}:{f.place.column} {f.code}: {f.message}" for f in found.findings.get(n, ())),
        )
        for n in range(len(found.ids))
    ]


def cells(path: Path) -> dict[str, str]:
    """A questionnaire as the cells of a row."""
    document = read_document(path)
    keys = [(section, name) for section, entries in document.data.items() for name in entries or {}]
    return {".".join(key): text for key in keys if (text := _cell(document, key))}


def _cell(document: Document, key: tuple[str, str]) -> str:
    value = document.data[key[0]][key[1]]
    if isinstance(value, list):
        return ";".join(value) or "[]"
    return _flow(value) if isinstance(value, dict) else document.written(key) or ""


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_flow(each)}" for name, each in value.items()) + "}"
    return str(value)


def write_csv(path: Path, rows: Sequence[Mapping[str, str]], separator: str = ",") -> Path:
    """A CSV file with a column for each key that some row has."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerows([keys, *([row.get(key, "") for key in keys] for row in rows)])
    return path
