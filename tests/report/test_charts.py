"""Charts: well-formed, titled with the finding, and legible without colour."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from tests.records import as_record
from tests.report.drawings import contrast

from hostwise.reading.numbers.number_format import format_money
from hostwise.record.decide import answers_from_text, decide
from hostwise.report.charts.cost import NARROW, WIDE, cost_chart, legend, stack_chart
from hostwise.report.charts.lettering import measured
from hostwise.report.page.html import html_report
from hostwise.report.view.report import report_of
from hostwise.report.words.words import load_words

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("draw", [cost_chart, stack_chart])
@pytest.mark.parametrize("layout", [WIDE, NARROW])
def test_a_chart_is_titled_described_and_stays_inside_its_frame(
    draw: Any, layout: Any, summariser: dict[str, Any]
) -> None:
    words = load_words()
    report = report_of(as_record(summariser), words)
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
        assert format_money(option.monthly.likely, option.currency) in shown


def test_bars_are_to_scale(summariser: dict[str, Any]) -> None:
    words = load_words()
    report = report_of(as_record(summariser), words)
    root = ET.fromstring(cost_chart(report.priced, words))
    bars = [float(rect.attrib["width"]) for rect in root.iter(f"{SVG}rect")]
    costs = [float(option.monthly.likely) for option in report.priced if option.monthly]
    assert len(bars) == len(costs)
    scale = bars[0] / costs[0]
    assert bars == pytest.approx([cost * scale for cost in costs], abs=0.2)


def test_neighbouring_elements_differ_in_greyscale() -> None:
    order = list(load_words().colours.elements.values())
    for one, other in pairwise(order):
        assert contrast(one, other) >= 1.8


@pytest.mark.parametrize("name", ["support-summariser", "hospital-no-gpu-team", "s2-70b-vs-gpt4o", "s4-50m-a-day"])
def test_elements_that_touch_in_a_bar_differ_in_greyscale(name: str, decided: Callable[[str], dict[str, Any]]) -> None:
    words = load_words()
    report = report_of(as_record(decided(name)), words)
    touching = set()
    for option in report.priced:
        groups = [share.group for share in option.shares if share.amount.likely > 0]
        touching |= set(pairwise(groups))
    assert len(touching) > 5
    for one, other in touching:
        assert contrast(words.colours.elements[one], words.colours.elements[other]) >= 1.45, (one, other)


def test_text_of_a_chart_can_be_read() -> None:
    colours = load_words().colours
    assert contrast(colours.ink, colours.paper) >= 7
    assert contrast(colours.muted, colours.paper) >= 4.5


@pytest.mark.parametrize("draw", [cost_chart, stack_chart])
def test_what_is_ruled_out_is_pale_and_has_an_outline_in_its_colour(draw: Any, summariser: dict[str, Any]) -> None:
    words = load_words()
    report = report_of(as_record(summariser), words)
    elements = dict(legend(report.priced, words))
    for option in report.priced:
        root = ET.fromstring(draw([option], words))
        bars = list(root.iter(f"{SVG}rect"))
        strong = {words.colours.looks[option.id].colour} if draw is cost_chart else set(elements.values())
        for bar in bars:
            if option.feasible:
                assert bar.get("fill") in strong and bar.get("stroke") is None
            else:
                assert contrast(bar.attrib["fill"], words.colours.paper) < 3
                assert bar.get("stroke") in strong


def test_no_priced_option_gives_no_chart(summariser: dict[str, Any]) -> None:
    for ledger in summariser["ledgers"]:
        ledger.update(priced=False, total=None)
    words = load_words()
    assert cost_chart(report_of(as_record(summariser), words).options, words) == ""


def test_the_lines_of_the_axis_stop_at_the_words_beside_a_bar(summariser: dict[str, Any]) -> None:
    """They ran through `(ruled out)`."""
    words = load_words()
    root = ET.fromstring(cost_chart(report_of(as_record(summariser), words).priced, words))
    notes = [node for node in root.iter(f"{SVG}text") if node.text == f"({words.say('charts.excluded')})"]
    clear = [node for node in root.iter(f"{SVG}line") if node.get("stroke-width") == "16"]
    assert notes
    for note in notes:
        x, y = float(note.get("x") or 0), float(note.get("y") or 0)
        assert any(
            float(each.get("x1") or 0) < x < float(each.get("x2") or 0) and abs(float(each.get("y1") or 0) - y) < 8
            for each in clear
        )


SEATS = """
workload: {name: Seats, task: code, stage: production, as_of: 2026-11-20, currency: INR}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {developers: 300, coding_use: agents}
current_api: {provider: anthropic, model: claude-opus-4.5}
team: {gpu_operations: platform-team, existing_ml_platform: yes}
economics: {exchange_rates: {INR: {rate: 0.0113, as_of: 2026-11-20}}}
"""
"""If another model fails, the API costs 170 times its likely cost: one end of one band, far beyond every bar."""


@pytest.mark.parametrize("draw", [cost_chart, stack_chart])
@pytest.mark.parametrize("language", ["en-GB", "de"])
def test_an_end_far_beyond_the_bars_is_cut_with_an_arrow(draw: Any, language: str) -> None:
    words = load_words(None, language)
    report = report_of(decide(answers_from_text(SEATS, "w.yaml")), words)
    root = ET.fromstring(draw(report.priced, words, WIDE))
    lines = [each.attrib for each in root.iter(f"{SVG}line")]
    right = max(float(each["x1"]) for each in lines if each["x1"] == each["x2"])
    bars: dict[str, float] = {}
    for bar in root.iter(f"{SVG}rect"):
        bars[bar.attrib["y"]] = bars.get(bar.attrib["y"], 0) + float(bar.attrib["width"])
    lengths = dict(zip((option.id for option in report.priced), bars.values(), strict=True))
    assert max(lengths[option.id] for option in report.priced if option.feasible) > (right - WIDE.label) / 3
    assert lengths["sovereign-api"] <= right - WIDE.label + 1, "a bar ends with the axis"
    arrows = [each.attrib["d"] for each in root.iter(f"{SVG}path")]
    assert 1 < len(arrows) < len(report.priced)
    assert all(arrow.startswith(f"M{right:.1f} ") for arrow in arrows)
    for each in root.iter(f"{SVG}text"):
        if each.attrib["text-anchor"] == "start":
            assert float(each.attrib["x"]) + measured(each.text or "", 12) <= WIDE.width + 1, each.text
    page = html_report(report.record, language=language)
    assert {"en-GB": "An arrow: it goes on beyond the drawing.", "de": "Ein Pfeil:"}[language] in page


def test_no_arrow_is_explained_where_none_is_drawn(summariser: dict[str, Any]) -> None:
    assert "An arrow" not in html_report(as_record(summariser))
