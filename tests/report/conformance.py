"""What `page` finds against PDF/UA-1 and PDF/A-3a, without its one false alarm."""

from __future__ import annotations

import re

import pytest


def findings(pdf: bytes, profile: str) -> list[str]:
    """Each finding as its rule and what it says."""
    page = pytest.importorskip("page", reason="page-validation is not installed")
    report = page.validate_pdf_bytes(pdf, profile=profile)
    assert report.rules.total > 100
    return [f"{f.rule_id} {f.message}" for f in report.failures if not _ends_in_return(pdf, f)]


def _ends_in_return(pdf: bytes, failure: object) -> bool:
    """A compressed stream whose last byte happens to be a carriage return: page 0.11 counts it to the end of line."""
    if not str(failure.rule_id).endswith("STREAM-LENGTH-001"):  # type: ignore[attr-defined]
        return False
    if failure.object_id is None:  # type: ignore[attr-defined]
        # It does not say which stream: the alarm is false where every length is right, and one ends so.
        streams = list(
            re.finditer(rb"\n(\d+) 0 obj\n(?:(?!endobj).)*?/Length (\d+)(?:(?!endobj).)*?stream\n", pdf, re.S)
        )
        ends = [stream.end() + int(stream[2]) for stream in streams]
        right = all(pdf[end:].startswith(b"\nendstream") for end in ends)
        return len(streams) > 10 and right and any(pdf[end - 1 : end] == b"\r" for end in ends)
    number = failure.object_id.object_number  # type: ignore[attr-defined]
    start = re.search(rb"(?:^|\n)%d 0 obj" % number, pdf)
    assert start is not None
    length = re.search(rb"/Length (\d+)", pdf[start.start() :])
    assert length is not None
    end = pdf.index(b"stream\n", start.start()) + len(b"stream\n") + int(length[1])
    return pdf[end - 1 : end] == b"\r" and pdf[end:].startswith(b"\nendstream")
