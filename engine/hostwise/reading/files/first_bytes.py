"""What a file is, from how it begins."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from hostwise.reading.files.regular import READ_ONLY


def first_bytes(path: Path, count: int) -> bytes:
    """The first bytes of a regular file; none of anything else, or of one that cannot be read."""
    try:
        descriptor = os.open(path, READ_ONLY)
        try:
            return os.read(descriptor, count) if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""
        finally:
            os.close(descriptor)
    except (OSError, ValueError):
        return b""


def is_json_object(path: Path) -> bool:
    """Whether the file starts as a JSON object: what people write here is YAML in block style."""
    return first_bytes(path, 64).lstrip().startswith(b"{")
