"""The register of claims that rules cite: `S2-16` → what that document says there, in our words.

load_citations(rules_dir())["S2-31"].check    # 'inconsistent': the figure does not recompute
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from hostwise.reading.diagnostics import Diagnostic, InputError
from hostwise.reading.document import Document, read_document

CHECKS = ("consistent", "rounding", "conditional", "inconsistent", "not-recomputable")
REQUIRED = ("about", "text", "section", "line")
KEYS = (*REQUIRED, "marker", "check", "correct")


@dataclass(frozen=True, slots=True)
class Citation:
    """One claim of a source document, paraphrased.

    `marker` is the document's own mark of doubt. `check` is what recomputing the figure found (one of
    `CHECKS`), `correct` what it should be. `line` is the line of the document, `about` the kind of claim.
    """

    id: str
    document: str
    text: str
    section: str
    line: int
    about: str
    marker: str | None = None
    check: str | None = None
    correct: str | None = None


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """One source document: who wrote it, and what to keep in mind when reading it."""

    id: str
    title: str
    short: str
    sha256: str
    interest: str
    caution: str
    author: str | None = None
    publisher: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class VoteWording:
    """How the panel words a vote, and the options of ours that it agrees with."""

    vote: str
    label: str
    agrees_with: tuple[str, ...]


@lru_cache(maxsize=8)
def load_citations(rules: Path) -> Mapping[str, Citation]:
    """All claims by id, from `sources/claims.yaml`; none where there is no such file.

    Raises `InputError` when an entry lacks a key, has one too many, or names an unknown check.
    """
    path = rules / "sources" / "claims.yaml"
    if not path.is_file():
        return {}
    document = read_document(path)
    entries: dict[str, Any] = document.data or {}
    if wrong := [finding for claim, entry in entries.items() for finding in _findings(document, claim, entry)]:
        raise InputError(wrong)
    return {claim: Citation(id=claim, document=claim.partition("-")[0], **entry) for claim, entry in entries.items()}


@lru_cache(maxsize=8)
def load_documents(rules: Path) -> Mapping[str, SourceDocument]:
    """The source documents by id (`S0` …), from `sources/documents.yaml`."""
    kept = SourceDocument.__slots__
    entries: dict[str, dict[str, Any]] = _about(rules)["documents"]
    return {
        name: SourceDocument(id=name, **{key: value for key, value in entry.items() if key in kept})
        for name, entry in entries.items()
    }


@lru_cache(maxsize=8)
def load_votes(rules: Path) -> Mapping[str, VoteWording]:
    """The votes that a document can cast, from `sources/documents.yaml`."""
    entries: dict[str, dict[str, Any]] = _about(rules)["votes"]
    return {vote: VoteWording(vote, entry["label"], tuple(entry["agrees_with"])) for vote, entry in entries.items()}


@lru_cache(maxsize=8)
def _about(rules: Path) -> Mapping[str, dict[str, dict[str, Any]]]:
    document = read_document(rules / "sources" / "documents.yaml")
    found: dict[str, dict[str, dict[str, Any]]] = document.data
    return found


def _findings(document: Document, claim: str, entry: Any) -> list[Diagnostic]:
    at = (claim,)
    if not isinstance(entry, dict):
        return [document.finding(at, "not-a-claim", f"{claim} must be a mapping", accepted=", ".join(KEYS))]
    found = [
        document.finding(at, "missing-key", f"{claim} lacks {key}", accepted=", ".join(REQUIRED))
        for key in REQUIRED
        if key not in entry
    ]
    found += [
        document.finding((claim, key), "unknown-key", f"{claim} has an unknown key {key!r}", accepted=", ".join(KEYS))
        for key in entry
        if key not in KEYS
    ]
    if entry.get("check", CHECKS[0]) not in CHECKS:
        found.append(
            document.finding(
                (claim, "check"),
                "check",
                f"{claim}: no such check",
                found=str(entry["check"]),
                accepted=", ".join(CHECKS),
            )
        )
    return found
