"""Which version of a package is installed, without `importlib.metadata`: that imports a reader of e-mail for it."""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=16)
def metadata_file(package: str) -> Path | None:
    """The METADATA of an installed package, where exactly one folder has it that is named as wheels name theirs."""
    start, end = package.replace("-", "_") + "-", ".dist-info"
    for folder in sys.path:
        try:
            found = [name for name in os.listdir(folder or ".") if name.startswith(start) and name.endswith(end)]
        except OSError:
            continue
        if found:
            file = Path(folder, found[0], "METADATA")
            return file if len(found) == 1 and file.is_file() else None
    return None


@lru_cache(maxsize=16)
def version_of(package: str) -> str:
    """The version of an installed package. Raises `importlib.metadata.PackageNotFoundError` where it is not."""
    file = metadata_file(package)
    if file is not None:
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("Version: "):
                    return line.removeprefix("Version: ").strip()
    from importlib.metadata import version

    return version(package)
