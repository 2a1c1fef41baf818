"""What was worked out from files once, kept between runs. It can only ever change how long a command takes.

An entry is named by the hash of all that it was made from, the code that made it included. It is believed only where
it is this user's own file, nobody else may write to it, and the hash of its content is the one it begins with. Anything
else is no entry. Without a folder to write to, nothing is kept, and nothing is said about it.

`HOSTWISE_CACHE` names the folder, or says `off`; else it is `hostwise` in `XDG_CACHE_HOME`, in `~/Library/Caches` on a
Mac, in `~/.cache` elsewhere.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

VARIABLE, OFF = "HOSTWISE_CACHE", "off"
MOST_ENTRIES = 256
MOST_BYTES = 16 * 1024 * 1024
_HASH = 32
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


def key_of(contents: Iterable[bytes]) -> str:
    """The name of what is made from some contents, in their order."""
    digest = sha256()
    for content in contents:
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()


def module_mark(path: Path) -> bytes:
    """A module by its path, size and time: what Python itself believes a compiled one by."""
    about = os.stat(path)
    return f"{path} {about.st_size} {about.st_mtime_ns}".encode()


def kept(key: str) -> bytes | None:
    """What was kept under a key, or None."""
    folder = _folder()
    if folder is None:
        return None
    try:
        content = _own_file(folder / key)
    except OSError:
        return None
    body = content[_HASH:]
    return body if content[:_HASH] == _seal(key, body) else None


def keep(key: str, body: bytes) -> None:
    """Keep something under a key, in the place of what is there: whole or not at all. The oldest entries go."""
    folder = _folder()
    if folder is None or len(body) > MOST_BYTES // 4:
        return
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f"{key}.{os.getpid()}"
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(_seal(key, body) + body)
            draft.replace(folder / key)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        _forget_the_oldest(folder)


def _folder() -> Path | None:
    named = os.environ.get(VARIABLE, "")
    if named:
        return None if named.casefold() == OFF else Path(named)
    base = os.environ.get("XDG_CACHE_HOME", "")
    home = os.environ.get("HOME", "")
    if os.path.isabs(base):
        return Path(base, "hostwise")
    return Path(home, "Library/Caches" if sys.platform == "darwin" else ".cache", "hostwise") if home else None


def _own_file(path: Path) -> bytes:
    """The content of a file of this user's own. Raises `OSError` where it is another's, or not a plain file."""
    with os.fdopen(os.open(path, _FLAGS), "rb") as file:
        about = os.fstat(file.fileno())
        ours = not hasattr(os, "getuid") or (about.st_uid == os.getuid() and not about.st_mode & 0o022)
        if not ours or not stat.S_ISREG(about.st_mode) or about.st_size > MOST_BYTES:
            raise PermissionError(path)
        return file.read()


def _seal(key: str, body: bytes) -> bytes:
    return sha256(key.encode() + body).digest()


def _forget_the_oldest(folder: Path) -> None:
    entries = sorted(((e.stat().st_mtime_ns, e.stat().st_size, e.path) for e in os.scandir(folder)), reverse=True)
    total = 0
    for number, (_, size, path) in enumerate(entries):
        total += size
        if number >= MOST_ENTRIES or total > MOST_BYTES:
            with suppress(OSError):
                os.unlink(path)
