"""The register of claims that rules cite: `S2-16` → what that document says there, in our words.

load_citations(rules_dir())["S2-31"].check    # 'inconsistent': the figure does not recompute
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from hostwise.reading.files.kept_document import read_kept_document
from hostwise.reading.files.yaml_file import Document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError

CHECKS = ("consistent", "rounding", "conditional", "inconsistent", "not-recomputable")
REQUIRED = ("about", "text", "section", "line")
KEYS = (*REQUIRED, "figures", "marker", "check", "correct")


_DIGITS = r"-?\d+(?:\.\d+)?[kMBT]?"
_FIGURE = re.compile(rf"(?P<low>{_DIGITS})?(?P<range>\.\.)?(?P<high>{_DIGITS})? (?P<unit>\S.*)")
_SIZES = {"k": 3, "M": 6, "B": 9, "T": 12}


class StatedFigure(Struct, frozen=True):
    """One figure that a claim states: from `low` to `high` (one of them None where an end is open), in `unit`."""

    name: str
    low: Decimal | None
    high: Decimal | None
    unit: str
    written: str

    @property
    def told(self) -> str:
        """The figure in words: `100 to 200 items`, `up to 500M tokens/month`."""
        number, _, unit = self.written.partition(" ")
        low, between, high = number.partition("..")
        if not between:
            return f"{number} {unit}"
        return f"{low} to {high} {unit}" if low and high else f"{f'from {low}' if low else f'up to {high}'} {unit}"


class Citation(Struct, frozen=True):
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
    figures: tuple[StatedFigure, ...] = ()
    marker: str | None = None
    check: str | None = None
    correct: str | None = None

    @property
    def told(self) -> str:
        """What the claim says, with the figures that it states."""
        many = len(self.figures) > 1
        told = [f"{figure.name.replace('_', ' ')} {figure.told}" if many else figure.told for figure in self.figures]
        return f"{self.text} ({', '.join(told)})" if told else self.text


class Cite(Struct, frozen=True):
    """A claim as it is cited, with its paraphrase; a figure of ours has none."""

    id: str
    text: str
    document: str


class SourceDocument(Struct, frozen=True):
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
    address: str | None = None


class VoteWording(Struct, frozen=True):
    """How the panel words a vote, and the options of ours that it agrees with."""

    vote: str
    label: str
    agrees_with: tuple[str, ...]


def cited(claims: Iterable[str], citations: Mapping[str, Citation]) -> tuple[Cite, ...]:
    """Citations with what they say."""
    return tuple(_cite(claim, citations.get(claim)) for claim in claims)


def _cite(claim: str, found: Citation | None) -> Cite:
    return Cite(claim, found.told, found.document) if found else Cite(claim, "", "")


@lru_cache(maxsize=8)
def load_citations(rules: Path) -> Mapping[str, Citation]:
    """All claims by id, from `sources/claims.yaml`; none where there is no such file.

    Raises `InputError` when an entry lacks a key, has one too many, or names an unknown check.
    """
    path = rules / "sources" / "claims.yaml"
    if not path.is_file():
        return {}
    document = read_kept_document(path)
    entries: dict[str, Any] = document.data or {}
    if wrong := [finding for claim, entry in entries.items() for finding in _findings(document, claim, entry)]:
        raise InputError(wrong)
    return {claim: _citation(claim, entry) for claim, entry in entries.items()}


def _citation(claim: str, entry: dict[str, Any]) -> Citation:
    figures = tuple(figure for name, raw in (entry.get("figures") or {}).items() if (figure := _figure(name, raw)))
    return Citation(id=claim, document=claim.partition("-")[0], **{**entry, "figures": figures})


def _figure(name: str, raw: object) -> StatedFigure | None:
    """A figure as the register writes it, or None when it cannot be read."""
    match = _FIGURE.fullmatch(str(raw))
    if match is None or not (match["low"] or match["high"]):
        return None
    low, high = (_number(match[end]) if match[end] else None for end in ("low", "high"))
    return StatedFigure(name, low, high if match["range"] else low, match["unit"], str(raw))


def _number(text: str) -> Decimal:
    size = _SIZES.get(text[-1], 0)
    return Decimal(text[:-1] if size else text).scaleb(size)


DOCUMENTS = Path("sources") / "documents.yaml"


@lru_cache(maxsize=8)
def load_documents(rules: Path) -> Mapping[str, SourceDocument]:
    """The source documents by id (`S0` …), from `sources/documents.yaml`; none without that file."""
    if not (rules / DOCUMENTS).is_file():
        return {}
    kept = SourceDocument.__struct_fields__
    entries: dict[str, dict[str, Any]] = _about(rules)["documents"]
    return {
        name: SourceDocument(id=name, **{key: value for key, value in entry.items() if key in kept})
        for name, entry in entries.items()
    }


@lru_cache(maxsize=8)
def load_votes(rules: Path) -> Mapping[str, VoteWording]:
    """The votes that a document can cast, from `sources/documents.yaml`; none where the folder has no such file."""
    if not (rules / DOCUMENTS).is_file():
        return {}
    entries: dict[str, dict[str, Any]] = _about(rules)["votes"]
    return {vote: VoteWording(vote, entry["label"], tuple(entry["agrees_with"])) for vote, entry in entries.items()}


@lru_cache(maxsize=8)
def _about(rules: Path) -> Mapping[str, dict[str, dict[str, Any]]]:
    document = read_kept_document(rules / DOCUMENTS)
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
    found += [
        document.finding((claim, "figures", name), "figure", f"{claim}: {name} cannot be read", found=str(raw),
                         accepted="5k USD/month, 100..200 items, ..500M tokens/month")
        for name, raw in _figures_of(entry).items()
        if _figure(name, raw) is None
    ]  # fmt: skip
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


def _figures_of(entry: dict[str, Any]) -> Mapping[str, object]:
    figures = entry.get("figures") or {}
    return figures if isinstance(figures, dict) else {"figures": figures}
