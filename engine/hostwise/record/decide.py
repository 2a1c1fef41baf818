"""The public doors: load a questionnaire, decide, read a record back.

answers = load_answers("workload.yaml")
record = decide(answers)
record.verdict.option             # 'open-model-provider'
record.json                       # the whole record; `record.id` is its SHA-256
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hostwise.answers.files.answer import Answers
    from hostwise.record.build import Outline
    from hostwise.record.format.record import Record


def load_answers(path: str | Path, rules: str | Path | None = None) -> Answers:
    """Read and check a questionnaire.

    Raises `InputError` with every finding (file, line, column, found, accepted) when it is not valid.
    """
    from hostwise.reading.files.yaml_file import read_document

    return _answers(read_document(Path(path)), rules)


def answers_from_text(text: str, file: str, rules: str | Path | None = None) -> Answers:
    """The same for a questionnaire already in memory; `file` is its name in messages."""
    from hostwise.reading.files.yaml_file import read_document

    return _answers(read_document(Path(file), data=text.encode("utf-8")), rules)


def answers_within(record: Record, rules: str | Path | None = None, path: Path | None = None) -> Answers:
    """The answers that a record carries; `path` is where it lies, if that is known.

    Raises `InputError` where they are none with these rules: it says so first, as nobody who reads it has that file.
    """
    return answers_carried(record.answers.text, record.answers.file, rules, path)


def answers_carried(text: str, file: str, rules: str | Path | None = None, path: Path | None = None) -> Answers:
    """The same of the questionnaire that a record or a log carries as text."""
    from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place

    try:
        return answers_from_text(text, file, rules=rules)
    except InputError as problem:
        first = problem.diagnostics[0]
        message = (
            "the questionnaire that it carries is none by the rules used here. If it was decided with others, name "
            f"their folder, --rules DIR (of diff, --rules-old and --rules-new). Line {first.place.line} of it: "
            f"{first.message}"
        )
        raise InputError(
            [Diagnostic(Place(str(path or file)), "other-rules", message, first.found, first.accepted)]
        ) from None


def decide(
    answers: Answers,
    *,
    as_of: date | None = None,
    engine: str = "both",
    rules: str | Path | None = None,
    allow_stale: bool = False,
    additions: Sequence[Path] = (),
) -> Record:
    """Decide. The record is a pure function of answers, rulebook, catalogue and `as_of`.

    `as_of` defaults to `workload.as_of`, else to the day of the rulebook. `engine` is `both` (the
    default: every rule runs on durable-rules and on the reference evaluator, and a difference raises
    `EnginesDisagree`), `durable` or `reference`. Knowledge past its second limit (`rules/freshness.yaml`) raises
    `OutOfDate`, unless `allow_stale` is set; the record then says so. `additions` are files of
    entries for the catalogue and snapshots of prices, which the record names with their hashes.
    """
    from hostwise.record.build import whole_record

    return whole_record(_outlined(answers, as_of, engine, rules, allow_stale=allow_stale, additions=additions))


def first_answer(
    answers: Answers,
    *,
    as_of: date | None = None,
    engine: str = "both",
    rules: str | Path | None = None,
    allow_stale: bool = False,
    additions: Sequence[Path] = (),
) -> Record:
    """Decide as far as a first answer needs: no id, counterfactuals, triggers, tornado, map, nor list of sentences.

    Of the rules it has the gates. It takes half the time of `decide`, whose arguments and errors it has.
    """
    from hostwise.record.build import first_record

    return first_record(_outlined(answers, as_of, engine, rules, allow_stale=allow_stale, additions=additions))


def _outlined(
    answers: Answers,
    as_of: date | None,
    engine: str,
    rules: str | Path | None,
    *,
    allow_stale: bool,
    additions: Sequence[Path],
) -> Outline:
    from hostwise.flow.knowledge import load_knowledge
    from hostwise.record.build import outline

    knowledge = load_knowledge(Path(rules) if rules else None, additions=tuple(additions))
    return outline(answers, knowledge, as_of, engine, allow_stale=allow_stale)


def read_record(path: str | Path) -> Record:
    """Read a record file, or the record attached to a PDF report.

    Raises `InputError` when there is none, when it has not the shape of one, or when it was changed after it was
    written.
    """
    from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
    from hostwise.record.canonical import identity
    from hostwise.record.file import read_record_file

    record = read_record_file(Path(path))
    computed = identity(record)
    if record.id != computed:
        message = "the record was changed after it was written: its id is not the hash of its content"
        accepted = f"a record as it was written; the hash of this content is {computed}"
        raise InputError([Diagnostic(Place(str(path)), "changed-record", message, record.id, accepted)])
    return record


def _answers(document: Any, rules: str | Path | None) -> Answers:
    from hostwise.answers.files.load import load_answers_document
    from hostwise.answers.questions.load_questions import load_questions
    from hostwise.reading.files.folders import rules_dir

    return load_answers_document(document, load_questions(rules_dir(Path(rules) if rules else None)))
