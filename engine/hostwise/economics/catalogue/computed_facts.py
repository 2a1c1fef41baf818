"""The facts that code computes (`rules/facts.yaml`): their types, words and units, and the options each is about.

How a fact is computed stands in code, by its name (`COSTS`) or its kind (`AnyLeft`, `Cheapest`, `Saving`); the file
must have every name that the code computes, and no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct, field
from msgspec.structs import replace

from hostwise.answers.facts import SCALES, FactSpec, FactType
from hostwise.economics.catalogue.options import Option, named_options, option_kinds
from hostwise.reading.files.strict import Strict
from hostwise.reading.files.validate import validated
from hostwise.reading.files.yaml_file import Document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.reading.findings.suggest import nearest
from hostwise.reading.translatable import fill

Kinds = Mapping[str, tuple[str, ...]]
NUMBERS = tuple(SCALES)
COSTS: Mapping[str, tuple[FactType, ...]] = {
    **dict.fromkeys(
        (
            "tokens_per_day", "tokens_per_month", "input_tokens_per_month", "output_tokens_per_month", "input_share",
            "peak_to_mean", "cached_share", "api_price_blended", "api_spend_usd_month", "api_spend_gbp_month",
            "api_list_cost_usd_month", "price_age_months", "expected_utilisation", "idle_share",
            "replicas", "gpus_total", "own_model_size_b", "own_model_context", "request_tokens", "own_nearest_latency",
            "power_kw", "own_plan_bits",
            "quality_gap_low", "quality_gap_high", "quality_items_needed", "api_in_use_monthly", "api_days_left",
            "api_move_saving", "open_in_use_monthly", "open_kept_monthly",
            "open_move_saving", "open_seller_saving",
            "api_replacement_monthly", "api_gap_low", "api_gap_high",
        ),
        NUMBERS,
    ),
    **dict.fromkeys(("replaced_tier", "own_obstacle", "own_paying"), (FactType.ENUM,)),
    **dict.fromkeys(
        (
            "open_model_reads", "device_fit", "power_within_limit", "api_model_moves", "api_model_leaves",
            "volume_estimated", "class_assumed", "own_consumer_card", "same_model",
            "api_scored_well", "open_scored_well", "seated_model_open",
            "open_seller_moves", "open_model_moves", "open_model_stays",
            "api_day_is_makers", "api_left_its_maker", "api_in_time", "api_seller_changes",
            "closed_plan_reasons", "open_plan_reasons", "own_plan_reasons",
        ),
        (FactType.BOOLEAN,),
    ),
    **dict.fromkeys(
        (
            "provider_licence_duty", "own_licence_duty", "device_licence_duty",
            "seated_seller", "seated_model", "seated_licence_duty", "open_seller", "open_model_next",
        ),
        (FactType.TEXT,),
    ),
}  # fmt: skip
"""What `economics.cost_facts` computes, and the types that each may have."""
MONTHLY, PER_MILLION, LEFT = "cost.OPTION.monthly", "cost.OPTION.per_million", "feasible.OPTION"
FUTURE_SHARE, EXPECTED_COST, REGRET = "future_share.OPTION", "expected_cost.OPTION", "regret.OPTION"
EACH_FUTURE = {FUTURE_SHARE: (FactType.RATIO,), EXPECTED_COST: (FactType.MONEY,), REGRET: (FactType.MONEY,)}
"""What `analysis.futures.confirm` computes of every option."""
EACH_OPTION = {
    MONTHLY: (FactType.MONEY,),
    PER_MILLION: (FactType.MONEY,),
    LEFT: (FactType.BOOLEAN,),
    **EACH_FUTURE,
}
VERDICT, FAMILY = "verdict", "verdict.family"
OF_VERDICT = dict.fromkeys((VERDICT, FAMILY), (FactType.ENUM,))
CHOSEN, UNCHANGED, MARGINS = "chosen.option", "least_change.option", "chosen.margins"
OF_CHOICE = {**dict.fromkeys((CHOSEN, UNCHANGED), (FactType.ENUM,)), MARGINS: (FactType.QUANTITY,)}
"""What is known of a choice before its futures are drawn (`flow.choice_facts`)."""
LEAST_REGRET = "least_regret.option"
OF_FUTURES = {
    **dict.fromkeys(("chosen.share", "least_regret.share", "pass_chance"), (FactType.RATIO,)),
    **dict.fromkeys(("regret_lead", "least_change.lead", "change_worth", "regret_margin"), (FactType.MONEY,)),
    LEAST_REGRET: (FactType.ENUM,),
    **dict.fromkeys(("chosen.name", "least_change.name", "least_regret.name"), (FactType.TEXT,)),
    "priors_as_of": (FactType.DATE,),
}
CHOSEN_FIRST = "chosen.first"
OF_CHOSEN_FIRST = {
    CHOSEN_FIRST: (FactType.ENUM,),
    **dict.fromkeys(("chosen.good", "chosen.evaluate_from", "chosen.now_from"), (FactType.RATIO,)),
}
"""The two steps of the choice itself, for the rules that confirm; those of the verdict are for rules that advise."""
FIRST_STEP, STAY = "two_steps.first", "stay"
OF_TWO_STEPS = {
    FIRST_STEP: (FactType.ENUM,),
    **dict.fromkeys(
        ("good", "confirms", "cut", "stay_from", "evaluate_from", "move_from", "now_from", "writes"), (FactType.RATIO,)
    ),
    **dict.fromkeys(("items", "days"), (FactType.COUNT,)),
    **dict.fromkeys(("cost", "worth", "stay", "saving"), (FactType.MONEY,)),
    "replacement": (FactType.TEXT,),
    **dict.fromkeys(("anyway", "to_open"), (FactType.BOOLEAN,)),
}
OF_TWO_STEPS = {name if "." in name else f"two_steps.{name}": types for name, types in OF_TWO_STEPS.items()}
OF_FUTURES |= OF_CHOSEN_FIRST | OF_TWO_STEPS
"""What `analysis.futures.confirm` and `analysis.futures.first_steps` compute."""


class ComputedFact(Struct, frozen=True):
    """One fact of the cost model or the verdict. `formula` says in words how it is computed.

    `from_price` are words with the price from which each holds, the dearest first.
    """

    spec: FactSpec
    formula: str
    from_price: Mapping[str, Decimal] = field(default_factory=dict)


class AnyLeft(Struct, frozen=True):
    """Whether some option of a kind is not excluded."""

    name: str
    label: str
    options: tuple[str, ...]


class Cheapest(Struct, frozen=True):
    """The cheapest priced option left of a kind: `{name}.option` and `{name}.monthly`."""

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


class ComputedFacts(Struct, frozen=True):
    """All of `rules/facts.yaml`. `costs` has the costs of every option too, `choice` is in written order.

    `of_options` has every fact of every option, called by the option's label.
    """

    costs: Mapping[str, ComputedFact]
    each_option: Mapping[str, ComputedFact]
    of_options: Mapping[str, ComputedFact]
    choice: tuple[ChoiceFact, ...]
    chosen: Mapping[str, ComputedFact]
    verdict: Mapping[str, ComputedFact]
    futures: Mapping[str, ComputedFact]
    sha256: str


class _Fact(Strict, frozen=True):
    type: FactType
    label: str
    unit: str = ""
    values: tuple[str, ...] = ()
    formula: str = ""
    from_price: Mapping[str, Decimal] = {}


class _Choice(Strict, frozen=True):
    label: str
    any_left: tuple[str, ...] | None = None
    cheapest: tuple[str, ...] | None = None
    saving: tuple[str, ...] | None = None
    against: tuple[str, ...] | None = None


class _File(Strict, frozen=True):
    costs: dict[str, _Fact]
    each_option: dict[str, _Fact]
    choice: dict[str, _Choice]
    chosen: dict[str, _Fact]
    verdict: dict[str, _Fact]
    futures: dict[str, _Fact]


def read_computed_facts(document: Document, options: Mapping[str, Option]) -> ComputedFacts:
    """Read `facts.yaml`. Raises `InputError` for a fact that no code computes, one missing, one of another type."""
    file, kinds = validated(_File, document), option_kinds(options)
    sections = (("costs", file.costs, COSTS), ("each_option", file.each_option, EACH_OPTION),
                ("chosen", file.chosen, OF_CHOICE), ("verdict", file.verdict, OF_VERDICT),
                ("futures", file.futures, OF_FUTURES))  # fmt: skip
    findings = [finding for section in sections for finding in _names(*section, document)]
    findings += [
        finding for name in file.choice for finding in _choice(name, file.choice[name], options, kinds, document)
    ]
    findings += [*_twice(file, options, document), *_tiers(file.costs.get("replaced_tier"), document)]
    if findings:
        raise InputError(findings)
    costs, each, chosen, verdict, futures = (
        {name: _computed(name, entry) for name, entry in found.items()} for _, found, _ in sections
    )
    choice = tuple(_choice_fact(name, entry, kinds) for name, entry in file.choice.items())
    of_options = {
        name_for(name, id_): _of_option(each[name], id_, option.label)
        for id_, option in options.items()
        for name in EACH_OPTION
    }
    costs |= {
        made: of_options[made] for id_ in options for made in (name_for(MONTHLY, id_), name_for(PER_MILLION, id_))
    }
    return ComputedFacts(costs, each, of_options, choice, chosen, verdict, futures, document.sha256)


def _computed(name: str, entry: _Fact) -> ComputedFact:
    spec = FactSpec(name, entry.type, entry.label, entry.unit, entry.values)
    dearest_first = dict(sorted(entry.from_price.items(), key=lambda tier: -tier[1]))
    return ComputedFact(spec, entry.formula, dearest_first)


def _of_option(computed: ComputedFact, option: str, label: str) -> ComputedFact:
    spec = computed.spec
    named = replace(spec, name=name_for(spec.name, option), label=fill(spec.label, option=label))
    return replace(computed, spec=named)


def _choice_fact(name: str, entry: _Choice, kinds: Kinds) -> ChoiceFact:
    any_left, cheapest, saving, against = (
        named_options(names or (), kinds) for names in (entry.any_left, entry.cheapest, entry.saving, entry.against)
    )
    if any_left:
        return AnyLeft(name, entry.label, any_left)
    return Cheapest(name, entry.label, cheapest) if cheapest else Saving(name, entry.label, saving, against)


def _names(
    section: str, found: Mapping[str, _Fact], known: Mapping[str, tuple[FactType, ...]], document: Document
) -> Iterator[Diagnostic]:
    for name in known:
        if name not in found:
            yield document.finding((section,), "missing-fact", f"{name!r} is missing here", key=True)
    for name, entry in found.items():
        if name not in known:
            yield document.finding(
                (section, name), "unknown-fact", f"no code computes {name!r}", key=True, found=name,
                accepted=", ".join(known), suggestion=nearest(name, known),
            )  # fmt: skip
        elif entry.type not in known[name]:
            accepted = ", ".join(known[name])
            where = (section, name, "type")
            yield document.finding(where, "type", "not the type that is computed", found=entry.type, accepted=accepted)


KEYS = (frozenset({"any_left"}), frozenset({"cheapest"}), frozenset({"saving", "against"}))


def _choice(
    name: str, entry: _Choice, options: Mapping[str, Option], kinds: Kinds, document: Document
) -> Iterator[Diagnostic]:
    path = ("choice", name)
    keys = {key for key in frozenset().union(*KEYS) if document.has((*path, key))}
    if keys not in KEYS:
        yield document.finding(
            path, "choice-fact", f"{name!r} is none of the three facts of the choice", key=True,
            found=", ".join(sorted(keys)) or None, accepted="any_left; cheapest; or saving and against",
        )  # fmt: skip
        return
    known = (*kinds, *options)
    for key in sorted(keys):
        names = getattr(entry, key) or ()
        for place, option in enumerate(names):
            if option not in known:
                yield document.finding(
                    (*path, key, place), "unknown-option", "no such option or kind of options", found=option,
                    accepted=", ".join(known), suggestion=nearest(option, known),
                )  # fmt: skip
        if all(option in kinds for option in names) and not named_options(names, kinds):
            yield document.finding((*path, key), "no-option", "no option is of that kind", accepted=", ".join(known))


def _twice(file: _File, options: Mapping[str, Option], document: Document) -> Iterator[Diagnostic]:
    """A fact of the choice under a name that another fact has already: that of an option, for instance."""
    taken = {*COSTS, *OF_CHOICE, *OF_VERDICT, *OF_FUTURES}
    taken |= {name_for(name, option) for name in EACH_OPTION for option in options}
    for name, entry in file.choice.items():
        for made in (f"{name}.option", f"{name}.monthly") if entry.cheapest else (name,):
            if made in taken:
                yield document.finding(("choice", name), "declared-twice", f"{made} is a fact already", key=True)


def _tiers(entry: _Fact | None, document: Document) -> Iterator[Diagnostic]:
    """Every price must come to a tier: the last one starts at nothing."""
    if entry is None:
        return
    path = ("costs", "replaced_tier", "from_price")
    for tier in entry.from_price:
        if tier not in entry.values:
            yield document.finding((*path, tier), "unknown-value", "no such tier", key=True, found=tier,
                                   accepted=", ".join(entry.values))  # fmt: skip
    if min(entry.from_price.values(), default=Decimal(1)) > 0:
        yield document.finding(path, "from-price", "one tier must start at 0", key=True, accepted="small: 0")


def name_for(name: str, option: str) -> str:
    """A name of `EACH_OPTION` for one option.

    >>> name_for(MONTHLY, "own-racks")
    'cost.own_racks.monthly'
    """
    return name.replace("OPTION", option.replace("-", "_"))
