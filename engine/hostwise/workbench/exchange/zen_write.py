"""The rulebook as a JSON Decision Model, the format of GoRules ZEN (https://docs.gorules.io).

Facts go in, the cost model's among them; verdict, deciding rule and the panel's votes come out. Nodes are
decision tables wherever a table can say it: one for each derived fact, one for the truth of each gate and each
choice. The rest (what is left, savings, the fork over unknown answers) are expressions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from hostwise.answers.facts import FactSpec
from hostwise.economics.catalogue.computed_facts import AnyLeft, Cheapest, ChoiceFact, Saving
from hostwise.economics.catalogue.options import INFEASIBLE, UNDECIDED
from hostwise.flow.choice_facts import left, monthly
from hostwise.flow.flow import TAKEN_FROM
from hostwise.flow.gates import options_excluded
from hostwise.flow.knowledge import Knowledge
from hostwise.flow.panel import NEED_FACTS, UNDEFINED
from hostwise.rulebook.language.rules import HOUSE, NUMERIC_POLICIES, DerivedFact, Rule, Rulebook, Take, Verdict, Vote
from hostwise.rulebook.tables.decision_tables import (
    DecisionTable,
    derived_in_order,
    plain_table,
    truth_name,
    truth_table,
    value_table,
)
from hostwise.workbench.exchange import zen

LINES = "edges"
"""What a JSON Decision Model calls the lines between its nodes; each is of the type of its singular."""


class _Node(Struct, frozen=True):
    """A node of the graph: `makes` are the names it gives, `reads` those it needs."""

    id: str
    name: str
    kind: str
    column: int
    content: dict[str, Any]
    reads: tuple[str, ...]
    makes: tuple[str, ...]


def jdm_text(knowledge: Knowledge) -> str:
    """The rulebook of `knowledge` as an indented JSON Decision Model."""
    graph = as_jdm(knowledge.rulebook, tuple(knowledge.catalogue.options))
    return json.dumps(graph, indent=2, ensure_ascii=False) + "\n"


def as_jdm(rulebook: Rulebook, options: Sequence[str]) -> dict[str, Any]:
    """The decision graph. Its result holds `verdict`, `rule`, `possible` and `votes`."""
    nodes = [*_house(rulebook, tuple(options)), *_panel(rulebook)]
    start = _Node("facts", "Facts", "inputNode", 0, {}, (), ())
    end = _Node("decision", "Decision", "outputNode", 10, {}, ("verdict", "rule", "possible", "votes"), ())
    every = [start, *nodes, end]
    return {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [_written(node, place) for node, place in _placed(every)],
        LINES: list(_edges(every)),
    }


def _house(rulebook: Rulebook, options: tuple[str, ...]) -> Iterator[_Node]:
    for fact, makers in derived_in_order(rulebook, HOUSE):
        yield from _derived(fact, makers, rulebook)
    gates = rulebook.stage("gate", HOUSE)
    for gate in gates:
        yield _table(truth_table(gate, rulebook.specs), 3)
    yield _expressions("left", "What the gates leave", 4, _left(gates, options, rulebook.choice_facts))
    yield _expressions("choice-facts", "What the choice is made on", 5, _choice_facts(options, rulebook.choice_facts))
    choices = rulebook.stage("choose", HOUSE)
    for rule in choices:
        yield _table(truth_table(rule, rulebook.specs), 6)
    yield _expressions("choice", "The choice", 7, _verdict(choices, options))
    confirming = rulebook.stage("confirm", HOUSE)
    for rule in confirming:
        yield _table(truth_table(rule, rulebook.specs), 8)
    yield _expressions("verdict", "The verdict", 9, _confirmed(confirming, rulebook.specs, options))


def _derived(fact: DerivedFact, makers: tuple[Rule, ...], rulebook: Rulebook) -> Iterator[_Node]:
    if plain_table(fact):
        yield _table(value_table(fact, makers, rulebook.specs), 2)
        return
    for rule in makers:
        yield _table(truth_table(rule, rulebook.specs), 1)
    yield _expressions(fact.spec.name, fact.spec.label, 2, _by_policy(fact, makers))


def _by_policy(fact: DerivedFact, makers: tuple[Rule, ...]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """A derived fact from the truths of its rules, as `inference.derived` does it."""
    name, key = fact.spec.name, "work." + fact.spec.name.replace(".", "_")
    truths = [(truth_name(rule), zen.literal(rule.value_of(name))) for rule in makers]
    reads = tuple(truth for truth, _ in truths)
    none_true = " and ".join(f"{truth} != 'true'" for truth in reads)
    waits = " or ".join(f"{truth} == 'unknown'" for truth in reads)
    otherwise = f"(({waits}) ? null : {zen.literal(fact.default)})"
    if fact.hit_policy in NUMERIC_POLICIES:
        held = f"map(filter([{', '.join(f'{{v: {v}, t: {t}}}' for t, v in truths)}], #.t == 'true'), #.v)"
        word = {"collect sum": "sum", "collect min": "min", "collect max": "max", "collect count": "len"}
        total = f"{word[fact.hit_policy]}($.{key}.held)"
        empty = "0" if fact.hit_policy == "collect count" else zen.literal(fact.default)
        yield f"{key}.held", held, reads
        yield name, f"({waits}) ? null : (len($.{key}.held) == 0 ? {empty} : {total})", reads
        return
    if fact.hit_policy in ("any", "unique"):
        first = zen.chosen([(f"{truth} == 'true'", value) for truth, value in truths], otherwise)
        yield name, first, reads
        return
    if fact.hit_policy == "priority":
        rank = {zen.literal(value): place for place, value in enumerate(fact.spec.values)}
        truths = sorted(truths, key=lambda pair: rank[pair[1]])
    yield f"{key}.possible", zen.possible([zen.OpenRule(t, v) for t, v in truths]), reads
    values = f"$.{key}.possible"
    yield name, f"({none_true}) ? {otherwise} : ({zen.alike(values)} ? {values}[0] : null)", reads


_Formula = tuple[str, str, tuple[str, ...]]


def _left(gates: Sequence[Rule], options: tuple[str, ...], table: Sequence[ChoiceFact]) -> Iterator[_Formula]:
    """Feasibility, and whether a gate that is unknown could still exclude something."""
    out = {
        option: [truth_name(gate) for gate in gates if option in options_excluded(gate, options)] for option in options
    }
    for option in options:
        excluded = " or ".join(f"{truth} == 'true'" for truth in out[option]) or "false"
        yield left(option), f"not ({excluded})", tuple(out[option])
    for entry in table:
        if isinstance(entry, AnyLeft):
            yield entry.name, " or ".join(f"$.{left(option)}" for option in entry.options), ()
    open_ = []
    for gate in gates:
        could = [f"$.{left(option)}" for option in options_excluded(gate, options)]
        open_.append(f"({truth_name(gate)} == 'unknown' and ({' or '.join(could) or 'false'}))")
    yield "gates.unsettled", " or ".join(open_) or "false", tuple(truth_name(gate) for gate in gates)
    yield "gates.any_left", " or ".join(f"$.{left(option)}" for option in options), ()


def _choice_facts(options: tuple[str, ...], table: Sequence[ChoiceFact]) -> Iterator[_Formula]:
    for option in options:
        yield f"priced.{left(option)}", f"{left(option)} ? {monthly(option)} : null", (left(option), monthly(option))
    for entry in table:
        if isinstance(entry, Cheapest):
            kinds = entry.options
            yield f"{entry.name}.monthly", _least(kinds), ()
            cases = [(f"$.priced.{left(o)} != null and $.priced.{left(o)} == $.{entry.name}.monthly", o) for o in kinds]
            yield f"{entry.name}.option", zen.chosen([(c, zen.quoted(o)) for c, o in cases], "null"), ()
        elif isinstance(entry, Saving):
            key = "work." + entry.name.replace(".", "_")
            yield f"{key}.of", _least(entry.of), ()
            yield f"{key}.against", _least(entry.against), ()
            of, against = f"$.{key}.of", f"$.{key}.against"
            known = f"{of} != null and {against} != null and {against} != 0"
            yield entry.name, f"({known}) ? round((1 - {of} / {against}) * 1000000000) / 1000000000 : null", ()


def _least(kinds: Sequence[str]) -> str:
    priced = f"filter([{', '.join(f'$.priced.{left(option)}' for option in kinds)}], # != null)"
    return f"len({priced}) > 0 ? min({priced}) : null"


def _verdict(choices: Sequence[Rule], options: tuple[str, ...]) -> Iterator[_Formula]:
    candidates, names = [], []
    for rule in choices:
        assert isinstance(rule.then, Verdict)
        cases = [(left(o) if o in options else "true", zen.quoted(o)) for o in rule.then.options]
        lands = zen.chosen(cases, "null")
        candidates.append(zen.OpenRule(truth_name(rule), lands))
        names.append(zen.OpenRule(truth_name(rule), f"({lands} != null ? {zen.quoted(rule.id)} : null)"))
    reads = (*(c.truth for c in candidates), *(left(o) for o in options), "gates.unsettled", "gates.any_left")
    yield "possible", zen.possible(candidates), reads
    yield "rules", zen.possible(names), ()
    same = f"{zen.alike('$.possible')} and $.possible[0] != {zen.quoted(UNDECIDED)}"
    decided = f"({same}) ? $.possible[0] : {zen.quoted(UNDECIDED)}"
    open_ = f"gates.unsettled ? {zen.quoted(UNDECIDED)} : ({decided})"
    yield "work.choice", f"not gates.any_left ? {zen.quoted(INFEASIBLE)} : ({open_})", ()
    yield "work.chosen_by", "len($.rules) > 0 ? $.rules[0] : null", ()


def _confirmed(rules: Sequence[Rule], specs: Mapping[str, FactSpec], options: tuple[str, ...]) -> Iterator[_Formula]:
    """The verdict: what was chosen, or what the first rule that confirms takes in its place."""
    choice = "work.choice"
    held = [(f"{truth_name(rule)} == 'true'", rule) for rule in rules]
    used = {rule.then.take for rule in rules if isinstance(rule.then, Take)}
    sources = {take: fact for take, fact in TAKEN_FROM.items() if take in used}
    named = {take: f"({zen.chosen(_named(fact, specs), 'null')})" for take, fact in sources.items()}
    cases = []
    for truth, rule in held:
        assert isinstance(rule.then, Take)
        cases.append((truth, named.get(rule.then.take, "null")))
    reads = (*(truth_name(rule) for rule in rules), *(left(o) for o in options), *sources.values())
    open_ = f"{choice} in [{zen.quoted(UNDECIDED)}, {zen.quoted(INFEASIBLE)}]"
    yield "work.taken", f"{open_} ? null : {zen.chosen(cases, 'null')}", (choice, *reads)
    yield "verdict", f"$.work.taken != null ? $.work.taken : {choice}", ()
    by = zen.chosen([(truth, zen.quoted(rule.id)) for truth, rule in held], "null")
    replaced = f"$.work.taken != null and $.work.taken != {choice}"
    yield "rule", f"{replaced} ? {by} : work.chosen_by", ("work.chosen_by",)


def _named(fact: str, specs: Mapping[str, FactSpec]) -> list[tuple[str, str]]:
    """The option that a fact names, where no gate excludes it."""
    return [(f"{fact} == {zen.quoted(o)} and {left(o)}", zen.quoted(o)) for o in specs[fact].values]


def _panel(rulebook: Rulebook) -> Iterator[_Node]:
    """Each document's vote, as `decision.panel` casts it."""
    formulas: list[_Formula] = []
    for source in dict.fromkeys(pack.source for pack in rulebook.packs if pack.source != HOUSE):
        rules = rulebook.stage("choose", source)
        for rule in rules:
            yield _table(truth_table(rule, rulebook.specs), 3)
        formulas += _vote(source, rules)
    yield _expressions("votes", "The panel", 7, iter(formulas))


