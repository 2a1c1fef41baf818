"""Reading YAML: positions, plain scalars, and hostile files refused fast with a plain message."""

from __future__ import annotations

import time
import tracemalloc
from decimal import Decimal
from pathlib import Path

import pytest

from hostwise.reading.files.yaml_file import MAX_BYTES, Document, read_document
from hostwise.reading.findings.diagnostics import InputError, Place


def read(text: str | bytes) -> Document:
    return read_document(Path("case.yaml"), data=text.encode() if isinstance(text, str) else text)


def test_scalars_follow_yaml_1_2_core() -> None:
    data = read("a: no\nb: 1:30\nc: 010\nd: 4.2e9\ne: true\nf: ~\ng: '5'\nh: 2026-11-20\ni: 30M\n").data
    assert data == {
        "a": "no", "b": "1:30", "c": 10, "d": Decimal("4.2e9"), "e": True, "f": None, "g": "5",
        "h": "2026-11-20", "i": "30M",
    }  # fmt: skip


def test_positions_point_at_keys_and_values() -> None:
    document = read("demand:\n  tokens_per_day: 30M\nteam: {on_call: yes}\n")
    assert document.place(("demand", "tokens_per_day")) == Place("case.yaml", 2, 19)
    assert document.place(("demand", "tokens_per_day"), key=True) == Place("case.yaml", 2, 3)
    assert document.place(("team", "on_call")) == Place("case.yaml", 3, 17)
    assert document.place(("team", "absent")) == Place("case.yaml", 3, 7)
    assert document.excerpt(2) == "  tokens_per_day: 30M"


HOSTILE = {
    "alias bomb": ("a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", "anchors and aliases"),
    "billion laughs": (
        "\n".join(["a0: &a0 x", *(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60))]),
        "anchors",
    ),
    "deep brackets": ("[" * 100_000, "nested"),
    "deep mapping": ("{a: " * 50_000, "nested"),
    "deep indentation": ("\n".join(" " * i + f"k{i}:" for i in range(500)), "nested"),
    "many values": ("[" + "1," * 400_000 + "1]", "more than"),
    "python tag": ("a: !!python/object/apply:os.system ['true']\n", "tags"),
    "any tag": ("a: !secret x\n", "tags"),
    "merge key": ("a: {<<: {b: 1}}\n", "merge keys"),
    "two documents": ("a: 1\n---\nb: 2\n", "second document"),
    "duplicate key": ("a: 1\nb: 2\na: 3\n", "stands here again"),
    "tab": ("a:\n\tb: 1\n", "tab in the indentation"),
    "nan": ("a: .nan\n", "not a number"),
    "infinity": ("a: -.inf\n", "not a number"),
    "1e400": ("a: 1e400\n", "out of range"),
    "1e999999999": ("a: 1e999999999\n", "not a number"),
    "long integer": ("a: " + "9" * 5000 + "\n", "not a number"),
    "control character": ("a: x\x07y\n", "control character"),
    "escape sequence": ("a: \x1b[2Jx\n", "control character"),
    "bidirectional override": ("a: x\u202ey\n", "control character"),
    "nul": ("a: x\x00\n", "control character"),
    "number as key": ("1: x\n", "a key must be text"),
    "list as key": ("? [a, b]\n: x\n", "a key must be text"),
    "boolean as key": ("true: x\n", "a key must be text"),
    "unclosed": ("a: [1, 2\n", "not YAML"),
    "bad escape": ('a: "\\q"\n', "not YAML"),
}


def plain_reading_seconds() -> float:
    """CPU seconds for a plain file of 4,000 values."""
    started = time.process_time()
    read("".join(f"k{i}: {i}\n" for i in range(4_000)))
    return time.process_time() - started


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_place_and_for_no_more_than_a_plain_one_of_its_size(name: str) -> None:
    text, message = HOSTILE[name]
    taken = []
    for _ in range(2):  # a process that has much to clean up does so in one of them
        started = time.process_time()
        with pytest.raises(InputError) as refused:
            read(text)
        taken.append(time.process_time() - started)
    # CPU beside CPU in one process: what the clock says depends on the machine's other work.
    assert min(taken) < 10 * plain_reading_seconds()
    finding = refused.value.diagnostics[0]
    assert message in finding.message
    assert finding.place.line >= 1
    assert finding.place.column >= 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("a: é\n".encode("latin-1"), "not UTF-8"),
        ("a: x\n".encode("utf-16"), "UTF-16"),
        (b"a: \xff\n", "not UTF-8"),
        (b"x" * (MAX_BYTES + 1), "too large"),
    ],
    ids=["latin-1", "utf-16", "stray byte", "too large"],
)
def test_wrong_bytes_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(data)


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert read(b"\xef\xbb\xbfa: 1\n").data == {"a": 1}


def test_a_hundred_megabytes_are_refused_without_being_read(tmp_path: Path) -> None:
    large = tmp_path / "large.yaml"
    with large.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    tracemalloc.start()
    with pytest.raises(InputError, match="too large"):
        read_document(large)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 2 * MAX_BYTES


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_document(tmp_path / "absent.yaml")
    with pytest.raises(InputError, match="not a regular file"):
        read_document(tmp_path)


@pytest.mark.parametrize("written", ["$9,000", "5,000,000", "0,8", "€1,234,567/month", "1,200k"])
def test_a_number_that_a_comma_cuts_between_braces_is_one_finding_that_says_so(written: str) -> None:
    text = f"a: {{b: {written}, c: {{d: 1,e: 2}}, f: [1,2]}}\ng: {written}\n"
    with pytest.raises(InputError) as caught:
        read(text)
    (found,) = caught.value.diagnostics
    assert (found.code, found.found, found.accepted) == ("cut-number", written, f'"{written}"')
    assert (found.place.line, found.place.column) == (1, 8)
    quoted = text.replace(f"b: {written},", f'b: "{written}",')
    assert read(quoted).data["a"]["b"] == written


def test_every_duplicate_is_reported_at_once() -> None:
    with pytest.raises(InputError) as refused:
        read("a: 1\na: 2\nb: {c: 1, c: 2}\n")
    assert [d.place.line for d in refused.value.diagnostics] == [2, 3]


def test_the_pure_python_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    import hostwise.reading.files.yaml_file as module

    text = "a: {b: [1, no, '2', 4.2e9], c: }\nd: >-\n  folded\n  text\n"
    fast = read(text)
    monkeypatch.setattr(module, "_BASE", yaml.Loader)
    slow = read(text)
    assert slow.data == fast.data
    paths = [(), ("a",), ("a", "b", 2), ("a", "c"), ("d",)]
    assert [slow.place(p) for p in paths] == [fast.place(p) for p in paths]
