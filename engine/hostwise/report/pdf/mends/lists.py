"""Lists as PDF/UA wants them: an L holds LI, and each LI a Lbl and an LBody (ISO 32000-1, 14.8.4.3.3).

WeasyPrint 70 gives two shapes of HTML otherwise: the `div` around a term and its meaning in a `dl` stays a Div, and a
block that stands directly in an `li` has no LBody. Screen readers then lose the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

IN_LIST = frozenset({"/L", "/LI", "/Caption"})
IN_ITEM = frozenset({"/Lbl", "/LBody"})


def mend_lists(pdf: Any) -> None:
    """Give every list of a document that is about to be written its proper structure."""
    for element in list(_elements(pdf, "/L")):
        _mend_list(element, pdf)
    for element in list(_elements(pdf, "/LI")):
        _mend_item(element, pdf)


def _elements(pdf: Any, kind: str) -> Iterator[Any]:
    return (item for item in pdf.objects if isinstance(item, dict) and item.get("S") == kind)


def _kids(element: Any, pdf: Any) -> Iterator[tuple[Any, Any]]:
    """Each reference of an element with the element it leads to; marked content alone has none."""
    for entry in element["K"]:
        kid = pdf.objects[int(entry.split()[0])] if isinstance(entry, bytes) else {}
        yield entry, kid if isinstance(kid, dict) else {}


def _mend_list(element: Any, pdf: Any) -> None:
    kept, last = [], None
    for entry, kid in _kids(element, pdf):
        if kid.get("S") == "/Div":
            _as_item(kid, pdf)
        if kid.get("S") in IN_LIST or last is None:
            kept.append(entry)
            last = kid if kid.get("S") == "/LI" else last
        else:  # the white space between items that stand side by side in a line
            kid["P"] = last.reference
            last["K"].append(entry)
    element["K"][:] = kept


def _as_item(pair: Any, pdf: Any) -> None:
    """A Div of a term and its meaning, each an item by itself, as one item."""
    pair["S"] = "/LI"
    for number, (_, part) in enumerate(_kids(pair, pdf)):
        part["S"] = "/LBody" if number else "/Lbl"
        for _, inner in _kids(part, pdf):
            if inner.get("S") == "/LBody":
                inner["S"] = "/NonStruct"


def _mend_item(element: Any, pdf: Any) -> None:
    """Put what an item holds beside its label into its body."""
    import pydyf

    kids = list(_kids(element, pdf))
    strays = [(entry, kid) for entry, kid in kids if kid.get("S") not in IN_ITEM]
    if not strays:
        return
    body = pydyf.Dictionary({"Type": "/StructElem", "S": "/LBody", "K": pydyf.Array([]), "P": element.reference})
    pdf.add_object(body)
    for entry, kid in strays:
        kid["P"] = body.reference
        body["K"].append(entry)
    element["K"][:] = [entry for entry, kid in kids if kid.get("S") in IN_ITEM] + [body.reference]
