"""What `hostwise start` says: where the answers stand, each question, and what was wrong with an answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from hostwise.analysis.futures.interview_status import RankedQuestion, Standing
from hostwise.answers.interview import spellings
from hostwise.answers.questions.blank_file import example, written
from hostwise.answers.questions.questions import Question
from hostwise.flow.knowledge import Knowledge
from hostwise.reading.findings.diagnostics import Diagnostic
from hostwise.reading.numbers.number_format import format_money, format_points
from hostwise.report.brand.clean import printable
from hostwise.report.language.catalogue_text import translate_labels, translate_text
from hostwise.report.terminal.page import ACCENT, BOLD, DIM, WARN, TextPage
from hostwise.report.words.words import load_words

KEY = re.compile(r"^[a-z_]+\.[a-z0-9_]+: ")
"""What a finding of a file starts with; here the question was just asked."""
COSTS = 3
"""So many options stand in a line of what they cost."""
MEANT = 6
"""So many of the names stand in a line that one may mean."""


class Interview:
    """A conversation on paper: prints at once, wrapped to `width` columns, in a language."""

    def __init__(self, width: int, colour: bool, language: str, knowledge: Knowledge) -> None:
        self._width, self._colour = width, colour
        self._words = load_words(language=language)
        self._questionnaire = knowledge.questionnaire
        self._labels = translate_labels(knowledge.catalogue.option_labels, self._words.language)
        self._asked = 0
        self._told: Standing | None = None

    @property
    def nones(self) -> frozenset[str]:
        """What says that none of several holds."""
        return frozenset(self._say("nones").split())

    def begin(self, file: Path, answered: int) -> None:
        """Where the answers go, and what can be typed besides them."""
        out = self._page()
        out.text(self._say("resumed" if answered else "begin", file=file, count=answered))
        out.text(self._say("commands"), DIM)
        self._print(out)

    def ask_for_bill(self) -> None:
        """What is used today, and what it costs."""
        out = self._question(self._say("bill"))
        out.item(self._say("bill_such"), mark="", style=DIM)
        self._print(out)

    def ask_counted(self) -> None:
        """How much it is, in what people count."""
        out = self._question(self._say("counted"))
        out.item(self._say("counted_such"), mark="", style=DIM)
        self._print(out)

    def explain_bill(self) -> None:
        """Why the bill comes first."""
        out = self._page()
        out.item(self._say("bill_why"), mark="")
        self._print(out)

    def no_bill(self, text: str) -> None:
        """A bill that cannot be read."""
        self._problem(self._say("no_bill", text=printable(text)))

    def may_mean(self, text: str, names: Sequence[str]) -> None:
        """A name alone that may mean several models."""
        shown = ", ".join(printable(name) for name in names[:MEANT]) + (" …" if len(names) > MEANT else "")
        self._problem(self._say("may_mean", text=printable(text), names=shown))

    def is_nothing(self, text: str) -> bool:
        """Whether somebody says that nothing is used today."""
        return text.strip(" .!").casefold() in self._say("nothings").split(", ")

    def so_far(self, stand: Standing) -> None:
        """The verdict as it stands, and the money of the options that are left; in a line where it is as it was."""
        out, before = self._page(), self._told
        self._told = stand
        new = [phrase for phrase in stand.read_as if before is None or phrase not in before.read_as]
        if new:
            out.item(self._say("read_as", answers=" · ".join(map(self._text, new))), mark="", style=DIM)
        out.blank()
        out.text(self._verdict(stand), BOLD, ACCENT if stand.decided else WARN)
        if before is None or (before.plan, before.costs, before.supposed) != (stand.plan, stand.costs, stand.supposed):
            if stand.plan:
                out.item(self._text(stand.plan), mark="")
            money = [self._amount(option, stand) for option, _ in stand.costs[:COSTS]]
            out.item(self._say("costs", costs=", ".join(money)) if money else self._say("no_money"), mark="")
            if stand.supposed:
                out.item(self._say("supposed"), mark="", style=DIM)
        self._print(out)

    def _verdict(self, stand: Standing) -> str:
        waiting = self._named(each.question for each in stand.questions if each.waited_for)
        if not stand.decided:
            return self._say("waits", labels=waiting) if waiting else self._words.label("outcomes", stand.outcome)
        name = "every" if stand.share == 1 else "so_far"
        hundred = round(stand.share * 100)
        count = self._words.say("shares.most" if hundred == 100 else "shares.few") if hundred in (0, 100) else hundred
        return self._say(name, verdict=self._labels[stand.outcome], count=count, all=stand.futures)

    def _amount(self, option: str, stand: Standing) -> str:
        amount = dict(stand.costs)[option]
        return self._say(
            "cost", label=self._labels[option], amount=format_money(amount, stand.currency, self._words.language)
        )

    def ask(self, question: Question, worth: RankedQuestion | None) -> None:
        """One question, with what its answer is worth."""
        out = self._question(self._text(question.label))
        out.item(self._text(question.help), mark="")
        said = [self._worth(worth)] if worth is not None else []
        if ask_of := self._questionnaire.ask_of(question):
            said.append(self._say("ask_of", ask_of=self._text(ask_of)))
        if any(said):
            out.item(" ".join(part for part in said if part), mark="", style=DIM)
        self._choices(out, question, spellings(question))
        self._print(out)

    def _worth(self, worth: RankedQuestion) -> str:
        if worth.waited_for:
            return self._say("waited_for")
        return self._say("worth", wrong=format_points(worth.wrong, self._words.language)) if worth.wrong else ""

    def _choices(self, out: TextPage, question: Question, words: Sequence[str]) -> None:
        for number, word in enumerate(words, 1):
            meaning = self._text(question.values[word]) if word in question.values else ""
            out.item(f"{word}: {meaning}" if meaning else word, mark=f"{number}", indent=2)

    def explain(self, question: Question) -> None:
        """Why it is asked, how to write an answer, and what counts where there is none."""
        out = self._page()
        out.item(self._text(question.why), mark="")
        out.item(self._say("example", example=example(question)), mark="")
        if question.default is not None:
            default = written(question.default.value, question)
            out.item(self._say("default", default=default, because=self._text(question.default.because)), mark="")
        else:
            out.item(self._say("no_default"), mark="")
        self._print(out)

    def ask_gates(self, gates: Sequence[Question]) -> None:
        """All that could rule an option out, in one question."""
        out = self._question(self._say("gates"))
        for number, gate in enumerate(gates, 1):
            out.item(self._text(gate.usual.otherwise if gate.usual else gate.label), mark=f"{number}", indent=2)
        out.item(self._say("gates_how"), mark="", style=DIM)
        self._print(out)

    def explain_gates(self, gates: Sequence[Question]) -> None:
        """What each of them is about, why it matters and who knows."""
        out = self._page()
        for number, gate in enumerate(gates, 1):
            who = self._say("ask_of", ask_of=self._text(self._questionnaire.ask_of(gate)))
            out.item(" ".join((self._text(gate.help), self._text(gate.why), who)), mark=f"{number}")
        self._print(out)

    def ask_which(self, question: Question, words: Sequence[str]) -> None:
        """Which of the words that are left holds."""
        out = self._page()
        out.item(self._text(question.help), mark="")
        self._choices(out, question, words)
        self._print(out)

    def ask_rate(self, currency: str) -> None:
        """What a currency is worth in dollars."""
        out = self._question(self._say("rate", currency=currency))
        self._print(out)

    def ask_rate_again(self, currency: str) -> None:
        """The rate could not be read."""
        self._problem(self._say("rate_again", currency=currency))

    def two_ways(self, number: str) -> None:
        """A number that two people would read differently."""
        whole, _, thousands = number.partition(".")
        self._problem(
            self._say(
                "two_ways", number=number, small=f"{whole}.{thousands}".rstrip("0").rstrip("."), large=whole + thousands
            )
        )

    def no_time(self, amount: str) -> None:
        """An amount of work that does not say in which time it comes."""
        self._problem(self._say("no_time", amount=amount))

    def wrong(self, findings: Iterable[Diagnostic]) -> None:
        """What is wrong, or doubtful, about an answer."""
        for finding in findings:
            accepted = self._say("accepted", accepted=finding.accepted) if finding.accepted else ""
            near = self._say("near", near=finding.suggestion) if finding.suggestion else ""
            said = printable(KEY.sub("", self._text(finding.message)))
            self._problem(" ".join(part for part in (f"{said[:1].upper()}{said[1:]}.", accepted, near) if part))

    def no_number(self, most: int) -> None:
        """Something else than numbers was typed."""
        self._problem(self._say("no_number", most=most))

    def no_text(self) -> None:
        """Bytes that are no text were typed."""
        self._problem(self._say("no_text"))

    def nothing_back(self) -> None:
        """There is no answer to take back."""
        self._problem(self._say("nothing_back"))

    def stopped(self, file: Path) -> None:
        """The person stops before the end."""
        out = self._page()
        out.blank()
        out.text(self._say("stopped", file=file))
        self._print(out)

    def end(self, file: Path, stand: Standing, unknown: Sequence[Question]) -> None:
        """Why it stops, and what to do next."""
        out = self._page()
        out.blank()
        left = [each.question for each in stand.questions]
        if unknown:
            out.text(self._say("open", labels=self._named(unknown)), WARN)
        elif stand.settled or not left:
            out.text(self._say("settled" if stand.settled else "enough", futures=stand.futures))
        else:
            out.text(self._say("left", labels=self._named(left)))
        out.text(self._say("next", file=file))
        self._print(out)

    def _named(self, questions: Iterable[Question]) -> str:
        return ", ".join(self._text(question.label) for question in questions)

    def _question(self, title: str) -> TextPage:
        self._asked += 1
        out = self._page()
        out.blank()
        out.text(f"{self._asked}. {title[:1].upper()}{title[1:]}", BOLD)
        return out

    def _problem(self, text: str) -> None:
        out = self._page()
        out.item(text, mark="!", style=WARN)
        self._print(out)

    def _page(self) -> TextPage:
        return TextPage(self._width, self._colour)

    def _print(self, out: TextPage) -> None:
        click.echo(out.written(), nl=False)

    def _say(self, name: str, **values: object) -> str:
        return self._words.say(f"terminal.start.{name}", **values)

    def _text(self, text: str) -> str:
        return translate_text(text, self._words.language)
