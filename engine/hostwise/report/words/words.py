"""The words and lists of a report that are not prose of a section: `templates/report/*.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

from msgspec import Struct

from hostwise.reading.files.folders import templates_dir
from hostwise.reading.files.kept_document import read_kept_document
from hostwise.reading.files.yaml_file import Document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.report.brand.brand import Brand, read_brand
from hostwise.report.brand.colours import Colours, with_options
from hostwise.report.language.language import ENGLISH, HOME, Language, language_of
from hostwise.report.words.words_check import check_layout, check_words


class ReportSection(Struct, frozen=True):
    """One section of the report: an anchor, a heading, and the template that writes it.

    `medium` is `screen` or `print` where only that one shows it.
    """

    id: str
    title: str
    template: str
    medium: str = ""


class Reader(Struct, frozen=True):
    """Who a report is for: sections in order, others by the status of the verdict, and whether ids are left out.

    `words` are those of the glossary that this reader's pages use, where they do not use all; `undecided_words` those
    of an undecided verdict.
    """

    sections: tuple[str, ...]
    by_status: Mapping[str, tuple[str, ...]]
    brief: bool = False
    words: frozenset[str] = frozenset()
    undecided_words: frozenset[str] = frozenset()

    def words_of(self, status: str) -> frozenset[str]:
        """The words of the glossary that the pages of such a verdict use; empty where they use all."""
        return self.undecided_words if status == "undecided" else self.words


class Words(Struct, frozen=True):
    """Everything that a template folder says beside its templates, in one language."""

    root: Path
    words: Mapping[str, Any]
    sections: Mapping[str, ReportSection]
    readers: Mapping[str, Reader]
    formerly: Mapping[str, str]
    proposed: Mapping[str, int]
    """By when each horizon of the plan is proposed to be done, in days after the decision."""
    brand: Brand
    glossary: tuple[tuple[str, str], ...]
    language: Language = ENGLISH
    options: tuple[tuple[str, str], ...] = ()
    """Id and label of the options that charts show: those that `colours.yaml` does not have get spare colours."""

    @property
    def colours(self) -> Colours:
        """What charts are drawn in. Raises `InputError` where `colours.yaml` is wrong."""
        # Read where something is drawn, and not with the words: most commands draw nothing.
        from hostwise.report.brand.colours_file import read_colours

        return with_options(read_colours(self.root, tuple(self.brand.colours.items())), self.options)

    def reader(self, name: str | None) -> str:
        """The name of a reader: the first where none is asked for, today's name for a former one.

        Raises `InputError` where these templates know no such reader.
        """
        found = self.formerly.get(name, name) if name else next(iter(self.readers))
        if found not in self.readers:
            place = Place(str(self.root / "report" / "sections.yaml"))
            known = ", ".join(self.readers)
            raise InputError([Diagnostic(place, "unknown-reader", f"no reader {name!r}", accepted=known)])
        return found

    def say(self, name: str, **values: object) -> str:
        """One sentence by its dotted name, filled in."""
        found: Any = self.words
        for part in name.split("."):
            found = found[part]
        return filled(str(found), values)

    def label(self, family: str, word: str) -> str:
        """The label of a word of the record, such as a status; the word itself where there is none."""
        return str(self.words.get(family, {}).get(word, word))


def filled(text: str, values: Mapping[str, object]) -> str:
    """A text with its places filled in. Raises `ValueError` where a place is more than a name and a short format."""
    for _, place, how, _ in Formatter().parse(text):
        if place is not None and not (place.isidentifier() and len(how or "") < 8 and "{" not in (how or "")):
            raise ValueError(f"{{{place}}} is no place that a text can have")
    return text.format_map(values)


def load_words(templates: Path | None = None, language: str = HOME) -> Words:
    """Read the words of a template folder, in a language of it.

    Raises `InputError` where one of its files is wrong, or there is no such language.
    """
    return _load(templates_dir(templates), language)


def report_words(templates: Path | None = None, language: str | None = None) -> Words:
    """The same in the language named, else in the one that the folder's brand asks for."""
    root = templates_dir(templates)
    return _load(root, language or read_brand(root).language)


@lru_cache(maxsize=8)
def _load(root: Path, code: str) -> Words:
    brand, language = read_brand(root), language_of(root, code)
    layout = read_kept_document(root / "report" / "sections.yaml")
    words = read_kept_document(root / "report" / "words.yaml")
    if wrong := [*check_layout(layout, root), *_check(words, root)]:
        raise InputError(wrong)
    sections = {
        key: ReportSection(key, language.text(entry["title"]), entry["template"], entry.get("medium", ""))
        for key, entry in layout.data["sections"].items()
    }
    readers = {name: _reader(entry) for name, entry in layout.data["readers"].items()}
    _known_sections(layout, sections)
    glossary = read_kept_document(root / "report" / "glossary.yaml").data
    _known_words(layout, glossary)
    return Words(
        root=root,
        words=_in_language(words.data, language),
        sections=sections,
        readers=readers,
        formerly=layout.data.get("formerly", {}),
        proposed=layout.data.get("proposed", {}),
        brand=brand,
        glossary=_sorted_glossary(glossary, language),
        language=language,
    )


def _check(words: Document, root: Path) -> Iterator[Diagnostic]:
    """A company's words against ours."""
    if root != templates_dir():
        yield from check_words(words, read_kept_document(templates_dir() / "report" / "words.yaml"))


def _in_language(words: Any, language: Language) -> Any:
    if isinstance(words, dict):
        return {key: _in_language(value, language) for key, value in words.items()}
    return language.text(words) if isinstance(words, str) else words


def _sorted_glossary(glossary: Mapping[str, str], language: Language) -> tuple[tuple[str, str], ...]:
    """The glossary in the order of its file; another language sorts its own words."""
    entries = tuple((language.text(word), language.text(meaning)) for word, meaning in glossary.items())
    return entries if language is ENGLISH else tuple(sorted(entries, key=lambda entry: entry[0].casefold()))


STATUSES = ("undecided", "infeasible")
"""Where a reader may get other sections than of a decision."""
LISTS_OF_WORDS = ("words", "undecided_words")


def _reader(entry: Mapping[str, Any]) -> Reader:
    other = {status: tuple(entry[status]) for status in STATUSES if status in entry}
    used, used_open = (frozenset(entry.get(key, ())) for key in LISTS_OF_WORDS)
    return Reader(tuple(entry["sections"]), other, bool(entry.get("brief")), used, used_open or used)


def _known_words(layout: Document, glossary: Mapping[str, str]) -> None:
    wrong = [
        Diagnostic(
            layout.place(("readers", name, key, index)), "unknown-word", f"the glossary does not have {word!r}",
            accepted=", ".join(glossary),
        )
        for name, reader in layout.data["readers"].items()
        for key in LISTS_OF_WORDS
        for index, word in enumerate(reader.get(key, ()))
        if word not in glossary
    ]  # fmt: skip
    if wrong:
        raise InputError(wrong)


def _known_sections(layout: Document, sections: Mapping[str, ReportSection]) -> None:
    wrong = [
        Diagnostic(
            layout.place(("readers", name, part, index)),
            "unknown-section",
            f"there is no section {key!r}",
            accepted=", ".join(sections),
        )
        for name, reader in layout.data["readers"].items()
        for part in ("sections", *STATUSES)
        for index, key in enumerate(reader.get(part, ()))
        if key not in sections
    ]
    if wrong:
        raise InputError(wrong)
