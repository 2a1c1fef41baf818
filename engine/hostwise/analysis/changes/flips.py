"""Counterfactuals: for each answer, the nearest change of it alone from which on the verdict is another.

A change counts where the verdict is another one whatever its futures say: on the way there it may be a close call.
Every word of a choice, and numbers further and further from what they are, are decided in one call on the array path;
each number that flips is then narrowed to a thousandth, all of them together. What is found is decided again on both
engines before it is shown. Where no single change flips the verdict, pairs of changes are tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import combinations

from msgspec import Struct
from msgspec.structs import replace

from hostwise.analysis.bisect import ROUNDS, cuts, narrow, rounded
from hostwise.analysis.futures.confirm import confirmed_flow
from hostwise.analysis.situation import Situation
from hostwise.answers.facts import Fact, FactType, Origin, Value, fixed
from hostwise.answers.files.contradictions import impossible
from hostwise.answers.questions.contradictions import Contradictions
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.answers.to_facts import followed
from hostwise.batch.cases import changed
from hostwise.batch.decide import REFUSED, decide_settled
from hostwise.economics.catalogue.options import CLOSE_CALL
from hostwise.economics.plans.competing.tier import known_facts
from hostwise.flow.flow import Basis
from hostwise.inference.run import Engine
from hostwise.reading.findings.diagnostics import InputError
from hostwise.reading.numbers.fact_types import WIDE

FACTORS = tuple(Decimal(f"{1000 ** (n / 40):.4g}") for n in range(1, 41))
"""A number is moved by these factors: a thousand times, or to a thousandth, at most."""
STEPS = tuple(Decimal(n) / 20 for n in range(1, 21))
"""Where a number is zero, or a share: parts of the way to its bound."""
PRINTED = 4
"""Digits of a number where the verdict changes."""
TENTH_OF_A_PER_CENT = Decimal("0.001")
"""A share is printed to this."""
THOUSAND = 1000
PAIR_FACTORS = (Decimal(2), Decimal(10))


class Flip(Struct, frozen=True):
    """One change that leads to another verdict.

    `distance` is the change as a share of the number; of a share the difference; None for a word, and for a number that
    is nothing or less, of which there is no share.
    """

    question: Question
    now: Value | None
    changed: Value
    verdict: str
    rule: str | None
    distance: Decimal | None
    close_from: Decimal | None
    """Where a number becomes a close call on the way there, which its futures decide; None where it is none."""


class Pair(Struct, frozen=True):
    """Two changes that flip the verdict together, where neither does alone."""

    first: Flip
    second: Flip


class _Bracket(Struct, frozen=True):
    """The nearest value whose verdict is none of those `alike` lies between these."""

    question: Question
    same: Decimal
    other: Decimal
    alike: frozenset[str]

    @property
    def narrow(self) -> bool:
        return narrow(self.same, self.other, self.question.least)

    @property
    def cuts(self) -> list[Decimal]:
        return cuts(self.same, self.other, self.question.least)


def flips(situation: Situation) -> tuple[Flip, ...]:
    """For every answer that can flip the verdict alone, the nearest change that does, in the order of the questions."""
    knowledge = situation.knowledge
    facts = known_facts(situation.answers, knowledge.questionnaire, knowledge.catalogue)
    basis = Basis(knowledge.rulebook, knowledge.catalogue, situation.as_of, Engine.BOTH)
    return nearest_flips(facts, basis, knowledge.questionnaire)


def nearest_flips(facts: Mapping[str, Fact], basis: Basis, questionnaire: Questionnaire) -> tuple[Flip, ...]:
    """The same for facts. A number can flip both ways: the nearer change stands first."""
    now = _decided(facts, {}, basis, questionnaire)[0]
    asked = _answers_that_change(facts, questionnaire)
    words = [(question, word) for question in asked for word in _other_words(question, facts)]
    paths = [
        (question, points)
        for question in asked
        for direction in (1, -1)
        if (points := tuple(_outwards(question, facts[question.fact].value, direction)))
    ]
    tried = [(question, point) for question, points in paths for point in points]
    today, *verdicts = _verdicts(facts, [{}, *({q.fact: value} for q, value in (*words, *tried))], basis, questionnaire)
    same = frozenset((now, today))  # today's answers may themselves be a close call
    found = [(q, word, None) for (q, word), v in zip(words, verdicts, strict=False) if v not in (*same, REFUSED)]
    brackets, start = list[_Bracket](), len(words)
    for question, points in paths:
        brackets += _brackets(question, facts, points, verdicts[start : start + len(points)], same)
        start += len(points)
    narrowed = _narrowed(brackets, facts, basis, questionnaire)
    sure, open_ = narrowed[::2], narrowed[1::2]
    numbers = [(b, None if b.other == e.other else e.other) for b, e in zip(sure, open_, strict=True)]
    held = _held(numbers, facts, basis, questionnaire)
    return tuple(_confirmed([*found, *held], facts, basis, now, asked, questionnaire))


def _answers_that_change(facts: Mapping[str, Fact], questionnaire: Questionnaire) -> list[Question]:
    """What is answered by itself: what another answer tells, as a model its tier, changes with that one."""
    asked = (question for question in questionnaire.questions if question.fact in facts)
    return [question for question in asked if facts[question.fact].provenance.origin is not Origin.DERIVED]


def nearest_pairs(
    facts: Mapping[str, Fact], basis: Basis, questionnaire: Questionnaire, most: int = 3
) -> tuple[Pair, ...]:
    """Pairs of changes that flip the verdict together: words, and numbers moved twofold or tenfold."""
    now = _decided(facts, {}, basis, questionnaire)[0]
    asked = _answers_that_change(facts, questionnaire)
    moves = [(question, value) for question in asked for value in _moves(question, facts)]
    pairs = [(one, other) for one, other in combinations(moves, 2) if one[0] is not other[0]]
    today, *verdicts = _verdicts(
        facts, [{}, *({a.fact: x, b.fact: y} for (a, x), (b, y) in pairs)], basis, questionnaire
    )
    same = (now, today, CLOSE_CALL, REFUSED)
    flipped = [pair for pair, verdict in zip(pairs, verdicts, strict=True) if verdict not in same]
    ranked = sorted(flipped, key=lambda pair: sum(_effort(question, value, facts) for question, value in pair))
    found: list[Pair] = []
    given = _given(facts, asked)
    for (one, x), (other, y) in ranked:
        if _contradicts(((one, x), (other, y)), facts, given, questionnaire.contradictions):
            continue
        verdict, rule = _decided(facts, {one.fact: x, other.fact: y}, basis, questionnaire)
        if verdict not in (now, REFUSED):
            found.append(Pair(*(_flip(q, facts, value, verdict, rule, None) for q, value in ((one, x), (other, y)))))
        if len(found) == most:
            break
    return tuple(found)


def _verdicts(
    facts: Mapping[str, Fact], changes: Sequence[Mapping[str, Value]], basis: Basis, questionnaire: Questionnaire
) -> list[str]:
    if not changes:
        return []
    whole = [followed(change, facts, questionnaire) for change in changes]
    outcomes = decide_settled(changed(facts, whole, {}), replace(basis, engine=Engine.REFERENCE))
    return [outcomes.verdicts[place] for place in outcomes.verdict]


def _decided(
    facts: Mapping[str, Fact], change: Mapping[str, Value], basis: Basis, questionnaire: Questionnaire
) -> tuple[str, str | None]:
    """The verdict and its rule with some facts changed, on the engines of the basis; `refused` where it cannot be."""
    moved = {
        name: replace(
            facts[name],
            value=fixed(value, facts[name].type) if isinstance(value, Decimal) else value,
            low=None,
            high=None,
        )
        for name, value in followed(change, facts, questionnaire).items()
    }
    try:
        choice = confirmed_flow({**facts, **moved}, basis, questionnaire).choice
    except InputError:
        return REFUSED, None
    return choice.outcome, choice.rule_id


def _other_words(question: Question, facts: Mapping[str, Fact]) -> Iterator[bool | str]:
    if question.type in (FactType.BOOLEAN, FactType.ENUM) and not question.is_the_work:
        yield from (word for word in question.choices if word != facts[question.fact].value)


def _brackets(
    question: Question, facts: Mapping[str, Fact], points: Sequence[Decimal], verdicts: Sequence[str],
    same: frozenset[str],
) -> list[_Bracket]:  # fmt: skip
    """Around the first value on the way that is sure to have another verdict, and around the first that may have one.

    Between the two lies a close call. None where there is no such value, or something refuses first.
    """
    last = facts[question.fact].value
    assert isinstance(last, Decimal)
    edge, before = None, last
    for point, verdict in zip(points, verdicts, strict=True):
        if verdict == REFUSED:
            return []
        if verdict not in same and edge is None:
            edge = _Bracket(question, before, point, same)
        if verdict not in same and verdict != CLOSE_CALL:
            assert edge is not None
            return [_Bracket(question, before, point, same | {CLOSE_CALL}), edge]
        before = point
    return []


def _narrowed(
    brackets: Sequence[_Bracket], facts: Mapping[str, Fact], basis: Basis, questionnaire: Questionnaire
) -> list[_Bracket]:
    """Every bracket cut again and again until it is narrow, all of them in each call."""
    found = list(brackets)
    for _ in range(ROUNDS):
        tries = {place: bracket.cuts for place, bracket in enumerate(found) if not bracket.narrow}
        tries = {place: values for place, values in tries.items() if values}
        if not tries:
            break
        tried = [(place, value) for place, values in tries.items() for value in values]
        verdicts = _verdicts(
            facts, [{found[place].question.fact: value} for place, value in tried], basis, questionnaire
        )
        outcome = dict(zip(tried, verdicts, strict=True))
        for place, values in tries.items():
            bracket = found[place]
            for value in values:
                if outcome[place, value] not in (*bracket.alike, REFUSED):
                    bracket = replace(bracket, other=value)
                    break
                bracket = replace(bracket, same=value)
            found[place] = bracket
    return found


def _held(
    numbers: Sequence[tuple[_Bracket, Decimal | None]], facts: Mapping[str, Fact], basis: Basis,
    questionnaire: Questionnaire,
) -> Iterator[tuple[Question, Value, Decimal | None]]:  # fmt: skip
    """The numbers beyond which the verdict is another one: decided at the number that is printed, which is rounded away
    from today's, and just beyond it; just short of it stands the last value that was not."""
    tried = []
    for bracket, _ in numbers:
        at = _away(bracket.other, bracket)
        beyond = _away(at + (bracket.other - bracket.same), bracket)
        inside = _within(bracket.question, beyond) and beyond * at > 0  # at a bound, or at nothing, there is no beyond
        tried.append((bracket.question, at, beyond if inside else at))
    verdicts = iter(
        _verdicts(facts, [{q.fact: value} for q, *values in tried for value in values], basis, questionnaire)
    )
    for (question, at, _), (bracket, close) in zip(tried, numbers, strict=True):
        here, there = next(verdicts), next(verdicts)
        if here == there and here not in (*bracket.alike, REFUSED):
            yield question, at, close


