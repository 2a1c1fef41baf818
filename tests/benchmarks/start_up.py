"""What each command costs from a cold start, beside an empty Python, and the PDF beside WeasyPrint alone."""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL
from tempfile import TemporaryDirectory

from tests.benchmarks.effort import Effort
from tests.benchmarks.measure import ENVIRONMENT, PYTHON, ROOT, Say, Used, used_by
from tests.benchmarks.sections import Goal, Section, Table, figure, megabytes

BLANK = "blank.yaml"
EXAMPLE = str(ROOT / "examples" / "support-summariser.yaml")
WEASYPRINT = """
import sys
import weasyprint
weasyprint.HTML(filename=sys.argv[1]).write_pdf(sys.argv[2], pdf_variant=sys.argv[3] or None)
"""
PAGE = """
import sys
from pathlib import Path
from subprocess import DEVNULL
from hostwise.record.decide import read_record
from hostwise.report.brand.fonts import paper_fonts
from hostwise.report.page.html import PAPER, html_report
from hostwise.report.words.words import load_words
# The page that the PDF is made from, its fonts named as files, so that WeasyPrint needs nothing of ours.
page = html_report(read_record(sys.argv[1]), medium=PAPER)
for address, file in paper_fonts(load_words().root).items():
    page = page.replace(address, file.resolve().as_uri())
Path(sys.argv[2]).write_text(page, encoding="utf-8")
"""
GATE = str(ROOT / "examples" / "hospital-no-gpu-team.yaml")
NOTHING, HELP, DECIDE = "python -c pass", "hostwise --help", "hostwise decide"
CHECK, DECIDE_GATE, DECIDE_BLANK = "hostwise check", "hostwise decide, a gate", "hostwise decide, nothing answered"
COUNTED = (NOTHING, HELP, CHECK, DECIDE, DECIDE_GATE, DECIDE_BLANK)
"""Commands whose instructions are counted: a number that other work on the machine does not move."""
WHOLE = "hostwise decide --json, the whole record"
HTML, PDF, RENDERED = "hostwise report .html", "hostwise report .pdf", "hostwise report .pdf, from a record"
ALONE, TAGGED = "WeasyPrint alone, the same HTML", "WeasyPrint alone, as tagged PDF/A-3a"
ABOUT = """
Each command in a process of its own, on `examples/support-summariser.yaml`: CPU time, median of the runs, in
turns. WeasyPrint alone prints the HTML that the PDF is made from, with the same fonts as files, to a plain PDF;
Hostwise from a record loads it, checks its hash, makes that HTML, prints it as tagged PDF/A-3a and attaches the
record. What commands keep between runs is there. Instructions are those that callgrind counts, where valgrind is there.
"""


@dataclass(frozen=True, slots=True)
class Command:
    """One line that is run."""

    name: str
    line: Sequence[str]


