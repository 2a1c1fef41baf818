"""A graph of rules as SVG, drawn without Graphviz: readable in light and dark, and without its colours.

What a node is stands above its column and shows in its outline; what an edge does shows in how it ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

from hostwise.reading.files.folders import templates_dir
from hostwise.report.brand.clean import printable
from hostwise.report.brand.palette import palette_css
from hostwise.report.charts.graph_layout import Box, laid_out
from hostwise.report.charts.graph_layout import GraphLayout as Places
from hostwise.report.charts.lettering import broken, measured
from hostwise.report.words.words import Words
from hostwise.workbench.book.graph import RULE_KINDS, Edge, RuleGraph, RuleNode

SIZE, SMALL, LINE = 12.0, 10.0, 15.0
LABEL_WIDTH, NAME_WIDTH, PADDING, BETWEEN, MARGIN = 176.0, 232.0, 10.0, 56.0, 16.0
PORT = 9.0
"""How far apart edges end at a node."""
HEAD = 40.0
LEGEND = 40.0
SHEET = "rules/graph.css"


class _Drawn(Struct, frozen=True):
    """A node with its lines of text and its place; `x` is its left edge, `y` its top."""

    node: RuleNode
    label: tuple[str, ...]
    name: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def graph_svg(graph: RuleGraph, words: Words, link: Callable[[RuleNode], str] | None = None) -> str:
    """The graph as one SVG document. `link` gives the address of a node, where the picture stands in a page."""
    texts = {node.id: _texts(node) for node in graph.nodes}
    widths = _widths(graph, texts, words)
    coming = Counter(edge.head for edge in graph.edges)
    height = {node.id: max(_height(*texts[node.id]), PORT * coming[node.id] + 2) for node in graph.nodes}
    boxes = [Box(node.id, node.column, height[node.id]) for node in graph.nodes]
    places = laid_out(boxes, ((edge.tail, edge.head) for edge in graph.edges))
    lefts = _lefts(widths, graph, places)
    drawn = {
        node.id: _Drawn(node, *texts[node.id], lefts[node.column], HEAD + places.middle[node.id] - height[node.id] / 2,
                        widths[node.column], height[node.id])
        for node in graph.nodes
    }  # fmt: skip
    width = max(lefts[-1] + widths[-1] if widths else 0.0, _legend_width(words)) + MARGIN
    bottom = HEAD + places.height + LEGEND
    role = "group" if link else "img"  # what is an image has no links in it for a screen reader
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="rule-graph" width="{width:.0f}" height="{bottom:.0f}" '
            f'viewBox="0 0 {width:.0f} {bottom:.0f}" role="{role}" '
            f'font-family="IBM Plex Sans, Noto Sans, DejaVu Sans, sans-serif" font-size="{SIZE:.0f}">',
            f"<title>{_text(words.say('graph.title', source=words.label('sources', graph.source)))}</title>",
            f"<desc>{_text(_description(graph, words))}</desc>",
            f"<style>{_style(words)}</style>",
            f'<rect class="g-ground" width="{width:.0f}" height="{bottom:.0f}"/>',
            *_headings(graph, lefts, words),
            *_edges(graph, drawn, places, lefts, widths),
            *(_node(drawn[node.id], link) for node in graph.nodes),
            *_legend(words, bottom),
            "</svg>",
        ]
    )


def _style(words: Words) -> str:
    """The brand's colours and the style sheet of graphs; a folder that has none, as an earlier one, gets ours."""
    own = words.root / SHEET
    sheet = own if own.is_file() else templates_dir() / SHEET
    return palette_css(words.brand.colours, words.colours) + sheet.read_text(encoding="utf-8")


def _texts(node: RuleNode) -> tuple[tuple[str, ...], tuple[str, ...]]:
    label = broken(printable(node.label), LABEL_WIDTH, SIZE)
    name = broken(printable(node.name), NAME_WIDTH, SMALL) if node.name != node.label else ()
    return label, name


def _height(label: Sequence[str], name: Sequence[str]) -> float:
    return LINE * len(label) + (SMALL + 3) * len(name) + 9


