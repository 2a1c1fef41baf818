"""The interview: what a person means by what they type, whether it is an answer, and how it gets into the file.

The file is the only state. Every answer is written at once, and taking the interview up again means reading the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from hostwise.answers.files.answer import Answer
from hostwise.answers.files.load import load_answers_document, partial_answers
from hostwise.answers.questions.put_answer import with_answer
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.reading.files.beside import write_beside
from hostwise.reading.files.yaml_file import read_document, text_of
from hostwise.reading.findings.diagnostics import Diagnostic, InputError

UNKNOWN = "unknown"


def relevant(question: Question, answers: Mapping[str, Answer]) -> bool:
    """Whether earlier answers leave the question worth asking."""
    for key, wanted in question.ask_when.items():
        answer = answers.get(key)
        if wanted in ("given", "not-given"):
            if (answer is None or answer.unknown) is (wanted == "given"):
                return False
        elif answer is None or answer.value not in wanted:
            return False
    return True


def understood(question: Question, typed: str) -> str:
    """What was typed, as the file has it: `y`, the number of a choice and the beginning of one stand for it.

    Anything else is returned as it is, for `check_one` to judge.
    """
    words = spellings(question)
    if not words:
        return typed
    if question.type != "set":
        return _one_of(words, typed)
    parts = [part for part in re.split(r"[\s,;]+", typed.strip("[] ")) if part]
    chosen = [_one_of(words, part) for part in parts]
    return chosen[0] if chosen == [UNKNOWN] else f"[{', '.join(chosen)}]"


def spellings(question: Question) -> tuple[str, ...]:
    """The words that a question takes, in the order in which they are numbered; none for numbers and text."""
    return ("yes", "no") if question.type == "boolean" else question.value_names


def _one_of(words: Sequence[str], typed: str) -> str:
    wanted = typed.strip().casefold()
    if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted) <= len(words):
        return words[int(wanted) - 1]
    if wanted in words:
        return wanted
    begun = [word for word in words if wanted and word.startswith(wanted)]
    return begun[0] if len(begun) == 1 else typed


def check_one(question: Question, text: str, questionnaire: Questionnaire) -> tuple[Diagnostic, ...]:
    """What is wrong with one answer as the file would have it; empty when nothing is."""
    # A questionnaire that holds this answer, and the name that every one needs.
    document = with_answer("workload:\n  name: x\n", question, text, questionnaire)
    try:
        load_answers_document(read_document(Path("answer"), data=document.encode()), questionnaire)
    except InputError as problem:
        return problem.diagnostics
    return ()


def text_so_far(path: Path) -> str | None:
    """The text of the file; None where there is none yet. Raises `InputError` where it cannot be read."""
    return text_of(path) if path.exists() else None


def write_whole(path: Path, text: str | None) -> None:
    """Write the file whole or not at all; None takes it away. Raises `InputError` where that cannot be."""
    if text is None:
        path.unlink(missing_ok=True)
    else:
        write_beside(path, text.encode("utf-8"))


def answers_so_far(path: Path, questionnaire: Questionnaire) -> Mapping[str, Answer]:
    """The answers in the file; none when it is not there yet. Raises `InputError` for wrong ones."""
    return partial_answers(read_document(path), questionnaire) if path.exists() else {}
