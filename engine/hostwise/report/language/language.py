"""The language of a report: English as it is written, or another through the catalogues of a template folder.

Message ids are the English texts. A folder `locale/de` beside the templates holds the German ones, as gettext reads
them: every `.mo` file in `LC_MESSAGES` is one domain. Numbers are rounded in `reading/number_format` and written here.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, localcontext
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import field

from hostwise.reading.files.folders import files_under
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.reading.numbers.number_format import DIGITS, English

if TYPE_CHECKING:
    from babel import Locale

HOME = "en-GB"
"""The language in which records, rules and templates are written."""
WIDE = 200
"""Digits in which Babel may work: it quantizes, and the usual 28 are fewer than an amount can have."""
MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


class Language(English, frozen=True):
    """English by its BCP 47 tag, whose house format is ours; or another language, which writes as its locale does."""

    code: str
    texts: Mapping[str, str] = field(default_factory=dict)

    def text(self, english: str) -> str:
        """The English text in this language; as it is where the catalogue has none."""
        return self.texts.get(english) or english

    def long_date(self, iso: str) -> str:
        """A day in words: `20 November 2026`."""
        day = date.fromisoformat(iso)
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"

    def short_date(self, iso: str) -> str:
        """A day in figures."""
        return iso


class Translated(Language, frozen=True, kw_only=True):
    """Another language than English: its numbers and dates are written as the CLDR has them, by Babel."""

    locale: Locale

    def decimal(self, value: Decimal) -> str:
        """`1.234,5`"""
        from babel.numbers import format_decimal

        with localcontext(prec=WIDE):
            return format_decimal(value, locale=self.locale, decimal_quantization=False)

    def large(self, value: Decimal) -> str:
        """`1,5 Mio.`; in full where the language has no short word for its zeros."""
        from babel.numbers import format_compact_decimal

        with localcontext(prec=WIDE):
            text = format_compact_decimal(value, locale=self.locale, fraction_digits=DIGITS)
        return text if any(character.isalpha() for character in text) else self.decimal(value)

    def money(self, amount: Decimal, currency: str, decimals: int) -> str:
        """`36.370 $`"""
        from babel.numbers import format_currency

        pattern = self.locale.currency_formats["standard"].pattern
        wanted = pattern.replace(".00", f".{'0' * decimals}" if decimals else "")
        with localcontext(prec=WIDE):
            return format_currency(amount, currency, wanted, locale=self.locale, currency_digits=False)

    def percent(self, hundredths: Decimal) -> str:
        """`4,3 %`"""
        from babel.numbers import format_percent

        with localcontext(prec=WIDE):
            return format_percent(hundredths.scaleb(-2), locale=self.locale, decimal_quantization=False)

    def long_date(self, iso: str) -> str:
        """`20. November 2026`"""
        from babel.dates import format_date

        return format_date(date.fromisoformat(iso), "long", locale=self.locale)

    def short_date(self, iso: str) -> str:
        """`20.11.2026`"""
        from babel.dates import format_date

        return format_date(date.fromisoformat(iso), "medium", locale=self.locale)


ENGLISH = Language(HOME)


def languages(root: Path) -> tuple[str, ...]:
    """The languages of a template folder, English first."""
    folders = {file.parent for file in files_under(root / "locale", ".mo")}
    own = (folder.parent for folder in folders if folder.name == "LC_MESSAGES")
    return (HOME, *sorted(folder.name for folder in own if folder.parent == root / "locale"))


def language_of(root: Path, code: str) -> Language:
    """A language of a template folder. Raises `InputError` when there is none of that name, or no such locale."""
    known = languages(root)
    found = next((name for name in known if name.casefold() == code.casefold()), None)
    if found is None:
        place = Place(str(root / "locale"))
        message = f"there is no report in {code!r}"
        raise InputError([Diagnostic(place, "unknown-language", message, accepted=", ".join(known))])
    return ENGLISH if found == HOME else _load(root, found)


@lru_cache(maxsize=8)
def _load(root: Path, code: str) -> Language:
    from babel import Locale, UnknownLocaleError

    folder = root / "locale" / code
    try:
        locale = Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError) as problem:
        message = f"no locale is called {code!r}: {problem}"
        raise InputError(
            [Diagnostic(Place(str(folder)), "unknown-locale", message, accepted="de, fr, pt-BR …")]
        ) from None
    texts: dict[str, str] = {}
    for path in files_under(folder / "LC_MESSAGES", ".mo", deep=False):
        texts |= _catalogue(path)
    return Translated(code, texts, locale=locale)


def _catalogue(path: Path) -> dict[str, str]:
    """The messages of a compiled catalogue."""
    try:
        with path.open("rb") as file:
            messages = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    except (OSError, UnicodeDecodeError, ValueError) as problem:
        message = f"it is no compiled catalogue: {problem}"
        raise InputError(
            [Diagnostic(Place(str(path)), "not-a-catalogue", message, accepted="scripts/messages compile")]
        ) from None
    return {key: text for key, text in messages.items() if isinstance(key, str) and key}
