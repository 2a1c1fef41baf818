"""The record: a decision and all it rests on, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from hostwise import __version__
from hostwise.answers.facts import Fact
from hostwise.answers.to_facts import answer_facts
from hostwise.decision.canonical import Json, plain
from hostwise.decision.flow import Basis, Course, run_flow
from hostwise.decision.freshness import Dated, check_age, used
from hostwise.decision.panel import run_panel
from hostwise.decision.parts import answers_part, ledgers_part, rules_part
from hostwise.decision.robustness import Robustness, robustness, sampled
from hostwise.decision.robustness_part import robustness_part
from hostwise.decision.sensitivity import near_thresholds, overlapping_costs, ranged_answers
from hostwise.decision.verdict import verdict_part
from hostwise.decision.versions import package_version
from hostwise.inference.run import Engine, engines_used
from hostwise.reading.diagnostics import Diagnostic, InputError
from hostwise.rulebook.wording import shown

if TYPE_CHECKING:
    from hostwise.answers.load import Answers
    from hostwise.decision.basis import Knowledge

RECORD_FORMAT = 1
PRICE_PACKAGES = ("genai-prices",)
PACKS, DATA = ("rules", "documents"), ("prices", "gpus", "models", "figures")
"""Kinds of dated knowledge: in packs, and in the catalogue."""


class Outline(Struct, frozen=True, eq=False):
    """A decision as far as a first answer needs. `data` is its record, but for what would change it, and the id."""

    data: Json
    given: Mapping[str, Fact]
    basis: Basis
    knowledge: Knowledge
    course: Course
    firm: Robustness


def outline(
    answers: Answers, knowledge: Knowledge, as_of: date | None, engine: str, *, allow_stale: bool = False
) -> Outline:
    """Decide, and say how sure it is.

    Raises `OutOfDate` where it would rest on knowledge past its second limit, unless `allow_stale`.
    """
    given = _by_name(answer_facts(answers, knowledge.questionnaire))
    day = as_of or _stated_day(given) or knowledge.as_of
    basis = Basis(knowledge.rulebook, knowledge.catalogue, day, Engine(engine))
    try:
        course = run_flow(given, basis)
    except InputError as problem:
        raise InputError(_with_path(problem.diagnostics, answers.file)) from None
    resting_on = used(course, knowledge)
    if not allow_stale:
        check_age(resting_on, day, knowledge)
    overdue = [entry for entry in resting_on if entry.overdue(day)]
    panel = run_panel(knowledge.rulebook, course.facts, basis.engine, knowledge.root)
    futures = sampled(course, given, basis, knowledge.questionnaire)
    firm = robustness(futures, course, basis)
    data: Json = {
        "hostwise": _hostwise(basis.engine, allow_stale=allow_stale),
        "id": "",
        "as_of": day.isoformat(),
        "rulebook": _rulebook(knowledge) | {"overdue": _overdue(overdue, day, PACKS), "sentences": []},
        "catalogue": _catalogue(knowledge) | {"overdue": _overdue(overdue, day, DATA)},
        "answers": answers_part(answers, knowledge.questionnaire),
        "facts": [_fact(fact) for _, fact in sorted(course.facts.items())],
        "rules": rules_part(course, knowledge),
        "firings": [trace.rule.id for trace in course.traces if trace.truth is True],
        "ledgers": ledgers_part(course, basis),
        "break_even": [plain(item) for item in course.costing.break_evens],
        "panel": panel,
        "robustness": robustness_part(firm, futures, course, knowledge)
        | _robustness(course, given, basis)
        | {"map": None},
        "counterfactuals": [],
        "verdict": verdict_part(course, given, basis, knowledge, panel) | {"triggers": []},
    }
    return Outline(data, given, basis, knowledge, course, firm)


def _by_name(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Facts whose places name the file without its folder: where it lay is no part of a decision."""
    return {name: _shortened(fact) for name, fact in facts.items()}


