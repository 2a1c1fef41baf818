"""What DMN files hold beyond the plain table: priorities over several outputs, counts, bounds, odd words, dialects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hostwise.cli.main import cli
from hostwise.flow.knowledge import load_knowledge
from hostwise.inference.run import Engine, FactConflict, infer
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.workbench.cases.facts import facts_of
from hostwise.workbench.exchange.dmn_import.names import slug
from hostwise.workbench.exchange.dmn_import.pack_file import pack_yaml
from hostwise.workbench.exchange.dmn_import.read import import_pack

DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"
DAY = date(2026, 11, 20)


def text(name: str, content: str) -> str:
    return f"<{name}><text>{escape(content)}</text></{name}>"


def table(
    rows: Sequence[Sequence[str]],
    inputs: Sequence[str] = ("Grade", "Days"),
    outputs: Sequence[str] = ("<output typeRef='string'/>",),
    policy: str = "hitPolicy='UNIQUE'",
    name: str = "Fee",
) -> str:
    """A decision; each row has one cell a line."""
    clauses = "\n".join(f"<input><inputExpression><text>{column}</text></inputExpression></input>" for column in inputs)
    cells = [
        "\n".join(text("inputEntry" if n < len(inputs) else "outputEntry", cell) for n, cell in enumerate(row))
        for row in rows
    ]
    body = "\n".join(f"<rule>\n{row}\n</rule>" for row in cells)
    inside = f"{clauses}\n{''.join(outputs)}\n{body}\n"
    return f"<decision name='{name}'>\n<decisionTable {policy}>\n{inside}</decisionTable></decision>"


def item(name: str, kind: str, allowed: str) -> str:
    inside = f"<typeRef>{kind}</typeRef>{text('allowedValues', allowed)}"
    return f"<itemDefinition name='{name}'>{inside}</itemDefinition>\n"


def data(name: str, kind: str) -> str:
    return f"<inputData name='{name}'><variable name='{name}' typeRef='{kind}'/></inputData>\n"


GIVEN = (
    item("tDays", "number", "[0..90]")
    + item("tGrade", "string", '"a", "b"')
    + data("Grade", "tGrade")
    + data("Days", "tDays")
)


def model(folder: Path, *decisions: str, given: str = GIVEN, head: str = f"xmlns='{DMN}'") -> Path:
    file = folder / "m.dmn"
    body = "\n".join(decisions)
    file.write_text(f"<definitions {head} name='M' namespace='urn:m'>\n{given}{body}\n</definitions>", encoding="utf-8")
    return file


def derived(folder: Path, file: Path, values: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of the pack that a model becomes, on both engines."""
    pack = folder / "m.yaml"
    pack.write_text(pack_yaml(import_pack(file, DAY)), encoding="utf-8")
    book = load_knowledge(None, (pack,)).rulebook
    rules = [rule for rule in book.stage("derive", "house") if rule.pack == "m"]
    named = {f"m.{slug(k)}": Decimal(v) if type(v) is int else v for k, v in values.items()}
    found = infer(rules, facts_of(named, book), Engine.BOTH, book.specs, book.defaults("house")).facts
    return {name.removeprefix("m."): found[name].value for name in book.defaults("house") if name.startswith("m.")}


def findings(file: Path) -> list[Diagnostic]:
    with pytest.raises(InputError) as caught:
        import_pack(file, DAY)
    return list(caught.value.diagnostics)


OUTPUTS = [
    "<output name='Status' typeRef='string'><outputValues><text>\"stop\", \"go\"</text></outputValues></output>",
    "<output name='Price' typeRef='number'><outputValues><text>9, 5, 1</text></outputValues></output>",
]


@pytest.mark.parametrize(
    ("values", "status", "price"),
    [
        ({"Grade": "a", "Days": 5}, "stop", 1),  # one row as a whole: not `stop` of one and 9 of another
        ({"Grade": "b", "Days": 5}, "go", 9),
        ({"Grade": "b", "Days": 50}, "go", 9),  # 9 stands before 5
        ({"Grade": "a"}, "stop", 1),  # nothing that Days could add outranks it
        ({"Days": 5}, None, None),
    ],
)
def test_several_outputs_under_priority_stay_together(
    tmp_path: Path, values: dict[str, Any], status: str | None, price: int | None
) -> None:
    rows = [["-", "> 40", '"go"', "5"], ["-", "-", '"go"', "9"], ['"a"', "-", '"stop"', "1"]]
    found = derived(tmp_path, model(tmp_path, table(rows, outputs=OUTPUTS, policy="hitPolicy='PRIORITY'")), values)
    assert (found["fee.status"], found["fee.price"]) == (status, None if price is None else Decimal(price))


def test_a_count_counts_rows_of_words(tmp_path: Path) -> None:
    rows = [['"a"', "-", '"late"'], ["-", "> 30", '"long"'], ['"b"', "-", '"low"']]
    file = model(tmp_path, table(rows, policy="hitPolicy='COLLECT' aggregation='COUNT'"))
    assert derived(tmp_path, file, {"Grade": "a", "Days": 31}) == {"fee": 2}
    assert derived(tmp_path, file, {"Grade": "b", "Days": 3}) == {"fee": 1}
    assert derived(tmp_path, file, {"Grade": "b"}) == {"fee": None}


