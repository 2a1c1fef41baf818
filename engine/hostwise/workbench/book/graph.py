"""The rules of one source and the facts between them as a graph in columns, from the answers to the verdict.

answers, costs → rules that derive → derived facts → gates → options → what is left → choice → verdict → advice
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from hostwise.economics.catalogue.computed_facts import AnyLeft, Cheapest
from hostwise.flow.choice_facts import left, monthly
from hostwise.flow.knowledge import Knowledge
from hostwise.rulebook.language.rules import HOUSE, STAGES, Exclude, Require, Rule, SetFacts, Verdict, Vote
from hostwise.rulebook.language.strata import strata
from hostwise.workbench.book.lookup import known
from hostwise.workbench.book.origins import CHOICE, COSTS, INPUT, QUESTION, RULES, VERDICT, origin_of
from hostwise.workbench.book.sheet import outcome_labels

RULE_KINDS = STAGES
FACT_KINDS = ("answer", "cost", "derived", "left", "chosen", "early")
"""What a node may be: the stages are rules; `early` is a fact that a rule reads before anybody can know it."""
_FACT_KIND = {QUESTION: "answer", INPUT: "answer", COSTS: "cost", RULES: "derived", CHOICE: "left", VERDICT: "chosen"}


class RuleNode(Struct, frozen=True):
    """A rule, a fact, an option or a verdict. `name` is what rule files call it; `column` counts from the left."""

    id: str
    kind: str
    label: str
    name: str
    column: int


class Edge(Struct, frozen=True):
    """From what comes first to what rests on it. `kind`: reads, sets, excludes, requires, leads, makes."""

    tail: str
    head: str
    kind: str


class RuleGraph(Struct, frozen=True):
    """Nodes in reading order, columns from the left; edges go to the right only."""

    source: str
    nodes: tuple[RuleNode, ...]
    edges: tuple[Edge, ...]


def rule_graph(
    knowledge: Knowledge, source: str = HOUSE, stages: Sequence[str] = STAGES[: STAGES.index("confirm")]
) -> RuleGraph:
    """The graph of the rules of one source in some stages. Raises `InputError` when there is no such source."""
    known("source", source, (pack.source for pack in knowledge.rulebook.packs))
    rules = [rule for rule in knowledge.rulebook.rules if rule.source == source and rule.stage in stages]
    builder = _Builder(knowledge, source, rules)
    for rule in rules:
        builder.add_rule(rule)
    builder.add_what_is_left()
    return _dense(RuleGraph(source, tuple(builder.nodes.values()), tuple(dict.fromkeys(builder.edges))))


def around(graph: RuleGraph, name: str, what: str) -> RuleGraph:
    """What a fact or a rule (`what`) rests on, and what rests on it. Raises `InputError` when it is not drawn."""
    kinds = (*FACT_KINDS, "option") if what == "fact" else RULE_KINDS
    names = {node.name: node.id for node in graph.nodes if node.kind in kinds}
    start = names[known(what, name, names)]
    ahead = _reached(start, ((edge.tail, edge.head) for edge in graph.edges))
    behind = _reached(start, ((edge.head, edge.tail) for edge in graph.edges))
    return _only(
        graph, ahead | behind, [e for e in graph.edges if {e.tail, e.head} <= ahead or {e.tail, e.head} <= behind]
    )


def of_stage(graph: RuleGraph, stage: str) -> RuleGraph:
    """The rules of one stage, what they read and what they lead to."""
    own = {node.id for node in graph.nodes if node.kind == stage}
    edges = [edge for edge in graph.edges if edge.tail in own or edge.head in own]
    return _only(graph, own | {end for edge in edges for end in (edge.tail, edge.head)}, edges)


def _reached(start: str, steps: Iterable[tuple[str, str]]) -> set[str]:
    following: dict[str, list[str]] = {}
    for one, other in steps:
        following.setdefault(one, []).append(other)
    found, waiting = {start}, [start]
    while waiting:
        new = [node for node in following.get(waiting.pop(), ()) if node not in found]
        found.update(new)
        waiting += new
    return found


def _only(graph: RuleGraph, keep: set[str], edges: Iterable[Edge]) -> RuleGraph:
    return _dense(RuleGraph(graph.source, tuple(node for node in graph.nodes if node.id in keep), tuple(edges)))


def _dense(graph: RuleGraph) -> RuleGraph:
    """The same without empty columns."""
    used = {column: place for place, column in enumerate(sorted({node.column for node in graph.nodes}))}
    return replace(graph, nodes=tuple(replace(node, column=used[node.column]) for node in graph.nodes))


class _Builder:
    """Collects nodes and edges; the column of a node follows from its kind, and for derived facts from its layer."""

    def __init__(self, knowledge: Knowledge, source: str, rules: Sequence[Rule]) -> None:
        self.knowledge, self.source = knowledge, source
        self.labels = outcome_labels(knowledge)
        self.options = {left(option): option for option in knowledge.catalogue.options}
        chosen = [rule.id for rule in rules if rule.stage == "choose"]
        self.order = {identity: place for place, identity in enumerate(chosen, 1)}  # under `first`, it matters
        layers = strata([rule for rule in rules if rule.stage == "derive"])
        self.layer = {rule.id: n for n, layer in enumerate(layers) for rule in layer}
        self.fact_layer = {fact: self.layer[rule.id] for layer in layers for rule in layer for fact in rule.sets}
        after = 2 + 2 * max(len(layers), 1)
        later = ("gate", "option", "left", "choose", "verdict", "chosen", "advise", "confirm")
        self.columns: Mapping[str, int] = {
            **{"answer": 0, "early": 0, "cost": 1, "derive": 2, "derived": 3},
            **{kind: after + n for n, kind in enumerate(later)},
        }
        self.nodes: dict[str, RuleNode] = {}
        self.edges: list[Edge] = []

    def add_rule(self, rule: Rule) -> None:
        """The rule with what it reads and what it leads to."""
        title = f"{self.order[rule.id]}. {rule.title}" if rule.id in self.order else rule.title
        node = self._node(f"rule:{rule.id}", rule.stage, title, rule.id, 2 * self.layer.get(rule.id, 0))
        self.edges += [Edge(self._fact(name, before=node.column), node.id, "reads") for name in rule.reads]
        self.edges += [Edge(node.id, head, kind) for head, kind in self._results(rule)]

    def add_what_is_left(self) -> None:
        """What the facts on what the gates left are made from: the options, and their costs."""
        for entry in self.knowledge.rulebook.choice_facts:
            kinds = entry.of + entry.against if not isinstance(entry, (AnyLeft, Cheapest)) else entry.options
            for name in (entry.name, f"{entry.name}.option", f"{entry.name}.monthly"):
                head = f"fact:{name}"
                for option in kinds if head in self.nodes else ():
                    self.edges.append(Edge(self._option(option), head, "makes"))
                    if not isinstance(entry, AnyLeft):
                        self.edges.append(Edge(self._fact(monthly(option), before=self.columns["left"]), head, "makes"))

    def _results(self, rule: Rule) -> Iterator[tuple[str, str]]:
        then = rule.then
        if isinstance(then, SetFacts):
            yield from ((self._fact(name), "sets") for name in rule.sets)
        elif isinstance(then, (Exclude, Require)):
            kind = "excludes" if isinstance(then, Exclude) else "requires"
            yield from ((self._option(option), kind) for option in then.options)
        elif isinstance(then, Verdict):
            yield from ((self._verdict(option), "leads") for option in then.options)
        elif isinstance(then, Vote):
            yield self._verdict(then.vote), "leads"

    def _fact(self, name: str, before: int | None = None) -> str:
        if name in self.options:
            return self._early_or(self._option(self.options[name]), name, before)
        kind = _FACT_KIND[origin_of(name, self.knowledge, self.source).kind]
        label = self.knowledge.rulebook.specs[name].label or name
        found = self._node(f"fact:{name}", kind, label, name, 2 * self.fact_layer.get(name, 0)).id
        if kind == "chosen":
            outcomes = [node.id for node in self.nodes.values() if node.kind == "verdict"]
            self.edges += [Edge(outcome, found, "makes") for outcome in outcomes]
        return self._early_or(found, name, before)

    def _early_or(self, found: str, name: str, before: int | None) -> str:
        node = self.nodes[found]
        if before is None or node.column < before:
            return found
        return self._node(f"early:{name}", "early", node.label, name).id

    def _option(self, option: str) -> str:
        return self._node(f"option:{option}", "option", self.labels.get(option, option), left(option)).id

    def _verdict(self, outcome: str) -> str:
        return self._node(f"verdict:{outcome}", "verdict", self.labels.get(outcome, outcome), outcome).id

    def _node(self, identity: str, kind: str, label: str, name: str, further: int = 0) -> RuleNode:
        column = self.columns[kind] + (further if kind in ("derive", "derived") else 0)
        return self.nodes.setdefault(identity, RuleNode(identity, kind, label, name, column))
