"""The machine and the versions that figures belong to."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.benchmarks.measure import ROOT
from tests.benchmarks.sections import Table

PACKAGES = ("durable-rules", "zen-engine", "datalogic-py", "numpy", "weasyprint", "pydantic", "ruamel.yaml")


def machine(command: str) -> Table:
    """What stands at the head of the results."""
    rows = [
        ("command", f"`{command}`"),
        ("day", f"{datetime.now(UTC):%Y-%m-%d}"),
        ("commit", _commit()),
        ("processor", f"{_processor()}, {os.cpu_count()} cores"),
        ("memory", _memory()),
        ("system", platform.platform()),
        ("Python", f"{platform.python_implementation()} {platform.python_version()}"),
        *((package, _version(package)) for package in PACKAGES),
    ]
    return Table("Machine and versions", ("", "of this run"), tuple(rows))


def _commit() -> str:
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "not known"


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    if described.exists():
        names = [line.partition(":")[2].strip() for line in described.read_text().splitlines() if "model name" in line]
        if names:
            return names[0]
    return platform.processor() or platform.machine()


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
