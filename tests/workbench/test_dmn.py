"""DMN: what is exported is valid and says what the rules say; what is imported decides as its tables do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.inference.rulebooks import facts as small_facts
from tests.inference.rulebooks import rulebook
from tests.inference.strategies import conditions, some_facts
from tests.workbench.random_questionnaires import RandomCase

from hostwise.answers.facts import Fact
from hostwise.cli.main import cli
from hostwise.flow.flow import Basis, choose_costed
from hostwise.flow.knowledge import load_knowledge
from hostwise.flow.panel import ballots
from hostwise.inference.run import Engine, FactConflict, infer
from hostwise.reading.findings.diagnostics import InputError
from hostwise.reading.findings.suggest import nearest
from hostwise.rulebook.language.rules import HIT_POLICIES, Rulebook
from hostwise.rulebook.loading.packs import load_rulebook
from hostwise.workbench.cases.facts import facts_of
from hostwise.workbench.exchange.dmn_import.pack_file import pack_yaml
from hostwise.workbench.exchange.dmn_import.read import import_pack
from hostwise.workbench.exchange.dmn_write import MODEL, definitions, dmn13_text, dmn_text
from hostwise.workbench.exchange.feel import name_of
from hostwise.workbench.exchange.graph import derived_graph

HERE = Path(__file__).parent
LADDER = HERE / "packs" / "ladder.yaml"
DAY = date(2026, 11, 20)
NS = {"d": MODEL}
QUESTIONNAIRES = int(os.environ.get("HOSTWISE_FEELIN_QUESTIONNAIRES", "60"))
RULEBOOKS = int(os.environ.get("HOSTWISE_FEELIN_RULEBOOKS", "100"))


KNOWLEDGE = load_knowledge()


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, ["rules", *map(str, args)])


@pytest.fixture(scope="module")
def exported() -> ET.Element:
    return ET.fromstring(dmn_text(load_knowledge()))


def test_every_reference_leads_to_an_element_before_it(exported: ET.Element) -> None:
    seen: set[str] = set()
    for element in exported:
        for reference in element.iterfind(".//*[@href]"):
            target = reference.attrib["href"].removeprefix("#")
            assert target in seen or target.startswith("source_"), target
        seen.add(element.attrib.get("id", ""))
    ids = [element.attrib["id"] for element in exported.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    refs = {e.attrib["dmnElementRef"] for e in exported.iter() if "dmnElementRef" in e.attrib}
    assert refs <= set(ids)


def test_the_verdict_rests_on_every_rule(exported: ET.Element) -> None:
    needs = {
        decision.attrib["id"]: {r.attrib["href"][1:] for r in decision.iterfind(".//*[@href]")}
        for decision in exported.iterfind("d:decision", NS)
    }
    reached, pending = set[str](), ["decision_verdict", *(f"decision_vote_S{n}" for n in range(5))]
    while pending:
        name = pending.pop()
        if name not in reached:
            reached.add(name)
            pending += needs.get(name, ())
    unused = needs.keys() - reached
    # Derived facts that only the advice reads, and choice facts that no rule of the choice reads.
    assert not [name for name in unused if "truth_" in name], unused


@pytest.mark.skipif("HOSTWISE_DMN_XSD" not in os.environ, reason="HOSTWISE_DMN_XSD names no folder with OMG's schemas")
@pytest.mark.parametrize(("version", "text"), [("20191111", dmn13_text), ("20230324", dmn_text)])
def test_the_export_is_valid_against_the_schema(tmp_path: Path, version: str, text: Any) -> None:
    """Against OMG's schemas of DMN 1.3, as dmn-moddle carries them; for 1.5, whose types are the same, renamed."""
    from lxml import etree

    for file in Path(os.environ["HOSTWISE_DMN_XSD"]).glob("*.xsd"):
        (tmp_path / file.name).write_text(file.read_text("utf-8").replace("20191111", version), encoding="utf-8")
    schema = etree.XMLSchema(etree.parse(str(tmp_path / "DMN13.xsd")))
    for packs in ((), (LADDER,)):
        document = etree.fromstring(text(load_knowledge(None, packs)).encode())
        assert schema.validate(document), schema.error_log


