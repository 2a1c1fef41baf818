"""The house flow and the panel as a DMN decision requirements graph, before it is written as XML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from hostwise.economics.catalogue.computed_facts import CHOSEN, VERDICT, AnyLeft, Cheapest, Saving
from hostwise.economics.catalogue.options import INFEASIBLE, UNDECIDED
from hostwise.flow.choice_facts import left, monthly
from hostwise.flow.flow import TAKEN_FROM
from hostwise.flow.gates import options_excluded
from hostwise.flow.knowledge import Knowledge
from hostwise.flow.panel import NEED_FACTS, UNDEFINED
from hostwise.rulebook.language.rules import HOUSE, Rule, Rulebook, Take, Verdict, Vote
from hostwise.rulebook.tables.decision_tables import (
    DecisionTable,
    derived_in_order,
    truth_name,
    truth_table,
    value_table,
)
from hostwise.rulebook.tables.settled_tables import needs_truths, settled_table
from hostwise.workbench.exchange import feel


class InputData(Struct, frozen=True):
    """A fact that is given from outside."""

    name: str
    label: str
    type: str
    values: tuple[str, ...]


class Decision(Struct, frozen=True):
    """One decision: a table, or boxed FEEL (`entries` of a context, the last one its result). `column` is its stage."""

    name: str
    label: str
    type: str
    column: int
    reads: tuple[str, ...]
    table: DecisionTable | None = None
    policy: str = "ANY"
    aggregation: str | None = None
    entries: tuple[tuple[str, str], ...] = ()
    about: str = ""
    cites: tuple[str, ...] = ()


class Graph(Struct, frozen=True):
    """The whole graph, each decision after those it requires."""

    inputs: tuple[InputData, ...]
    decisions: tuple[Decision, ...]


AGGREGATIONS = {"collect sum": "SUM", "collect min": "MIN", "collect max": "MAX", "collect count": "SUM"}
POLICIES = {"any": "ANY", "unique": "UNIQUE", "first": "FIRST", "priority": "PRIORITY"}
TYPES = {"boolean": "boolean", "enum": "string"}


def graph(knowledge: Knowledge) -> Graph:
    """The decision requirements graph of the rules."""
    book, options = knowledge.rulebook, tuple(knowledge.catalogue.options)
    return _with_inputs((*_derived(book), *_gates(book, options), *_choice(book, options), *_panel(book)), book)


def derived_graph(book: Rulebook) -> Graph:
    """The part of the graph that derives facts, which any rulebook has."""
    return _with_inputs(tuple(_derived(book)), book)


def _with_inputs(decisions: tuple[Decision, ...], book: Rulebook) -> Graph:
    made = {decision.name for decision in decisions}
    needed = dict.fromkeys(name for decision in decisions for name in decision.reads if name not in made)
    inputs = tuple(
        InputData(
            name, book.specs[name].label or name, TYPES.get(book.specs[name].type, "number"), book.specs[name].values
        )
        for name in sorted(needed)
    )
    return Graph(inputs, decisions)


def _derived(book: Rulebook) -> Iterator[Decision]:
    shown: set[str] = set()
    for source in dict.fromkeys(pack.source for pack in book.packs):
        for fact, makers in derived_in_order(book, source):
            if needs_truths(fact, makers, book.specs):
                yield from (_truth(rule, book, 1) for rule in makers if rule.id not in shown)
                shown |= {rule.id for rule in makers}
                table = settled_table(fact, makers)
            else:
                table = value_table(fact, makers, book.specs)
            aggregation = AGGREGATIONS.get(fact.hit_policy)
            policy = "COLLECT" if aggregation else POLICIES[fact.hit_policy]
            kind = TYPES.get(fact.spec.type, "number")
            about = " ".join(f"{rule.id}: {rule.because}" for rule in makers)
            cites = tuple(dict.fromkeys(claim for rule in makers for claim in rule.cites))
            yield Decision(
                fact.spec.name, fact.spec.label, kind, 1, table.reads, table, policy, aggregation, (), about, cites
            )


def _truth(rule: Rule, book: Rulebook, column: int) -> Decision:
    table = truth_table(rule, book.specs)
    label = f"{rule.id}: {rule.title}"
    return Decision(table.name, label, "string", column, table.reads, table, "ANY", None, (), rule.because, rule.cites)


def _gates(book: Rulebook, options: Sequence[str]) -> Iterator[Decision]:
    gates = book.stage("gate", HOUSE)
    yield from (_truth(gate, book, 2) for gate in gates)
    for option in options:
        truths = [truth_name(gate) for gate in gates if option in options_excluded(gate, options)]
        yield _formula(left(option), f"{option} is left", "boolean", 3, f"not({feel.any_true(_names(truths))})", truths)
    for entry in book.choice_facts:
        if isinstance(entry, AnyLeft):
            names = [left(option) for option in entry.options]
            yield _formula(entry.name, entry.label, "boolean", 4, " or ".join(_names(names)), names)
    every = [left(option) for option in options]
    yield _formula("gates.any_left", "some option is left", "boolean", 4, " or ".join(_names(every)), every)
    parts = []
    for gate in gates:
        could = " or ".join(_names([left(option) for option in options_excluded(gate, options)]))
        parts.append(f'({feel.name_of(truth_name(gate))} = "unknown" and ({could or "false"}))')
    reads = [*(truth_name(gate) for gate in gates), *every]
    yield _formula(
        "gates.unsettled", "a gate is open", "boolean", 4, " or ".join(parts) or "false", reads if parts else []
    )


def _choice(book: Rulebook, options: Sequence[str]) -> Iterator[Decision]:
    for option in options:
        text = f"if {feel.name_of(left(option))} then {feel.name_of(monthly(option))} else null"
        reads = [left(option), monthly(option)]
        yield _formula(f"priced.{option}", f"monthly cost of {option}, where it is left", "number", 4, text, reads)
    for entry in book.choice_facts:
        if isinstance(entry, Cheapest):
            kinds = [f"priced.{option}" for option in entry.options]
            name = f"{entry.name}.monthly"
            yield _formula(name, f"monthly cost of {entry.label}", "number", 5, feel.least(_names(kinds)), kinds)
            cost = feel.name_of(name)
            cases = [
                (f"{feel.name_of(f'priced.{option}')} = {cost} and {cost} != null", feel.literal(option))
                for option in entry.options
            ]
            text = feel.chosen(cases, "null")
            yield _formula(f"{entry.name}.option", entry.label, "string", 5, text, [*kinds, name])
        elif isinstance(entry, Saving):
            of, against = ([f"priced.{option}" for option in kinds] for kinds in (entry.of, entry.against))
            share = "if of = null or against = null or against = 0 then null else decimal(1 - of / against, 9)"
            entries = (("of", feel.least(_names(of))), ("against", feel.least(_names(against))), ("", share))
            needs = tuple(dict.fromkeys([*of, *against]))
            yield Decision(entry.name, entry.label, "number", 5, needs, entries=entries)
    choices = book.stage("choose", HOUSE)
    yield from (_truth(rule, book, 6) for rule in choices)
    yield from _verdict(choices, options)
    yield from _confirmed(book, options)


def _verdict(choices: Sequence[Rule], options: Sequence[str]) -> Iterator[Decision]:
    lands = []
    for rule in choices:
        assert isinstance(rule.then, Verdict)
        cases = [(feel.name_of(left(o)) if o in options else "true", feel.literal(o)) for o in rule.then.options]
        lands.append((truth_name(rule), feel.chosen(cases, "null")))
    reads = tuple(dict.fromkeys([*(name for name, _ in lands), *(left(option) for option in options)]))
    yield Decision("possible", "the options that the choice could still end in", "Any", 7, reads,
                   entries=_possible(lands), about="The first that holds decides; unknown forks.")  # fmt: skip
    decided = f'if count(distinct values(possible)) = 1 then possible[1] else "{UNDECIDED}"'
    cases = [("not(gates_any_left)", f'"{INFEASIBLE}"'), ("gates_unsettled", f'"{UNDECIDED}"')]
    text = feel.chosen(cases, decided)
    yield _formula(CHOSEN, "what was chosen", "string", 8, text, ["gates.any_left", "gates.unsettled", "possible"])


def _confirmed(book: Rulebook, options: Sequence[str]) -> Iterator[Decision]:
    """The verdict: what was chosen, or what the first rule that confirms takes in its place."""
    rules = book.stage("confirm", HOUSE)
    yield from (_truth(rule, book, 9) for rule in rules)
    chosen = feel.name_of(CHOSEN)
    cases = [(f'{chosen} = "{outcome}"', chosen) for outcome in (UNDECIDED, INFEASIBLE)]
    reads = [CHOSEN, *(truth_name(rule) for rule in rules), *(left(option) for option in options)]
    for rule in rules:
        assert isinstance(rule.then, Take)
        named = []
        if (name := TAKEN_FROM.get(rule.then.take)) is not None:
            reads.append(name)
            for option in book.specs[name].values:
                left_over = f"{feel.name_of(name)} = {feel.literal(option)} and {feel.name_of(left(option))}"
                named.append((left_over, feel.literal(option)))
        cases.append((f'{feel.name_of(truth_name(rule))} = "true"', f"({feel.chosen(named, chosen)})"))
    yield _formula(VERDICT, "the verdict", "string", 10, feel.chosen(cases, chosen), reads)


def _possible(rules: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Boxed context: the candidates, those still open, and of them all up to the first that is true."""
    candidates = ", ".join(f"{{value: {value}, truth: {feel.name_of(truth)}}}" for truth, value in rules)
    return (
        ("candidates", f"[{candidates}]"),
        ("open", 'candidates[value != null and truth != "false"]'),
        ("settled", 'index of(open.truth, "true")'),
        ("", "if count(settled) = 0 then open.value else sublist(open.value, 1, settled[1])"),
    )


