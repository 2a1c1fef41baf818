"""What a decision rests on, as data: questions, rulebook and catalogue."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from msgspec import Struct

from hostwise.answers.questions.questions import Questionnaire
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.rulebook.language.rules import Rulebook


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
