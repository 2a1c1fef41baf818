"""Answers as facts: every question gives one, given, assumed or unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from hostwise.answers.facts import Fact, FactSpec, FactType, Origin, Provenance, Value, fixed
from hostwise.answers.files.answer import Answer, Answers
from hostwise.answers.questions.questions import Default, Question, Questionnaire
from hostwise.reading.translatable import fill


def answer_facts(answers: Answers, questionnaire: Questionnaire) -> dict[str, Fact]:
    """Facts by name. A default is used only where the file does not mention the question at all, or calls unknown what
    is then left out.

    It is what other answers imply, and none where another answer stands for it.
    """
    currency = answers.values.get("workload.currency")
    base = currency.value if currency and not currency.unknown else "USD"
    asked = [_with_default(question, answers) for question in questionnaire.questions]
    found = [fact for q in asked for fact in question_facts(q, answers.values.get(q.key), base)]
    return {fact.name: fact for fact in found}


def _with_default(question: Question, answers: Answers) -> Question:
    def given(key: str) -> Any:
        answer = answers.values.get(key)
        return None if answer is None or answer.unknown else answer.value

    return _counted(question, given)


def _counted(question: Question, given: Callable[[str], Any]) -> Question:
    """A question with what it counts as beside other answers, by their keys; None of one that nobody gave or knows."""
    implied, others = question.implied, question.default.unless if question.default else ()
    if implied is not None and all(test.holds(given(key)) for key, test in implied.when.items()):
        return counted_as_implied(question)
    return replace(question, default=None) if any(given(key) is not None for key in others) else question


def counted_as_implied(question: Question) -> Question:
    """A question that counts, where nobody answers it, as what other answers imply."""
    implied = question.implied
    return (
        question
        if implied is None
        else replace(question, default=Default(implied.value, implied.source, implied.because))
    )


def counted_with(
    change: Mapping[str, Value | None], facts: Mapping[str, Fact], questionnaire: Questionnaire
) -> Mapping[str, Value | None]:
    """Answers that are changed, by the names of their facts, with what others count as then that nobody answered."""

    def given(key: str) -> Any:
        name = questionnaire.by_key[key].fact
        known = facts[name].value if facts[name].provenance.place is not None else None
        return change.get(name, known)

    found = dict(change)
    for question, keys in questionnaire.follows:
        name = question.fact
        if name in change or facts[name].provenance.place is not None or keys.isdisjoint(change):
            continue
        default = _counted(question, given).default
        value = default.value if default is not None else None
        found[name] = (
            fixed(Decimal(value), FactType(question.type)) if question.numeric and value is not None else value
        )
    return found


def fact_specs(questionnaire: Questionnaire) -> dict[str, FactSpec]:
    """What rules may say about each fact of the questionnaire."""
    return {spec.name: spec for question in questionnaire.questions for spec in _specs(question)}


def _specs(question: Question) -> Iterator[FactSpec]:
    if question.type == "set":
        yield FactSpec(f"{question.fact}.count", FactType.COUNT, fill("number of {label}", label=question.label))
        for name, meaning in question.values.items():
            yield FactSpec(f"{question.fact}.{name}", FactType.BOOLEAN, f"{question.label}: {name} ({meaning})")
    elif question.type != "rates":
        yield FactSpec(question.fact, FactType(question.type), question.label, question.unit, question.value_names)


def question_facts(question: Question, answer: Answer | None, currency: str) -> Iterator[Fact]:
    """The facts of one question: several for a set and for exchange rates. `currency`: of amounts without one."""
    value, provenance = _value(question, answer)
    if question.type == "rates":
        for code, entry in (value or {}).items():
            stands = provenance if answer is None else replace(provenance, place=answer.part(code))
            yield Fact(
                f"exchange_rate.{code}", FactType.QUANTITY, fixed(entry["rate"], FactType.QUANTITY),
                stands, _rate_label(code, str(entry["as_of"] or "")), "USD",
            )  # fmt: skip
        return
    if question.type == "set":
        yield from _set_facts(question, value, provenance)
        return
    kind = FactType(question.type)
    unit = _unit(question, answer, currency)
    if not question.numeric:
        yield Fact(question.fact, kind, value, provenance, question.label, unit)
        return
    low, high = (answer.low, answer.high) if answer else (None, None)
    yield Fact(
        question.fact,
        kind,
        None if value is None else fixed(Decimal(value), kind),
        provenance,
        question.label,
        unit,
        None if low is None else fixed(low, kind),
        None if high is None else fixed(high, kind),
    )


def _value(question: Question, answer: Answer | None) -> tuple[Any, Provenance]:
    if answer is not None and not (answer.unknown and question.unknown_is_left_out):
        return answer.value, Provenance(Origin.GIVEN, answer.place, question.key)
    if question.default is not None:
        default = question.default
        source = fill("{source}: {because}", source=default.source, because=default.because)
        return question.default.value, Provenance(Origin.ASSUMED, key=question.key, source=source)
    return None, Provenance(Origin.GIVEN, key=question.key)


def _rate_label(code: str, day: str) -> str:
    if not day:
        return fill("dollars for one {currency}", currency=code)
    return fill("dollars for one {currency}, {day}", currency=code, day=day)


def _set_facts(question: Question, value: Any, provenance: Provenance) -> Iterator[Fact]:
    count = None if value is None else fixed(Decimal(len(value)), FactType.COUNT)
    yield Fact(
        f"{question.fact}.count", FactType.COUNT, count, provenance, fill("number of {label}", label=question.label)
    )
    for name in question.values:
        held = None if value is None else name in value
        yield Fact(
            f"{question.fact}.{name}",
            FactType.BOOLEAN,
            held,
            provenance,
            fill("{label}: {value}", label=question.label, value=name),
        )


def _unit(question: Question, answer: Answer | None, currency: str) -> str:
    """Amounts without a currency are in the reporting currency; the unit says which."""
    if question.type != "money":
        return question.unit
    return question.unit.replace("USD", (answer.currency if answer else None) or currency)
