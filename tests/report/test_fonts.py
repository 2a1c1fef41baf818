"""The list of fonts says what their files have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from tests.records import as_record

from hostwise.reading.findings.diagnostics import InputError
from hostwise.report.brand.fonts import all_faces
from hostwise.report.page.html import html_report

FONTS = Path(__file__).parents[2] / "templates" / "fonts"
FACES = all_faces(FONTS.parent)


@pytest.mark.parametrize("face", FACES, ids=[face.stem for face in FACES])
def test_each_font_has_the_characters_it_is_listed_with(face: Any) -> None:
    files = [FONTS / f"{face.stem}.woff2", *([FONTS / "print" / f"{face.stem}.ttf"] if face.always else [])]
    for file in files:
        assert face.characters <= set(TTFont(file, lazy=True).getBestCmap())


def test_no_character_is_listed_twice_and_no_file_is_left_over() -> None:
    regular = [face for face in FACES if face.weight == 400]
    assert sum(len(face.characters) for face in regular) == len(set().union(*(face.characters for face in regular)))
    assert {path.stem for path in FONTS.rglob("*.woff2")} == {face.stem for face in FACES}
    assert {path.stem for path in FONTS.rglob("*.ttf")} == {face.stem for face in FACES if face.always}


def test_a_list_that_is_wrong_is_told_at_its_line(own_templates: Path, decided: Any) -> None:
    listed = own_templates / "fonts" / "fonts.yaml"
    text = listed.read_text(encoding="utf-8")
    listed.write_text(text.replace("05B0-05BC", "05B0..05BC"), encoding="utf-8")
    with pytest.raises(InputError, match="not a list of characters") as caught:
        html_report(as_record(decided("support-summariser")), own_templates, audience="audit")
    place = caught.value.diagnostics[0].place
    assert Path(place.file) == listed
    assert text.splitlines()[place.line - 1].strip().startswith("characters")


WOFF2, TRUETYPE = "IBMPlexSans-Regular.woff2", "print/IBMPlexSans-Regular.ttf"


@pytest.mark.parametrize(
    ("name", "kept"), [(WOFF2, slice(0)), (WOFF2, slice(4, None)), (WOFF2, slice(-100)), (TRUETYPE, slice(4, None))]
)
def test_what_is_no_font_is_told_at_its_line(name: str, kept: slice, own_templates: Path, decided: Any) -> None:
    file = own_templates / "fonts" / name
    file.write_bytes(file.read_bytes()[kept])
    with pytest.raises(InputError, match="this is no font, or a part of one"):
        html_report(as_record(decided("support-summariser")), own_templates)
