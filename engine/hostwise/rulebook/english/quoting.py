"""Texts of rules that quote facts: `{tokens_per_day}` becomes `30M`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from hostwise.answers.fact_text import UNKNOWN, format_fact
from hostwise.answers.facts import Fact
from hostwise.reading.translatable import filled

_QUOTED = re.compile(r"\{([a-z0-9_.]+)\}")


def quote(text: str, facts: Mapping[str, Fact]) -> str:
    """Fill in the facts that a text quotes, and join its lines. A fact that is not there reads `unknown`.

    Filled-in text is never read again, so that nothing an answer says can quote a fact of its own.
    """
    message = " ".join(text.split())
    names = tuple(quoted(message))
    if not names:
        return message
    values = {name: " ".join(told.split()) if "\n" in (told := _told(name, facts)) else told for name in names}
    return filled(message, values)


def _told(name: str, facts: Mapping[str, Fact]) -> str:
    return format_fact(facts[name]) if name in facts else UNKNOWN


def quoted(text: str) -> Iterator[str]:
    """The names of the facts that a text quotes."""
    return (match[1] for match in _QUOTED.finditer(text))
