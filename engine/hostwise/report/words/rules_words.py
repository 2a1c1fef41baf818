"""The words of the rulebook's own pages: the brand of a template folder with `templates/rules/words.yaml`."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from hostwise.reading.files.kept_document import read_kept_document
from hostwise.report.words.words import Words, load_words


def load_rules_words(templates: Path | None = None) -> Words:
    """Read the words. Raises `InputError` where a file of the folder is wrong."""
    words = load_words(templates)
    return replace(words, words=read_kept_document(words.root / "rules" / "words.yaml").data)
