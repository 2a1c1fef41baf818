"""What must hold for the costing of any questionnaire."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.economics.cases import costed
from tests.examples import examples

from hostwise.economics.costing import Costing
from hostwise.economics.ledgers.ledger import LineItem

SMALL = Decimal("1e-9")
OWN = ("self-host-cloud", "self-host-owned")
APIS = ("managed-api", "sovereign-api", "open-model-provider")

volumes = st.sampled_from(["1k", "50k", "3M", "30M", "250M", "2B", "40B"])
prices = st.sampled_from(["0.10", "0.60", "2.50", "10", "40"])
rents = st.sampled_from(["0.72", "2.50", "3.47", "11"])
shapes = st.sampled_from(["steady", "daily-cycle", "bursty", "unpredictable"])
mixes = st.sampled_from(["interactive", "mixed", "batch"])
shares = st.sampled_from(["0%", "20%", "75%"])


@st.composite
def answers(draw: st.DrawFn) -> dict[str, dict[str, str]]:
    """Any workload with a volume and a price."""
    mix = draw(mixes)
    return {
        "workload": {"name": "Any"},
        "constraints": {"constrained_share": draw(shares)},
        "demand": {
            "tokens_per_day": draw(volumes),
            "input_share": draw(st.sampled_from(["50%", "75%", "98%"])),
            "traffic_shape": draw(shapes),
            "traffic_mix": mix,
            "batch_share": "100%" if mix == "batch" else draw(shares) if mix == "mixed" else "0%",
            "triage_share": draw(shares),
            "uptime_critical": draw(st.sampled_from(["true", "false"])),
            "growth_per_month": draw(st.sampled_from(["0%", "4%", "-2%"])),
        },
        "current_api": {"tier": "frontier", "input_price": f"US${draw(prices)}", "output_price": f"US${draw(prices)}"},
        "self_host": {
            "gpu": draw(st.sampled_from(["H100", "A100", "H200"])),
            "gpu_hourly_price": f"US${draw(rents)}",
            "purchase": draw(st.sampled_from(["on-demand", "reserved", "spot", "owned"])),
        },
        "team": {"engineer_cost_per_month": f"US${draw(st.sampled_from(['9000', '14000', '25000']))}"},
    }


def cost(given_answers: dict[str, dict[str, str]], **changes: str) -> Costing:
    """Cost answers, with `section__key` changed; an empty value leaves the key out."""
    sections = {name: dict(keys) for name, keys in given_answers.items()}
    for key, value in changes.items():
        section, _, name = key.partition("__")
        sections.setdefault(section, {})[name] = value
    lines = []
    for name, keys in sections.items():
        lines.append(f"{name}:")
        lines += [f"  {key}: {value}" for key, value in keys.items() if value]
    return costed("\n".join(lines) + "\n")


def likely(costing: Costing, option: str) -> Decimal:
    found = costing.ledgers[option].total
    assert found is not None
    return found.likely


@given(answers())
@settings(max_examples=examples(60))
def test_a_ledger_adds_up_and_counts_nothing_twice(case: dict[str, dict[str, str]]) -> None:
    for ledger in cost(case).ledgers.values():
        if not ledger.priced:
            assert ledger.why_not and not ledger.items
            continue
        assert ledger.total is not None and ledger.per_million is not None
        for end in ("low", "likely", "high"):
            assert getattr(ledger.total, end) == sum(getattr(i.amount, end) for i in ledger.items)
        assert all(0 <= i.amount.low <= i.amount.likely <= i.amount.high for i in ledger.items)
        ids = [item.id for item in ledger.items]
        assert len(ids) == len(set(ids))
        labels = [item.label for item in ledger.items]
        assert len(labels) == len(set(labels))
        assert all(item.formula and item.source and item.inputs for item in map(LineItem.told, ledger.items))
        assert all(i.source and i.origin for item in ledger.items for i in item.inputs)


@given(answers())
@settings(max_examples=examples(30))
def test_the_same_answers_give_the_same_costing(case: dict[str, dict[str, str]]) -> None:
    assert cost(case) == cost(case)


@given(answers(), st.sampled_from(["41", "99"]))
@settings(max_examples=examples(30))
def test_a_dearer_api_moves_no_self_hosted_cost(case: dict[str, dict[str, str]], price: str) -> None:
    before, after = cost(case), cost(case, current_api__output_price=f"${price}")
    for option in (*OWN, "edge"):
        assert before.ledgers[option].total == after.ledgers[option].total
    for option in ("managed-api", "sovereign-api"):
        assert likely(after, option) > likely(before, option)


@given(answers())
@settings(max_examples=examples(30))
def test_dearer_gpus_and_people_never_make_own_hosting_cheaper(case: dict[str, dict[str, str]]) -> None:
    before = cost(case)
    for change in ({"self_host__gpu_hourly_price": "$12"}, {"team__engineer_cost_per_month": "$26000"}):
        after = cost(case, **change)
        for option in OWN:
            assert likely(after, option) >= likely(before, option)


@given(answers())
@settings(max_examples=examples(30))
def test_more_replicas_never_cost_less(case: dict[str, dict[str, str]]) -> None:
    costs = [cost(case, self_host__spare_replicas=str(n)) for n in (0, 1, 5)]
    for option in OWN:
        assert likely(costs[0], option) < likely(costs[1], option) < likely(costs[2], option)


@given(answers())
@settings(max_examples=examples(30))
def test_a_day_and_a_month_are_the_same_volume(case: dict[str, dict[str, str]]) -> None:
    monthly = cost(case, demand__tokens_per_day="30M")
    daily = cost(case, demand__tokens_per_day="", demand__tokens_per_month="900M")
    assert {o: ledger.total for o, ledger in monthly.ledgers.items()} == {
        o: ledger.total for o, ledger in daily.ledgers.items()
    }


@given(answers(), st.sampled_from(["1.30", "0.0064", "7"]))
@settings(max_examples=examples(30))
def test_a_currency_and_back_changes_nothing(case: dict[str, dict[str, str]], rate: str) -> None:
    """The same dollars reported in pounds are worth the same, but where the currency tells whose law is one's own."""
    dollars = cost(case)
    pounds = cost(case, workload__currency="GBP", economics__exchange_rates=f"{{GBP: {rate}}}")
    for option, ledger in dollars.ledgers.items():
        other = pounds.ledgers[option]
        assert other.priced == ledger.priced and other.currency == "GBP"
        if option == "sovereign-api":
            continue  # British sellers are others
        if ledger.total is not None and other.total is not None:
            assert abs(other.total.likely * Decimal(rate) / ledger.total.likely - 1) < SMALL


