"""The facts of a case that is recorded: what of them steers the formulas, and what is but a number on the tape.

Whoever reads a fact asks what is known of it, and the cases part by that. Two doors part nothing: `says`, whether a
fact is one of some words, and `text_of`, its word where it is only quoted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import SCALES, Fact, FactType, Origin, Value
from hostwise.economics.numbers.numbers import Test
from hostwise.economics.numbers.tape import Tape


class AskKnown(Struct, frozen=True):
    """A question: what is known of a fact but for its number. The answer is its `kind`."""

    name: str


class AskNumber(Struct, frozen=True):
    """A question: the number of a fact that steers. The answer is its ends in last places, None where it is rare."""

    name: str


class AskNames(Struct, frozen=True):
    """A question: which facts there are."""


class Number(Struct, frozen=True):
    """An input of a tape: the `value`, `low` or `high` of a fact."""

    name: str
    end: str
    type: FactType

    @property
    def decimals(self) -> int:
        """How many decimals it has."""
        return SCALES[self.type]

    @property
    def unit(self) -> float:
        """Last places to a whole."""
        return float(10**self.decimals)


class Says(Struct, frozen=True):
    """An input of a tape: whether a fact is one of some words."""

    name: str
    words: tuple[Value, ...]


def says(facts: Mapping[str, Fact], name: str, *words: bool | str) -> Test:
    """Whether a fact is one of some words."""
    return facts.says(name, words) if isinstance(facts, TapedFacts) else facts[name].value in words


class LeftOpen(Struct, frozen=True):
    """An input of a tape: whether a fact was left to its default."""

    name: str


def left_open(facts: Mapping[str, Fact], name: str) -> Test:
    """Whether a fact was left to its default."""
    return facts.left_open(name) if isinstance(facts, TapedFacts) else was_left(facts[name])


def was_left(fact: Fact | None) -> bool:
    """Whether nobody gave it."""
    return fact is None or fact.provenance.origin is Origin.ASSUMED


def text_of(facts: Mapping[str, Fact], name: str) -> str | None:
    """The word that a fact is, to be quoted and for nothing else."""
    fact = facts.find(name) if isinstance(facts, TapedFacts) else facts[name]
    return fact.value if fact is not None and isinstance(fact.value, str) else None


def kind(fact: Fact | None) -> object:
    """What two cases must share where a fact is read: all but its number, and but where it stands in its file."""
    if fact is None:
        return None
    number = isinstance(fact.value, Decimal)
    assumed = fact.provenance.origin is Origin.ASSUMED
    return number, None if number else fact.value, fact.unit, fact.low is None, assumed, fact.provenance.place is None


def ends_of(fact: Fact | None) -> tuple[int | None, ...]:
    """A number as an answer to `AskNumber`."""
    ends = () if fact is None or not isinstance(fact.value, Decimal) else (fact.value, fact.low, fact.high)
    return tuple(None if end is None else int(end.scaleb(SCALES[fact.type])) for end in ends if fact)


def tape_of(facts: Mapping[str, Fact]) -> Tape | None:
    """The tape that the facts are recorded on, if they are."""
    return facts.tape if isinstance(facts, TapedFacts) else None


class TapedFacts(Mapping[str, Fact]):
    """Facts whose numbers are inputs of a tape. `find` gives those of the case that is recorded.

    `steers` says whether plans follow from the number of a fact, and `parts` whether the cases part by the one that
    this case has: then it is no input.
    """

    def __init__(
        self, names: tuple[str, ...], find: Callable[[str], Fact | None], tape: Tape,
        steers: Callable[[str, Mapping[str, Fact]], bool], parts: Callable[[str], bool],
    ) -> None:  # fmt: skip
        self._names, self.find, self.tape, self._steers, self._parts = names, find, tape, steers, parts
        self._read: dict[str, Fact | None] = {}

    def __getitem__(self, name: str) -> Fact:
        if name not in self._read:
            self._read[name] = self._asked(name)
        fact = self._read[name]
        if fact is None:
            raise KeyError(name)
        return fact

    def _asked(self, name: str) -> Fact | None:
        fact = self.find(name)
        self.tape.listener(AskKnown(name), kind(fact))
        if fact is None or not isinstance(fact.value, Decimal):
            return fact
        if self._steers(name, self):
            parts = self._parts(name)
            self.tape.listener(AskNumber(name), ends_of(fact) if parts else None)
            if parts:
                return fact
        ends = {end: getattr(fact, end) for end in ("value", "low", "high") if getattr(fact, end) is not None}
        return replace(fact, **{end: self.tape.input(Number(name, end, fact.type), ends[end]) for end in ends})

    def says(self, name: str, words: tuple[bool | str, ...]) -> Test:
        """Whether a fact is one of some words."""
        fact = self.find(name)
        return self.tape.test(Says(name, words), fact is not None and fact.value in words)

    def left_open(self, name: str) -> Test:
        """Whether a fact was left to its default."""
        return self.tape.test(LeftOpen(name), was_left(self.find(name)))

    def __iter__(self) -> Iterator[str]:
        self.tape.listener(AskNames(), self._names)
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
