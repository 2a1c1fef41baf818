"""The declared shape of a record: the published schema, and reading, which takes nothing of another shape."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from hostwise.cli.main import cli
from hostwise.cli.shared.inputs import exit_code
from hostwise.reading.findings.diagnostics import InputError
from hostwise.record.file import parse_record
from hostwise.record.format.record import Record
from hostwise.record.schema import record_schema

EXAMPLES = sorted(Path("examples").glob("*.yaml"))
NAMES = [example.stem for example in EXAMPLES]
SOME = ("support-summariser", "unanswered-gate", "infeasible-handheld-interpreter")
VALIDATOR = jsonschema.Draft202012Validator(record_schema())
FILE = Path("record.json")
Text = Callable[[str], str]


@pytest.fixture(scope="module")
def text(decided_record: Callable[[str], Record]) -> Text:
    return cache(lambda name: decided_record(name).json)


def short(value: Any) -> Any:
    """A record with at most two entries a list: of the same shape, and quick to check."""
    if isinstance(value, dict):
        return {key: short(each) for key, each in value.items()}
    return [short(each) for each in value[:2]] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def short_text(text: Text) -> Text:
    return cache(lambda name: json.dumps(short(json.loads(text(name)))))


def read(value: Any) -> Record:
    return parse_record(json.dumps(value).encode(), FILE)


def refused(value: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(value)
    return [f"{each.message}, found {each.found}, accepted {each.accepted}" for each in caught.value.diagnostics]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(record_schema())


@pytest.mark.parametrize("name", NAMES)
def test_every_record_is_valid_and_reads_equal(name: str, text: Text, decided_record: Callable[[str], Record]) -> None:
    found = json.loads(text(name))
    assert [error.json_path for error in VALIDATOR.iter_errors(found)] == []
    again = parse_record(text(name).encode(), FILE)
    assert again == decided_record(name)
    assert again.json == text(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_key_of_a_record_is_declared(name: str, text: Text) -> None:
    schema = record_schema()
    assert list(undeclared(json.loads(text(name)), schema, schema, "$")) == []


def undeclared(value: Any, schema: Any, root: Any, path: str) -> Iterator[str]:
    """The keys that a schema would let pass without saying what they hold."""
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        found = [list(undeclared(value, kind, root, path)) for kind in schema["anyOf"] if alike(value, kind)]
        yield from min(found, key=len)
    elif isinstance(value, dict):
        others = schema["additionalProperties"]
        assert others is not True, path
        for key, each in value.items():
            declared = schema.get("properties", {}).get(key, others)
            if declared is False:
                yield f"{path}.{key}"
            else:
                yield from undeclared(each, declared, root, f"{path}.{key}")
    elif isinstance(value, list):
        for place, each in enumerate(value):
            fixed = schema.get("prefixItems")
            yield from undeclared(each, fixed[place] if fixed else schema["items"], root, f"{path}[{place}]")


def alike(value: Any, kind: Any) -> bool:
    """Whether an object or a list may be of a kind; for anything else there are no keys to declare."""
    if isinstance(value, dict):
        return "$ref" in kind or kind["type"] == "object"
    return not isinstance(value, list) or kind.get("type") == "array"


FALSE: dict[str, tuple[tuple[str | int, ...], Any]] = {
    "$.ledgers[0].per_million": (("ledgers", 0, "per_million"), "nonsense"),
    "$.ledgers[0].outlooks": (("ledgers", 0, "outlooks"), 7),
    "$.answers.values[0]": (("answers", "values"), [{}]),
    "$.facts[0].line": (("facts", 0, "line"), "x"),
    "$.as_of": (("as_of",), 5),
    "$.id": (("id",), "x"),
    "$.rulebook.packs[0].rules": (("rulebook", "packs", 0, "rules"), 2**53),
    "$.verdict.status": (("verdict", "status"), "perhaps"),
    "$.verdict.label": (("verdict", "label"), "\ud800"),
    "$.verdict.alternatives[0].monthly": (("verdict", "alternatives", 0, "monthly"), 1.5),
    "$.robustness.wrong": (("robustness", "wrong"), "0.10"),
    "$.robustness.regret": (("robustness", "regret"), "NaN"),
    "$.rules[0].then": (("rules", 0, "then"), {"values": [], "options": []}),
    "$.hostwise.record_format": (("hostwise", "record_format"), 2),
    "$.hostwise.surplus": (("hostwise", "surplus"), 1),
}


@pytest.mark.parametrize("path", FALSE)
def test_what_is_false_is_an_error_at_its_path(path: str, short_text: Text) -> None:
    found = json.loads(short_text("support-summariser"))
    (*above, last), value = FALSE[path]
    part = found
    for step in above:
        part = part[step]
    part[last] = value
    assert any(path in line for line in refused(found))
    if value != "\ud800":  # which no schema can tell from a text
        assert not VALIDATOR.is_valid(found)


def test_every_finding_is_named_with_what_is_accepted(text: Text) -> None:
    found = json.loads(text("support-summariser"))
    del found["verdict"]["option"]
    found["facts"][0]["low"] = "1e3"
    found["surplus"] = 1
    lines = refused(found)
    assert len(lines) == 3
    assert any("$.verdict.option: the key is missing" in line for line in lines)
    assert any("$.facts[0].low: it has another shape, found 1e3, accepted a decimal" in line for line in lines)
    assert any("$.surplus: there is no such key" in line for line in lines)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"as_of"', '"id": "x", "as_of"', 1),
        lambda text: text.replace('"months": 12', '"months": NaN', 1),
        lambda text: text.replace('"months": 12', '"months": ' + "9" * 5000, 1),
        lambda text: text.replace('"engines": {', '"engines": ' + "[" * 900 + "]" * 900 + ', "x": {', 1),
        lambda text: text.replace('"label": "', '"label": "\\ud800', 1),
        lambda text: "{" + text,
    ],
    ids=["twice", "no number", "long number", "deep", "half a character", "no JSON"],
)
@pytest.mark.parametrize("command", ["decide", "report", "verify", "explain", "check"])
@pytest.mark.usefixtures("limited_here")
def test_a_command_refuses_it_with_exit_code_2(change: Any, command: str, text: Text, tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    changed = change(text("support-summariser"))
    assert changed != text("support-summariser")
    file.write_text(changed, encoding="utf-8")
    more = {"report": ["-o", str(tmp_path / "x.html")], "check": ["--today", str(EXAMPLES[0])]}
    result = CliRunner().invoke(cli, [command, str(file), *more.get(command, ())])
    assert isinstance(result.exception, InputError), result.output  # which `main` prints
    assert exit_code(result.exception) == 2


values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(st.characters(codec=None), max_size=5),
    st.sampled_from(["0", "1.50", "-0", "2026-02-30", "2026-11-20", "true", "decided"]),
    st.sampled_from([[], {}, [[]], {"text": "x"}]),
)  # fmt: skip


@given(st.sampled_from(SOME), st.data())
def test_any_change_of_any_node_is_refused_or_reads_equal(short_text: Text, name: str, drawn: st.DataObject) -> None:
    found = json.loads(short_text(name))
    part, step = found, drawn.draw(st.sampled_from(list(found)))
    while isinstance(part[step], (dict, list)) and part[step] and drawn.draw(st.integers(0, 5)):
        part = part[step]
        step = drawn.draw(st.sampled_from(list(part) if isinstance(part, dict) else range(len(part))))
    match drawn.draw(st.sampled_from(["change", "drop", "add", "double"])):
        case "change":
            part[step] = drawn.draw(values)
        case "drop":
            del part[step]
        case "add" if isinstance(part, dict):
            part[drawn.draw(st.text(max_size=3))] = drawn.draw(values)
        case _ if isinstance(part, list):
            part.append(part[step])
    try:
        read_back = parse_record(json.dumps(found).encode(), FILE)
    except InputError as problem:
        str(problem).encode()  # whatever it quotes can be printed
    else:
        assert json.loads(read_back.json) == found