def _away(value: Decimal, bracket: _Bracket) -> Decimal:
    """The nearest number of as many digits as are printed that lies no nearer to today's; it keeps within bounds."""
    question, up = bracket.question, bracket.other > bracket.same
    digits = PRINTED - (question.type == FactType.MONEY and abs(value) < THOUSAND)  # whole dollars from a hundred on
    last = Decimal(1).scaleb(value.adjusted() - digits + 1) if value else question.least
    tenths = question.in_points and abs(value) >= TENTH_OF_A_PER_CENT  # below it "above 0%" is said
    least = TENTH_OF_A_PER_CENT if tenths else question.least
    kept = value.quantize(max(last, least), rounding=ROUND_CEILING if up else ROUND_FLOOR, context=WIDE)
    return kept if _within(question, kept) else value


def _confirmed(
    found: Sequence[tuple[Question, Value, Decimal | None]],
    facts: Mapping[str, Fact],
    basis: Basis,
    now: str,
    asked: Sequence[Question],
    questionnaire: Questionnaire,
) -> Iterator[Flip]:
    """Each decided again on both engines, in the order of the questions, the nearest first."""
    ordered = sorted(found, key=lambda each: (asked.index(each[0]), _effort(each[0], each[1], facts)))
    given = _given(facts, asked)
    for question, value, close in ordered:
        if _contradicts(((question, value),), facts, given, questionnaire.contradictions):
            continue
        verdict, rule = _decided(facts, {question.fact: value}, basis, questionnaire)
        if verdict not in (now, REFUSED):
            yield _flip(question, facts, value, verdict, rule, close)


