"""Text from a questionnaire, made safe to print anywhere.

Markup is the business of each writer (Jinja2 escapes HTML, `markdown.py` escapes Markdown). What no
writer can show is taken out here, once, for all of them: control characters (terminal escape sequences,
characters that XML forbids) and the invisible ones that reorder the text around them.
"""

from __future__ import annotations

import re
from typing import TypeVar

from hostwise.record.format.text_walk import map_texts

T = TypeVar("T")

# C0 and C1 controls but newline and tab; line separators; bidirectional embeddings, overrides and
# isolates (right-to-left names need none of them); surrogates, which no encoder accepts; noncharacters; invisible tags.
UNPRINTABLE = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f"
)
"""The same as the inside of a character class."""
_UNPRINTABLE = re.compile(f"[{UNPRINTABLE}]")
# Marks that go above or below a letter. The most that any script stacks is three; more climb over the lines around.
_MARK = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_MARKS = re.compile(f"({_MARK}{{3}}){_MARK}+")
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<! \w\.)(?<! (?:Mio|Mrd|Bio)\.)\s+(?=[“„«]?[A-ZÄÖÜ])(?!(?<=\d\.\s)[A-Z])")
LONGEST = 900
"""No single text is printed longer than this; the whole stands in the record. Rules and figures say what
they say in a few hundred characters, and the time to lay out one endless word grows with its square."""
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def printable(text: str) -> str:
    r"""Replace what must not reach a terminal, an XML parser or a reader's eye.

    >>> printable("a\x1b[31mb\r\u202ec")
    'a�[31mb��c'
    """
    if text.isascii() and text.isprintable():
        return text
    return _MARKS.sub(rf"\1{REPLACEMENT}", _UNPRINTABLE.sub(REPLACEMENT, text))


def printable_data(data: T) -> T:
    """The same for every text in data, keys included, none longer than `LONGEST`."""
    looked_at: dict[str, str] = {}  # most texts of a record stand in it several times

    def short(text: str) -> str:
        found = looked_at.get(text)
        if found is None:
            found = looked_at[text] = printable(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")
        return text if found == text else found

    return map_texts(data, short)


def one_line(text: str) -> str:
    """The text with all white space runs as one space."""
    return " ".join(text.split())


def first_sentence(text: str) -> str:
    """The first sentence of a text.

    >>> first_sentence("No API is open, e.g. for S1.2 data. Own hosting is.")
    'No API is open, e.g. for S1.2 data.'
    >>> first_sentence("Kostet 5 Mio. Euro, z. B. am 18. Dezember. „Eigener Betrieb“ wäre besser.")
    'Kostet 5 Mio. Euro, z. B. am 18. Dezember.'
    """
    return _SENTENCE_END.split(one_line(text), maxsplit=1)[0]


def shortened(text: str, length: int) -> str:
    """One line of at most `length` characters, cut at a word and marked with an ellipsis.

    >>> shortened("one two three", 9)
    'one two…'
    """
    line = one_line(text)
    if len(line) <= length:
        return line
    head = line[: length - 1]
    cut = head.rfind(" ")
    return (head[:cut] if cut > length // 2 else head).rstrip(" ,;:.") + "…"
