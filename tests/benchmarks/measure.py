"""CPU time of contenders that run in turns, and what a process of its own takes at most.

CPU time (user and system, all threads) depends less on what else the machine does than the time on the clock.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np

ROOT = Path(__file__).parents[2]
PYTHON = sys.executable
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
ENVIRONMENT["PYTHONPATH"] = os.pathsep.join([str(ROOT / "engine"), str(ROOT)])
Say = Callable[[str], None]
"""Tells whoever waits what is being measured."""

LAUNCHER = """
import json, os, sys
process = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=[
    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
_, status, used = os.wait4(process, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""
"""A process inherits the peak of the one that starts it, so a small one stands between."""
KILOBYTE = 1 if sys.platform == "darwin" else 1024
"""The unit of `ru_maxrss`, in bytes."""


@dataclass(frozen=True, slots=True)
class Contender:
    """Something that decides `cases` cases each time it runs."""

    name: str
    cases: int
    run: Callable[[], object]


def seconds_a_case(contenders: Sequence[Contender], repetitions: int, say: Say) -> dict[str, float]:
    """The median CPU seconds that each takes for a case. In turns, so that a slow minute falls on all of them."""
    taken: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for turn in range(repetitions + 1):
        for contender in contenders:
            say(contender.name)
            _set_garbage_aside()
            start = time.process_time()
            contender.run()
            if turn:  # the first turn compiles and warms the caches
                taken[contender.name].append((time.process_time() - start) / contender.cases)
    return {name: statistics.median(each) for name, each in taken.items()}


def _set_garbage_aside() -> None:
    """Collect what the others left, and search it no more: else it is searched in the turn of whoever comes next."""
    gc.collect()
    gc.freeze()


@dataclass(frozen=True, slots=True)
class Used:
    """What one process used: CPU seconds, and its memory at the peak in bytes."""

    seconds: float
    peak: int


def used_by(command: Sequence[str]) -> Used:
    """What a command uses. Raises `CalledProcessError` where it fails."""
    launched = [PYTHON, "-S", "-c", LAUNCHER, *command]
    done = subprocess.run(launched, check=True, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
    code, seconds, peak = json.loads(done.stdout)
    if code:
        raise subprocess.CalledProcessError(code, list(command))
    return Used(seconds, peak * KILOBYTE)


def alone(module: str, contender: str, cases: int) -> Used:
    """This contender of a benchmark, run once in a process of its own: the CPU time of the run, the peak of all."""
    with NamedTemporaryFile("r", suffix=".json") as file:
        command = [PYTHON, "-m", "tests.benchmarks.alone", module, contender, str(cases), file.name]
        peak = used_by(command).peak
        return Used(float(file.read()), peak)


def exponent(seconds: Mapping[int, float]) -> float:
    """The power of the size that the time grows with, fitted: 1 is linear."""
    sizes, times = np.array([*seconds]), np.array([*seconds.values()])
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])
