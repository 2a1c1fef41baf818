"""The bar of a hundred futures: to scale, named, adding up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.report.drawings import SVG, assert_sound, opened, texts, title

from hostwise.record.format.robustness import VerdictShare
from hostwise.report.charts.shares import NARROW_SHARES, WIDE_SHARES, share_bar
from hostwise.report.view.robustness import shares_of
from hostwise.report.words.words import load_words

WORDS = load_words()
SHARES = shares_of(
    [
        VerdictShare("managed-api", 130, Decimal("0.13"), Decimal("0.01"), "Managed API"),
        VerdictShare("self-host-cloud", 826, Decimal("0.826"), Decimal("0.01"), "Self-hosting on rented GPUs"),
        VerdictShare("edge", 0, Decimal("0"), Decimal("0.01"), "On the device"),
        VerdictShare("open-model-provider", 40, Decimal("0.04"), Decimal("0.01"), "Managed open-model provider"),
        VerdictShare("undecided", 4, Decimal("0.004"), Decimal("0.01"), "undecided"),
    ],
    WORDS,
)


@pytest.mark.parametrize("width", [WIDE_SHARES, NARROW_SHARES])
def test_the_largest_comes_first_and_all_are_named(width: int) -> None:
    root = opened(share_bar(SHARES, WORDS, width))
    assert_sound(root)
    assert title(root) == (
        "Of 100 plausible futures: Self-hosting on rented GPUs in 83; Managed API in 13; "
        "Managed open-model provider in 4; Undecided in under 1"
    )
    shown = texts(root)
    for name in ("Managed API13 of 100", "Undecidedunder 1 of 100", "Self-hosting on rented GPUs83 of 100"):
        assert name in shown
    assert not any("device" in name for name in shown)
    segments = [node for node in root.iter(f"{SVG}rect") if float(node.attrib["height"]) == 33]
    assert segments[0].get("fill") == WORDS.colours.looks["self-host-cloud"].colour
    assert float(segments[0].attrib["width"]) == pytest.approx(width * 0.826, abs=1.5)
    assert sum(float(node.attrib["width"]) for node in segments) == pytest.approx(width, abs=5)


def test_the_winner_is_named_within_its_own_segment() -> None:
    assert "Self-hosting on rented GPUs: 83 of 100" in texts(opened(share_bar(SHARES, WORDS)))


def test_no_share_gives_no_bar() -> None:
    assert share_bar([], WORDS) == ""
    assert share_bar([SHARES[2]], WORDS) == ""
