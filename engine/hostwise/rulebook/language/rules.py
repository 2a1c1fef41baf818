"""Rules and packs as data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property

from msgspec import Struct

from hostwise.answers.facts import FactSpec
from hostwise.economics.catalogue.computed_facts import ChoiceFact
from hostwise.reading.findings.diagnostics import Place
from hostwise.rulebook.language.conditions import Condition, Literal

HOUSE = "house"
"""The source of the packs that decide; the packs of a document vote."""
STAGES = ("derive", "gate", "choose", "confirm", "advise")
STATUSES = ("stated", "house", "reading", "unverified")
NUMERIC_POLICIES = ("collect sum", "collect min", "collect max", "collect count")
HIT_POLICIES = ("unique", "any", "first", "priority", *NUMERIC_POLICIES)
"""How several rules for one fact come to one value (OMG DMN 1.5, clause 8.2.8). Policies that give a list cannot."""
REVISIT = "revisit"
"""The kind of advice that says when to decide again; `hostwise check RECORD` holds it against later answers."""
REQUIREMENT = "requirement"
"""The kind of advice that is about some options, whatever the verdict."""
CHOSEN, LEAST_REGRET, LEAST_CHANGE = "chosen", "least-regret", "least-change"
TAKEN = (CHOSEN, LEAST_REGRET, LEAST_CHANGE)
"""What a rule that confirms takes: the choice, the option of least regret, or the one that changes least."""
ADVICE_KINDS = ("condition", "risk", "next_step", REVISIT, "note", "dissent", REQUIREMENT)


class SetFacts(Struct, frozen=True):
    """derive: give facts a value."""

    values: tuple[tuple[str, Literal], ...]


class Exclude(Struct, frozen=True):
    """gate: these options are out."""

    options: tuple[str, ...]


class Require(Struct, frozen=True):
    """gate: every other option is out."""

    options: tuple[str, ...]


class Verdict(Struct, frozen=True):
    """choose (house): the first of these options that no gate excludes."""

    options: tuple[str, ...]


class Vote(Struct, frozen=True):
    """choose (a source document): what that document would say. A hard gate wins over what is unknown."""

    vote: str
    hard_gate: bool = False


class Take(Struct, frozen=True):
    """confirm: the verdict is the choice, or the option of least regret or of least change in its place."""

    take: str


class Advice(Struct, frozen=True):
    """advise: a condition, risk, next step, revisit trigger, note or requirement for the report.

    `plan` is the topic that it stands under. A requirement says what some `options` would need in one `aspect`.
    """

    kind: str
    text: str
    owner: str | None = None
    when_due: str | None = None
    plan: str | None = None
    aspect: str | None = None
    options: tuple[str, ...] = ()


Conclusion = SetFacts | Exclude | Require | Verdict | Vote | Take | Advice


class Rule(Struct, frozen=True, cache_hash=True):
    """One rule. `weight` 0 marks a housekeeping rule that a summary leaves out.

    `true_when` is what its sentence claims, as a condition: it must hold wherever the rule decides (`rules prove`).
    `look_again` is what makes a revisit trigger come true on the answers of a later day: see `loading/look_again.py`.

    Caches look rules up at every decision: the hash of the whole tree is kept.
    """

    id: str
    pack: str
    source: str
    stage: str
    title: str
    when: Condition
    then: Conclusion
    because: str
    cites: tuple[str, ...]
    status: str
    place: Place
    reads: tuple[str, ...]
    weight: int = 1
    look_again: Condition | None = None
    true_when: Condition | None = None

    @property
    def hard_gate(self) -> bool:
        """Whether the rule is a document's hard gate."""
        return isinstance(self.then, Vote) and self.then.hard_gate

    def value_of(self, fact: str) -> Literal:
        """The value that a rule which derives gives a fact. Raises `KeyError` for one that it does not set."""
        assert isinstance(self.then, SetFacts)
        return dict(self.then.values)[fact]

    @property
    def sets(self) -> tuple[str, ...]:
        """The facts that the rule gives a value."""
        return tuple(name for name, _ in self.then.values) if isinstance(self.then, SetFacts) else ()


class DerivedFact(Struct, frozen=True):
    """A fact that rules derive. `default` is its value when every rule for it is false."""

    spec: FactSpec
    default: Literal | None
    hit_policy: str = "any"


class InputFact(Struct, frozen=True):
    """A fact that a pack reads and that is given from outside, with its bounds in its own unit, ends included."""

    spec: FactSpec
    low: Decimal | None = None
    high: Decimal | None = None


class Pack(Struct, frozen=True, cache_hash=True):
    """One rule pack file."""

    id: str
    version: str
    title: str
    source: str
    file: str
    as_of: date
    review_by: date
    facts: tuple[DerivedFact, ...]
    rules: tuple[Rule, ...]
    inputs: tuple[InputFact, ...] = ()


class Rulebook(Struct, frozen=True, dict=True):
    """All packs: the house flow and the source documents' own flows.

    `choice_facts` are the facts that the choice is made on, `kinds` the names that rules may use for several options.
    """

    packs: tuple[Pack, ...]
    version: str
    sha256: str
    specs: Mapping[str, FactSpec]
    choice_facts: tuple[ChoiceFact, ...] = ()
    kinds: Mapping[str, tuple[str, ...]] = {}

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule, in written order."""
        return tuple(rule for pack in self.packs for rule in pack.rules)

    def stage(self, stage: str, source: str) -> tuple[Rule, ...]:
        """The rules of one stage of one source (`house`, `S0` …), in written order."""
        return self._staged.get((stage, source), ())

    @cached_property
    def _staged(self) -> Mapping[tuple[str, str], tuple[Rule, ...]]:
        found: dict[tuple[str, str], list[Rule]] = {}
        for rule in self.rules:
            found.setdefault((rule.stage, rule.source), []).append(rule)
        return {key: tuple(rules) for key, rules in found.items()}

    def defaults(self, source: str) -> Mapping[str, DerivedFact]:
        """The facts that the packs of one source derive."""
        return {fact.spec.name: fact for pack in self.packs if pack.source == source for fact in pack.facts}
