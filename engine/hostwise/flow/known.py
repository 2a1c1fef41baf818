"""What a decision rests on, as data: questions, rulebook and catalogue."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from msgspec import Struct

from hostwise.answers.questions.questions import Questionnaire
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.rulebook.language.rules import Rulebook

CATALOGUE = "catalogue/"
"""Where the files of figures are in a folder of rules."""


class Knowledge(Struct, frozen=True):
    """Everything under `rules/`, loaded and checked."""

    root: Path
    questionnaire: Questionnaire
    catalogue: Catalogue
    rulebook: Rulebook
    files: tuple[tuple[str, str], ...]

    @property
    def as_of(self) -> date:
        """The date of the rulebook: the default date of a decision."""
        return max(pack.as_of for pack in self.rulebook.packs)

    @property
    def catalogue_files(self) -> list[tuple[str, str]]:
        """The files of figures: name and SHA-256."""
        return [(file, digest) for file, digest in self.files if file.startswith(CATALOGUE)]

    @property
    def catalogue_sha256(self) -> str:
        """SHA-256 over the names and hashes of the files of figures."""
        return _over(self.catalogue_files)

    @property
    def rules_sha256(self) -> str:
        """The same over all other files that can move a decision: questions, units, wording, sources; and the packs."""
        others = [(file, digest) for file, digest in self.files if not file.startswith(CATALOGUE)]
        return _over([*others, ("packs", self.rulebook.sha256)])


def _over(files: Iterable[tuple[str, str]]) -> str:
    lines = "".join(f"{file} {digest}\n" for file, digest in files)
    return hashlib.sha256(lines.encode()).hexdigest()
