"""The programs that lay out a PDF, with the versions that its bytes depend on."""

from __future__ import annotations

from typing import Any


def pdf_tools() -> str:
    """Names and versions, as they stand in the metadata of a PDF. WeasyPrint must be importable."""
    from importlib.metadata import version

    from weasyprint import VERSION
    from weasyprint.text import ffi

    pango = ffi.pango.pango_version()
    found = {
        "WeasyPrint": VERSION,
        "pydyf": version("pydyf"),
        "fontTools": version("fonttools"),
        "Pango": f"{pango // 10000}.{pango // 100 % 100}.{pango % 100}",
        "HarfBuzz": _harfbuzz(ffi.harfbuzz),
    }
    return ", ".join(f"{name} {number}" for name, number in found.items())


def _harfbuzz(library: Any) -> str:
    """WeasyPrint binds only "is it at least this version", so count up to it."""
    parts = [0, 0, 0]
    for place in range(3):
        while library.hb_version_atleast(*parts[:place], parts[place] + 1, *[0] * (2 - place)):
            parts[place] += 1
    return ".".join(str(part) for part in parts)
