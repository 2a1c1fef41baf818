"""Work on what a stranger sent, done by a process of its own that may take only so much time and memory.

The process says what it finds a line at a time, so that what it said before it was stopped is known.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec import Struct

import hostwise

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


def say(kind: str, value: Any) -> None:
    """Say something to who started this process."""
    print(json.dumps((kind, value)), flush=True)


def _lines(said: bytes) -> Iterator[tuple[str, Any]]:
    for line in said.decode("utf-8", "replace").splitlines(keepends=True):
        with suppress(ValueError):  # a line cut short, or one that a library printed
            kind, value = json.loads(line)
            yield kind, value
