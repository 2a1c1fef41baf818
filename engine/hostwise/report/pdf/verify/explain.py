"""What differs between two PDFs, said page by page, by a process of its own that may take only so much time and memory.

Whether they are the same has been found out before (`same.py`); this only puts it into words, with a library that a
hostile file can keep busy for as long as it likes. So what it says counts as far as it came.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from msgspec import Struct

from hostwise.reading.limited import in_limits, limit, say

SECONDS = 5
"""Of computing."""
WAITED = 60
"""Seconds at most until it is stopped, on a machine that is busy with other things."""
BYTES = 1024 * 1024 * 1024


class Differences(Struct, frozen=True):
    """What was said: pages, parts beside them, words that only one has; `whole` unless it was stopped."""

    pages: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    whole: bool = False


def explained(content: bytes, again: bytes, seconds: float = SECONDS) -> Differences:
    """Say how a PDF differs from the one that it should be. Returns what was said within the time."""
    said = in_limits(__name__, [str(len(content)), str(seconds)], content + again, WAITED).said
    found: dict[str, list[str]] = {"pages": [], "beside": [], "words": [], "whole": []}
    for kind, text in said:
        found[kind].append(text)
    return Differences(tuple(found["pages"]), tuple(found["beside"]), tuple(found["words"]), bool(found["whole"]))


def _differences(content: bytes, again: bytes) -> Iterator[tuple[str, str]]:
    from hostwise.report.pdf.verify.compare import other_differences, page_differences, word_differences
    from hostwise.report.pdf.verify.fingerprints import pdf_form

    found, expected = pdf_form(content, "the PDF"), pdf_form(again, "the PDF")
    yield from (("beside", line) for line in other_differences(found, expected))
    yield from (("pages", line) for line in page_differences(found.pages, expected.pages))
    yield from (("words", line) for line in word_differences(found.pages, expected.pages))
    yield "whole", ""


def _main() -> None:
    import logging

    logging.disable()
    limit(float(sys.argv[2]), BYTES)
    length, data = int(sys.argv[1]), sys.stdin.buffer.read()
    for kind, text in _differences(data[:length], data[length:]):
        say(kind, text)


if __name__ == "__main__":
    _main()
