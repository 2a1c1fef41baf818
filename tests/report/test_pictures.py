"""The pages look as they were approved. `pytest tests/report/test_pictures.py --approve` approves them anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops
from tests.report.pictures import APPROVED, IN_FULL, REPORTS, SHARE, approved, difference, pictures

CASES = [(name, audience) for name in REPORTS for audience in ("leadership", "audit")]


@pytest.mark.parametrize(("name", "audience"), CASES, ids=["-".join(case) for case in CASES])
def test_pages_look_as_approved(
    name: str, audience: str, printed: Callable[..., Any], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    last = 2 if audience == "leadership" else max(IN_FULL)
    found = pictures(printed(REPORTS[name], audience).pdf, tmp_path, last)
    assert len(found) == last
    wrong = []
    for number, picture in enumerate(found, 1):
        path = approved(f"{name}-{audience}", number)
        if request.config.getoption("--approve"):
            APPROVED.mkdir(exist_ok=True)
            picture.save(path, optimize=True)
        share = difference(Image.open(path), picture)
        if share > SHARE:
            picture.save(tmp_path / path.name)
            wrong.append(f"page {number}: {share:.0%} of it differs; see {tmp_path / path.name} beside {path}")
    assert not wrong, "\n".join(wrong)


def test_every_approved_picture_is_of_a_page_and_all_are_small() -> None:
    expected = {
        approved(f"{name}-{audience}", number).name
        for name, audience in CASES
        for number in range(1, (2 if audience == "leadership" else max(IN_FULL)) + 1)
    }
    assert {path.name for path in APPROVED.glob("*.png")} == expected
    assert sum(path.stat().st_size for path in APPROVED.glob("*.png")) < 1_500_000


def _page() -> Image.Image:
    return Image.open(approved("cost-leadership", 1)).convert("L")


def test_a_chart_that_is_gone_is_seen() -> None:
    page = _page()
    without = page.copy()
    width, height = page.size
    without.paste(255, (0, int(height * 0.25), width, int(height * 0.5)))
    assert difference(page, without) > SHARE


def test_a_text_that_moved_3_mm_is_seen() -> None:
    page = _page()
    width, height = page.size
    moved = page.copy()
    text = page.crop((0, int(height * 0.5), width, int(height * 0.8)))
    moved.paste(255, (0, int(height * 0.5), width, int(height * 0.8)))
    moved.paste(text, (0, int(height * 0.5) + 5))
    assert difference(page, moved) > SHARE


def test_a_shift_of_a_fraction_of_a_dot_is_not_seen() -> None:
    page = _page()
    shifted = Image.blend(page, ImageChops.offset(page, 1, 0), 0.25)
    assert difference(page, shifted) < SHARE
