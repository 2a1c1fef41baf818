"""A record is the same bytes whatever the machine's time zone, locale, hash seed, threads, folder and cache are."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "support-summariser.yaml"
SPOKEN = """
import locale, sys
locale.setlocale(locale.LC_ALL, "")
assert locale.localeconv()["decimal_point"] == sys.argv.pop(1)
from hostwise.__main__ import run
run()
"""
"""The command in a program that took on the machine's locale, as desktops and servers of other programs do."""
PLAIN = {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C", "OPENBLAS_NUM_THREADS": "1"}
ODD = {
    "PYTHONHASHSEED": "4242", "TZ": "Pacific/Kiritimati", "OPENBLAS_NUM_THREADS": "4", "PYTHONUTF8": "1",
    "COLUMNS": "40", "HOSTWISE_CACHE": "off", "PYTHONMALLOC": "malloc",
}  # fmt: skip
OTHER = {"PYTHONHASHSEED": "77", "TZ": "America/St_Johns", "OPENBLAS_NUM_THREADS": "2", "PYTHONUTF8": "0"}


def decided(folder: Path, environment: dict[str, str], point: str = ".") -> bytes:
    command = [sys.executable, "-c", SPOKEN, point, "decide", str(EXAMPLE), "--json"]
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    found = {**keep, "PYTHONPATH": str(ROOT / "engine"), **environment}
    return subprocess.run(command, cwd=folder, env=found, capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def plain() -> bytes:
    content = decided(ROOT, PLAIN)
    assert len(content) > 100_000
    return content


@pytest.mark.parametrize(("locale", "environment"), [("tr_TR", ODD), ("de_DE", OTHER)])
def test_a_record_is_the_same_bytes_everywhere(
    locale: str, environment: dict[str, str], plain: bytes, tmp_path: Path
) -> None:
    if shutil.which("localedef") is None:
        pytest.skip("localedef, which makes locales, is not on this machine")
    made = ["localedef", "-i", locale, "-f", "UTF-8", str(tmp_path / f"{locale}.UTF-8")]
    if subprocess.run(made, capture_output=True, check=False).returncode:
        pytest.skip(f"the source of the locale {locale} is not on this machine")
    spoken = {"LC_ALL": f"{locale}.UTF-8", "LANG": f"{locale}.UTF-8", "LOCPATH": str(tmp_path)}
    assert decided(tmp_path, {**environment, **spoken}, ",") == plain
