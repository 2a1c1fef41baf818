"""What differs between two PDFs, said page by page, by a process of its own that may take only so much time and memory.

Whether they are the same has been found out before (`same.py`); this only puts it into words, with a library that a
hostile file can keep busy for as long as it likes. So what it says counts as far as it came.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

import hostwise

SECONDS = 5
"""Of computing."""
WAITED = 60
"""Seconds at most until it is stopped, on a machine that is busy with other things."""
BYTES = 1024 * 1024 * 1024
CHARACTERS = 200_000


class Differences(Struct, frozen=True):
    """What was said: pages, parts beside them, words that only one has; `whole` unless it was stopped."""

    pages: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    whole: bool = False


def explained(content: bytes, again: bytes, seconds: int = SECONDS) -> Differences:
    """Say how a PDF differs from the one that it should be. Returns what was said within the time."""
    package = str(Path(hostwise.__file__).parents[1])
    paths = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH", ""))))
    command = [sys.executable, "-m", __name__, str(len(content)), str(seconds)]
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"}
    try:
        ran = subprocess.run(
            command, input=content + again, capture_output=True, timeout=WAITED, env=environment, check=False
        )
        said = ran.stdout
    except subprocess.TimeoutExpired as stopped:
        said = stopped.stdout or b""
    found: dict[str, list[str]] = {"pages": [], "beside": [], "words": [], "whole": []}
    for line in said[:CHARACTERS].decode("utf-8", "replace").splitlines(keepends=True):
        if line.endswith("\n"):
            kind, text = json.loads(line)
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


def _limited(seconds: int) -> None:
    import resource
    from contextlib import suppress

    for kind, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, BYTES), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):  # a system that does not know the limit, or has a lower one
            resource.setrlimit(kind, (most, most))


def _main() -> None:
    import logging

    logging.disable()
    length, seconds = map(int, sys.argv[1:])
    _limited(seconds)
    data = sys.stdin.buffer.read()
    for said in _differences(data[:length], data[length:]):
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    _main()
