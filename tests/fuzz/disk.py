"""A disk that fails at the n-th file that a command opens, lists, renames or removes, for every n.

    python -m tests.fuzz.disk [--every N] COMMAND...

Each run is a fork of a process that has imported the program and read nothing yet. It must end as without a fault, with
the same bytes, or with exit code 2 and a sentence; `{out}` in the command is a file, then the old or the new one.
"""

from __future__ import annotations

import argparse
import errno
import hashlib
import os
import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

EVENTS = ("open", "os.listdir", "os.scandir", "os.rename", "os.remove", "os.mkdir", "os.chmod", "os.truncate")
OURS = Path(__file__).parents[2]
OLD = b"the old file\n"
ENDED = 99
SAID = os.strerror(errno.EIO)


class Ending(Struct, frozen=True):
    """How a command ended: its code, what it printed, what is in its file, and the faults that could have been."""

    code: int
    said: str
    output: bytes
    calls: int

    @property
    def same(self) -> str:
        """What must not differ, as a hash."""
        return hashlib.sha256(self.output + self.said.encode()).hexdigest()


class _Fault:
    """An audit hook: it sees every file that is opened, by Python or by `os`, before the system does."""

    def __init__(self, at: int, folder: str) -> None:
        self.at, self.folder, self.calls = at, folder, 0

    def __call__(self, event: str, args: tuple[object, ...]) -> None:
        if event not in EVENTS or not args or not isinstance(args[0], (str, bytes, os.PathLike)):
            return
        path = os.fsdecode(args[0])
        if path.endswith((".py", ".pyc")) or not path.startswith((str(OURS), self.folder)):
            return  # the interpreter's own: what fails there is no command of ours
        if path.startswith(sys.prefix):
            return  # and of what is installed beside it, which lies in our folder where .venv does
        self.calls += 1
        if self.calls == self.at:
            raise OSError(errno.EIO, SAID, path)


def ended(line: Sequence[str], at: int, folder: str) -> Ending:
    """Run a command in a fork of this process, with the fault at the n-th call; 0 is none."""
    out = Path(folder, "out.json")
    out.write_bytes(OLD)
    said, code, calls = (Path(folder, name) for name in ("said", "code", "calls"))
    child = os.fork()
    if not child:
        from tests.commands import hostwise

        fault, status = _Fault(at, folder), 1
        sys.addaudithook(fault)
        try:
            done = hostwise(*(word.replace("{out}", str(out)) for word in line))
            fault.at = -1
            said.write_text(done.stdout + done.stderr, encoding="utf-8")
            code.write_text(str(done.returncode))
            calls.write_text(str(fault.calls))
            status = ENDED
        except BaseException:
            fault.at = -1
            traceback.print_exc()
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status != ENDED:  # a traceback, which the child printed
        return Ending(status, "", out.read_bytes(), 0)
    return Ending(int(code.read_text()), said.read_text("utf-8"), out.read_bytes(), int(calls.read_text()))


def wrong(line: Sequence[str], every: int = 1, begin: int = 1) -> Iterator[tuple[int, str]]:
    """Each fault that the command did not meet as it must, with what it did; and last 0, with how all of them ended."""
    import hostwise.cli.main
    import hostwise.record.build
    import hostwise.report.terminal.decision  # noqa: F401 - imported once, before the forks

    os.environ["HOSTWISE_CACHE"] = "off"
    with TemporaryDirectory() as folder:
        clean, came_to = ended(line, 0, folder), Counter[str]()
        for number in range(begin, clean.calls + 1, every):
            found = ended(line, number, folder)
            refused = found.code == 2 and found.output in (OLD, clean.output) and SAID in found.said
            same = (found.code, found.same) == (clean.code, clean.same)
            came_to["refused" if refused else "the same" if same else "WRONG"] += 1
            if not refused and not same:
                yield number, f"{found.code}: {found.said[-300:]}"
            left = {each.name for each in Path(folder).iterdir()} - {"out.json", "said", "code", "calls"}
            if left:
                yield number, f"it left {', '.join(sorted(left))}"
        yield 0, f"{clean.calls} calls, {dict(came_to)}"


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--every", type=int, default=1)
    asked.add_argument("line", nargs=argparse.REMAINDER)
    given = asked.parse_args()
    for fault, what in wrong(given.line, given.every):
        print(fault or "in all", what, flush=True)
