"""Finding a rule, a fact, a source or a claim by its name; a name that is not there ends in the nearest one."""

from __future__ import annotations

from collections.abc import Iterable

from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.reading.findings.suggest import nearest
from hostwise.rulebook.language.rules import Rule, Rulebook


def known(what: str, name: str, names: Iterable[str]) -> str:
    """The name itself, if it is one of `names`. Raises `InputError` with the nearest one if it is not."""
    among = tuple(dict.fromkeys(names))
    if name in among:
        return name
    accepted = ", ".join(among) if len(among) <= 12 else None
    message = f"there is no {what} {name!r}"
    raise InputError(
        [Diagnostic(Place(name), f"unknown-{what}", message, accepted=accepted, suggestion=nearest(name, among))]
    )


def rule_named(rulebook: Rulebook, identity: str) -> Rule:
    """The rule with this id. Raises `InputError` with the nearest id if there is none."""
    rules = {rule.id: rule for rule in rulebook.rules}
    return rules[known("rule", identity, rules)]
