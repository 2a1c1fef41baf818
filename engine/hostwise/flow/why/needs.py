"""Which answers would settle an open decision, and what each of them would settle it to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import Fact, FactType, Origin, Provenance
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.answers.to_facts import counted_with
from hostwise.economics.catalogue.options import UNDECIDED
from hostwise.flow.flow import Basis, FlowRun, Status, lands_on
from hostwise.flow.labels import listed, say
from hostwise.flow.trail import followed
from hostwise.inference.hit_policies import first
from hostwise.reading.findings.diagnostics import InputError
from hostwise.reading.translatable import joined

Decided = Callable[[Mapping[str, Fact]], FlowRun]
"""Decides answers as far as the verdict."""


class Need(Struct, frozen=True):
    """One answer to get, who can give it, and in words what each of its values would settle."""

    fact: str
    key: str
    label: str
    question: str
    why: str
    settles: str
    ask_of: str


class OpenQuestion(Struct, frozen=True):
    """A question to ask. `settles` pairs each accepted value with the outcome it would give.

    `otherwise` are open questions that ask the same in another unit: an answer to one is enough.
    """

    question: Question
    settles: tuple[tuple[str, str], ...]
    otherwise: tuple[Question, ...] = ()

    @property
    def label(self) -> str:
        """What to get: tokens a day or tokens a month."""
        return listed([question.label for question in (self.question, *self.otherwise)], "or")


def open_questions(
    names: Iterable[str], facts: Mapping[str, Fact], questionnaire: Questionnaire
) -> tuple[Question, ...]:
    """Follow unknown derived facts down to the questions whose answers they wait for."""
    below = _questions_below(names, facts, questionnaire)
    return tuple(each for each in below if each.fact not in facts or not facts[each.fact].known)


def _questions_below(
    names: Iterable[str], facts: Mapping[str, Fact], questionnaire: Questionnaire
) -> tuple[Question, ...]:
    """The questions at the end of the trail of unknown facts, answered or not."""
    by_fact = questionnaire.by_fact

    def below(name: str) -> tuple[str, ...]:
        fact = facts.get(name)
        return () if name in by_fact or fact is None or fact.known else fact.provenance.inputs

    return tuple(by_fact[name] for name, _ in followed(names, below) if name in by_fact)


def what_settles(
    run: FlowRun, answers: Mapping[str, Fact], decided: Decided, questionnaire: Questionnaire
) -> tuple[OpenQuestion, ...]:
    """Each open question, with the outcome of each of its values where they can be listed.

    Every listed outcome is a run of the flow by `decided`, costs included, with that one answer filled in.
    """
    waits = _in_the_way(run)
    # Nothing is unanswered where an answer itself leaves an option without a price: that one is named.
    questions = open_questions(waits, run.facts, questionnaire) or _questions_below(waits, run.facts, questionnaire)
    return tuple(
        OpenQuestion(question, _outcomes(question, answers, decided, questionnaire), otherwise)
        for question, otherwise in each_once(questions, questionnaire)
    )


def each_once(
    questions: Sequence[Question], questionnaire: Questionnaire
) -> Iterator[tuple[Question, tuple[Question, ...]]]:
    """Each question with those after it that ask for the same amount: a day's, and a month's."""
    pairs = questionnaire.contradictions.volumes.day_and_month
    same = {key: pair[0] for pair in pairs for key in pair}
    alike: dict[str, list[Question]] = {}
    for question in questions:
        alike.setdefault(same.get(question.key, question.key), []).append(question)
    for first_asked, *others in alike.values():
        yield first_asked, tuple(others)


def _in_the_way(run: FlowRun) -> tuple[str, ...]:
    """What an open decision waits for: unknown gates, and whatever would still be open behind them."""
    left = run.gates.feasible
    behind = first([t for t in run.traces if t.rule.stage == "choose"], lambda rule: lands_on(rule, left) is not None)
    if len({lands_on(trace.rule, left) for trace in behind.possible}) < 2:
        return run.choice.needs
    waits = behind.chosen is not None and lands_on(behind.chosen.rule, left) == UNDECIDED
    unknown = [name for name in behind.chosen.reads if not run.facts[name].known] if waits and behind.chosen else []
    return tuple(dict.fromkeys((*run.choice.needs, *behind.needs, *unknown)))


def _outcomes(
    question: Question, answers: Mapping[str, Fact], decided: Decided, questionnaire: Questionnaire
) -> tuple[tuple[str, str], ...]:
    values = question.choices if question.type in (FactType.BOOLEAN, FactType.ENUM) else ()
    outcomes = ((_spelling(value), _outcome(question, value, answers, decided, questionnaire)) for value in values)
    return tuple((value, outcome) for value, outcome in outcomes if outcome is not None)


def _outcome(
    question: Question, value: bool | str, answers: Mapping[str, Fact], decided: Decided, questionnaire: Questionnaire
) -> str | None:
    """What a value would settle; None of one that cannot be true beside the other answers."""
    supposed = Provenance(Origin.ASSUMED, key=question.key, source="supposed, to see what it settles")
    fact = Fact(question.fact, FactType(question.type), value, supposed, question.label)
    others = counted_with({question.fact: value}, answers, questionnaire)
    moved = {name: replace(answers[name], value=other) for name, other in others.items()}
    try:
        run = decided({**answers, **moved, question.fact: fact})
    except InputError:
        return None
    return str(run.choice.option) if run.choice.status is Status.DECIDED else run.choice.status.value


def _spelling(value: bool | str) -> str:
    return value if isinstance(value, str) else ("yes" if value else "no")


def needs(
    asked: Iterable[OpenQuestion],
    possible: Sequence[str],
    basis: Basis,
    questionnaire: Questionnaire,
    wording: Mapping[str, str],
) -> tuple[Need, ...]:
    """The same in words. `possible` are the options still open."""
    return tuple(
        Need(
            fact=each.question.fact,
            key=each.question.key,
            label=each.label,
            question=each.question.help,
            why=each.question.why,
            settles=_settles(each, possible, basis, wording),
            ask_of=questionnaire.ask_of(each.question),
        )
        for each in asked
    )


def _settles(asked: OpenQuestion, possible: Sequence[str], basis: Basis, wording: Mapping[str, str]) -> str:
    if not asked.settles:
        names = [_label(option, basis, wording) for option in possible if option in basis.catalogue.options]
        known = len(names) > 1
        return say(wording, "need.number", possible=listed(names, "or")) if known else say(wording, "need.waited_for")
    if all(outcome == Status.UNDECIDED.value for _, outcome in asked.settles):
        return say(wording, "need.not_alone")
    settled = [
        say(wording, "need.settles", value=value, outcome=_label(outcome, basis, wording))
        for value, outcome in asked.settles
    ]
    return joined(settled, "; ")


def _label(outcome: str, basis: Basis, wording: Mapping[str, str]) -> str:
    if outcome in basis.catalogue.options:
        return basis.catalogue.options[outcome].label
    return say(wording, "need.settles_open" if outcome == Status.UNDECIDED.value else "need.settles_infeasible")
