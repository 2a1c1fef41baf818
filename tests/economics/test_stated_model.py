"""A model that the catalogue lacks, described in the answers."""

from decimal import Decimal
from pathlib import Path

import pytest
from tests.commands import hostwise

from hostwise.reading.findings.diagnostics import InputError
from hostwise.record.decide import answers_from_text, decide

WORKLOAD = """workload: {{name: A model of our own}}
demand: {{tokens_per_day: 200M, traffic_shape: steady}}
self_host:
  model: {name}
  gpu: H100
  model_parameters: {parameters}
"""
SHAPE = "parameters 8.2, layers 36, kv_heads 8, head_size 128, context 40960"


def _text(name: str = "Our-8B", parameters: str = SHAPE) -> str:
    return WORKLOAD.format(name=name, parameters=parameters)


def test_a_described_model_is_hosted_as_one_of_the_catalogue_of_the_same_shape() -> None:
    ours = decide(answers_from_text(_text(), "own.yaml"))
    theirs = decide(answers_from_text(_text("Qwen3-8B").replace(f"  model_parameters: {SHAPE}\n", ""), "own.yaml"))
    totals = [
        next(ledger.total for ledger in record.ledgers if ledger.option == "self-host-cloud")
        for record in (ours, theirs)
    ]
    assert totals[0] and totals[0] == totals[1]
    size = next(fact.value for fact in ours.facts if fact.name == "own_model_size_b")
    assert Decimal(str(size)) == Decimal("8.2")


@pytest.mark.parametrize(
    ("name", "parameters", "said"),
    [
        ("Our-8B", "parameters 8.2, layers 36", "kv_heads, head_size, context"),
        ("Our-8B", f"{SHAPE}, hats 3", "names and numbers"),
        ("Our-8B", f"{SHAPE}, layers 12", "each once"),
        ("Our-8B", SHAPE.replace("36", "36.5"), "cannot be"),
        ("Our-8B", SHAPE.replace("8.2", "0"), "cannot be"),
        ("Our-8B", SHAPE.replace("8.2", "1..2"), "no number"),
        ("Our-8B", f"{SHAPE}, experts 8", "belong together"),
        ("Our-8B", SHAPE.replace("8.2", "8200"), "in billions"),
        ("Our-8B", SHAPE.replace("8.2", "0.0082"), "in billions"),
        ("Our-8B", f"{SHAPE}, active 20", "at most as many"),
        ("Qwen3-8B", SHAPE, "already"),
        ("unknown", SHAPE, "give the model a name"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_line(name: str, parameters: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as problem:
        decide(answers_from_text(_text(name, parameters), "own.yaml"))
    found = problem.value.diagnostics
    assert any(said in each.message and each.place.line == 6 for each in found), found


def test_a_name_that_nobody_knows_says_how_to_describe_it() -> None:
    with pytest.raises(InputError, match="not in the catalogue") as problem:
        decide(answers_from_text(_text().replace(f"  model_parameters: {SHAPE}\n", ""), "own.yaml"))
    assert any("model_parameters" in (each.accepted or "") for each in problem.value.diagnostics)


OPEN = """workload: {{name: A model in no index, task: summarisation}}
constraints: {{external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}}
demand: {{tokens_per_day: 30M, traffic_mix: batch}}
self_host: {{gpu: L40S, model: {model}}}
team: {{gpu_operations: part-time}}
"""


@pytest.mark.parametrize("model", [f'Our-8B, model_parameters: "{SHAPE}"', "Qwen3.5-27B"])
def test_a_named_model_in_no_index_is_held_against_apis_of_the_class_assumed(model: str) -> None:
    """No API had a price then, and that of an API in use was asked for, where none is in use."""
    record = decide(answers_from_text(OPEN.format(model=model), "open.yaml"))
    ledgers = {ledger.option: ledger for ledger in record.ledgers}
    assert ledgers["managed-api"].priced and record.verdict.status == "decided"
    assert next(fact.value for fact in record.facts if fact.name == "class_assumed") is True


def test_a_described_model_is_known_beside_an_answer_that_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(f"{_text()}  power_price: 0,95 zł/kWh\n", "utf-8")
    said = _checked(file)
    assert "self_host.power_price" in said and "not in the catalogue" not in said
    file.write_text(f"{_text(parameters='parameters 8.2')}  power_price: 0,95 zł/kWh\n", "utf-8")
    assert "kv_heads, head_size, context: not said" in _checked(file)


def _checked(file: Path) -> str:
    result = hostwise("check", str(file))
    return result.stdout + result.stderr


def test_millions_of_parameters_are_a_slip_and_what_was_read_is_said(tmp_path: Path) -> None:
    """8,200 million were read as 8,200 billion, and nothing said how many were."""
    file = tmp_path / "own.yaml"
    file.write_text(_text(parameters=SHAPE.replace("8.2", "8200")))
    refused = hostwise("check", str(file))
    assert refused.returncode == 2 and "did you mean 'parameters 8.2'?" in refused.stderr
    file.write_text(_text())
    assert "Our-8B of 8.2 billion parameters on H100" in " ".join(hostwise("check", str(file)).stdout.split())


def test_none_of_a_model_beside_is_asked_about(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(_text() + "  models_on_machine: 0 x bge-m3\n")
    assert "none of one is no model on it" in hostwise("check", str(file)).stderr
