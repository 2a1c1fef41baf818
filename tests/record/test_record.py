"""The record: a pure function of its inputs, complete, and verified by computing it again."""

from __future__ import annotations

import copy
import json
import re
import shutil
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.records import as_data

import hostwise
from hostwise.cli.main import cli
from hostwise.flow.freshness import OutOfDate
from hostwise.flow.knowledge import load_knowledge
from hostwise.reading.findings.diagnostics import InputError
from hostwise.record.canonical import canonical, identity
from hostwise.record.decide import answers_from_text, first_answer, read_record
from hostwise.record.file import parse_record, read_record_file
from hostwise.record.format.record import Record
from hostwise.record.verify import SHOWN, Finding, RecordDifference, differences, verify_record

KEYS = [
    "hostwise", "id", "as_of", "rulebook", "catalogue", "answers", "facts", "rules", "firings", "ledgers",
    "break_even", "panel", "robustness", "counterfactuals", "verdict",
]  # fmt: skip


verifying = pytest.mark.usefixtures("decided_once")
"""For what is found in a changed record, however often the same answers are decided again for it."""


@pytest.fixture(scope="module")
def record(decided_record: Callable[[str], Record]) -> Record:
    return decided_record("support-summariser")


def test_the_parts_stand_in_the_order_of_the_format(record: Record) -> None:
    assert [key for key in json.loads(record.json) if key in KEYS] == KEYS


def test_the_same_inputs_give_the_same_bytes(record: Record) -> None:
    again = hostwise.decide(hostwise.load_answers("examples/support-summariser.yaml"))
    assert again.json == record.json
    assert record.id == identity(record)


def test_where_the_file_lies_is_no_part_of_the_decision(record: Record, tmp_path: Path) -> None:
    copy_of = tmp_path / "support-summariser.yaml"
    copy_of.write_bytes(Path("examples/support-summariser.yaml").read_bytes())
    assert hostwise.decide(hostwise.load_answers(copy_of)).id == record.id
    assert str(tmp_path) not in hostwise.decide(hostwise.load_answers(copy_of)).json


