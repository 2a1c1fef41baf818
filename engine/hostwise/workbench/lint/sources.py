"""Lints on where rules come from: claims that no register holds, thresholds that no cited claim states."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from hostwise.answers.facts import FactType
from hostwise.flow.knowledge import Knowledge
from hostwise.reading.findings.diagnostics import Diagnostic, Severity
from hostwise.reading.findings.suggest import nearest
from hostwise.rulebook.language import conditions as c
from hostwise.rulebook.language.rules import Rule
from hostwise.rulebook.loading.citations import Citation, load_citations

_MONTH = Decimal(30)
OWN_FIGURES = ("house", "reading")
"""What a rule may be whose numbers are ours: our own rule, or our reading where a document is silent."""
NOT_FIGURES = (Decimal(0), Decimal(1))
"""Nothing and all: a rule may ask for them without a source."""


def unknown_claims(knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Citations of claims that the register does not hold."""
    register = load_citations(knowledge.root)
    for rule in knowledge.rulebook.rules:
        for claim in rule.cites:
            if register and claim not in register:
                message = f"{rule.id} cites {claim}, and the register has no such claim"
                yield Diagnostic(rule.place, "unknown-claim", message, accepted="a claim of sources/claims.yaml",
                                 suggestion=nearest(claim, register))  # fmt: skip


def thresholds_without_source(knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Numbers in conditions that none of the claims cited by the rule states.

    A rule that is ours may set a number of its own: then it is a note, so that a reader can see them all.
    """
    register = load_citations(knowledge.root)
    for rule in knowledge.rulebook.rules:
        stated = {figure for claim in rule.cites if claim in register for figure in _figures(register[claim])}
        for test in c.tests(rule.when):
            kind = knowledge.rulebook.specs[test.fact].type
            for number in _numbers(test.unary):
                if number not in NOT_FIGURES and not _spellings(number, kind) & stated:
                    yield _finding(rule, test, register != {})


def _finding(rule: Rule, test: c.Test, registered: bool) -> Diagnostic:
    own = rule.status in OWN_FIGURES or not registered
    message = f"{rule.id}: {test.fact} {test.text} equals no figure of the claims that it cites"
    accepted = "a claim that states it, or status: reading" if not own else "a figure of our own"
    severity = Severity.NOTE if own else Severity.WARNING
    return Diagnostic(rule.place, "threshold-without-source", message, accepted=accepted, severity=severity)


def _numbers(unary: c.Unary) -> Iterator[Decimal]:
    if isinstance(unary, c.Compare) and isinstance(unary.operand, Decimal):
        yield unary.operand
    elif isinstance(unary, c.Interval):
        yield from (unary.low, unary.high)
    elif isinstance(unary, c.Equals) and isinstance(unary.value, Decimal):
        yield unary.value
    elif isinstance(unary, c.Negated):
        yield from _numbers(unary.test)
    elif isinstance(unary, c.OneOf):
        for test in unary.tests:
            yield from _numbers(test)


def _spellings(number: Decimal, kind: FactType) -> set[Decimal]:
    """A threshold as a source may have stated it: tokens a month, or a day."""
    if kind is FactType.TOKENS:
        return {number, number / _MONTH, number * _MONTH}
    return {number}


def _figures(claim: Citation) -> Iterator[Decimal]:
    """The ends of every figure of a claim; a percentage as a share too, a year's money as a month's."""
    for figure in claim.figures:
        for end in (figure.low, figure.high):
            if end is not None:
                yield end
                if figure.unit.startswith("percent"):
                    yield end / 100
                if figure.unit.endswith("/year"):
                    yield end / 12
