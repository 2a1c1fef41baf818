"""What is asked: questions, their sections, defaults and spreads, as typed data."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from hostwise.answers.questions.contradictions import Contradictions
from hostwise.reading.files.strict import Strict
from hostwise.reading.numbers.fact_types import SCALES, FactType
from hostwise.reading.numbers.units import Measure, measure


class Default(Strict, frozen=True):
    """What an unanswered question counts as, who says so, and why; not where one of `unless` is answered."""

    value: Any
    source: str
    because: str
    unless: tuple[str, ...] = ()


class Implied(Strict, frozen=True):
    """What an unanswered question counts as where others imply it: `when` are tests of theirs, by their keys."""

    when: Mapping[str, Any]
    """As they are written; an `AnswerTest` each once the questionnaire is loaded."""
    value: Any
    source: str
    because: str


class Spread(Strict, frozen=True):
    """How an answer is drawn where it is a range, and what it could be where it is not known or assumed.

    A number lies between `low` and `high`, most often at `likely`: `triangular`, or `lognormal` where it is a matter of
    factors. Words have `weights`. It is not drawn where one of `unless` is answered, nor, where there is `only_with`,
    unless one of those is; `only_where` names a fact of code that must hold. `follows` names another question and how
    closely this one goes with it: a rank correlation from −1 to 1. With `levels` a number is one of so many, each as
    likely: where plans follow from it they are searched for each.
    """

    shape: Literal["triangular", "lognormal"] = "triangular"
    low: Decimal | None = None
    likely: Decimal | None = None
    high: Decimal | None = None
    weights: Mapping[str, Decimal] = {}
    unless: tuple[str, ...] = ()
    only_with: tuple[str, ...] = ()
    only_where: str = ""
    follows: Mapping[str, Decimal] = {}
    levels: Annotated[int, Meta(ge=2)] | None = None
    source: str = "house"
    because: str = ""

    @property
    def bounded(self) -> bool:
        """Whether it says what an unknown number could be."""
        return self.low is not None


class Usual(Strict, frozen=True):
    """The answer that most give to a question that must be answered, and in a sentence what holds `otherwise`."""

    answer: Any
    otherwise: str


class RefusedWord(Strict, frozen=True):
    """A word that is no answer because nothing can be decided for it: why, and how else people write it.

    `models` are words of names of models that do such work and no other.
    """

    because: str
    aliases: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


class Section(Strict, frozen=True):
    """A section of the questionnaire. `ask_of` says who usually knows its answers."""

    title: str
    help: str
    ask_of: str = ""


class Question(Strict, frozen=True):
    """One question. `min` and `max` bound its number; `values` are the accepted words with their meaning.

    `type` is a `FactType` value, or `set` (several of `values`), or `rates` (exchange rates). `ask_of` says
    who knows the answer, where it is not who knows those of the section. `spread` says what it could be.
    `usual` is what the interview supposes until it is asked, `ask_after` the question that it asks first.
    An unknown answer keeps the decision open where it `must_be_answered`, and is none where
    `unknown_is_left_out`; what the `asker_decides` is never a reason to
    look again; of one that `is_the_work` another answer is another workload; what `grows_with_demand` does as
    `growth_per_month` says.
    `aliases` are other words for some of `values`; `refused` words are no answers, each with the reason;
    one that `names_model` is refused where its name has a word of their `models`.
    `dimension` is what a number may be written in (`rules/units.yaml`), `counts` the kind of tokens that it is of.
    """

    key: Annotated[str, Meta(pattern=r"^[a-z_]+\.[a-z0-9_]+$")]
    type: str
    label: str
    help: str
    why: str
    fact: str = ""
    unit: str = ""
    dimension: str = ""
    counts: str = ""
    values: Mapping[str, str] = {}
    aliases: Mapping[str, tuple[str, ...]] = {}
    refused: Mapping[str, RefusedWord] = {}
    names_model: bool = False
    pattern: str | None = None
    example: str | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    required: bool = False
    must_be_answered: bool = False
    default: Default | None = None
    implied: Implied | None = None
    claims: tuple[str, ...] = ()
    ask_when: Mapping[str, Any] = {}
    ask_after: str = ""
    usual: Usual | None = None
    ask_of: str = ""
    spread: Spread | None = None
    asker_decides: bool = False
    unknown_is_left_out: bool = False
    grows_with_demand: bool = False
    is_the_work: bool = False

    @property
    def section(self) -> str:
        """The part of the key before the dot."""
        return self.key.partition(".")[0]

    @property
    def name(self) -> str:
        """The part of the key after the dot."""
        return self.key.partition(".")[2]

    @property
    def value_names(self) -> tuple[str, ...]:
        """The accepted words of an enumeration or a set."""
        return tuple(self.values)

    @property
    def choices(self) -> tuple[bool | str, ...]:
        """What can be answered one by one: yes and no, or the words."""
        return (True, False) if self.type == FactType.BOOLEAN else self.value_names

    @property
    def numeric(self) -> bool:
        """Whether the answer is a number or a range of numbers."""
        return self.type in _NUMERIC

    @property
    def whole(self) -> bool:
        """Whether its numbers are whole. Three requests a week are a part of one a day."""
        return self.type == "count" and self.dimension != "requests-per-time"

    @property
    def in_points(self) -> bool:
        """Whether a change of its number is said in points, as of a share."""
        return self.type == "ratio" and self.dimension != "multiple" and self.unit != "x"

    @property
    def least(self) -> Decimal:
        """The least that two of its numbers differ by."""
        return Decimal(1) if self.whole else Decimal(1).scaleb(-SCALES[FactType(self.type)])

    @property
    def measure(self) -> Measure:
        """What its number may be written in. Raises `WrongUnit` where unit and dimension disagree."""
        return measure(FactType(self.type), self.unit, self.dimension, self.counts)


_NUMERIC = frozenset({"tokens", "count", "ratio", "money", "duration", "quantity"})


class Questionnaire(Struct, frozen=True, dict=True):
    """All sections and questions, in the order of the file, and which answers cannot both be true."""

    sections: Mapping[str, Section]
    questions: tuple[Question, ...]
    file: str
    contradictions: Contradictions = Contradictions()

    @cached_property
    def by_key(self) -> Mapping[str, Question]:
        """Questions by their key."""
        return {question.key: question for question in self.questions}

    @cached_property
    def by_fact(self) -> Mapping[str, Question]:
        """Questions by the fact that they fill."""
        return {question.fact: question for question in self.questions}

    @cached_property
    def follows(self) -> tuple[tuple[Question, frozenset[str]], ...]:
        """Questions that count as something else beside other answers, where nobody answers them; the others' facts."""
        each = (
            (q, (*(q.implied.when if q.implied else ()), *(q.default.unless if q.default else ())))
            for q in self.questions
        )
        return tuple((q, frozenset(self.by_key[key].fact for key in keys)) for q, keys in each if keys)

    def of(self, section: str) -> tuple[Question, ...]:
        """The questions of one section."""
        return tuple(question for question in self.questions if question.section == section)

    def ask_of(self, question: Question) -> str:
        """Who can answer a question; empty where nobody is named."""
        return question.ask_of or self.sections[question.section].ask_of
