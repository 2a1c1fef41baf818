"""`hostwise report`: from a questionnaire or a record, several files at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hostwise.cli.report import report
from hostwise.reading.findings.diagnostics import InputError
from hostwise.reading.json_values import as_text

EXAMPLE = Path(__file__).parents[2] / "examples" / "support-summariser.yaml"


def test_a_questionnaire_gives_every_format_at_once(tmp_path: Path) -> None:
    outputs = [tmp_path / f"out.{kind}" for kind in ("pdf", "html", "md", "json")]
    arguments = [str(EXAMPLE), *(part for output in outputs for part in ("-o", str(output)))]
    result = CliRunner().invoke(report, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    assert result.output.splitlines() == [f"wrote {output}" for output in outputs]
    assert outputs[0].read_bytes().startswith(b"%PDF-1.7")
    assert outputs[1].read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert outputs[2].read_text(encoding="utf-8").startswith("# Support summariser")
    assert json.loads(outputs[3].read_text(encoding="utf-8"))["verdict"]["option"] == "open-model-provider"


def test_a_record_gives_the_same_report_as_its_questionnaire(tmp_path: Path, summariser: dict[str, Any]) -> None:
    record = tmp_path / "record.json"
    record.write_text(as_text(summariser), encoding="utf-8")
    outputs = tmp_path / "one.html", tmp_path / "two.html"
    assert EXAMPLE.name == summariser["answers"]["file"]
    for given, output in zip((str(record), str(EXAMPLE)), outputs, strict=True):
        CliRunner().invoke(report, [given, "-o", str(output)], catch_exceptions=False)
    assert outputs[0].read_bytes() == outputs[1].read_bytes()


def test_no_output_and_wrong_formats_are_refused_before_deciding(tmp_path: Path) -> None:
    assert CliRunner().invoke(report, [str(EXAMPLE)]).exit_code == 2
    with pytest.raises(InputError, match="no such report format"):
        CliRunner().invoke(report, ["nowhere.yaml", "-o", str(tmp_path / "x.doc")], catch_exceptions=False)
    with pytest.raises(InputError, match="no reader"):
        CliRunner().invoke(report, [str(EXAMPLE), "-o", "x.html", "--for", "nobody"], catch_exceptions=False)
