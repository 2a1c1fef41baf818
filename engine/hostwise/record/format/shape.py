"""Reading JSON values into the Structs that declare them, with every place that has not their shape.

A value is taken only as `reading.json_values.plain` writes it: a decimal is a text of digits without needless zeros, a
day is a text, nothing is turned into something else. So what is read and written again is the same to the byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, partial
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct

from hostwise.reading.json_values import LARGEST

DECIMAL = r"^(0|-?(0\.\d*[1-9]|[1-9]\d*(\.\d*[1-9])?))$"
DAY = r"^\d{4}-\d{2}-\d{2}$"
SHOWN = 60
"""Characters of a value that a finding quotes."""
T = TypeVar("T", bound=Struct)


class Misfit(Struct, frozen=True):
    """A place without the declared shape, as a path: `$.ledgers[0].total.low`."""

    path: str
    message: str
    found: str = ""
    accepted: str = ""


Read = Callable[[Any, str, list[Misfit]], Any]
"""Reads a value at a path, or adds what is wrong with it."""


def read_as(kind: type[T], value: Any) -> T:
    """The value as a Struct of this kind. Raises `NotOfShape`."""
    misfits: list[Misfit] = []
    found: T = _reader(kind)(value, "$", misfits)
    if misfits:
        raise NotOfShape(misfits)
    return found


class NotOfShape(ValueError):
    """A value without the declared shape, with every place."""

    def __init__(self, misfits: list[Misfit]) -> None:
        self.misfits = misfits
        super().__init__(f"{misfits[0].path}: {misfits[0].message}")


@cache
def _reader(kind: Any) -> Read:
    origin, of = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return partial(_annotated, _reader(of[0]), of[1])
    if origin in (Union, UnionType):
        return partial(_union, tuple(_reader(each) for each in of))
    if origin is tuple:
        readers = tuple(_reader(each) for each in of if each is not Ellipsis)
        return partial(_list, readers[0]) if of[-1] is Ellipsis else partial(_fixed, readers)
    if origin in (Mapping, dict):
        return partial(_mapping, _reader(of[1]))
    if isinstance(kind, type) and issubclass(kind, Struct):
        return partial(_struct, kind)
    return _SIMPLE[kind]


@cache
def _readers(kind: type[Struct]) -> Mapping[str, Read]:
    return {name: _reader(of) for name, of in fields_of(kind).items()}


@cache
def fields_of(kind: type[Struct]) -> Mapping[str, Any]:
    """The fields of a Struct in their order, by name, with their types."""
    hints = get_type_hints(kind, include_extras=True)
    return {name: hints[name] for name in kind.__struct_fields__}


def _struct(kind: type[Struct], value: Any, path: str, misfits: list[Misfit]) -> Any:
    fields = _readers(kind)
    if type(value) is not dict:
        return misfits.append(_not(value, path, "an object"))
    known = len(misfits)
    if value.keys() != fields.keys():
        for name in value:
            if name not in fields:
                misfits.append(Misfit(f"{path}.{name}", "there is no such key", name[:SHOWN], ", ".join(fields)))
        for name in fields:
            if name not in value:
                misfits.append(Misfit(f"{path}.{name}", "the key is missing"))
    found = [read(value[name], f"{path}.{name}", misfits) for name, read in fields.items() if name in value]
    return None if len(misfits) > known else kind(*found)


def _list(read: Read, value: Any, path: str, misfits: list[Misfit]) -> Any:
    if type(value) is not list:
        return misfits.append(_not(value, path, "a list"))
    return tuple(read(entry, f"{path}[{place}]", misfits) for place, entry in enumerate(value))


def _fixed(of: tuple[Read, ...], value: Any, path: str, misfits: list[Misfit]) -> Any:
    if type(value) is not list or len(value) != len(of):
        return misfits.append(_not(value, path, f"a list of {len(of)}"))
    return tuple(
        read(entry, f"{path}[{place}]", misfits) for place, (read, entry) in enumerate(zip(of, value, strict=True))
    )


def _mapping(read: Read, value: Any, path: str, misfits: list[Misfit]) -> Any:
    if type(value) is not dict:
        return misfits.append(_not(value, path, "an object"))
    return {_text(key, path, misfits): read(entry, f"{path}.{key}", misfits) for key, entry in value.items()}


def _union(kinds: tuple[Read, ...], value: Any, path: str, misfits: list[Misfit]) -> Any:
    """The first kind that fits. Where none does, what is wrong with the likeliest: an object by its keys."""
    if value is None and _nothing in kinds:
        return None
    tried: list[list[Misfit]] = []
    for read in kinds:
        wrong: list[Misfit] = []
        found = read(value, path, wrong)
        if not wrong:
            return found
        tried.append(wrong)
    deepest = max(tried, key=lambda wrong: (wrong[0].path != path, -len(wrong)))
    if deepest[0].path == path:
        return misfits.append(_not(value, path, " or ".join(dict.fromkeys(wrong[0].accepted for wrong in tried))))
    misfits.extend(deepest)
    return None


def _annotated(read: Read, meta: Meta, value: Any, path: str, misfits: list[Misfit]) -> Any:
    known = len(misfits)
    found = read(value, path, misfits)
    if len(misfits) > known:
        return None
    words = (meta.extra_json_schema or {}).get("enum")
    if words and found not in words:
        misfits.append(_not(value, path, ", ".join(words)))
    if meta.pattern and not re.search(meta.pattern, found):
        misfits.append(_not(value, path, f"a text like {meta.pattern}"))
    if (meta.ge is not None and found < meta.ge) or (meta.le is not None and found > meta.le):
        misfits.append(_not(value, path, f"a number from {meta.ge}" + (f" to {meta.le}" if meta.le else "")))
    return found


def _text(value: Any, path: str, misfits: list[Misfit]) -> Any:
    if type(value) is not str:
        return misfits.append(_not(value, path, "a text"))
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        misfits.append(_not(value, path, "a text of Unicode, without halves of characters"))
    return value


def _decimal(value: Any, path: str, misfits: list[Misfit]) -> Any:
    if type(value) is not str or not re.search(DECIMAL, value):
        return misfits.append(_not(value, path, "a decimal as a text, such as 7000 or 0.25"))
    return Decimal(value)


def _day(value: Any, path: str, misfits: list[Misfit]) -> Any:
    if type(value) is str and re.search(DAY, value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    return misfits.append(_not(value, path, "a day such as 2026-11-20"))


def _whole(value: Any, path: str, misfits: list[Misfit]) -> Any:
    if type(value) is not int or not -LARGEST <= value <= LARGEST:
        return misfits.append(_not(value, path, f"a whole number of at most {LARGEST}"))
    return value


def _truth(value: Any, path: str, misfits: list[Misfit]) -> Any:
    return value if type(value) is bool else misfits.append(_not(value, path, "true or false"))


def _nothing(value: Any, path: str, misfits: list[Misfit]) -> Any:
    return None if value is None else misfits.append(_not(value, path, "null"))


_SIMPLE: Mapping[Any, Read] = {
    str: _text, Decimal: _decimal, date: _day, int: _whole, bool: _truth, type(None): _nothing,
}  # fmt: skip


def _not(value: Any, path: str, accepted: str) -> Misfit:
    return Misfit(path, "it has another shape", _quoted(value), accepted)


def _quoted(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else f"a list of {len(value)}"
    text = "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)[: SHOWN + 1]
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
