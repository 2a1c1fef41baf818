"""Facts given directly, as cases of the workbench have them: no questionnaire, no ledgers."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from hostwise.answers.facts import Fact, FactSpec, Origin, Provenance, Value
from hostwise.rulebook.language.rules import Rulebook

NO_COSTING: Any = SimpleNamespace(ledgers={}, facts=(), break_evens=(), notes=())
"""Costs stand among the facts of a case; there are no ledgers behind them."""


def facts_of(values: Mapping[str, Value], rulebook: Rulebook) -> dict[str, Fact]:
    """Facts by name; every fact that is not derived by a rule and not named is unknown."""
    derived = {fact.spec.name for pack in rulebook.packs for fact in pack.facts}
    specs = {name: spec for name, spec in rulebook.specs.items() if name not in derived}
    return {name: given_fact(spec, values.get(name)) for name, spec in specs.items()}


def given_fact(spec: FactSpec, value: Value | None) -> Fact:
    """A fact as an answer would give it. Money is in dollars where the specification leaves the currency open."""
    unit = spec.unit.replace("reporting", "USD/month")
    return Fact(spec.name, spec.type, value, Provenance(Origin.GIVEN), spec.label, unit)