def test_tools_that_read_dmn_1_3_get_the_same_in_its_namespaces(exported: ET.Element) -> None:
    older = ET.fromstring(dmn13_text(KNOWLEDGE))
    assert older.tag == "{https://www.omg.org/spec/DMN/20191111/MODEL/}definitions"
    assert [e.tag.rpartition("}")[2] for e in older.iter()] == [e.tag.rpartition("}")[2] for e in exported.iter()]
    assert "20230324" not in ET.tostring(older, encoding="unicode")


def test_a_default_waits_for_every_rule(tmp_path: Path) -> None:
    """DMN would take the default, or the next row, where an input is null: the table reads truths instead."""
    root = ET.fromstring(dmn_text(load_knowledge(None, (LADDER,))))
    (table,) = root.iterfind("d:decision[@name='weeks_first']/d:decisionTable", NS)
    assert table.attrib["hitPolicy"] == "FIRST"
    columns = [text.text for text in table.iterfind("d:input/d:inputExpression/d:text", NS)]
    assert columns == ["truth_effort_on_call", "truth_effort_team"]
    rows = [[text.text for text in row.iterfind("*/d:text", NS)] for row in table.iterfind("d:rule", NS)]
    assert rows == [
        ['"true"', "-", "3", "effort.on-call"],
        ['"false"', '"true"', "8", "effort.team"],
        ['"false"', '"false"', "0", "default: no rule for it holds"],
    ]


