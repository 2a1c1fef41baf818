"""The facts that the choice is made on: what is left, the cheapest of each kind, and what it would save.

Which options each is about stands in `rules/facts.yaml`. They are a table (`Rulebook.choice_facts`) because it has
several readings: computed here, and exported to other engines and to the solver by the workbench.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from hostwise.answers.facts import Fact, FactSpec, FactType, Origin, Provenance, Value, fixed
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.computed_facts import (
    CHOSEN,
    EACH_FUTURE,
    FAMILY,
    LEAST_REGRET,
    LEFT,
    MARGINS,
    MONTHLY,
    UNCHANGED,
    VERDICT,
    AnyLeft,
    Cheapest,
    ChoiceFact,
    ComputedFact,
    Saving,
    name_for,
)
from hostwise.economics.catalogue.options import NEEDS, OPEN
from hostwise.flow.gates import Gates
from hostwise.reading.translatable import fill, prose

NO_FAMILY = "none"
"""The family of a verdict that is no option."""


def monthly(option: str) -> str:
    """The name of the fact that holds an option's monthly cost."""
    return name_for(MONTHLY, option)


def left(option: str) -> str:
    """The name of the fact that an option is not excluded."""
    return name_for(LEFT, option)


def choice_specs(catalogue: Catalogue) -> dict[str, FactSpec]:
    """The facts that this module adds, for the rule loader's checks."""
    options, computed = tuple(catalogue.options), catalogue.facts
    specs = [computed.of_options[left(o)].spec for o in options]
    for entry in computed.choice:
        if isinstance(entry, AnyLeft):
            specs.append(FactSpec(entry.name, FactType.BOOLEAN, entry.label))
        elif isinstance(entry, Cheapest):
            specs.append(FactSpec(f"{entry.name}.option", FactType.ENUM, entry.label, values=entry.options))
            specs.append(FactSpec(f"{entry.name}.monthly", FactType.MONEY, _cost_of(entry), unit="reporting"))
        else:
            specs.append(FactSpec(entry.name, FactType.RATIO, entry.label))
    specs += [computed.of_options[name_for(name, o)].spec for name in EACH_FUTURE for o in options]
    specs.append(replace(computed.chosen[CHOSEN].spec, values=options))
    in_use = (catalogue.in_use.closed, catalogue.in_use.open, *catalogue.stay)
    specs.append(replace(computed.chosen[UNCHANGED].spec, values=tuple(dict.fromkeys(in_use))))
    specs.append(computed.chosen[MARGINS].spec)
    specs.append(replace(computed.verdict[VERDICT].spec, values=(*options, *OPEN)))
    specs.append(replace(computed.verdict[FAMILY].spec, values=(*NEEDS, NO_FAMILY)))
    futures = {**{name: each.spec for name, each in computed.futures.items()}}
    futures[LEAST_REGRET] = replace(futures[LEAST_REGRET], values=options)
    specs += futures.values()
    return {spec.name: spec for spec in specs}


def _cost_of(entry: Cheapest) -> str:
    return fill("monthly cost of {option}", option=entry.label)


def choice_facts(
    gates: Gates, facts: Mapping[str, Fact], table: Sequence[ChoiceFact], catalogue: Catalogue
) -> dict[str, Fact]:
    """Facts on what the gates left: feasibility, the cheapest of each kind, and savings.

    A saving is unknown when either cost is, and when the reference costs nothing.
    """
    named = catalogue.facts.of_options
    found = [
        _flag(left(o), named[left(o)].spec.label, o in gates.feasible, gates.excluded.get(o, ())) for o in gates.options
    ]
    gate_ids = tuple(sorted({rule for rules in gates.excluded.values() for rule in rules}))
    for entry in table:
        if isinstance(entry, AnyLeft):
            found.append(_flag(entry.name, entry.label, any(o in gates.feasible for o in entry.options), gate_ids))
        elif isinstance(entry, Cheapest):
            found += _cheapest_facts(entry, gates.feasible, facts)
        else:
            found.append(_saving(entry, gates.feasible, facts))
    return {fact.name: fact for fact in found}


def verdict_facts(outcome: str, catalogue: Catalogue) -> dict[str, Fact]:
    """The verdict as facts, for the advice rules; `outcome` is an option, or what stands where there is none."""
    option = catalogue.options.get(outcome)
    values = {VERDICT: outcome, FAMILY: option.family if option else NO_FAMILY}
    return {name: _made(catalogue.facts.verdict[name], value) for name, value in values.items()}


