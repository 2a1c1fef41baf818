"""Conclusions said in English, beside `english.py`, which says conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import FactSpec, FactType
from hostwise.rulebook.language.conditions import Literal
from hostwise.rulebook.language.rules import (
    CHOSEN,
    LEAST_CHANGE,
    LEAST_REGRET,
    Advice,
    Conclusion,
    Exclude,
    Require,
    SetFacts,
    Take,
    Verdict,
    Vote,
)

TAKES: Mapping[str, str] = {
    CHOSEN: "what was chosen",
    LEAST_REGRET: "the option of least regret over the futures",
    LEAST_CHANGE: "the option that changes least",
}


def follows(then: Conclusion, specs: Mapping[str, FactSpec], options: Mapping[str, str]) -> str:
    """What follows from a rule, as a clause. `options` are the labels of options and of outcomes by id."""
    if isinstance(then, SetFacts):
        return "; ".join(_set(specs[name], value) for name, value in then.values)
    if isinstance(then, Exclude):
        return f"ruled out: {_named(then.options, options)}"
    if isinstance(then, Require):
        return f"nothing is left but {_named(then.options, options)}"
    if isinstance(then, Verdict):
        first, *rest = (options.get(option, option) for option in then.options)
        return "; where that is ruled out, ".join([f"the verdict is {first}", *rest])
    if isinstance(then, Take):
        return f"the verdict is {TAKES[then.take]}"
    if isinstance(then, Advice):
        owner, due = (f"owner: {then.owner}" if then.owner else "", f"when: {then.when_due}" if then.when_due else "")
        more = "; ".join(part for part in (owner, due) if part)
        return f"{then.kind.replace('_', ' ')}: {' '.join(then.text.split())}" + (f" ({more})" if more else "")
    hard = "; a hard gate, which no unknown answer holds up" if then.hard_gate else ""
    return f"the document's vote is {options.get(then.vote, then.vote)}{hard}"


def briefly(then: Conclusion, specs: Mapping[str, FactSpec], options: Mapping[str, str]) -> str:
    """The same for a cell of a table: the names alone where the stage says what happens to them."""
    if isinstance(then, Exclude):
        return f"out: {_named(then.options, options)}"
    if isinstance(then, Require):
        return f"only: {_named(then.options, options)}"
    if isinstance(then, Verdict):
        return ", else ".join(options.get(option, option) for option in then.options)
    if isinstance(then, Vote):
        return options.get(then.vote, then.vote) + (" (hard gate)" if then.hard_gate else "")
    if isinstance(then, Advice):
        return then.kind.replace("_", " ")
    return follows(then, specs, options)


def _set(spec: FactSpec, value: Literal) -> str:
    joint = ":" if spec.type is FactType.BOOLEAN else " is"
    return f"{spec.label or spec.name}{joint} {format_value(value, spec.type, spec.unit)}"


def _named(names: Iterable[str], labels: Mapping[str, str]) -> str:
    return ", ".join(labels.get(name, name) for name in names)
