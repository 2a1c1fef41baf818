"""The rules of a record: each with its truth, what it read, and how its condition came out."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from hostwise.reading.json_values import Plain, one_of
from hostwise.record.format.values import TruthWord
from hostwise.rulebook.language.rules import STAGES, STATUSES, Advice, Take
from hostwise.rulebook.loading.citations import Cite


class TracedCondition(Struct, frozen=True):
    """One part of a condition: its truth, and of a test the value that it saw."""

    op: Annotated[str, one_of("all", "any", "not", "test", "always")]
    truth: TruthWord
    english: str
    fact: str | None
    test: str | None
    seen: str | None
    children: tuple[TracedCondition, ...]


class FactsSet(Struct, frozen=True):
    """derive: the facts that a rule gives a value."""

    values: tuple[tuple[str, Plain], ...]


class OptionsNamed(Struct, frozen=True):
    """gate and choose: the options that a rule excludes, requires or decides for."""

    options: tuple[str, ...]


class TracedRule(Struct, frozen=True):
    """A house rule. `blocked_by` are the gates that took away every option that a choice would have led to."""

    id: str
    title: str
    pack: str
    source: str
    stage: Annotated[str, one_of(*STAGES)]
    truth: TruthWord
    status: Annotated[str, one_of(*STATUSES)]
    english: str
    because: str
    cites: tuple[Cite, ...]
    then: FactsSet | OptionsNamed | Take | Advice
    reads: tuple[str, ...]
    unknown: tuple[str, ...]
    blocked_by: tuple[str, ...]
    condition: TracedCondition
