"""Where `rules/` and `templates/` are: inside the installed package, or at the root of a checkout."""

from __future__ import annotations

from pathlib import Path

from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place


def rules_dir(override: Path | None = None) -> Path:
    """The folder of rules in use. Raises `InputError` when `override` is not a folder."""
    return _folder("rules", override)


def templates_dir(override: Path | None = None) -> Path:
    """The folder of templates in use. Raises `InputError` when `override` is not a folder."""
    return _folder("templates", override)


def folder_sha256(folder: Path) -> str:
    """SHA-256 over the paths and contents of all files of a folder but hidden ones."""
    import hashlib

    digest = hashlib.sha256()
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    for name, path in sorted(paths.items()):
        if not any(part.startswith((".", "__")) for part in name.split("/")):
            content = path.read_bytes()
            digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _folder(name: str, override: Path | None) -> Path:
    if override is not None:
        if not override.is_dir():
            place = Place(str(override))
            raise InputError([Diagnostic(place, "not-a-folder", f"there is no folder of {name} here")])
        return override
    installed = Path(__file__).parents[2] / name
    checkout = installed.parents[2] / name
    return installed if installed.is_dir() else checkout
