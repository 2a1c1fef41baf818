"""Runs one contender of one benchmark once, in a process of its own, so that its memory can be seen.

python -m tests.benchmarks.alone many "ZEN, no trace" 100 seconds.txt
"""

from __future__ import annotations

import importlib
import sys
import time
from pathlib import Path


def main() -> None:
    """`sys.argv`: the benchmark's module, the contender's name, the number of cases, the file for the CPU seconds."""
    module, name, cases, file = sys.argv[1:]
    contender = importlib.import_module(f"tests.benchmarks.{module}").contender(name, int(cases))
    start = time.process_time()
    contender.run()
    Path(file).write_text(str(time.process_time() - start), encoding="ascii")


if __name__ == "__main__":
    main()
