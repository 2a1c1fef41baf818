"""Whether the words and sections of a company's own templates are what a report can use, each fault at its line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

from hostwise.reading.files.yaml_file import Document
from hostwise.reading.findings.diagnostics import Diagnostic

Key = tuple[str | int, ...]


def check_words(own: Document, ours: Document) -> Iterator[Diagnostic]:
    """Words that are missing, of another kind, or that are to be filled in with what there is not."""
    yield from _words(own, own.data, ours.data, ())


def _words(document: Document, own: Any, ours: Any, path: Key) -> Iterator[Diagnostic]:
    name = ".".join(map(str, path)) or "the file"
    if isinstance(ours, dict):
        if not isinstance(own, dict):
            yield Diagnostic(document.place(path), "words", f"{name} is to be words by their names")
            return
        for key, value in ours.items():
            if key in own:
                yield from _words(document, own[key], value, (*path, key))
            else:
                yield Diagnostic(document.place(path), "words", f"{'.'.join(map(str, (*path, key)))} is missing")
    elif not isinstance(own, str):
        yield Diagnostic(document.place(path), "words", f"{name} is to be text")
    else:
        yield from _filled(document, own, str(ours), path)


def _filled(document: Document, own: str, ours: str, path: Key) -> Iterator[Diagnostic]:
    known = _fields(ours)
    accepted = ", ".join(f"{{{field}}}" for field in sorted(known)) or "no words in braces"
    try:
        unknown = _fields(own) - known
    except ValueError as problem:
        yield Diagnostic(document.place(path), "words", f"its braces do not match: {problem}", accepted=accepted)
        return
    for field in sorted(unknown):
        yield Diagnostic(document.place(path), "words", f"nothing fills in {{{field}}} here", accepted=accepted)


def _fields(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def check_layout(layout: Document, root: Path) -> Iterator[Diagnostic]:
    """Sections without a title or a template, and lists that are not there."""
    data = layout.data if isinstance(layout.data, dict) else {}
    for part in ("sections", "readers"):
        if not isinstance(data.get(part), dict):
            yield Diagnostic(layout.place(()), "sections", f"{part} is missing, or is not a list by names")
            return
    for name, reader in data["readers"].items():
        if not isinstance(reader, dict) or not isinstance(reader.get("sections"), list):
            message = f"the reader {name!r} has no list of sections"
            yield Diagnostic(layout.place(("readers", name)), "sections", message)
    for key, entry in data["sections"].items():
        for field in ("title", "template"):
            if not isinstance(entry, dict) or not isinstance(entry.get(field), str):
                yield Diagnostic(layout.place(("sections", key)), "sections", f"the section {key!r} has no {field}")
                break
        else:
            if not (root / "report" / entry["template"]).is_file():
                place = layout.place(("sections", key, "template"))
                yield Diagnostic(place, "sections", "there is no such template", found=entry["template"])
