"""Records that nobody wrote: whatever a file holds ends in a finding or a page, never in a traceback."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pypdf
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.records import as_data, as_record

from hostwise.cli.main import cli
from hostwise.reading.findings.diagnostics import InputError
from hostwise.record.canonical import identity
from hostwise.record.file import parse_record, read_record_file

pytestmark = pytest.mark.usefixtures("decided_once")

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
def data(decided: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    return decided(EXAMPLE.stem)


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
    """The data with another value at a place: what is not on the way there is the same object."""
    found = copy.copy(data)
    holder: Any = found
    for step in path[:-1]:
        holder[step] = copy.copy(holder[step])
        holder = holder[step]
    holder[path[-1]] = value
    return found


@pytest.mark.usefixtures("limited_here")
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


def forgery(data: dict[str, Any], file: Path) -> Path:
    """A record whose verdict was changed, with the id that fits."""
    changed = copy.deepcopy(data)
    changed["verdict"]["sentence"] = "FORGED " + changed["verdict"]["sentence"]
    record = as_record(changed)
    file.write_text(json.dumps({**changed, "id": identity(record)}), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def forged(data: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forgery(data, tmp_path_factory.mktemp("forged") / "record.json")


UNSIGNED = "Not signed with a key that was checked"


@pytest.mark.parametrize("line", ["decide", "explain", "explain --why", "check"])
def test_a_forgery_whose_id_fits_is_marked_in_the_terminal(line: str, forged: Path) -> None:
    assert CliRunner().invoke(cli, [*line.split(), str(forged)]).stdout.startswith(UNSIGNED)


def test_a_forgery_is_marked_beside_json_and_in_comparisons(forged: Path) -> None:
    done = CliRunner().invoke(cli, ["explain", str(forged), "--json"])
    assert done.stderr.startswith(UNSIGNED) and json.loads(done.stdout)
    compared = CliRunner().invoke(cli, ["diff", *[str(forged)] * 2]).output
    assert "is not signed with a key that was checked" in " ".join(compared.split())


@pytest.mark.usefixtures("limited_here", "laid_out_once")
def test_a_forgery_is_marked_on_every_page_that_it_is_shown_on(
    decided: Callable[[str], dict[str, Any]], tmp_path: Path
) -> None:
    forged = forgery(decided("unanswered-gate"), tmp_path / "record.json")  # two pages
    outs = [tmp_path / f"x.{suffix}" for suffix in ("html", "md", "pdf")]
    said = CliRunner().invoke(cli, ["report", str(forged), *(word for out in outs for word in ("-o", str(out)))])
    assert said.exit_code == 0, said.output
    for out in outs[:2]:
        assert UNSIGNED in out.read_text("utf-8")
    first = pypdf.PdfReader(outs[2]).pages[0].extract_text()
    assert UNSIGNED in " ".join(first.split())
    checked = CliRunner().invoke(cli, ["verify", str(outs[2])])
    assert "the record is another" in checked.output and checked.exit_code == 1
    assert "its bytes are the ones that this record renders to" in checked.output


def test_what_computes_to_itself_or_is_signed_is_not_marked(data: dict[str, Any], forged: Path, tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    from hostwise.record.signature import new_keys

    honest = tmp_path / "honest.json"
    honest.write_text(json.dumps(data), encoding="utf-8")
    assert UNSIGNED not in CliRunner().invoke(cli, ["explain", "--why", str(honest)]).output
    private, public = new_keys(tmp_path / "key")
    unsigned = CliRunner().invoke(cli, ["explain", "--why", str(forged), "--key", str(public)])
    assert isinstance(unsigned.exception, InputError)
    assert CliRunner().invoke(cli, ["sign", str(forged), "--key", str(private)]).exit_code == 0
    signed = CliRunner().invoke(cli, ["explain", "--why", str(forged), "--key", str(public)])
    assert signed.exit_code == 0 and UNSIGNED not in signed.output


def test_a_forgery_is_not_attested(forged: Path, tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    from hostwise.record.signature import new_keys

    private, _ = new_keys(tmp_path / "key")
    for command in ("decide", "report"):
        line = [command, str(forged), "-o", str(tmp_path / "x.json"), "--attest", str(private)]
        said = CliRunner().invoke(cli, line)
        assert said.exit_code == 2
        assert "does not give this record" in said.output
    assert not (tmp_path / "x.json").exists()


@pytest.fixture(scope="module")
def large(data: dict[str, Any]) -> str:
    """A record of so many facts that to show it takes seconds: to be stopped it must go on for a few hundredths."""
    made = as_record({**data, "facts": data["facts"] * 10, "rules": data["rules"] * 3})
    return as_record({**as_data(made), "id": identity(made)}).json


@pytest.mark.parametrize(
    "command", [["report", "-o", "x.html", "--for", "audit"], ["explain"], ["diff", "record.json"]]
)
def test_a_record_that_takes_for_ever_is_stopped_and_says_so(
    command: list[str], large: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here a stranger has no time at all."""
    name, *options = command
    monkeypatch.chdir(tmp_path)
    while time.process_time() < 1:  # the least that the system limits a process to
        pass
    # Of the computing that this process did, as the system counts it: ticks, which lag behind.
    monkeypatch.setattr("hostwise.cli.shared.inputs.STRANGER", -time.process_time())
    Path("record.json").write_text(large, encoding="utf-8")
    said = CliRunner().invoke(cli, [name, "record.json", *options])
    assert isinstance(said.exception, InputError)
    assert "stopped: it takes more than" in str(said.exception)
    assert not Path("x.html").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"junk\n%PDF-1.7\n%\xf0\x9f\x96\xa4\xff\n", "the PDF begins at byte 5: what stands before it is none of it"),
        (b"", "it is empty: neither a record nor a report"),
        (b"\x89PNG\r\n", "it is neither a record nor a report: byte 0 is no text"),
    ],
)
def test_what_is_no_file_of_ours_is_called_what_it_is(content: bytes, said: str, tmp_path: Path) -> None:
    """A PDF with a line before it was "not UTF-8 text: byte 77 is damaged", and an empty file "not JSON"."""
    file = tmp_path / "report.pdf"
    file.write_bytes(content)
    with pytest.raises(InputError) as found:
        read_record_file(file)
    assert found.value.diagnostics[0].message.startswith(said)
