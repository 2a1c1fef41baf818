"""How the command ends as a process: quickly, but with its exit code, its output and what others left to be done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FULL = Path("/dev/full")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path("engine").resolve()), "COLUMNS": "100"}
COMMAND = [sys.executable, "-m", "hostwise"]
FAREWELL = """
import atexit, sys, tempfile
from hostwise.__main__ import run
atexit.register(print, "said at the end")
folder = tempfile.TemporaryDirectory(prefix=sys.argv.pop(1))
run()
"""


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (["check", "examples/support-summariser.yaml"], 0),
        (["check", "nowhere.yaml"], 2),
        (["decide", "--no-such-option"], 2),
        (["rules", "list", "--stage", "gate"], 0),
    ],
)
def test_ends_with_the_code_of_the_command(line: list[str], code: int) -> None:
    ended = subprocess.run([*COMMAND, *line], env=ENVIRONMENT, capture_output=True, check=False)
    assert ended.returncode == code
    assert ended.stdout or ended.stderr


def test_does_what_others_left_for_the_end_of_the_process(tmp_path: Path) -> None:
    line = [sys.executable, "-c", FAREWELL, f"{tmp_path}/left", "--help"]
    ended = subprocess.run(line, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert ended.stdout.startswith("Usage:")
    assert ended.stdout.endswith("said at the end\n")
    assert not list(tmp_path.iterdir())


def test_does_not_free_one_by_one_what_the_system_takes_back() -> None:
    kept = "class Kept:\n    def __del__(self): print('freed', flush=True)\nimport builtins; builtins.kept = Kept()\n"
    line = [sys.executable, "-c", kept + "from hostwise.__main__ import run; run()", "--help"]
    assert b"freed" not in subprocess.run(line, env=ENVIRONMENT, capture_output=True, check=True).stdout


@pytest.mark.skipif(not FULL.exists(), reason="a device that is always full: Linux")
def test_a_full_disk_is_no_success() -> None:
    late = "import sys; from hostwise.__main__ import run; sys.stdout.write('not yet written'); run()"
    for line in ([*COMMAND, "--help"], [sys.executable, "-c", late, "check", "nowhere.yaml"]):
        with FULL.open("wb") as full:
            ended = subprocess.run(line, env=ENVIRONMENT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        assert ended.returncode != 0
        assert "No space left on device" in ended.stderr


@pytest.mark.parametrize("line", [["--help"], ["verify", "nowhere.json"], ["rules", "list"]])
def test_a_reader_that_goes_away_is_no_success_nor_an_answer(line: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        ended = subprocess.run([*COMMAND, *line], env=ENVIRONMENT, stdout=pipe, stderr=subprocess.PIPE, check=False)
    assert ended.returncode == 2
    assert b"nowhere.json" in ended.stderr or ended.stderr == b"hostwise: cannot write the output: Broken pipe\n"
