"""How advice is laid out: `rules/plan.yaml`, the words that rules may use for it and what they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from hostwise.reading.files.kept_document import read_kept_document
from hostwise.reading.files.strict import Strict
from hostwise.reading.files.validate import validated

FILE = "plan.yaml"


class Horizon(Strict, frozen=True):
    """A time to act in, with the topics that belong to it by their words."""

    id: str
    title: str
    topics: Mapping[str, str]


class Plan(Strict, frozen=True):
    """All horizons in order, and the aspects of what an option would need."""

    horizons: tuple[Horizon, ...] = ()
    aspects: Mapping[str, str] = {}

    @property
    def topics(self) -> tuple[str, ...]:
        """Every word that `plan:` takes."""
        return tuple(topic for horizon in self.horizons for topic in horizon.topics)


@lru_cache(maxsize=8)
def load_plan(rules: Path) -> Plan:
    """Read the plan of a folder of rules; an empty one where the folder has none.

    Raises `InputError` where it is wrong.
    """
    file = rules / FILE
    return validated(Plan, read_kept_document(file)) if file.is_file() else Plan()
