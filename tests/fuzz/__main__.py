"""`make fuzz`: changed inputs for every reader, for as long as is asked for, and those that broke one kept.

    python -m tests.fuzz [--seconds 600] [--atheris] [READER...]

Without `--atheris` seeds are changed at random, from where the tests end; with it (Linux, `pip install atheris`) by
what lines of the program an input reaches, one reader at a time. What breaks a reader is written to tests/fuzz/corpus,
where every later run begins with it.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
import traceback
from collections import Counter
from itertools import count

from tests.fuzz.readers import CORPUS, READERS, changed, kept, one


def _keep(name: str, data: bytes) -> str:
    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / hashlib.sha256(data).hexdigest()[:16]
    file.write_bytes(data)
    return str(file)


def _random(names: list[str], seconds: float) -> bool:
    fine = True
    for name in names:
        reader, end, came_to, slowest = READERS[name], time.monotonic() + seconds / len(names), Counter[str](), 0.0
        for number in count(reader.cases):
            start = time.monotonic()
            if start > end:
                break
            data = changed(reader, number, name)
            try:
                came_to[one(reader, data)] += 1
            except Exception:
                came_to["BROKEN"] += 1
                fine = False
                print(f"{name}: {_keep(name, data)}\n{traceback.format_exc(limit=-3)}")
            slowest = max(slowest, time.monotonic() - start)
        print(f"{name:14} {came_to.total():8,} inputs  slowest {slowest:5.2f} s  {dict(came_to)}", flush=True)
    return fine


def _guided(name: str, seconds: float) -> None:
    """By coverage; never returns."""
    import atheris

    reader = READERS[name]
    atheris.instrument_all()

    def feed(data: bytes) -> None:
        try:
            one(reader, data)
        except Exception:
            print(_keep(name, data))
            raise

    seeds = CORPUS.parent / ".seeds" / name
    seeds.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate([*reader.seeds(), *kept(name)]):
        (seeds / str(number)).write_bytes(seed)
    atheris.Setup(
        [sys.argv[0], str(seeds), f"-max_total_time={int(seconds)}", "-timeout=20", "-rss_limit_mb=2048"], feed
    )
    atheris.Fuzz()


def _main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--seconds", type=float, default=600)
    asked.add_argument("--atheris", action="store_true")
    asked.add_argument("readers", nargs="*")
    args = asked.parse_args()
    names = args.readers or list(READERS)
    if args.atheris:
        _guided(names[0], args.seconds)
    return 0 if _random(names, args.seconds) else 1


if __name__ == "__main__":
    sys.exit(_main())
