"""The JSON Schema (draft 2020-12) of a record, made from the Structs that declare it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from msgspec import Meta, Struct

from hostwise.reading.json_values import LARGEST, Json
from hostwise.record.format.record import Record
from hostwise.record.format.shape import DAY, DECIMAL, fields_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def record_schema() -> Json:
    """The schema as a JSON value. Decimals are text, so that no reader rounds them."""
    definitions: dict[str, Json] = {}
    _schema(Record, definitions)
    root = definitions.pop(Record.__name__)
    return {"$schema": DIALECT, "title": "Hostwise decision record", **root, "$defs": dict(sorted(definitions.items()))}


def _schema(kind: Any, definitions: dict[str, Json]) -> Json:
    origin, of = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _schema(of[0], definitions) | _limits(of[1])
    if origin in (Union, UnionType):
        return {"anyOf": [_schema(each, definitions) for each in of]}
    if origin is tuple and of[-1] is Ellipsis:
        return {"type": "array", "items": _schema(of[0], definitions)}
    if origin is tuple:
        size = {"minItems": len(of), "maxItems": len(of)}
        return {"type": "array", "prefixItems": [_schema(each, definitions) for each in of], **size}
    if origin in (Mapping, dict):
        return {"type": "object", "additionalProperties": _schema(of[1], definitions)}
    return _struct(kind, definitions) if issubclass(kind, Struct) else _SIMPLE[kind]()


def _struct(kind: type[Struct], definitions: dict[str, Json]) -> Json:
    name = kind.__name__
    if name not in definitions:
        definitions[name] = {}  # a condition has conditions in it
        properties = {field: _schema(of, definitions) for field, of in fields_of(kind).items()}
        closed = {"required": list(properties), "additionalProperties": False}
        definitions[name] = {"description": _about(kind), "type": "object", "properties": properties, **closed}
    return {"$ref": f"#/$defs/{name}"}


def _about(kind: type[Struct]) -> str:
    """What its docstring says, without examples."""
    return " ".join((kind.__doc__ or "").partition(">>>")[0].split())


def _limits(meta: Meta) -> Json:
    known = {"pattern": meta.pattern, "minimum": meta.ge, "maximum": meta.le, **(meta.extra_json_schema or {})}
    return {name: limit for name, limit in known.items() if limit is not None}


_SIMPLE: Mapping[Any, Callable[[], Json]] = {
    str: lambda: {"type": "string"},
    Decimal: lambda: {"type": "string", "pattern": DECIMAL},
    date: lambda: {"type": "string", "pattern": DAY},
    int: lambda: {"type": "integer", "minimum": -LARGEST, "maximum": LARGEST},
    bool: lambda: {"type": "boolean"},
    type(None): lambda: {"type": "null"},
}
