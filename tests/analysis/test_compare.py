"""`hostwise diff`: which answer, date, rule or price moved the verdict."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hostwise.cli.main import cli
from hostwise.record.decide import decide, load_answers

pytestmark = pytest.mark.usefixtures("decided_once")

ROOT = Path(__file__).parents[2]
RULES = ROOT / "rules"
BASE = (ROOT / "examples" / "support-summariser.yaml").read_text("utf-8")


def questionnaire(folder: Path, name: str, **changes: str) -> Path:
    text = BASE
    for old, new in changes.items():
        line = next(line for line in text.splitlines() if line.strip().startswith(f"{old}:"))
        text = text.replace(line, line.partition(":")[0] + f": {new}")
    file = folder / f"{name}.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, ["diff", *map(str, args)])


def data(*args: str | Path) -> Any:
    result = run(*args, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def rules_with(folder: Path, name: str, file: str, old: str, new: str) -> Path:
    target = folder / name
    shutil.copytree(RULES, target)
    text = (target / file).read_text("utf-8")
    assert old in text
    (target / file).write_text(text.replace(old, new), encoding="utf-8")
    return target


def test_of_two_answers_the_one_that_matters_is_named(tmp_path: Path) -> None:
    old = questionnaire(tmp_path, "old")
    new = questionnaire(tmp_path, "new", external_processing="forbidden", long_inputs="true")
    found = data(old, new)
    assert (found["old"]["verdict"], found["new"]["verdict"]) == ("open-model-provider", "self-host-cloud")
    moves = {d["name"]: d["moves"] for d in found["differences"]}
    assert moves["constraints.external_processing"] is True
    assert [name for name, moving in moves.items() if moving] == ["constraints.external_processing"]
    assert "What moved the verdict: constraints.external_processing." in run(old, new).output


def test_the_same_questionnaire_twice(tmp_path: Path) -> None:
    old = questionnaire(tmp_path, "old")
    found = data(old, old)
    assert found["moved"] is False
    assert found["differences"] == []
    assert "Nothing differs" in run(old, old).output


def test_what_changed_without_moving_it_is_listed(tmp_path: Path) -> None:
    found = data(questionnaire(tmp_path, "old"), questionnaire(tmp_path, "new", tokens_per_day="31M"))
    assert found["moved"] is False
    assert [d["name"] for d in found["differences"]] == ["demand.tokens_per_day"]
    text = run(tmp_path / "old.yaml", tmp_path / "new.yaml").output
    assert "Cost a month" in text


def test_records_and_pdfs_are_taken_too(tmp_path: Path) -> None:
    record = tmp_path / "old.json"
    record.write_text(decide(load_answers(questionnaire(tmp_path, "old"))).json, encoding="utf-8")
    new = questionnaire(tmp_path, "new", external_processing="forbidden")
    pdf = tmp_path / "new.pdf"
    CliRunner().invoke(cli, ["report", str(new), "-o", str(pdf), "--for", "leadership"])
    found = data(record, pdf)
    assert (found["moved"], found["notes"]) == (True, [])


def test_a_rule_that_moved_it_is_named(tmp_path: Path) -> None:
    file = questionnaire(tmp_path, "same")
    choice = "when: {edge_or_offline: true, feasible.edge: true}\n    then: {verdict: device}"
    edited = rules_with(
        tmp_path,
        "edited",
        "flow/3-choose.yaml",
        choice,
        "when: {edge_or_offline: false}\n    then: {verdict: managed-api}",
    )
    found = data(file, file, "--rules-new", edited)
    assert (found["old"]["verdict"], found["new"]["verdict"]) == ("open-model-provider", "managed-api")
    (rule,) = found["differences"]
    assert (rule["kind"], rule["name"], rule["moves"]) == ("rule", "choose.edge", True)


def test_the_order_of_rules_is_one_difference(tmp_path: Path) -> None:
    file = questionnaire(tmp_path, "same")
    text = (RULES / "flow" / "3-choose.yaml").read_text("utf-8")
    last = text[text.index("  - id: choose.managed-api") :]
    head, _, rules = text.partition("rules:\n")
    target = tmp_path / "ordered"
    shutil.copytree(RULES, target)
    (target / "flow" / "3-choose.yaml").write_text(f"{head}rules:\n{last}{rules.replace(last, '')}", encoding="utf-8")
    found = data(file, file, "--rules-new", target)
    assert found["new"]["verdict"] == "managed-api"
    assert [(d["name"], d["moves"]) for d in found["differences"]] == [("the order of the rules", True)]


def test_a_price_that_moved_it_is_named(tmp_path: Path) -> None:
    file = questionnaire(tmp_path, "same")
    entry = "  - provider: aws\n    model: Llama-3.3-70B\n    input: {price}\n    output: {price}\n"
    prices = (entry.format(price=price) for price in ("0.72", "90"))
    edited = rules_with(tmp_path, "edited", "catalogue/prices.yaml", *prices)
    found = data(file, file, "--rules-new", edited)
    (price,) = found["differences"]
    assert (price["kind"], price["name"], price["old"]) == ("price", "aws Llama-3.3-70B", "input 0.72, output 0.72")
    assert price["moves"] is found["moved"]


def test_a_record_of_other_rules_says_what_is_missing(tmp_path: Path) -> None:
    edited = rules_with(
        tmp_path, "edited", "flow/2-gate.yaml", 'constrained_share: ">= 100%"', 'constrained_share: ">= 99%"'
    )
    file = questionnaire(tmp_path, "same")
    record = tmp_path / "old.json"
    record.write_text(decide(load_answers(file, rules=edited), rules=edited).json, encoding="utf-8")
    note = next(note for note in data(record, file)["notes"] if "was decided with other rules" in note)
    assert "--rules-old DIR" in note
    assert data(record, file, "--rules-old", edited)["notes"] == []


def test_a_pair_is_found_where_no_single_answer_does(tmp_path: Path) -> None:
    """An air gap or a ban each lead to own hosting: lifting one alone changes nothing."""
    old = questionnaire(tmp_path, "old", external_processing="forbidden", fine_tuning="data-cannot-leave")
    new = questionnaire(tmp_path, "new", external_processing="allowed", fine_tuning="none")
    found = data(old, new)
    assert found["moved"] is True
    assert not any(d["alone"] != found["old"]["verdict"] for d in found["differences"])
    assert sorted(found["pairs"][0]) == ["constraints.external_processing", "constraints.fine_tuning"]
    assert "Together do: " in run(old, new).output


def test_a_file_that_is_neither_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text('{"not": "a record"}')
    assert run(file, file).exit_code != 0


def test_an_answer_of_several_words_is_shown_by_them(tmp_path: Path) -> None:
    """Both sides were an ellipsis."""
    old = questionnaire(tmp_path, "old", regulations="[]")
    new = questionnaire(tmp_path, "new", regulations="[gdpr, hipaa]")
    assert "answer constraints.regulations: [] → [gdpr, hipaa]" in run(old, new).output


def test_an_answer_that_contradicts_the_others_alone_is_said_to_and_the_rest_is_compared() -> None:
    """A model of 70B does not fit the one A10G of the other questionnaire: two sound files ended in an error."""
    files = ROOT / "examples" / "s4-50m-a-day.yaml", ROOT / "examples" / "support-summariser.yaml"
    found = {each["name"]: each for each in data(*files)["differences"]}
    assert found["self_host.model"]["alone"] is None and not found["self_host.model"]["moves"]
    assert found["self_host.gpu"]["without"] is None
    assert {found[name]["alone"] for name in ("quality.gap", "self_host.gpu")} == {"open-model-provider"}
    text = run(*files)
    assert text.exit_code == 0
    assert text.stdout.count("the old decision with this alone would contradict itself") == 1
