"""What is wrong with a file, said so that its author can mend it.

Diagnostic        one finding: where, what was found, what is accepted, the nearest valid word
InputError        all findings of one run, raised once
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct


class Severity(StrEnum):
    """How much a finding matters: an error stops the run, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Place(Struct, frozen=True):
    """A position in a file as people count: `line` and `column` start at 1; 0 means the whole file."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


class Diagnostic(Struct, frozen=True):
    """One finding about a file.

    `code` is a stable kebab-case name such as `unknown-key`; `found` and `accepted` are short
    fragments without a full stop; `suggestion` is the nearest valid word, if one is near;
    `excerpt` is the source line, for the caret.
    """

    place: Place
    code: str
    message: str
    found: str | None = None
    accepted: str | None = None
    suggestion: str | None = None
    excerpt: str | None = None
    severity: Severity = Severity.ERROR


class InputError(Exception):
    """Bad input: carries every finding at once. The command line prints them and exits with 2."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)
        super().__init__("; ".join(f"{d.place}: {d.message}" for d in self.diagnostics))
