"""The facts that the choice is made on: what is left, the cheapest of each kind, and what it would save.

They are a table (`CHOICE_FACTS`) rather than code, because it has several readings: computed here, and
exported to other engines and to the solver by the workbench.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from hostwise.answers.facts import Fact, FactSpec, FactType, Origin, Provenance, fixed
from hostwise.decision.feasible import Gates
from hostwise.reading.said import fill, prose

API_OPTIONS = ("managed-api", "sovereign-api", "open-model-provider")
SELF_HOST_OPTIONS = ("self-host-cloud", "self-host-owned")


class AnyLeft(Struct, frozen=True):
    """Whether some option of a kind is not excluded."""

    name: str
    label: str
    options: tuple[str, ...]


class Cheapest(Struct, frozen=True):
    """The cheapest priced option left of a kind: `{name}.option` and `{name}.monthly`. `()` stands for all options."""

    name: str
    label: str
    options: tuple[str, ...]


class Saving(Struct, frozen=True):
    """`1 − cheapest of one kind ÷ cheapest of another`: a share of the reference's cost, negative when dearer."""

    name: str
    label: str
    of: tuple[str, ...]
    against: tuple[str, ...]


ChoiceFact = AnyLeft | Cheapest | Saving

CHOICE_FACTS: tuple[ChoiceFact, ...] = (
    AnyLeft("feasible.any_api", prose("some API is not excluded"), API_OPTIONS),
    AnyLeft("feasible.self_host", prose("some kind of self-hosting is not excluded"), SELF_HOST_OPTIONS),
    Cheapest("best_api", prose("the cheapest API left"), API_OPTIONS),
    Cheapest("self_host", prose("self-hosting"), SELF_HOST_OPTIONS),
    Cheapest("cheapest", prose("the cheapest option left"), ()),
    Saving(
        "saving.self_host", prose("saving of self-hosting against the cheapest API"), SELF_HOST_OPTIONS, API_OPTIONS
    ),
    Saving("saving.hybrid", prose("saving of a mix against the cheapest API"), ("hybrid",), API_OPTIONS),
    Saving(
        "saving.open_model_provider",
        prose("saving of an open-model provider against the proprietary API"),
        ("open-model-provider",),
        ("managed-api",),
    ),
    Saving(
        "saving.sovereign_api",
        prose("saving of a sovereign API against the proprietary API"),
        ("sovereign-api",),
        ("managed-api",),
    ),
)


def snake(option: str) -> str:
    """An option's id as it stands in fact names: `managed-api` → `managed_api`."""
    return option.replace("-", "_")


def monthly(option: str) -> str:
    """The name of the fact that holds an option's monthly cost."""
    return f"cost.{snake(option)}.monthly"


def left(option: str) -> str:
    """The name of the fact that an option is not excluded."""
    return f"feasible.{snake(option)}"


def choice_specs(options: Sequence[str]) -> dict[str, FactSpec]:
    """The facts that this module adds, for the rule loader's checks."""
    specs = [FactSpec(left(o), FactType.BOOLEAN, fill("{option} is not excluded", option=o)) for o in options]
    for entry in CHOICE_FACTS:
        if isinstance(entry, AnyLeft):
            specs.append(FactSpec(entry.name, FactType.BOOLEAN, entry.label))
        elif isinstance(entry, Cheapest):
            values = entry.options or tuple(options)
            specs.append(FactSpec(f"{entry.name}.option", FactType.ENUM, entry.label, values=values))
            specs.append(FactSpec(f"{entry.name}.monthly", FactType.MONEY, _cost_of(entry), unit="reporting"))
        else:
            specs.append(FactSpec(entry.name, FactType.RATIO, entry.label))
    specs.append(FactSpec("verdict", FactType.ENUM, prose("the verdict"), values=(*options, "undecided", "infeasible")))
    families = (prose("api"), prose("own"), prose("mix"), prose("device"), "none")
    specs.append(FactSpec("verdict.family", FactType.ENUM, prose("kind of verdict"), values=families))
    return {spec.name: spec for spec in specs}


