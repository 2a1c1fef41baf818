"""Records that nobody wrote: whatever a file holds ends in a finding or a page, never in a traceback."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.records import as_data

import hostwise
from hostwise.cli.main import cli
from hostwise.reading.findings.diagnostics import InputError
from hostwise.record.canonical import identity
from hostwise.record.file import parse_record

EXAMPLE = Path(__file__).parents[2] / "examples" / "s3-solo-founder.yaml"
ODD: list[Any] = [
    None, 5, -1, 2**53, 2**53 - 1, 1.5, True, "\ud800", "", [], {}, "NaN", "Infinity", "1e999", "-0", "9" * 400, [[[]]],
    {"a": 1}, "x" * 5000, "2026-13-40", "²", "\u202e", "{label.__class__}", "%(x)s", "<script>", "9999-12-31",
]  # fmt: skip
BYTES = {
    "depth 900": b'{"a":' * 900 + b"1" + b"}" * 900,
    "depth 100,000": b"[" * 100_000,
    "a key twice": b'{"hostwise": {}, "hostwise": {}}',
    "not finite": b'{"hostwise": NaN}',
    "too large a number": b'{"hostwise": 1e999}',
    "long digits": b'{"hostwise": ' + b"9" * 10_000 + b"}",
    "half a character": b'{"hostwise": "\\ud800"}',
    "no UTF-8": b'{"hostwise": "\xff"}',
    "a list": b"[]",
    "nothing": b"",
    "an object": b"{}",
    "a PDF of nothing": b"%PDF-1.7\n",
}


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    return as_data(hostwise.decide(hostwise.load_answers(EXAMPLE)))


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something could be put: of a list the first entries."""
    entries = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    for key, inner in entries:
        yield (*path, key)
        yield from places(inner, (*path, key))


@pytest.fixture(scope="module")
def where(data: dict[str, Any]) -> list[tuple[Any, ...]]:
    return list(places(data))


def changed(data: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    found = copy.deepcopy(data)
    holder: Any = found
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return found


@pytest.mark.parametrize("content", BYTES.values(), ids=BYTES)
def test_what_is_no_record_is_a_finding(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    file.write_bytes(content)
    for command in (["verify", str(file)], ["explain", str(file)], ["report", str(file), "-o", str(tmp_path / "x.md")]):
        done = CliRunner().invoke(cli, command, standalone_mode=False)
        assert isinstance(done.exception, (InputError, click.ClickException)) or done.return_value == 1, command


@settings(deadline=None, max_examples=25)
@given(draw=st.data())
def test_one_odd_value_anywhere_is_read_or_refused(
    data: dict[str, Any], where: list[tuple[Any, ...]], draw: Any
) -> None:
    path = draw.draw(st.sampled_from(where))
    content = json.dumps(changed(data, path, draw.draw(st.sampled_from(ODD)))).encode()
    try:
        record = parse_record(content, Path("record.json"))
    except InputError as problem:
        found = problem.diagnostics
        assert all(each.message.encode("utf-8") for each in found)
        return
    assert len(identity(record)) == 64


@settings(deadline=None, max_examples=10)
@given(draw=st.data())
def test_a_forged_record_whose_id_fits_is_shown_or_refused(
    data: dict[str, Any], where: list[tuple[Any, ...]], draw: Any
) -> None:
    from hostwise.report.page.markdown import markdown_report
    from hostwise.report.terminal.decision import decision_text

    path = draw.draw(st.sampled_from(where))
    content = json.dumps(changed(data, path, draw.draw(st.sampled_from(ODD)))).encode()
    try:
        record = parse_record(content, Path("record.json"))
        for show in (markdown_report, decision_text):
            assert show(record)
    except InputError:
        return
