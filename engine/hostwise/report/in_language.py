"""A record in another language: every text that a report shows is said again, from the catalogue and the record.

A text that was filled in is looked up among the record's sentences, its message translated, and its values said again
in turn; a number is written as the locale writes it; any other text is looked up as it is. What no catalogue has stays
English. Ids, and what the questionnaire says, stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from typing import Any

from hostwise.reading.said import PLACE, Said
from hostwise.report.language import ENGLISH, Language
from hostwise.report.locale_values import value_text

SHOWN = frozenset(
    ("label", "verdict_label", "title", "sentence", "text", "because", "english", "seen", "shown", "now_shown",
     "changed_shown", "why", "why_not", "note", "variant", "owner", "when_due", "ask_of", "question", "settles", "help",
     "caution", "correct", "stated", "formula", "source")
)  # fmt: skip
"""Keys of a record whose values people read, wherever they stand."""
NAMED = frozenset(("inputs", "variants"))
"""Lists whose entries people know by their `name`."""
LABELLED = frozenset(("topics", "aspects"))
"""Maps from an id to a label."""
LISTED = frozenset(("shown",))
KEPT = frozenset(("sentences", "curve", "reads", "firings"))
TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
"""An abbreviation at the end of a sentence: `30 Mio..`"""
SPAN = re.compile(r"(?P<low>\S+) to (?P<high>\d\S*)")
"""A range among the figures of a claim: `100 to 200 items`."""


def in_language(data: Mapping[str, Any], language: Language) -> Mapping[str, Any]:
    """The record's data in a language; in English the data itself."""
    if language is ENGLISH:
        return data
    own = {data["answers"]["text"], *_own_words(data)}
    told: Mapping[str, Any] = _Teller(language, data["rulebook"].get("sentences", ()), own).part("", data)
    return told


def told(data: Any, language: Language) -> Any:
    """The same for what was computed just now and is no record: its texts still know how they were made."""
    return data if language is ENGLISH else _Teller(language).part("", data)


def told_labels(labels: Mapping[str, str], language: Language) -> Mapping[str, str]:
    """Labels by id."""
    return {name: told_text(label, language) for name, label in labels.items()}


def told_text(text: str, language: Language) -> str:
    """One such text."""
    return text if language is ENGLISH else _Teller(language).text(text)


class _Teller:
    """Says the texts of one record, each once. `own` are those that stay as they are."""

    def __init__(
        self, language: Language, sentences: Iterable[Mapping[str, Any]] = (), own: Set[str] = frozenset()
    ) -> None:
        self._language = language
        self._how = {entry["text"]: entry for entry in sentences}
        self._file = own
        self._told: dict[str, str] = {}

    def part(self, key: str, part: Any) -> Any:
        """A part of the record under a key."""
        if isinstance(part, dict):
            if key in LABELLED:
                return {name: self.text(label) for name, label in part.items()}
            return {name: self._value(key, name, value) for name, value in part.items()}
        if isinstance(part, list):
            return [
                self.text(each) if key in LISTED and isinstance(each, str) else self.part(key, each) for each in part
            ]
        return part

    def _value(self, parent: str, key: str, value: Any) -> Any:
        if key in KEPT:
            return value
        if not isinstance(value, str):
            if key == "values" and parent == "then":
                return [[fact, self.text(said) if isinstance(said, str) else said] for fact, said in value]
            return self.part(key, value)
        if parent == "cites" and key == "text":
            return self._cited(value)
        return self.text(value) if key in SHOWN or (key == "name" and parent in NAMED) else value

    def text(self, english: str) -> str:
        """One text."""
        if english not in self._told:
            self._told[english] = english  # a record that was tampered with could name itself
            self._told[english] = self._say(english)
        return self._told[english]

    def _say(self, english: str) -> str:
        how = self._how.get(english) or _how(english)
        if not how:
            return english if english in self._file else self._plain(english)
        if "message" in how:
            values = how["values"]
            message = self._language.text(how["message"])
            filled = PLACE.sub(lambda place: self.text(values.get(place[1], place[0])), message)
            return TWO_STOPS.sub(".", filled)
        if "parts" in how:
            parts = [self.text(part) for part in how["parts"]]
            return f"{self._glue(how['glue']).join(parts[:-1])}{self._glue(how['last'])}{parts[-1]}"
        return value_text(how, self._language)

    def _plain(self, english: str) -> str:
        """A text of the catalogue; at the beginning of a sentence it may have been given a capital."""
        found = self._language.text(english)
        if found == english and english[:1].isupper():
            lower = english[:1].lower() + english[1:]
            small = self._language.text(lower)
            return english if small == lower else small[:1].upper() + small[1:]
        return found

    def _glue(self, glue: str) -> str:
        word = glue.strip()
        return glue.replace(word, self._language.text(word)) if word.isalpha() else glue

    def _cited(self, english: str) -> str:
        """A claim, and the figures that stand after it in parentheses."""
        span = self._language.text("{low} to {high}")
        for place in (*(match.start() for match in re.finditer(r" \(", english)), len(english)):
            said, figures = english[:place], english[place:]
            told = self._language.text(said)
            if told != said:
                return told + SPAN.sub(lambda match: span.format(**match.groupdict()), figures)
        return english


def _how(text: str) -> Mapping[str, Any]:
    """How a text was made, as a record keeps it; nothing where it does not know."""
    return {name: v for name, v in text.how.items() if v is not None} if isinstance(text, Said) else {}


def _own_words(data: Mapping[str, Any]) -> list[str]:
    """What the person who filled in the questionnaire wrote, where any text is accepted."""
    return [fact["shown"] for fact in data["facts"] if fact["type"] == "text" and fact["value"] is not None]
