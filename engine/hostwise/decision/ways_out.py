"""Where no option is left: which gates exclude one another, and what would open a way.

Each option is excluded by a set of gates. A smallest set of gates that touches every one of those sets is a
conflict: these few alone leave nothing. A smallest of those sets, lifted whole, opens at least one option.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from msgspec import Struct

from hostwise.answers.facts import Fact
from hostwise.answers.questions import Question, Questionnaire
from hostwise.decision.feasible import Gates
from hostwise.decision.flow import Basis, Course, Status, choose_without
from hostwise.inference.run import RuleTrace

Ids = tuple[str, ...]


class WayOut(Struct, frozen=True):
    """Gates that would have to give way together, and the option that would then be chosen."""

    lift: Ids
    option: str


def conflicts(gates: Gates) -> tuple[Ids, ...]:
    """The smallest sets of gates that exclude every option between them, the smallest first."""
    return tuple(_smallest_covers([gates.excluded.get(option, ()) for option in gates.options]))


def _smallest_covers(excluders: list[Ids]) -> Iterator[Ids]:
    if not all(excluders):
        return  # an option that no gate excludes: nothing excludes everything
    known = tuple(dict.fromkeys(rule for rules in excluders for rule in rules))
    found: list[frozenset[str]] = []
    for size in range(1, len(known) + 1):
        for rules in combinations(known, size):
            chosen = frozenset(rules)
            if any(smaller <= chosen for smaller in found):
                continue
            if all(chosen.intersection(option) for option in excluders):
                found.append(chosen)
                yield rules


def ways_out(course: Course, basis: Basis) -> tuple[WayOut, ...]:
    """Each smallest set of gates whose lifting leads to an option, by a run of the choice without them."""
    found = []
    for lift in _smallest(course.gates.excluded.values()):
        choice = choose_without(course, lift, basis).choice
        if choice.status is Status.DECIDED and choice.option:
            found.append(WayOut(lift, choice.option))
    return tuple(found)


def _smallest(sets: Iterable[Ids]) -> tuple[Ids, ...]:
    """The sets that hold no other of them, each once, the smallest first."""
    unique = sorted(dict.fromkeys(sets), key=len)
    return tuple(one for one in unique if not any(set(other) < set(one) for other in unique))


def answers_to_change(lift: Ids, course: Course, questionnaire: Questionnaire) -> tuple[Question, ...]:
    """The answers that the lifted gates rest on, without those that the gates which stay rest on as well."""
    fired = [trace for trace in course.traces if trace.rule.stage == "gate" and trace.truth is True]
    kept = {q.key for t in fired if t.rule.id not in lift for q in _answers_behind(t, course.facts, questionnaire)}
    behind = (q for t in fired if t.rule.id in lift for q in _answers_behind(t, course.facts, questionnaire))
    unique = {question.key: question for question in behind}
    return tuple(q for q in unique.values() if q.key not in kept) or tuple(unique.values())


def _answers_behind(trace: RuleTrace, facts: Mapping[str, Fact], questionnaire: Questionnaire) -> Iterator[Question]:
    """The answers that a rule rests on, derived facts followed down to the questions."""
    pending, seen = list(trace.reads), set[str]()
    while pending:
        name = pending.pop(0)
        fact = facts.get(name)
        if name in seen or fact is None:
            continue
        seen.add(name)
        question = questionnaire.by_fact.get(name)
        if question is None:
            pending.extend(fact.provenance.inputs)
        elif fact.known:
            yield question
