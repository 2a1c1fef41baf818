"""Rules of one's own that load and are wrong: whatever decides with them says so, once, and decides all the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.commands import hostwise

from hostwise.reading.files.folders import rules_dir
from hostwise.workbench.lint.lint import lint

EXAMPLE = Path(__file__).parents[2] / "examples" / "support-summariser.yaml"
NEVER = """
  - id: gate.never-here
    stage: gate
    when: {all: [{tokens_per_day: "> 50M"}, {tokens_per_day: "< 10M"}]}
    then: {exclude: [hybrid]}
    because: For the test.
    status: house
"""


pytestmark = pytest.mark.usefixtures("decided_once")


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped rules, and one that can never hold."""
    folder = tmp_path_factory.mktemp("broken") / "our rules"
    shutil.copytree(rules_dir(), folder)
    gates = folder / "flow" / "2-gate.yaml"
    gates.write_text(gates.read_text("utf-8") + NEVER, encoding="utf-8")
    return folder


COMMANDS = (
    ["decide", "FILE"],
    ["decide", "FILE", "--json"],
    ["decide", "FILE", "--as-of", "2026-11-20"],
    ["decide", "FOLDER"],
    ["report", "FILE", "-o", "r.md"],
    ["report", "FOLDER", "-o", "r.md"],
    ["explain", "FILE", "--why"],
    ["explain", "FILE", "--flips"],
    ["whatif", "FILE", "--set", "demand.tokens_per_day=80M"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_what_decides_on_rules_with_errors_says_so_once(command: list[str], broken: Path, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    shutil.copy(EXAMPLE, folder)
    args = [{"FILE": str(EXAMPLE), "FOLDER": str(folder)}.get(word, word) for word in command]
    result = hostwise(*args, "--rules", str(broken), cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stderr.count("have 1 error, so what they decide may not be what was meant") == 1
    assert f"hostwise rules check --rules '{broken}'" in result.stderr
    assert "what was meant" not in result.stdout


def test_two_folders_are_each_named(broken: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(broken, other)
    rules = ("--rules-old", str(broken), "--rules-new", str(other))
    found = hostwise("diff", str(EXAMPLE), str(EXAMPLE), *rules).stderr
    assert f"the rules in {broken} have" in found and f"the rules in {other} have" in found


def test_sound_rules_and_mere_doubts_are_not_warned_of(broken: Path, tmp_path: Path) -> None:
    doubtful = Path(shutil.copytree(broken, tmp_path / "doubtful"))
    gates = doubtful / "flow" / "2-gate.yaml"
    gates.write_text(gates.read_text("utf-8").replace('"< 10M"', '">= 50M"'), encoding="utf-8")  # an idle part
    assert {finding.severity.value for finding in lint(doubtful, ())[1]} >= {"warning"}
    for rules in (doubtful, rules_dir()):
        assert "warning: the rules" not in hostwise("decide", str(EXAMPLE), "--rules", str(rules)).stderr