def _vote(source: str, rules: Sequence[Rule]) -> Iterator[_Formula]:
    gates = [rule for rule in rules if rule.hard_gate]
    rest = [zen.OpenRule(truth_name(rule), zen.quoted(_outcome(rule))) for rule in rules if not rule.hard_gate]
    key = f"work.{source}"
    yield f"{key}.possible", zen.possible(rest), tuple(truth_name(rule) for rule in rules)
    values = f"$.{key}.possible"
    cases = [(f"{truth_name(gate)} == 'true'", zen.quoted(_outcome(gate))) for gate in gates]
    cases += [(f"{truth_name(gate)} == 'unknown'", zen.quoted(NEED_FACTS)) for gate in gates]
    cases += [(f"len({values}) == 0", zen.quoted(UNDEFINED)), (zen.alike(values), f"{values}[0]")]
    yield f"votes.{source}", zen.chosen(cases, zen.quoted(NEED_FACTS)), ()


def _outcome(rule: Rule) -> str:
    assert isinstance(rule.then, Vote)
    return rule.then.vote


def _table(table: DecisionTable, column: int) -> _Node:
    ids = {subject: f"c{n}" for n, subject in enumerate(table.columns)}
    inputs = [
        {"id": ids[subject], "name": f"{subject.fact} : {subject.other}" if subject.other else subject.fact}
        | ({} if subject.other else {"field": subject.fact})
        for subject in table.columns
    ]
    rules = [
        {"_id": f"r{n}", "_description": row.rule, "out": zen.literal(row.output)}
        | {ids[s]: zen.cell(s, row.cells[s]) if s in row.cells else "" for s in table.columns}
        for n, row in enumerate(table.rows)
    ]
    if table.otherwise is not None:
        last = {"_id": "otherwise", "_description": "no row holds", "out": zen.literal(table.otherwise)}
        rules.append(last | dict.fromkeys(ids.values(), ""))
    content = {
        "hitPolicy": "first",
        "passThrough": False,
        "executionMode": "single",
        "inputs": inputs,
        "outputs": [{"id": "out", "name": table.label, "field": table.name}],
        "rules": rules,
    }
    return _Node(table.name, table.label, "decisionTableNode", column, content, table.reads, (table.name,))


