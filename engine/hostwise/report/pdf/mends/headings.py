"""Headings of tables as PDF/UA wants them: each says whether it is for its column or for its row (ISO 14289-1, 7.5).

WeasyPrint 70 gives cells the headings that they belong to, and headings no scope.
"""

from __future__ import annotations

from typing import Any


def set_scope(heading: Any, pdf: Any) -> None:
    """A heading in the head of a table is for its column, one in the body for its row."""
    import pydyf

    part = _parent(_parent(heading, pdf), pdf)
    scope = "/Row" if part.get("S") == "/TBody" else "/Column"
    attributes = heading.get("A")
    if isinstance(attributes, dict):
        attributes["Scope"] = scope
    else:
        heading["A"] = pydyf.Dictionary({"O": "/Table", "Scope": scope})


def _parent(item: Any, pdf: Any) -> Any:
    number = int(item["P"].split()[0])
    return pdf.objects[number]
