"""Where the answers given so far stand: what they lead to, and whether an answer still open could change it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from hostwise.analysis.futures.robustness import sampled
from hostwise.analysis.futures.worth_asking import doubt
from hostwise.answers.facts import Fact, FactType
from hostwise.answers.files.answer import Answers
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.answers.to_facts import answer_facts
from hostwise.batch.cases import changed
from hostwise.batch.decide import decide_many
from hostwise.flow.flow import Basis, supposed_flow
from hostwise.flow.knowledge import Knowledge
from hostwise.flow.why.needs import open_questions
from hostwise.inference.run import Engine


class Standing(Struct, frozen=True):
    """`settled`: neither a future nor any word of an open answer leads elsewhere. `next` is the best to find out."""

    verdict: str
    settled: bool
    futures: int
    next: Question | None


def standing(answers: Answers, knowledge: Knowledge, as_of: date) -> Standing:
    """Where the answers stand. Raises `InputError` for answers that the economics refuse."""
    questionnaire = knowledge.questionnaire
    facts = answer_facts(answers, questionnaire)
    basis = Basis(knowledge.rulebook, knowledge.catalogue, as_of, Engine.REFERENCE)
    run = supposed_flow(facts, basis)
    verdict = run.choice.outcome
    found = sampled(run, facts, basis, questionnaire)
    open_ = doubt(found, verdict)
    turning = _turning(facts, basis, verdict, questionnaire)
    settled = run.choice.option is not None and not open_.wrong and turning is None
    worth = [each.question for each in open_.questions]
    needed = open_questions(run.choice.needs, run.facts, questionnaire)
    best = next((question for question in (*worth, turning, *needed) if question is not None), None)
    return Standing(verdict, settled, found.population.size, best)


def _turning(facts: Mapping[str, Fact], basis: Basis, verdict: str, questionnaire: Questionnaire) -> Question | None:
    """The first answer that is not known and of which some word leads elsewhere by itself."""
    tried = [
        (question, word)
        for question in questionnaire.questions
        if question.type in (FactType.BOOLEAN, FactType.ENUM) and not facts[question.fact].known
        for word in question.choices
    ]
    if not tried:
        return None
    outcomes = decide_many(changed(facts, [{question.fact: word} for question, word in tried], {}), basis)
    return next((q for case, (q, _) in enumerate(tried) if outcomes.of(case)[0] != verdict), None)
