"""The pages as they were laid out: no text leaves its place, none lies over another, no heading stands alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.report.layout import filled_shares, layout_problems

from hostwise.report.pdf.ends import filled, laid_out

EXAMPLES = sorted(path.stem for path in (Path(__file__).parents[2] / "examples").glob("*.yaml"))
IN_FULL = ["support-summariser", "hospital-no-gpu-team", "unanswered-gate", "infeasible-handheld-interpreter"]
PAGE = "<style>@page { size: 100mm 60mm; margin: 10mm } body { margin: 0; font: 4mm/1.4 sans-serif }</style>"

PLANTED = {
    "leaves the page": "<p style='white-space: nowrap'>" + "endless " * 30,
    "leaves its cell": "<p>one<p>two<table style='table-layout: fixed; width: 100%'>"
    "<td style='white-space: nowrap'>endless endless endless endless<td></table>",
    "lie over one another": "<p>the first text</p><p style='margin-top: -8mm'>the second text",
    "stands alone at the foot": "<p style='height: 30mm'>text</p>"
    "<h2 style='font-size: 4mm; margin: 0; break-after: page'>Next</h2><p>one",
    "(thead) stands alone": "<p>one<p>two<table style='break-after: page'><thead><tr><th>Head</table><p>one",
    "stands on it": "<p>one<p>two<p style='break-after: page'>three<p>four",
    "(img) leaves the page": "<p>one<p>two<p>three<img style='width: 90mm; height: 5mm' src='data:image/svg+xml,"
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>\'>',
}


@pytest.mark.parametrize(("said", "body"), PLANTED.items(), ids=PLANTED)
def test_a_page_that_is_wrong_is_told_so(said: str, body: str) -> None:
    weasyprint = pytest.importorskip("weasyprint")
    problems = layout_problems(weasyprint.HTML(string=PAGE + body).render())
    assert any(said in problem for problem in problems), problems


def test_a_page_that_is_right_is_told_nothing() -> None:
    weasyprint = pytest.importorskip("weasyprint")
    body = "<h2>Title</h2><p>One line.<table><tr><td>a<td>b</table>"
    assert layout_problems(weasyprint.HTML(string=PAGE + body).render()) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_few_pages_of_a_leader_are_sound(name: str, printed: Callable[..., Any]) -> None:
    assert printed(name, "leadership").problems == ()


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_page_of_a_leader_is_a_third_empty(name: str, printed: Callable[..., Any]) -> None:
    filled = printed(name, "leadership").filled
    assert min(filled) > 2 / 3, filled
    assert len(filled) in (2, 4, 5, 6)


def test_pages_end_elsewhere_where_the_last_would_be_nearly_empty() -> None:
    weasyprint = pytest.importorskip("weasyprint")
    rows = "".join(f"<tr><td>row {number}" for number in range(19))
    source = weasyprint.HTML(string=f"{PAGE}<h2 style='margin:0'>Title</h2><table><thead><th>Head<tbody>{rows}</table>")
    before = source.render()
    assert min(map(filled, before.pages)) < 1 / 3
    after = laid_out(source.render)
    assert len(after.pages) == len(before.pages)
    assert min(filled_shares(after)) > 2 / 3


def test_pages_that_are_full_are_laid_out_once() -> None:
    weasyprint = pytest.importorskip("weasyprint")
    source = weasyprint.HTML(string=f"{PAGE}<p style='height: 35mm; margin: 0'>Full to the end</p>")
    renders = []
    laid_out(lambda: renders.append(source.render()) or renders[-1])
    assert len(renders) == 1


@pytest.mark.parametrize("name", IN_FULL)
def test_the_pages_of_a_full_report_are_sound(name: str, printed: Callable[..., Any]) -> None:
    laid_out = printed(name)
    assert laid_out.problems == ()
    # What no plan of the pages fills is a figure that no page has room for after another, once a report at most.
    assert sum(share <= 2 / 3 for share in laid_out.filled[:-1]) <= 1, laid_out.filled


def test_where_no_plan_fills_every_page_the_fewest_are_a_third_empty() -> None:
    weasyprint = pytest.importorskip("weasyprint")
    rows = "".join(f"<p style='margin:0'>line {number}" for number in range(16))
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    tall = "".join(
        f"<img style='display: block; width: 70mm; height: {height}mm' src='data:image/svg+xml,{svg}'>"
        for height in (38, 25, 30)
    )
    source = weasyprint.HTML(string=f"{PAGE}{tall}{rows}")
    before, after = source.render(), laid_out(source.render)
    empty = [sum(share <= 2 / 3 for share in map(filled, each.pages)) for each in (before, after)]
    assert empty == [2, 1]
