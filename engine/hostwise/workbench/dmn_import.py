"""DMN decision tables as a rule pack: inputs become `inputs:`, decisions `facts:`, rows rules of the stage derive.

What DMN leaves null is unknown here, and stays so: a default is used only where every row is known not to match.
Every name is put under the pack's own (`loan.applicant_age`), so that none can collide with a fact of Hostwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hostwise.reading.diagnostics import Diagnostic, InputError
from hostwise.workbench.sfeel import NotSFeel, test_of, value_of, words_of
from hostwise.workbench.xml_nodes import Node, read_xml

MODEL = re.compile(r"https?://www\.omg\.org/spec/DMN/\d{8}/(MODEL/|dmn\.xsd)")
POLICIES = {"UNIQUE": "unique", "ANY": "any", "FIRST": "first", "PRIORITY": "priority"}
AGGREGATIONS = {"SUM": "collect sum", "MIN": "collect min", "MAX": "collect max", "COUNT": "collect count"}
LISTS = ("RULE ORDER", "OUTPUT ORDER", "COLLECT")
NUMBERS = ("number", "integer", "long", "double")
REVIEW_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Typed:
    """What DMN says of a name: boolean, string or number, and the words it may be."""

    kind: str | None
    words: tuple[str, ...] = ()


def import_pack(path: Path, as_of: date) -> dict[str, Any]:
    """The pack of a DMN file. Raises `InputError` with everything in it that a pack cannot hold."""
    root = read_xml(path)
    if root.name != "definitions" or not MODEL.fullmatch(root.space):
        message = "this is not a DMN model"
        raise InputError([Diagnostic(root.place, "not-dmn", message, found=root.space or root.name,
                                     accepted="<definitions> in the namespace of DMN 1.1 to 1.5")])  # fmt: skip
    reader = _Reader(root, slug(path.stem) or "imported")
    pack = reader.pack(root.attributes.get("name", path.stem), as_of)
    if reader.findings:
        raise InputError(sorted(reader.findings, key=lambda f: (f.place.line, f.place.column)))
    return pack


def slug(name: str) -> str:
    """A FEEL name as an id: `Applicant Age` → `applicant_age`."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