def _given(facts: Mapping[str, Fact], asked: Sequence[Question]) -> Mapping[str, Fact]:
    """The facts that the questionnaire states, by the keys of their questions."""
    return {q.key: facts[q.fact] for q in asked if facts[q.fact].provenance.origin is Origin.GIVEN}


def _contradicts(
    changes: Sequence[tuple[Question, Value]],
    facts: Mapping[str, Fact],
    given: Mapping[str, Fact],
    known: Contradictions,
) -> bool:
    """Whether changes contradict what was answered, so that no questionnaire could say so."""
    return impossible({**given} | {q.key: replace(facts[q.fact], value=value) for q, value in changes}, known)


def _flip(
    question: Question, facts: Mapping[str, Fact], value: Value, verdict: str, rule: str | None, close: Decimal | None
) -> Flip:
    now = facts[question.fact].value
    distance = None
    if isinstance(now, Decimal) and isinstance(value, Decimal) and (now > 0 or question.in_points):
        away = value - now if question.in_points else value / now - 1
        distance = away.quantize(Decimal("0.0001"), context=WIDE) or None  # just above nothing is no distance
    return Flip(question, now, value, verdict, rule, distance, close)


def _effort(question: Question, value: Value, facts: Mapping[str, Fact]) -> Decimal:
    """How far a change goes: a number's factor, and a word as much as a doubling."""
    now = facts[question.fact].value
    if not isinstance(value, Decimal) or not isinstance(now, Decimal):
        return Decimal(1)
    larger, smaller = max(abs(now), abs(value)), min(abs(now), abs(value))
    return larger / smaller - 1 if smaller else Decimal(10)


