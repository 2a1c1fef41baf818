"""An answer put into a questionnaire's text: under the heading of its section, comments and order kept.

Lines are edited as a person would edit them; what is made so is read again, and must say the same as before but for the
one answer. Where it does not (a section in braces, a value over several lines), the YAML is written anew.
"""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path
from typing import Any

from hostwise.answers.questions.blank_file import MODELINE, SCHEMA_FILE, WIDTH
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.reading.files.yaml_file import Document, read_document
from hostwise.reading.findings.diagnostics import InputError

NEW = MODELINE.format(schema=SCHEMA_FILE) + "\n"
"""A questionnaire without an answer."""
INDENT = "  "


def with_answer(text: str, question: Question, typed: str, questionnaire: Questionnaire) -> str:
    """The questionnaire `text` with one answer more, or another one. Raises `InputError` where `text` is no YAML."""
    before, value = _read(text), scalar(question, typed)
    lines = None if "\r" in text else _edited(text.rstrip("\n").split("\n"), before, question, value, questionnaire)
    if lines is not None:
        edited = "\n".join(lines) + "\n"
        if _says_the_same(before, edited, question, value):
            return edited
    return _written_anew(text, question, value)


def scalar(question: Question, typed: str) -> str:
    """What was typed, as YAML reads it back: plain where it can be, else in quotes."""
    structured = typed[:1] in "{[" and question.type != "text"
    try:
        document = _read(f"x: {typed}\n")
    except InputError:
        return json.dumps(typed, ensure_ascii=False)
    whole = list(document.data) == ["x"]
    return (
        typed if whole and (structured or document.written(("x",)) == typed) else json.dumps(typed, ensure_ascii=False)
    )


def _read(text: str) -> Document:
    return read_document(Path("answers"), data=text.encode())


def _edited(
    lines: list[str], before: Document, question: Question, value: str, questionnaire: Questionnaire
) -> list[str] | None:
    """The lines with the answer; None where its section is no block of lines."""
    root, line = before.root(), f"{question.name}: {value}"
    entries = (root.entries if root is not None else None) or {}
    entry = entries.get(question.section)
    if entry is None:
        return _with_section(lines, entries, question, line, questionnaire)
    start = entry.line
    end = min((other.line for other in entries.values() if other.line > start), default=len(lines) + 1) - 1
    inside = entry.value.entries or {}
    if any(each.line == start for each in inside.values()):
        return None
    if question.name in inside:
        at = inside[question.name].line - 1
        return None if "#" in lines[at] else [*lines[:at], _indent(lines[at]) + line, *lines[at + 1 :]]
    commented = re.compile(rf"\s*#\s?{re.escape(question.name)}:(\s|$)")
    for at in range(start, end):
        if commented.match(lines[at]):
            return [*lines[:at], INDENT + line, *lines[at + 1 :]]
    last = max(
        (at for at in range(start - 1, end) if lines[at].startswith((" ", f"{question.section}:"))), default=start
    )
    indent = _indent(lines[min(each.line for each in inside.values()) - 1]) if inside else INDENT
    return [*lines[: last + 1], indent + line, *lines[last + 1 :]]


def _with_section(
    lines: list[str], entries: Any, question: Question, line: str, questionnaire: Questionnaire
) -> list[str]:
    """A section of its own with its heading, before the sections that come after it in a questionnaire."""
    section = questionnaire.sections[question.section]
    heading = textwrap.wrap(f"{section.title}. {section.help}", WIDTH, initial_indent="# ", subsequent_indent="# ")
    block = [*heading, f"{question.section}:", INDENT + line]
    order = list(questionnaire.sections)
    later = [
        e.line for name, e in entries.items() if name in order and order.index(name) > order.index(question.section)
    ]
    if not later:
        kept = [line for line in lines if line.strip()] and lines
        return [*kept, "", *block]
    at = min(later) - 1
    while at > 0 and lines[at - 1].startswith("#") and not lines[at - 1].startswith("# yaml-language-server"):
        at -= 1
    above = lines[:at] if at == 0 or not lines[at - 1].strip() else [*lines[:at], ""]
    return [*above, *block, "", *lines[at:]]


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _says_the_same(before: Document, edited: str, question: Question, value: str) -> bool:
    """Whether the edited text says what the one before does, and the answer besides."""
    try:
        after = _read(edited)
    except InputError:
        return False
    path, wanted = (question.section, question.name), _read(f"x: {value}\n")
    said = after.has(path) and after.data[question.section].get(question.name) == wanted.data["x"]
    return said and _without(before.data, question) == _without(after.data, question)


def _without(data: Any, question: Question) -> Any:
    """The data without one answer, and without sections that hold nothing."""
    if not isinstance(data, dict):
        return {}
    kept = {
        name: {k: v for k, v in entries.items() if (name, k) != (question.section, question.name)}
        if isinstance(entries, dict)
        else entries
        for name, entries in data.items()
    }
    return {name: entries for name, entries in kept.items() if entries not in (None, {})}


def _written_anew(text: str, question: Question, value: str) -> str:
    import io

    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    data = yaml.load(text)
    # A file of comments alone has no mapping to hang them on: they go in front as they stand.
    header = "" if isinstance(data, CommentedMap) else text
    data = data if isinstance(data, CommentedMap) else CommentedMap()
    if not isinstance(data.get(question.section), CommentedMap):
        data[question.section] = CommentedMap()
    data[question.section][question.name] = _node(value)
    out = io.StringIO()
    yaml.dump(data, out)
    return header + out.getvalue()


def _node(value: str) -> Any:
    """A value for ruamel: a number as typed, since `30_000_000` and `60%` must not be rewritten."""
    from ruamel.yaml import YAML
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString, PlainScalarString

    if value.startswith('"'):
        return DoubleQuotedScalarString(json.loads(value))
    return YAML().load(value) if value.startswith(("{", "[")) else PlainScalarString(value)
