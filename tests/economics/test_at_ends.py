"""The band of a range of answers holds the bands of what the same questionnaire costs at either end alone."""

import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.economics.cases import catalogue, costed, facts_of

from hostwise.economics.costing import Costing
from hostwise.economics.ledgers.at_ends import over_ends

BASE = {
    "demand.tokens_per_day": "30M", "demand.input_share": "80%", "demand.peak_to_mean": "3",
    "demand.batch_share": "30%", "demand.input_tokens_per_request": "2000", "current_api.input_price": "$2.50",
    "self_host.throughput": "900", "self_host.gpu_hourly_price": "$2.50/h", "self_host.target_utilisation": "60%",
    "team.engineer_cost_per_month": "$12k", "economics.horizon_months": "24",
}  # fmt: skip
RANGES = {
    "demand.tokens_per_day": (("1M", "2B"), ("20M", "90M"), ("100k", "3M")),
    "demand.input_share": (("40%", "95%"),),
    "demand.peak_to_mean": (("1", "12"), ("2", "4")),
    "demand.batch_share": (("1%", "100%"), ("10%", "60%")),
    "demand.input_tokens_per_request": (("500", "120000"),),
    "self_host.throughput": (("150", "4000"),),
    "self_host.gpu_hourly_price": (("$0.60/h", "$9/h"),),
    "self_host.target_utilisation": (("20%", "90%"),),
    "team.engineer_cost_per_month": (("$2k", "$20k"),),
    "economics.horizon_months": (("3", "48"),),
}


def written(answers: dict[str, str]) -> str:
    sections: dict[str, list[str]] = {}
    for key, value in answers.items():
        section, _, name = key.partition(".")
        sections.setdefault(section, []).append(f"{name}: {value}")
    text = "workload: {name: Ends, task: summarisation}\nself_host: {model: Llama-3.3-70B%s}\n"
    text = text % "".join(f", {each}" for each in sections.pop("self_host", []))
    api = ["provider: openai", "model: gpt-4o", "tier: frontier", *sections.pop("current_api", [])]
    sections["current_api"] = [*api, "output_price: $10"]
    sections.setdefault("team", []).append("gpu_operations: platform-team")
    return text + "".join(f"{section}: {{{', '.join(of)}}}\n" for section, of in sections.items())


def outside(wide: Costing, narrow: Costing) -> list[str]:
    """Options whose band does not hold that of other answers."""
    found = []
    for option, ledger in wide.ledgers.items():
        its = narrow.ledgers[option].total
        if ledger.total is not None and its is not None:
            slack = its.high / 10**9  # of a month's digits
            if its.low < ledger.total.low - slack or its.high > ledger.total.high + slack:
                found.append(f"{option}: {ledger.total} does not hold {its}")
    return found


@settings(max_examples=12, deadline=None)
@given(st.sets(st.sampled_from(sorted(BASE)), max_size=7), st.lists(st.sampled_from(sorted(RANGES)), min_size=1,
       max_size=3, unique=True), st.data())  # fmt: skip
def test_a_range_costs_what_its_ends_cost(left: set[str], ranged: list[str], data: st.DataObject) -> None:
    answers = {k: v for k, v in BASE.items() if k not in left or k == "demand.tokens_per_day"}
    ends = {key: data.draw(st.sampled_from(RANGES[key])) for key in ranged}
    wide = costed(written({**answers, **{key: "..".join(span) for key, span in ends.items()}}))
    for corner in product(*ends.values()):
        narrow = costed(written({**answers, **dict(zip(ends, corner, strict=True))}))
        assert outside(wide, narrow) == []


@pytest.mark.parametrize("dear", [True, False])
def test_of_many_ranges_the_dearest_and_the_cheapest_ends_meet(dear: bool) -> None:
    ends = {
        "demand.tokens_per_day": ("20M", "900M"), "demand.peak_to_mean": ("1", "12"),
        "demand.batch_share": ("60%", "1%"), "self_host.throughput": ("4000", "150"),
        "self_host.target_utilisation": ("90%", "20%"),
        "self_host.gpu_hourly_price": ("$0.60/h", "$9/h"), "economics.horizon_months": ("48", "3"),
    }  # fmt: skip
    spans = {
        key: "..".join(sorted(both, key=lambda end: float(re.sub("[^0-9.]", "", end)))) for key, both in ends.items()
    }
    narrow = costed(written({**BASE, **{key: both[dear] for key, both in ends.items()}}))
    assert outside(costed(written({**BASE, **spans})), narrow) == []


@pytest.mark.parametrize("option", ["self-host-cloud", "self-host-owned"])
def test_another_plan_at_an_end_is_named_and_its_cost_taken_in(option: str) -> None:
    answers = {"demand.tokens_per_day": "1M..2B", "demand.input_share": "80%"}
    wide, low = costed(written(answers)), costed(written({**answers, "demand.tokens_per_day": "1M"}))
    band, at_low = wide.ledgers[option].total, low.ledgers[option].total
    assert band is not None and at_low is not None
    assert band.low == at_low.low
    said = (wide.ledgers[option].capacity or {})["at_ends"]
    assert "at 1M (" in said
    assert "2B" not in said, "that end was in the band of its own plan"
    likely = (wide.ledgers[option].capacity or {})["gpu"]
    assert likely != (low.ledgers[option].capacity or {})["gpu"], "the case is none of another plan"


def test_nothing_is_costed_again_where_no_answer_is_a_range() -> None:
    facts, found = facts_of(written(BASE)), costed(written(BASE)).ledgers

    def never(_: object) -> None:
        raise AssertionError("costed again")

    assert over_ends(found, facts, catalogue(), never) == dict(found)  # type: ignore[arg-type]
    assert all("at_ends" not in (each.capacity or {}) for each in found.values())
