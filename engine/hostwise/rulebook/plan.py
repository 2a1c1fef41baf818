"""How advice is laid out: `rules/plan.yaml`, the words that rules may use for it and what they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from hostwise.reading.document import read_document
from hostwise.reading.strict import Strict
from hostwise.reading.validate import validated

FILE = "plan.yaml"


class Horizon(Strict):
    """A time to act in, with the topics that belong to it by their words."""

    id: str
    title: str
    topics: Mapping[str, str]


class Plan(Strict):
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
    return validated(Plan, read_document(file)) if file.is_file() else Plan()
