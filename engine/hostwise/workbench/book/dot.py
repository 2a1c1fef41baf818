"""A graph of rules in DOT, the language of Graphviz, for those who draw it themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hostwise.workbench.book.graph import RuleGraph

SHAPES: Mapping[str, str] = {
    **{"answer": "oval", "early": "oval", "cost": "oval", "derived": "oval", "left": "oval", "chosen": "oval"},
    **{
        "derive": "box",
        "gate": "octagon",
        "choose": "box",
        "advise": "note",
        "confirm": "note",
        "option": "house",
        "verdict": "doubleoctagon",
    },
}
ARROWS: Mapping[str, str] = {"excludes": "tee", "requires": "dot"}


def dot(graph: RuleGraph) -> str:
    """The graph as DOT, a column a rank."""
    return "\n".join(_lines(graph)) + "\n"


def _lines(graph: RuleGraph) -> Iterator[str]:
    yield f"digraph {_quoted(graph.source)} {{"
    yield '  rankdir=LR; node [fontname="IBM Plex Sans"]; edge [arrowsize=0.7];'
    for column in sorted({node.column for node in graph.nodes}):
        members = [node for node in graph.nodes if node.column == column]
        for node in members:
            text = (
                _quoted(node.label)
                if node.label == node.name
                else _quoted(node.label)[:-1] + "\\n" + _quoted(node.name)[1:]
            )
            yield f"  {_quoted(node.id)} [label={text}, shape={SHAPES[node.kind]}];"
        yield "  { rank=same; " + " ".join(f"{_quoted(node.id)};" for node in members) + " }"
    for edge in graph.edges:
        arrow = f" [arrowhead={ARROWS[edge.kind]}]" if edge.kind in ARROWS else ""
        yield f"  {_quoted(edge.tail)} -> {_quoted(edge.head)}{arrow};"
    yield "}"


def _quoted(text: str) -> str:
    return '"' + " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'