def plain(facts: Mapping[str, Fact]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, fact in facts.items():
        if isinstance(fact.value, Decimal):
            whole = fact.value == fact.value.to_integral_value()
            found[name_of(name)] = int(fact.value) if whole else float(fact.value)
        elif fact.value is not None:
            found[name_of(name)] = fact.value
    return found


def by_feelin(jobs: list[dict[str, Any]], folder: Path) -> Any:
    """What every decision of every model comes to in every case: feelin reads the cells, a runner of ours the graph."""
    (folder / "jobs.json").write_text(json.dumps(jobs))
    runner = Path(os.environ["HOSTWISE_FEELIN"]) / "dmn_runner.mjs"
    shutil.copy(HERE / "dmn" / "dmn_runner.mjs", runner)
    subprocess.run(["node", runner, folder / "jobs.json", folder / "out.json"], check=True)
    return json.loads((folder / "out.json").read_text())


feelin = pytest.mark.skipif("HOSTWISE_FEELIN" not in os.environ, reason="HOSTWISE_FEELIN names no folder with feelin")


@feelin
def test_another_feel_interpreter_agrees_on_the_export(
    tmp_path: Path, first_cases: Callable[[int], list[RandomCase]]
) -> None:
    knowledge = load_knowledge()
    basis = Basis(knowledge.rulebook, knowledge.catalogue, knowledge.as_of, Engine.REFERENCE)
    cases, expected = [], []
    for facts, costing in first_cases(QUESTIONNAIRES):
        run = choose_costed(facts, costing, basis)
        cases.append(plain(facts))
        votes = ballots(knowledge.rulebook, run.facts, Engine.REFERENCE)
        outcome = run.choice.option or run.choice.status.value
        expected.append([outcome, *(ballot.vote for ballot in votes.values())])
    (decided,) = by_feelin([{"model": dmn_text(knowledge), "cases": cases}], tmp_path)
    names = ["verdict", *(f"vote_S{n}" for n in range(5))]
    assert [[case[name] for name in names] for case in decided] == expected


@feelin
def test_another_feel_interpreter_agrees_on_every_hit_policy(tmp_path: Path) -> None:
    """Random rules for one fact under each policy, with and without a default, on facts some of which are unknown."""
    jobs: list[dict[str, Any]] = []
    expected = []

    @settings(max_examples=RULEBOOKS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(
        policy=st.sampled_from(HIT_POLICIES),
        rules=st.lists(conditions(depth=1), min_size=1, max_size=4),
        values=st.lists(st.sampled_from([1, 2, 3]), min_size=4, max_size=4),
        default=st.sampled_from([None, 2]),
        cases=st.lists(some_facts, min_size=4, max_size=8),
    )
    def collect(
        policy: str, rules: list[Any], values: list[int], default: int | None, cases: list[dict[str, Any]]
    ) -> None:
        book = one_fact(tmp_path, policy, rules, values, default)
        kept = []
        for case in cases:
            known = small_facts(**case)
            try:
                made = infer(book.rules, known, Engine.REFERENCE, book.specs, book.defaults("house")).facts["it"].value
            except FactConflict:
                continue
            kept.append(plain(known))
            expected.append(float(made) if isinstance(made, Decimal) else made)
        model = ET.tostring(definitions(derived_graph(book), KNOWLEDGE), encoding="unicode")
        jobs.append({"model": model, "cases": kept})

    collect()
    found = [case["it"] for job in by_feelin(jobs, tmp_path) for case in job]
    assert found == expected


def one_fact(folder: Path, policy: str, rules: list[Any], values: list[int], default: int | None) -> Rulebook:
    """A rulebook whose rules derive the fact `it`: words under priority, else numbers."""
    words = policy == "priority"
    fact: dict[str, Any] = {"type": "enum", "values": ["w3", "w1", "w2"]} if words else {"type": "count"}
    fact["hit_policy"] = policy
    if default is not None:
        fact["default"] = f"w{default}" if words else default
    entries = [
        {"id": f"r{n}", "stage": "derive", "when": when, "then": {"set": {"it": f"w{v}" if words else v}}}
        for n, (when, v) in enumerate(zip(rules, values, strict=False))
    ]
    return rulebook(folder, entries, {"it": fact})


def test_the_command_writes_it(tmp_path: Path) -> None:
    assert run("export", "--to", "dmn", "-o", tmp_path / "rules.dmn").exit_code == 0
    assert ET.parse(tmp_path / "rules.dmn").getroot().tag == f"{{{MODEL}}}definitions"
    assert run("export", "--to", "dmn", "-o", tmp_path / "no" / "where.dmn").exit_code == 1


def decided(pack: Path, values: dict[str, Any]) -> dict[str, Any]:
    """The pack's derived facts on values of its inputs."""
    knowledge = load_knowledge(None, (pack,))
    book = knowledge.rulebook
    named = {f"loan.{name}": Decimal(str(v)) if isinstance(v, (int, float)) and not isinstance(v, bool) else v
             for name, v in values.items()}  # fmt: skip
    rules = [rule for rule in book.stage("derive", "house") if rule.pack == "loan"]
    found = infer(rules, facts_of(named, book), Engine.BOTH, book.specs, book.defaults("house")).facts
    return {
        name.removeprefix("loan."): found[name].value for name in book.defaults("house") if name.startswith("loan.")
    }


@pytest.mark.parametrize(
    ("values", "risk", "points", "granted", "desk"),
    [
        ({"rating": "poor", "amount": 1, "yearly_income": 50, "secured": True}, "high", None, False, "board"),
        ({"rating": "fair", "amount": 10_000, "yearly_income": 90_000, "secured": False}, "middle", None, None, None),
        ({"rating": "fair", "amount": 50_000, "yearly_income": 90_000, "secured": False}, "low", 10, True, "branch"),
        ({"rating": "good", "amount": 0.5, "yearly_income": 1, "secured": True}, "low", 12.5, True, "branch"),
        ({"rating": "good", "amount": 2, "yearly_income": 1, "secured": True}, "high", None, False, "board"),
        ({"rating": "good", "yearly_income": 1, "secured": True}, None, None, None, None),
        ({"rating": "poor"}, "high", None, False, "board"),
    ],
)
def test_an_imported_table_decides_as_dmn_says(  # but that what DMN leaves null is unknown here, not false
    tmp_path: Path, values: dict[str, Any], risk: str | None, points: float | None, granted: Any, desk: str | None
) -> None:
    pack = tmp_path / "loan.yaml"
    result = run("import", HERE / "dmn" / "loan.dmn", "-o", pack)
    assert result.exit_code == 0, result.output
    found = decided(pack, values)
    assert found["risk"] == risk
    assert found["points"] == (None if points is None else Decimal(str(points)))
    assert (found["answer.granted"], found["answer.desk"]) == (granted, desk)


def test_what_is_imported_passes_the_workbench(tmp_path: Path) -> None:
    pack = tmp_path / "loan.yaml"
    run("import", HERE / "dmn" / "loan.dmn", "-o", pack)
    content = yaml.safe_load(pack.read_text("utf-8"))
    assert content["facts"]["loan.risk"]["hit_policy"] == "priority"
    assert content["facts"]["loan.points"] == {"type": "quantity", "label": "Points", "hit_policy": "collect sum"}
    assert content["facts"]["loan.answer.granted"]["default"] is False
    assert content["rules"][4]["because"] == "Low risk counts."
    checked = json.loads(run("check", pack, "--format", "json").output)
    assert {f["code"] for f in checked if f["file"] == str(pack)} <= {"gap"}
    assert run("prove", pack).exit_code == 0


BROKEN = {
    "numbers-in-a-list": (' aggregation="SUM"', "", "hit-policy"),
    "function": ("<text>[10000..50000[</text>", "<text>date(\"2026-01-01\")</text>", "cell"),
    "expression": ("<text>Amount</text>", "<text>Amount * 12</text>", "input-expression"),
    "output": ("<outputEntry><text>10</text>", "<outputEntry><text>Amount / 2</text>", "output"),
    "type": ('name="Secured" typeRef="boolean"', 'name="Secured" typeRef="date"', "type"),
    "namespace": ("DMN/20191111/MODEL", "BPMN/20100524/MODEL", "not-dmn"),
    "not-xml": ("</definitions>", "</definition>", "not-xml"),
    "collision": ('<decision id="d2" name="Points">', '<decision id="d2" name="rating">', "collision"),
    "no-table": ('<decision id="d3"', '<businessKnowledgeModel id="b" name="f"/><decision id="d3"', "no-table"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_what_a_pack_cannot_hold_is_refused_at_its_line(tmp_path: Path, case: str) -> None:
    old, new, code = BROKEN[case]
    text = (HERE / "dmn" / "loan.dmn").read_text("utf-8")
    assert old in text
    file = tmp_path / "loan.dmn"
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        import_pack(file, DAY)
    found = {finding.code: finding for finding in caught.value.diagnostics}
    assert code in found, found
    assert found[code].place.line > 0


LAUGHS = """<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="&c;"/>"""
OUTSIDE = """<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="x">&x;</definitions>"""


@pytest.mark.parametrize(("content", "code"), [(LAUGHS, "doctype"), (OUTSIDE, "doctype"), ("<a>" * 300, "too-deep")])
def test_hostile_xml_is_refused(tmp_path: Path, content: str, code: str) -> None:
    file = tmp_path / "hostile.dmn"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        import_pack(file, DAY)
    assert [finding.code for finding in caught.value.diagnostics] == [code]


@settings(max_examples=examples(80), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    policy=st.sampled_from(HIT_POLICIES),
    rules=st.lists(conditions(depth=2), min_size=1, max_size=4),
    values=st.lists(st.sampled_from([1, 2, 3]), min_size=4, max_size=4),
    default=st.sampled_from([None, 2]),
    cases=st.lists(some_facts, min_size=3, max_size=8),
)
def test_a_table_survives_the_way_out_and_back(
    tmp_path: Path,
    policy: str,
    rules: list[Any],
    values: list[int],
    default: int | None,
    cases: list[dict[str, Any]],
) -> None:
    book = one_fact(tmp_path, policy, rules, values, default)
    file = tmp_path / "trip.dmn"
    file.write_bytes(ET.tostring(definitions(derived_graph(book), KNOWLEDGE)))
    (tmp_path / "back" / "flow").mkdir(parents=True, exist_ok=True)
    pack = read_back(file)
    if pack is None:
        return
    (tmp_path / "back" / "flow" / "trip.yaml").write_text(pack_yaml(pack))
    again = load_rulebook(tmp_path / "back", {})
    for case in cases:
        known = small_facts(**case)
        before = outcome(book, known, "it")
        named = {f"trip.{name}": fact.value for name, fact in known.items() if fact.value is not None}
        given_ = facts_of({name: value for name, value in named.items() if name in again.specs}, again)
        assert outcome(again, given_, "trip.it") == before


def read_back(file: Path) -> dict[str, Any] | None:
    """The pack; None where DMN's numbers, which have no grid, are finer than facts, or a table has no rows at all."""
    try:
        return import_pack(file, DAY)
    except InputError as problem:
        if all("finer than" in f.message or f.code == "row" for f in problem.diagnostics):
            return None
        raise


def outcome(book: Rulebook, known: Mapping[str, Fact], name: str) -> Any:
    """The value of a derived fact, None where it is unknown; or that its rules are in conflict."""
    try:
        return infer(book.rules, known, Engine.REFERENCE, book.specs, book.defaults("house")).facts[name].value
    except FactConflict:
        return "conflict"


def test_the_nearest_word_is_of_use() -> None:
    assert nearest("jdn", ["jdm", "dmn"]) == "jdm"
    assert run("export", "--to", "xml").exit_code == 2
