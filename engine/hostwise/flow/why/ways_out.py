"""Where no option is left: which gates exclude one another, and what would open a way.

Each option is excluded by a set of gates. A smallest set of gates that touches every one of those sets is a
conflict: these few alone leave nothing. A smallest of those sets, lifted whole, opens at least one option.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import combinations

from msgspec import Struct

from hostwise.answers.fact_text import format_fact
from hostwise.answers.facts import Fact
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.flow.choice_facts import monthly
from hostwise.flow.flow import Basis, FlowRun, Status, choose_without
from hostwise.flow.gates import Gates
from hostwise.flow.trail import followed
from hostwise.inference.run import RuleTrace

Ids = tuple[str, ...]


class AnswerToChange(Struct, frozen=True):
    """An answer that lifted gates rest on, as it was given, and who can change it."""

    key: str
    label: str
    shown: str
    ask_of: str


class WayOut(Struct, frozen=True):
    """Gates that would have to give way together, and the option that would then be chosen, with its monthly cost."""

    lift: Ids
    answers: tuple[AnswerToChange, ...]
    option: str
    label: str
    sentence: str
    monthly: Decimal | None


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


def ways_out(run: FlowRun, basis: Basis, questionnaire: Questionnaire) -> tuple[WayOut, ...]:
    """Each smallest set of gates whose lifting leads to an option, by a run of the choice without them."""
    found = []
    for lift in _smallest(run.gates.excluded.values()):
        choice = choose_without(run, lift, basis).choice
        if choice.status is Status.DECIDED and choice.option:
            found.append(_way_out(lift, choice.option, run, basis, questionnaire))
    return tuple(found)


def _way_out(lift: Ids, option: str, run: FlowRun, basis: Basis, questionnaire: Questionnaire) -> WayOut:
    chosen, cost = basis.catalogue.options[option], run.facts[monthly(option)].value
    answers = tuple(
        AnswerToChange(
            question.key, question.label, format_fact(run.facts[question.fact]), questionnaire.ask_of(question)
        )
        for question in answers_to_change(lift, run, questionnaire)
    )
    return WayOut(lift, answers, option, chosen.label, chosen.sentence, cost if isinstance(cost, Decimal) else None)


def _smallest(sets: Iterable[Ids]) -> tuple[Ids, ...]:
    """The sets that hold no other of them, each once, the smallest first."""
    unique = sorted(dict.fromkeys(sets), key=len)
    return tuple(one for one in unique if not any(set(other) < set(one) for other in unique))


def answers_to_change(lift: Ids, run: FlowRun, questionnaire: Questionnaire) -> tuple[Question, ...]:
    """The answers that the lifted gates rest on, without words that the gates which stay rest on as well.

    A number may move so far that one gate gives way and another stays.
    """
    fired = [trace for trace in run.traces if trace.rule.stage == "gate" and trace.truth is True]
    kept = {q.key for t in fired if t.rule.id not in lift for q in _answers_behind(t, run.facts, questionnaire)}
    behind = (q for t in fired if t.rule.id in lift for q in _answers_behind(t, run.facts, questionnaire))
    unique = {question.key: question for question in behind}
    return tuple(q for q in unique.values() if q.numeric or q.key not in kept) or tuple(unique.values())


def _answers_behind(trace: RuleTrace, facts: Mapping[str, Fact], questionnaire: Questionnaire) -> Iterator[Question]:
    """The answers that a rule rests on, derived facts followed down to the questions."""
    by_fact = questionnaire.by_fact

    def below(name: str) -> tuple[str, ...]:
        return () if name in by_fact or name not in facts else facts[name].provenance.inputs

    trail = (name for name, _ in followed(trace.reads, below) if name in by_fact)
    return (by_fact[name] for name in trail if name in facts and facts[name].known)
