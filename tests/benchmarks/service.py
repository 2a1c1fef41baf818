"""The library for a long time in one process: `python -m tests.benchmarks.service 20000 300`.

Each decision is of another questionnaire; with a third number they are made from so many of the examples. Printed, and
given to `tests/record/test_long_service.py`: seconds of computing of the first decision and of the usual warm one,
memory and open files after each tenth.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from pathlib import Path
from statistics import median

import hostwise
from hostwise.record.decide import answers_from_text

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
TENTHS = 10


def _resident() -> int:
    """Megabytes."""
    import resource

    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() // 1_000_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_000_000


def _open_files() -> int:
    folder = Path("/proc/self/fd" if sys.platform == "linux" else "/dev/fd")
    return len(os.listdir(folder))


def _questionnaire(number: int, kinds: int) -> str:
    """One of so many examples, with a name that no other has."""
    text = EXAMPLES[:kinds][number % kinds].read_text(encoding="utf-8")
    return text.replace("\n  name: ", f"\n  name: No. {number} ", 1)


def serve(decisions: int, pdfs: int, kinds: int = len(EXAMPLES)) -> dict[str, list[float]]:
    """Decide and render, and say what it took."""
    seconds: list[float] = []
    found: dict[str, list[float]] = {"seconds": seconds, "memory": [], "files": [], "pdf_memory": []}
    for number in range(decisions):
        start = time.process_time()
        record = hostwise.decide(answers_from_text(_questionnaire(number, kinds), f"{number}.yaml"))
        seconds.append(time.process_time() - start)
        if (number + 1) % max(1, decisions // TENTHS) == 0:
            gc.collect()
            found["memory"].append(_resident())
            found["files"].append(_open_files())
    for number in range(pdfs):
        hostwise.render(record, "pdf")
        if (number + 1) % max(1, pdfs // TENTHS) == 0:
            gc.collect()
            found["pdf_memory"].append(_resident())
            found["files"].append(_open_files())
    return found


def _main() -> None:
    numbers = [each for each in sys.argv[1:] if each.isdecimal()]
    served = serve(*map(int, numbers))
    if "--json" in sys.argv:
        print(json.dumps(served))
        return
    first, *warm = served["seconds"]
    print(
        f"first decision {first:.2f} s; median of {len(warm):,} more {median(warm):.2f} s, "
        f"of the last 100 {median(warm[-100:]):.2f} s"
    )
    print(f"memory, MB, after each tenth of the decisions: {served['memory']}; of the PDFs: {served['pdf_memory']}")
    print(f"open files: {served['files']}")


if __name__ == "__main__":
    _main()
