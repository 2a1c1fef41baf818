"""YAML files that many commands read, of rules and of templates: parsed once, and kept for the next command.

What is kept is what `read_document` makes of a text, under the hash of the text and of the code that makes it. A
person's questionnaire is never kept.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from msgspec import DecodeError, Struct, msgpack

from hostwise.reading.files import yaml_file, yaml_scalars
from hostwise.reading.files.cache import keep, kept, key_of, module_mark
from hostwise.reading.files.yaml_file import Document, Node, digest_of, read_document, text_of

_DECIMAL = 1
"""The code under which msgpack has a decimal: msgspec's own form of it is text, which other values are too."""


class _Kept(Struct, frozen=True, array_like=True):
    """The data and the places of a document. They are read apart: most places are never asked for."""

    data: bytes
    places: bytes


def read_kept_document(path: Path) -> Document:
    """`read_document`, of a file that many commands read. Raises `InputError` as that does."""
    text = text_of(path)
    digest = digest_of(text)
    key = key_of([*_code(), digest.encode()])
    content = kept(key)
    if content is not None:
        try:
            return _document(path, text, digest, msgpack.decode(content, type=_Kept))
        except DecodeError:
            pass
    document = read_document(path, data=text.encode("utf-8"))
    keep(key, msgpack.encode(_Kept(msgpack.encode(_packed(document.data)), msgpack.encode(document.root()))))
    return document


def _document(path: Path, text: str, digest: str, found: _Kept) -> Document:
    data = msgpack.decode(found.data, ext_hook=_decimal)
    places = cache(partial(msgpack.decode, found.places, type=Node | None))
    return Document(str(path), text, digest, data, places)


@lru_cache(maxsize=1)
def _code() -> tuple[bytes, ...]:
    """The code that makes a document of a text, this module included."""
    return tuple(module_mark(Path(file)) for file in (__file__, yaml_file.__file__, yaml_scalars.__file__))


def _packed(value: Any) -> Any:
    if isinstance(value, Decimal):
        return msgpack.Ext(_DECIMAL, str(value).encode())
    if isinstance(value, dict):
        return {key: _packed(item) for key, item in value.items()}
    return [_packed(item) for item in value] if isinstance(value, list) else value


def _decimal(_code: int, content: memoryview) -> Decimal:
    return Decimal(bytes(content).decode())
