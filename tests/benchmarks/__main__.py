"""What Hostwise costs to run, side by side, in one run:  python -m tests.benchmarks [--runs 5]

Each command runs in a process of its own; the figure is the median of its CPU time (user and system), which
depends less on what else the machine does than the time on the clock. `limit` is what the project promises.
Exit code 1 if a limit is passed.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "support-summariser.yaml"
WEASYPRINT_ALONE = """
import sys
import weasyprint
weasyprint.HTML(filename=sys.argv[1]).write_pdf(sys.argv[2], pdf_variant=sys.argv[3] or None)
"""
PRINT_PAGE = """
import json, sys
from pathlib import Path
from hostwise.report.fonts import paper_fonts
from hostwise.report.html import PAPER, html_report
from hostwise.report.words import load_words
# The page that the PDF is made from, its fonts named as files, so that WeasyPrint needs nothing of ours.
page = html_report(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), medium=PAPER)
for address, file in paper_fonts(load_words().root).items():
    page = page.replace(address, file.resolve().as_uri())
Path(sys.argv[2]).write_text(page, encoding="utf-8")
"""
IN_PROCESS = """
import sys, time
import hostwise
answers = hostwise.load_answers(sys.argv[1])
hostwise.decide(answers)
start, done = time.process_time(), 0
while time.process_time() - start < 2:
    hostwise.decide(answers)
    done += 1
print(done / (time.process_time() - start))
"""


RENDERED, ALONE = "hostwise report .pdf, from a record", "WeasyPrint alone, the same HTML"
PDF_RATIO = 1.15
"""How much longer than WeasyPrint alone, on the same HTML, a decided record's PDF may take."""


@dataclass(frozen=True, slots=True)
class Row:
    """One command, and the CPU seconds it may take here (None: no promise)."""

    name: str
    command: Sequence[str]
    limit: float | None = None


def cpu_seconds(command: Sequence[str], env: dict[str, str]) -> float:
    """CPU time, user and system, of one run of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, env=env, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def rows(python: str, folder: Path) -> list[Row]:
    """Everything that is timed; WeasyPrint alone prints the page that the PDF is made from."""
    hostwise = [python, "-m", "hostwise"]
    record = folder / "record.json"
    alone = [python, "-c", WEASYPRINT_ALONE, str(folder / "print.html")]
    example = str(EXAMPLE)
    return [
        Row("python -c pass", [python, "-c", "pass"]),
        Row("hostwise --help", [*hostwise, "--help"], 0.150),
        Row("hostwise check", [*hostwise, "check", example], 0.400),
        Row("hostwise decide", [*hostwise, "decide", example], 0.400),
        Row("hostwise report .html", [*hostwise, "report", example, "-o", str(folder / "report.html")]),
        Row("hostwise report .md", [*hostwise, "report", example, "-o", str(folder / "report.md")]),
        Row("hostwise report .pdf", [*hostwise, "report", example, "-o", str(folder / "report.pdf")], 2.5),
        Row(RENDERED, [*hostwise, "report", str(record), "-o", str(folder / "again.pdf")]),
        Row(ALONE, [*alone, str(folder / "alone.pdf"), ""]),
        Row("WeasyPrint alone, as tagged PDF/A-3a", [*alone, str(folder / "tagged.pdf"), "pdf/a-3a"]),
    ]


def measured(table: Sequence[Row], runs: int, env: dict[str, str]) -> dict[str, list[float]]:
    """CPU seconds of every run of every row, by the row's name."""
    seconds: dict[str, list[float]] = {row.name: [] for row in table}
    # Interleaved, so that a slow minute falls on all of them; the first turn warms the caches.
    for turn in range(runs + 1):
        for row in table:
            taken = cpu_seconds(row.command, env)
            if turn:
                seconds[row.name].append(taken)
    return seconds


def printed(table: Sequence[Row], seconds: dict[str, list[float]]) -> list[str]:
    """Print the table; return the promises that do not hold."""
    median = {name: statistics.median(taken) for name, taken in seconds.items()}
    alone = median[ALONE]
    broken = []
    print(f"{'':38}{'ms':>7}{'min':>7}{'max':>7}{'of WeasyPrint':>15}{'limit':>8}")
    for row in table:
        taken, limit = seconds[row.name], f"{row.limit * 1000:.0f}" if row.limit else ""
        print(
            f"{row.name:38}{median[row.name] * 1000:7.0f}{min(taken) * 1000:7.0f}{max(taken) * 1000:7.0f}"
            f"{median[row.name] / alone:14.2f}x{limit:>8}"
        )
        if row.limit and median[row.name] > row.limit:
            broken.append(row.name)
    ratio = median[RENDERED] / alone
    if ratio > PDF_RATIO:
        broken.append(f"the PDF takes {ratio:.2f}x of WeasyPrint alone (limit {PDF_RATIO}x)")
    return broken


def main() -> int:
    """Measure, print the table, and say whether every promise holds."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="runs of each command (default 5)")
    runs: int = parser.parse_args().runs
    python, example = sys.executable, str(EXAMPLE)
    env = os.environ | {"PYTHONPATH": str(ROOT / "engine")}
    print(f"Python {platform.python_version()}, {os.cpu_count()} CPUs, CPU time, median of {runs} runs\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "record.json").open("wb") as record:
            command = [python, "-m", "hostwise", "decide", example, "--json"]
            subprocess.run(command, check=True, env=env, stdout=record)
        command = [python, "-c", PRINT_PAGE, str(folder / "record.json"), str(folder / "print.html")]
        subprocess.run(command, check=True, env=env)
        table = rows(python, folder)
        broken = printed(table, measured(table, runs, env))
        command = [python, "-c", IN_PROCESS, example]
        rate = float(subprocess.run(command, check=True, env=env, capture_output=True, text=True).stdout)
        print(f"\nin one process: {rate:.0f} decisions a second of CPU, both engines, whole record")
        sizes = [f"{path.name} {path.stat().st_size // 1024}" for path in sorted(folder.iterdir())]
        print("sizes in KB:", ", ".join(sizes))
    print("limits:", "broken: " + "; ".join(broken) if broken else "all kept")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
