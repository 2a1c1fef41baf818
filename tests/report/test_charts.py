"""Charts: well-formed, titled with the finding, and legible without colour."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import Any

import pytest

from hostwise.report.charts import COLOURS, EXCLUDED_OPACITY, INK, MUTED, NARROW, PAPER, WIDE, cost_chart, stack_chart
from hostwise.report.view import report_of
from hostwise.report.words import load_words

SVG = "{http://www.w3.org/2000/svg}"


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("draw", [cost_chart, stack_chart])
@pytest.mark.parametrize("layout", [WIDE, NARROW])
def test_a_chart_is_titled_described_and_stays_inside_its_frame(
    draw: Any, layout: Any, summariser: dict[str, Any]
) -> None:
    words = load_words()
    report = report_of(summariser, words)
    root = ET.fromstring(draw(report.priced, words, layout))
    assert root[0].tag == f"{SVG}title"
    assert "$6," in str(root[0].text)
    assert root[1].tag == f"{SVG}desc"
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    for element in root.iter():
        assert "style" not in element.attrib
        for name in ("x", "x1", "x2"):
            assert -1 <= float(element.get(name, 0)) <= width + 1
        for name in ("y", "y1", "y2"):
            assert -1 <= float(element.get(name, 0)) <= height + 1
        if element.tag == f"{SVG}rect":
            assert float(element.attrib["x"]) + float(element.attrib["width"]) <= width + 1
    shown = " ".join(t for e in root.iter(f"{SVG}text") if (t := e.text))
    for option in report.priced:
        assert option.label.split()[0] in shown
        assert option.monthly is not None
        assert option.monthly.text in shown


def test_bars_are_to_scale(summariser: dict[str, Any]) -> None:
    words = load_words()
    report = report_of(summariser, words)
    root = ET.fromstring(cost_chart(report.priced, words))
    bars = [float(rect.attrib["width"]) for rect in root.iter(f"{SVG}rect")]
    costs = [float(option.monthly.likely) for option in report.priced if option.monthly]
    assert len(bars) == len(costs)
    scale = bars[0] / costs[0]
    assert bars == pytest.approx([cost * scale for cost in costs], abs=0.2)


def test_neighbouring_elements_differ_in_greyscale() -> None:
    order = list(COLOURS.values())
    for one, other in pairwise(order):
        assert contrast(one, other) >= 1.8


def test_text_of_a_chart_can_be_read() -> None:
    assert contrast(INK, PAPER) >= 7
    assert contrast(MUTED, PAPER) >= 4.5
    assert 0 < float(EXCLUDED_OPACITY) < 1


def test_brand_colours_can_be_read_in_light_and_dark() -> None:
    colours = load_words().brand.colours
    for name in ("ink", "muted", "accent", "warn"):
        for ground in ("#ffffff", colours["tint"]):
            assert contrast(colours[name], ground) >= 4.5, (name, ground)
    dark = {"ink": "#e6e9ec", "muted": "#a4afba", "accent": "#6fd0c5", "warn": "#f0b26b"}
    for colour in dark.values():
        for ground in ("#12161a", "#16292a"):
            assert contrast(colour, ground) >= 4.5


def test_no_priced_option_gives_no_chart(summariser: dict[str, Any]) -> None:
    for ledger in summariser["ledgers"]:
        ledger.update(priced=False, total=None)
    words = load_words()
    assert cost_chart(report_of(summariser, words).options, words) == ""
