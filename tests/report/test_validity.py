"""The HTML is valid: W3C's checker (vnu) and html-validate find nothing, CSS included."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.records import as_record

from hostwise.cli.main import cli
from hostwise.report.page.html import html_report

REPORTS = ["support-summariser", "hospital-no-gpu-team", "unanswered-gate"]
BROKEN_PAGE = "broken.html"
BROKEN = "<!DOCTYPE html><html lang=en><head><title>x</title></head><body><p id='a'>x</p><p id='a'>y</p></body></html>"


@pytest.fixture(scope="module")
def tools() -> Path:
    folder = os.environ.get("HOSTWISE_HTML_TOOLS")
    if folder is None:
        pytest.skip("HOSTWISE_HTML_TOOLS is not set: .ci/run installs vnu-jar and html-validate there")
    return Path(folder) / "node_modules"


@pytest.fixture(scope="module")
def pages(decided: Callable[[str], Any], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("pages")
    (folder / BROKEN_PAGE).write_text(BROKEN, encoding="utf-8")
    for name in REPORTS:
        (folder / f"{name}.html").write_text(html_report(as_record(decided(name)), audience="audit"), encoding="utf-8")
    assert CliRunner().invoke(cli, ["rules", "docs", "-o", str(folder / "rules.html")]).exit_code == 0
    return sorted(folder.glob("*.html"))


def vnu(tools: Path, files: list[Path]) -> list[str]:
    if shutil.which("java") is None:
        pytest.skip("java is not installed")
    jar = tools / "vnu-jar" / "build" / "dist" / "vnu.jar"
    # It lives for seconds: to compile well, and to collect garbage on every core, costs more than it saves.
    java = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m"]
    command = [*java, "-jar", str(jar), "--format", "json", "--exit-zero-always", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    found = json.loads(done.stderr)["messages"]
    return [f"{Path(m['url']).name}:{m.get('lastLine')}: {m['message']}" for m in found if m["type"] != "info"]


def html_validate(tools: Path, files: list[Path]) -> list[str]:
    program, rules = tools / "html-validate" / "bin" / "html-validate.mjs", files[0].parent / "rules.json"
    rules.write_text('{"root": true, "extends": ["html-validate:recommended"]}', encoding="utf-8")
    command = ["node", str(program), "--config", str(rules), "--formatter", "json", *map(str, files)]
    # Into a file: node ends before a pipe has taken all that it wrote.
    output = files[0].parent / "html-validate.json"
    with output.open("wb") as written:
        subprocess.run(command, stdout=written, check=False, timeout=120)
    return [
        f"{Path(file['filePath']).name}:{m['line']}: {m['message']}"
        for file in json.loads(output.read_bytes())
        for m in file["messages"]
    ]


@pytest.fixture(scope="module", params=[vnu, html_validate])
def found(request: pytest.FixtureRequest, tools: Path, pages: list[Path]) -> Mapping[str, list[str]]:
    """What a checker finds on each page: it is started once."""
    said: list[str] = request.param(tools, pages)
    return {page.name: [each for each in said if each.startswith(f"{page.name}:")] for page in pages} | {"": said}


def test_reports_and_the_rulebooks_page_are_valid(found: Mapping[str, list[str]]) -> None:
    pages = found.keys() - {"", BROKEN_PAGE}
    assert len(pages) == 4
    assert [found[page] for page in pages] == [[]] * 4
    assert found[""] == found[BROKEN_PAGE]


def test_a_page_that_is_not_valid_is_told_so(found: Mapping[str, list[str]]) -> None:
    assert any("uplicate ID" in message for message in found[BROKEN_PAGE])
