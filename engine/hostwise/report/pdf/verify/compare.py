"""How the pages of a PDF differ from the ones that its record renders to, in words for the person who verifies it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

from hostwise.report.brand.clean import printable, shortened
from hostwise.report.pdf.verify.fingerprints import DRAWING, PageForm, PdfForm

QUOTED = 70
"""Characters of a line that are quoted around the place where two lines part."""
WORDS_SHOWN = 8
_PAGE_PARTS = {
    "/Annots": "what lies over it (links, notes)",
    "/Font": "the shape of its letters",
    "/XObject": "a picture on it",
    "/Rotate": "how it is turned",
}
_FILE_PARTS = {
    "/Outlines": "the bookmarks",
    "/Names": "the attachments or link targets",
    "/AF": "the attachments",
    "/StructTreeRoot": "the structure that screen readers follow",
    "/Metadata": "the metadata",
    "/Info": "the document's information",
    "/Lang": "the language",
    "/OutputIntents": "the colour profile",
    "/PageMode": "what a viewer shows beside the pages",
}


def page_differences(found: Sequence[PageForm], expected: Sequence[PageForm]) -> Iterator[str]:
    """One sentence a page that is not as, or where, the record puts it; none where all are the same."""
    own, ours = [_key(page) for page in found], [_key(page) for page in expected]
    place = {key: number for number, key in enumerate(ours, 1)}
    for tag, a, b, c, d in SequenceMatcher(None, own, ours, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for number in range(a, b):
            if own[number] in place:
                yield f"page {number + 1} is page {place[own[number]]} of the report, out of its place"
        changed = [number for number in range(a, b) if own[number] not in place]
        absent = [number for number in range(c, d) if ours[number] not in own]
        for mine, theirs in zip_longest(changed, absent):
            if mine is None:
                yield f"page {theirs + 1} of the report is missing"
            elif theirs is None:
                yield f"page {mine + 1} is no page of the report"
            else:
                yield f"page {mine + 1} differs: {_how(found[mine], expected[theirs])}"


def other_differences(found: PdfForm, expected: PdfForm) -> Iterator[str]:
    """What differs beside the pages."""
    differing = [key for key in {**found.parts, **expected.parts} if found.parts.get(key) != expected.parts.get(key)]
    for key in differing:
        if key != "/Names" or "/AF" not in differing:  # attachments stand in both
            name = _FILE_PARTS.get(key, key)
            yield f"{name} (not there)" if key not in found.parts else name


def word_differences(found: Sequence[PageForm], expected: Sequence[PageForm]) -> tuple[str, str]:
    """Words that only one of the two has, however each is laid out; both empty where every word is the same.

    Pages that both have, alike in all parts, are alike in their words, which take long to read.
    """
    both = Counter(map(_key, found)) & Counter(map(_key, expected))
    own, ours = _words(_without(found, both)), _words(_without(expected, both))
    return _listed(own - ours), _listed(ours - own)


def _how(found: PageForm, expected: PageForm) -> str:
    for mine, theirs in zip_longest(found.text, expected.text, fillvalue=""):
        if mine != theirs:
            return f"it says {_quoted(mine, theirs)} where the record gives {_quoted(theirs, mine)}"
    for key in {**expected.parts, **found.parts}:
        if key != DRAWING and found.parts.get(key) != expected.parts.get(key):
            kind = "/" + key.split("/")[1]
            name = "its size" if kind.endswith("Box") else _PAGE_PARTS.get(kind, f"{key} of it")
            return f"its text is the same, but {name} is not"
    return "its text is the same, but it is drawn otherwise (lines, colours or places)"


def _quoted(line: str, other: str) -> str:
    """The line around the first character where it parts from the other."""
    if not line:
        return "nothing"
    same = next((i for i, (a, b) in enumerate(zip(line, other, strict=False)) if a != b), min(len(line), len(other)))
    start = max(0, min(same - QUOTED // 2, len(line) - QUOTED))
    text = printable(line[start : start + QUOTED])
    return f"“{'…' if start else ''}{text}{'…' if start + QUOTED < len(line) else ''}”"


_Key = tuple[tuple[str, str], ...]


def _key(page: PageForm) -> _Key:
    return tuple(sorted(page.parts.items()))


def _without(pages: Iterable[PageForm], taken: Counter[_Key]) -> Iterator[PageForm]:
    left = Counter(taken)
    for page in pages:
        key = _key(page)
        left[key] -= 1
        if left[key] < 0:
            yield page


def _words(pages: Iterable[PageForm]) -> Counter[str]:
    return Counter(word for page in pages for line in page.text for word in line.split())


def _listed(words: Counter[str]) -> str:
    shown = ", ".join(shortened(printable(word), 40) for word in list(words.elements())[:WORDS_SHOWN])
    more = words.total() - WORDS_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
