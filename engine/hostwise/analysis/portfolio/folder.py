"""A folder of questionnaires as cases: every YAML file in it, each checked as by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from hostwise.answers.as_read import conversion
from hostwise.answers.doubtful import answer_doubts
from hostwise.answers.facts import Fact
from hostwise.answers.files.answer import Answer, Answers
from hostwise.answers.files.days import RATES
from hostwise.answers.files.load import load_answers_document
from hostwise.answers.files.no_volume import nothing_to_serve
from hostwise.answers.questions.questions import Questionnaire
from hostwise.answers.to_facts import answer_facts
from hostwise.batch.cases import Places, Population, distinct, population, spread
from hostwise.economics.numbers.currency import BASE
from hostwise.reading.files.yaml_file import read_document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place

SUFFIXES = (".yaml", ".yml")


class FolderWindow(Struct, frozen=True, eq=False):
    """Some questionnaires that follow one another by name; those that are not valid have findings and no facts."""

    paths: Sequence[Path]
    names: Sequence[str]
    findings: Mapping[int, tuple[Diagnostic, ...]]
    doubts: Mapping[int, tuple[Diagnostic, ...]]
    converted: Mapping[int, tuple[Diagnostic, ...]]
    rates: tuple[tuple[Answer | None, ...], Places]
    given: Sequence[Mapping[str, Fact]]
    read: float

    @property
    def extra(self) -> Sequence[Sequence[str]]:
        """No columns: a folder is no table."""
        return ()

    @property
    def lines(self) -> Sequence[int]:
        """No lines: each is a file."""
        return ()

    @property
    def size(self) -> int:
        """How many questionnaires there are."""
        return len(self.paths)

    def id_of(self, row: int) -> str:
        """The path of a questionnaire."""
        return str(self.paths[row])

    @property
    def currencies(self) -> tuple[tuple[str, ...], Places]:
        """The reporting currencies, and which of them each questionnaire has."""
        return distinct([self._word(case, "currency") or BASE for case in range(self.size)])

    @property
    def days(self) -> tuple[tuple[date | None, ...], Places]:
        """The days that the questionnaires state, and which of them each has."""
        words, which = distinct([self._word(case, "as_of") for case in range(self.size)])
        return tuple(date.fromisoformat(word) if word else None for word in words), which

    def _word(self, case: int, name: str) -> str:
        fact = self.given[case].get(name)
        return str(fact.value) if fact is not None and fact.known else ""

    def population(self, cases: Places) -> Population:
        """The facts of some questionnaires, all of them without findings."""
        return population([self.given[case] for case in cases])

    def facts(self, case: int) -> dict[str, Fact]:
        """The facts of one questionnaire, each at its own place."""
        return dict(self.given[case])

    def words(self, cases: Places, names: frozenset[str]) -> list[NDArray[np.int32]]:
        """What parts questionnaires from one another, of some facts."""
        columns = [spread([self.given[case].get(name) for case in cases]) for name in sorted(names)]
        return [column.which.astype(np.int32) for column in columns if len(column.prototypes) > 1]


def questionnaires_in(folder: Path) -> list[Path]:
    """The questionnaires of a folder by name, not those of folders in it. Raises `InputError` where there are none."""
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and not path.is_dir())
    except OSError as problem:
        message = f"cannot read it: {problem.strerror or problem}"
        raise InputError([Diagnostic(Place(str(folder)), "unreadable", message)]) from None
    if not found:
        message = "there is no questionnaire in this folder"
        raise InputError([Diagnostic(Place(str(folder)), "no-questionnaire", message, accepted="*.yaml or *.yml")])
    return found


def folder_windows(folder: Path, questionnaire: Questionnaire, size: int) -> Iterator[FolderWindow]:
    """The questionnaires of a folder, `size` at a time."""
    paths = questionnaires_in(folder)
    for start in range(0, len(paths), size):
        part = paths[start : start + size]
        found = [_read(path, questionnaire) for path in part]
        yield FolderWindow(
            part,
            [each.values["workload.name"].value if isinstance(each, Answers) else "" for each in found],
            {case: each for case, each in enumerate(found) if not isinstance(each, Answers)},
            {case: doubts for case, each in enumerate(found) if (doubts := _doubts(each, questionnaire))},
            {case: notes for case, each in enumerate(found) if (notes := _converted(each, questionnaire))},
            (tuple(map(_rates, found)), np.arange(len(found))),
            [answer_facts(each, questionnaire) if isinstance(each, Answers) else {} for each in found],
            (start + len(part)) / len(paths),
        )


def _doubts(found: Answers | tuple[Diagnostic, ...], questionnaire: Questionnaire) -> tuple[Diagnostic, ...]:
    return tuple(answer_doubts(found.values, questionnaire)) if isinstance(found, Answers) else ()


def _converted(found: Answers | tuple[Diagnostic, ...], questionnaire: Questionnaire) -> tuple[Diagnostic, ...]:
    answers = found.values.items() if isinstance(found, Answers) else ()
    return tuple(note for key, each in answers if (note := conversion(each, questionnaire.by_key[key])))


def _rates(found: Answers | tuple[Diagnostic, ...]) -> Answer | None:
    return found.values.get(RATES) if isinstance(found, Answers) else None


def _read(path: Path, questionnaire: Questionnaire) -> Answers | tuple[Diagnostic, ...]:
    try:
        answers = load_answers_document(read_document(path), questionnaire)
        return nothing_to_serve(answers.values, questionnaire.contradictions.volumes) or answers
    except InputError as problem:
        return problem.diagnostics
