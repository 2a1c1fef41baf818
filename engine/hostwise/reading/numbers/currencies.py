"""Currencies, from `rules/currencies.yaml`: how each is written, and about what it is worth."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import groupby

from msgspec import Struct

from hostwise.reading.files.folders import rules_dir
from hostwise.reading.files.kept_document import read_kept_document
from hostwise.reading.files.strict import Strict
from hostwise.reading.files.validate import validated

CENTS = 2
CENT = Decimal(1).scaleb(-CENTS)
"""What most currencies divide a unit into: amounts are rounded to it where they are shown."""


class _Currency(Strict, frozen=True):
    per_euro: Decimal
    signs: tuple[str, ...]
    words: tuple[str, ...]
    within: Decimal | None = None


class _Minor(Strict, frozen=True):
    words: tuple[str, ...]
    of: tuple[str, ...]


class _File(Strict, frozen=True):
    as_of: date
    source: str
    within: Decimal
    minor: dict[str, _Minor]
    currencies: dict[str, _Currency]


class Currencies(Struct, frozen=True, dict=True):
    """The file, with its words ready to be looked up."""

    file: _File

    @property
    def codes(self) -> tuple[str, ...]:
        """ISO 4217 codes."""
        return tuple(self.file.currencies)

    @cached_property
    def meanings(self) -> Mapping[str, tuple[str, ...]]:
        """The currencies that each spelling may stand for: signs as they stand, codes and words in lower case."""
        found: dict[str, tuple[str, ...]] = {}
        for code, entry in self.file.currencies.items():
            for word in (*entry.signs, code.lower(), *entry.words):
                found[word] = (*found.get(word, ()), code)
        return found

    @cached_property
    def words(self) -> frozenset[str]:
        """Every spelling, of currencies and of their hundredths."""
        return frozenset((*self.meanings, *self.hundredths))

    @cached_property
    def hundredths(self) -> Mapping[str, tuple[str, ...]]:
        """The currencies that a cent or a penny may be one of, in lower case."""
        return {word: entry.of for entry in self.file.minor.values() for word in entry.words}

    @cached_property
    def pattern(self) -> str:
        """A regular expression for every spelling, the longest first; one of letters ends where the letters do.

        Those of one length and kind stand in one group: it compiles in a quarter of the time.
        """
        signs = {sign for entry in self.file.currencies.values() for sign in entry.signs}

        def kind(word: str) -> tuple[int, bool, bool]:
            return -len(word), word in signs, word[-1].isalpha()

        return "|".join(
            f"(?{'' if exactly else 'i'}:{'|'.join(map(re.escape, words))})"
            + (r"(?![^\W\d_]|\.[^\W\d_])" if ends_in_a_letter else "")
            for (_, exactly, ends_in_a_letter), words in groupby(sorted(self.words, key=kind), kind)
        )

    def candidates(self, written: str) -> tuple[str, ...]:
        """The currencies that a spelling may stand for, or for a hundredth of: `Rp.` are rupiahs or Rappen."""
        whole = self.meanings.get(written) or self.meanings.get(written.lower()) or ()
        return tuple(dict.fromkeys((*whole, *self.hundredths.get(written.lower(), ()))))

    def is_hundredth(self, written: str, code: str) -> bool:
        """Whether of a currency it is a hundredth: a cent, a penny."""
        return code in self.hundredths.get(written.lower(), ())

    def dollars(self, code: str) -> Decimal | None:
        """About how many dollars one was worth on the day of the table; None for one that it does not have."""
        entry = self.file.currencies.get(code)
        return self.file.currencies["USD"].per_euro / entry.per_euro if entry else None

    def within(self, code: str) -> Decimal:
        """The factor by which a rate may differ from the table's."""
        entry = self.file.currencies.get(code)
        return entry.within if entry and entry.within else self.file.within


@lru_cache(maxsize=1)
def currencies() -> Currencies:
    """The table of the shipped rules. Raises `InputError` with every finding."""
    return Currencies(validated(_File, read_kept_document(rules_dir() / "currencies.yaml")))
