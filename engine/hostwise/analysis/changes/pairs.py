"""Pairs of changes that flip the verdict together, where neither does alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import combinations

from msgspec import Struct

from hostwise.analysis.bisect import rounded
from hostwise.analysis.changes.changed_answers import (
    Flip,
    answers_that_change,
    contradicts,
    decided_with,
    effort,
    flip_to,
    other_words,
    stated,
    verdicts_with,
    within,
)
from hostwise.answers.facts import Fact, Value
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.batch.outcomes import REFUSED
from hostwise.economics.catalogue.options import CLOSE_CALL
from hostwise.flow.flow import Basis

PAIR_FACTORS = (Decimal(2), Decimal(10))


class Pair(Struct, frozen=True):
    """Two changes that flip the verdict together, where neither does alone."""

    first: Flip
    second: Flip


def nearest_pairs(
    facts: Mapping[str, Fact], basis: Basis, questionnaire: Questionnaire, most: int = 3
) -> tuple[Pair, ...]:
    """Pairs of changes that flip the verdict together: words, and numbers moved twofold or tenfold."""
    now = decided_with(facts, {}, basis, questionnaire)[0]
    asked = answers_that_change(facts, questionnaire)
    moves = [(question, value) for question in asked for value in _moves(question, facts)]
    pairs = [(one, other) for one, other in combinations(moves, 2) if one[0] is not other[0]]
    today, *verdicts = verdicts_with(
        facts, [{}, *({a.fact: x, b.fact: y} for (a, x), (b, y) in pairs)], basis, questionnaire
    )
    same = (now, today, CLOSE_CALL, REFUSED)
    flipped = [pair for pair, verdict in zip(pairs, verdicts, strict=True) if verdict not in same]
    ranked = sorted(flipped, key=lambda pair: sum(effort(question, value, facts) for question, value in pair))
    found: list[Pair] = []
    given = stated(facts, asked)
    for (one, x), (other, y) in ranked:
        if contradicts(((one, x), (other, y)), facts, given, questionnaire.contradictions):
            continue
        verdict, rule = decided_with(facts, {one.fact: x, other.fact: y}, basis, questionnaire)
        if verdict not in (now, REFUSED):
            found.append(Pair(*(flip_to(q, facts, value, verdict, rule, None) for q, value in ((one, x), (other, y)))))
        if len(found) == most:
            break
    return tuple(found)


def _moves(question: Question, facts: Mapping[str, Fact]) -> Iterator[Value]:
    yield from other_words(question, facts)
    value = facts[question.fact].value
    if question.numeric and isinstance(value, Decimal) and value > 0:
        for factor in PAIR_FACTORS:
            moved = (rounded(v, question.least) for v in (value * factor, value / factor))
            yield from (v for v in moved if v != value and within(question, v))
