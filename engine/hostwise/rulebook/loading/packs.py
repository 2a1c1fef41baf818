"""Loading rule packs. Every finding of every pack at once, at its line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from hostwise.answers.facts import FactSpec
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.options import OPEN
from hostwise.reading.files.folders import files_under
from hostwise.reading.files.kept_document import read_kept_document
from hostwise.reading.files.yaml_file import Document, read_document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.reading.findings.suggest import nearest
from hostwise.rulebook.language.rules import HOUSE, DerivedFact, InputFact, Pack, Rulebook
from hostwise.rulebook.language.strata import Cycle, strata
from hostwise.rulebook.loading.citations import load_votes
from hostwise.rulebook.loading.declared_facts import declared_facts, declared_inputs
from hostwise.rulebook.loading.plan import load_plan
from hostwise.rulebook.loading.rule_reader import Context, RuleReader, text_at
from hostwise.rulebook.loading.turns import underived

T = TypeVar("T")

PACK_KEYS = ("pack", "version", "title", "source", "as_of", "review_by", "inputs", "facts", "rules", "about")


def load_rulebook(
    rules: Path, specs: Mapping[str, FactSpec], catalogue: Catalogue | None = None, *, extra: Sequence[Path] = ()
) -> Rulebook:
    """Load `flow/*.yaml` and `sources/s*.yaml`, and the packs `extra` from anywhere.

    `specs` are the facts that exist before any rule runs; the catalogue has the options that rules may name, their
    kinds, and the facts of the choice: without it rules may name the values of the fact `verdict`. The rules of an
    extra pack stand before those of the folder; one with the id of a pack of the folder takes its place.
    Raises `InputError` for unknown facts, types, units and options, ids used twice, cycles.
    """
    flow, sources = (files_under(rules / name, ".yaml", deep=False) for name in ("flow", "sources"))
    files = [*flow, *(file for file in sources if re.match(r"s\d", file.name))]
    documents = _replaced([read_kept_document(file) for file in files], [read_document(file) for file in extra])
    findings: list[Diagnostic] = []
    inputs: dict[str, InputFact] = {}
    declared: dict[str, DerivedFact] = {}
    for document in documents:
        for name, given in declared_inputs(document, findings):
            if name in specs and specs[name] == given.spec:
                continue  # a fact of Hostwise, named again so that the pack can be read alone
            _once(document, "inputs", name, given, specs, inputs, findings)
    known = {**specs, **{name: given.spec for name, given in inputs.items()}}
    for document in documents:
        for name, fact in declared_facts(document, PACK_KEYS, findings):
            _once(document, "facts", name, fact, known, declared, findings)
    own = {name: fact.spec for name, fact in declared.items()}
    options, kinds = (tuple(catalogue.options), catalogue.kinds) if catalogue else (_options(specs), {})
    votes = tuple(load_votes(rules))
    context = Context({**known, **own}, own, options, findings, load_plan(rules), kinds, votes)
    packs = tuple(_pack(document, rules, declared, inputs, context) for document in documents)
    if not findings:
        findings += [*_cycles(packs), *underived(packs, documents, declared)]
    if findings:
        raise InputError(findings)
    house = [pack for pack in packs if pack.source == HOUSE]
    choice = catalogue.facts.choice if catalogue else ()
    hashes = [document.sha256 for document in documents] + ([catalogue.facts.sha256] if catalogue else [])
    digest = hashlib.sha256("".join(hashes).encode()).hexdigest()
    return Rulebook(packs, max((p.version for p in house), default="none"), digest, {**known, **own}, choice, kinds)


def _replaced(documents: list[Document], extra: list[Document]) -> list[Document]:
    """The folder's packs, each replaced by the extra one of its id; the other extra ones first."""
    own = {_identity(document): document for document in extra}
    shipped = {_identity(document) for document in documents}
    first = [document for document in extra if _identity(document) not in shipped]
    return [*first, *(own.get(_identity(document), document) for document in documents)]


def _identity(document: Document) -> str:
    return str(document.data.get("pack")) if isinstance(document.data, dict) else document.file


def _once(
    document: Document,
    key: str,
    name: str,
    fact: T,
    known: Mapping[str, object],
    found: dict[str, T],
    findings: list[Diagnostic],
) -> None:
    if name in known or (name in found and found[name] != fact):
        what = "is a fact already" if name in known else "is declared elsewhere in another way"
        findings.append(document.finding((key, name), "declared-twice", f"{name} {what}", key=True))
    found.setdefault(name, fact)


def _options(specs: Mapping[str, FactSpec]) -> tuple[str, ...]:
    verdict = specs.get("verdict")
    return tuple(v for v in verdict.values if v not in OPEN) if verdict else ()


def _pack(
    document: Document,
    root: Path,
    declared: Mapping[str, DerivedFact],
    inputs: Mapping[str, InputFact],
    context: Context,
) -> Pack:
    data = document.data if isinstance(document.data, dict) else {}
    for key in data:
        if key not in PACK_KEYS:
            context.findings.append(
                document.finding((key,), "unknown-key", f"unknown key {key!r}", key=True,
                                 accepted=", ".join(PACK_KEYS), suggestion=nearest(key, PACK_KEYS))
            )  # fmt: skip
    text = {key: text_at(document, (key,), data.get(key), context) for key in ("pack", "version", "title", "source")}
    days = {key: _date(document, key, data.get(key), context) for key in ("as_of", "review_by")}
    entries = data.get("rules") or []
    if not isinstance(entries, list):
        context.findings.append(document.finding(("rules",), "not-a-list", "rules must be a list of rules"))
        entries = []
    reader = RuleReader(document, text["pack"], text["source"], context)
    rules = tuple(rule for i, entry in enumerate(entries) if (rule := reader.rule(entry, ("rules", i))) is not None)
    path = Path(document.file)
    file = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
    return Pack(text["pack"], text["version"], text["title"], text["source"], file, days["as_of"], days["review_by"],
                _named(data, "facts", declared), rules, _named(data, "inputs", inputs))  # fmt: skip


def _named(data: dict[str, Any], key: str, known: Mapping[str, T]) -> tuple[T, ...]:
    names = data.get(key)
    return tuple(known[name] for name in names if name in known) if isinstance(names, dict) else ()


def _date(document: Document, key: str, value: object, context: Context) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        context.findings.append(document.finding((key,), "not-a-date", f"{key} must be a date", accepted="2026-11-20"))
        return date.min


def _cycles(packs: tuple[Pack, ...]) -> Iterator[Diagnostic]:
    for source in dict.fromkeys(pack.source for pack in packs):
        rules = [r for p in packs if p.source == source for r in p.rules if r.stage == "derive"]
        try:
            strata(rules)
        except Cycle as problem:
            place = next(rule.place for rule in rules if rule.id == problem.rules[0])
            yield Diagnostic(place, "cycle", str(problem), accepted="facts that do not depend on themselves")
