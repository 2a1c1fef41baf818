"""Facts: the named, typed values that rules read, each with where it came from.

Numbers are fixed-point: a fact is stored at the precision of its type (`SCALES`), so that both
rule engines compare exactly the same value and a record shows exactly what was compared.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from msgspec import Struct, field

from hostwise.reading.findings.diagnostics import Place
from hostwise.reading.numbers.fact_types import COMPUTED, SCALES, WIDE, FactType

__all__ = [
    "COMPUTED",
    "SCALES",
    "Fact",
    "FactSpec",
    "FactType",
    "Origin",
    "Provenance",
    "Value",
    "fixed",
    "fixed_computed",
]


class Origin(StrEnum):
    """Where a fact came from."""

    GIVEN = "given"  # the questionnaire, at a line
    MEASURED = "measured"  # a log or a benchmark the user names
    ASSUMED = "assumed"  # a default, with its source
    DERIVED = "derived"  # a formula over other facts and catalogue figures


class Provenance(Struct, frozen=True):
    """How a fact came to be. `source` cites a claim (`S2-16`), a catalogue entry or a rule id."""

    origin: Origin
    place: Place | None = None
    key: str | None = None
    source: str | None = None
    formula: str | None = None
    inputs: tuple[str, ...] = ()


Value = bool | str | Decimal
"""A known fact's value. Dates are ISO 8601 text."""


class Fact(Struct, frozen=True):
    """One named value. `value` is None when the answer is unknown; `low` and `high` bound a range."""

    name: str
    type: FactType
    value: Value | None
    provenance: Provenance
    label: str = ""
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def known(self) -> bool:
        """Whether the value is known."""
        return self.value is not None


class FactSpec(Struct, frozen=True):
    """What a fact may be: its type, unit and, for enumerations, its values."""

    name: str
    type: FactType
    label: str = ""
    unit: str = ""
    values: tuple[str, ...] = field(default=())


def fixed(value: Decimal, kind: FactType) -> Decimal:
    """Round a number to the precision of its fact type, half to even.

    >>> fixed(Decimal("16666666.66666667"), FactType.TOKENS)
    Decimal('16666666.667')
    """
    return value.quantize(Decimal(1).scaleb(-SCALES[kind]), rounding=ROUND_HALF_EVEN, context=WIDE)


def fixed_computed(value: Decimal, kind: FactType) -> Decimal:
    """Round a number that was computed to the precision of such a fact, half to even."""
    return value.quantize(Decimal(1).scaleb(-COMPUTED[kind]), rounding=ROUND_HALF_EVEN, context=WIDE)
