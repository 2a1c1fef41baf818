"""The tornado: sorted, labelled at both ends, flips told by a shape and a word."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.report.drawings import SVG, assert_sound, opened, texts, title

from hostwise.report.charts.tornado import MOST, NARROW_TORNADO, WIDE_TORNADO, TornadoPlot, tornado_chart
from hostwise.report.model.robustness import Tornado, TornadoEnd, TornadoRow
from hostwise.report.words.words import load_words

WORDS = load_words()
API = "Managed API"
LAYOUTS = pytest.mark.parametrize("layout", [WIDE_TORNADO, NARROW_TORNADO], ids=["wide", "narrow"])


def end(answer: str, cost: str | None, flips_to: str = "") -> TornadoEnd:
    return TornadoEnd(answer, None if cost is None else Decimal(cost), flips_to)


def row(label: str, low: str | None, high: str | None, low_flip: str = "", high_flip: str = "") -> TornadoRow:
    return TornadoRow(label, end("10M", low, low_flip), end("40M", high, high_flip))


def drawn(rows: list[TornadoRow], layout: TornadoPlot = WIDE_TORNADO, measure: str = "cost") -> str:
    found = Tornado(measure, "Self-hosting on rented GPUs", "USD", Decimal(6862), (), tuple(rows))
    return tornado_chart(found, WORDS, layout)


LONG = "Price at an open-model provider of the largest kind"
ROWS = [
    row("Cost of an engineer a month", "6300", "7070"),
    row("Tokens a day", "2860.5", "18900", low_flip=API),
    row("Price of a GPU-hour", "9000", "5000"),
    TornadoRow(LONG, end("10M", "6900"), end("$3.00 per million tokens", "7400")),
    TornadoRow("Quality gap", end("10M", "6862"), end("20%", "6862", API)),
    row("Peak to mean", None, "7100", low_flip="Undecided"),
    row("Growth a month", "6862", "6862"),
]


@LAYOUTS
def test_the_longest_bar_comes_first_and_both_its_ends_are_labelled(layout: TornadoPlot) -> None:
    root = opened(drawn(ROWS, layout))
    assert_sound(root)
    shown = texts(root)
    order = [shown.index(first) for first in ("Tokens a day", "Price of a GPU-hour", "Quality gap")]
    assert order == sorted(order)
    assert {"10M: $2,861", "40M: $18,900", "10M: not priced", "as answered $6,862"} <= set(shown)


@LAYOUTS
def test_a_flip_has_a_diamond_and_the_name_of_the_other_option(layout: TornadoPlot) -> None:
    root = opened(drawn(ROWS, layout))
    ends = [path for path in root.iter(f"{SVG}path") if path.get("stroke-width") == "1.8"]
    assert len(ends) == 3 + 1  # three flips, and the key
    assert texts(root).count("then Managed API") == 2
    assert "then Undecided" in texts(root)
    assert "at an end of: Tokens a day, Peak to mean, Quality gap" in title(root)
    unturned = opened(drawn([row("Tokens a day", "1", "9000")], layout))
    assert "changes the recommendation" in title(unturned)
    assert not list(unturned.iter(f"{SVG}path"))


def test_bars_are_to_scale_and_start_from_what_was_answered() -> None:
    root = opened(drawn(ROWS[1:2]))
    low, high = (node for node in root.iter(f"{SVG}rect") if float(node.attrib["height"]) == 16)
    assert float(low.attrib["x"]) + float(low.attrib["width"]) == pytest.approx(float(high.attrib["x"]), abs=0.1)
    lengths = [float(node.attrib["width"]) for node in (low, high)]
    assert lengths[1] / lengths[0] == pytest.approx((18900 - 6862) / (6862 - 2860.5), rel=0.01)


def test_ends_that_go_the_same_way_lie_one_above_the_other() -> None:
    root = opened(drawn([ROWS[1], row("Input price", "9000", "12000")]))
    halves = [node for node in root.iter(f"{SVG}rect") if float(node.attrib["height"]) == 8]
    assert len(halves) == 2
    assert halves[0].get("fill") != halves[1].get("fill")
    assert float(halves[1].attrib["y"]) == float(halves[0].attrib["y"]) + 8


@LAYOUTS
def test_at_most_twelve_are_drawn_and_flips_are_never_the_ones_left_out(layout: TornadoPlot) -> None:
    many = [row(f"Answer number {n}", "6000", str(8000 + n)) for n in range(20)]
    root = opened(drawn([*many, ROWS[4], ROWS[6]], layout))
    assert_sound(root)
    assert sum(label.startswith("Answer number") for label in texts(root)) == MOST - 1
    assert "Quality gap" in texts(root)
    notes = " ".join(texts(root))
    assert "Not drawn: 9 that move it less." in notes
    assert "Not drawn: 1 that change neither" in notes


def test_a_saving_is_said_to_be_one() -> None:
    assert title(opened(drawn(ROWS, measure="saving"))).startswith("Saving a month of Self-hosting on rented GPUs")


def test_nothing_is_drawn_where_nothing_moves() -> None:
    assert drawn([]) == ""
    assert drawn([row("Growth a month", "6862", "6862")]) == ""
    assert drawn([row("Tokens a day", None, None)]) == ""


def test_what_a_row_says_stays_text() -> None:
    root = opened(drawn([TornadoRow("<script>&", end("<b>", "1"), end("40M", "2"))]))
    assert "<script>&" in texts(root)