def test_a_finding_of_the_costing_names_the_whole_path(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    text = Path("examples/support-summariser.yaml").read_text().replace("gpu: H100", "gpu: H1000")
    assert "H1000" in text
    file.write_text(text)
    with pytest.raises(InputError) as refused:
        hostwise.decide(hostwise.load_answers(file))
    assert refused.value.diagnostics[0].place.file == str(file)


def test_the_day_is_an_input(record: Record) -> None:
    answers = hostwise.load_answers("examples/support-summariser.yaml")
    other = hostwise.decide(answers, as_of=date(2027, 6, 1))
    assert as_data(other)["as_of"] == "2027-06-01"
    assert other.id != record.id


def test_the_clock_the_network_and_the_environment_are_not_read(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    monkeypatch.setattr(time, "time", lambda: 4_000_000_000.0)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    answers = hostwise.load_answers("examples/support-summariser.yaml")
    assert hostwise.decide(answers).json == record.json


@pytest.mark.parametrize("engine", ["both", "durable", "reference"])
def test_every_engine_finds_the_same(record: Record, engine: str) -> None:
    answers = hostwise.load_answers("examples/support-summariser.yaml")
    other = as_data(hostwise.decide(answers, engine=engine))
    for part in ("facts", "rules", "firings", "verdict", "panel"):
        assert other[part] == as_data(record)[part]


def test_a_record_verifies_and_reads_back(record: Record, tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    file.write_text(record.json, encoding="utf-8")
    assert verify_record(read_record_file(file), str(file)).same
    assert read_record(file).id == record.id


@verifying
@pytest.mark.parametrize(
    ("old", "new"),
    [('"monthly": "', '"monthly": "1'), ("Support summariser", "Support summarised"), ('"true"', '"false"')],
)
def test_one_change_is_found(record: Record, tmp_path: Path, old: str, new: str) -> None:
    assert old in record.json
    file = tmp_path / "record.json"
    file.write_text(record.json.replace(old, new, 1), encoding="utf-8")
    finding = verify_record(read_record_file(file), str(file))
    assert not finding.same
    assert any("changed after it was written" in line for line in finding.lines())
    with pytest.raises(InputError, match="changed after it was written"):
        read_record(file)


words = st.text(st.characters(exclude_categories=["Cs"]))
numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner),
    max_leaves=20,
)


@given(json_values)
def test_the_canonical_form_is_that_of_rfc_8785(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [{"\U0001f600": 1, "\ufb01": 2}, [{"\ufb01": {"\U0001f600": "", "\ufffd": None}}],
                                   [1.0, 1e21], 2**53 - 1, 1 - 2**53, {"b": True, "a": [False, None]}])  # fmt: skip
def test_the_canonical_form_orders_keys_by_utf_16_and_writes_numbers_as_javascript(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("number", [2**53, -(2**53), float("nan"), float("inf")])
def test_numbers_that_json_cannot_keep_have_no_canonical_form(number: float) -> None:
    for value in (number, [number], {"a": {"b": number}}):
        with pytest.raises(rfc8785.CanonicalizationError):
            canonical(value)


def test_the_canonical_form_of_a_record_is_that_of_rfc_8785(record: Record) -> None:
    assert canonical(as_data(record)) == rfc8785.dumps(as_data(record))
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical({"too large": 2**53})


def test_what_is_plain_is_written_without_the_slower_library(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = [1, -1, 2**53 - 1, 1 - 2**53, True, None, "é", {"a": []}]
    monkeypatch.setitem(sys.modules, "rfc8785", None)
    assert canonical(plain).decode() == '[1,-1,9007199254740991,-9007199254740991,true,null,"é",{"a":[]}]'
    assert identity(record) == record.id
    with pytest.raises(ImportError):
        canonical([1.5])


@verifying
def test_a_change_with_a_new_id_is_found_by_computing_again(record: Record) -> None:
    forged = copy.deepcopy(as_data(record))
    forged["verdict"]["option"] = "self-host-cloud"
    forged["id"] = identity(forged)
    finding = verify_record(parse_record(json.dumps(forged).encode(), Path("forged.json")), "forged.json")
    assert [d.pointer for d in finding.differences] == ["/id", "/verdict/option"]
    assert next(iter(finding.lines())) == "forged.json: computed again, the record is another: 2 difference(s)."


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"hostwise": 1, "hostwise": 2}', "[" * 100_000, '{"id": "x", "answers": {}}', "\xff"],
    ids=["empty", "cut", "list", "no keys", "twice", "deep", "half", "latin"],
)
def test_what_is_no_record_is_refused_plainly(text: str, tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    file.write_text(text, encoding="latin-1")
    with pytest.raises(InputError):
        read_record(file)


def test_every_number_is_followed_to_its_source(record: Record) -> None:
    for ledger in as_data(record)["ledgers"]:
        for item in ledger["items"]:
            assert item["formula"]
            assert item["source"]
            for used in item["inputs"]:
                assert used["origin"], (ledger["option"], item["id"], used["name"])
                assert used["source"], (ledger["option"], item["id"], used["name"])


def test_an_unknown_gate_says_what_each_answer_settles() -> None:
    verdict = first_answer(hostwise.load_answers("examples/unanswered-gate.yaml")).verdict
    assert verdict.status == "undecided"
    (need,) = verdict.needs
    assert need.key == "constraints.external_processing"
    assert "allowed" in need.settles
    assert "forbidden" in need.settles


def test_gates_that_exclude_one_another_are_infeasible() -> None:
    text = """\
workload: {name: Fleet}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: yes, residency: none, fine_tuning: none}
demand: {tokens_per_day: 1M}
self_host: {model: Llama-3.3-70B}
"""
    verdict = first_answer(answers_from_text(text, "fleet.yaml")).verdict
    assert verdict.status == "infeasible"
    edge = next(row for row in verdict.alternatives if row.option == "edge")
    assert edge.rules == ("gate.device-fit",)


def test_nothing_known_is_undecided_and_asks_for_the_gates() -> None:
    verdict = first_answer(answers_from_text("workload: {name: Empty}\n", "empty.yaml")).verdict
    assert verdict.status == "undecided"
    keys = {need.key for need in verdict.needs}
    assert {"constraints.external_processing", "constraints.air_gapped", "constraints.edge_or_offline"} <= keys


def test_near_a_threshold_both_outcomes_are_shown() -> None:
    text = """\
workload: {name: Near}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {tokens_per_day: 30M, stable: yes, traffic_shape: steady, traffic_mix: interactive}
current_api: {tier: frontier, input_price: $40, output_price: $40}
open_provider: {input_price: $6.67, output_price: $6.67}
team: {gpu_operations: none}
quality: {gap_low: 9.5%, gap_high: 15%, evaluation_days: 3}
"""
    data = as_data(first_answer(answers_from_text(text, "near.yaml")))
    near = {row["fact"]: row for row in data["robustness"]["near_thresholds"]}
    assert data["verdict"]["option"] == "open-model-provider"
    assert near["quality_gap_low"]["verdict_other_side"] == "managed-api"
    assert near["quality_gap_low"]["distance"] == "-0.05"


def test_a_range_is_decided_at_both_ends() -> None:
    text = """\
workload: {name: Range}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {tokens_per_day: 20M..40M, stable: yes}
current_api: {tier: frontier, input_price: $40, output_price: $40}
quality: {evaluation_days: 3}
team: {gpu_operations: none}
"""
    rows = as_data(first_answer(answers_from_text(text, "range.yaml")))["robustness"]["one_at_a_time"]
    assert [(row["fact"], row["low"]["value"], row["high"]["value"]) for row in rows] == [
        ("stated_tokens_per_day", "20000000", "40000000")
    ]


def test_another_rulebook_is_named_and_what_to_pass(record: Record) -> None:
    text = record.answers.text + "\nlater:\n  question: 5\n"
    other = replace(
        record,
        rulebook=replace(record.rulebook, version="1.7", sha256="0" * 64),
        answers=replace(record.answers, text=text),
    )
    other = replace(other, id=identity(other))
    finding = verify_record(other, "record.json")
    said = "\n".join(finding.lines())
    assert not finding.same
    assert "another rulebook: version 1.7 (SHA-256 000000000000…)" in said
    assert "--rules DIR" in said
    assert re.search(r"The questionnaire within the record, line \d+: unknown", said)


@pytest.fixture(scope="module")
def asked_more(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A record that was decided with one question more, and the folder of rules that asks it."""
    folder = tmp_path_factory.mktemp("more")
    rules = Path(shutil.copytree("rules", folder / "rules"))
    questions = rules / "questions.yaml"
    text, more = (
        questions.read_text("utf-8"),
        "  - {key: workload.payer, type: text, label: payer, help: Who, why: Costs}\n",
    )
    first = "  - key: workload.owner\n"
    assert first in text
    questions.write_text(text.replace(first, more + first), encoding="utf-8")
    answers = folder / "answers.yaml"
    text = Path("examples/s3-solo-founder.yaml").read_text("utf-8")
    answers.write_text(text.replace("workload:\n", "workload:\n  payer: K1\n", 1), encoding="utf-8")
    record = folder / "record.json"
    record.write_text(hostwise.decide(hostwise.load_answers(answers, rules), rules=rules).json, encoding="utf-8")
    return record, rules


def test_a_record_of_other_questions_says_so_before_what_is_unknown_here(asked_more: tuple[Path, Path]) -> None:
    record, rules = asked_more
    found = verify_record(read_record(record), "record.json")
    assert not found.same
    told = list(found.lines())
    assert told[0] == "record.json: the record cannot be computed again with the rulebook used here."
    assert "decided with another rulebook" in told[1] and "--rules DIR" in told[1]
    again = verify_record(read_record(record), "record.json", rules)
    assert list(again.lines()) == [f"record.json: computed again, the record is the same: {again.id}"]


@pytest.mark.parametrize(
    "command", [["diff", "RECORD"], ["whatif", "--set", "demand.stable=yes"], ["check"], ["explain", "--flips"],
                ["explain", "--unknown", "demand.stable"]], ids=" ".join)  # fmt: skip
def test_what_computes_with_it_names_the_rules_not_a_file_that_nobody_has(
    command: list[str], asked_more: tuple[Path, Path]
) -> None:
    record, _ = asked_more
    name, *options = [str(record) if word == "RECORD" else word for word in command]
    said = CliRunner().invoke(cli, [name, str(record), *options])
    assert isinstance(said.exception, InputError)
    (found,) = said.exception.diagnostics
    assert found.message.startswith("the questionnaire that it carries is none by the rules used here")
    assert "--rules DIR" in found.message


@pytest.mark.parametrize(
    ("recorded", "computed", "found"),
    [
        ({"a/b~": 1}, {"a/b~": True}, [("/a~1b~0", 1, True)]),
        ([1, 2], [1], [("/1", 2, None)]),
        ([1], [1, 2], [("/1", None, 2)]),
        ({"a": [{}], "b": 1}, {"a": [{"c": 1}]}, [("/a/0/c", None, 1), ("/b", 1, None)]),
        ({"a": []}, {"a": {}}, [("/a", [], {})]),
        ({"a": {"b": None}}, {"a": {"b": None}}, []),
    ],
)
def test_every_place_where_two_records_part_is_a_difference(recorded: Any, computed: Any, found: list[Any]) -> None:
    assert [(each.pointer, each.recorded, each.computed) for each in differences(recorded, computed)] == found


@pytest.mark.parametrize("count", [1, SHOWN, SHOWN + 1])
def test_differences_are_shown_to_a_number_and_counted_beyond(count: int) -> None:
    parted = tuple(RecordDifference(f"/{n}", "é" * 200, None) for n in range(count))
    first, *lines = Finding("record.json", "0" * 64, ("It may be.",), parted).lines()
    assert first == f"record.json: computed again, the record is another: {count} difference(s)."
    assert lines[:4] == ["  It may be.", "  /0", f'    recorded: "{"é" * 156}…', "    computed: (not there)"]
    assert lines[1 + 3 * SHOWN :] == (["  … and 1 more"] if count > SHOWN else [])
    assert len(lines) == 1 + 3 * min(count, SHOWN) + (count > SHOWN)


def test_a_value_is_shown_whole_to_160_characters_and_cut_beyond() -> None:
    parted = (RecordDifference("/a", "e" * 158, "e" * 159),)
    *_, recorded, computed = Finding("record.json", "0" * 64, (), parted).lines()
    assert recorded == f'    recorded: "{"e" * 158}"'
    assert computed == f'    computed: "{"e" * 156}…'


@verifying
def test_another_version_and_another_catalogue_are_named(record: Record) -> None:
    other = replace(
        record,
        hostwise=replace(record.hostwise, version="0.0.1"),
        catalogue=replace(record.catalogue, sha256="0" * 64),
    )
    version, catalogue = verify_record(replace(other, id=identity(other)), "record.json").notes
    assert version == f"It was decided by Hostwise 0.0.1; this one is {record.hostwise.version}."
    here = record.catalogue.sha256[:12]
    assert catalogue.startswith(
        f"It was decided with another catalogue (SHA-256 000000000000…; the one used here is {here}…)."
    )


def test_a_record_on_knowledge_too_old_by_now_is_no_difference(record: Record) -> None:
    late = replace(record, as_of=date(2031, 1, 1))
    with pytest.raises(OutOfDate):
        verify_record(late, "record.json")
    stale = replace(late, hostwise=replace(record.hostwise, allow_stale=True))
    assert verify_record(stale, "record.json").computed


@verifying
def test_a_change_that_kept_the_id_is_found_by_it_too(record: Record) -> None:
    forged = replace(record, verdict=replace(record.verdict, option="self-host-cloud"))
    finding = verify_record(forged, "forged.json")
    # Computed again the id is the one that it still has; the hash of what it says now is no result of computing.
    assert [each.pointer for each in finding.differences] == ["/verdict/option"]
    assert finding.notes[0] == (
        f"The record was changed after it was written: its id is not the hash of its content, {identity(forged)}."
    )


def test_a_record_that_nobody_decided_says_so(record: Record) -> None:
    forged = replace(record, answers=replace(record.answers, text=record.answers.text + "\nlater:\n  question: 5\n"))
    found = verify_record(replace(forged, id=identity(forged)), "record.json")
    assert not found.same and "nothing was decided on it" in "\n".join(found.lines())


def test_every_file_of_the_rules_is_in_one_of_the_two_hashes_that_a_record_carries() -> None:
    known = load_knowledge()
    there = {path.relative_to(known.root).as_posix() for path in known.root.rglob("*") if path.is_file()}
    assert there - {name for name, _ in known.files} == {"README.md"}
    for place, (name, _) in enumerate(known.files):
        changed = list(known.files)
        changed[place] = (name, "0" * 64)
        other = replace(known, files=tuple(changed))
        hashes = [(each.rules_sha256, each.catalogue_sha256) for each in (known, other)]
        same = [one == another for one, another in zip(*hashes, strict=True)]
        assert same == ([True, False] if name.startswith("catalogue/") else [False, True]), name


def test_a_record_names_what_it_was_decided_with(record: Record) -> None:
    known = load_knowledge()
    assert (record.rulebook.sha256, record.catalogue.sha256) == (known.rules_sha256, known.catalogue_sha256)
    assert "catalogue/measured-throughput.csv" in {each.file for each in record.catalogue.files}
