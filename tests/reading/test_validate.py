"""What people write in YAML, as typed data: taken at once when it is right, with every finding when it is not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import field

from hostwise.reading.files.strict import Strict
from hostwise.reading.files.validate import validated
from hostwise.reading.files.yaml_file import Document, read_document
from hostwise.reading.findings.diagnostics import InputError


class Ends(Strict, frozen=True):
    low: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError("low ≤ high must hold")


class Whole(Strict, frozen=True):
    size: Decimal = field(name="is")
    ends: Mapping[str, Ends] = {}


def read(text: str) -> Document:
    return read_document(Path("whole.yaml"), data=text.encode())


def test_numbers_come_exactly_and_keys_by_their_names_in_the_file() -> None:
    assert validated(Whole, read("is: 1.50\nends: {a: {low: 1, high: '2.5'}}")) == Whole(
        Decimal("1.50"), {"a": Ends(Decimal(1), Decimal("2.5"))}
    )


def test_every_finding_comes_at_once_at_its_line() -> None:
    with pytest.raises(InputError) as refused:
        validated(Whole, read("ends:\n  a: {low: 3, high: 2}\n  b: {low: x, hihg: 1}\n"))
    found = [(finding.place.line, finding.code, finding.suggestion) for finding in refused.value.diagnostics]
    assert found == [
        (1, "missing-key", None),
        (2, "value-error", None),
        (3, "decimal-parsing", None),
        (3, "missing-key", None),
        (3, "unknown-key", "high"),
    ]


@pytest.mark.parametrize("text", ["is: 'NaN'", "is: '-Infinity'", 'is: "snan"', "is: |\n  inf"])
def test_what_is_no_number_is_refused_in_quotes_too(text: str) -> None:
    with pytest.raises(InputError):
        validated(Whole, read(text))


def test_pydantic_is_not_read_where_nothing_is_wrong() -> None:
    script = (
        "import sys; from hostwise.flow.knowledge import load_knowledge as k; k(); sys.exit('pydantic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
