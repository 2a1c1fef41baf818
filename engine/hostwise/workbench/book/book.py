"""The whole rulebook gathered for reading: flows with their decision tables, facts, packs and claims.

A flow is the rules of one source in the order in which they run: what they derive, rule out, choose and advise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import FactSpec
from hostwise.answers.questions.questions import Question
from hostwise.flow.choice_facts import left, monthly
from hostwise.flow.knowledge import Knowledge
from hostwise.rulebook.english.conclusions import briefly
from hostwise.rulebook.language.rules import ADVICE_KINDS, HOUSE, Advice, DerivedFact, InputFact, Pack, Rule
from hostwise.rulebook.loading.citations import SourceDocument, load_citations, load_documents
from hostwise.rulebook.tables.cell_text import cell_text, column_text
from hostwise.rulebook.tables.decision_tables import derived_in_order
from hostwise.rulebook.tables.normal_form import rows_true
from hostwise.workbench.book.origins import CHOICE, COSTS, INPUT, QUESTION, VERDICT, FactOrigin, origin_of, question_of
from hostwise.workbench.book.rule_list import facts_named
from hostwise.workbench.book.sheet import Resting, Sheet, outcome_labels, resting, sheet_of


class BookColumn(Struct, frozen=True):
    """A column of a decision table: one fact, or a fact against `other`."""

    title: str
    fact: str
    other: str | None


class BookLine(Struct, frozen=True):
    """A line of a decision table: a text for each column, "" where any value will do, and what follows."""

    rule: Rule
    cells: tuple[str, ...]
    output: str


class BookTable(Struct, frozen=True):
    """Rules as a table; a rule whose condition can be met in several ways has several lines."""

    columns: tuple[BookColumn, ...]
    lines: tuple[BookLine, ...]


class BookRule(Struct, frozen=True):
    """A rule as it stands in the book, with its own table."""

    sheet: Sheet
    table: BookTable


class BookDerived(Struct, frozen=True):
    """A derived fact: its declaration, default in words, table, the rules that make it, and who reads it.

    A rule that makes several facts is an entry of the first alone.
    """

    fact: DerivedFact
    default: str
    table: BookTable
    entries: tuple[BookRule, ...]
    readers: tuple[str, ...]


class Chapter(Struct, frozen=True):
    """One stage of a flow, or one kind of advice (`kind`)."""

    stage: str
    kind: str
    table: BookTable
    entries: tuple[BookRule, ...]


class BookFlow(Struct, frozen=True):
    """The rules of one source. `document` is what it follows; the house has none."""

    source: str
    document: SourceDocument | None
    packs: tuple[Pack, ...]
    derived: tuple[BookDerived, ...]
    chapters: tuple[Chapter, ...]


class BookGiven(Struct, frozen=True):
    """A fact that no rule derives: who makes it, its question or its declaration, and in which range it lies."""

    origin: FactOrigin
    question: Question | None
    range: str
    readers: tuple[str, ...]


class Claim(Struct, frozen=True):
    """A claim that rules cite, and which."""

    claim: str
    resting: Resting
    cited_by: tuple[str, ...]


class Book(Struct, frozen=True):
    """The whole rulebook. `facts` groups what is given by who makes it."""

    version: str
    sha256: str
    options: Mapping[str, tuple[str, str]]
    flows: tuple[BookFlow, ...]
    facts: Mapping[str, tuple[BookGiven, ...]]
    claims: tuple[Claim, ...]
    registered: int
    specs: Mapping[str, FactSpec]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule, flow by flow."""
        return tuple(rule for flow in self.flows for pack in flow.packs for rule in pack.rules)


def read_book(knowledge: Knowledge) -> Book:
    """Gather the rulebook."""
    rulebook = knowledge.rulebook
    sources = sorted({pack.source for pack in rulebook.packs}, key=lambda source: (source != HOUSE, source))
    return Book(
        version=rulebook.version,
        sha256=knowledge.rules_sha256,
        options={name: (option.label, option.sentence) for name, option in knowledge.catalogue.options.items()},
        flows=tuple(_flow(source, knowledge) for source in sources),
        facts=_given(knowledge),
        claims=tuple(_claims(knowledge)),
        registered=len(load_citations(knowledge.root)),
        specs=rulebook.specs,
    )


def decision_table(rules: Sequence[Rule], outputs: Mapping[str, str], specs: Mapping[str, FactSpec]) -> BookTable:
    """Some rules as one table; `outputs` says what follows from each, by its id."""
    rows = [(rule, row) for rule in rules for row in rows_true(rule.when, specs)]
    subjects = tuple(dict.fromkeys(subject for _, row in rows for subject in row))
    return BookTable(
        tuple(BookColumn(column_text(subject, specs), subject.fact, subject.other) for subject in subjects),
        tuple(
            BookLine(
                rule, tuple(cell_text(row[s], specs[s.fact]) if s in row else "" for s in subjects), outputs[rule.id]
            )
            for rule, row in rows
        ),
    )


