"""The language of a report: English as it is written, or another through the catalogues of a template folder.

Message ids are the English texts. A folder `locale/de` beside the templates holds the German ones, as gettext reads
them: every `.mo` file in `LC_MESSAGES` is one domain. Numbers and dates follow the locale of that name (CLDR).
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from hostwise.reading.diagnostics import Diagnostic, InputError, Place

if TYPE_CHECKING:
    from babel import Locale

HOME = "en-GB"
"""The language in which records, rules and templates are written."""


class Language(Struct, frozen=True):
    """A language by its BCP 47 tag. `locale` is None for English, whose house format is ours."""

    code: str
    texts: Mapping[str, str] = field(default_factory=dict)
    locale: Locale | None = None

    def text(self, english: str) -> str:
        """The English text in this language; as it is where the catalogue has none."""
        return self.texts.get(english) or english


ENGLISH = Language(HOME)


def languages(root: Path) -> tuple[str, ...]:
    """The languages of a template folder, English first."""
    folders = (root / "locale").glob("*/LC_MESSAGES")
    return (HOME, *sorted(folder.parent.name for folder in folders if any(folder.glob("*.mo"))))


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
    for path in sorted((folder / "LC_MESSAGES").glob("*.mo")):
        texts |= _catalogue(path)
    return Language(code, texts, locale)


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
