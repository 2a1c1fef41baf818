"""Loading what a decision rests on: questions, rulebook, catalogue, and their fingerprints."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from hostwise.answers.facts import FactSpec
from hostwise.answers.questions import Questionnaire, load_questions
from hostwise.answers.to_facts import fact_specs
from hostwise.decision.choice_facts import choice_specs
from hostwise.economics.catalogue import Catalogue, load_catalogue
from hostwise.economics.facts import economics_specs
from hostwise.reading.resources import rules_dir
from hostwise.rulebook.packs import load_rulebook
from hostwise.rulebook.rules import Rulebook


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


@lru_cache(maxsize=8)
def load_knowledge(rules: Path | None = None, packs: tuple[Path, ...] = ()) -> Knowledge:
    """Load `rules/` (or another folder of the same shape), and rule packs that stand elsewhere.

    Errors name file, line and column.
    """
    root = rules_dir(rules)
    questionnaire = load_questions(root)
    catalogue = load_catalogue(root)
    rulebook = load_rulebook(root, known_specs(questionnaire, catalogue), extra=packs)
    return Knowledge(root, questionnaire, catalogue, rulebook, fingerprints(root))


def known_specs(questionnaire: Questionnaire, catalogue: Catalogue) -> Mapping[str, FactSpec]:
    """Every fact that exists before the rules add theirs."""
    return {
        **fact_specs(questionnaire),
        **economics_specs(catalogue),
        **choice_specs(tuple(catalogue.options)),
    }


def fingerprints(root: Path) -> tuple[tuple[str, str], ...]:
    """File name under `rules/` and SHA-256 of each file that can move a decision, sorted by name."""
    files = sorted(p for p in root.rglob("*.yaml") if p.is_file())
    return tuple((p.relative_to(root).as_posix(), hashlib.sha256(p.read_bytes()).hexdigest()) for p in files)
