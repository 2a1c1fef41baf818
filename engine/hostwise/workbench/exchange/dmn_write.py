"""The decision requirements graph as DMN 1.5 XML (OMG, namespace 20230324), with its diagram."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from hostwise.flow.knowledge import Knowledge
from hostwise.rulebook.loading.citations import load_citations, load_documents
from hostwise.rulebook.tables.decision_tables import DecisionTable, TableRow
from hostwise.workbench.exchange import feel
from hostwise.workbench.exchange.graph import Decision, Graph, InputData, graph

MODEL = "https://www.omg.org/spec/DMN/20230324/MODEL/"
DMNDI = "https://www.omg.org/spec/DMN/20230324/DMNDI/"
DC = "http://www.omg.org/spec/DMN/20180521/DC/"
DI = "http://www.omg.org/spec/DMN/20180521/DI/"
FEEL = "https://www.omg.org/spec/DMN/20230324/FEEL/"
OURS = "https://hostwise.dev/rules"
WIDTH, HEIGHT, ACROSS, DOWN = 200, 60, 300, 90
"""Size of a shape, and the distance of columns and rows, in pixels."""


def dmn_text(knowledge: Knowledge) -> str:
    """The rules of `knowledge` as a DMN file."""
    root = definitions(graph(knowledge), knowledge)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def dmn13_text(knowledge: Knowledge) -> str:
    """The same in the namespaces of DMN 1.3, the only ones that dmn-js and Camunda Modeler read.

    Nothing that is written here changed between the two versions.
    """
    return dmn_text(knowledge).replace("/spec/DMN/20230324/", "/spec/DMN/20191111/")


def definitions(whole: Graph, knowledge: Knowledge) -> ET.Element:
    """The `definitions` element: types, inputs, decisions, sources, and the diagram."""
    for prefix, space in (("", MODEL), ("dmndi", DMNDI), ("dc", DC), ("di", DI)):
        ET.register_namespace(prefix, space)
    root = ET.Element(_tag("definitions"), {
        "id": "hostwise", "name": "Hostwise", "namespace": OURS, "expressionLanguage": FEEL, "typeLanguage": FEEL,
        "exporter": "hostwise",
    })  # fmt: skip
    _add(root, "description", f"Rulebook {knowledge.rulebook.version}, sha256 {knowledge.rules_sha256}")
    for given in whole.inputs:
        if given.values:
            root.append(_item_definition(given))
    root.extend(_input(given) for given in whole.inputs)
    cited = _documents(knowledge)
    made = {decision.name for decision in whole.decisions}
    root.extend(_decision(decision, made, cited) for decision in whole.decisions)
    for identity, title in cited.items():
        source = ET.SubElement(root, _tag("knowledgeSource"), {"id": f"source_{identity}", "name": title})
        _add(source, "type", "article")
    root.append(_diagram(whole, cited))
    return root


def _documents(knowledge: Knowledge) -> Mapping[str, str]:
    if not load_citations(knowledge.root):
        return {}
    return {name: f"{name}: {document.title}" for name, document in load_documents(knowledge.root).items()}


def _item_definition(given: InputData) -> ET.Element:
    found = ET.Element(_tag("itemDefinition"), {"id": f"type_{_id(given.name)}", "name": f"t_{_id(given.name)}"})
    _add(found, "typeRef", "string")
    allowed = ET.SubElement(found, _tag("allowedValues"))
    _add(allowed, "text", ", ".join(feel.literal(value) for value in given.values))
    return found


def _input(given: InputData) -> ET.Element:
    found = ET.Element(
        _tag("inputData"), {"id": f"input_{_id(given.name)}", "name": _id(given.name), "label": given.label}
    )
    kind = f"t_{_id(given.name)}" if given.values else given.type
    ET.SubElement(found, _tag("variable"), {"name": _id(given.name), "typeRef": kind})
    return found


def _decision(decision: Decision, made: set[str], cited: Mapping[str, str]) -> ET.Element:
    name = _id(decision.name)
    found = ET.Element(_tag("decision"), {"id": f"decision_{name}", "name": name, "label": decision.label})
    if decision.about:
        _add(found, "description", decision.about)
    ET.SubElement(found, _tag("variable"), {"name": name, "typeRef": decision.type})
    for read in decision.reads:
        requirement = ET.SubElement(found, _tag("informationRequirement"), {"id": f"need_{name}_{_id(read)}"})
        kind, prefix = ("requiredDecision", "decision") if read in made else ("requiredInput", "input")
        ET.SubElement(requirement, _tag(kind), {"href": f"#{prefix}_{_id(read)}"})
    for document in dict.fromkeys(claim.partition("-")[0] for claim in decision.cites):
        if document in cited:
            authority = ET.SubElement(found, _tag("authorityRequirement"), {"id": f"rests_{name}_{document}"})
            ET.SubElement(authority, _tag("requiredAuthority"), {"href": f"#source_{document}"})
    found.append(_table(decision, decision.table) if decision.table else _boxed(decision))
    return found


def _table(decision: Decision, table: DecisionTable) -> ET.Element:
    attributes = {"id": f"table_{_id(decision.name)}", "hitPolicy": decision.policy, "outputLabel": decision.label}
    if decision.aggregation:
        attributes["aggregation"] = decision.aggregation
    found = ET.Element(_tag("decisionTable"), attributes)
    for number, column in enumerate(table.columns):
        clause = ET.SubElement(found, _tag("input"), {"id": f"{attributes['id']}_in{number}", "label": column.fact})
        expression = ET.SubElement(clause, _tag("inputExpression"))
        _add(expression, "text", _id(column.fact))
    output = ET.SubElement(found, _tag("output"), {"id": f"{attributes['id']}_out", "typeRef": decision.type})
    given = (*table.values, *(row.output for row in table.rows), table.otherwise)
    words = dict.fromkeys(value for value in given if isinstance(value, str))  # the highest priority first
    if words:
        _add(ET.SubElement(output, _tag("outputValues")), "text", ", ".join(map(feel.literal, words)))
    if table.otherwise is not None:
        _add(ET.SubElement(output, _tag("defaultOutputEntry")), "text", feel.literal(table.otherwise))
    ET.SubElement(found, _tag("annotation"), {"name": "rule"})
    found.extend(_rule(row, table, attributes["id"], number) for number, row in enumerate(table.rows))
    return found


def _rule(row: TableRow, table: DecisionTable, identity: str, number: int) -> ET.Element:
    found = ET.Element(_tag("rule"), {"id": f"{identity}_r{number}"})
    for place, column in enumerate(table.columns):
        entry = ET.SubElement(found, _tag("inputEntry"), {"id": f"{identity}_r{number}_{place}"})
        _add(entry, "text", feel.cell(row.cells[column], column.other) if column in row.cells else "-")
    output = ET.SubElement(found, _tag("outputEntry"), {"id": f"{identity}_r{number}_out"})
    _add(output, "text", feel.literal(row.output))
    _add(ET.SubElement(found, _tag("annotationEntry")), "text", row.rule)
    return found


def _boxed(decision: Decision) -> ET.Element:
    """A literal expression, or a context whose last entry is the result."""
    if len(decision.entries) == 1:
        return _literal(decision.entries[0][1])
    found = ET.Element(_tag("context"))
    for name, text in decision.entries:
        entry = ET.SubElement(found, _tag("contextEntry"))
        if name:
            ET.SubElement(entry, _tag("variable"), {"name": name})
        entry.append(_literal(text))
    return found


def _literal(text: str) -> ET.Element:
    found = ET.Element(_tag("literalExpression"))
    _add(found, "text", text)
    return found


def _diagram(whole: Graph, cited: Mapping[str, str]) -> ET.Element:
    """Shapes in columns by stage, so that the graph reads from left to right, and an edge for each requirement."""
    found = ET.Element(f"{{{DMNDI}}}DMNDI")
    diagram = ET.SubElement(found, f"{{{DMNDI}}}DMNDiagram", {"id": "diagram", "name": "Hostwise"})
    places = dict(_places(whole, cited))
    for identity, (x, y) in places.items():
        shape = ET.SubElement(diagram, f"{{{DMNDI}}}DMNShape", {"id": f"shape_{identity}", "dmnElementRef": identity})
        ET.SubElement(shape, f"{{{DC}}}Bounds", {"x": str(x), "y": str(y), "width": str(WIDTH), "height": str(HEIGHT)})
    made = {decision.name for decision in whole.decisions}
    for decision in whole.decisions:
        end = places[f"decision_{_id(decision.name)}"]
        for read in decision.reads:
            start = places[f"{'decision' if read in made else 'input'}_{_id(read)}"]
            needed = f"need_{_id(decision.name)}_{_id(read)}"
            edge = ET.SubElement(diagram, f"{{{DMNDI}}}DMNEdge", {"id": f"edge_{needed}", "dmnElementRef": needed})
            for x, y in ((start[0] + WIDTH, start[1] + HEIGHT // 2), (end[0], end[1] + HEIGHT // 2)):
                ET.SubElement(edge, f"{{{DI}}}waypoint", {"x": str(x), "y": str(y)})
    return found


def _places(whole: Graph, cited: Mapping[str, str]) -> Iterator[tuple[str, tuple[int, int]]]:
    rows: dict[int, int] = {}

    def place(column: int) -> tuple[int, int]:
        rows[column] = rows.get(column, -1) + 1
        return column * ACROSS, rows[column] * DOWN

    for given in whole.inputs:
        yield f"input_{_id(given.name)}", place(0)
    for decision in whole.decisions:
        yield f"decision_{_id(decision.name)}", place(decision.column)
    for identity in cited:
        yield f"source_{identity}", place(0)


def _id(name: str) -> str:
    return feel.name_of(name)


def _tag(name: str) -> str:
    return f"{{{MODEL}}}{name}"


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, _tag(name)).text = text
