"""Pydantic models over YAML files: every error at its line, with the nearest valid key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from hostwise.reading.diagnostics import Diagnostic, InputError
from hostwise.reading.document import Document
from hostwise.reading.suggest import nearest

if TYPE_CHECKING:
    from pydantic import BaseModel

    Model = TypeVar("Model", bound=BaseModel)


def validated(model: type[Model], document: Document, at: tuple[str | int, ...] = ()) -> Model:
    """Validate the part of `document` at `at` as `model`. Raises `InputError` with every finding."""
    from pydantic import ValidationError

    value = document.data
    for step in at:
        value = value[step]
    try:
        return model.model_validate(value)
    except ValidationError as problem:
        raise InputError([_finding(error, model, document, at) for error in problem.errors()]) from None


def _finding(
    error: Mapping[str, Any], model: type[BaseModel], document: Document, at: tuple[str | int, ...]
) -> Diagnostic:
    path = (
        *at,
        *(step for step in error["loc"] if document.has((*at, step)) or isinstance(step, (str, int))),
    )
    path = _existing(document, path)
    name = str(error["loc"][-1]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        known = sorted(_fields_at(model, error["loc"][:-1]))
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


def _fields_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    """The field names of the model at a location, as far as plain nesting can be followed."""
    current: Any = model
    for step in loc:
        fields = getattr(current, "model_fields", {})
        current = _model_in(fields[step].annotation) if step in fields else current
    return list(getattr(current, "model_fields", {}))


def _model_in(annotation: Any) -> Any:
    from typing import get_args

    if hasattr(annotation, "model_fields"):
        return annotation
    return next((m for a in get_args(annotation) if (m := _model_in(a)) is not None), None)