class _Reader:
    """Reads the model once; what cannot be taken becomes a finding."""

    def __init__(self, root: Node, pack: str) -> None:
        self.root, self.name = root, pack
        self.findings: list[Diagnostic] = []
        self.items = {node.attributes.get("name", ""): node for node in root.all("itemDefinition")}
        self.decisions = list(root.all("decision"))
        self.tables = {node.attributes.get("name", ""): node for node in self.decisions}
        self.typed: dict[str, Typed] = {}
        self.inputs: dict[str, dict[str, Any]] = {}
        self.facts: dict[str, dict[str, Any]] = {}
        self.outputs: dict[str, list[str]] = {}

    def pack(self, title: str, as_of: date) -> dict[str, Any]:
        for node in self.root.all("businessKnowledgeModel"):
            self._find(node, "no-table", "business knowledge models are not taken", "decision tables")
        self._name_outputs()
        rules = [rule for node in self.decisions for rule in self._decision(node)]
        if not rules and not self.findings:
            self._find(self.root, "no-table", "there is no decision table in it")
        later = as_of.month - 1 + REVIEW_MONTHS
        review = date(as_of.year + later // 12, later % 12 + 1, min(as_of.day, 28))
        return {
            "pack": self.name, "version": "1", "title": title, "source": "house", "as_of": as_of.isoformat(),
            "review_by": review.isoformat(), "inputs": self.inputs, "facts": self.facts, "rules": rules,
        }  # fmt: skip

    def _name_outputs(self) -> None:
        """The facts of each decision: one for its one output, or one an output under its name."""
        for name, node in self.tables.items():
            table = node.first("decisionTable")
            outputs = list(table.all("output")) if table else []
            own = self._id(name)
            self.outputs[name] = (
                [own] if len(outputs) < 2 else [f"{own}.{slug(o.attributes.get('name', ''))}" for o in outputs]
            )

    def _id(self, name: str) -> str:
        return f"{self.name}.{slug(name)}"

    def _decision(self, node: Node) -> Iterator[dict[str, Any]]:
        name, table = node.attributes.get("name", ""), node.first("decisionTable")
        if table is None:
            kind = next((c.name for c in node.children if c.name.endswith("xpression") or c.name in _LOGIC), "no logic")
            self._find(node, "no-table", f"{name!r} is no decision table", "a decisionTable", kind)
            return
        policy = self._policy(table, name)
        columns = [self._column(clause) for clause in table.all("input")]
        outputs = list(table.all("output"))
        rows = list(table.all("rule"))
        values = [[self._literal(entry) for entry in row.all("outputEntry")] for row in rows]
        for place, output in enumerate(outputs):
            column = [row[place] for row in values if place < len(row)]
            self._fact(self.outputs[name][place], name, node, output, policy, column)
        for number, row in enumerate(rows, start=1):
            yield self._rule(number, row, name, columns, values[number - 1])

    def _policy(self, table: Node, name: str) -> str:
        written = table.attributes.get("hitPolicy", "UNIQUE")
        aggregation = table.attributes.get("aggregation")
        if written == "COLLECT" and aggregation in AGGREGATIONS:
            return AGGREGATIONS[aggregation]
        if written in LISTS:
            message = f"{name!r} gives a list of values, and a fact holds one"
            self._find(
                table, "hit-policy", message, "UNIQUE, ANY, FIRST, PRIORITY, or COLLECT with an aggregation", written
            )
        return POLICIES.get(written, "any")

    def _column(self, clause: Node) -> str | None:
        """The fact that a column is about."""
        text = clause.text_of("inputExpression", "text") or ""
        if not re.fullmatch(r"[^\W\d][\w .'\-/]*", text):
            self._find(
                clause, "input-expression", "an input must be a plain name", "the name of an input or decision", text
            )
            return None
        if text in self.outputs and len(self.outputs[text]) == 1:
            return self.outputs[text][0]
        base, _, part = text.rpartition(".")
        if base in self.outputs and f"{self._id(base)}.{slug(part)}" in self.outputs[base]:
            return f"{self._id(base)}.{slug(part)}"
        expression = clause.first("inputExpression")
        words = words_of(clause.text_of("inputValues", "text") or "")
        return self._declared(text, expression.attributes.get("typeRef") if expression else None, words, clause)

    def _declared(self, name: str, stated: str | None, words: tuple[str, ...], node: Node) -> str:
        """The input of a name, declared once; what later columns say of its words is added."""
        identity = self._id(name)
        typed = self._type(stated or self._variable_type("inputData", name), words or self._used_words(name))
        if identity not in self.inputs:
            entry = self._entry(typed, name, node)
            if entry is not None:
                self.inputs[identity] = entry
        elif more := [word for word in typed.words if word not in self.inputs[identity].get("values", ())]:
            self.inputs[identity].setdefault("values", []).extend(more)
        return identity

    def _variable_type(self, kind: str, name: str) -> str | None:
        node = next((n for n in self.root.all(kind) if n.attributes.get("name") == name), None)
        variable = node.first("variable") if node else None
        return variable.attributes.get("typeRef") if variable else None

    def _used_words(self, text: str) -> tuple[str, ...]:
        """The words that any table compares the input with, where the model does not list them."""
        found: dict[str, None] = {}
        for node in self.decisions:
            table = node.first("decisionTable")
            for place, clause in enumerate(table.all("input") if table else ()):
                if clause.text_of("inputExpression", "text") == text and table is not None:
                    for row in table.all("rule"):
                        entries = list(row.all("inputEntry"))
                        if place < len(entries):
                            found |= dict.fromkeys(words_of(entries[place].text_of("text") or ""))
        return tuple(found)

    def _type(self, reference: str | None, words: tuple[str, ...]) -> Typed:
        """A type by its reference, followed through the item definitions of the model."""
        local = (reference or "").rpartition(":")[2].removeprefix("feel.")
        if local in self.items:
            item = self.items[local]
            inner = words_of(item.text_of("allowedValues", "text") or "")
            return self._type(item.text_of("typeRef"), inner or words)
        if local in NUMBERS:
            return Typed("number")
        if local in ("boolean", "string"):
            return Typed(local, words if local == "string" else ())
        return Typed("string", words) if words else Typed(None)

    def _entry(self, typed: Typed, label: str, node: Node) -> dict[str, Any] | None:
        if typed.kind == "number":
            return {"type": "quantity", "label": label}
        if typed.kind == "boolean":
            return {"type": "boolean", "label": label}
        if typed.kind == "string" and typed.words:
            return {"type": "enum", "label": label, "values": list(typed.words)}
        what = "lists no words" if typed.kind == "string" else "has a type that rules cannot compare"
        self._find(node, "type", f"{label!r} {what}", "number, boolean, or string with allowed values")
        return None

    def _fact(self, identity: str, name: str, node: Node, output: Node, policy: str, values: list[Any]) -> None:
        stated = output.attributes.get("typeRef") or self._variable_of(node)
        listed = words_of(output.text_of("outputValues", "text") or "")
        used = tuple(dict.fromkeys(value for value in values if isinstance(value, str)))
        default = output.text_of("defaultOutputEntry", "text")
        extra = words_of(default or "")
        typed = self._type(stated, tuple(dict.fromkeys((*listed, *used, *extra))))
        if typed.kind == "string":
            typed = Typed("string", tuple(dict.fromkeys((*typed.words, *used, *extra))))
        if typed.kind is None:
            kinds = {type(value) for value in values}
            typed = Typed("boolean" if kinds == {bool} else "number")
        label = name if identity == self._id(name) else f"{name}: {output.attributes.get('name', '')}"
        entry = self._entry(typed, label, output)
        if entry is None:
            return
        if identity in self.facts or identity in self.inputs:
            self._find(
                node, "collision", f"two names become the id {identity}", "names that differ in letters or digits"
            )
        entry["hit_policy"] = policy
        if default is not None and default != "null":
            entry["default"] = self._literal_text(default, output)
        self.facts[identity] = entry

    def _variable_of(self, node: Node) -> str | None:
        variable = node.first("variable")
        return variable.attributes.get("typeRef") if variable else None

    def _rule(self, number: int, row: Node, name: str, columns: list[str | None], values: list[Any]) -> dict[str, Any]:
        tests: dict[str, Any] = {}
        repeated: list[dict[str, Any]] = []
        for column, entry in zip(columns, row.all("inputEntry"), strict=False):
            test = self._test(entry, column)
            if column is not None and test is not None:
                if column in tests:
                    repeated.append({column: test})
                else:
                    tests[column] = test
        when: dict[str, Any] = tests or {"always": True}
        if repeated:
            when = {"all": [{column: test} for column, test in tests.items()] + repeated}
        outputs = dict(zip(self.outputs[name], values, strict=False))
        noted = "; ".join(text for entry in row.all("annotationEntry") if (text := entry.text_of("text")))
        because = noted or row.text_of("description") or f"Row {number} of the decision table {name!r}."
        return {
            "id": f"{self._id(name)}.row-{number}", "stage": "derive", "title": f"{name}, row {number}",
            "when": when, "then": {"set": outputs}, "because": because.replace("{", "(").replace("}", ")"),
            "status": "house",
        }  # fmt: skip

    def _test(self, entry: Node, column: str | None) -> Any:
        text = entry.text_of("text") or "-"
        try:
            return test_of(text, self._fact_named)
        except NotSFeel as problem:
            self._find(entry, "cell", f"a cell cannot be taken: {problem}", "S-FEEL unary tests", text)
            return None

    def _fact_named(self, text: str) -> str | None:
        if text in self.outputs and len(self.outputs[text]) == 1:
            return self.outputs[text][0]
        node = next((n for n in self.root.all("inputData") if n.attributes.get("name") == text), None)
        if node is not None:
            return self._declared(text, None, (), node)
        return self._id(text) if self._id(text) in self.inputs else None

    def _literal(self, entry: Node) -> Any:
        return self._literal_text(entry.text_of("text") or "", entry)

    def _literal_text(self, text: str, node: Node) -> Any:
        try:
            return value_of(text)
        except NotSFeel as problem:
            self._find(
                node, "output", f"an output cannot be taken: {problem}", "a word in quotes, a number, true, false"
            )
            return None

    def _find(self, node: Node, code: str, message: str, accepted: str | None = None, found: str | None = None) -> None:
        self.findings.append(Diagnostic(node.place, code, message, found=found, accepted=accepted))


_LOGIC = ("context", "invocation", "relation", "list", "functionDefinition", "conditional", "filter", "for")


def pack_yaml(pack: Mapping[str, Any]) -> str:
    """The pack as a file."""
    import yaml

    text: str = yaml.safe_dump(dict(pack), sort_keys=False, allow_unicode=True, width=110)
    return text
