"""The source documents' figures, computed again from their own inputs: `rules/sources/recomputed.yaml`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from hostwise.economics.numbers.formula import BadFormula, compute
from hostwise.reading.files.kept_document import read_kept_document
from hostwise.reading.files.strict import Strict
from hostwise.reading.files.validate import validated
from hostwise.reading.files.yaml_file import Document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError

FILE = Path("sources") / "recomputed.yaml"
TOLERANCE = Decimal("0.000001")
"""Results are written down to six places."""


class _Step(Strict, frozen=True):
    label: str
    formula: str
    result: Decimal
    unit: str


class _Recomputed(Strict, frozen=True):
    claims: tuple[str, ...]
    stated: str
    finding: Annotated[str, Meta(pattern="^(consistent|rounding|conditional|inconsistent|not-recomputable)$")]
    correct: str = ""
    note: str = ""
    steps: tuple[_Step, ...] = ()


class _File(Strict, frozen=True):
    recomputations: dict[str, _Recomputed]


class Calculation(Struct, frozen=True):
    """One calculation: `value` is computed now, `recorded` is what the file says comes out."""

    label: str
    formula: str
    value: Decimal
    recorded: Decimal
    unit: str

    @property
    def holds(self) -> bool:
        """Whether the recorded result is what the formula gives."""
        return abs(self.value - self.recorded) <= TOLERANCE


class Recomputation(Struct, frozen=True):
    """One figure of a document: as stated, and what its own inputs give."""

    id: str
    document: str
    claims: tuple[str, ...]
    stated: str
    finding: str
    correct: str
    note: str
    steps: tuple[Calculation, ...]

    @property
    def agrees(self) -> bool:
        """Whether the document's figure stands, at least once rounded."""
        return self.finding in ("consistent", "rounding")


@lru_cache(maxsize=8)
def load_recomputations(rules: Path) -> tuple[Recomputation, ...]:
    """Compute all of them, in file order. Raises `InputError` for a formula that is none, at its line."""
    document = read_kept_document(rules / FILE)
    entries = validated(_File, document).recomputations
    findings = list(_bad_formulas(entries, document))
    if findings:
        raise InputError(findings)
    return tuple(
        Recomputation(
            name,
            "S" + name[1],
            entry.claims,
            entry.stated,
            entry.finding,
            entry.correct,
            entry.note,
            tuple(
                Calculation(s.label, s.formula, compute(s.formula, {}).likely, s.result, s.unit) for s in entry.steps
            ),
        )
        for name, entry in entries.items()
    )


def _bad_formulas(entries: dict[str, _Recomputed], document: Document) -> Iterator[Diagnostic]:
    for name, entry in entries.items():
        for index, step in enumerate(entry.steps):
            try:
                compute(step.formula, {})
            except (BadFormula, KeyError, ZeroDivisionError) as problem:
                path = ("recomputations", name, "steps", index, "formula")
                yield document.finding(path, "formula", f"cannot be computed: {problem}", found=step.formula)
