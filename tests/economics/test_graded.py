"""Bands by how good their source is: what stands, what only widens, what is derived, what is asked and never said."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from tests.economics.cases import catalogue

from hostwise.economics.catalogue.graded import GradedBand, widened
from hostwise.economics.catalogue.ranges import NumberRange

TODAY = date(2026, 11, 28)


def test_every_topic_has_bands_and_none_is_past_its_day() -> None:
    bands = catalogue().bands
    assert len(bands) >= 60
    assert {band.topic for band in bands.values()} == {
        "volume", "reasoning", "staffing", "serving", "caching", "hardware", "sovereign", "price-paths", "availability",
    }  # fmt: skip
    assert all(band.as_of <= TODAY < band.expires for band in bands.values())


def test_what_nobody_published_has_no_figure_and_names_the_question() -> None:
    asked = [band for band in catalogue().bands.values() if band.grade == "X"]
    assert asked and all(band.figures(TODAY) is None and band.asks for band in asked)
    assert all(band.cited().startswith("not public") for band in asked)


def test_what_is_derived_says_so() -> None:
    derived = [band for band in catalogue().bands.values() if band.grade == "D"]
    assert derived and all(band.cited().startswith("derived: ") and band.stands_alone for band in derived)


def test_a_secondary_source_only_widens() -> None:
    band = catalogue().bands["fte_one_small_model"]
    assert band.grade == "C" and not band.stands_alone
    known = NumberRange(Decimal("0.1"), Decimal("0.2"), Decimal("0.5"))
    found = widened(known, band, TODAY)
    assert (found.low, found.likely, found.high) == (Decimal("0.02"), Decimal("0.2"), Decimal("0.5"))
    assert widened(known, band, band.expires.replace(year=band.expires.year + 1)) == known


def test_a_falling_rent_is_not_assumed() -> None:
    rent = catalogue().bands["gpu_rent_path"]
    assert rent.likely is not None and rent.likely >= 0


@dataclass
class Wrong:
    grade: str
    likely: Decimal | None
    asks: str | None


@pytest.mark.parametrize("wrong", [Wrong("X", Decimal(1), "a"), Wrong("X", None, None), Wrong("A", None, None)])
def test_a_band_that_contradicts_its_grade_is_refused(wrong: Wrong) -> None:
    with pytest.raises(ValueError, match="band"):
        GradedBand("t", "l", "u", wrong.grade, "s", TODAY, date(2027, 1, 1), likely=wrong.likely, asks=wrong.asks)  # type: ignore[arg-type]
