"""What a condition says in English, or in German, is true where the condition is, false where it is, open where it is.

A small reader of the sentences stands here; it shares nothing with what writes them. It refuses a sentence that mixes
"and" with "or" without brackets, since a person could read that in two ways.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.inference.rulebooks import SPECS, facts

from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import Value
from hostwise.inference.reference import truth_of
from hostwise.report.language.catalogue_text import translate_text
from hostwise.report.language.language import ENGLISH, language_of
from hostwise.rulebook.english.conditions import in_english
from hostwise.rulebook.language import conditions as c

TEMPLATES = Path(__file__).parents[2] / "templates"
GERMAN = language_of(TEMPLATES, "de")
LANGUAGES = {language.code: language for language in (ENGLISH, GERMAN)}
NUMBERS = {
    "tokens": [Decimal(number) for number in ("0", "10000000", "50000000", "1500000000")],
    "share": [Decimal(number) for number in ("0", "0.05", "0.1", "1")],
    "price": [Decimal(number) for number in ("0", "0.15", "2.50")],
    "people": [Decimal(number) for number in (1, 2, 3, 4)],
}
WORDS: dict[str, list[Any]] = {"closed": [True, False], "shape": list(SPECS["shape"].values)}
VALUES = {**NUMBERS, **WORDS, "other_tokens": NUMBERS["tokens"]}
KEYWORDS = {
    ENGLISH.code: {
        "is at least": ">=", "at least": ">=", "is at most": "<=", "at most": "<=", "is above": ">", "above": ">",
        "is below": "<", "below": "<", "is known": "known", "is not known": "unknown", "is neither": "neither",
        "is not": "not", "is": "", ":": "", "and": "and", "or": "or", "nor": "nor", ",": ",", "(": "(", ")": ")",
        "always": "always", "never": "never",
    },
    GERMAN.code: {
        "mindestens": ">=", "höchstens": "<=", "über": ">", "unter": "<", "bekannt": "known",
        "nicht bekannt": "unknown", "weder": "neither", "nicht": "not", ":": "", "und": "and", "oder": "or",
        "noch": "nor", ",": ",", "(": "(", ")": ")", "immer": "always", "nie": "never",
    },
}  # fmt: skip

Truth = bool | None
Reading = Callable[[Mapping[str, Value | None]], Truth]
Token = tuple[str, Any]


@cache
def vocabulary(code: str) -> Mapping[str, list[Token]]:
    """Every piece of a sentence with what it may mean; a figure may be a value of several facts."""
    language = LANGUAGES[code]
    found: dict[str, list[Token]] = {text: [("word", word)] for text, word in KEYWORDS[code].items()}
    for name, spec in SPECS.items():
        found[translate_text(spec.label, language)] = [("fact", name)]
        for value in VALUES.get(name, ()):
            text = translate_text(format_value(value, spec.type, spec.unit), language)
            meanings = found.setdefault(text, [])
            assert (name, value) not in meanings
            assert all(other == value for fact, other in meanings if fact == name), "two values read the same"
            meanings.append((name, value))
    return found


@cache
def pieces(code: str) -> re.Pattern[str]:
    """The longest piece first; what is none is found too."""
    longest = sorted(vocabulary(code), key=len, reverse=True)
    known = "|".join(re.escape(text) + (r"\b" if text[-1].isalnum() else "") for text in longest)
    return re.compile(rf"\s*(?:the )?({known})|\s*(\S+)")


class Reader:
    """Reads one sentence. `fact` is what the tests read so far are about."""

    def __init__(self, sentence: str, code: str) -> None:
        known, pattern = vocabulary(code), pieces(code)
        found = pattern.findall(sentence)
        assert not any(strange for _, strange in found), sentence
        self.tokens = [token for text, _ in found if (token := known[text]) != [("word", "")]]
        self.place = 0
        self.fact = ""

    def word(self, ahead: int = 0) -> str:
        place = self.place + ahead
        kind, word = self.tokens[place][0] if place < len(self.tokens) else ("word", "end")
        return str(word) if kind == "word" else ""

    def take(self) -> list[Token]:
        self.place += 1
        return self.tokens[self.place - 1]

    def sentence(self) -> Reading:
        whole = self.joined()
        assert self.word() == "end", "something is left over"
        return whole

    def joined(self) -> Reading:
        parts, joints = [self.item()], set()
        while self.word() in ("and", "or"):
            joints.add(self.take()[0][1])
            parts.append(self.item())
        assert len(joints) < 2, "and, or? It can be read in two ways"
        return lambda known: kleene([part(known) for part in parts], joints == {"or"})

    def item(self) -> Reading:
        if self.word() == "(":
            self.take()
            inner = self.joined()
            assert self.take() == [("word", ")")]
            return inner
        if self.word() in ("always", "never"):
            truth = self.take()[0][1] == "always"
            return lambda _: truth
        if self.tokens[self.place][0][0] == "fact":
            self.fact = self.take()[0][1]
        return self.test()

    def test(self) -> Reading:
        fact, word = self.fact, self.word()
        if word:
            self.take()
        if word in ("known", "unknown"):
            return lambda known: (known[fact] is None) is (word == "unknown")
        values = self.values()
        if word in ("not", "neither"):
            return lambda known: negated(kleene([same(known[fact], value(known)) for value in values], True))
        if word:
            return lambda known: compared(word, known[fact], values[0](known))
        return lambda known: kleene([same(known[fact], value(known)) for value in values], True)

    def values(self) -> list[Callable[[Mapping[str, Value | None]], Value | None]]:
        """One value, or a row of them: `a, b or c`, `a nor b`."""
        found = [self.value()]
        while self.word() in (",", "or", "nor") and self.next_is_a_value():
            self.take()
            found.append(self.value())
        return found

    def next_is_a_value(self) -> bool:
        return self.place + 1 < len(self.tokens) and any(kind == self.fact for kind, _ in self.tokens[self.place + 1])

    def value(self) -> Callable[[Mapping[str, Value | None]], Value | None]:
        token = self.take()
        if token[0][0] == "fact":
            other = token[0][1]
            return lambda known: known[other]
        (found,) = (value for kind, value in token if kind == self.fact)
        return lambda _: found


def kleene(truths: list[Truth], either: bool) -> Truth:
    if either in truths:
        return either
    return None if None in truths else not either


def negated(truth: Truth) -> Truth:
    return None if truth is None else not truth


def same(one: Value | None, other: Value | None) -> Truth:
    return None if one is None or other is None else one == other


def compared(word: str, one: Any, other: Any) -> Truth:
    if one is None or other is None:
        return None
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[word]


@st.composite
def intervals(draw: st.DrawFn, fact: str) -> c.Interval:
    low, high = sorted(draw(st.tuples(st.sampled_from(NUMBERS[fact]), st.sampled_from(NUMBERS[fact]))))
    return c.Interval(low, high, draw(st.booleans()), draw(st.booleans()))


@cache
def unaries(fact: str) -> st.SearchStrategy[c.Unary]:
    simple = [st.builds(c.Equals, st.sampled_from(VALUES[fact])), st.just(c.Known()), st.just(c.Unknown())]
    if fact in NUMBERS:
        against: Any = st.sampled_from(NUMBERS[fact])
        simple += [st.builds(c.Compare, st.sampled_from(["<", "<=", ">", ">="]), against), intervals(fact)]
    if fact == "tokens":
        other = st.just(c.FactRef("other_tokens"))
        simple.append(st.builds(c.Compare, st.sampled_from(["<", "<=", ">", ">=", "="]), other))
    words = st.lists(st.builds(c.Equals, st.sampled_from(VALUES[fact])), min_size=1, max_size=3, unique=True)
    leaves = st.one_of(*simple, words.map(lambda tests: c.OneOf(tuple(tests))))
    lists = lambda inner: st.lists(inner, min_size=1, max_size=3).map(lambda tests: c.OneOf(tuple(tests)))  # noqa: E731
    return st.recursive(leaves, lambda inner: st.one_of(st.builds(c.Negated, inner), lists(inner)), max_leaves=4)


some_tests = st.sampled_from([*NUMBERS, *WORDS]).flatmap(
    lambda fact: st.builds(c.Test, st.just(fact), unaries(fact), st.just(""))
)
some_parts = lambda inner: st.lists(inner, min_size=1, max_size=3).map(tuple)  # noqa: E731
some_conditions = st.recursive(
    st.one_of(some_tests, some_tests, some_tests, st.just(c.Always())),
    lambda inner: st.one_of(
        st.builds(c.Not, inner), st.builds(c.All, some_parts(inner)), st.builds(c.Any, some_parts(inner))
    ),
    max_leaves=6,
)
some_answers = st.tuples(*(st.sampled_from([*values, None]) for values in VALUES.values())).map(
    lambda values: dict(zip(VALUES, values, strict=True))
)


def on(fact: str, unary: c.Unary) -> c.Test:
    return c.Test(fact, unary, "")


FIFTY, TEN = Decimal(50_000_000), Decimal(10_000_000)
APART = c.Negated(c.OneOf((c.Compare(">=", FIFTY), c.Compare("<", TEN))))
FIVE_MILLION = {"tokens": Decimal(5_000_000), **dict.fromkeys(name for name in VALUES if name != "tokens")}


@pytest.mark.parametrize("code", KEYWORDS)
@settings(max_examples=examples(150))
@example(on("tokens", APART), [FIVE_MILLION])
@example(on("share", c.Negated(c.Unknown())), [FIVE_MILLION])
@given(condition=some_conditions, cases=st.lists(some_answers, min_size=6, max_size=6))
def test_a_sentence_is_true_where_its_condition_is(code: str, condition: Any, cases: Any) -> None:
    sentence = translate_text(in_english(condition, SPECS), LANGUAGES[code])
    reading = Reader(sentence, code).sentence()
    for known in cases:
        assert reading(known) is truth_of(condition, facts(**known)), (sentence, known)


def test_the_reader_refuses_what_can_be_read_in_two_ways() -> None:
    with pytest.raises(AssertionError, match="two ways"):
        Reader("closed: yes or people is 2 and shape is steady", ENGLISH.code).sentence()
