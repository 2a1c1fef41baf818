"""Where each fact comes from, and who reads it: questions, the cost model, gates, other packs, rules."""

from __future__ import annotations

from msgspec import Struct

from hostwise.answers.facts import FactSpec
from hostwise.answers.questions.questions import Question
from hostwise.economics.cost_facts import economics_specs
from hostwise.flow.choice_facts import choice_specs
from hostwise.flow.knowledge import Knowledge
from hostwise.rulebook.language.rules import HOUSE, Rule

QUESTION, COSTS, CHOICE, VERDICT, INPUT, RULES = "question", "cost model", "choice", "verdict", "input", "rules"
"""Who makes a fact. `choice` are the facts on what the gates left; `verdict` those on what was chosen."""


class FactOrigin(Struct, frozen=True):
    """One fact: what it may be, who makes it (`by`: the key of a question, a pack, ids of rules), who reads it."""

    spec: FactSpec
    kind: str
    by: tuple[str, ...]
    readers: tuple[str, ...]


def origin_of(name: str, knowledge: Knowledge, source: str = HOUSE) -> FactOrigin:
    """Where a fact comes from among the rules of one source, and the ids of that source's rules that read it.

    A fact that only other sources derive is theirs.
    """
    rules = [rule for rule in knowledge.rulebook.rules if rule.source == source]
    kind, by = _maker(name, knowledge, rules)
    return FactOrigin(knowledge.rulebook.specs[name], kind, by, tuple(r.id for r in rules if name in r.reads))


def question_of(name: str, knowledge: Knowledge) -> Question | None:
    """The question that gives a fact; those of a question with several answers are named after it."""
    for question in knowledge.questionnaire.questions:
        several = question.type == "set" and name.startswith(f"{question.fact}.")
        if several or (question.fact == name and question.type != "rates"):
            return question
    return None


def _maker(name: str, knowledge: Knowledge, rules: list[Rule]) -> tuple[str, tuple[str, ...]]:
    packs = knowledge.rulebook.packs
    question = question_of(name, knowledge)
    if question is not None:
        return QUESTION, (question.key,)
    if name in economics_specs(knowledge.catalogue):
        return COSTS, ()
    if name.partition(".")[0] == "verdict":
        return VERDICT, ()
    if name in choice_specs(knowledge.catalogue):
        return CHOICE, ()
    if any(fact.spec.name == name for pack in packs for fact in pack.facts):
        makers = [rule.id for rule in rules if name in rule.sets]
        return RULES, tuple(makers or (rule.id for rule in knowledge.rulebook.rules if name in rule.sets))
    return INPUT, tuple(pack.id for pack in packs if any(given.spec.name == name for given in pack.inputs))
