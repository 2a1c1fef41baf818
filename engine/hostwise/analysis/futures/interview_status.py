"""Where the answers given so far stand: the verdict in money, and which open answers could still change it.

Questions that must be answered and were not asked yet are supposed to have their usual answer, so that there is a
verdict from the first; nothing is decided on a supposition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from hostwise.analysis.futures.confirm import future_facts
from hostwise.analysis.futures.robustness import Sampled, cents, sampled
from hostwise.analysis.futures.uncertain import matters, may_be_drawn
from hostwise.analysis.futures.worth_asking import doubt
from hostwise.answers.facts import Fact, FactType, Origin
from hostwise.answers.files.answer import Answers
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.answers.to_facts import counted_with
from hostwise.batch.cases import changed
from hostwise.batch.decide import decide_settled
from hostwise.economics.numbers.currency import reporting_currency
from hostwise.economics.plans.competing.tier import known_facts
from hostwise.flow.choice_facts import monthly
from hostwise.flow.doubts import doubts
from hostwise.flow.flow import Basis, FlowRun, choose_flow, conclude
from hostwise.flow.knowledge import Knowledge
from hostwise.flow.read_back import read_back
from hostwise.flow.why.needs import open_questions
from hostwise.inference.run import Engine
from hostwise.reading.findings.diagnostics import Diagnostic

LEAST_DOUBT, LEAST_REGRET = Decimal("0.01"), Decimal("0.01")
"""What an answer must be worth to be asked for: off the chance of a wrong verdict, or off the regret for each dollar
that the cheapest option costs."""


class RankedQuestion(Struct, frozen=True):
    """An open question, and what its answer is worth: chance of a wrong verdict, money a month.

    `waited_for` where the rules wait for it; such come first.
    """

    question: Question
    wrong: Decimal
    regret: Decimal
    waited_for: bool


class Standing(Struct, frozen=True):
    """`outcome` is an option or a status, `share` in how many of the `futures` it comes out, `costs` the money a month
    of the options that are left, cheapest first, `supposed` the questions whose usual answer stands for them.

    `settled`: neither a future nor any word of an open answer leads elsewhere.
    """

    outcome: str
    decided: bool
    plan: str | None
    share: Decimal
    futures: int
    costs: tuple[tuple[str, Decimal], ...]
    currency: str
    settled: bool
    questions: tuple[RankedQuestion, ...]
    supposed: tuple[Question, ...]
    read_as: tuple[str, ...]
    doubts: tuple[Diagnostic, ...]


def standing(answers: Answers, knowledge: Knowledge, as_of: date) -> Standing:
    """Where the answers stand. Raises `InputError` for answers that the economics refuse."""
    questionnaire = knowledge.questionnaire
    given = known_facts(answers, questionnaire, knowledge.catalogue)
    supposed = tuple(
        q
        for q in questionnaire.questions
        if q.usual is not None and not given[q.fact].known and q.key not in answers.values
    )
    facts = {**given, **{q.fact: _usual(given[q.fact], q) for q in supposed}}
    basis = Basis(knowledge.rulebook, knowledge.catalogue, as_of, Engine.REFERENCE)
    run = choose_flow(facts, basis)
    found = sampled(run, facts, basis, questionnaire)
    run = conclude(run, future_facts(run, found, basis), basis)
    outcome, costs = run.choice.outcome, tuple(sorted(_costs(run), key=lambda each: each[1]))
    cost = costs[0][1] if costs else _least_on_average(found)
    ranked = tuple(_ranked(run, found, facts, basis, questionnaire, cost))
    wrong = doubt(found, outcome).wrong
    plan = run.costing.plans.get(run.choice.option) if run.choice.option else None
    return Standing(
        outcome=outcome,
        decided=run.choice.option is not None,
        plan=plan.best.text if plan else None,
        share=1 - wrong,
        futures=found.population.size,
        costs=costs,
        currency=reporting_currency(run.facts),
        settled=run.choice.option is not None and not wrong and not ranked,
        questions=ranked,
        supposed=supposed,
        read_as=read_back(run.facts, run.costing, knowledge.catalogue),
        doubts=doubts(answers.values, run.facts, questionnaire, basis.catalogue, basis.as_of),
    )


def _usual(fact: Fact, question: Question) -> Fact:
    """The usual answer, as if it were given: what is supposed is not drawn."""
    assert question.usual is not None
    return replace(fact, value=question.usual.answer, provenance=replace(fact.provenance, origin=Origin.GIVEN))


def _costs(run: FlowRun) -> Iterator[tuple[str, Decimal]]:
    for option in run.gates.feasible:
        amount = run.facts[monthly(option)].value
        if isinstance(amount, Decimal):
            yield option, amount


def _least_on_average(found: Sampled) -> Decimal:
    """What the cheapest option that is left costs a month, the mean of the futures in which one is priced."""
    costs = np.where(found.outcomes.left, found.outcomes.costs, np.nan)
    priced = costs[~np.isnan(costs).all(axis=1)]
    return cents(float(np.nanmin(priced, axis=1).mean())) if len(priced) else Decimal(0)


def _ranked(
    run: FlowRun, found: Sampled, facts: Mapping[str, Fact], basis: Basis, questionnaire: Questionnaire, cost: Decimal
) -> Iterator[RankedQuestion]:
    """What the rules wait for first, by its worth; then what is worth asking; then words that lead elsewhere alone."""
    worths = {each.question.key: each for each in doubt(found, run.choice.outcome).questions}
    waited = {question.key: question for question in open_questions(run.choice.needs, run.facts, questionnaire)}
    nothing = Decimal(0)

    def ranked(question: Question, *, waited_for: bool = False) -> RankedQuestion:
        worth = worths.get(question.key)
        return RankedQuestion(
            question, worth.wrong if worth else nothing, worth.regret if worth else nothing, waited_for
        )

    first = sorted((ranked(q, waited_for=True) for q in waited.values()), key=lambda r: (-r.wrong, -r.regret))
    yield from first
    for key, worth in worths.items():
        if key not in waited and (worth.wrong >= LEAST_DOUBT or worth.regret > cost * LEAST_REGRET):
            yield ranked(worth.question)
    if run.choice.option is not None:
        for question in _turning(facts, run, basis, questionnaire):
            if question.key not in waited and question.key not in worths:
                yield ranked(question)


def _turning(facts: Mapping[str, Fact], run: FlowRun, basis: Basis, questionnaire: Questionnaire) -> Iterator[Question]:
    """The answers that are not known and of which some word leads to another option by itself."""
    tried = [
        (question, word)
        for question in questionnaire.questions
        if question.type in (FactType.BOOLEAN, FactType.ENUM)
        and not (question.is_the_work or facts[question.fact].known)
        and matters(question, facts, questionnaire)
        and may_be_drawn(question, run.facts)
        for word in question.choices
    ]
    if tried:
        changes = [counted_with({question.fact: word}, facts, questionnaire) for question, word in tried]
        outcomes = decide_settled(changed(facts, changes, {}), basis)
        others = {*basis.options} - {run.choice.outcome}
        yield from {q.key: q for case, (q, _) in enumerate(tried) if outcomes.of(case)[0] in others}.values()
