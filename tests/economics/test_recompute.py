"""Every figure of the documents that can be recomputed is, and the register of claims says the same."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from hostwise.cli.catalogue.sources import sources
from hostwise.economics.source_figures import Recomputation, load_recomputations
from hostwise.reading.files.folders import rules_dir
from hostwise.reading.files.yaml_file import read_document
from hostwise.reading.findings.diagnostics import InputError

FOUND = load_recomputations(rules_dir())
CLAIMS = read_document(rules_dir() / "sources" / "claims.yaml").data


@pytest.mark.parametrize("entry", FOUND, ids=lambda e: e.id)
def test_a_figure_is_what_its_formula_gives(entry: Recomputation) -> None:
    assert [step.label for step in entry.steps if not step.holds] == []
    assert set(entry.claims) <= set(CLAIMS)
    assert entry.steps or entry.correct or entry.note


def test_all_five_documents_are_recomputed() -> None:
    assert {e.document for e in FOUND} == {"S0", "S1", "S2", "S3", "S4"}
    assert len(FOUND) == 75


def test_the_command_lists_one_document() -> None:
    result = CliRunner().invoke(sources, ["s2"])
    assert result.exit_code == 0
    assert "R2-14" in result.output and "1,244.16" in result.output and "R1-01" not in result.output


def test_a_document_that_is_not_there_is_named() -> None:
    result = CliRunner().invoke(sources, ["S9"])
    assert result.exit_code == 2 and "S0, S1, S2, S3, S4" in result.output


def test_a_formula_that_is_none_is_found_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    text = """recomputations:
  R0-01:
    claims: [S0-01]
    stated: "x"
    finding: consistent
    steps:
      - {label: a, formula: "1/0", result: 1, unit: x}
      - {label: b, formula: "__import__('os')", result: 1, unit: x}
"""
    (tmp_path / "sources" / "recomputed.yaml").write_text(text)
    with pytest.raises(InputError) as problem:
        load_recomputations(tmp_path)
    assert [d.place.line for d in problem.value.diagnostics] == [7, 8]
