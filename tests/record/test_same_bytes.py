"""A record is the same bytes whatever the machine's time zone, locale, hash seed, threads, folder and cache are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "support-summariser.yaml"
PLAIN = {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C", "OPENBLAS_NUM_THREADS": "1"}
ODD = {
    "PYTHONHASHSEED": "4242", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE.UTF-8",
    "OPENBLAS_NUM_THREADS": "4", "PYTHONUTF8": "1", "COLUMNS": "40", "HOSTWISE_CACHE": "off", "PYTHONMALLOC": "malloc",
}  # fmt: skip


def decided(folder: Path, environment: dict[str, str]) -> bytes:
    command = [sys.executable, "-m", "hostwise", "decide", str(EXAMPLE), "--json"]
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    found = {**keep, "PYTHONPATH": str(ROOT / "engine"), **environment}
    return subprocess.run(command, cwd=folder, env=found, capture_output=True, check=True).stdout


def test_a_record_is_the_same_bytes_everywhere(tmp_path: Path) -> None:
    plain = decided(ROOT, PLAIN)
    assert len(plain) > 100_000
    assert decided(tmp_path, ODD) == plain
