"""Changed seeds of every reader: a result or a finding, within bounds of time. `make fuzz` goes on for longer."""

from __future__ import annotations

import time

import pytest
from tests.fuzz.readers import READERS, changed, one

pytest.importorskip("cryptography")
pytest.importorskip("pyarrow")
LONGEST = 20.0
"""Seconds that one input may take, of computing."""


@pytest.mark.parametrize("name", READERS)
def test_whatever_is_read_is_a_result_or_a_finding(name: str) -> None:
    reader = READERS[name]
    came_to = []
    for seed in reader.seeds():
        one(reader, seed)
    for number in range(reader.cases):
        data = changed(reader, number, name)
        start = time.process_time()
        came_to.append(one(reader, data))
        assert time.process_time() - start < LONGEST, number
    assert len(came_to) == reader.cases


def test_every_promise_names_tests_that_are_there() -> None:
    from pathlib import Path
    from re import findall

    root = Path(__file__).parents[2]
    rows = [
        line for line in (root / "SECURITY.md").read_text("utf-8").splitlines() if "`tests/" in line and "|" in line
    ]
    assert len(rows) > 8
    for row in rows:
        assert all((root / name).exists() for name in findall(r"`((?:tests|engine)/[^`]+)`", row)), row