def _widths(
    graph: RuleGraph, texts: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]], words: Words
) -> list[float]:
    count = max((node.column for node in graph.nodes), default=-1) + 1
    widths = [0.0] * count
    for node in graph.nodes:
        label, name = texts[node.id]
        lines = [measured(line, SIZE) for line in label] + [measured(line, SMALL) for line in name]
        heading = measured(words.label("columns", node.kind), SIZE) * 1.08
        widths[node.column] = max(widths[node.column], heading, *(line + 2 * PADDING for line in lines))
    return widths


def _lefts(widths: Sequence[float], graph: RuleGraph, places: Places) -> list[float]:
    """The left edge of each column: the more lines between two columns, the more room they get."""
    column = {**{node.id: node.column for node in graph.nodes}, **places.lanes}
    lines = Counter(column[tail] for tail, _, _ in places.segments)
    found = [MARGIN]
    for n, width in enumerate(widths[:-1]):
        found.append(found[-1] + width + BETWEEN + min(lines[n], 160) * 0.7)
    return found


def _headings(graph: RuleGraph, lefts: Sequence[float], words: Words) -> Iterator[str]:
    kinds: dict[int, list[str]] = {}
    for node in graph.nodes:
        if node.kind not in kinds.setdefault(node.column, []):
            kinds[node.column].append(node.kind)
    for column, found in sorted(kinds.items()):
        yield f'<text class="g-head" x="{lefts[column]:.1f}" y="20">{_text(words.label("columns", found[0]))}</text>'


def _node(drawn: _Drawn, link: Callable[[RuleNode], str] | None) -> str:
    node, parts = drawn.node, [f"<title>{_text(drawn.node.name)}</title>", *_outline(drawn)]
    y = drawn.y + 4
    for line in drawn.label:
        y += LINE
        parts.append(f'<text x="{drawn.x + PADDING:.1f}" y="{y - 3:.1f}">{_text(line)}</text>')
    for line in drawn.name:
        y += SMALL + 3
        parts.append(f'<text class="g-name" x="{drawn.x + PADDING:.1f}" y="{y - 3:.1f}">{_text(line)}</text>')
    inside = "".join(parts)
    return f"<a href={quoteattr(link(node))}>{inside}</a>" if link else f"<g>{inside}</g>"


def _outline(drawn: _Drawn) -> Iterator[str]:
    """Facts are round, rules square with a bar; options and verdicts have a strong line."""
    kind = drawn.node.kind
    rule = kind in RULE_KINDS
    classes = ["g-box", *(["g-rule"] if rule else []), *(["g-early"] if kind == "early" else [])]
    classes += ["g-out"] if kind in ("option", "verdict") else []
    radius = 0 if rule else 4 if kind in ("option", "verdict") else min(drawn.height / 2, 14)
    yield _rect(drawn.x, drawn.y, drawn.width, drawn.height, " ".join(classes), radius)
    if rule:
        yield _rect(drawn.x, drawn.y, 4, drawn.height, "g-bar", 0)


def _rect(x: float, y: float, width: float, height: float, classes: str, radius: float) -> str:
    return (
        f'<rect class="{classes}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{radius:.1f}"/>'
    )


def _edges(
    graph: RuleGraph, drawn: Mapping[str, _Drawn], places: Places, lefts: Sequence[float], widths: Sequence[float]
) -> Iterator[str]:
    """The edges of each node as one group, so that they light up together."""
    kinds = {(edge.tail, edge.head): edge.kind for edge in graph.edges}
    ports = _ports(drawn, places)
    groups: dict[str, list[str]] = {}
    for tail, head, origin in places.segments:
        column = places.lanes.get(tail, drawn[tail].node.column if tail in drawn else 0)
        x1, y1 = lefts[column] + widths[column], HEAD + places.middle[tail]
        x2 = lefts[column + 1]
        if head in drawn:
            y2 = ports[head, origin]
            tip, short = _tip(kinds[origin, head], x2, y2)
            groups.setdefault(origin, []).append(_curve(x1, y1, x2 - short, y2) + tip)
        else:
            y2 = HEAD + places.middle[head]
            through = f"H{lefts[column + 1] + widths[column + 1]:.1f}"
            groups.setdefault(origin, []).append(_curve(x1, y1, x2, y2, through))
    for origin, parts in groups.items():
        yield f'<g class="g-edge"><title>{_text(drawn[origin].node.label)}</title>{"".join(parts)}</g>'