def test_overlap_under_unique_is_an_error(tmp_path: Path) -> None:
    file = model(tmp_path, table([['"a"', "-", '"x"'], ["-", "> 30", '"x"']]))
    assert derived(tmp_path, file, {"Grade": "a", "Days": 3}) == {"fee": "x"}
    with pytest.raises(FactConflict):
        derived(tmp_path, file, {"Grade": "a", "Days": 31})


def test_types_follow_the_model(tmp_path: Path) -> None:
    pack = import_pack(model(tmp_path, table([["-", "<= 30", '"x"']])), DAY)
    assert pack["inputs"] == {
        "m.grade": {"type": "enum", "label": "Grade", "values": ["a", "b"]},
        "m.days": {"type": "quantity", "label": "Days", "min": 0, "max": 90},
    }
    assert pack["rules"][0]["because"] == "Row 1 of Fee: Days <= 30."


def test_what_camunda_writes_is_taken(tmp_path: Path) -> None:
    """No input data, types of Java, empty cells, the namespace of 1.1."""
    body = """<decision id='d' name='Dish'><decisionTable>
      <input label='Season'>
        <inputExpression typeRef='string' expressionLanguage='feel'><text>season</text></inputExpression>
      </input>
      <input><inputExpression typeRef='integer'><text>guestCount</text></inputExpression></input>
      <output typeRef='string'/>
      <rule>
        <inputEntry><text>"Fall"</text></inputEntry><inputEntry><text></text></inputEntry>
        <outputEntry><text>"Stew"</text></outputEntry>
      </rule>
    </decisionTable></decision>"""
    file = model(tmp_path, body, given="", head="xmlns='http://www.omg.org/spec/DMN/20151101/dmn.xsd'")
    assert derived(tmp_path, file, {"season": "Fall", "guestCount": 8}) == {"dish": "Stew"}


@pytest.mark.parametrize("policy", ["COLLECT", "RULE ORDER", "OUTPUT ORDER"])
def test_a_list_of_words_becomes_a_fact_for_each_word(tmp_path: Path, policy: str) -> None:
    """Whether the word is in the list; its place there is the same in every case."""
    output = (
        "<output typeRef='string'>" + text("outputValues", '"Passport", "Proof of income", "Nothing"') + "</output>"
    )
    rows = [["-", "-", '"Passport"'], ['"b"', "-", '"Proof of income"'], ["-", "> 30", '"Proof of income"']]
    file = model(tmp_path, table(rows, outputs=[output], policy=f"hitPolicy='{policy}'", name="Papers"))

    def papers(**values: Any) -> list[bool | None]:
        found = derived(tmp_path, file, values)
        assert list(found) == ["papers.passport", "papers.proof_of_income"]  # no row gives the third
        return list(found.values())

    assert papers(Grade="b", Days=31) == [True, True]
    assert papers(Grade="a", Days=30) == [True, False]
    assert papers(Grade="a") == [True, None]


REQUIRED = "<informationRequirement><requiredDecision href='#d1'/></informationRequirement>\n<decisionTable"
FIRST_ = table([['"a"', "-", '"dear"']], outputs=["<output name='feeClass' typeRef='string'/>"])


@pytest.mark.parametrize("calling", ["feeClass", "d1", "Fee"])
def test_a_required_decision_is_known_by_its_output_and_its_id_too(tmp_path: Path, calling: str) -> None:
    """As Camunda calls it. A decision that is not required is not meant."""
    later = table([['"dear"', '"ask"']], inputs=[calling], name="Next")
    first_ = FIRST_.replace("<decision ", "<decision id='d1' ")
    file = model(tmp_path, first_, later.replace("<decisionTable", REQUIRED))
    assert derived(tmp_path, file, {"Grade": "a"}) == {"fee": "dear", "next": "ask"}
    if calling != "Fee":
        pack = import_pack(model(tmp_path, first_, later), DAY)
        assert f"m.{slug(calling)}" in pack["inputs"]


WORDS = ("1e3", "no", "07", "~", "a: b", "#x", "it's", "Smith, John", "5%", "Größe", "null", "2026-11-20")


@pytest.mark.parametrize("word", WORDS)
def test_a_word_comes_through_yaml_as_it_is(tmp_path: Path, word: str) -> None:
    rows = [[f'"{word}"', f'"{word}"'], ['"other"', '"b"']]
    file = model(tmp_path, table(rows, inputs=["Größe"]), given=data("Größe", "string"))
    assert derived(tmp_path, file, {"Größe": word}) == {"fee": word}


