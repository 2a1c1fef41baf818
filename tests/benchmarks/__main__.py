"""What Hostwise costs to run, side by side with others, in one run:  python -m tests.benchmarks [--quick] [--write]

Exit code 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence

from rich.console import Console
from tests.benchmarks import economics, growth, many, single, start_up
from tests.benchmarks.effort import FULL, QUICK
from tests.benchmarks.machine import machine
from tests.benchmarks.measure import ROOT
from tests.benchmarks.sections import Section, Table, goals_table, markdown, table_lines

BENCHMARKS = {"single": single, "many": many, "economics": economics, "growth": growth, "start-up": start_up}
RESULTS = ROOT / "BENCHMARKS.md"
HEAD = """# Benchmarks

What Hostwise costs to run, beside other engines, in one run on one machine. `make bench ARGS=--write` writes this file;
nobody edits it. All times are CPU time (user and system, every thread), medians over repetitions in turns, since a
machine does other things too; read the ratios rather than the rates. Memory is the peak of a process of its own, Python
and everything loaded included.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the tables, write them where asked to, and say whether every goal is reached."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller, in under a minute")
    parser.add_argument("--write", action="store_true", help=f"write the results to {RESULTS.name}")
    parser.add_argument("only", nargs="*", metavar="BENCHMARK", help=f"which: {', '.join(BENCHMARKS)} (default: all)")
    chosen = parser.parse_args(arguments)
    if unknown := [name for name in chosen.only if name not in BENCHMARKS]:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    if chosen.write and chosen.only:
        parser.error(f"{RESULTS.name} holds all benchmarks: leave out {', '.join(chosen.only)} or --write")
    names = chosen.only or list(BENCHMARKS)
    console = Console(stderr=True)
    sections = []
    with console.status("benchmarks") as status:
        for name in names:
            say = lambda what, name=name: status.update(f"{name}: {what}")  # noqa: E731
            sections.append(BENCHMARKS[name].section(QUICK if chosen.quick else FULL, say))
    options = [option for option in ("--quick", "--write") if getattr(chosen, option[2:])]
    command = f'make bench ARGS="{" ".join([*options, *chosen.only])}"' if options or chosen.only else "make bench"
    text = "\n".join(written(sections, machine(command)))
    print(text)
    if chosen.write:
        RESULTS.write_text(text + "\n", encoding="utf-8")
    return 0 if all(goal.reached for section in sections for goal in section.goals) else 1


def written(sections: Sequence[Section], about: Table) -> Iterator[str]:
    """Everything as lines of Markdown."""
    yield HEAD
    yield from (*table_lines(about), "", "## Goals", "", *table_lines(goals_table(sections)), "")
    for section in sections:
        yield from markdown(section)


if __name__ == "__main__":
    sys.exit(main())
