"""Which options the gates leave open, and the facts that the choice is made on.

Gates exclude options. What remains is compared by its ledger: the cheapest API, the self-hosted
variant, and what self-hosting, a mix or a switch of provider would save. These become facts, so
that the rules of the choice stay in YAML.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from hostwise.answers.facts import Fact, FactSpec, FactType, Origin, Provenance, fixed
from hostwise.inference.run import RuleTrace
from hostwise.rulebook.rules import Exclude, Require

API_OPTIONS = ("managed-api", "sovereign-api", "open-model-provider")
SELF_HOST_OPTIONS = ("self-host-cloud", "self-host-owned")


@dataclass(frozen=True, slots=True)
class Gates:
    """What the gate stage left: option → the gates that exclude it, and the gates left open.

    `unsettled` are the unknown gates that could still exclude an option that is not excluded yet.
    """

    options: tuple[str, ...]
    excluded: Mapping[str, tuple[str, ...]]
    unsettled: tuple[RuleTrace, ...]

    @property
    def feasible(self) -> tuple[str, ...]:
        """The options that no gate excludes, in catalogue order."""
        return tuple(option for option in self.options if option not in self.excluded)


def apply_gates(traces: Sequence[RuleTrace], options: Sequence[str]) -> Gates:
    """Collect what the gates exclude. `require` excludes every option that it does not name."""
    excluded: dict[str, list[str]] = {}
    for trace in traces:
        if trace.truth is True:
            for option in excluded_by(trace, options):
                excluded.setdefault(option, []).append(trace.rule.id)
    unsettled = tuple(
        trace for trace in traces if trace.truth is None and any(o not in excluded for o in excluded_by(trace, options))
    )
    return Gates(
        options=tuple(options),
        excluded=MappingProxyType({o: tuple(excluded[o]) for o in options if o in excluded}),
        unsettled=unsettled,
    )


def excluded_by(trace: RuleTrace, options: Sequence[str]) -> tuple[str, ...]:
    """The options that a gate excludes when it fires."""
    then = trace.rule.then
    if isinstance(then, Exclude):
        return tuple(o for o in options if o in then.options)
    assert isinstance(then, Require)
    return tuple(o for o in options if o not in then.options)


def snake(option: str) -> str:
    """An option's id as it stands in fact names: `managed-api` → `managed_api`."""
    return option.replace("-", "_")


def choice_specs(options: Sequence[str]) -> dict[str, FactSpec]:
    """The facts that this module adds, for the rule loader's checks."""
    money = ("best_api.monthly", "self_host.monthly", "cheapest.monthly")
    ratios = ("self_host", "hybrid", "open_model_provider", "sovereign_api")
    specs = [FactSpec(f"feasible.{snake(o)}", FactType.BOOLEAN, f"{o} is not excluded") for o in options]
    specs += [
        FactSpec("feasible.any_api", FactType.BOOLEAN, "some API is not excluded"),
        FactSpec("feasible.self_host", FactType.BOOLEAN, "some kind of self-hosting is not excluded"),
        FactSpec("best_api.option", FactType.ENUM, "the cheapest API left", values=API_OPTIONS),
        FactSpec("self_host.option", FactType.ENUM, "the self-hosted variant left", values=SELF_HOST_OPTIONS),
        FactSpec("cheapest.option", FactType.ENUM, "the cheapest option left", values=tuple(options)),
        FactSpec("verdict", FactType.ENUM, "the verdict", values=(*options, "undecided", "infeasible")),
        FactSpec("verdict.family", FactType.ENUM, "kind of verdict", values=("api", "own", "mix", "device", "none")),
    ]
    specs += [FactSpec(name, FactType.MONEY, _LABELS[name], unit="reporting") for name in money]
    specs += [FactSpec(f"saving.{name}", FactType.RATIO, _LABELS[f"saving.{name}"]) for name in ratios]
    return {spec.name: spec for spec in specs}


_LABELS = {
    "best_api.monthly": "monthly cost of the cheapest API left",
    "self_host.monthly": "monthly cost of self-hosting",
    "cheapest.monthly": "monthly cost of the cheapest option left",
    "saving.self_host": "saving of self-hosting against the cheapest API",
    "saving.hybrid": "saving of a mix against the cheapest API",
    "saving.open_model_provider": "saving of an open-model provider against the proprietary API",
    "saving.sovereign_api": "saving of a sovereign API against the proprietary API",
}


