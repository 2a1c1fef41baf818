"""Each of nineteen dangerous mutations of the house rules breaks the property that speaks of it.

`make mutants ARGS=rules` asks the golden cases, the lint and every property about all of them.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.mutation.dangerous import Dangerous, dangerous, mutated

from hostwise.cli.main import cli

pytest.importorskip("z3")


def test_there_are_nineteen_and_each_breaks_a_property_of_its_own() -> None:
    assert len({each.property for each in dangerous()}) == len(dangerous()) == 19


@pytest.mark.parametrize("mutation", dangerous(), ids=lambda each: each.property)
def test_the_property_that_speaks_of_it_is_refuted(mutation: Dangerous, tmp_path: Path) -> None:
    command = ["rules", "prove", "--rules", str(mutated(mutation, tmp_path)), "--only", mutation.property]
    result = CliRunner().invoke(cli, [*command, "--format", "json"])
    assert result.exit_code == 1, result.output
    (proof,) = json.loads(result.output)
    assert proof["status"] == "refuted"
    assert proof["example"]["confirmed"], "the engines do not come to what the solver says"
