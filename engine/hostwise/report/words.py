"""The words and lists of a report that are not prose of a section: `templates/report/*.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from hostwise.reading.diagnostics import Diagnostic, InputError
from hostwise.reading.document import Document, read_document
from hostwise.reading.resources import templates_dir
from hostwise.report.brand import Brand, read_brand


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the report: an anchor, a heading, and the template that writes it.

    `medium` is `screen` or `print` where only that one shows it.
    """

    id: str
    title: str
    template: str
    medium: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that a template folder says beside its templates."""

    root: Path
    words: Mapping[str, Any]
    sections: Mapping[str, Section]
    audiences: Mapping[str, tuple[str, ...]]
    brand: Brand
    glossary: tuple[tuple[str, str], ...]

    def say(self, name: str, **values: object) -> str:
        """One sentence by its dotted name, filled in."""
        found: Any = self.words
        for part in name.split("."):
            found = found[part]
        return str(found).format_map(values)

    def label(self, family: str, word: str) -> str:
        """The label of a word of the record, such as a status; the word itself where there is none."""
        return str(self.words.get(family, {}).get(word, word))


def load_words(templates: Path | None = None) -> Words:
    """Read the words of a template folder. Raises `InputError` where one of its files is wrong."""
    return _load(templates_dir(templates))


@lru_cache(maxsize=4)
def _load(root: Path) -> Words:
    layout = read_document(root / "report" / "sections.yaml")
    sections = {
        key: Section(key, entry["title"], entry["template"], entry.get("medium", ""))
        for key, entry in layout.data["sections"].items()
    }
    audiences = {name: tuple(ids) for name, ids in layout.data["audiences"].items()}
    _known_sections(layout, sections, audiences)
    glossary = read_document(root / "report" / "glossary.yaml").data
    return Words(
        root=root,
        words=read_document(root / "report" / "words.yaml").data,
        sections=sections,
        audiences=audiences,
        brand=read_brand(root),
        glossary=tuple(glossary.items()),
    )


def _known_sections(
    layout: Document, sections: Mapping[str, Section], audiences: Mapping[str, tuple[str, ...]]
) -> None:
    wrong = [
        Diagnostic(
            layout.place(("audiences", name, index)),
            "unknown-section",
            f"there is no section {key!r}",
            accepted=", ".join(sections),
        )
        for name, keys in audiences.items()
        for index, key in enumerate(keys)
        if key not in sections
    ]
    if wrong:
        raise InputError(wrong)
