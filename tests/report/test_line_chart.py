"""The chart of where the line is: what competes, where it crosses, and readable without colour."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from tests.records import as_record
from tests.report.drawings import contrast

from hostwise.reading.numbers.number_format import format_money
from hostwise.report.charts.line import NARROW_PLOT, WIDE_PLOT, Plot, line_chart
from hostwise.report.model.report import CostLine
from hostwise.report.page.html import html_report
from hostwise.report.view.report import report_of
from hostwise.report.words.words import load_words

SVG = "{http://www.w3.org/2000/svg}"
WORDS = load_words()
Decided = Callable[[str], dict[str, Any]]


def line(data: dict[str, Any]) -> CostLine:
    found = report_of(as_record(data), WORDS).line
    assert found is not None
    return found


def texts(svg: ElementTree.Element) -> list[str]:
    return [node.text or "" for node in svg.iter(f"{SVG}text")]


def drawn(data: dict[str, Any], plot: Plot = WIDE_PLOT) -> ElementTree.Element:
    return ElementTree.fromstring(line_chart(line(data), WORDS, plot))


def test_what_competes_is_drawn_and_named_with_today_and_the_break_evens(summariser: dict[str, Any]) -> None:
    svg = drawn(summariser)
    labels = texts(svg)
    assert {"Managed API", "Managed open-model provider", "Self-hosting on rented GPUs"} <= set(labels)
    assert "Sovereign-cloud API" not in labels
    assert "today 900M" in labels
    assert {"from 227.2M", "from 1.29B"} <= set(labels)
    title = svg.find(f"{SVG}title")
    assert title is not None
    assert title.text is not None
    assert "Self-hosting on rented GPUs costs less than Managed API from 227.2M" in title.text


def test_the_naive_figure_stands_beside_the_real_one_where_it_misleads(decided: Decided) -> None:
    data = decided("s4-50m-a-day")
    assert "naive 4.771B" in texts(drawn(data))
    assert "Dividing the cost of one replica by the price of Managed API" in html_report(
        as_record(data), audience="audit"
    )


def test_own_hosting_is_drawn_in_steps(decided: Decided) -> None:
    data = decided("s4-50m-a-day")
    (own,) = (curve for curve in line(data).curves if curve.id == "self-host-cloud")
    volumes = [point.tokens for point in own.points]
    assert len(volumes) - len(set(volumes)) >= 4
    paths = [node.get("d") or "" for node in drawn(data).iter(f"{SVG}path") if node.get("fill") == "none"]
    (steps,) = (path for path in paths if path.count("L") == len(volumes) - 1)
    places = [tuple(map(float, place.split())) for place in steps[1:].split("L")]
    upright = [1 for (x1, y1), (x2, y2) in pairwise(places) if x1 == x2 and y2 < y1 - 2]
    assert len(upright) >= 2


def test_a_constraint_that_leaves_one_kind_shows_what_it_costs(decided: Decided) -> None:
    found = line(decided("hospital-no-gpu-team"))
    assert [curve.id for curve in found.curves if curve.feasible] == ["self-host-cloud"]
    assert [curve.feasible for curve in found.curves].count(False) == 1
    names = texts(drawn(decided("hospital-no-gpu-team")))
    assert "ruled out" in names


def test_the_table_behind_it_has_every_point_that_it_names(summariser: dict[str, Any]) -> None:
    found = line(summariser)
    assert found.today in found.volumes
    rows = {tokens: [written(curve.at(tokens).likely, found) for curve in found.curves] for tokens in found.volumes}
    assert rows[found.today] == ["$36,370", "$6,862", "$9,459"]
    html = html_report(as_record(summariser), audience="audit")
    for amounts in rows.values():
        assert all(amount in html for amount in amounts)


def written(amount: Decimal, found: CostLine) -> str:
    return format_money(amount, found.currency, found.language)


@pytest.mark.parametrize("plot", [WIDE_PLOT, NARROW_PLOT], ids=["wide", "narrow"])
@pytest.mark.parametrize(
    "name", ["support-summariser", "unanswered-gate", "nightly-extraction-batch", "s3-solo-founder", "s2-70b-vs-gpt4o"]
)
def test_nothing_leaves_the_drawing_and_names_do_not_touch(decided: Decided, name: str, plot: Plot) -> None:
    svg = drawn(decided(name), plot)
    for node in svg.iter(f"{SVG}text"):
        assert 0 <= float(node.get("x", "0")) <= plot.width
        assert 0 < float(node.get("y", "0")) <= plot.height
    letters = {look.letter for look in WORDS.colours.looks.values()}
    beyond = [node for node in svg.iter(f"{SVG}text") if float(node.get("x", "0")) > plot.right + 1]
    for ends in ([n for n in beyond if n.text in letters], [n for n in beyond if n.text not in letters]):
        assert all(abs(float(one.attrib["y"]) - float(other.attrib["y"])) >= 12 for one, other in combinations(ends, 2))
    for path in svg.iter(f"{SVG}path"):
        for x, y in re.findall(r"([\d.-]+) ([\d.-]+)", path.get("d") or ""):
            assert plot.left - 1 <= float(x) <= plot.right + 1
            assert plot.top - 1 <= float(y) <= plot.floor + 1


def test_the_same_record_gives_the_same_drawing(summariser: dict[str, Any]) -> None:
    assert line_chart(line(summariser), WORDS) == line_chart(line(summariser), WORDS)


def test_names_can_be_read_on_paper_and_lines_told_apart_without_colour(summariser: dict[str, Any]) -> None:
    colours = WORDS.colours
    options = {curve.id: colours.looks[curve.id] for curve in line(summariser).curves}
    svg = drawn(summariser)
    for node in svg.iter(f"{SVG}text"):
        if (node.text or "") not in {look.letter for look in options.values()}:
            assert contrast(node.attrib["fill"], colours.paper) >= 4.5
    lines = [node for node in svg.iter(f"{SVG}path") if node.get("fill") == "none"]
    assert {(node.get("stroke"), node.get("stroke-dasharray", "")) for node in lines} == {
        (look.colour, look.dashes) for look in options.values()
    }
    # At the end of each line stands its letter, on its colour.
    assert {look.letter for look in options.values()} <= set(texts(svg))


def test_a_volume_between_two_points_lies_on_the_line_between_them(summariser: dict[str, Any]) -> None:
    api = line(summariser).curves[0]
    assert abs(api.at(Decimal(150_000_000)).likely - Decimal(6370)) < 1


def test_without_a_volume_there_is_no_chart(summariser: dict[str, Any]) -> None:
    for ledger in summariser["ledgers"]:
        ledger.update(priced=False, total=None, curve=[])
    assert report_of(as_record(summariser), WORDS).line is None
