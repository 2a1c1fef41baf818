"""What a rule may read when its turn comes: a fact that nobody derives, or that comes later, would stay unknown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.computed_facts import (
    EACH_FUTURE,
    LEFT,
    OF_CHOICE,
    OF_FUTURES,
    OF_VERDICT,
    Cheapest,
    name_for,
)
from hostwise.reading.files.yaml_file import Document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.rulebook.language.rules import HOUSE, STAGES, DerivedFact, Pack, Rule, Rulebook


def underived(
    packs: Iterable[Pack], documents: Iterable[Document], declared: Mapping[str, DerivedFact]
) -> Iterator[Diagnostic]:
    """Facts that no rule derives, that another source than theirs sets, or that only another source derives."""
    packs = tuple(packs)
    makers: dict[str, set[str]] = {name: set() for name in declared}
    for rule in (rule for pack in packs for rule in pack.rules):
        for name in rule.sets:
            makers[name].add(rule.source)
    yield from _never_derived(makers, documents)
    for pack in packs:
        own = {fact.spec.name for each in packs if each.source == pack.source for fact in each.facts}
        for rule in pack.rules:
            yield from _elsewhere(rule, own, makers)


def _never_derived(makers: Mapping[str, set[str]], documents: Iterable[Document]) -> Iterator[Diagnostic]:
    for document in documents:
        for name in document.data.get("facts") or {}:
            if not makers[name]:
                message = f"{name} is declared, and no rule derives it"
                accepted = "a rule that sets it, or inputs: where it is given"
                yield document.finding(("facts", name), "never-derived", message, key=True, accepted=accepted)


def _elsewhere(rule: Rule, own: set[str], makers: Mapping[str, set[str]]) -> Iterator[Diagnostic]:
    for name in rule.sets:
        if name not in own:
            message = f"{rule.id} sets {name}, and no pack of the source {rule.source} declares it"
            yield Diagnostic(rule.place, "declared-elsewhere", message, accepted="a fact that its own source declares")
    for name in rule.reads:
        if makers.get(name) and not makers[name] & {rule.source, HOUSE}:
            message = f"{rule.id} reads {name}, and only rules of {', '.join(sorted(makers[name]))} derive it"
            accepted = "a fact of the house or of its own source"
            yield Diagnostic(rule.place, "derived-elsewhere", message, accepted=accepted)


def refuse_early(rulebook: Rulebook, catalogue: Catalogue) -> None:
    """Raise `InputError` where the rules have no order in which each fact is known before it is read."""
    findings = list(read_early(rulebook, catalogue))
    if findings:
        raise InputError(findings)


def read_early(rulebook: Rulebook, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Rules of the house that read what a later stage makes: they wait for ever."""
    stages = _first_stage(catalogue)
    for rule in (rule for rule in rulebook.rules if rule.source == HOUSE):
        for name in rule.reads:
            first = stages.get(name, STAGES[0])
            if STAGES.index(rule.stage) < STAGES.index(first):
                message = f"{rule.id} reads {name} in the stage {rule.stage}, before it is known"
                accepted = f"the stage {first}, or one after it"
                yield Diagnostic(rule.place, "too-early", message, found=rule.stage, accepted=accepted)


def _first_stage(catalogue: Catalogue) -> Mapping[str, str]:
    """The first stage that can read a fact made on the way: what the gates left, the verdict, and its futures."""
    found = {name_for(LEFT, option): "choose" for option in catalogue.options}
    for entry in catalogue.facts.choice:
        names = [f"{entry.name}.option", f"{entry.name}.monthly"] if isinstance(entry, Cheapest) else [entry.name]
        found |= dict.fromkeys(names, "choose")
    found |= {name_for(name, option): "confirm" for name in EACH_FUTURE for option in catalogue.options}
    return found | dict.fromkeys((*OF_CHOICE, *OF_FUTURES), "confirm") | dict.fromkeys(OF_VERDICT, "advise")
