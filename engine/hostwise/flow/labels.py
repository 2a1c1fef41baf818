"""The sentences that the decision writes, from `rules/wording.yaml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from hostwise.economics.catalogue.options import Option
from hostwise.reading.files.kept_document import read_kept_document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.reading.translatable import filled, joined

if TYPE_CHECKING:
    from hostwise.flow.knowledge import Knowledge


@lru_cache(maxsize=8)
def load_wording(root: Path) -> Mapping[str, str]:
    """Sentences by dotted name: `reason.cheapest`. Raises `InputError` when one is not text."""
    document = read_kept_document(root / "wording.yaml")
    flat: dict[str, str] = {}
    wrong: list[Diagnostic] = []
    for section, entries in document.data.items():
        for name, text in entries.items() if isinstance(entries, dict) else [(None, entries)]:
            path = (section,) if name is None else (section, name)
            if isinstance(text, str):
                flat[".".join(path)] = text
            else:
                place = document.place(path)
                wrong.append(Diagnostic(place, "not-text", "a sentence must be text", accepted="text in quotes"))
    if wrong:
        raise InputError(wrong)
    return flat


def say(wording: Mapping[str, str], name: str, **words: str) -> str:
    """Fill in one sentence.

    >>> say({"a.b": "{who} decides."}, "a.b", who="The reader")
    'The reader decides.'
    """
    message = wording[name]
    return filled(message, words) if words else message


def label_of(outcome: str, options: Mapping[str, Option], wording: Mapping[str, str]) -> str:
    """The label of an option, or of an outcome that is none."""
    return options[outcome].label if outcome in options else wording[f"outcome.{outcome}"]


def labels(knowledge: Knowledge) -> Callable[[str], str]:
    """What gives an option or an outcome its label."""
    return partial(label_of, options=knowledge.catalogue.options, wording=load_wording(knowledge.root))


def listed(words: list[str], conjunction: str = "and") -> str:
    """Join words as prose.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return joined(words, ", ", f" {conjunction} ")
