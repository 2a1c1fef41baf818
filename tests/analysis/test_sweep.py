"""`hostwise whatif --sweep`: boundaries to a thousandth, maps cell by cell, in the terminal, as SVG and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.report.drawings import assert_sound, opened

from hostwise.analysis.maps import sweep as swept
from hostwise.analysis.situation import Outcome, Situation, outcome
from hostwise.cli.main import cli
from hostwise.flow.knowledge import load_knowledge
from hostwise.record.decide import answers_from_text

EXAMPLES = Path(__file__).parents[2] / "examples"
STEP = """
workload: {name: Step}
constraints:
  {external_processing: allowed, air_gapped: false, edge_or_offline: false, residency: none, fine_tuning: none}
demand: {tokens_per_day: 400M, stable: true, traffic_shape: steady, traffic_mix: interactive, input_share: 75%}
current_api: {tier: mid, input_price: 1.3, output_price: 1.3}
open_provider: {input_price: 9, output_price: 9}
self_host: {throughput: 5000}
team: {organisation: company, gpu_operations: platform-team, spare_fte: 1}
quality: {gap: 3%, evaluation_items: 150, evaluation_days: 3}
"""

S4 = EXAMPLES / "s4-50m-a-day.yaml"
VOLUME, PRICE = "demand.tokens_per_day=5M..500M", "current_api.input_price=0.2..12"


def run(file: Path, *args: str) -> Result:
    """The first arguments up to an option are the answers that are swept."""
    swept = list(takewhile(lambda word: not word.startswith("-"), args))
    given = [word for key in swept for word in ("--sweep", key)]
    return CliRunner().invoke(cli, ["whatif", str(file), *given, *args[len(swept) :]])


def data(file: Path, *args: str) -> Any:
    result = run(file, *args, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_a_sweep_finds_the_boundaries(tmp_path: Path) -> None:
    """Own hosting wins, loses at the step to a second replica, and wins again: every boundary to a thousandth.

    Where it saves little more than the margin, only its futures tell: that stretch is a close call.
    """
    file = tmp_path / "step.yaml"
    file.write_text(STEP)
    found = data(file, "demand.tokens_per_day=100M..1B", "--steps", "40")
    verdicts = [region["verdict"] for region in found["regions"]]
    api, close, own = "managed-api", "close-call", "self-host-cloud"
    assert verdicts == [api, close, own, api, close, own]
    knowledge = load_knowledge()
    for before, after in zip(found["regions"], found["regions"][1:], strict=False):
        edge, first = Decimal(before["high"]), Decimal(after["low"])
        assert 0 < first - edge <= first / 1000
        for value, region in ((edge, before), (first, after)):
            text = STEP.replace("400M", f"{value:f}")
            decided = outcome(Situation(answers_from_text(text, "edge.yaml"), knowledge.as_of, knowledge))
            if region["verdict"] == close:
                assert decided.verdict in (api, own)
            else:
                assert (decided.verdict, decided.rule) == (region["verdict"], region["rule"])
    assert len(found["points"]) == 40
    assert [point[1]["verdict"] for point in found["points"] if point[0] == "400000000"] == ["self-host-cloud"]
    few = data(file, "demand.tokens_per_day=100M..1B", "--steps", "2")
    assert [region["verdict"] for region in few["regions"]][:3] == [api, close, own]


def test_what_both_engines_do_not_confirm_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swept, "outcome", lambda _: Outcome("edge", None, {}))
    for args in ([VOLUME], [VOLUME, PRICE], ["team.gpu_operations"]):
        result = run(S4, *args, "--steps", "3")
        assert isinstance(result.exception, swept.PathsDisagree)
        assert result.output == ""


@pytest.fixture(scope="module")
def drawn() -> Callable[[], str]:
    cache: list[str] = []

    def text() -> str:
        if not cache:
            cache.append(run(S4, VOLUME, PRICE).output)
        return cache[0]

    return text


def test_the_map_has_a_letter_a_cell_and_says_what_each_stands_for(drawn: Callable[[], str]) -> None:
    lines = drawn().splitlines()
    rows = [line.partition("│")[2] for line in lines if "│" in line]
    assert len(rows) == 15
    cells = [re.findall(r"[\[ ]([\w≈])[\] ]", row + " ") for row in rows]
    assert {len(row) for row in cells} == {25}
    counts = {letter: sum(row.count(letter) for row in cells) for letter in "AP"}
    assert f"A Managed API ({counts['A']} of 375)" in drawn()
    assert f"P Managed open-model provider ({counts['P']} of 375)" in drawn()
    assert sum(row.count("[P]") for row in rows) == 1
    assert "today: tokens a day 50M, input price today $1.50 per million tokens" in " ".join(drawn().split())
    # The dearer the API of today, the smaller the volume from which the provider wins.
    assert sorted(row.count("A") for row in cells) == [row.count("A") for row in cells]


def test_piped_output_is_plain_and_fits(drawn: Callable[[], str]) -> None:
    assert "\x1b" not in drawn()
    assert max(map(len, drawn().splitlines())) <= 100
    assert not [line for line in drawn().splitlines() if line != line.rstrip()]
    narrow = run(S4, VOLUME, PRICE, "--steps", "60").output
    assert max(map(len, narrow.splitlines())) <= 100
    assert "◆ today" in narrow


def test_a_choice_sweeps_its_words_and_goes_up() -> None:
    found = data(EXAMPLES / "unanswered-gate.yaml", "constraints.external_processing", "demand.tokens_per_day=1M..1B")[
        "map"
    ]
    assert (found["x"]["key"], found["y"]["values"]) == ("demand.tokens_per_day", ["allowed", "forbidden"])
    assert found["today"] is None
    assert set(found["rows"][1]) == {"b"}
    assert [v["verdict"] for v in found["verdicts"]] == ["managed-api", "self-host-cloud"]
    words = data(EXAMPLES / "s4-50m-a-day.yaml", "constraints.external_processing")
    assert [(value, outcome["verdict"]) for value, outcome in words["points"]] == [
        ("allowed", "open-model-provider"), ("forbidden", "self-host-cloud"),
    ]  # fmt: skip
    text = run(EXAMPLES / "s4-50m-a-day.yaml", "constraints.external_processing").output
    assert "allowed: Managed open-model provider, by choose.open-model-provider, as it is today" in " ".join(
        text.split()
    )


def test_what_is_no_option_has_its_name_too() -> None:
    text = run(EXAMPLES / "unanswered-gate.yaml", "quality.gap=0..20%", "--steps", "3").output
    assert "? Undecided (3 of 3)" in text
    assert "→ 0% to 20%: Undecided" in text


def test_numbers_are_spaced_by_ratio_beyond_a_decade() -> None:
    axes = data(S4, VOLUME, "quality.gap=1%..5%", "--steps", "5")["map"]
    assert axes["x"]["scale"] == "log"
    assert axes["x"]["values"] == ["5000000", "15811400", "50000000", "158114000", "500000000"]
    assert axes["y"]["scale"] == "linear"
    assert axes["y"]["values"][0] == "0.01"
    assert axes["y"]["now"] in axes["y"]["values"]


def test_the_map_is_written_as_svg(tmp_path: Path) -> None:
    file = tmp_path / "map.svg"
    assert run(S4, VOLUME, PRICE, "--steps", "9", "-o", str(file)).exit_code == 0
    assert_sound(opened(file.read_text()))
    assert run(S4, VOLUME, "--steps", "9", "-o", str(file)).exit_code == 0
    assert_sound(opened(file.read_text()))
    assert "ends in .svg" in run(S4, VOLUME, "-o", "map.png").output


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["team.gpu_operations=a..b"], "is a choice; write team.gpu_operations alone"),
        (["demand.tokens_per_day=5M"], "write it as demand.tokens_per_day=1M..1B"),
        (["demand.tokens_per_day"], "write it as demand.tokens_per_day=1M..1B"),
        (["workload.name"], "neither a number nor a choice"),
        (["economics.exchange_rates"], "neither a number nor a choice"),
        (["quality.gap=1%..900%"], "outside what quality.gap can be"),
        ([VOLUME, VOLUME], "is given twice"),
        ([VOLUME, PRICE, "quality.gap=1%..5%"], "one or two answers"),
        ([VOLUME, PRICE, "--steps", "500"], "at most 100 values each"),
    ],
)
def test_what_cannot_be_swept_is_refused(args: list[str], message: str) -> None:
    result = run(S4, *args)
    assert result.exit_code == 2
    assert message in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("swept", "ends"),
    [
        ("demand.tokens_per_day=1.000..2.000", ("1,000", "2,000")),
        ("current_api.spend_per_month=$1.000..$9.000", ("$1,000", "$9,000")),
        ("self_host.gpu_hourly_price=$1.800..$3.600/Monat", ("$2.50", "$5")),
        ("self_host.gpu_hourly_price=$1.250..$3.500", ("$1.25", "$3.50")),
    ],
)
def test_a_range_has_the_points_that_an_answer_has(swept: str, ends: tuple[str, str]) -> None:
    """They were swept as one to two tokens, where the same answer is one to two thousand."""
    result = run(S4, swept, "--steps", "2")
    assert result.exit_code == 0 and all(f"· {end}" in result.output for end in ends)
    asked = run(S4, "demand.tokens_per_day=1.234..2.345")
    assert asked.exit_code == 2 and "write it as demand.tokens_per_day=1234..2345" in " ".join(asked.output.split())


def test_a_word_that_contradicts_other_answers_is_left_out_and_said() -> None:
    """A chat model is named, so that nobody can be decided for embeddings: all other tasks are."""
    found = run(EXAMPLES / "support-summariser.yaml", "workload.task")
    assert found.exit_code == 0
    left_out = "workload.task is not decided as embeddings: open_provider.model: it makes no embeddings"
    assert found.stderr.count("warning: ") == found.stderr.count(left_out) == 1
    assert "embeddings" not in found.stdout and "· summarisation: Managed open-model provider" in found.stdout


ONCE = """
workload: {name: Archive, task: extraction, stage: production}
constraints:
  {external_processing: allowed, air_gapped: false, edge_or_offline: false, residency: none, fine_tuning: none}
demand: {pages: 4M, page_form: scans, output_tokens_per_page: 250, runs_once: true}
team: {gpu_operations: part-time}
"""


@pytest.mark.parametrize("key", ["demand.runs_once", "self_host.purchase"])
def test_what_an_answer_implies_goes_with_it(key: str, tmp_path: Path) -> None:
    """A job that runs once may wait; a service in its place need not, and costs what `--set` says."""
    file = tmp_path / "once.yaml"
    file.write_text(ONCE)
    for value, point in json.loads(run(file, key, "--json").stdout)["points"]:
        word = {True: "yes", False: "no"}.get(value, value)
        alone = CliRunner().invoke(cli, ["whatif", str(file), "--set", f"{key}={word}", "--json"])
        costs = json.loads(alone.stdout)["new"]["costs"]
        assert point["costs"] == {o: cost and str(round(Decimal(cost), 2)) for o, cost in costs.items()}, (key, word)
