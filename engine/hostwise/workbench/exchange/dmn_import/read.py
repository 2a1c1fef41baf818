"""DMN decision tables as a rule pack: inputs become `inputs:`, decisions `facts:`, rows rules of the stage derive.

What DMN leaves null is unknown here, and stays so: a default is used only where every row is known not to match.
Every name is put under the pack's own (`loan.applicant_age`), so that none can collide with a fact of Hostwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from hostwise.answers.facts import FactSpec, FactType
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.reading.numbers.months import months_later
from hostwise.rulebook.language.unary_tests import BadTest, parse_unary
from hostwise.workbench.exchange.dmn_import.names import DmnNames, called, id_of, slug
from hostwise.workbench.exchange.dmn_import.sfeel import Names as Facts
from hostwise.workbench.exchange.dmn_import.sfeel import NotSFeel, test_of, value_of, words_of
from hostwise.workbench.exchange.dmn_import.table import DmnTable, used_words
from hostwise.workbench.exchange.dmn_import.types import Typed, stated_type, used_type
from hostwise.workbench.exchange.dmn_import.xml_nodes import XmlNode, read_xml

MODELS = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
LISTS = ("COLLECT", "RULE ORDER", "OUTPUT ORDER")
POLICIES = {"UNIQUE": "unique", "ANY": "any", "FIRST": "first", "PRIORITY": "priority"}
AGGREGATIONS = {"SUM": "collect sum", "MIN": "collect min", "MAX": "collect max", "COUNT": "collect count"}
UNKNOWN = "unknown"
OPEN = ("", "null", f'"{UNKNOWN}"')
"""Defaults that leave a fact unknown, which it is without one."""
NAME = re.compile(r"[^\W\d][\w .'\-/]*")
REVIEW_MONTHS = 6


def import_pack(path: Path, as_of: date) -> dict[str, Any]:
    """The pack of a DMN file. Raises `InputError` with everything in it that a pack cannot hold."""
    root = read_xml(path)
    if root.name != "definitions" or root.space not in MODELS:
        message = "this is not a DMN model of version 1.1 to 1.5"
        raise InputError([Diagnostic(root.place, "not-dmn", message, found=root.space or root.name,
                                     accepted=f"<definitions> in one of {', '.join(MODELS)}")])  # fmt: skip
    reader = _Reader(root, slug(path.stem) or "imported")
    pack = reader.pack(root.attributes.get("name") or path.stem, as_of)
    if reader.findings:
        raise InputError(sorted(reader.findings, key=lambda f: (f.place.line, f.place.column)))
    return pack


class _Reader:
    """Reads the model once, names and types before rows; what cannot be taken becomes a finding."""

    def __init__(self, root: XmlNode, pack: str) -> None:
        self.root, self.name = root, pack
        self.findings: list[Diagnostic] = []
        self.items = {node.attributes.get("name", ""): node for node in root.all("itemDefinition")}
        self.given = {node.attributes.get("name", ""): node for node in root.all("inputData")}
        self.names = DmnNames(pack, self._find)
        self.outputs: dict[str, str] = {}
        self.inputs: dict[str, dict[str, Any]] = {}
        self.facts: dict[str, dict[str, Any]] = {}

    def pack(self, title: str, as_of: date) -> dict[str, Any]:
        self._refuse_other_languages(self.root)
        for node in self.root.children:
            if node.name in ("businessKnowledgeModel", "import"):
                self._find(node, "no-table", f"<{node.name}> is not taken", "decision tables in one file")
        tables = [table for node in self.root.all("decision") if (table := self._table(node)) is not None]
        if not tables and not self.findings:
            self._find(self.root, "no-table", "there is no decision table in it")
        for table in tables:
            if table.policy == "each":
                self._listed(table)
                continue
            for place in range(len(table.outputs)):
                self._fact(table, place)
        columns = [[self._column(clause, table, tables) for clause in table.inputs] for table in tables]
        rules = [rule for table, read in zip(tables, columns, strict=True) for rule in self._rules(table, read, tables)]
        return {
            "pack": self.name, "version": "1", "title": title, "source": "house", "as_of": as_of.isoformat(),
            "review_by": months_later(as_of, REVIEW_MONTHS).isoformat(), "inputs": self.inputs, "facts": self.facts,
            "rules": rules,
        }  # fmt: skip

    def _refuse_other_languages(self, node: XmlNode) -> None:
        language = node.attributes.get("expressionLanguage", "feel")
        if "feel" not in language.lower():
            self._find(node, "language", "only FEEL is taken", "no expressionLanguage, or FEEL's", language)
        for child in node.children:
            self._refuse_other_languages(child)

    def _table(self, node: XmlNode) -> DmnTable | None:
        name, table = node.attributes.get("name", ""), node.first("decisionTable")
        if table is None:
            kind = next((c.name for c in node.children if c.name.endswith("xpression") or c.name in _LOGIC), "no logic")
            self._find(node, "no-table", f"{name!r} is no decision table", "a decisionTable", kind)
            return None
        inputs, outputs, rows = (tuple(table.all(kind)) for kind in ("input", "output", "rule"))
        for row in rows:
            for kind, clauses in (("inputEntry", inputs), ("outputEntry", outputs)):
                if (count := len(list(row.all(kind)))) != len(clauses):
                    message = f"a row of {name!r} has not one {kind} for each column"
                    self._find(row, "row", message, str(len(clauses)), str(count))
        if not rows:
            self._find(table, "row", f"{name!r} has no rows")
        values = tuple(
            tuple(self._literal(entry.text_of("text") or "", entry) for entry in row.all("outputEntry")) for row in rows
        )
        policy = self._policy(table, name, outputs, values)
        words: tuple[str, ...] = ()
        if policy == "each":
            used = dict.fromkeys(word for row in values for word in row)
            listed = words_of(outputs[0].text_of("outputValues", "text") or "")
            words = tuple(dict.fromkeys([*(word for word in listed if word in used), *used]))
            paths = [f"{name}.{word.replace('.', ' ')}" for word in words]
        elif len(outputs) > 1:
            paths = [f"{name}.{output.attributes.get('name', '')}" for output in outputs]
        else:
            paths = [name] * len(outputs)
        facts = tuple(self.names.claim(path, table if words else output)
                      for path, output in zip(paths, outputs * len(paths), strict=False))  # fmt: skip
        self.outputs |= dict(zip(paths, facts, strict=True))
        return DmnTable(name, node, inputs, outputs, rows, policy, facts, values, words)

    def _policy(self, table: XmlNode, name: str, outputs: Sequence[XmlNode], values: Sequence[Sequence[Any]]) -> str:
        written = table.attributes.get("hitPolicy", "UNIQUE")
        aggregation = table.attributes.get("aggregation")
        if written == "COLLECT" and aggregation in AGGREGATIONS:
            if len(outputs) > 1:
                self._find(table, "hit-policy", "DMN aggregates a single output", "one output", str(len(outputs)))
            return AGGREGATIONS[aggregation]
        words = len(outputs) == 1 and all(isinstance(value, str) for row in values for value in row)
        if written in LISTS and aggregation is None and words:
            return "each"
        if written not in POLICIES:
            message = f"{name!r} gives a list, and only a list of single words can be taken, each as a fact"
            accepted = f"{', '.join(POLICIES)}, or COLLECT with an aggregation"
            self._find(table, "hit-policy", message, accepted, written)
        return POLICIES.get(written, "any")

    def _listed(self, table: DmnTable) -> None:
        """A fact for each word that a list may hold: whether it does."""
        if (default := table.outputs[0].text_of("defaultOutputEntry", "text")) not in (None, *OPEN):
            self._find(table.outputs[0], "output", "a list has no default among facts", "no default", default)
        for fact, word in zip(table.facts, table.words, strict=True):
            self.facts[fact] = {"type": "boolean", "label": f"{table.name}: {word}", "default": False}

    def _fact(self, table: DmnTable, place: int) -> None:
        """The fact of one output, its type from what is stated or else from its literals."""
        output, identity = table.outputs[place], table.facts[place]
        label = table.name if len(table.outputs) == 1 else f"{table.name}: {output.attributes.get('name', '')}"
        default = output.text_of("defaultOutputEntry", "text")
        fallback = self._literal(default, output) if default not in (None, *OPEN) else None
        if table.policy == "collect count":
            entry: dict[str, Any] | None = {"type": "count", "label": label}
        else:
            variable = table.node.first("variable") if len(table.outputs) == 1 else None
            stated = output.attributes.get("typeRef") or (variable.attributes.get("typeRef") if variable else None)
            used = [row[place] for row in table.values if place < len(row) and row[place] is not None]
            typed = stated_type(stated, self.items).allowing(output.text_of("outputValues", "text") or "")
            words = [value for value in (*typed.words, *used, fallback) if isinstance(value, str) and value != UNKNOWN]
            kind = typed.kind or used_type(used)
            entry = self._entry(Typed(kind, tuple(dict.fromkeys(words))), label, output)
        if entry is None:
            return
        self.facts[identity] = entry | {"hit_policy": "first" if table.ranked else table.policy}
        if fallback is not None:
            self._check(fallback, identity, output)
            self.facts[identity]["default"] = fallback

    def _entry(self, typed: Typed, label: str, node: XmlNode) -> dict[str, Any] | None:
        if (entry := typed.entry(label)) is not None:
            return entry
        what = "lists no words" if typed.kind == "string" else "has a type that rules cannot compare"
        self._find(node, "type", f"{label!r} {what}", "number, boolean, or string with allowed values")
        return None

    def _column(self, clause: XmlNode, table: DmnTable, tables: Sequence[DmnTable]) -> str | None:
        """The fact that a column is about."""
        text = clause.text_of("inputExpression", "text") or ""
        if any(other.name == text and other.policy == "each" for other in tables):
            self._find(clause, "input-expression", f"{text!r} is a list", "the name of an input or decision", text)
            return None
        if text in self.outputs:
            return self.outputs[text]
        if text not in self.given and (fact := called(text, table, tables)) is not None:
            return fact
        if not NAME.fullmatch(text):
            message = "an input must be a plain name"
            self._find(clause, "input-expression", message, "the name of an input or decision", text)
            return None
        expression = clause.first("inputExpression")
        typed = self._given_type(text, expression.attributes.get("typeRef") if expression else None)
        typed = typed.allowing(clause.text_of("inputValues", "text") or "")
        return self._declared(text, replace(typed, words=typed.words or used_words(text, tables)), clause)

    def _given_type(self, name: str, stated: str | None) -> Typed:
        variable = self.given[name].first("variable") if name in self.given else None
        typed = stated_type(variable.attributes.get("typeRef") if variable else None, self.items)
        column = stated_type(stated, self.items)
        return replace(typed, kind=column.kind or typed.kind, words=column.words or typed.words)

    def _declared(self, name: str, typed: Typed, node: XmlNode) -> str:
        """The input of a name, declared once; what later columns say of its words is added."""
        identity = self.names.claim(name, node, again=True)
        if identity not in self.inputs:
            entry = self._entry(typed, name, node)
            if entry is not None:
                self.inputs[identity] = entry
        elif more := [word for word in typed.words if word not in self.inputs[identity].get("values", ())]:
            self.inputs[identity].setdefault("values", []).extend(more)
        return identity

    def _rules(
        self, table: DmnTable, columns: Sequence[str | None], tables: Sequence[DmnTable]
    ) -> Iterator[dict[str, Any]]:
        def named(text: str) -> str | None:
            return self._fact_named(text, table, tables)

        for number, row, values in table.numbered:
            yield self._rule(number, row, table, columns, values, named)

    def _rule(
        self,
        number: int,
        row: XmlNode,
        table: DmnTable,
        columns: Sequence[str | None],
        values: Sequence[Any],
        named: Facts,
    ) -> dict[str, Any]:
        tests: list[dict[str, Any]] = []
        said = []
        for clause, column, entry in zip(table.inputs, columns, row.all("inputEntry"), strict=False):
            test = self._test(entry, column, named)
            if column is not None and test is not None:
                tests.append({column: test})
                said.append(f"{clause.text_of('inputExpression', 'text')} {entry.text_of('text')}")
        together = {column: test for each in tests for column, test in each.items()}
        when: dict[str, Any] = {"all": tests} if len(together) < len(tests) else together or {"always": True}
        for value, fact, entry in zip(values, table.facts, row.all("outputEntry"), strict=False):
            if table.policy != "each":
                self._check(value, fact, entry)
        noted = "; ".join(text for entry in row.all("annotationEntry") if (text := entry.text_of("text")))
        because = noted or row.text_of("description") or f"Row {number} of {table.name}: {'; '.join(said) or 'always'}."
        return {
            "id": f"{id_of(self.name, table.name)}.row-{number}", "stage": "derive",
            "title": f"{table.name}, row {number}",
            "when": when, "then": {"set": table.sets(values)}, "because": because.replace("{", "(").replace("}", ")"),
            "status": "house",
        }  # fmt: skip

    def _test(self, entry: XmlNode, column: str | None, named: Facts) -> Any:
        text = entry.text_of("text") or "-"
        try:
            test = test_of(text, named)
        except NotSFeel as problem:
            self._find(entry, "cell", f"a cell cannot be taken: {problem}", "S-FEEL unary tests", text)
            return None
        if test is not None and column is not None:
            self._check(test, column, entry)
        return test

    def _check(self, raw: Any, fact: str, entry: XmlNode) -> None:
        """Find what the loader would refuse, at its cell."""
        spec = self._spec(fact)
        if spec is None or raw is None or (spec.type is FactType.COUNT):
            return
        if spec.type is not FactType.ENUM and '"' in (entry.text_of("text") or ""):
            self._find(entry, "type", f"{spec.label!r} is no word", spec.type, entry.text_of("text"))
            return
        names = {name: known for name in (*self.inputs, *self.facts) if (known := self._spec(name)) is not None}
        try:
            parse_unary(raw, spec, names)
        except BadTest as problem:
            self._find(entry, "type", f"{spec.label}: {problem}", problem.accepted or None, problem.found or None)

    def _spec(self, fact: str) -> FactSpec | None:
        entry = self.inputs.get(fact) or self.facts.get(fact)
        if entry is None:
            return None
        return FactSpec(fact, FactType(entry["type"]), entry["label"], "", tuple(entry.get("values", ())))

    def _fact_named(self, text: str, table: DmnTable, tables: Sequence[DmnTable]) -> str | None:
        if text in self.outputs:
            return self.outputs[text]
        if text in self.given:
            return self._declared(text, self._given_type(text, None), self.given[text])
        identity = id_of(self.name, text)
        known = identity in self.inputs and self.names.taken[identity] == text
        return called(text, table, tables) or (identity if known else None)

    def _literal(self, text: str, node: XmlNode) -> Any:
        try:
            return value_of(text)
        except NotSFeel as problem:
            accepted = "a word in quotes, a number, true, false"
            self._find(node, "output", f"an output cannot be taken: {problem}", accepted)
            return None

    def _find(
        self, node: XmlNode, code: str, message: str, accepted: str | None = None, found: str | None = None
    ) -> None:
        self.findings.append(Diagnostic(node.place, code, message, found=found, accepted=accepted))


_LOGIC = ("context", "invocation", "relation", "list", "functionDefinition", "conditional", "filter", "for")
