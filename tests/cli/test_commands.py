"""The commands as their users run them: output, exit codes, messages instead of tracebacks."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from tests.commands import hostwise

from hostwise.cli.main import COMMANDS, GUESSED, MOVED, cli
from hostwise.reading.files.yaml_file import read_document

EXAMPLE = "examples/support-summariser.yaml"


def test_help_lists_every_command() -> None:
    result = hostwise("--help")
    assert result.returncode == 0
    for title, section in COMMANDS.items():
        _, _, below = result.stdout.partition(f"{title}:\n")
        lines = below.partition("\n\n")[0].splitlines()
        assert [line.split()[0] for line in lines] == list(section), title


@pytest.mark.parametrize("command", cli.table)
def test_every_command_has_help(command: str) -> None:
    assert "Usage:" in hostwise(command, "--help").stdout


@pytest.mark.parametrize("old", MOVED)
def test_an_old_name_says_the_new_one(old: str) -> None:
    result = hostwise(*old.split(), "some", "thing")
    assert (result.returncode, result.stdout) == (2, "")
    assert f"Error: {old} is now: {MOVED[old]}" in result.stderr
    _, command, *more = MOVED[old].split()
    listed = hostwise(command, *(more[:1] if command == "catalogue" else ()), "--help")
    assert listed.returncode == 0
    assert all(option in listed.stdout for option in more if option.startswith("--"))


@pytest.mark.parametrize("guess", GUESSED)
def test_a_guess_says_what_to_write(guess: str) -> None:
    result = CliRunner().invoke(cli, [guess, "some", "thing"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Error: no such command '{guess}'; write: {GUESSED[guess]}\n" in result.stderr
    words = GUESSED[guess].split()[1:]
    path = words[: 2 if words[0] in ("catalogue", "rules") else 1]
    listed = CliRunner().invoke(cli, [*path, "--help"]).stdout
    assert listed.startswith("Usage: ") and all(word in listed for word in words if word.startswith("-"))


def test_version_names_the_rulebook() -> None:
    assert hostwise("--version").stdout.startswith("hostwise 0.1.0, rulebook 20")


def test_check_names_the_gates_that_are_not_answered(tmp_path: Path) -> None:
    text = "workload: {name: x}\nconstraints: {external_processing: allowed, air_gapped: unknown, residency: none}\n"
    (tmp_path / "w.yaml").write_text(text, encoding="utf-8")
    said = hostwise("check", "w.yaml", cwd=tmp_path).stdout
    open_ = "constraints.air_gapped, constraints.edge_or_offline, constraints.fine_tuning"
    assert f"not answered: {open_}." in said
    assert "not answered" not in hostwise("check", EXAMPLE).stdout


def test_a_mistyped_command_is_guessed() -> None:
    result = hostwise("decid", EXAMPLE)
    assert result.returncode == 2
    assert "Did you mean 'decide'" in result.stderr


@pytest.mark.usefixtures("decided_once", "limited_here")
def test_blank_check_decide_verify(tmp_path: Path) -> None:
    assert hostwise("start", "--blank", "mine.yaml", cwd=tmp_path).returncode == 0
    assert hostwise("start", "--blank", "mine.yaml", cwd=tmp_path).returncode == 2
    assert "valid; no volume given" in hostwise("check", "mine.yaml", cwd=tmp_path).stdout
    decided = hostwise("decide", "mine.yaml", "-o", "record.json", cwd=tmp_path)
    assert decided.returncode == 0
    assert "Not decided yet" in decided.stdout
    verified = hostwise("verify", "record.json", cwd=tmp_path)
    assert (verified.returncode, verified.stdout.endswith(": verified.\n")) == (0, True)
    record = (tmp_path / "record.json").read_text()
    (tmp_path / "record.json").write_text(record.replace("My workload", "Your workload", 1))
    tampered = hostwise("verify", "record.json", cwd=tmp_path)
    assert tampered.returncode == 1
    assert "NOT verified" in tampered.stdout


def test_the_schema_accepts_every_example_and_what_people_write() -> None:
    schema = json.loads(hostwise("catalogue", "schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for example in sorted(Path("examples").glob("*.yaml")):
        loaded = json.loads(json.dumps(read_document(example).data, default=float))
        assert list(validator.iter_errors(loaded)) == [], example
    wrong = {"workload": {"name": "x"}, "demand": {"tokens_per_dy": "30M"}}
    assert [error.validator for error in validator.iter_errors(wrong)] == ["additionalProperties"]


def test_the_schema_of_the_record_is_published() -> None:
    assert json.loads(hostwise("catalogue", "schema", "--record").stdout)["title"] == "Hostwise decision record"


def test_check_reports_all_files_at_once_in_three_formats(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("workload: {nme: x}\n")
    (tmp_path / "b.yaml").write_text("demand: {tokens_per_day: many}\n")
    text = hostwise("check", "a.yaml", "b.yaml", cwd=tmp_path)
    assert text.returncode == 2
    assert "a.yaml:1:12: error" in text.stderr
    assert "did you mean 'name'" in text.stderr
    assert "b.yaml:1:26: error" in text.stderr
    rows = json.loads(hostwise("check", "--format", "json", "a.yaml", "b.yaml", cwd=tmp_path).stdout)
    assert {(row["file"], row["code"]) for row in rows} >= {("a.yaml", "unknown-key"), ("b.yaml", "not-a-quantity")}
    sarif = json.loads(hostwise("check", "--format", "sarif", "a.yaml", cwd=tmp_path).stdout)
    assert sarif["version"] == "2.1.0"
    regions = [row["locations"][0]["physicalLocation"]["region"] for row in sarif["runs"][0]["results"]]
    assert {"startLine": 1, "startColumn": 12} in regions


@pytest.mark.parametrize("command", ["check", "decide", "explain", "verify"])
def test_bad_input_is_never_a_traceback(command: str, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_bytes(b"workload: {name: \xff}\n")
    for name in ("bad.yaml", "absent.yaml", "."):
        result = hostwise(command, name, cwd=tmp_path)
        # A folder is a portfolio to `decide`: the file in it that is not UTF-8 is an error of its row.
        assert result.returncode == (1 if (command, name) == ("decide", ".") else 2), (command, name)
        assert "Traceback" not in result.stderr
        assert result.stderr.strip()


def test_decide_prints_the_record_as_json() -> None:
    record = json.loads(hostwise("decide", EXAMPLE, "--json").stdout)
    assert record["verdict"]["option"] == "open-model-provider"


def test_piped_output_is_plain_and_stable() -> None:
    first, second = hostwise("decide", EXAMPLE), hostwise("decide", EXAMPLE)
    assert first.stdout == second.stdout
    assert "\x1b" not in first.stdout
    assert all(line == line.rstrip() for line in first.stdout.split("\n"))


def test_the_engines_can_be_run_alone() -> None:
    for engine in ("reference", "durable"):
        assert hostwise("decide", EXAMPLE, "--engine", engine).returncode == 0


def test_a_wrong_date_says_how_to_write_one() -> None:
    result = hostwise("decide", EXAMPLE, "--as-of", "20-11-2026")
    assert result.returncode == 2
    assert "2026-11-20" in result.stderr


def test_explain_shows_why_a_rule_did_not_fire() -> None:
    whole = hostwise("explain", EXAMPLE).stdout
    assert "choose.self-host-on-cost" in whole
    one = hostwise("explain", EXAMPLE, "choose.self-host-on-cost")
    assert one.returncode == 0
    assert "platform" in one.stdout or "ability to run GPUs" in one.stdout
    wrong = hostwise("explain", EXAMPLE, "choose.selfhost-on-cost")
    assert wrong.returncode == 2
    assert "Did you mean 'choose.self-host-on-cost'" in wrong.stderr
