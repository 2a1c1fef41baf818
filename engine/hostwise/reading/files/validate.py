"""YAML files as typed data: every error at its line, with the nearest valid key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TypeVar, get_args

from msgspec import Struct, ValidationError, convert
from msgspec.structs import fields

from hostwise.reading.files.strict import Strict
from hostwise.reading.files.yaml_file import Document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.reading.findings.suggest import nearest

_NO_NUMBER = re.compile("(?:nan|inf(?:inity)?)(?![a-z])")
"""What msgspec takes for a decimal, in quotes, and pydantic does not."""
Checked = TypeVar("Checked", bound=Strict)


def validated(kind: type[Checked], document: Document, at: tuple[str | int, ...] = ()) -> Checked:
    """Validate the part of `document` at `at` as `kind`. Raises `InputError` with every finding."""
    value = document.data
    for step in at:
        value = value[step]
    if not _NO_NUMBER.search(document.text.lower()):
        with suppress(ValidationError):
            return convert(value, kind)
    return _with_every_finding(kind, value, document, at)


def _with_every_finding(kind: type[Checked], value: Any, document: Document, at: tuple[str | int, ...]) -> Checked:
    """What msgspec refuses at the first thing that is wrong. A few odd spellings it refuses alone: they count."""
    import pydantic

    try:
        return pydantic.TypeAdapter(kind).validate_python(value)
    except pydantic.ValidationError as problem:
        raise InputError([_finding(error, kind, document, at) for error in problem.errors()]) from None


def _finding(error: Mapping[str, Any], kind: type[Strict], document: Document, at: tuple[str | int, ...]) -> Diagnostic:
    path = (
        *at,
        *(step for step in error["loc"] if document.has((*at, step)) or isinstance(step, (str, int))),
    )
    path = _existing(document, path)
    name = str(error["loc"][-1]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        known = sorted(_fields_at(kind, error["loc"][:-1]))
        return document.finding(
            path,
            "unknown-key",
            f"unknown key {name!r}",
            key=True,
            accepted=", ".join(known),
            suggestion=nearest(name, known),
        )
    if error["type"] == "missing":
        return document.finding(path, "missing-key", f"{name!r} is missing here")
    accepted = error.get("ctx", {}).get("expected")
    found = error.get("input")
    text = str(found)[:80] if isinstance(found, (str, int, float, bool)) else None
    message = str(error["msg"]).removeprefix("Value error, ")
    return document.finding(path, error["type"].replace("_", "-"), message, found=text, accepted=accepted)


def _existing(document: Document, path: tuple[Any, ...]) -> tuple[Any, ...]:
    """Pydantic adds the names of union members to a location; keep the steps that are in the file."""
    kept: tuple[Any, ...] = ()
    for step in path:
        if document.has((*kept, step)):
            kept = (*kept, step)
    return kept


def _fields_at(kind: type[Strict], loc: tuple[str | int, ...]) -> list[str]:
    """The keys at a location, as far as plain nesting can be followed."""
    current: type[Struct] = kind
    for step in loc:
        types = {field.encode_name: field.type for field in fields(current)}
        current = _struct_in(types[str(step)]) or current if step in types else current
    return [field.encode_name for field in fields(current)]


def _struct_in(annotation: Any) -> type[Struct] | None:
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        return annotation
    return next((found for each in get_args(annotation) if (found := _struct_in(each)) is not None), None)
