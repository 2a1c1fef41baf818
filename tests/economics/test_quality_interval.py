"""What an evaluation settles: read from the interval of the gap, without a cliff at any number of items."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hostwise.answers.facts import Fact, FactType, Origin, Provenance
from hostwise.economics.catalogue.loading.load_catalogue import load_catalogue
from hostwise.economics.quality_interval import quality_interval
from hostwise.reading.files.folders import rules_dir

CATALOGUE = load_catalogue(rules_dir())


def gap(**answers: str) -> dict[str, Decimal | None]:
    """The interval that some answers give, rounded to a tenth of a point, and the items still needed."""
    origin = Provenance(Origin.GIVEN)
    facts = {name: Fact(name, FactType.RATIO, Decimal(value), origin, name, "") for name, value in answers.items()}
    found = {each.name.removeprefix("quality_"): each.value for each in quality_interval(facts, CATALOGUE)}
    return {name: round(value, 3) if isinstance(value, Decimal) else None for name, value in found.items()}


def test_the_issues_cases() -> None:
    """60% on 99 items is worse; 9.9% and 10.1% on 120 items are alike: neither is settled."""
    assert gap(quality_gap="0.6", evaluation_items="99")["gap_low"] > Decimal("0.45")
    below, above = (gap(quality_gap=share, evaluation_items="120") for share in ("0.099", "0.101"))
    for found in (below, above):
        assert found["gap_low"] < Decimal("0.05") and found["gap_high"] > Decimal("0.10")
        assert found["items_needed"] is None


def test_agresti_min() -> None:
    """The published form: 14 and 8 discordant pairs of 150, and none of 100, which is never an empty interval."""
    found = gap(quality_gap="0.04", evaluation_items="150", discordant_share=str(Decimal(22) / 150))
    assert (found["gap_low"], found["gap_high"]) == (Decimal("-0.022"), Decimal("0.101"))
    none = gap(quality_gap="0", evaluation_items="100", discordant_share="0")
    assert (none["gap_low"], none["gap_high"]) == (Decimal("-0.019"), Decimal("0.019"))


@pytest.mark.parametrize("items", ["0", "19"])
def test_a_handful_of_items_measures_nothing(items: str) -> None:
    """Nor does a gap without the number of its items."""
    assert gap(quality_gap="0.9", evaluation_items=items)["gap_low"] is None
    assert gap(quality_gap="0.9")["gap_low"] is None


def test_a_stated_interval_counts_at_its_confidence() -> None:
    """One of 95% is taken as it is; half-certain ends are brought to 95%, and so lie further apart."""
    ends = {"stated_gap_low": "0.02", "stated_gap_high": "0.04"}
    same = gap(**ends, gap_confidence="0.95")
    assert (same["gap_low"], same["gap_high"]) == (Decimal("0.020"), Decimal("0.040"))
    wider = gap(**ends, gap_confidence="0.5")
    assert wider["gap_low"] < Decimal("0.01") and wider["gap_high"] > Decimal("0.05")


def test_items_needed() -> None:
    """(1.96 ÷ distance)² × discordant share, less those scored."""
    assert gap(quality_gap="0", evaluation_items="150")["items_needed"] == 158
    assert gap(quality_gap="0", evaluation_items="5000")["items_needed"] == 0