def _ports(drawn: Mapping[str, _Drawn], places: Places) -> dict[tuple[str, str], float]:
    """Where the edges into each node end: spread over its left side, in the order in which they come in."""
    coming: dict[str, list[tuple[float, str]]] = {}
    for tail, head, origin in places.segments:
        if head in drawn:
            coming.setdefault(head, []).append((places.middle[tail], origin))
    found = {}
    for head, ends in coming.items():
        node = drawn[head]
        room = PORT * (len(ends) - 1)
        for n, (_, origin) in enumerate(sorted(ends)):
            share = n / (len(ends) - 1) if len(ends) > 1 else 0.5
            found[head, origin] = node.middle - room / 2 + room * share
    return found


def _curve(x1: float, y1: float, x2: float, y2: float, after: str = "") -> str:
    bend = (x2 - x1) * 0.5
    return f'<path d="M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}{after}"/>'


def _tip(kind: str, x: float, y: float) -> tuple[str, float]:
    """How an edge ends at (x, y), and by how much its line is shorter: a bar rules out, a ring leaves nothing else."""
    if kind == "excludes":
        return f'<path class="g-no" d="M{x - 3:.1f} {y - 3.5:.1f}V{y + 3.5:.1f}"/>', 3.0
    if kind == "requires":
        return f'<circle class="g-only" cx="{x - 4:.1f}" cy="{y:.1f}" r="3.2"/>', 7.2
    return f'<path class="g-tip" d="M{x:.1f} {y:.1f}l-6 -3v6z"/>', 5.0


def _legend(words: Words, bottom: float) -> Iterator[str]:
    x, y = MARGIN, bottom - 15
    for kind in ("reads", "excludes", "requires"):
        tip, short = _tip(kind, x + 34, y)
        yield f'<g class="g-edge"><path d="M{x:.1f} {y:.1f}H{x + 34 - short:.1f}"/>{tip}</g>'
        label = words.label("edges", kind)
        yield f'<text x="{x + 42:.1f}" y="{y + 4:.1f}">{_text(label)}</text>'
        x += 42 + measured(label, SIZE) + 18


def _legend_width(words: Words) -> float:
    return MARGIN + sum(60 + measured(words.label("edges", kind), SIZE) for kind in ("reads", "excludes", "requires"))


def _description(graph: RuleGraph, words: Words) -> str:
    """The graph in words: how many nodes of each kind, and each edge of a rule."""
    labels = {node.id: node.name for node in graph.nodes}
    kinds = dict.fromkeys(node.kind for node in graph.nodes)
    numbers = (f"{words.label('columns', kind)}: {sum(node.kind == kind for node in graph.nodes)}" for kind in kinds)
    rules = (node for node in graph.nodes if node.kind in RULE_KINDS)
    return "; ".join(numbers) + ". " + ". ".join(_rule_said(rule, graph.edges, labels, words) for rule in rules) + "."


def _rule_said(rule: RuleNode, edges: Sequence[Edge], labels: Mapping[str, str], words: Words) -> str:
    reads = ", ".join(labels[edge.tail] for edge in edges if edge.head == rule.id)
    ends = {edge.kind: "" for edge in edges if edge.tail == rule.id}
    for kind in ends:
        ends[kind] = ", ".join(labels[edge.head] for edge in edges if edge.tail == rule.id and edge.kind == kind)
    results = "; ".join(words.say(f"graph.{kind}", names=names) for kind, names in ends.items())
    return words.say("graph.rule", rule=rule.name, reads=reads or words.say("graph.nothing")) + (
        f"; {results}" if results else ""
    )


def _text(text: str) -> str:
    return escape(printable(text))
