"""A process that decides and renders for long: memory stays, no file is left open, and what is warm is quicker."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
OF_FEW = {
    "decide.py: best", "amount.py: _start", "shape.py: _reader", "shape.py: _readers", "shape.py: fields_of",
}  # fmt: skip
"""Asked about kinds of options in one call, patterns of currencies, and types of the program: there are few of each."""


def test_memory_and_files_stay_and_a_warm_decision_is_quicker_than_the_first() -> None:
    """Few of each here; `python -m tests.benchmarks.service 20000 300` does the rest.

    Four examples again and again: what they fill caches with is there after the first of each.
    """
    command = [sys.executable, "-m", "tests.benchmarks.service", "16", "3", "4", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "engine"), "OPENBLAS_NUM_THREADS": "1"}
    served = json.loads(subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True).stdout)
    first, *warm = served["seconds"]
    assert median(warm[-15:]) < first
    assert len(set(served["files"])) == 1
    later = served["memory"][5:]
    assert max(later) - min(later) < 5, served["memory"]  # MB over ten decisions; 1 was measured
    assert served["pdf_memory"][-1] - served["pdf_memory"][1] < 25, served["pdf_memory"]


def test_no_cache_grows_for_ever() -> None:
    """A cache of a function with arguments says how much it keeps."""
    found = []
    for file in sorted((ROOT / "engine").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef):
                continue
            for each in map(ast.unparse, node.decorator_list):
                endless = each.rpartition(".")[2] in ("cache", "lru_cache(None)", "lru_cache(maxsize=None)")
                if endless and (node.args.args or node.args.kwonlyargs or node.args.vararg):
                    found.append(f"{file.name}: {node.name}")
    assert set(found) == OF_FEW
