"""Parquet files as tables of cells. Numbers, truths and dates are written as a questionnaire would have them.

Needs pyarrow, which is an extra: `pip install 'hostwise[table]'`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time
from functools import partial
from pathlib import Path
from typing import Any

from hostwise.answers.tables.table import BLOCK, Block, Table, refuse_odd_file, unreadable
from hostwise.reading.files.yaml_file import MAX_BYTES
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place

AT_ONCE = 64 * 1024 * 1024
"""Bytes that are unpacked at once."""
EXTRA = "pip install 'hostwise[table]'"


def parquet_table(path: Path) -> Table:
    """A Parquet file, whose columns are named by question keys.

    Raises `InputError` where it cannot be read, where a column is of a kind that no answer has, and without pyarrow.
    """
    file = str(path)
    refuse_odd_file(path)
    schema = _opened(path).schema_arrow
    findings = [
        Diagnostic(Place(file, 0, number), "column-type", f"column {number} ({field.name}) cannot be read",
                   found=str(field.type), accepted="text, numbers, truths, dates, lists of text")
        for number, field in enumerate(schema, 1) if _writer(field.type) is None
    ]  # fmt: skip
    if findings:
        raise InputError(findings)
    numbers = frozenset(field.name for field in schema if not _is_text(field.type))
    return Table(file, tuple(schema.names), 0, partial(_blocks, path), numbers=numbers)


def _opened(path: Path) -> Any:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise unreadable(
            str(path), "no-pyarrow", f"Parquet needs pyarrow: {EXTRA}", accepted="CSV, without it"
        ) from None
    try:
        # A text that many rows have stays one text, however large it is.
        return pq.ParquetFile(path, read_dictionary=_texts_of(pq.ParquetFile(path).schema_arrow))
    except (pa.ArrowException, OSError, UnicodeDecodeError) as problem:  # the last: of the name of a column
        first = str(problem).splitlines()[0][:200]
        raise unreadable(str(path), "parquet", f"not a Parquet file that can be read: {first}") from None


def _blocks(path: Path) -> Iterator[Block]:
    import pyarrow as pa

    file = _opened(path)
    total, done = max(file.metadata.num_rows, 1), 0
    try:
        for batch in file.iter_batches(batch_size=_rows_at_once(file.metadata)):
            long = {row for column in batch.columns for row in _long_cells(column)}
            findings = {row: _too_long(path, done + row + 1) for row in sorted(long)}
            columns = [_texts(_without(column, long)) for column in batch.columns]
            lines = range(done + 1, done + batch.num_rows + 1)
            done += batch.num_rows
            yield Block(lines, columns, findings, done / total)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as problem:  # the last: of the name of a column
        first = str(problem).splitlines()[0][:200]
        raise unreadable(str(path), "parquet", f"damaged after row {done}: {first}") from None
    finally:
        file.close()


def _texts_of(schema: Any) -> list[str]:
    """The columns of text, by name."""
    from pyarrow import types as t

    return [field.name for field in schema if t.is_string(field.type) or t.is_large_string(field.type)]


def _is_text(kind: Any) -> bool:
    from pyarrow import types as t

    held = kind.value_type if t.is_dictionary(kind) else kind
    return bool(t.is_string(held) or t.is_large_string(held) or t.is_string_view(held))


def _rows_at_once(metadata: Any) -> int:
    """Rows that are read at once: fewer where they are long."""
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    longest = max((group.total_byte_size // max(group.num_rows, 1) for group in groups), default=0)
    return int(max(1, min(BLOCK, AT_ONCE // max(longest, 1))))


def _long_cells(column: Any) -> list[int]:
    """The rows of a batch where a text is larger than a questionnaire may be."""
    import pyarrow.compute as pc
    from pyarrow import types as t

    texts = column.dictionary if t.is_dictionary(column.type) else column
    if not (t.is_string(texts.type) or t.is_large_string(texts.type) or t.is_string_view(texts.type)):
        return []
    long = pc.greater(pc.binary_length(texts), MAX_BYTES)
    if not pc.any(long).as_py():
        return []
    marks = long.take(column.indices) if texts is not column else long
    return [row for row, mark in enumerate(marks.to_pylist()) if mark]


def _without(column: Any, rows: set[int]) -> Any:
    """A column with nothing in some rows."""
    if not rows:
        return column
    import pyarrow as pa

    return column.take(pa.array([None if row in rows else row for row in range(len(column))], pa.int64()))


def _too_long(path: Path, row: int) -> Diagnostic:
    return Diagnostic(Place(str(path), row, 1), "too-long", "a cell of the row is too long", accepted="up to 1 MB")


def _texts(column: Any) -> Sequence[str]:
    write = _writer(column.type)
    assert write is not None, "columns were checked before"
    return ["" if value is None else write(value) for value in column.to_pylist()]


def _writer(kind: Any) -> Callable[[Any], str] | None:
    """How a value of an Arrow type is written; None for a type that no answer has."""
    from pyarrow import types as t

    if t.is_dictionary(kind):
        return _writer(kind.value_type)
    if t.is_string(kind) or t.is_large_string(kind) or t.is_string_view(kind) or t.is_integer(kind) or t.is_null(kind):
        return str
    if t.is_boolean(kind):
        return lambda value: "true" if value else "false"
    if t.is_float64(kind):
        return _float
    if t.is_floating(kind):
        return _short_float
    if t.is_decimal(kind):
        return lambda value: f"{value:f}"
    if t.is_date(kind):
        return lambda value: str(value.isoformat())
    if t.is_timestamp(kind):
        return _moment
    if (t.is_list(kind) or t.is_large_list(kind)) and _writer(kind.value_type) is str:
        return lambda value: ";".join(word or "" for word in value) or "[]"
    return None


def _float(value: float) -> str:
    # NaN and the infinities as YAML writes them, so that they are refused as they are there.
    return repr(value) if value - value == 0 else ".nan" if value != value else ".inf"


def _short_float(value: float) -> str:
    """The shortest decimal of a number that was stored in half the digits: 0.1, not 0.10000000149011612."""
    import numpy as np

    return str(np.float32(value)) if value - value == 0 else _float(value)


def _moment(value: datetime) -> str:
    return str(value.date()) if value.time() == time(0) else value.isoformat()
