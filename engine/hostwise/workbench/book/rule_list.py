"""Which rules there are: the rulebook's packs with the rules that somebody asks for, and how many of each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from hostwise.rulebook.english.quoting import quoted
from hostwise.rulebook.language.rules import STAGES, STATUSES, Advice, Pack, Rule, Rulebook
from hostwise.workbench.book.lookup import known


class Wanted(Struct, frozen=True):
    """What to keep of the rulebook; None keeps all. `fact` is read, set or quoted by the rule, `claim` is cited."""

    stage: str | None = None
    source: str | None = None
    fact: str | None = None
    claim: str | None = None


class Listed(Struct, frozen=True):
    """One pack and those of its rules that were asked for, in written order."""

    pack: Pack
    rules: tuple[Rule, ...]


def listed(rulebook: Rulebook, claims: Sequence[str], wanted: Wanted) -> tuple[Listed, ...]:
    """The packs that hold a rule asked for. Raises `InputError` for a source, fact or claim that there is not."""
    if wanted.source is not None:
        known("source", wanted.source, (pack.source for pack in rulebook.packs))
    if wanted.fact is not None:
        known("fact", wanted.fact, rulebook.specs)
    if wanted.claim is not None:
        known("claim", wanted.claim, [*claims, *(claim for rule in rulebook.rules for claim in rule.cites)])
    found = (Listed(pack, tuple(rule for rule in pack.rules if _asked_for(rule, wanted))) for pack in rulebook.packs)
    return tuple(entry for entry in found if entry.rules)


def facts_named(rule: Rule) -> tuple[str, ...]:
    """Every fact that a rule has to do with: read by its condition, given a value, or quoted in its texts."""
    texts = [rule.because, *([rule.then.text] if isinstance(rule.then, Advice) else [])]
    return tuple(dict.fromkeys([*rule.reads, *rule.sets, *(name for text in texts for name in quoted(text))]))


def counts(found: Sequence[Listed]) -> Mapping[str, Mapping[str, int]]:
    """How many of the rules stand in each stage and have each status, in the order of the language."""
    rules = [rule for entry in found for rule in entry.rules]
    stages, statuses = Counter(rule.stage for rule in rules), Counter(rule.status for rule in rules)
    return {
        "stages": {stage: stages[stage] for stage in STAGES if stages[stage]},
        "statuses": {status: statuses[status] for status in STATUSES if statuses[status]},
    }


def as_data(found: Sequence[Listed]) -> dict[str, Any]:
    """The list as JSON data."""
    return {"packs": [_pack(entry) for entry in found], "counts": counts(found)}


def _pack(entry: Listed) -> dict[str, Any]:
    pack = entry.pack
    return {
        "id": pack.id, "version": pack.version, "title": pack.title, "source": pack.source, "file": pack.file,
        "as_of": pack.as_of.isoformat(), "review_by": pack.review_by.isoformat(),
        "rules": [
            {
                "id": rule.id, "stage": rule.stage, "title": rule.title, "status": rule.status,
                "cites": list(rule.cites), "reads": list(rule.reads), "sets": list(rule.sets), "line": rule.place.line,
            }
            for rule in entry.rules
        ],
    }  # fmt: skip


def _asked_for(rule: Rule, wanted: Wanted) -> bool:
    return (
        wanted.stage in (None, rule.stage)
        and wanted.source in (None, rule.source)
        and (wanted.fact is None or wanted.fact in facts_named(rule))
        and (wanted.claim is None or wanted.claim in rule.cites)
    )
