"""`hostwise`, and `python -m hostwise`: the command line as a process of its own, which lives for one command."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from contextlib import suppress

from hostwise.cli.main import main

COLLECT_EVERY = 1_000_000
"""Objects made between two searches for garbage.

A decision makes 120,000, nearly all of which it needs, so it never searches. What goes on for minutes does.
"""


def run() -> None:
    """Run one command and end the process, without what only a process that goes on would need."""
    # On import numpy starts a thread for each core, for linear algebra that no command does: 50 ms of two cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(COLLECT_EVERY)
    try:
        main()
    except SystemExit as ending:
        if isinstance(ending.code, int):
            _end(ending.code)
        raise


def _end(code: int) -> None:
    """End as Python does, but leave the memory to the system: to free it object by object is a sixth of a decision.

    Returns where the output cannot be written: Python's own way out then says so.
    """
    atexit._run_exitfuncs()
    with suppress(OSError, ValueError):
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # it is when the caller closed it
                stream.flush()
        os._exit(code)


if __name__ == "__main__":
    run()