def _panel(book: Rulebook) -> Iterator[Decision]:
    for source in dict.fromkeys(pack.source for pack in book.packs if pack.source != HOUSE):
        rules = book.stage("choose", source)
        yield from (_truth(rule, book, 2) for rule in rules)
        gates = [rule for rule in rules if rule.hard_gate]
        rest = [(truth_name(rule), feel.literal(_vote(rule))) for rule in rules if not rule.hard_gate]
        yield Decision(f"possible.{source}", f"{source}: the votes still open", "Any", 3,
                       tuple(name for name, _ in rest), entries=_possible(rest))  # fmt: skip
        values = feel.name_of(f"possible.{source}")
        cases = [(f'{feel.name_of(truth_name(gate))} = "true"', feel.literal(_vote(gate))) for gate in gates]
        cases += [(f'{feel.name_of(truth_name(gate))} = "unknown"', f'"{NEED_FACTS}"') for gate in gates]
        cases += [(f"count({values}) = 0", f'"{UNDEFINED}"'), (f"count(distinct values({values})) = 1", f"{values}[1]")]
        reads = [*(truth_name(gate) for gate in gates), f"possible.{source}"]
        yield _formula(f"vote.{source}", f"{source} votes", "string", 4, feel.chosen(cases, f'"{NEED_FACTS}"'), reads)


def _vote(rule: Rule) -> str:
    assert isinstance(rule.then, Vote)
    return rule.then.vote


def _formula(name: str, label: str, kind: str, column: int, text: str, reads: Sequence[str]) -> Decision:
    return Decision(name, label, kind, column, tuple(dict.fromkeys(reads)), entries=(("", text),))


def _names(facts: Sequence[str]) -> list[str]:
    return [feel.name_of(fact) for fact in facts]