def _cost_of(entry: Cheapest) -> str:
    return fill("monthly cost of {option}", option=entry.label)


def choice_facts(gates: Gates, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Facts on what the gates left: feasibility, the cheapest of each kind, and savings.

    A saving is unknown when either cost is, and when the reference costs nothing.
    """
    found = [_flag(left(o), o in gates.feasible, gates.excluded.get(o, ())) for o in gates.options]
    gate_ids = tuple(sorted({rule for rules in gates.excluded.values() for rule in rules}))
    for entry in CHOICE_FACTS:
        if isinstance(entry, AnyLeft):
            found.append(_flag(entry.name, any(o in gates.feasible for o in entry.options), gate_ids))
        elif isinstance(entry, Cheapest):
            found += _cheapest_facts(entry, cheapest(entry.options or gates.options, gates.feasible, facts), facts)
        else:
            found.append(_saving(entry, gates.feasible, facts))
    return {fact.name: fact for fact in found}


def verdict_facts(option: str | None, status: str, family: str | None) -> dict[str, Fact]:
    """The verdict as facts, for the advice rules."""
    derived = Provenance(Origin.DERIVED, formula=prose("the choice"))
    return {
        "verdict": Fact("verdict", FactType.ENUM, option or status, derived, prose("the verdict")),
        "verdict.family": Fact("verdict.family", FactType.ENUM, family or "none", derived, prose("kind of verdict")),
    }


def cheapest(kinds: Sequence[str], feasible: Sequence[str], facts: Mapping[str, Fact]) -> str | None:
    """The cheapest priced option of some kinds that is left; the first one of those that cost the same."""
    priced = [(amount, o) for o in kinds if o in feasible and (amount := _amount(facts, o)) is not None]
    return min(priced, key=lambda pair: (pair[0], kinds.index(pair[1])))[1] if priced else None


def _flag(name: str, value: bool, rules: Iterable[str]) -> Fact:
    because = Provenance(Origin.DERIVED, formula=prose("not excluded by a gate"), inputs=tuple(rules))
    return Fact(name, FactType.BOOLEAN, value, because, name.removeprefix("feasible.").replace("_", " "))


def _amount(facts: Mapping[str, Fact], option: str | None) -> Decimal | None:
    fact = facts.get(monthly(option)) if option else None
    return fact.value if fact is not None and isinstance(fact.value, Decimal) else None


def _cheapest_facts(entry: Cheapest, option: str | None, facts: Mapping[str, Fact]) -> Iterator[Fact]:
    inputs = (monthly(option),) if option else ()
    source = Provenance(Origin.DERIVED, formula=prose("the lowest monthly cost"), inputs=inputs)
    yield Fact(f"{entry.name}.option", FactType.ENUM, option, source, entry.label)
    cost = facts[monthly(option)] if option else None
    value, unit, low, high = (cost.value, cost.unit, cost.low, cost.high) if cost else (None, "", None, None)
    yield Fact(f"{entry.name}.monthly", FactType.MONEY, value, source, _cost_of(entry), unit, low, high)


def _saving(entry: Saving, feasible: Sequence[str], facts: Mapping[str, Fact]) -> Fact:
    option, reference = (_named(kinds, feasible, facts) for kinds in (entry.of, entry.against))
    cost, base = _amount(facts, option), _amount(facts, reference)
    value = fixed(1 - cost / base, FactType.RATIO) if cost is not None and base else None
    inputs = tuple(monthly(o) for o in (option, reference) if o)
    source = Provenance(Origin.DERIVED, formula=prose("1 − option ÷ reference"), inputs=inputs)
    return Fact(entry.name, FactType.RATIO, value, source, entry.label)


def _named(kinds: Sequence[str], feasible: Sequence[str], facts: Mapping[str, Fact]) -> str | None:
    """The cheapest of some kinds. One that stands alone is named even without a price: its ledger tells why."""
    alone = kinds[0] if len(kinds) == 1 and kinds[0] in feasible else None
    return alone or cheapest(kinds, feasible, facts)