def _expressions(identity: str, name: str, column: int, formulas: Iterator[_Formula]) -> _Node:
    found = list(formulas)
    content = {
        "passThrough": False,
        "expressions": [{"id": f"e{n}", "key": key, "value": value} for n, (key, value, _) in enumerate(found)],
    }
    reads = tuple(dict.fromkeys(read for _, _, needs in found for read in needs))
    makes = tuple(key for key, _, _ in found)
    return _Node(identity, name, "expressionNode", column, content, reads, makes)


def _placed(nodes: Sequence[_Node]) -> Iterator[tuple[_Node, dict[str, int]]]:
    """Nodes with their place on the canvas: a column a stage, rows as written."""
    rows: dict[int, int] = {}
    for node in nodes:
        rows[node.column] = rows.get(node.column, -1) + 1
        yield node, {"x": 360 * node.column, "y": 120 * rows[node.column]}


def _written(node: _Node, place: dict[str, int]) -> dict[str, Any]:
    return {"id": node.id, "type": node.kind, "name": node.name, "position": place, "content": node.content}


def _edges(nodes: Sequence[_Node]) -> Iterator[dict[str, str]]:
    makers: Mapping[str, str] = {name: node.id for node in nodes for name in node.makes}
    for node in nodes:
        roots = {name.partition(".")[0] for name in node.makes}
        before = dict.fromkeys(makers.get(name) or _root(name, node, roots, makers) for name in node.reads)
        if not before and node.kind != "inputNode":
            before = {"facts": None}
        for source in before:
            yield {
                "id": f"{source}>{node.id}",
                "type": LINES.removesuffix("s"),
                "sourceId": source,
                "targetId": node.id,
            }


def _root(name: str, node: _Node, roots: set[str], makers: Mapping[str, str]) -> str:
    """A name that a node makes as a part (`votes` for `votes.S0`) comes from there; any other from the input."""
    inside = [maker for made, maker in makers.items() if made.startswith(name + ".")]
    return inside[0] if inside else "facts"