def section(effort: Effort, say: Say) -> Section:
    """Run every command in turns."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        _prepare(folder)
        commands = _commands(folder)
        used = _in_turns(commands, effort.runs, say)
        instructions = _instructions(commands, say)
        sizes = {path.name: path.stat().st_size for path in sorted(folder.iterdir())}
    seconds = {name: statistics.median(each.seconds for each in all_) for name, all_ in used.items()}
    goals = (
        Goal("`hostwise --help`", 150, seconds[HELP] * 1000, False, " ms"),
        Goal("`hostwise decide`", 220, seconds[DECIDE] * 1000, False, " ms"),
        Goal("HTML report beyond the decision", 150, (seconds[HTML] - seconds[WHOLE]) * 1000, False, " ms"),
        Goal("PDF from a record, of WeasyPrint alone", 1.15, seconds[RENDERED] / seconds[ALONE], False),
    )
    if DECIDE in instructions:
        goals = (*goals, Goal("Instructions of `hostwise decide`", 1500, instructions[DECIDE] / 1e6, False, " million"))
    files = Table("Files", ("", "KB"), tuple((name, f"{size / 1000:,.0f}") for name, size in sizes.items()))
    return Section("Commands and reports", ABOUT, (_table(seconds, used, instructions), files), goals)


def _prepare(folder: Path) -> None:
    record, page = folder / "record.json", folder / "print.html"
    with record.open("wb") as file:
        subprocess.run(
            [PYTHON, "-m", "hostwise", "decide", EXAMPLE, "--json"], check=True, env=ENVIRONMENT, stdout=file
        )
    subprocess.run(
        [PYTHON, "-m", "hostwise", "start", "--blank", str(folder / BLANK)], check=True, env=ENVIRONMENT, stdout=DEVNULL
    )
    subprocess.run([PYTHON, "-c", PAGE, str(record), str(page)], check=True, env=ENVIRONMENT)


def _commands(folder: Path) -> list[Command]:
    hostwise = [PYTHON, "-m", "hostwise"]
    weasyprint = [PYTHON, "-c", WEASYPRINT, str(folder / "print.html")]

    def report(name: str, source: str, file: str) -> Command:
        return Command(name, [*hostwise, "report", source, "-o", str(folder / file)])

    return [
        Command(NOTHING, [PYTHON, "-c", "pass"]),
        Command(HELP, [*hostwise, "--help"]),
        Command(CHECK, [*hostwise, "check", EXAMPLE]),
        Command(DECIDE, [*hostwise, "decide", EXAMPLE]),
        Command(DECIDE_GATE, [*hostwise, "decide", GATE]),
        Command(DECIDE_BLANK, [*hostwise, "decide", str(folder / BLANK)]),
        Command(WHOLE, [*hostwise, "decide", EXAMPLE, "--json"]),
        report(HTML, EXAMPLE, "report.html"),
        report("hostwise report .md", EXAMPLE, "report.md"),
        report(PDF, EXAMPLE, "report.pdf"),
        report(RENDERED, str(folder / "record.json"), "again.pdf"),
        Command(ALONE, [*weasyprint, str(folder / "alone.pdf"), ""]),
        Command(TAGGED, [*weasyprint, str(folder / "tagged.pdf"), "pdf/a-3a"]),
    ]


def _in_turns(commands: Sequence[Command], runs: int, say: Say) -> dict[str, list[Used]]:
    used: dict[str, list[Used]] = {command.name: [] for command in commands}
    warming = int(runs > 1)  # the first turn warms the caches, where there are others
    for turn in range(runs + warming):
        for command in commands:
            say(command.name)
            taken = used_by(command.line)
            if turn >= warming:
                used[command.name].append(taken)
    return used


def _instructions(commands: Sequence[Command], say: Say) -> dict[str, int]:
    """How many instructions each of `COUNTED` takes; nothing where there is no valgrind."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        return {}
    found = {}
    for command in commands:
        if command.name in COUNTED:
            say(f"{command.name}, its instructions")
            line = [valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null", *command.line]
            ran = subprocess.run(line, check=True, env=ENVIRONMENT, capture_output=True, text=True)
            if counted := re.search(r"Collected : (\d+)", ran.stderr):
                found[command.name] = int(counted[1])
    return found


def _table(seconds: Mapping[str, float], used: Mapping[str, Sequence[Used]], instructions: Mapping[str, int]) -> Table:
    rows = []
    for name, runs in used.items():
        each = [run.seconds * 1000 for run in runs]
        spread = f"{min(each):,.0f} to {max(each):,.0f}"
        ratios = f"{figure(seconds[name] / seconds[NOTHING])}×", f"{figure(seconds[name] / seconds[ALONE])}×"
        millions = f"{instructions[name] / 1e6:,.0f}" if name in instructions else ""
        peak = megabytes(max(run.peak for run in runs))
        rows.append((name, f"{seconds[name] * 1000:,.0f}", spread, millions, *ratios, peak))
    header = ("", "ms of CPU", "from, to", "million instructions", "of an empty Python", "of WeasyPrint", "peak MB")
    return Table("Commands", header, tuple(rows))
