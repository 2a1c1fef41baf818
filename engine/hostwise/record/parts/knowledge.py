"""What a decision rests on besides the answers, as the record keeps it: the program, the rules, the figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from hostwise.flow.freshness import Dated
from hostwise.inference.run import Engine, engines_used
from hostwise.reading.files.installed import version_of
from hostwise.record.format.record import (
    RECORD_FORMAT,
    CatalogueFile,
    CatalogueUsed,
    DocumentUsed,
    EnginesUsed,
    OverdueKnowledge,
    PackUsed,
    Program,
    RulebookUsed,
)
from hostwise.rulebook.loading.citations import Citation, Cite, cited, load_citations, load_documents
from hostwise.version import __version__

if TYPE_CHECKING:
    from hostwise.flow.knowledge import Knowledge

_CLAIM = re.compile(r"\b[A-Z]\w*-\d+\b")
PRICE_PACKAGES = ("genai-prices",)
PACKS, DATA = ("rules", "documents"), ("prices", "gpus", "models", "figures", "rates")
"""Kinds of dated knowledge: in packs, and in the catalogue."""


def program_part(engine: Engine, *, allow_stale: bool) -> Program:
    """What decided."""
    running, note = engines_used(engine)
    return Program(__version__, RECORD_FORMAT, EnginesUsed(running, len(running) > 1, note), allow_stale)


def rulebook_part(knowledge: Knowledge, overdue: Iterable[Dated], day: date, sources: Iterable[str]) -> RulebookUsed:
    """The packs, and the claims that `sources` of figures cite; how sentences were made is added in the end."""
    files = dict(knowledge.files)
    packs = tuple(
        PackUsed(
            id=pack.id,
            version=pack.version,
            title=pack.title,
            source=pack.source,
            file=pack.file,
            sha256=files.get(pack.file, ""),
            rules=len(pack.rules),
            as_of=pack.as_of,
            review_by=pack.review_by,
        )
        for pack in knowledge.rulebook.packs
    )
    rulebook = knowledge.rulebook
    documents = tuple(
        DocumentUsed(each.id, each.title, each.author, each.publisher, each.published, each.address, each.sha256)
        for each in load_documents(knowledge.root).values()
    )
    claims = _claims(sources, load_citations(knowledge.root))
    past = _overdue(overdue, day, PACKS)
    return RulebookUsed(rulebook.version, knowledge.rules_sha256, packs, documents, past, (), claims)


def _claims(sources: Iterable[str], citations: Mapping[str, Citation]) -> tuple[Cite, ...]:
    """The claims that some texts name, once, by document and number."""
    named = {claim for text in dict.fromkeys(sources) for claim in _CLAIM.findall(text) if claim in citations}
    return cited(sorted(named, key=lambda claim: (citations[claim].document, int(claim.rpartition("-")[2]))), citations)


def catalogue_part(knowledge: Knowledge, overdue: Iterable[Dated], day: date) -> CatalogueUsed:
    """The files of figures."""
    files = tuple(CatalogueFile(file, digest) for file, digest in knowledge.catalogue_files)
    packages = {name: v for name in PRICE_PACKAGES if (v := _package_version(name))}
    return CatalogueUsed(knowledge.catalogue_sha256, files, packages, _overdue(overdue, day, DATA))


def _overdue(entries: Iterable[Dated], day: date, kinds: tuple[str, ...]) -> tuple[OverdueKnowledge, ...]:
    return tuple(
        OverdueKnowledge(entry.kind, entry.name, entry.as_of, entry.review_by, entry.refused(day) or entry.newer(day))
        for entry in entries
        if entry.kind in kinds
    )


def _package_version(name: str) -> str | None:
    try:
        return version_of(name)
    except ModuleNotFoundError:  # of which `PackageNotFoundError` is one
        return None
