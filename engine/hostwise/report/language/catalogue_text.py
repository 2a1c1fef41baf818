"""A record in another language: every text that a report shows is translated, from the catalogue and the record.

A text that was filled in is looked up among the record's sentences, its message translated, and its values in
turn; a number is written as the locale writes it; any other text is looked up as it is. What no catalogue has stays
English. Ids, and what the questionnaire says, stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from decimal import Decimal
from typing import Any, TypeVar

from msgspec import Struct

from hostwise.reading.json_values import Plain
from hostwise.reading.numbers.fact_types import FactType
from hostwise.reading.numbers.number_format import format_band
from hostwise.reading.translatable import PLACE, Translatable
from hostwise.record.format.record import Record
from hostwise.record.format.rules import FactsSet
from hostwise.record.format.sentences import FilledText, JoinedText, RangeText, Sentence, ValueText
from hostwise.record.format.text_walk import rebuilt
from hostwise.record.sentences import sentence_of
from hostwise.report.language.language import ENGLISH, Language

T = TypeVar("T")
SHOWN = frozenset(
    ("label", "verdict_label", "title", "sentence", "text", "because", "english", "seen", "shown", "now_shown",
     "changed_shown", "close_shown", "why", "why_not", "note", "variant", "owner", "when_due", "ask_of", "question",
     "settles", "help", "caution", "correct", "stated", "formula", "source", "reason",
     "chosen_plan", "throughput_source", "at_ends")
)  # fmt: skip
"""Keys of a record whose values people read, wherever they stand."""
NAMED = frozenset(("inputs", "variants"))
"""Lists whose entries people know by their `name`."""
LABELLED = frozenset(("topics", "aspects"))
"""Maps from an id to a label."""
LISTED = frozenset(("shown", "read_as"))
KEPT = frozenset(("sentences", "curve", "reads", "firings"))
TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
"""An abbreviation at the end of a sentence: `30 Mio..`"""
SPAN = re.compile(r"(?P<low>\S+) to (?P<high>\d\S*)")
"""A range among the figures of a claim: `100 to 200 items`."""


def translate_record(record: Record, language: Language) -> Record:
    """The record in a language; in English the record itself."""
    if language is ENGLISH:
        return record
    own = {record.answers.text, *_own_words(record)}
    return _translated(record, _Translator(language, record.rulebook.sentences, own))


def translate(found: T, language: Language) -> T:
    """The same for what was computed just now and is no record: its texts still know how they were made."""
    return found if language is ENGLISH else _translated(found, _Translator(language))


def _translated(found: T, translator: _Translator) -> T:
    translated: T = translator.part("", found)
    return translated


def translate_labels(labels: Mapping[str, str], language: Language) -> Mapping[str, str]:
    """Labels by id."""
    return {name: translate_text(label, language) for name, label in labels.items()}


def translate_text(text: str, language: Language) -> str:
    """One such text."""
    return text if language is ENGLISH else _Translator(language).text(text)


class _Translator:
    """Translates the texts of one record, each once. `own` are those that stay as they are."""

    def __init__(self, language: Language, sentences: Iterable[Sentence] = (), own: Set[str] = frozenset()) -> None:
        self._language = language
        self._how = {sentence.text: sentence for sentence in sentences}
        self._own = own
        self._translated: dict[str, str] = {}

    def part(self, key: str, part: Any) -> Any:
        """A part of the record under a key."""
        if isinstance(part, Struct):
            if isinstance(part, FactsSet):
                return FactsSet(tuple((fact, self._word(value)) for fact, value in part.values))
            return rebuilt(part, [self._value(key, name, getattr(part, name)) for name in part.__struct_fields__])
        if isinstance(part, tuple):
            return tuple(
                self.text(each) if key in LISTED and isinstance(each, str) else self.part(key, each) for each in part
            )
        if isinstance(part, Mapping):
            if key in LABELLED:
                return {name: self.text(label) for name, label in part.items()}
            return {name: self._value(key, name, value) for name, value in part.items()}
        return part

    def _word(self, value: Plain) -> Plain:
        return self.text(value) if isinstance(value, str) else value

    def _value(self, parent: str, key: str, value: Any) -> Any:
        if key in KEPT:
            return value
        if not isinstance(value, str):
            return self.part(key, value)
        if parent == "cites" and key == "text":
            return self._cited(value)
        return self.text(value) if key in SHOWN or (key == "name" and parent in NAMED) else value

    def text(self, english: str) -> str:
        """One text."""
        if english not in self._translated:
            self._translated[english] = english  # a record that was tampered with could name itself
            self._translated[english] = self._translate(english)
        return self._translated[english]

    def _translate(self, english: str) -> str:
        match self._how.get(english) or (sentence_of(english) if isinstance(english, Translatable) else None):
            case FilledText(_, message, values):
                message = self._language.text(message)
                filled = PLACE.sub(lambda place: self.text(values.get(place[1], place[0])), message)
                return TWO_STOPS.sub(".", filled)
            case JoinedText(_, parts, glue, last):
                said = [self.text(part) for part in parts]
                return f"{self._glue(glue).join(said[:-1])}{self._glue(last)}{said[-1]}"
            case ValueText() | RangeText() as value:
                return _value_text(value, self._language)
            case None:
                return english if english in self._own else self._plain(english)

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
            claim, figures = english[:place], english[place:]
            translated = self._language.text(claim)
            if translated != claim:
                return translated + SPAN.sub(lambda match: span.format(**match.groupdict()), figures)
        return english


def _value_text(how: ValueText | RangeText, language: Language) -> str:
    """A value that the record keeps with its kind and unit."""
    kind = FactType(how.kind)
    if kind is FactType.DATE:
        return language.short_date(str(how.value))
    likely = Decimal(how.value)
    low, high = (how.low, how.high) if isinstance(how, RangeText) else (likely, likely)
    return format_band(likely, low, high, kind, how.unit, language)


def _own_words(record: Record) -> list[str]:
    """What the person who filled in the questionnaire wrote, where any text is accepted."""
    given = (fact for fact in record.facts if fact.type == "text" and fact.origin == "given")
    return [fact.shown for fact in given if fact.value is not None]
