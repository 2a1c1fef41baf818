"""Files written whole or not at all: beside their place, and moved over it when every byte is on the disk."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


def write_beside(path: Path, content: bytes, inputs: Iterable[Path] = ()) -> None:
    """Write a file. Raises `InputError` where that cannot be; what was there before is then as it was.

    `inputs` are files that a command reads: none of them is written over, under whatever name.
    """
    refuse_inputs(path, inputs)
    with written_beside(path, len(content)) as draft:
        draft.write(content)


@contextmanager
def written_beside(path: Path, size: int = 1) -> Iterator[BinaryIO]:
    """A file to write into, moved to its place at the end of the block: kill -9 leaves the old one or the new one.

    A link stays one, and the mode of what was there is kept. Of two runs that write at once, the later one's file
    stands. Raises `InputError` where the file cannot be written; first of all where `size` bytes, as far as
    that is known, do not fit on the disk.
    """
    draft: Path | None = None
    try:
        place = path.resolve()
        mode = _mode(place)
        _need_space(place.parent, size)
        draft = place.with_name(f".{place.name}.{os.getpid()}.{os.urandom(4).hex()}.tmp")
        with os.fdopen(os.open(draft, _FLAGS, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        draft.replace(place)
        _settle(place.parent)
    except OSError as problem:
        raise _refused(path, f"cannot write it: {problem.strerror or problem}") from None
    finally:
        if draft is not None:
            with suppress(OSError):
                draft.unlink()


def refuse_inputs(path: Path, inputs: Iterable[Path]) -> None:
    """Raises `InputError` where a file to be written is one of those to be read, by a link or another case too."""
    for each in inputs:
        same = path == each
        with suppress(OSError, ValueError):
            same = same or os.path.samefile(path, each)
        if same:
            raise _refused(path, "this is the file that is read: it would be lost", code="output-is-input")


def _mode(place: Path) -> int:
    """The mode that the file is to have: that of the one there, else what this user's new files have."""
    try:
        found = place.stat().st_mode
    except FileNotFoundError:
        if not place.parent.is_dir():
            raise FileNotFoundError(2, f"there is no folder {place.parent}") from None
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
    if not stat.S_ISREG(found):
        raise OSError(22, "this is a folder" if stat.S_ISDIR(found) else "this is not a regular file")
    if not os.access(place, os.W_OK):
        raise PermissionError(13, "this file is read-only")
    return stat.S_IMODE(found)


def _need_space(folder: Path, size: int) -> None:
    """Before a byte is written: a disk that is full in the end is a file written in vain."""
    if not hasattr(os, "statvfs"):
        return
    found = os.statvfs(folder)
    free = found.f_bavail * found.f_frsize
    if found.f_blocks and free < size:
        raise OSError(errno.ENOSPC, f"it takes {size:,} bytes, and {free:,} are free on that disk")


def _settle(folder: Path) -> None:
    """Make the new name last through a loss of power, where the system can."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _refused(path: Path, message: str, code: str = "unwritable") -> InputError:
    return InputError([Diagnostic(Place(str(path)), code, message)])