def choice_facts(gates: Gates, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Facts on what the gates left: feasibility, the cheapest of each kind, and savings.

    A saving is `1 − option ÷ reference`: a share of the reference's monthly cost, negative when the
    option is dearer; unknown when either cost is.
    """
    feasible = gates.feasible
    gate_ids = tuple(sorted({rule for rules in gates.excluded.values() for rule in rules}))
    found: list[Fact] = [_flag(f"feasible.{snake(o)}", o in feasible, gates.excluded.get(o, ())) for o in gates.options]
    found.append(_flag("feasible.any_api", any(o in feasible for o in API_OPTIONS), gate_ids))
    found.append(_flag("feasible.self_host", any(o in feasible for o in SELF_HOST_OPTIONS), gate_ids))
    best_api = _cheapest(API_OPTIONS, feasible, facts)
    own = _cheapest(SELF_HOST_OPTIONS, feasible, facts)
    found += _cheapest_facts("best_api", best_api, facts)
    found += _cheapest_facts("self_host", own, facts)
    found += _cheapest_facts("cheapest", _cheapest(gates.options, feasible, facts), facts)
    found.append(_saving("self_host", own, best_api, facts))
    found.append(_saving("hybrid", "hybrid" if "hybrid" in feasible else None, best_api, facts))
    managed = "managed-api" if "managed-api" in feasible else None
    for option in ("open-model-provider", "sovereign-api"):
        found.append(_saving(snake(option), option if option in feasible else None, managed, facts))
    return {fact.name: fact for fact in found}


def verdict_facts(option: str | None, status: str, family: str | None) -> dict[str, Fact]:
    """The verdict as facts, for the advice rules."""
    derived = Provenance(Origin.DERIVED, formula="the choice")
    return {
        "verdict": Fact("verdict", FactType.ENUM, option or status, derived, "the verdict"),
        "verdict.family": Fact("verdict.family", FactType.ENUM, family or "none", derived, "kind of verdict"),
    }


def monthly(option: str) -> str:
    """The name of the fact that holds an option's monthly cost."""
    return f"cost.{snake(option)}.monthly"


def _flag(name: str, value: bool, rules: Iterable[str]) -> Fact:
    because = Provenance(Origin.DERIVED, formula="not excluded by a gate", inputs=tuple(rules))
    return Fact(name, FactType.BOOLEAN, value, because, name.removeprefix("feasible.").replace("_", " "))


def _cheapest(kinds: Sequence[str], feasible: Sequence[str], facts: Mapping[str, Fact]) -> str | None:
    priced = [(_amount(facts, o), o) for o in kinds if o in feasible and _amount(facts, o) is not None]
    return min(priced, key=lambda pair: (pair[0], kinds.index(pair[1])))[1] if priced else None


def _amount(facts: Mapping[str, Fact], option: str | None) -> Decimal | None:
    fact = facts.get(monthly(option)) if option else None
    return fact.value if fact is not None and isinstance(fact.value, Decimal) else None


def _cheapest_facts(name: str, option: str | None, facts: Mapping[str, Fact]) -> list[Fact]:
    source = Provenance(Origin.DERIVED, formula="the lowest monthly cost", inputs=(monthly(option),) if option else ())
    cost = facts[monthly(option)] if option else None
    label = _LABELS[f"{name}.monthly"]
    return [
        Fact(f"{name}.option", FactType.ENUM, option, source, label.removeprefix("monthly cost of ")),
        Fact(
            f"{name}.monthly",
            FactType.MONEY,
            cost.value if cost else None,
            source,
            label,
            cost.unit if cost else "",
            cost.low if cost else None,
            cost.high if cost else None,
        ),
    ]


def _saving(name: str, option: str | None, reference: str | None, facts: Mapping[str, Fact]) -> Fact:
    cost, base = _amount(facts, option), _amount(facts, reference)
    value = fixed(1 - cost / base, FactType.RATIO) if cost is not None and base else None
    inputs = tuple(monthly(o) for o in (option, reference) if o)
    source = Provenance(Origin.DERIVED, formula="1 − option ÷ reference", inputs=inputs)
    return Fact(f"saving.{name}", FactType.RATIO, value, source, _LABELS[f"saving.{name}"])
