"""Which mutants of the program its tests notice: pytest collects once, and every mutant gets a process of its own.

The process is forked where the tests are collected, the code of the one function is put in the place of the old in it,
and the tests that ran its line are run, the quickest first, until one fails. What a test starts as another process is
not seen. A mutant that takes longer than `PATIENCE` times its tests is noticed too: it would hang.
"""

from __future__ import annotations

import gc
import os
import random
import select
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
import yaml
from msgspec import Struct, convert
from tests.mutation.mutants import ProgramMutant, mutants

ROOT = Path(__file__).parents[2]
PATIENCE = 10
TOOL = 4


class Target(Struct, frozen=True):
    """Modules of the program, and the tests that should kill every mutant of theirs.

    `alike` are mutants that decide as the program does, `FUNCTION: CHANGE`, each with the reason.
    """

    name: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]
    alike: dict[str, str] = {}


class Killed(Struct, frozen=True):
    """A mutant and the test that noticed it; None where none did, which is right where it is `alike`."""

    mutant: ProgramMutant
    by: str | None
    alike: bool


class Collected:
    """A plugin of pytest that runs every test once, sees which lines it runs, and then tries the mutants."""

    def __init__(self, target: Target, only: str | None, share: float) -> None:
        self.files = {str(ROOT / "engine/hostwise" / file) for file in target.modules}
        self.alike, self.only, self.share = target.alike, only, share
        self.found: list[Killed] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In the place of pytest's own loop."""
        ran: dict[tuple[str, int], list[tuple[float, pytest.Item]]] = defaultdict(list)
        for item in session.items:
            start = time.perf_counter()
            lines = self._lines(item)
            if session.testsfailed:
                raise session.Failed(f"{item.nodeid} fails without any mutant")
            for line in lines:
                ran[line].append((time.perf_counter() - start, item))
        self.functions, self.caches = _functions(self.files), _caches()
        gc.freeze()  # a child that looks for garbage would copy all that the tests have made
        chosen = [each for file in sorted(self.files) for each in mutants(Path(file))]
        chosen = [each for each in chosen if self.only is None or self.only in f"{each.file}:{each.line}"]
        chosen = sorted(random.Random(0).sample(chosen, int(len(chosen) * self.share)), key=lambda m: (m.file, m.line))
        for mutant in chosen:
            near = sorted(ran[mutant.file, mutant.line], key=lambda pair: pair[0])
            by = self._tried(mutant, near)
            alike = by is None and f"{mutant.function}: {mutant.change}" in self.alike
            self.found.append(Killed(mutant, by, alike))
            if by is None and not alike:
                where = f"{Path(mutant.file).relative_to(ROOT)}:{mutant.line}"
                print(f"\nsurvived {where} {mutant.function}: {mutant.change} ({len(near)} tests)", flush=True)
        return True

    def _lines(self, item: pytest.Item) -> set[tuple[str, int]]:
        """The lines of the modules that a test runs."""
        seen: set[tuple[str, int]] = set()
        events = sys.monitoring

        def line(code: Any, number: int) -> Any:
            if code.co_filename in self.files:
                seen.add((code.co_filename, number))
            return events.DISABLE

        events.use_tool_id(TOOL, "mutants")
        events.register_callback(TOOL, events.events.LINE, line)
        events.set_events(TOOL, events.events.LINE)
        events.restart_events()
        try:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        finally:
            events.set_events(TOOL, 0)
            events.free_tool_id(TOOL)
        return seen

    def _tried(self, mutant: ProgramMutant, near: Sequence[tuple[float, pytest.Item]]) -> str | None:
        """The first test that fails with the mutant in place."""
        if not near:
            return None
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            self._run(mutant, [item for _, item in near], write)
        os.close(write)
        by = _said_within(read, max(30.0, PATIENCE * sum(seconds for seconds, _ in near)))
        os.close(read)
        if by is None:
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return "it hangs" if by is None else by or None

    def _run(self, mutant: ProgramMutant, items: Sequence[pytest.Item], pipe: int) -> None:
        """In the child: never returns."""
        gc.disable()
        for function in self.functions[mutant.file, mutant.function]:
            function.__code__ = mutant.code
        for cache in self.caches:
            cache.cache_clear()
        by = ""
        for item in items:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            if item.session.testsfailed:
                by = item.nodeid
                break
        os.write(pipe, f"{by}\n".encode())
        os._exit(0)


def _said_within(pipe: int, seconds: float) -> str | None:
    """What the child says before it ends; None where it does not end in time."""
    said, end = b"", time.monotonic() + seconds
    while True:
        ready, _, _ = select.select([pipe], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            return None
        piece = os.read(pipe, 4096)
        if not piece:
            return said.decode() if said else "it stops the process"
        said += piece
        if said.endswith(b"\n"):
            return said.decode().strip()


def _functions(files: set[str]) -> dict[tuple[str, str], list[FunctionType]]:
    """Every function of some files that there is, by file and name."""
    found: dict[tuple[str, str], list[FunctionType]] = defaultdict(list)
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename in files:
            found[each.__code__.co_filename, each.__code__.co_qualname].append(each)
    return found


def _caches() -> list[Any]:
    """What keeps results of functions of the program: forgotten before a mutant is tried."""
    kept = (each for each in gc.get_objects() if hasattr(type(each), "cache_clear"))
    return [
        each for each in kept if getattr(each, "__module__", "").startswith(("hostwise.inference", "hostwise.record"))
    ]


def targets() -> tuple[Target, ...]:
    """What `targets.yaml` lists."""
    return convert(yaml.safe_load(Path(__file__).with_name("targets.yaml").read_text("utf-8")), tuple[Target, ...])


def tried(target: Target, only: str | None = None, share: float = 1.0) -> tuple[Killed, ...]:
    """Every mutant of a target, or of those whose `file:line` holds `only`, or a share of them drawn by chance."""
    plugin = Collected(target, only, share)
    without = [word for name in ("cacheprovider", "terminal", "faulthandler") for word in ("-p", f"no:{name}")]
    code = pytest.main(["-x", *without, *target.tests], plugins=[plugin])
    if code not in (0, 5):
        raise SystemExit(f"{target.name}: pytest ends with {code}")
    return tuple(plugin.found)
