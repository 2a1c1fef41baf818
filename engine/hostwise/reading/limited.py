"""Work on what a stranger sent, done by a process of its own that may take only so much time and memory.

The process says what it finds a line at a time, so that what it said before it was stopped is known. Where a command
shows what a stranger sent, and its own output is the work, it limits itself (`within`).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from msgspec import Struct

import hostwise
from hostwise.reading.files.regular import refused

MEMORY = 2 * 1024 * 1024 * 1024
"""Bytes of address space. The largest report of the examples takes a quarter of it."""
WAITED = 180
"""Seconds at most until a process is stopped, on a machine that is busy with other things."""
CHARACTERS = 4_000_000


class Work(Struct, frozen=True):
    """What a process said, in order: kinds and values. `end` is how it ended: 0 by itself, else as a process does."""

    said: tuple[tuple[str, Any], ...]
    end: int


def in_limits(module: str, arguments: Sequence[str], given: bytes = b"", waited: float = WAITED) -> Work:
    """Run a module of this package as a process; it calls `limit` first, and then `say`. `given` is its input."""
    package = str(Path(hostwise.__file__).parents[1])
    paths = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH", ""))))
    # Each thread of a library of linear algebra would take memory that nothing here needs.
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8", "OPENBLAS_NUM_THREADS": "1"}
    # -P: what lies in the folder that the command is called in, a click.py say, is not run.
    command = [sys.executable, "-P", "-m", module, *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        try:
            said = process.communicate(given, waited)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            said = process.communicate()[0]
        except BaseException:  # Ctrl-C: nothing is left running
            process.kill()
            raise
    return Work(tuple(_lines(said[:CHARACTERS])), process.returncode)


def limit(seconds: float, memory: int = MEMORY) -> None:
    """From now on this process may compute so many seconds more, and have so much memory; it is stopped beyond."""
    import resource

    most = int(time.process_time() + seconds + 1)
    for kind, soft in ((resource.RLIMIT_CPU, most), (resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        with suppress(ValueError, OSError):  # a system that does not know the limit
            resource.setrlimit(kind, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


@contextmanager
def within(seconds: float, path: Path, memory: int = 2 * MEMORY) -> Iterator[None]:
    """Take so many seconds of computing at most, and so much more memory, for what the file at `path` asks for.

    Raises `InputError` beyond: between two steps of Python, not within one of a library. Where there is no such limit
    (a thread, another system), there is none.
    """
    try:
        import resource
    except ImportError:
        yield
        return
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGXCPU"):
        yield
        return
    before = [(kind, resource.getrlimit(kind)) for kind in (resource.RLIMIT_CPU, resource.RLIMIT_AS)]
    handler = signal.signal(signal.SIGXCPU, _stop)
    most = int(time.process_time() + seconds + 1), _address_space() + memory
    try:
        for (kind, (soft, hard)), own in zip(before, most, strict=True):
            lowest = min(each for each in (own, soft, hard) if each != resource.RLIM_INFINITY)
            with suppress(ValueError, OSError):
                resource.setrlimit(kind, (lowest, hard))
        yield
    except (_Stopped, MemoryError):
        what = f"stopped: it takes more than {seconds:g} s of computing, or {memory // 1024**3} GB more memory"
        raise refused(path, "too-much", what) from None
    finally:
        for kind, limits in before:
            resource.setrlimit(kind, limits)
        signal.signal(signal.SIGXCPU, handler)


class _Stopped(BaseException):
    """Raised wherever the process is when its time is up; nothing that forgives errors may keep it."""


def _stop(_signal: int, _frame: object) -> None:
    raise _Stopped


def _address_space() -> int:
    """Bytes that this process has already; 0 where the system does not say."""
    with suppress(OSError, ValueError, AttributeError):
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def say(kind: str, value: Any) -> None:
    """Say something to who started this process."""
    print(json.dumps((kind, value)), flush=True)


def _lines(said: bytes) -> Iterator[tuple[str, Any]]:
    for line in said.decode("utf-8", "replace").splitlines(keepends=True):
        with suppress(ValueError):  # a line cut short, or one that a library printed
            kind, value = json.loads(line)
            yield kind, value
