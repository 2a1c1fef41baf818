"""Texts of rules that quote facts: `{tokens_per_day}` becomes `30M`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from hostwise.answers.facts import Fact
from hostwise.rulebook.wording import UNKNOWN, shown

_QUOTED = re.compile(r"\{([a-z0-9_.]+)\}")


def quote(text: str, facts: Mapping[str, Fact]) -> str:
    """Fill in the facts that a text quotes, and join its lines. A fact that is not there reads `unknown`.

    Filled-in text is never read again, so that nothing an answer says can quote a fact of its own.
    """
    filled = _QUOTED.sub(lambda m: shown(facts[m[1]]) if m[1] in facts else UNKNOWN, text)
    return " ".join(filled.split())


def quoted(text: str) -> Iterator[str]:
    """The names of the facts that a text quotes."""
    return (match[1] for match in _QUOTED.finditer(text))
