"""Reading and checking what a decision rests on: every file under `rules/`, and what is added to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from hostwise.answers.facts import FactSpec
from hostwise.answers.questions.load_questions import load_questions
from hostwise.answers.questions.questions import Questionnaire
from hostwise.answers.to_facts import fact_specs
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.loading.load_catalogue import load_catalogue
from hostwise.economics.cost_facts import economics_specs
from hostwise.economics.prices.additions import with_additions
from hostwise.flow.choice_facts import choice_specs
from hostwise.flow.known import Knowledge
from hostwise.reading.files.folders import files_under
from hostwise.reading.files.kept_document import read_kept_document
from hostwise.reading.files.regular import read_regular
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.reading.numbers.fact_types import FactType
from hostwise.rulebook.loading.packs import load_rulebook

TESTS = "tests"
"""The folder of golden cases in a rules folder: an installed copy has the shipped ones there."""
READ = (".yaml", ".csv")
"""What of a rules folder is read: rules, figures and texts, and the table of measured throughput."""


def read_knowledge(root: Path, packs: tuple[Path, ...] = (), additions: tuple[Path, ...] = ()) -> Knowledge:
    """What `load_knowledge` loads, read from its files."""
    questionnaire = load_questions(root)
    catalogue = with_additions(load_catalogue(root), additions, root)
    specs = known_specs(questionnaire, catalogue)
    if wrong := [*_spreads(root, questionnaire, specs), *_asked(root, catalogue, specs)]:
        raise InputError(wrong)
    rulebook = load_rulebook(root, specs, catalogue, extra=packs)
    return Knowledge(root, questionnaire, catalogue, rulebook, (*fingerprints(root), *map(_addition, additions)))


def _spreads(root: Path, questionnaire: Questionnaire, specs: Mapping[str, FactSpec]) -> Iterator[Diagnostic]:
    """Spreads that hold only where a fact does which does not exist, or is no yes or no."""
    document = read_kept_document(root / "questions.yaml")
    for index, question in enumerate(questionnaire.questions):
        name = question.spread.only_where if question.spread else ""
        if name and (name not in specs or specs[name].type is not FactType.BOOLEAN):
            path = ("questions", index, "spread", "only_where")
            yield document.finding(path, "unknown-fact", f"no fact {name!r} is a yes or no", found=name)


def _asked(root: Path, catalogue: Catalogue, specs: Mapping[str, FactSpec]) -> Iterator[Diagnostic]:
    """Bands without a figure that name a fact nobody is asked for."""
    document = read_kept_document(root / "catalogue" / "bands.yaml")
    for name, band in catalogue.bands.items():
        if band.asks and band.asks not in specs:
            path = ("bands", name, "asks")
            yield document.finding(path, "unknown-fact", f"no question gives a fact {band.asks!r}", found=band.asks)


def known_specs(questionnaire: Questionnaire, catalogue: Catalogue) -> Mapping[str, FactSpec]:
    """Every fact that exists before the rules add theirs."""
    return {
        **fact_specs(questionnaire),
        **economics_specs(catalogue),
        **choice_specs(catalogue),
    }


def _addition(file: Path) -> tuple[str, str]:
    return f"catalogue/added/{file.name}", hashlib.sha256(read_regular(file)).hexdigest()


def fingerprints(root: Path) -> tuple[tuple[str, str], ...]:
    """File name under `rules/` and SHA-256 of each file that can move a decision, by name; no golden case can."""
    files = [path for path in files_under(root) if path.suffix in READ and path.relative_to(root).parts[0] != TESTS]
    return tuple((p.relative_to(root).as_posix(), hashlib.sha256(p.read_bytes()).hexdigest()) for p in files)
