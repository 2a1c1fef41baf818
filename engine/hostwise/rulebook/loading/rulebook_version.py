"""The version of a rulebook."""

from __future__ import annotations

from pathlib import Path

from hostwise.reading.files.folders import files_under, rules_dir


def rulebook_version(rules: Path | None = None) -> str:
    """The highest version among the house packs, read without loading the whole rulebook."""
    import re

    found = []
    for path in files_under(rules_dir(rules) / "flow", ".yaml", deep=False):
        match = re.search(r'^version:\s*"?([^"\s]+)"?', path.read_text(encoding="utf-8"), re.MULTILINE)
        if match:
            found.append(match.group(1))
    return max(found, default="none")
