"""A snapshot of prices: a file that `hostwise catalogue fetch` wrote on a day, and that a decision may take.

A price is the pair of its ends: two sources that differ make an interval. Nothing of it is trusted: sizes, signs and
names are checked as it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from msgspec import DecodeError, Meta, Struct, ValidationError, json

from hostwise.reading.files.regular import read_regular
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place

FORMAT = "hostwise-prices/1"
LIMIT = 64 * 1024 * 1024
LARGEST = 10_000
"""USD per million tokens; no price is as high."""
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Range = tuple[Decimal, Decimal]


class SourceRead(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A source, what was read of it and its hash; why not, where it could not be read."""

    name: Name
    url: str
    licence: str
    status: Literal["ok", "failed"]
    sha256: str = ""
    bytes: int = 0
    error: str = ""


class TokenRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """USD per million tokens of a model at a seller: low and high. `seen` is what each source says (input, output)."""

    seller: Name
    model: Name
    listed: Name
    input: Range
    output: Range
    cached: Range | None = None
    seen: Mapping[str, Range]


class HeldBack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row that moved too far to be taken without a look: what it was before, and what it would be."""

    row: TokenRow
    before: Range


class Snapshot(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file, by seller and model."""

    format: str
    fetched_at: datetime
    sources: tuple[SourceRead, ...]
    tokens: tuple[TokenRow, ...]
    held_back: tuple[HeldBack, ...] = ()

    @property
    def day(self) -> date:
        """The day on which it was fetched: the date of its prices."""
        return self.fetched_at.date()


def read_snapshot(path: Path) -> Snapshot:
    """Read and check a snapshot. Raises `InputError`."""
    try:
        found = json.decode(read_regular(path, LIMIT), type=Snapshot)
    except (ValidationError, DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise _refused(path, str(problem)) from None
    if found.format != FORMAT:
        raise _refused(path, f"its format is {found.format!r}, not {FORMAT!r}")
    wrong = [row for row in found.tokens if not all(_sound(ends) for ends in (row.input, row.output, row.cached))]
    if wrong:
        raise InputError([_finding(path, f"{row.seller} {row.model}: no price is as that") for row in wrong[:20]])
    return found


def written(snapshot: Snapshot) -> str:
    """The text of the file: sorted, one key a line, so that two days can be compared line by line."""
    return json.format(json.encode(snapshot, order="sorted"), indent=1).decode() + "\n"


def _sound(ends: Range | None) -> bool:
    return ends is None or (all(end.is_finite() for end in ends) and 0 <= ends[0] <= ends[1] < LARGEST)


def _refused(path: Path, message: str) -> InputError:
    return InputError([_finding(path, message)])


def _finding(path: Path, message: str) -> Diagnostic:
    return Diagnostic(Place(str(path)), "not-a-snapshot", message)
