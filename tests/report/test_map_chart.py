"""The decision map as SVG: every region named, the outlines exact, readable without colour."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.drawings import SVG, assert_sound, opened, texts, title

from hostwise.analysis.maps.letter_map import LetterMap
from hostwise.record.format.shape import read_as
from hostwise.report.charts.map import NARROW_MAP, WIDE_MAP, MapPlot, map_chart, row_text
from hostwise.report.charts.regions import connected_parts, outlines, rectangle_for_text
from hostwise.report.view.map import map_of
from hostwise.report.words.words import load_words

WORDS = load_words()
LOOKS = WORDS.colours.looks
NAMES = ("s4-50m-a-day", "unanswered-gate", "nightly-extraction-batch", "infeasible-handheld-interpreter")
Decided = Callable[[str], dict[str, Any]]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("plot", [WIDE_MAP, NARROW_MAP])
def test_every_verdict_has_its_region_and_its_name(name: str, plot: MapPlot, decided: Decided) -> None:
    data = decided(name)["robustness"]["map"]
    drawn = map_of(read_as(LetterMap, data), WORDS)
    svg = map_chart(drawn, WORDS, plot)
    assert len(svg) < 15_000
    root = opened(svg)
    assert_sound(root)
    shown = texts(root)
    for verdict in drawn.verdicts:
        look = LOOKS[verdict.id]
        (path,) = [node for node in root.iter(f"{SVG}path") if node.get("fill") == look.colour]
        assert path.get("stroke")  # the line between two regions
        assert look.letter in shown  # in the key
        assert verdict.label in shown
        assert verdict.label in title(root)
    assert WORDS.say("map.mark") in shown


@pytest.mark.parametrize("name", NAMES)
def test_the_table_says_what_the_record_says(name: str, decided: Decided) -> None:
    """Read back from its words, the table behind the map has every cell of the record."""
    data = decided(name)["robustness"]["map"]
    drawn = map_of(read_as(LetterMap, data), WORDS)
    read = []
    for row in drawn.rows:
        cells = "".join(
            data["verdicts"][drawn.verdicts.index(s.verdict)]["letter"] * (s.last - s.first + 1) for s in row.stretches
        )
        read.append(cells)
        for stretch in row.stretches:
            assert stretch.verdict.label in row_text(row, drawn, WORDS)
    collapsed = [row for row, after in pairwise([*reversed(data["rows"]), ""]) if row != after]
    assert read == collapsed


def test_the_words_of_a_choice_stand_beside_their_rows(undecided: dict[str, Any]) -> None:
    drawn = map_of(read_as(LetterMap, undecided["robustness"]["map"]), WORDS)
    assert [row.name for row in drawn.rows] == ["forbidden", "allowed"]
    root = opened(map_chart(drawn, WORDS))
    assert {"forbidden", "allowed"} <= set(texts(root))
    assert title(root).startswith("What would be decided, by tokens a day and external processing. Today is not on it")
    # Only the volume is known today: a broken line, no ring.
    assert [node for node in root.iter(f"{SVG}line") if node.get("stroke-dasharray")]
    assert not list(root.iter(f"{SVG}circle"))


def test_today_is_a_ring_in_its_own_region(summariser: dict[str, Any]) -> None:
    data = summariser["robustness"]["map"]
    root = opened(map_chart(map_of(read_as(LetterMap, data), WORDS), WORDS))
    circle = next(root.iter(f"{SVG}circle"))
    (path,) = [n for n in root.iter(f"{SVG}path") if n.get("fill") == LOOKS["open-model-provider"].colour]
    xs, ys = zip(*((float(x), float(y)) for x, y in re.findall(r"[ML](\S+) ([\d.]+)", path.attrib["d"])), strict=True)
    assert min(xs) < float(circle.attrib["cx"]) < max(xs)
    assert min(ys) < float(circle.attrib["cy"]) < max(ys)


def test_a_map_with_one_row_is_a_strip(summariser: dict[str, Any]) -> None:
    data = summariser["robustness"]["map"] | {"y": None, "today": [summariser["robustness"]["map"]["today"][0], 0]}
    data["rows"] = data["rows"][:1]
    root = opened(map_chart(map_of(read_as(LetterMap, data), WORDS), WORDS))
    assert_sound(root)
    assert title(root).startswith("What would be decided, by tokens a day. Today:")


grids = st.integers(1, 7).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 2), min_size=width, max_size=width), min_size=1, max_size=7)
)


@given(grids)
def test_outlines_enclose_exactly_their_cells(cells: list[list[int]]) -> None:
    """By the even-odd rule, a cell's middle is inside the outlines of its own value and of no other."""
    for value in range(3):
        lines = outlines(cells, value)
        for row, across in enumerate(cells):
            for column, cell in enumerate(across):
                crossings = 0
                for corners in lines:
                    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
                        assert (x1 == x2) != (y1 == y2)
                        crossings += x1 == x2 and x1 > column + 0.5 and min(y1, y2) < row + 0.5 < max(y1, y2)
                assert crossings % 2 == (cell == value)


@given(grids)
def test_room_for_a_name_lies_within_its_region(cells: list[list[int]]) -> None:
    found = connected_parts(cells)
    assert sorted(cell for part in found for cell in part) == sorted(
        (column, row) for row, across in enumerate(cells) for column in range(len(across))
    )
    for part in found:
        block = rectangle_for_text(part, [20.0] * len(cells[0]), [20.0] * len(cells), 60.0)
        assert block is not None
        inside = {(x, y) for x in range(block.left, block.right + 1) for y in range(block.bottom, block.top + 1)}
        assert inside <= part
