"""Canonical JSON (RFC 8785) and the identity that is computed from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


def identity(record: Mapping[str, Any]) -> str:
    """SHA-256 of the record's canonical form without its own `id`, in hexadecimal."""
    import rfc8785

    return hashlib.sha256(rfc8785.dumps({k: v for k, v in record.items() if k != "id"})).hexdigest()


def as_text(record: Mapping[str, Any]) -> str:
    """The record as people read it: two spaces of indent, keys in the order of the design.

    The order of keys and the white space are not part of the identity.
    """
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"