def _shortened(fact: Fact) -> Fact:
    place = fact.provenance.place
    if place is None:
        return fact
    short = replace(place, file=Path(place.file).name)
    return replace(fact, provenance=replace(fact.provenance, place=short))


def _with_path(findings: Iterable[Diagnostic], file: str) -> Iterator[Diagnostic]:
    """Findings about the questionnaire, with the path that its author knows."""
    for finding in findings:
        own = finding.place.file == Path(file).name
        yield replace(finding, place=replace(finding.place, file=file)) if own else finding


def _stated_day(given: Mapping[str, Fact]) -> date | None:
    stated = given["as_of"].value
    return date.fromisoformat(stated) if isinstance(stated, str) else None


def _hostwise(engine: Engine, *, allow_stale: bool) -> Json:
    running, note = engines_used(engine)
    return {
        "version": __version__,
        "record_format": RECORD_FORMAT,
        "engines": {"used": list(running), "agreed": len(running) > 1, "note": note},
        "allow_stale": allow_stale,
    }


def _overdue(entries: Iterable[Dated], day: date, kinds: tuple[str, ...]) -> list[Json]:
    """What the decision rests on that is past its review date."""
    return [
        {
            "kind": entry.kind,
            "name": entry.name,
            "as_of": entry.as_of.isoformat(),
            "review_by": entry.review_by.isoformat(),
            "too_old": entry.refused(day),
        }
        for entry in entries
        if entry.kind in kinds
    ]


def _rulebook(knowledge: Knowledge) -> Json:
    files = dict(knowledge.files)
    packs = [
        {
            "id": pack.id,
            "version": pack.version,
            "title": pack.title,
            "source": pack.source,
            "file": pack.file,
            "sha256": files.get(pack.file, ""),
            "rules": len(pack.rules),
            "as_of": pack.as_of.isoformat(),
            "review_by": pack.review_by.isoformat(),
        }
        for pack in knowledge.rulebook.packs
    ]
    return {"version": knowledge.rulebook.version, "sha256": knowledge.rulebook.sha256, "packs": packs}


def _catalogue(knowledge: Knowledge) -> Json:
    files = [{"file": file, "sha256": digest} for file, digest in _catalogue_files(knowledge)]
    packages = {name: v for name in PRICE_PACKAGES if (v := package_version(name))}
    return {"sha256": fingerprint_of_catalogue(knowledge), "files": files, "packages": packages}


def fingerprint_of_catalogue(knowledge: Knowledge) -> str:
    """SHA-256 over the names and hashes of the catalogue's files."""
    import hashlib

    lines = "".join(f"{file} {digest}\n" for file, digest in _catalogue_files(knowledge))
    return hashlib.sha256(lines.encode()).hexdigest()


def _catalogue_files(knowledge: Knowledge) -> list[tuple[str, str]]:
    return [(file, digest) for file, digest in knowledge.files if file.startswith("catalogue/")]


def _fact(fact: Fact) -> Json:
    origin = fact.provenance
    return {
        "name": fact.name,
        "label": fact.label,
        "type": fact.type.value,
        "unit": fact.unit,
        "value": plain(fact.value),
        "low": plain(fact.low),
        "high": plain(fact.high),
        "shown": shown(fact),
        "origin": origin.origin.value,
        "file": origin.place.file if origin.place else None,
        "line": origin.place.line if origin.place else None,
        "column": origin.place.column if origin.place else None,
        "key": origin.key,
        "source": origin.source,
        "formula": origin.formula,
        "inputs": list(origin.inputs),
    }


def _robustness(course: Course, given: Mapping[str, Fact], basis: Basis) -> Json:
    return {
        "near_thresholds": [plain(near) for near in near_thresholds(course, basis)],
        "one_at_a_time": [
            {
                "fact": r.fact,
                "low": {"value": plain(r.low), "verdict": r.low_verdict},
                "high": {"value": plain(r.high), "verdict": r.high_verdict},
            }
            for r in ranged_answers(given, basis)
        ],
        "cost_overlap": list(overlapping_costs(course)),
    }
