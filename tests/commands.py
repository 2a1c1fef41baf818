"""A command in this process: what it prints and the code it ends with. `tests/cli/test_process.py` starts real ones."""

from __future__ import annotations

import sys
from contextlib import chdir
from io import BytesIO, TextIOWrapper
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from hostwise.cli.main import main


def hostwise(*args: str, stdin: str = "", cwd: Path | None = None) -> CompletedProcess[str]:
    """Run `hostwise ARGS` in a folder, 100 characters wide, with nobody at a terminal. A traceback fails the test."""
    streams = {name: TextIOWrapper(BytesIO(), "utf-8") for name in ("stdout", "stderr")}
    with pytest.MonkeyPatch.context() as patch, chdir(cwd or "."):
        patch.setenv("COLUMNS", "100")
        patch.setattr(sys, "argv", ["hostwise", *args])
        patch.setattr(sys, "stdin", TextIOWrapper(BytesIO(stdin.encode()), "utf-8"))
        for name, stream in streams.items():
            patch.setattr(sys, name, stream)
        with pytest.raises(SystemExit) as ended:
            main()
    return CompletedProcess(args, int(ended.value.code or 0), *map(_written, streams.values()))


def _written(stream: TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, BytesIO)
    return stream.buffer.getvalue().decode()
