"""A decision and all it rests on. Its JSON has the same keys in the same order; decimals and days are texts there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from hostwise.economics.ledgers.ledger import ToldLine, Variant
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.horizon import Outlook
from hostwise.economics.outlook.crossing import BreakEven
from hostwise.economics.outlook.curves import Point
from hostwise.economics.plans.told.option_plans import OptionPlans
from hostwise.flow.panel import PanelVote
from hostwise.reading.json_values import Plain, as_text, one_of, plain
from hostwise.record.format.robustness import Counterfactual, RecordRobustness
from hostwise.record.format.rules import TracedRule
from hostwise.record.format.sentences import Sentence
from hostwise.record.format.values import Count, Currency, Sha256
from hostwise.record.format.verdict import DecidedVerdict
from hostwise.rulebook.loading.citations import Cite

RECORD_FORMAT = 1


class EnginesUsed(Struct, frozen=True):
    """What the rules ran on; `agreed` where two engines found the same."""

    used: tuple[str, ...]
    agreed: bool
    note: str | None


class Program(Struct, frozen=True):
    """What decided. `allow_stale`: on knowledge that may be too old to decide on."""

    version: str
    record_format: Annotated[int, Meta(ge=RECORD_FORMAT, le=RECORD_FORMAT)]
    engines: EnginesUsed
    allow_stale: bool


class OverdueKnowledge(Struct, frozen=True):
    """Something that the decision rests on and that is past its review date."""

    kind: str
    name: str
    as_of: date
    review_by: date
    too_old: bool


class PackUsed(Struct, frozen=True):
    """A file of rules; `rules` is how many it has."""

    id: str
    version: str
    title: str
    source: str
    file: str
    sha256: Sha256
    rules: Count
    as_of: date
    review_by: date


class DocumentUsed(Struct, frozen=True):
    """A source document that rules cite: what it calls itself, who wrote it and when, and where it can be read.

    None for what it does not state. `sha256` is that of the text that was read.
    """

    id: str
    title: str
    author: str | None
    publisher: str | None
    published: str | None
    address: str | None
    sha256: Sha256


class RulebookUsed(Struct, frozen=True):
    """The rules, the documents that they cite, and how the texts of this record were made."""

    version: str
    sha256: Sha256
    packs: tuple[PackUsed, ...]
    documents: tuple[DocumentUsed, ...]
    overdue: tuple[OverdueKnowledge, ...]
    sentences: tuple[Sentence, ...]
    cites: tuple[Cite, ...] = ()
    """What the sources of ledgers, assumed answers and draws cite, by document and number; each rule has its own."""


class CatalogueFile(Struct, frozen=True):
    """A file of figures."""

    file: str
    sha256: Sha256


class CatalogueUsed(Struct, frozen=True):
    """The figures; `packages` are those with prices, by version."""

    sha256: Sha256
    files: tuple[CatalogueFile, ...]
    packages: Mapping[str, str]
    overdue: tuple[OverdueKnowledge, ...]


class QuestionAnswered(Struct, frozen=True):
    """A question with its answer as written and as read; a default, or unknown, where it has none."""

    key: str
    label: str
    section: str
    written: str | None
    value: bool | int | str | tuple[str, ...] | Mapping[str, Mapping[str, str | None]] | None
    unit: str
    line: Count | None
    column: Count | None
    state: Annotated[str, one_of("given", "default", "unknown")]
    help: str
    asked: bool = True
    """Whether it is one beside the other answers: not where they leave nothing to ask, or say the same volume."""


class AnswerDoubted(Struct, frozen=True):
    """A warning about an answer: where it stands, what is doubtful, and what it may have been meant to be."""

    code: str
    line: Count
    column: Count
    text: str
    found: str | None
    accepted: str | None
    suggestion: str | None


class QuestionnaireUsed(Struct, frozen=True):
    """The questionnaire, whole, every question with its answer, how they were read, and what is doubtful about them."""

    file: str
    sha256: Sha256
    text: str
    values: tuple[QuestionAnswered, ...]
    read_as: tuple[str, ...]
    warnings: tuple[AnswerDoubted, ...]


class RecordedFact(Struct, frozen=True):
    """A value that rules could read, and where it came from: a place in a file, a source, or a formula."""

    name: str
    label: str
    type: str
    unit: str
    value: Plain | None
    low: Decimal | None
    high: Decimal | None
    shown: str
    origin: Annotated[str, one_of("given", "measured", "assumed", "derived")]
    file: str | None
    line: Count | None
    column: Count | None
    key: str | None
    source: str | None
    formula: str | None
    inputs: tuple[str, ...]


class RecordedLedger(Struct, frozen=True):
    """An option's monthly cost. Not priced: `why_not` says what is missing. `curve` is its cost over the volume."""

    option: str
    label: str
    variant: str
    currency: Currency
    priced: bool
    why_not: str | None
    needs: tuple[str, ...]
    items: tuple[ToldLine, ...]
    total: Band | None
    per_million: Band | None
    capacity: Mapping[str, str] | None
    variants: tuple[Variant, ...]
    outlooks: tuple[Outlook, ...]
    curve: tuple[Point, ...]
    feasible: bool
    excluded_by: tuple[str, ...]


class Record(Struct, frozen=True):
    """A decision and all it rests on. `id` is the SHA-256 of its canonical JSON (RFC 8785) without the id.

    >>> record.verdict.option                                                # doctest: +SKIP
    'open-model-provider'
    """

    hostwise: Program
    id: Sha256
    as_of: date
    rulebook: RulebookUsed
    catalogue: CatalogueUsed
    answers: QuestionnaireUsed
    facts: tuple[RecordedFact, ...]
    plans: tuple[OptionPlans, ...]
    rules: tuple[TracedRule, ...]
    firings: tuple[str, ...]
    ledgers: tuple[RecordedLedger, ...]
    break_even: tuple[BreakEven, ...]
    panel: Mapping[str, PanelVote]
    robustness: RecordRobustness
    counterfactuals: tuple[Counterfactual, ...]
    verdict: DecidedVerdict

    @property
    def json(self) -> str:
        """The record as indented JSON, keys in the order of the format."""
        return as_text(plain(self))
