"""`hostwise whatif` and `explain --flips`: other answers, decided completely."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hostwise.cli.main import cli
from hostwise.record.decide import decide, load_answers

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(command: str, name: str | Path, *args: str) -> Result:
    file = name if isinstance(name, Path) else EXAMPLES / f"{name}.yaml"
    return CliRunner().invoke(cli, [command, str(file), *args])


def data(command: str, name: str | Path, *args: str) -> Any:
    result = run(command, name, *args, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_whatif_decides_both_and_says_what_moved_it() -> None:
    settings = ("--set", "demand.tokens_per_day=80M", "--set", "team.gpu_operations=platform-team")
    found = data("whatif", "support-summariser", *settings)
    assert (found["old"]["verdict"], found["new"]["verdict"]) == ("open-model-provider", "self-host-cloud")
    assert found["pairs"] == [["demand.tokens_per_day", "team.gpu_operations"]]
    text = run("whatif", "support-summariser", *settings).output
    assert "Together do: demand.tokens_per_day and team.gpu_operations." in text
    assert "Managed API: $36,370 → $96,370" in text


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("demand.tokens_per_da=1M", "did you mean 'demand.tokens_per_day'?"),
        ("demand.tokens_per_day", "a supposed answer is written section.key=value"),
        ("demand.tokens_per_day=lots", "not a quantity"),
        ("team.gpu_operations=nobody", "not one of the choices"),
    ],
)
def test_a_supposed_answer_that_cannot_be_is_refused(setting: str, message: str) -> None:
    from hostwise.reading.findings.diagnostic_formats import as_text

    result = run("whatif", "support-summariser", "--set", setting)
    assert result.exit_code != 0
    assert message in as_text(result.exception.diagnostics)  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["support-summariser", "s2-70b-vs-gpt4o", "s3-solo-founder", "hospital-no-gpu-team"])
def test_every_flip_is_confirmed_by_deciding_it(name: str) -> None:
    found = data("explain", name, "--flips")
    assert found
    now = decide(load_answers(EXAMPLES / f"{name}.yaml")).verdict.option
    for flip in found:
        value = "true" if flip["changed"] is True else "false" if flip["changed"] is False else flip["changed"]
        again = data("whatif", name, "--set", f"{flip['question']}={value}")
        assert again["new"]["verdict"] == flip["verdict"] != now, flip["question"]


def test_flips_of_numbers_are_thresholds() -> None:
    found = {flip["question"]: flip for flip in data("explain", "s4-50m-a-day", "--flips")}
    gap = found["quality.gap"]
    # On 120 inputs the interval of 17.7% begins at the limit of 10%; it is said in the tenths that are printed.
    assert Decimal(gap["changed"]) == Decimal("0.178")
    assert gap["rule"] == "choose.quality-too-large"
    text = run("explain", "s4-50m-a-day", "--flips").output
    assert "quality.gap: 4% → above 17.8% (+13.8 points): Managed API, by choose.quality-too-large" in text
