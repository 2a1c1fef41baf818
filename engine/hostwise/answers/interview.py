"""The interview: which question comes next, and how an answer gets into the file.

The file is the only state. Every answer is written at once, comments are kept, and taking the
interview up again means reading the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from hostwise.answers.files.answer import Answer
from hostwise.answers.files.load import load_answers_document, partial_answers
from hostwise.answers.questions.blank_file import MODELINE, SCHEMA_FILE
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.reading.files.beside import write_beside
from hostwise.reading.files.yaml_file import read_document, text_of
from hostwise.reading.findings.diagnostics import Diagnostic, InputError


def relevant(question: Question, answers: Mapping[str, Answer]) -> bool:
    """Whether earlier answers leave the question worth asking."""
    for key, wanted in question.ask_when.items():
        answer = answers.get(key)
        if wanted == "given":
            if answer is None or answer.unknown:
                return False
        elif answer is None or answer.value not in wanted:
            return False
    return True


def open_questions(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> Iterator[Question]:
    """The questions still to ask, gates first: they can decide the case alone."""
    waiting = [q for q in questionnaire.questions if q.key not in answers and relevant(q, answers)]
    yield from sorted(waiting, key=lambda q: (not q.required, not q.must_be_answered))


def check_one(question: Question, text: str, questionnaire: Questionnaire) -> tuple[Diagnostic, ...]:
    """What is wrong with one answer as typed; empty when nothing is."""
    import yaml

    try:
        yaml.safe_load(text)
    except yaml.YAMLError:
        text = f'"{text}"'
    # A questionnaire that holds this answer, and the name that every one needs.
    sections = {"workload": "" if question.key == "workload.name" else "  name: x\n"}
    sections[question.section] = sections.get(question.section, "") + f"  {question.name}: {text}\n"
    document = "".join(f"{section}:\n{lines}" for section, lines in sections.items())
    try:
        load_answers_document(read_document(Path("answer"), data=document.encode()), questionnaire)
    except InputError as problem:
        return problem.diagnostics
    return ()


def write_answer(path: Path, question: Question, text: str) -> None:
    """Put one answer into the file, in its section, keeping comments and order."""
    from ruamel.yaml.comments import CommentedMap

    def put(data: Any) -> None:
        section = data.get(question.section)
        if not isinstance(section, CommentedMap):
            data[question.section] = section = CommentedMap()
        section[question.name] = _node(text, question)

    _edit(path, put)


def remove_answer(path: Path, question: Question) -> None:
    """Take one answer out of the file again."""

    def take(data: Any) -> None:
        section = data.get(question.section) or {}
        section.pop(question.name, None)

    _edit(path, take)


def _edit(path: Path, change: Callable[[Any], None]) -> None:
    """Change the file's data, comments and order kept; written beside and moved over, so never half."""
    import io

    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    old = text_of(path) if path.exists() else MODELINE.format(schema=SCHEMA_FILE) + "\n"
    data = yaml.load(old)
    # A file of comments alone has no mapping to hang them on: they go in front as they stand.
    header = "" if isinstance(data, CommentedMap) else old
    data = data if isinstance(data, CommentedMap) else CommentedMap()
    change(data)
    out = io.StringIO()
    yaml.dump(data, out)
    write_beside(path, (header + out.getvalue()).encode("utf-8"))


def _node(text: str, question: Question) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    if question.type == "text":
        return DoubleQuotedScalarString(text) if any(c in text for c in ":#{}[]&*!|>'\"%@`,") else text
    if question.numeric and not text.startswith("{"):
        return _plain_scalar(text)
    try:
        return YAML().load(text)
    except YAMLError:
        return DoubleQuotedScalarString(text)


def _plain_scalar(text: str) -> Any:
    """A number as typed: `30_000_000` and `60%` must not be rewritten."""
    from ruamel.yaml.scalarstring import PlainScalarString

    return PlainScalarString(text)


def answers_so_far(path: Path, questionnaire: Questionnaire) -> Mapping[str, Answer]:
    """The answers in the file; none when it is not there yet. Raises `InputError` for wrong ones."""
    return partial_answers(read_document(path), questionnaire) if path.exists() else {}