def _moves(question: Question, facts: Mapping[str, Fact]) -> Iterator[Value]:
    yield from _other_words(question, facts)
    value = facts[question.fact].value
    if question.numeric and isinstance(value, Decimal) and value > 0:
        for factor in PAIR_FACTORS:
            moved = (rounded(v, question.least) for v in (value * factor, value / factor))
            yield from (v for v in moved if v != value and _within(question, v))


def _within(question: Question, value: Decimal) -> bool:
    return (question.min is None or value >= question.min) and (question.max is None or value <= question.max)


def _outwards(question: Question, value: Value | None, direction: int) -> Iterator[Decimal]:
    """Values further and further from the one that is, within the bounds of the question."""
    if not question.numeric or not isinstance(value, Decimal):
        return
    low, high = question.min, question.max
    least = question.least
    bound = high if direction > 0 else low
    near = high is not None and low is not None and high - low <= 100
    if near and bound is not None:
        points = [value + (bound - value) * step for step in STEPS]
    elif value:
        points = [value * factor if direction > 0 else value / factor for factor in FACTORS]
    else:
        points = [Decimal(10) ** power for power in range(0, 10)] if direction > 0 else []
    last = value
    for point in points:
        kept = rounded(point if bound is None else min(point, bound) if direction > 0 else max(point, bound), least)
        if kept != last:
            yield kept
        last = kept
