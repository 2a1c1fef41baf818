"""Where `rules/` and `templates/` are: inside the installed package, or at the root of a checkout."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Never

from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place

MOST_ENTRIES = 20_000


def rules_dir(override: Path | None = None) -> Path:
    """The folder of rules in use. Raises `InputError` when `override` is not a folder."""
    return _folder("rules", override)


def templates_dir(override: Path | None = None) -> Path:
    """The folder of templates in use. Raises `InputError` when `override` is not a folder."""
    return _folder("templates", override)


def files_under(folder: Path, ending: str = "", *, deep: bool = True) -> list[Path]:
    """What a folder and, if `deep`, the folders in it hold but folders, by name; nothing of one that is not there.

    Raises `InputError` where one cannot be listed: pathlib would leave it out, and decide by the rules that are left.
    """
    found = (f"{place}{os.sep}{name}" for place, _, names in _walked(folder, deep) for name in names)
    # In the order of paths, part by part; but to compare paths themselves takes twenty times as long.
    ordered = sorted((each for each in found if each.endswith(ending)), key=lambda each: each.split(os.sep))
    return list(map(Path, ordered))


def _walked(folder: Path, deep: bool = True) -> Iterator[tuple[str, list[str], list[str]]]:
    with suppress(FileNotFoundError):
        for entry in os.walk(folder, onerror=_unlisted):
            yield entry
            if not deep:
                return


def _unlisted(problem: OSError) -> Never:
    if isinstance(problem, FileNotFoundError):
        raise problem
    message = f"cannot list this folder: {problem.strerror or problem}"
    raise InputError([Diagnostic(Place(str(problem.filename)), "unreadable", message)]) from None


def folder_sha256(folder: Path, ending: str = "") -> str:
    """SHA-256 over the paths and contents of all files of a folder but hidden ones, whose names end so."""
    import hashlib

    digest = hashlib.sha256()
    paths = {path.relative_to(folder).as_posix(): path for path in files_under(folder, ending) if path.is_file()}
    for name, path in sorted(paths.items()):
        if not any(part.startswith((".", "__")) for part in name.split("/")):
            content = path.read_bytes()
            digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _refuse_odd_entries(folder: Path) -> None:
    """Files alone, and no link out: a folder that came from elsewhere reads nothing of ours. Raises `InputError`."""
    import stat

    base = folder.resolve()
    entries = (Path(place, name) for place, folders, names in _walked(folder) for name in (*folders, *names))
    for number, path in enumerate(entries):
        if number >= MOST_ENTRIES:
            message = f"the folder holds more than {MOST_ENTRIES:,} files"
            raise InputError([Diagnostic(Place(str(folder)), "too-many", message)])
        if path.is_symlink() and not path.resolve().is_relative_to(base):
            raise InputError([Diagnostic(Place(str(path)), "link", "this is a link out of its folder")])
        try:
            mode = path.stat().st_mode
        except OSError as problem:
            message = f"cannot read it: {problem.strerror or problem}"
            raise InputError([Diagnostic(Place(str(path)), "unreadable", message)]) from None
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise InputError([Diagnostic(Place(str(path)), "not-a-file", "this is not a regular file")])


def _folder(name: str, override: Path | None) -> Path:
    if override is not None:
        if not override.is_dir():
            place = Place(str(override))
            raise InputError([Diagnostic(place, "not-a-folder", f"there is no folder of {name} here")])
        _refuse_odd_entries(override)
        return override
    installed = Path(__file__).parents[2] / name
    checkout = installed.parents[2] / name
    return installed if installed.is_dir() else checkout