SIMPLE = [["-", "<= 30", '"x"']]
JUEL = table(SIMPLE).replace("<inputExpression>", "<inputExpression expressionLanguage='juel'>", 1)
COLLECT = "hitPolicy='COLLECT'"
DEFAULT = "<output typeRef='string'><defaultOutputEntry><text>\"x\"</text></defaultOutputEntry></output>"
SUM = "hitPolicy='COLLECT' aggregation='SUM'"
LITERAL = "<decision name='x'><literalExpression><text>1 + 1</text></literalExpression></decision>"
REFUSED: dict[str, tuple[str, str, int]] = {
    "juel": (JUEL, "language", 8),
    "business-knowledge": ("<businessKnowledgeModel name='f'/>\n" + table(SIMPLE), "no-table", 6),
    "import": ("<import name='f' namespace='urn:f' importType='urn:x'/>\n" + table(SIMPLE), "no-table", 6),
    "literal": (LITERAL, "no-table", 6),
    "numbers-in-a-list": (table([["-", "-", "3"]], policy="hitPolicy='RULE ORDER'"), "hit-policy", 7),
    "rows-in-a-list": (table([["-", "-", '"go"', "1"]], outputs=OUTPUTS, policy=COLLECT), "hit-policy", 7),
    "default-of-a-list": (table(SIMPLE, outputs=[DEFAULT], policy="hitPolicy='COLLECT'"), "output", 10),
    "asked-of-a-list": (
        table(SIMPLE, policy="hitPolicy='COLLECT'") + table([['"x"', '"y"']], inputs=["Fee"], name="Next"),
        "input-expression",
        18,
    ),
    "lower-case": (table(SIMPLE, policy="hitPolicy='first'"), "hit-policy", 7),
    "aggregated-twice": (table([["-", "-", '"stop"', "1"]], outputs=OUTPUTS, policy=SUM), "hit-policy", 7),
    "short-row": (table([["-", '"x"']]), "row", 11),
    "no-rows": (table([]), "row", 7),
    "word-not-allowed": (table([['"c"', "-", '"x"']]), "type", 12),
    "word-for-number": (table([["-", '"30"', '"x"']]), "type", 13),
    "number-for-word": (table([["5", "-", '"x"']]), "type", 12),
    "too-fine": (table([["-", "> 0.00000000001", '"x"']]), "type", 13),
    "upside-down": (table([["-", "[5..1]", '"x"']]), "type", 13),
    "output-of-another-type": (table([["-", "-", '"x"'], ["-", "-", "3"]]), "type", 19),
    "two-decisions": (table(SIMPLE) + "\n" + table(SIMPLE, name="fee"), "collision", 21),
    "two-inputs": (table([["-", "-", "-", '"x"']], inputs=["Grade", "Days", "DAYS"]), "collision", 10),
    "no-letters": (table([['"a"', '"x"']], inputs=["数量"]), "name", 8),
    "word-with-a-comma-refused": (table([['not("a, b")', '"x"']], inputs=["note"]), "cell", 11),
    "dates": (table([["-", "> date(\"2026-01-01\")", '"x"']]), "cell", 13),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_pack_cannot_hold_is_found_at_its_line(tmp_path: Path, case: str) -> None:
    decisions, code, line = REFUSED[case]
    found = [(finding.code, finding.place.line) for finding in findings(model(tmp_path, decisions))]
    assert (code, line) in found


def test_everything_is_found_at_once(tmp_path: Path) -> None:
    rows = [['"c"', "date()", "Days * 2"], ["-", '"30"', '"x"']]
    found = findings(model(tmp_path, table(rows, policy="hitPolicy='HIGHEST'")))
    assert [finding.code for finding in found] == ["hit-policy", "type", "cell", "output", "type"]


@pytest.mark.parametrize("version", ["20130901", "20240513"])
def test_versions_before_and_after_are_refused(tmp_path: Path, version: str) -> None:
    file = model(tmp_path, table(SIMPLE), head=f"xmlns='https://www.omg.org/spec/DMN/{version}/MODEL/'")
    assert [finding.code for finding in findings(file)] == ["not-dmn"]


def test_types_that_lead_to_themselves_do_not_hang(tmp_path: Path) -> None:
    given = item("t", "t", "") + data("x", "t")
    found = findings(model(tmp_path, table([["5", '"x"']], inputs=["x"]), given=given))
    assert [finding.code for finding in found] == ["type"]


def test_decisions_in_a_circle_are_refused_by_the_command(tmp_path: Path) -> None:
    one = table([['"x"', '"x"']], inputs=["Two"], name="One")
    two = table([['"x"', '"x"']], inputs=["One"], name="Two")
    file = model(tmp_path, one, two)
    problem = CliRunner().invoke(cli, ["rules", "import", str(file)]).exception
    assert isinstance(problem, InputError)
    assert [(f.code, f.place.file) for f in problem.diagnostics] == [("cycle", str(file))]


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    file = model(tmp_path, table(SIMPLE))
    result = CliRunner().invoke(cli, ["rules", "import", str(file), "-o", str(tmp_path / "no" / "where.yaml")])
    assert isinstance(result.exception, InputError)
    assert "cannot write" in str(result.exception)
