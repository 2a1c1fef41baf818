"""The conversation: what is asked next, what a person types, and what becomes of it.

The file is the only state that outlives it: every answer is written at once, so that nothing is lost when the person,
the terminal or the machine goes away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from hostwise.analysis.futures.interview_status import Standing, standing
from hostwise.answers.files.answer import Answer
from hostwise.answers.files.load import load_answers_document
from hostwise.answers.files.values import BASE
from hostwise.answers.interview import UNKNOWN, answers_so_far, check_one, text_so_far, understood, write_whole
from hostwise.answers.plausible import NOT_USED
from hostwise.answers.questions.put_answer import NEW, with_answer
from hostwise.answers.questions.questions import Question
from hostwise.cli.shared.page import Page
from hostwise.cli.start.bill import ABOUT_TODAY, MODEL, Names, Said, currency_of, lacks_a_time, read_bill
from hostwise.cli.start.next_question import asked_first, in_other_words, next_question
from hostwise.flow.knowledge import Knowledge, load_knowledge
from hostwise.reading.files.yaml_file import read_document
from hostwise.reading.findings.diagnostics import InputError
from hostwise.report.terminal.interview import Interview

SKIP, BACK, QUIT, EXPLAIN = ("skip", ""), ("back",), ("quit", "exit"), ("?", "help")
INTERRUPTED = 130
RATES = "economics.exchange_rates"
TWO_WAYS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}\.\d{3}(?![\d.,])")


class Stop(Exception):
    """The person wants no more questions, or is gone."""


class Turn(Struct, frozen=True):
    """What `back` goes back to: the text of the file, None where there was none, and what was passed over."""

    text: str | None
    passed: frozenset[str]


def converse(file: Path, bill: str | None, rules: Path | None, on: Page) -> int:
    """Ask until nothing open could change the verdict, or the person stops; the exit code.

    Raises `InputError` where the file holds wrong answers, or cannot be written.
    """
    knowledge = load_knowledge(rules)
    talk = Talk(file, knowledge, Interview(on["width"], on["colour"], on["language"], knowledge))
    code = 0
    try:
        talk.begin(bill)
        talk.ask_on()
    except (Stop, EOFError):
        talk.page.stopped(file)
    except KeyboardInterrupt:
        talk.page.stopped(file)
        code = INTERRUPTED
    return code


class Talk:
    """One conversation about one file."""

    def __init__(self, file: Path, knowledge: Knowledge, page: Interview) -> None:
        self.file, self.knowledge, self.page = file, knowledge, page
        self.questionnaire, self.names = knowledge.questionnaire, Names(knowledge.catalogue)
        self.passed: frozenset[str] = frozenset()
        self.steps: list[Turn] = []
        self.stand: Standing | None = None

    @property
    def answers(self) -> Mapping[str, Answer]:
        """What is in the file."""
        return answers_so_far(self.file, self.questionnaire)

    def begin(self, bill: str | None) -> None:
        """Name the workload, and take the bill."""
        self.page.begin(self.file, sum(not answer.unknown for answer in self.answers.values()))
        for question in self.questionnaire.questions:
            if question.required and question.key not in self.answers:
                write_whole(self.file, self._text_with([(question, _name(self.file))]))
        nothing = bool(bill) and self.page.is_nothing(bill or "")
        said = self._bill(bill) if bill and not nothing else None
        if said is not None:
            self._take(said)
        if nothing:
            self._pass({MODEL})
        elif not any(key in self.answers for key in ABOUT_TODAY):
            self._ask_for_bill()

    def _ask_for_bill(self) -> None:
        self.page.ask_for_bill()
        while (typed := self._typed()) not in (*SKIP, UNKNOWN) and not self.page.is_nothing(typed):
            if typed in EXPLAIN:
                self.page.explain_bill()
            elif typed in BACK:
                self.page.nothing_back()
            elif (said := self._bill(typed)) is not None and self._take(said):
                return
        # Who says that nothing is used is not asked of which model.
        self._pass({MODEL} if self.page.is_nothing(typed) else set())

    def _ask_counted(self, questions: Sequence[Question]) -> None:
        """How much it is, in whatever people count: one question in place of ten."""
        self.page.ask_counted()
        while (typed := self._typed()) not in (*SKIP, UNKNOWN):
            if typed in EXPLAIN:
                self.page.explain_bill()
            elif typed in BACK:
                self._back()
                return
            elif (said := self._bill(typed)) is not None and self._take(said):
                return
        self._pass({question.key for question in questions})

    def _is_clear(self, typed: str) -> bool:
        """Whether nobody could read another number: `4.000` is four to some, and four thousand to others."""
        found = TWO_WAYS.search(typed)
        if found is not None:
            self.page.two_ways(found[0])
        return found is None

    def _bill(self, text: str) -> Said | None:
        if not self._is_clear(text):
            return None
        said = read_bill(text, self.questionnaire, self.names)
        if said is None:
            self.page.no_bill(text)
            return None
        if amount := lacks_a_time(said):
            self.page.no_time(amount)
            return None
        # A name alone that may mean several says nothing yet; beside an amount it is refused with what it may mean.
        model = next((typed for question, typed in said if question.key == MODEL), "") if len(said) == 1 else ""
        if model and (meant := self.names.may_mean(model)):
            self.page.may_mean(model, meant)
            return None
        return said

    def ask_on(self) -> None:
        """Ask what is most worth it, again and again, until nothing is."""
        told = None
        while True:
            self.stand = self.stand or self._standing(self._text_with([]))
            if told is not self.stand:
                told = self.stand
                self.page.so_far(told)
            gates = [q for q in told.supposed if q.key not in self.passed]
            first = asked_first(self.answers, self.passed, self.questionnaire.by_key)
            if gates and first is None:
                self._ask_gates(gates)
                continue
            counted = in_other_words(told, self.answers, self.passed, self.questionnaire)
            if len(counted) > 1 and first is None:
                self._ask_counted(counted)
                continue
            question = first or next_question(told, self.answers, self.passed, self.questionnaire)
            if question is None:
                break
            worth = next((each for each in told.questions if each.question.key == question.key), None)
            self.page.ask(question, worth)
            self._answer(question)
        open_ = [q for q in self.questionnaire.questions if q.must_be_answered and self._is_open(q)]
        self.page.end(self.file, told, open_)

    def _is_open(self, question: Question) -> bool:
        answer = self.answers.get(question.key)
        return answer is None or answer.unknown

    def _answer(self, question: Question) -> None:
        """Read until there is an answer, a skip, or a step back."""
        while True:
            typed = self._typed()
            if typed in SKIP:
                self._pass({question.key})
                return
            if typed in BACK:
                self._back()
                return
            if typed in EXPLAIN:
                self.page.explain(question)
                continue
            if self._is_clear(typed) and self._take([(question, understood(question, typed))]):
                return

    def _ask_gates(self, gates: Sequence[Question]) -> None:
        """All that could rule options out, in one question: most people answer it with `none`."""
        self.page.ask_gates(gates)
        while True:
            typed = self._typed().casefold()
            if typed in SKIP:
                self._pass({question.key for question in gates})
                return
            if typed in BACK:
                self._back()
                return
            if typed in EXPLAIN:
                self.page.explain_gates(gates)
                continue
            marks = self._marks(typed, gates)
            if marks is None:
                self.page.no_number(len(gates))
                continue
            said = [(gate, self._of_gate(gate, marks.get(number, ""))) for number, gate in enumerate(gates, 1)]
            if self._take(said):
                return

    def _marks(self, typed: str, gates: Sequence[Question]) -> dict[int, str] | None:
        """The numbers that hold, and those marked `?`; None where something else was typed."""
        if typed in self.page.nones:
            return {}
        if typed == UNKNOWN:
            return dict.fromkeys(range(1, len(gates) + 1), "?")
        marks: dict[int, str] = {}
        for part in typed.replace(",", " ").split():
            number, mark = (part[:-1], "?") if part.endswith("?") else (part, "!")
            if not (number.isascii() and number.isdigit() and 1 <= int(number) <= len(gates)):
                return None
            marks[int(number)] = mark
        return marks or None

    def _of_gate(self, question: Question, mark: str) -> str:
        """The answer to one of them: the usual one, unknown, or which of the others holds."""
        assert question.usual is not None
        usual = _spelt(question.usual.answer)
        if not mark:
            return usual
        others = [_spelt(word) for word in question.choices if _spelt(word) != usual]
        if mark == "?" or len(others) == 1:
            return UNKNOWN if mark == "?" else others[0]
        self.page.ask_which(question, others)
        while True:
            typed = self._typed()
            if typed in (*SKIP, *BACK):
                return UNKNOWN
            if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= len(others):
                return others[int(typed) - 1]
            word = understood(question, typed)
            if word in (*others, UNKNOWN):
                return word
            self.page.no_number(len(others))

    def _take(self, said: Said) -> bool:
        """Write answers, all or none; False, with what is wrong, where they cannot be right.

        They are kept before a rate is asked for: who stops there has lost nothing.
        """
        try:
            text = self._text_with(said)
            stand = self._standing(text)
            self._remember()
            write_whole(self.file, text)
            if rates := self._rates(said):
                text = self._text_with(rates)
                stand = self._standing(text)
                write_whole(self.file, text)
        except InputError as problem:
            self.page.wrong(problem.diagnostics)
            return False
        before = {each.message for each in self.stand.doubts} if self.stand else set()
        self.stand = stand
        # What an answer needs beside it is asked next, and said of a file that goes without it.
        self.page.wrong([each for each in stand.doubts if each.message not in before and each.code != NOT_USED])
        return True

    def _rates(self, said: Said) -> Said:
        """What a currency is worth, where an amount is in one that the file has no rate of."""
        question = self.questionnaire.by_key[RATES]
        foreign = next((code for each, typed in said if (code := currency_of(each, typed)) not in (None, BASE)), None)
        if foreign is None or RATES in self.answers:
            return []
        self.page.ask_rate(foreign)
        while True:
            typed = self._typed()
            if typed in (*SKIP, *BACK, UNKNOWN):
                return []
            rate = f"{{{foreign}: {typed.strip('$ ')}}}"
            if typed not in EXPLAIN and not check_one(question, rate, self.questionnaire):
                return [(question, rate)]
            self.page.ask_rate_again(foreign)

    def _remember(self) -> None:
        self.steps.append(Turn(text_so_far(self.file), self.passed))

    def _pass(self, keys: set[str]) -> None:
        self._remember()
        self.passed |= keys

    def _back(self) -> None:
        if not self.steps:
            self.page.nothing_back()
            return
        step = self.steps.pop()
        write_whole(self.file, step.text)
        self.passed, self.stand = step.passed, None
        if not self.steps and not any(key in self.answers for key in ABOUT_TODAY):
            self._ask_for_bill()

    def _text_with(self, said: Said) -> str:
        text = text_so_far(self.file) or NEW
        for question, typed in said:
            text = with_answer(text, question, typed, self.questionnaire)
        return text

    def _standing(self, text: str) -> Standing:
        document = read_document(self.file, data=text.encode())
        return standing(load_answers_document(document, self.questionnaire), self.knowledge, self.knowledge.as_of)

    def _typed(self) -> str:
        """A line that the person types. Raises `Stop`, `EOFError`, `KeyboardInterrupt`."""
        while True:
            try:
                typed = input("  > ").encode("utf-8", "replace").decode().strip()
            except UnicodeDecodeError:
                self.page.no_text()
                continue
            if typed.casefold() in QUIT:
                raise Stop
            return typed.casefold() if typed.casefold() in (*SKIP, *BACK, *EXPLAIN, UNKNOWN) else typed


def _name(file: Path) -> str:
    """What the workload is called until somebody says otherwise."""
    words = file.stem.replace("-", " ").replace("_", " ").strip()
    return "My workload" if words in ("", "workload", "answers") else words[:1].upper() + words[1:]


def _spelt(word: object) -> str:
    return {True: "yes", False: "no"}.get(word, str(word)) if isinstance(word, bool) else str(word)