def _flow(source: str, knowledge: Knowledge) -> BookFlow:
    packs = tuple(pack for pack in knowledge.rulebook.packs if pack.source == source)
    documents = load_documents(knowledge.root) if source != HOUSE else {}
    return BookFlow(
        source, documents.get(source), packs, tuple(_derived(source, knowledge)), tuple(_chapters(source, knowledge))
    )


def _derived(source: str, knowledge: Knowledge) -> Iterator[BookDerived]:
    specs = knowledge.rulebook.specs
    told: set[str] = set()
    for fact, makers in derived_in_order(knowledge.rulebook, source):
        spec = fact.spec
        outputs = {rule.id: format_value(rule.value_of(spec.name), spec.type, spec.unit) for rule in makers}
        default = "" if fact.default is None else format_value(fact.default, spec.type, spec.unit)
        readers = origin_of(spec.name, knowledge, source).readers
        entries = tuple(_entry(rule, knowledge) for rule in makers if rule.id not in told)
        told |= {rule.id for rule in makers}
        yield BookDerived(fact, default, decision_table(makers, outputs, specs), entries, readers)


def _chapters(source: str, knowledge: Knowledge) -> Iterator[Chapter]:
    for stage in ("gate", "choose", "confirm"):
        if rules := knowledge.rulebook.stage(stage, source):
            yield _chapter(stage, "", rules, knowledge)
    advice = knowledge.rulebook.stage("advise", source)
    for kind in ADVICE_KINDS:
        if rules := tuple(rule for rule in advice if isinstance(rule.then, Advice) and rule.then.kind == kind):
            yield _chapter("advise", kind, rules, knowledge)


def _chapter(stage: str, kind: str, rules: Sequence[Rule], knowledge: Knowledge) -> Chapter:
    return Chapter(stage, kind, _table(rules, knowledge), tuple(_entry(rule, knowledge) for rule in rules))


def _entry(rule: Rule, knowledge: Knowledge) -> BookRule:
    return BookRule(sheet_of(rule, knowledge), _table([rule], knowledge))


def _table(rules: Sequence[Rule], knowledge: Knowledge) -> BookTable:
    specs, labels = knowledge.rulebook.specs, outcome_labels(knowledge)
    return decision_table(rules, {rule.id: briefly(rule.then, specs, labels) for rule in rules}, specs)


def _given(knowledge: Knowledge) -> dict[str, tuple[BookGiven, ...]]:
    rules = knowledge.rulebook.rules
    declared = {given.spec.name: given for pack in knowledge.rulebook.packs for given in pack.inputs}
    named = {name for rule in rules for name in facts_named(rule)}
    named |= {make(option) for option in knowledge.catalogue.options for make in (left, monthly)}
    found: dict[str, list[BookGiven]] = {kind: [] for kind in (QUESTION, INPUT, COSTS, CHOICE, VERDICT)}
    for name in knowledge.rulebook.specs:
        origin = origin_of(name, knowledge)
        if origin.kind in found and (name in named or name in declared):
            question = question_of(name, knowledge)
            readers = tuple(rule.id for rule in rules if name in rule.reads)
            limits = declared.get(name) or question
            found[origin.kind].append(BookGiven(origin, question, _range(limits, origin.spec), readers))
    return {kind: tuple(given) for kind, given in found.items() if given}


def _range(limits: Question | InputFact | None, spec: FactSpec) -> str:
    if limits is None or (isinstance(limits, Question) and not limits.numeric):
        return ""
    low, high = (limits.low, limits.high) if isinstance(limits, InputFact) else (limits.min, limits.max)
    shown = [None if end is None else format_value(end, spec.type, spec.unit) for end in (low, high)]
    if shown[0] is None or shown[1] is None:
        return f"≥ {shown[0]}" if shown[0] is not None else f"≤ {shown[1]}" if shown[1] is not None else ""
    return f"{shown[0]} to {shown[1]}"


def _claims(knowledge: Knowledge) -> Iterator[Claim]:
    citing: dict[str, list[str]] = {}
    for rule in knowledge.rulebook.rules:
        for claim in rule.cites:
            citing.setdefault(claim, []).append(rule.id)
    for claim in sorted(citing):
        yield Claim(claim, resting(claim, knowledge), tuple(dict.fromkeys(citing[claim])))
