"""Files as bytes: read once, whole, and only where they are regular files of a size that was expected."""

from __future__ import annotations

import os
import stat
from itertools import islice
from pathlib import Path

from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.reading.findings.suggest import nearest

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is read whole, unless its reader says otherwise."""
READ_ONLY = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
"""How to open what may be a pipe: without waiting for one who writes."""
_MB = 1024 * 1024
ALIKE, MOST_BESIDE = 0.8, 2000
"""How like a name that is there must be to be meant, and how many of a folder are looked at."""


def read_regular(path: Path, limit: int = LARGEST) -> bytes:
    """The content of a regular file of at most `limit` bytes; links are followed.

    What is read is what was looked at: the kind is asked of the open file, which a pipe without a writer opens at once,
    and one byte more than the limit is asked for. Raises `InputError` for what is no file, too large, or unreadable.
    """
    try:
        descriptor = os.open(path, READ_ONLY)
        try:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode):
                raise refused(path, "not-a-file", "this is not a regular file")
            if about.st_size > limit:
                raise too_large(path, limit, about.st_size)
            content = _read(descriptor, limit + 1)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise not_there(path) from None
    except (OSError, ValueError) as problem:  # a name with a NUL in it is a ValueError
        raise refused(path, "unreadable", f"cannot read it: {getattr(problem, 'strerror', None) or problem}") from None
    if len(content) > limit:
        raise too_large(path, limit, len(content))
    return content


def _read(descriptor: int, most: int) -> bytes:
    parts: list[bytes] = []
    while most > 0 and (part := os.read(descriptor, min(most, _MB))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def too_large(path: Path, limit: int, size: int) -> InputError:
    """The finding about a file, or what it carries, that has more bytes than are read."""
    accepted = f"up to {limit // _MB} MB" if limit >= _MB else f"at most {limit // 1000} kB"
    return InputError([Diagnostic(Place(str(path)), "too-large", "the file is too large", f"{size:,} bytes", accepted)])


def not_there(path: Path) -> InputError:
    """The finding about a file that is not there, with the one beside it whose name is most like it."""
    try:
        beside = sorted(each.name for each in islice(path.parent.iterdir(), MOST_BESIDE) if each.suffix == path.suffix)
    except (OSError, ValueError):
        beside = []
    near = nearest(path.name, beside, ALIKE)
    meant = str(path.with_name(near)) if near else None
    return InputError([Diagnostic(Place(str(path)), "no-such-file", "there is no such file", suggestion=meant)])


def refused(path: Path, code: str, message: str) -> InputError:
    """One finding about a whole file."""
    return InputError([Diagnostic(Place(str(path)), code, message)])
