"""What a stranger sent is worked on by a process that is stopped beyond its time and memory."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hostwise.reading.limited import Work, in_limits

WORK = """
import sys, time
from hostwise.reading.limited import limit, say
limit(0.5, 512 * 1024 * 1024)
say("line", "begun")
match sys.argv[1]:
    case "compute": \n        while True: pass
    case "fill": kept = bytearray(1 << 31)
    case "wait": time.sleep(60)
    case "break": 1 / 0
    case "print": print("not said"); print("[1]")
    case "read": say("given", len(sys.stdin.buffer.read()))
"""


HERE = """
import resource, sys
from pathlib import Path
from hostwise.reading.findings.diagnostics import InputError
from hostwise.reading.limited import within
before = resource.getrlimit(resource.RLIMIT_CPU), resource.getrlimit(resource.RLIMIT_AS)
def compute():
    while True:
        try:
            while True: pass
        except Exception: pass
for each in (compute, lambda: bytearray(1 << 31), lambda: None):
    try:
        with within(0.5, Path("record.json"), 1 << 30): each()
        print("done")
    except InputError as problem:
        print(problem)
after = resource.getrlimit(resource.RLIMIT_CPU), resource.getrlimit(resource.RLIMIT_AS)
print("limits as before" if before == after else "other limits")
"""


def test_a_command_stops_itself_and_says_so() -> None:
    said = subprocess.run([sys.executable, "-c", HERE], capture_output=True, text=True, timeout=60, check=True)
    stopped = "record.json: stopped: it takes more than 0.5 s of computing, or 1 GB more memory"
    assert said.stdout.splitlines() == [stopped, stopped, "done", "limits as before"]


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "work_of_a_test.py").write_text(WORK)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "work_of_a_test"


@pytest.mark.parametrize(("what", "end"), [("compute", -signal.SIGXCPU), ("fill", 1), ("wait", -9), ("break", 1)])
def test_it_is_stopped_and_what_it_said_is_known(what: str, end: int, work: str) -> None:
    start = time.monotonic()
    assert in_limits(work, [what], waited=5) == Work((("line", "begun"),), end)
    assert time.monotonic() - start < 10


def test_what_lies_where_it_is_called_is_not_run(work: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record often lies beside other files that came with it: one may be named as a module that verifying needs."""
    beside = tmp_path / "sent"
    beside.mkdir()
    for name in ("signal", "msgspec", "resource"):
        (beside / f"{name}.py").write_text("from pathlib import Path\nPath('it-ran').touch()\n")
    monkeypatch.chdir(beside)
    assert in_limits(work, ["read"], b"xyz").said[-1] == ("given", 3)
    assert not (beside / "it-ran").exists()


def test_what_it_prints_beside_is_not_said(work: str) -> None:
    assert in_limits(work, ["print"]) == Work((("line", "begun"),), 0)


def test_it_gets_what_it_is_given(work: str) -> None:
    assert in_limits(work, ["read"], b"x" * 3_000_000).said[-1] == ("given", 3_000_000)
