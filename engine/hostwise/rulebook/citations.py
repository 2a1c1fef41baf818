"""The register of claims that rules cite: `S2-16` → what that document says there, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from hostwise.reading.document import read_document


@dataclass(frozen=True, slots=True)
class Citation:
    """One claim of a source document, paraphrased. `marker` is the document's own mark of doubt, if any."""

    id: str
    document: str
    text: str
    section: str
    line: int
    marker: str | None


@lru_cache(maxsize=8)
def load_citations(rules: Path) -> Mapping[str, Citation]:
    """All claims by id, from `sources/claims.yaml`."""
    path = rules / "sources" / "claims.yaml"
    if not path.is_file():
        return {}
    rows = read_document(path).data["claims"]
    return {
        row["id"]: Citation(row["id"], row["id"].partition("-")[0], row["text"], row["section"], row["line"], row.get("marker"))
        for row in rows
    }
