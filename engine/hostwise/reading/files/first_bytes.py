"""What a file is, from how it begins."""

from __future__ import annotations

from pathlib import Path


def first_bytes(path: Path, count: int) -> bytes:
    """The first bytes of a file; none of one that cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(count)
    except OSError:
        return b""


def is_json_object(path: Path) -> bool:
    """Whether the file starts as a JSON object: what people write here is YAML in block style."""
    return first_bytes(path, 64).lstrip().startswith(b"{")
