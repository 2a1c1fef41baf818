"""Templates can be read and changed by a designer: short lines, a cell a line, and one way to say a text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
PAGES = sorted(TEMPLATES.rglob("*.j2"))
every_page = pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(TEMPLATES)) for page in PAGES])


@every_page
def test_no_line_is_longer_than_a_screen_is_wide(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    assert [number for number, line in enumerate(lines, 1) if len(line) > 160] == []


@every_page
def test_no_table_stands_on_one_line(page: Path) -> None:
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        assert not re.search(r"<tr\b.*</tr>", line), number
        assert len(re.findall(r"<t[hd]\b", line)) <= 1, number


@every_page
def test_every_class_of_a_width_is_in_the_style_sheet(page: Path) -> None:
    sheet = (TEMPLATES / "report" / "print.css").read_text(encoding="utf-8")
    widths = set(re.findall(r"\.([a-z-]+) \{ width: \d+%", sheet))
    named = re.findall(r'<th scope="col" class="(?:number )?([a-z-]+)"', page.read_text(encoding="utf-8"))
    assert set(named) - {"number", "rule-column", "output"} <= widths
    assert not re.search(r'class="[^"]*\bw\d', page.read_text(encoding="utf-8"))


def test_a_word_of_the_yaml_is_not_one_that_a_single_template_says() -> None:
    """What one template alone says stands in it; `words.yaml` is for what more than one place says."""
    said: dict[str, set[str]] = {}
    for page in PAGES:
        for name in re.findall(r'words\.say\("([a-z_.]+)"', page.read_text(encoding="utf-8")):
            said.setdefault(name, set()).add(str(page.relative_to(TEMPLATES)))
    engine = Path(__file__).parents[2] / "engine" / "hostwise"
    python = "".join(path.read_text(encoding="utf-8") for path in engine.rglob("*.py"))
    for name, pages in said.items():
        assert len(pages) > 1 or f'"{name}' in python, (name, pages)
