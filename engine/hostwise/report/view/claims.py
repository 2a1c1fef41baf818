"""The claims of the source documents that a record cites, and what each says."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hostwise.flow.why.reasons import Reason
from hostwise.record.format.record import Record
from hostwise.record.format.verdict import GivenAdvice, Requirement
from hostwise.rulebook.loading.citations import Cite

PRINTED = ("derive", "gate", "choose")
"""The stages of which paper has the rules that fired with what they cite; what the others say stands in the plan."""
_NUMBERS = re.compile(r"\d+")


def claims_of(record: Record) -> tuple[Cite, ...]:
    """Every claim that a rule or a figure cites and that says something, once, by document and number."""
    return _listed([*(cite for rule in record.rules for cite in rule.cites), *record.rulebook.cites])


def printed_claims_of(record: Record) -> tuple[Cite, ...]:
    """The same of what paper cites: the rules that fired, and what an engineer reads."""
    fired = (rule for rule in record.rules if rule.truth == "true" and rule.stage in PRINTED)
    return _listed([*(cite for rule in fired for cite in rule.cites), *advice_claims_of(record)])


def advice_claims_of(record: Record) -> tuple[Cite, ...]:
    """The same of the claims that the reasons, the advice and the sources of figures cite."""
    verdict = record.verdict
    advice = (*verdict.conditions, *verdict.risks, *verdict.next_steps, *verdict.revisit, *verdict.notes)
    citing: tuple[Reason | GivenAdvice | Requirement, ...] = (*verdict.reasons, *advice, *verdict.requirements)
    return _listed([*(cite for each in citing for cite in each.cites), *record.rulebook.cites])


def _listed(cites: Iterable[Cite]) -> tuple[Cite, ...]:
    found = {cite.id: cite for cite in cites if cite.text}
    return tuple(found[name] for name in sorted(found, key=_place))


def _place(name: str) -> tuple[list[int], str]:
    return [int(number) for number in _NUMBERS.findall(name)], name