def test_without_a_rate_costs_are_in_dollars_and_amounts_that_need_one_name_the_key() -> None:
    case = {"workload": {"name": "Any", "currency": "GBP"}, "demand": {"tokens_per_day": "1M"}}
    assert {ledger.currency for ledger in cost(case).ledgers.values() if ledger.priced} == {"USD"}
    case["current_api"] = {"input_price": "£1", "output_price": "£2"}
    for ledger in cost(case).ledgers.values():
        assert not ledger.priced
        assert ledger.why_not is not None and "economics.exchange_rates" in ledger.why_not and "GBP" in ledger.why_not


def test_without_a_volume_nothing_is_priced() -> None:
    costing = cost({"workload": {"name": "Any"}, "current_api": {"input_price": "$1", "output_price": "$2"}})
    assert not any(ledger.priced for ledger in costing.ledgers.values())
    facts = {fact.name: fact for fact in costing.facts}
    assert facts["tokens_per_month"].value is None
    assert facts["tokens_per_month"].provenance.inputs


@given(answers())
@settings(max_examples=examples(40))
def test_a_mix_keeps_what_may_not_leave(case: dict[str, dict[str, str]]) -> None:
    ledger = cost(case).ledgers["hybrid"]
    share = Decimal(case["constraints"]["constrained_share"].rstrip("%")) / 100
    if share and ledger.priced:
        assert ledger.capacity is not None
        assert Decimal(ledger.capacity["share"]) >= share


@given(answers())
@settings(max_examples=examples(40))
def test_break_evens_are_told_in_full(case: dict[str, dict[str, str]]) -> None:
    for found in cost(case).break_evens:
        assert found.sentence.endswith(".") and found.kind in ("first", "lasting", "never", "naive")
        assert (found.tokens_per_month is None) == (found.kind == "never")


@given(answers())
@settings(max_examples=examples(30))
def test_other_ways_to_pay_differ_only_in_the_rent(case: dict[str, dict[str, str]]) -> None:
    ledger = cost(case).ledgers["self-host-cloud"]
    named = {variant.name: variant.total for variant in ledger.variants}
    assert ledger.total is not None
    assert abs(named[ledger.variant].likely - ledger.total.likely) < SMALL
    assert named["spot"].likely < named["reserved"].likely < named["on-demand"].likely
    if "scheduled scale-down" in named:
        assert named["scheduled scale-down"].likely <= named["on-demand"].likely


@given(answers())
@settings(max_examples=examples(30))
def test_the_first_month_of_the_outlook_is_todays_cost(case: dict[str, dict[str, str]]) -> None:
    """Without growth and decline, a year of an API is twelve months of its ledger."""
    costing = cost(case, demand__growth_per_month="0%")
    for ledger in costing.ledgers.values():
        if ledger.priced:
            year, three = ledger.outlooks
            assert (year.months, three.months) == (12, 36)
            assert year.total <= three.total
            assert year.present_value <= year.total
