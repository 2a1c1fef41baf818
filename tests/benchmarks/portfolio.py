"""What a portfolio costs to decide, from CSV to CSV:  python -m tests.benchmarks.portfolio [ROWS...]

Each size runs in a process of its own. The rows are made from 60 templates, seeded: words, and which answers are
given, are the template's; volumes, lengths, shares, prices, gaps and names are each row's own. Rows that share no
template with another (`--templates 0`) are the worst case: each takes a way of its own through the economics.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORDS: Mapping[str, tuple[str, ...]] = {
    "workload.task": ("chat", "rag", "summarisation", "classification", "extraction", "code", "agents"),
    "constraints.external_processing": ("allowed",) * 9 + ("forbidden",),
    "constraints.air_gapped": ("no",) * 30 + ("yes",),
    "constraints.edge_or_offline": ("no",) * 30 + ("yes",),
    "constraints.residency": ("none", "none", "met-by-provider-region", "not-met"),
    "constraints.regulations": ("", "", "gdpr", "gdpr;hipaa", "finra"),
    "constraints.fine_tuning": ("none",) * 6 + ("own-weights", "data-cannot-leave"),
    "demand.growth_per_month": ("0", "2%", ""),
    "demand.traffic_shape": ("steady", "daily-cycle", "bursty"),
    "current_api.tier": ("frontier", "mid", "small"),
    "team.gpu_operations": ("none", "none", "part-time", "platform-team"),
    "quality.evaluation_days": ("3",),
}


def template(draw: random.Random) -> dict[str, str]:
    """Words, and in place of the numbers of its rows whether they are given."""
    made = {key: draw.choice(words) for key, words in WORDS.items()}
    kept = {key: "*" if draw.random() < share else "" for key, share in SHARES.items()}
    return made | kept


SHARES = {"demand.batch_share": 0.5, "demand.cached_input_share": 0.3, "quality.gap": 0.6, "range": 0.2}


def row(number: int, of: Mapping[str, str], draw: random.Random) -> dict[str, str]:
    """A row of a template, with numbers of its own."""
    requests, price = int(draw.lognormvariate(8.5, 1.5)) + 1, draw.uniform(0.5, 6)
    numbers = {
        "workload.name": f"Workload {number}",
        "workload.owner": f"team-{draw.randrange(400)}",
        "demand.requests_per_day": f"{requests}..{2 * requests}" if of["range"] else str(requests),
        "demand.input_tokens_per_request": str(draw.randrange(200, 6000)),
        "demand.output_tokens_per_request": str(draw.randrange(50, 900)),
        "current_api.input_price": f"${price:.3f}",
        "current_api.output_price": f"${4 * price:.3f}",
    }
    shares = {key: f"{draw.randrange(1, 60)}%" if of[key] else "" for key in SHARES if key != "range"}
    return {key: value for key, value in of.items() if key != "range"} | numbers | shares


def write(path: Path, rows: int, templates: int) -> None:
    """A table of so many rows."""
    draw = random.Random(7)
    made = [template(draw) for _ in range(templates)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row(0, template(random.Random(0)), random.Random(0))))
        writer.writeheader()
        for number in range(rows):
            writer.writerow(row(number, draw.choice(made) if made else template(draw), draw))


def main() -> None:
    """Measure and print a line for each size."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.portfolio", description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, default=[10, 1000, 100_000])
    parser.add_argument("--templates", type=int, default=60)
    given = parser.parse_args()
    print(f"{'rows':>9}  {'CPU s':>7}  {'clock s':>7}  {'rows/CPU s':>10}  {'peak MB':>7}")
    env = os.environ | {"PYTHONPATH": str(ROOT / "engine")}
    with tempfile.TemporaryDirectory() as name:
        table, out = Path(name) / "rows.csv", Path(name) / "out.csv"
        for rows in given.rows:
            write(table, rows, given.templates)
            start = time.perf_counter()
            command = [sys.executable, "-m", "hostwise", "decide", str(table), "-o", str(out)]
            process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            _, _, used = os.wait4(process.pid, 0)
            cpu, clock = used.ru_utime + used.ru_stime, time.perf_counter() - start
            print(f"{rows:>9,}  {cpu:>7.1f}  {clock:>7.1f}  {rows / cpu:>10,.0f}  {used.ru_maxrss // 1024:>7,}")


if __name__ == "__main__":
    main()
