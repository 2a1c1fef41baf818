"""The public doors: load a questionnaire, decide, read a record back.

answers = load_answers("workload.yaml")
record = decide(answers)
record.verdict["option"]          # 'open-model-provider'
record.json                       # the whole record; `record.id` is its SHA-256
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from hostwise.answers.load import Answers
    from hostwise.decision.record import Outline


class Record(Struct, frozen=True):
    """A decision and all it rests on. `data` is JSON as Python values; decimals are strings."""

    data: dict[str, Any]

    @property
    def id(self) -> str:
        """The decision's id: SHA-256 of the record's canonical form (RFC 8785) without the id."""
        return str(self.data["id"])

    @property
    def json(self) -> str:
        """The record as indented JSON, keys in the order of the record format."""
        from hostwise.decision.canonical import as_text

        return as_text(self.data)

    @property
    def verdict(self) -> dict[str, Any]:
        """The verdict: status, option, reasons, conditions, risks, next steps, revisit, needs."""
        return dict(self.data["verdict"])


def load_answers(path: str | Path, rules: str | Path | None = None) -> Answers:
    """Read and check a questionnaire.

    Raises `InputError` with every finding (file, line, column, found, accepted) when it is not valid.
    """
    from hostwise.reading.document import read_document

    return _answers(read_document(Path(path)), rules)


def answers_from_text(text: str, file: str, rules: str | Path | None = None) -> Answers:
    """The same for a questionnaire already in memory; `file` is its name in messages."""
    from hostwise.reading.document import read_document

    return _answers(read_document(Path(file), data=text.encode("utf-8")), rules)


def decide(
    answers: Answers,
    *,
    as_of: date | None = None,
    engine: str = "both",
    rules: str | Path | None = None,
    allow_stale: bool = False,
) -> Record:
    """Decide. The record is a pure function of answers, rulebook, catalogue and `as_of`.

    `as_of` defaults to `workload.as_of`, else to the day of the rulebook. `engine` is `both` (the
    default: every rule runs on durable-rules and on the reference evaluator, and a difference raises
    `EnginesDisagree`), `durable` or `reference`. Knowledge past its second limit (`rules/freshness.yaml`) raises
    `OutOfDate`, unless `allow_stale` is set; the record then says so.
    """
    from hostwise.decision.whole_record import completed

    return Record(completed(_outlined(answers, as_of, engine, rules, allow_stale=allow_stale)))


def first_answer(
    answers: Answers,
    *,
    as_of: date | None = None,
    engine: str = "both",
    rules: str | Path | None = None,
    allow_stale: bool = False,
) -> Mapping[str, Any]:
    """Decide as far as a first answer needs: the record without its id, counterfactuals, triggers, tornado and map.

    It takes half the time of `decide`, whose arguments and errors it has.
    """
    return _outlined(answers, as_of, engine, rules, allow_stale=allow_stale).data


def _outlined(
    answers: Answers, as_of: date | None, engine: str, rules: str | Path | None, *, allow_stale: bool
) -> Outline:
    from hostwise.decision.basis import load_knowledge
    from hostwise.decision.record import outline

    knowledge = load_knowledge(Path(rules) if rules else None)
    return outline(answers, knowledge, as_of, engine, allow_stale=allow_stale)


def read_record(path: str | Path) -> Record:
    """Read a record file, or the record attached to a PDF report.

    Raises `InputError` when there is none, or when it was changed after it was written.
    """
    from hostwise.decision.canonical import identity
    from hostwise.decision.recordfile import read_record_data
    from hostwise.reading.diagnostics import Diagnostic, InputError, Place

    data = read_record_data(Path(path))
    if data["id"] != identity(data):
        raise InputError(
            [
                Diagnostic(
                    Place(str(path)),
                    "changed-record",
                    "the record was changed after it was written: its id is not the hash of its content",
                    found=str(data["id"]),
                    accepted=identity(data),
                )
            ]
        )
    return Record(data)


def _answers(document: Any, rules: str | Path | None) -> Answers:
    from hostwise.answers.load import load_answers_document
    from hostwise.answers.questions import load_questions
    from hostwise.reading.resources import rules_dir

    return load_answers_document(document, load_questions(rules_dir(Path(rules) if rules else None)))
