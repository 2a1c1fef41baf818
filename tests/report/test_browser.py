"""The HTML in real Chromium: accessible, readable and quiet, on a small and a large screen, light, dark and printed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.records import as_record
from tests.report.attacks import PACKS, attacked
from tests.report.stress import ENDLESS_WORD, SCRIPTS, firing, saying

from hostwise.cli.main import cli
from hostwise.report.page.html import html_report

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe_package = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")

# As root, without a screen and without asking Google for anything.
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
AXE = (Path(axe_package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# The contrast is measured by browser.js, in SVG too and in a tenth of the time.
RUN_AXE = "axe.run(document, {resultTypes: ['violations'], rules: {'color-contrast': {enabled: false}}})"
# What a wider screen can change of a page that was looked at in full on a narrow one.
AGAIN = "axe.run(document, {resultTypes: ['violations'], runOnly: ['target-size', 'scrollable-region-focusable']})"
CHECKS = (Path(__file__).parent / "browser.js").read_text(encoding="utf-8").partition("\n")[2]
REPORTS = {"cost": "support-summariser", "gate": "hospital-no-gpu-team", "undecided": "unanswered-gate"}
PAGES = [*REPORTS, "rules"]
# The colours are the same at every width and the drawings in either scheme, so that one page tries all four.
LOOKS = [
    *(("cost", width, scheme) for width in (320, 1440) for scheme in ("light", "dark")),
    *((name, *look) for name in PAGES[1:] for look in ((320, "dark"), (1440, "light"))),
]
every_page = pytest.mark.parametrize("name", PAGES)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as program:
        started = program.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="module")
def files(decided: Callable[[str], Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    for name, example in REPORTS.items():
        (folder / f"{name}.html").write_text(
            html_report(as_record(decided(example)), audience="audit"), encoding="utf-8"
        )
    assert CliRunner().invoke(cli, ["rules", "docs", "-o", str(folder / "rules.html")]).exit_code == 0
    return {name: folder / f"{name}.html" for name in PAGES}


@pytest.fixture(scope="module")
def opened(browser: Any, files: dict[str, Path]) -> Iterator[Callable[[str], Any]]:
    """Each page, opened once from its file; what it asked for and complained of is kept beside it."""
    pages: dict[str, Any] = {}

    def page(name: str) -> Any:
        if name not in pages:
            found = browser.new_page()
            found.asked, found.said = [], []
            found.on("request", lambda request: found.asked.append(request.url))
            found.on("console", lambda message: found.said.append(message.text))
            found.on("pageerror", lambda error: found.said.append(str(error)))
            found.goto(files[name].as_uri())
            found.evaluate(AXE)
            pages[name] = found
        pages[name].set_viewport_size({"width": 1440, "height": 900})
        pages[name].emulate_media(color_scheme="light", media="screen")
        return pages[name]

    yield page
    for found in pages.values():
        found.close()


@every_page
@pytest.mark.parametrize("width", [320, 1440])
def test_axe_finds_nothing(name: str, width: int, opened: Callable[[str], Any]) -> None:
    page = opened(name)
    page.set_viewport_size({"width": width, "height": 900})
    whole = width == 320 or name == "cost"
    result = page.evaluate(RUN_AXE if whole else AGAIN)
    assert len(result["passes"]) > (20 if whole else 0)
    assert [(v["id"], v["impact"], v["nodes"][0]["html"][:120]) for v in result["violations"]] == []


@pytest.mark.parametrize(("name", "width", "scheme"), LOOKS, ids=["-".join(map(str, look)) for look in LOOKS])
def test_every_text_has_contrast_and_drawings_are_sound(
    name: str, width: int, scheme: str, opened: Callable[[str], Any]
) -> None:
    page = opened(name)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    found = page.evaluate(CHECKS)
    assert found["count"] > 300
    assert found["findings"] == []


@every_page
def test_printed_it_has_contrast_and_nothing_stays_folded(name: str, opened: Callable[[str], Any]) -> None:
    page = opened(name)
    page.emulate_media(media="print", color_scheme="dark")
    found = page.evaluate(CHECKS)
    assert found["findings"] == []
    shown = "document.querySelector('details:not([open]) > :not(summary)')?.checkVisibility() ?? true"
    assert page.evaluate(shown)


def test_axe_finds_nothing_in_what_is_printed(opened: Callable[[str], Any]) -> None:
    page = opened("cost")
    page.emulate_media(media="print")
    assert page.evaluate(RUN_AXE)["violations"] == []


@every_page
def test_nothing_scrolls_sideways_on_a_small_screen(name: str, opened: Callable[[str], Any]) -> None:
    page = opened(name)
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_tables_are_cards_on_a_small_screen(opened: Callable[[str], Any]) -> None:
    page = opened("cost")
    said = """[...document.querySelectorAll('.options td')].map((e) =>
      [getComputedStyle(e).display, getComputedStyle(e, '::before').content])"""
    assert {tuple(each) for each in page.evaluate(said)} == {("table-cell", "none")}
    page.set_viewport_size({"width": 360, "height": 700})
    assert {tuple(each) for each in page.evaluate(said)} == {
        ("block", f'"{label}"') for label in ("A month", "Per million", "Outcome", "Why")
    }
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    cut = (
        "[...document.querySelectorAll('table, tbody th, td')].filter((e) => e.scrollWidth > e.clientWidth + 1).length"
    )
    assert page.evaluate(cut) == 0


def test_charts_follow_a_dark_screen(opened: Callable[[str], Any]) -> None:
    page = opened("cost")
    grounds = "[...document.querySelectorAll('.chart')].map((e) => getComputedStyle(e).backgroundColor)"
    paper = "getComputedStyle(document.body).backgroundColor"
    assert set(page.evaluate(grounds)) == {"rgb(255, 255, 255)"}
    page.emulate_media(color_scheme="dark")
    assert set(page.evaluate(grounds)) == {page.evaluate(paper)}
    assert page.evaluate(paper) != "rgb(255, 255, 255)"


@pytest.mark.parametrize("text", [ENDLESS_WORD, *SCRIPTS.values()], ids=["word", *SCRIPTS])
def test_no_text_makes_a_small_screen_scroll(text: str, browser: Any, decided: Callable[[str], Any]) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 700})
    page.set_content(html_report(as_record(saying(decided("support-summariser"), text)), audience="leadership"))
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.close()


def test_sixty_rules_more_make_no_small_screen_scroll(browser: Any, decided: Callable[[str], Any]) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 700})
    page.set_content(html_report(as_record(firing(decided("support-summariser"), 60)), audience="audit"))
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.close()


def test_nothing_that_a_record_says_runs_or_asks(browser: Any, decided: Callable[[str], Any]) -> None:
    page = browser.new_page()
    asked: list[str] = []
    ran: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    for pack in PACKS:
        html = html_report(as_record(attacked(decided("support-summariser"), pack)), audience="leadership")
        assert "Content-Security-Policy" in html
        # What keeps it quiet is that it is text, not only what the browser was told to refuse.
        page.set_content(html.replace("Content-Security-Policy", "x-nothing"), wait_until="load")
        for link in page.query_selector_all("a, summary"):
            assert (link.get_attribute("href") or "#").startswith("#")
        page.mouse.move(200, 200)
    assert ran == []
    assert [url for url in asked if not url.startswith(("data:font/woff2", "about:"))] == []
    page.close()


@every_page
def test_it_asks_for_nothing_and_complains_of_nothing(name: str, opened: Callable[[str], Any]) -> None:
    page = opened(name)
    asked = [url for url in page.asked if not url.startswith(("file:", "data:"))]
    assert asked == []
    assert len([url for url in page.asked if url.startswith("file:")]) == 1
    assert page.said == []


STOPS = """(wanted) => {
  const name = (e) => (e.getAttribute("aria-label") || e.textContent || "").trim();
  const focusable = [...document.querySelectorAll("a[href], summary, [tabindex], button, input")].filter((e) =>
    e.checkVisibility() && e.tabIndex >= 0);
  return focusable.map((e) => ({name: name(e).slice(0, 60), order: e.tabIndex,
    top: Math.round(e.getBoundingClientRect().top + scrollY)}));
}"""


@every_page
def test_tab_goes_through_named_stops_in_the_order_of_reading(name: str, opened: Callable[[str], Any]) -> None:
    page = opened(name)
    stops = page.evaluate(STOPS)
    assert len(stops) > 10
    assert {stop["order"] for stop in stops} == {0}
    assert [stop for stop in stops if not stop["name"]] == []
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => { const e = document.activeElement, s = getComputedStyle(e);
                return [(e.getAttribute("aria-label") || e.textContent || "").trim().slice(0, 60),
                        s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0] }"""
            )
        )
    assert [text for text, _ in reached] == [stop["name"] for stop in stops[:12]]
    assert all(visible for _, visible in reached)


def test_the_audit_tree_folds_by_keyboard_and_opens_for_print(opened: Callable[[str], Any]) -> None:
    page = opened("cost")
    shut = "document.querySelectorAll('details:not([open])').length"
    assert page.evaluate(shut) > 50
    assert page.evaluate("CSS.supports('selector(::details-content)')")
    rule = page.locator("details.rule-group[open] > details.rule").first
    summary, tree = rule.locator("summary").first, rule.locator(".tree").first
    assert not tree.is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    assert tree.is_visible()
    page.keyboard.press("Enter")
    assert not tree.is_visible()
    page.emulate_media(media="print")
    assert tree.is_visible()
    hidden = "[...document.querySelectorAll('details > :not(summary)')].filter((e) => !e.checkVisibility()).length"
    assert page.evaluate(hidden) == 0
