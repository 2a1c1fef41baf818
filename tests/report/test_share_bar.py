"""The bar of a hundred futures: to scale, named, adding up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.drawings import SVG, assert_sound, contrast, opened, texts, title

from hostwise.report.share_bar import NARROW_SHARES, WIDE_SHARES, of_a_hundred, share_bar
from hostwise.report.verdict_style import STYLES
from hostwise.report.words import load_words

WORDS = load_words()
SHARES = [
    {"verdict": "managed-api", "label": "Managed API", "share": "0.13"},
    {"verdict": "self-host-cloud", "label": "Self-hosting on rented GPUs", "share": "0.826"},
    {"verdict": "edge", "label": "On the device", "share": 0},
    {"verdict": "open-model-provider", "label": "Managed open-model provider", "share": "0.04"},
    {"verdict": "undecided", "label": "undecided", "share": 0.004},
]


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
    assert segments[0].get("fill") == STYLES["self-host-cloud"].fill
    assert float(segments[0].attrib["width"]) == pytest.approx(width * 0.826, abs=1.5)
    assert sum(float(node.attrib["width"]) for node in segments) == pytest.approx(width, abs=5)


def test_the_winner_is_named_within_its_own_segment() -> None:
    assert "Self-hosting on rented GPUs: 83 of 100" in texts(opened(share_bar(SHARES, WORDS)))


def test_text_can_be_read_on_every_fill() -> None:
    for verdict, style in STYLES.items():
        assert contrast(style.fill, style.text) >= 4.5, verdict
    assert len({style.letter for style in STYLES.values()}) == len(STYLES)


def test_no_share_gives_no_bar() -> None:
    assert share_bar([], WORDS) == ""
    assert share_bar([SHARES[2]], WORDS) == ""


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_whole_shares_add_up_and_none_is_off_by_one(parts: list[int]) -> None:
    counts = of_a_hundred([Decimal(part) for part in parts])
    assert sum(counts) == 100
    for part, count in zip(parts, counts, strict=True):
        assert abs(count - Decimal(part) * 100 / sum(parts)) < 1
