"""Letters that no packaged font has are set in a font of the machine where it has one, and the file says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdf
import pytest
import yaml
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from tests.records import as_record

EXAMPLES = Path(__file__).parents[2] / "examples"
LETTERS = "東京病院あスสวัสดีनमस्ते"
CONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}/fonts</dir><cachedir>{folder}/cache</cachedir></fontconfig>
"""


def font(path: Path, letters: str) -> None:
    """A font that has some letters, each as a box."""
    names = {ord(letter): f"u{ord(letter):04X}" for letter in letters}
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for corner in ((100, 700), (900, 700), (900, 0)):
        pen.lineTo(corner)
    pen.closePath()
    box, order = pen.glyph(), [".notdef", *names.values()]
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder(order)
    made.setupCharacterMap(names)
    made.setupGlyf(dict.fromkeys(order, box))
    made.setupHorizontalMetrics(dict.fromkeys(order, (1000, 100)))
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": "Boxes", "styleName": "Regular"})
    made.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    made.setupPost()
    made.save(path)


def machine(folder: Path, letters: str) -> dict[str, str]:
    """The environment of a machine whose only font has some letters; of none where there are none."""
    (folder / "fonts").mkdir(parents=True)
    if letters:
        font(folder / "fonts" / "boxes.ttf", letters)
    (folder / "fonts.conf").write_text(CONFIG.format(folder=folder), encoding="utf-8")
    return {**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")}


def printed(tmp_path: Path, letters: str, file: str = "w.yaml") -> tuple[bytes, str, set[str]]:
    """A report written on such a machine: its bytes, the text of its first pages, and its fonts."""
    environment = machine(tmp_path / f"machine-{len(letters)}", letters)
    out = tmp_path / "r.pdf"
    command = [sys.executable, "-m", "hostwise", "report", file, "-o", str(out)]
    subprocess.run(command, env=environment, cwd=tmp_path, check=True, capture_output=True)
    pages = pypdf.PdfReader(out).pages
    fonts = {str(font.get_object()["/BaseFont"]) for font in pages[0]["/Resources"]["/Font"].values()}
    return out.read_bytes(), " ".join(" ".join(page.extract_text() for page in pages[:3]).split()), fonts


@pytest.fixture
def questionnaire(tmp_path: Path) -> None:
    """A name, and answers of which two pages are made at once: what is decided makes no letter another one."""
    answers = yaml.safe_load((EXAMPLES / "unanswered-gate.yaml").read_text(encoding="utf-8"))
    answers["workload"]["name"] = f"{LETTERS} 你"
    (tmp_path / "w.yaml").write_text(yaml.safe_dump(answers, allow_unicode=True), encoding="utf-8")
    columns = "workload.name,self_host.model,self_host.gpu"
    (tmp_path / "t.csv").write_text(f"{columns}\n{LETTERS} 你,Llama-3.3-70B,H100\n", encoding="utf-8")


@pytest.mark.parametrize("file", ["w.yaml", "t.csv"])
@pytest.mark.usefixtures("questionnaire")
def test_a_font_of_the_machine_is_used_and_named(file: str, tmp_path: Path) -> None:
    _, text, fonts = printed(tmp_path, LETTERS, file)
    assert "set in fonts of the machine that wrote this file: Boxes" in text
    assert all(letter in text for letter in "東京病院あス")
    assert "U+4F60" in text.replace("U+ ", "U+"), "what it does not have is written as its code point"
    assert "U+6771" not in text.replace("U+ ", "U+")
    assert len(fonts) == 3


@pytest.mark.usefixtures("questionnaire")
def test_without_one_they_are_code_points_and_nothing_is_said(tmp_path: Path) -> None:
    _, text, fonts = printed(tmp_path, "")
    assert "U+6771" in text.replace("U+ ", "U+") and "fonts of the machine" not in text
    assert len(fonts) == 2


RENDERED = """
import sys
from hostwise.record.decide import read_record
from hostwise.report.render import render
sys.stdout.buffer.write(render(read_record("record.json"), "pdf", audience="leadership"))
"""


def test_a_machine_that_has_more_changes_no_file_that_needs_none(tmp_path: Path, undecided: dict[str, Any]) -> None:
    (tmp_path / "record.json").write_text(as_record(undecided).json, encoding="utf-8")
    made = []
    for letters in (LETTERS, ""):
        environment = machine(tmp_path / f"machine-{len(letters)}", letters)
        command = [sys.executable, "-c", RENDERED]
        made.append(subprocess.run(command, env=environment, cwd=tmp_path, check=True, capture_output=True).stdout)
    assert made[0].startswith(b"%PDF-")
    assert made[0] == made[1]