def _made(computed: ComputedFact, value: Value | None) -> Fact:
    spec, made = computed.spec, Provenance(Origin.DERIVED, formula=computed.formula)
    return Fact(spec.name, spec.type, value, made, spec.label, spec.unit)


def chosen_facts(option: str | None, gates: Gates, facts: Mapping[str, Fact], catalogue: Catalogue) -> dict[str, Fact]:
    """What is known of a choice before its futures are drawn: it, the option that changes least, and their distance."""
    kept = (unchanged_option(facts, catalogue), *catalogue.stay)
    unchanged = next((option for option in kept if option in gates.feasible), None)
    cost, base = _amount(facts, option), _amount(facts, unchanged)
    margin = facts["required_margin"].value if "required_margin" in facts else None
    margins = None
    if cost is not None and base and isinstance(margin, Decimal) and margin:
        margins = fixed((1 - cost / base) / margin, FactType.QUANTITY)
    values: dict[str, Value | None] = {CHOSEN: option, UNCHANGED: unchanged, MARGINS: margins}
    return {name: _made(catalogue.facts.chosen[name], value) for name, value in values.items()}


def unchanged_option(facts: Mapping[str, Fact], catalogue: Catalogue) -> str:
    """The option that the API in use is; where none is in use a proprietary one, which asks for least."""
    tier = facts.get("current_tier")
    return catalogue.in_use.open if tier is not None and tier.value == "open-model" else catalogue.in_use.closed


def cheapest(kinds: Sequence[str], feasible: Sequence[str], facts: Mapping[str, Fact]) -> str | None:
    """The cheapest priced option of some kinds that is left; the first one of those that cost the same."""
    priced = [(amount, o) for o in kinds if o in feasible and (amount := _amount(facts, o)) is not None]
    return min(priced, key=lambda pair: (pair[0], kinds.index(pair[1])))[1] if priced else None


def _flag(name: str, label: str, value: bool, rules: Iterable[str]) -> Fact:
    because = Provenance(Origin.DERIVED, formula=prose("not excluded by a gate"), inputs=tuple(rules))
    return Fact(name, FactType.BOOLEAN, value, because, label)


def _amount(facts: Mapping[str, Fact], option: str | None) -> Decimal | None:
    fact = facts.get(monthly(option)) if option else None
    return fact.value if fact is not None and isinstance(fact.value, Decimal) else None


def _cheapest_facts(entry: Cheapest, feasible: Sequence[str], facts: Mapping[str, Fact]) -> Iterator[Fact]:
    option = cheapest(entry.options, feasible, facts)
    inputs = _waits_for(option, entry.options, feasible)
    source = Provenance(Origin.DERIVED, formula=prose("the lowest monthly cost"), inputs=inputs)
    yield Fact(f"{entry.name}.option", FactType.ENUM, option, source, entry.label)
    cost = facts[monthly(option)] if option else None
    value, unit, low, high = (cost.value, cost.unit, cost.low, cost.high) if cost else (None, "", None, None)
    yield Fact(f"{entry.name}.monthly", FactType.MONEY, value, source, _cost_of(entry), unit, low, high)


def _saving(entry: Saving, feasible: Sequence[str], facts: Mapping[str, Fact]) -> Fact:
    sides = (entry.of, entry.against)
    option, reference = (_named(kinds, feasible, facts) for kinds in sides)
    cost, base = _amount(facts, option), _amount(facts, reference)
    value = fixed(1 - cost / base, FactType.RATIO) if cost is not None and base else None
    named = zip((option, reference), sides, strict=True)
    inputs = tuple(dict.fromkeys(name for o, kinds in named for name in _waits_for(o, kinds, feasible)))
    source = Provenance(Origin.DERIVED, formula=prose("1 − option ÷ reference"), inputs=inputs)
    return Fact(entry.name, FactType.RATIO, value, source, entry.label)


def _waits_for(option: str | None, kinds: Sequence[str], feasible: Sequence[str]) -> tuple[str, ...]:
    """The cost that the cheapest of some kinds has; where none is priced, all that could be it."""
    return (monthly(option),) if option else tuple(monthly(o) for o in kinds if o in feasible)


def _named(kinds: Sequence[str], feasible: Sequence[str], facts: Mapping[str, Fact]) -> str | None:
    """The cheapest of some kinds. One that stands alone is named even without a price: its ledger tells why."""
    alone = kinds[0] if len(kinds) == 1 and kinds[0] in feasible else None
    return alone or cheapest(kinds, feasible, facts)
