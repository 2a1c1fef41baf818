"""Every number read as it was meant, however it is spelled: on the path of single files and on that of tables."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from tests.answers.spellings import Spelling, not_said, refused, said, spellings

from hostwise.answers.facts import SCALES, FactType, fixed
from hostwise.answers.files.answer import Answer
from hostwise.answers.files.load import load_answers_document
from hostwise.answers.files.values import Refused, read_answer
from hostwise.answers.questions.load_questions import load_questions
from hostwise.answers.questions.questions import Question
from hostwise.answers.tables.checked_rows import batch, cells_of, columns_of
from hostwise.answers.tables.csv_file import csv_table
from hostwise.reading.files.folders import rules_dir
from hostwise.reading.files.yaml_file import read_document
from hostwise.reading.files.yaml_scalars import Unusable, scalar
from hostwise.reading.findings.diagnostics import Place

QUESTIONS = [question for question in load_questions(rules_dir()).questions if question.numeric]
WORDS = [q for q in load_questions(rules_dir()).questions if q.type in ("boolean", "enum", "date", "set")]
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
LEAST = 20_000
OTHER_DIGITS = {digit: "0123456789".replace(digit, "")[:3] for digit in "0123456789"}
OTHER_SIGNS = {
    "k": "MB",
    "M": "kBm",
    "B": "kM",
    "T": "M",
    "%": "k",
    "$": "€£",
    "£": "$€",
    "€": "$",
    "h": "d",
    "s": "m",
    ".": "0",
    "/": "x",
}


def within(spelling: Spelling, question: Question) -> bool:
    """Whether the bounds of the question take it."""
    assert question.min is not None and question.max is not None
    return question.min <= spelling.low and spelling.high <= question.max


def read(question: Question, text: str) -> Answer:
    """A text as it is read after its key; raises what the reader refuses with."""
    stripped = text.strip()
    return read_answer(question, scalar(stripped), lambda *part: None if part else stripped, Place("f"))


def beside(question: Question) -> dict[str, str]:
    """What an answer cannot stand without: GPUs that are there are those of a kind."""
    return {"self_host.gpu": "H100"} if question.ask_when.get("self_host.gpu") == "given" else {}


def accepted(question: Question) -> list[Spelling]:
    return _accepted(question.key)


@cache
def _accepted(key: str) -> list[Spelling]:
    question = load_questions(rules_dir()).by_key[key]
    return [spelling for spelling in spellings(question) if within(spelling, question)]


def ends(answer: Answer, question: Question) -> tuple[Decimal, Decimal, str | None]:
    kind = FactType(question.type)
    low, high = answer.ends
    return fixed(low, kind), fixed(high, kind), answer.currency


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_every_spelling_of_a_value_is_that_value(question: Question) -> None:
    kind = FactType(question.type)
    for spelling in accepted(question):
        answer = read(question, spelling.text)
        meant = fixed(spelling.low, kind), fixed(spelling.high, kind), spelling.currency
        assert ends(answer, question) == meant, spelling.text


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_a_column_of_spellings_holds_the_same_values(question: Question, tmp_path: Path) -> None:
    every = accepted(question)
    kind = FactType(question.type)
    table = tmp_path / "t.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        more = beside(question)
        heads = ("workload.name", question.key, *more)
        csv.writer(file).writerows([heads, *(("x", each.text, *more.values()) for each in every)])
    questionnaire = load_questions(rules_dir())
    read_table = csv_table(table, frozenset(questionnaire.by_key), "point")
    columns = columns_of(read_table, questionnaire)
    cells = cells_of(read_table, columns, questionnaire)
    found: list[tuple[Decimal, Decimal, str | None]] = []
    for block in read_table.blocks():
        checked = batch(block, read_table, columns, cells, questionnaire)
        assert not checked.findings, next(iter(checked.findings.values()))
        column = checked.given[question.key]
        for row, which in enumerate(column.which.tolist()):
            answer = cells[question.key].kinds[which]
            assert answer is not None
            value, low, high = (
                Decimal(repr(float(column.numbers[end][row]))).scaleb(-SCALES[kind])
                if end in column.numbers
                else Decimal(0)
                for end in ("value", "low", "high")
            )
            ranged = answer.low is not None
            found.append((low if ranged else value, high if ranged else value, answer.currency))
    assert found == [(fixed(each.low, kind), fixed(each.high, kind), each.currency) for each in every]


def test_there_are_enough_of_them() -> None:
    assert sum(len(accepted(question)) for question in QUESTIONS) >= LEAST
    assert all(len(accepted(question)) >= 10 for question in QUESTIONS)
    assert all(len(set(refused(question))) >= 30 for question in QUESTIONS)
    assert all(len(said(question)) >= 10 and len(set(not_said(question))) >= 30 for question in WORDS)


@pytest.mark.parametrize("question", WORDS, ids=lambda question: question.key)
def test_every_spelling_of_a_word_is_that_word(question: Question) -> None:
    for text, meant in said(question).items():
        found = read(question, text) if question.type != "set" else listed(question, text)
        assert found.value == meant, text


def listed(question: Question, text: str) -> Answer:
    words = [word.strip() for word in text.replace(",", ";").split(";")]
    return read_answer(question, words, lambda *part: None if part else text, Place("f"))


@pytest.mark.parametrize("question", WORDS, ids=lambda question: question.key)
def test_a_column_of_words_holds_the_same(question: Question, tmp_path: Path) -> None:
    table, every = tmp_path / "t.csv", said(question)
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("workload.name", question.key), *(("x", text) for text in every)])
    questionnaire = load_questions(rules_dir())
    read_table = csv_table(table, frozenset(questionnaire.by_key), "point")
    columns = columns_of(read_table, questionnaire)
    cells = cells_of(read_table, columns, questionnaire)
    found: list[object] = []
    for block in read_table.blocks():
        checked = batch(block, read_table, columns, cells, questionnaire)
        assert not checked.findings, next(iter(checked.findings.values()))
        answers = (cells[question.key].kinds[which] for which in checked.given[question.key].which.tolist())
        found += [answer.value for answer in answers if answer is not None]
    assert found == list(every.values())


NONE = [*((question, refused) for question in QUESTIONS), *((question, not_said) for question in WORDS)]
"""Questions of numbers and of words, each with what writes what is no answer to it."""


@pytest.mark.parametrize(("question", "wrong"), NONE, ids=[question.key for question, _ in NONE])
def test_what_is_no_answer_is_refused_with_what_is(
    question: Question, wrong: Callable[[Question], Iterable[str]]
) -> None:
    for text in wrong(question):
        with pytest.raises((Refused, Unusable)) as problem:
            read(question, text)
        assert problem.value.more.get("accepted"), text


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_one_spelling_in_many_is_read_so_in_a_whole_file(question: Question) -> None:
    questionnaire = load_questions(rules_dir())
    every = accepted(question)
    for spelling in every[:: max(1, len(every) // 12)]:
        quoted = '"' + spelling.text + '"'
        more = "".join(f", {key.partition('.')[2]}: {value}" for key, value in beside(question).items())
        text = f"workload: {{name: x}}\n{question.section}: {{{question.name}: {quoted}{more}}}\n"
        answers = load_answers_document(read_document(Path("f.yaml"), data=text.encode()), questionnaire)
        kind = FactType(question.type)
        meant = fixed(spelling.low, kind), fixed(spelling.high, kind), spelling.currency
        assert ends(answers.values[question.key], question) == meant, spelling.text


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_one_digit_or_sign_of_an_example_changed_changes_what_is_read(example: Path) -> None:
    questionnaire = load_questions(rules_dir())
    answers = load_answers_document(read_document(example), questionnaire).values
    for key, answer in answers.items():
        question = questionnaire.by_key[key]
        if answer.unknown or question.type in ("rates", "set"):
            continue
        for text in _changed(answer.written):
            try:
                other = read(question, text)
            except (Refused, Unusable):
                continue
            same = (other.value, other.low, other.high, other.currency)
            assert same != (answer.value, answer.low, answer.high, answer.currency), (
                f"{key}: {answer.written} and {text}"
            )


def _changed(text: str) -> list[str]:
    """The text with one character another."""
    return [
        text[:place] + other + text[place + 1 :]
        for place, character in enumerate(text)
        for other in OTHER_DIGITS.get(character, "") + OTHER_SIGNS.get(character, "")
    ]
