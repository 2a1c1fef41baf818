"""One rule with all that belongs to it: in English, what it rests on, what it reads and sets; its lines in its file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from hostwise.flow.knowledge import Knowledge
from hostwise.reading.files.yaml_file import Document, read_document
from hostwise.rulebook.english.conclusions import follows
from hostwise.rulebook.english.conditions import in_english
from hostwise.rulebook.language.rules import Pack, Rule
from hostwise.rulebook.loading.citations import Citation, SourceDocument, load_citations, load_documents, load_votes
from hostwise.workbench.book.origins import FactOrigin, origin_of


class Resting(Struct, frozen=True):
    """A claim that a rule cites; both are None where the register does not have it."""

    claim: str
    citation: Citation | None
    document: SourceDocument | None


class Sheet(Struct, frozen=True):
    """One rule, said in English, with the claims and facts on both sides of it."""

    rule: Rule
    pack: Pack
    condition: str
    conclusion: str
    because: str
    rests_on: tuple[Resting, ...]
    reads: tuple[FactOrigin, ...]
    sets: tuple[FactOrigin, ...]


def sheet_of(rule: Rule, knowledge: Knowledge) -> Sheet:
    """Everything about one rule."""
    pack = next(pack for pack in knowledge.rulebook.packs if pack.id == rule.pack and rule in pack.rules)
    specs = knowledge.rulebook.specs
    return Sheet(
        rule=rule,
        pack=pack,
        condition=in_english(rule.when, specs),
        conclusion=follows(rule.then, specs, outcome_labels(knowledge)),
        because=" ".join(rule.because.split()),
        rests_on=tuple(resting(claim, knowledge) for claim in rule.cites),
        reads=tuple(origin_of(name, knowledge, rule.source) for name in rule.reads),
        sets=tuple(origin_of(name, knowledge, rule.source) for name in rule.sets),
    )


def resting(claim: str, knowledge: Knowledge) -> Resting:
    """A claim with its paraphrase and its document."""
    citation = load_citations(knowledge.root).get(claim)
    documents = load_documents(knowledge.root) if citation else {}
    return Resting(claim, citation, documents.get(citation.document) if citation else None)


def outcome_labels(knowledge: Knowledge) -> Mapping[str, str]:
    """The labels of options, and of the votes that a document can cast."""
    votes = load_votes(knowledge.root) if any(pack.source != "house" for pack in knowledge.rulebook.packs) else {}
    options = {name: option.label for name, option in knowledge.catalogue.options.items()}
    return {**{name: vote.label for name, vote in votes.items()}, **options}


def written_lines(rule: Rule) -> tuple[int, tuple[str, ...]]:
    """The number of a rule's first line in its file, and its lines, without comments that follow it."""
    document = read_document(Path(rule.place.file))
    entries = document.data["rules"]
    index = next(i for i in range(len(entries)) if document.place(("rules", i, "id")) == rule.place)
    first = document.place(("rules", index)).line
    lines = document.text.splitlines()[first - 1 : max(first, _last(document, index))]
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return first, tuple(lines)


def _last(document: Document, index: int) -> int:
    """The line before the part of the file that follows the rule at `index`."""
    first = document.place(("rules", index)).line
    after = [document.place(("rules", index + 1)).line] if index + 1 < len(document.data["rules"]) else []
    keys = [document.place((key,), key=True).line for key in document.data]
    later = [line for line in (*after, *keys) if line > first]
    return min(later) - 1 if later else len(document.text.splitlines())
