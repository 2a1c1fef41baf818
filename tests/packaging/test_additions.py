"""A question, a rule, a price and a GPU are added in YAML alone: the promise of CONTRIBUTING."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.records import as_data

import hostwise

ROOT = Path(__file__).parents[2]
QUESTION = """
  - key: team.night_shift
    type: boolean
    label: night shift
    help: Does somebody watch the service at night?
    why: Own hardware fails at night too.
"""
RULE = """
  - id: advise.night-shift
    stage: advise
    title: Somebody at night
    when: {night_shift: true}
    then: {note: The night is covered.}
    because: Somebody watches the service at night.
    cites: [S1-43]
    status: house
"""
PRICE = """
  - {provider: acme, model: acme-1, input: 7.00, output: 9.00, source: a quotation, as_of: 2026-11-20}
"""
GPU = """
  ACME-9000: {memory: 96, bandwidth: 4000, tflops: {bits16: 900, bits8: 1800, bits4: 1800}, power: 500, \
purchase: {low: 9000, likely: 9500, high: 9900}, rent: {low: 2.00, likely: 2.50, high: 3.00}, \
source: a quotation, as_of: 2026-11-20}
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped rules with one entry more in each of four files."""
    folder = tmp_path_factory.mktemp("added") / "rules"
    shutil.copytree(ROOT / "rules", folder)
    additions = {
        "questions.yaml": ("questions:\n", QUESTION),
        "flow/4-conditions.yaml": ("rules:\n", RULE),
        "catalogue/prices.yaml": ("prices:\n", PRICE),
        "catalogue/gpus.yaml": ("gpus:\n", GPU),
    }
    for name, (above, entry) in additions.items():
        path = folder / name
        before, found, after = path.read_text(encoding="utf-8").partition(above)
        assert found, f"{name} has no line {above!r}"
        path.write_text(before + above + entry.lstrip("\n") + after, encoding="utf-8")
    return folder


def _run(*arguments: str) -> str:
    command = [sys.executable, "-m", "hostwise", *arguments]
    env = os.environ | {"PYTHONPATH": str(ROOT / "engine")}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout


def test_a_question_is_asked_checked_and_in_the_schema(rules: Path) -> None:
    assert "# night_shift:" in _run("start", "--blank", "--rules", str(rules))
    schema = json.loads(_run("catalogue", "schema", "--rules", str(rules)))
    assert "night_shift" in json.dumps(schema)


def test_a_rule_reads_the_new_question(rules: Path, tmp_path: Path) -> None:
    example = (ROOT / "examples" / "support-summariser.yaml").read_text(encoding="utf-8")
    asked = tmp_path / "asked.yaml"
    asked.write_text(example.replace("\nteam:\n", "\nteam:\n  night_shift: yes\n"), encoding="utf-8")
    record = hostwise.decide(hostwise.load_answers(asked, rules=rules), rules=rules)
    assert "advise.night-shift" in as_data(record)["firings"]
    unasked = hostwise.load_answers(ROOT / "examples" / "support-summariser.yaml", rules=rules)
    assert "advise.night-shift" not in as_data(hostwise.decide(unasked, rules=rules))["firings"]


def test_a_price_and_a_gpu_are_listed(rules: Path) -> None:
    assert "acme-1" in _run("catalogue", "prices", "acme-1", "--rules", str(rules))
    assert "ACME-9000" in _run("catalogue", "prices", "ACME-9000", "--rules", str(rules))


def test_a_gpu_prices_own_hosting(rules: Path, tmp_path: Path) -> None:
    example = (ROOT / "examples" / "s2-70b-vs-gpt4o.yaml").read_text(encoding="utf-8")
    lines = ["  gpu: ACME-9000" if line.startswith("  gpu:") else line for line in example.splitlines()]
    chosen = tmp_path / "chosen.yaml"
    chosen.write_text("\n".join(lines) + "\n", encoding="utf-8")
    record = hostwise.decide(hostwise.load_answers(chosen, rules=rules), rules=rules)
    (ledger,) = (ledger for ledger in as_data(record)["ledgers"] if ledger["option"] == "self-host-cloud")
    assert ledger["capacity"]["gpu"] == "ACME-9000"
