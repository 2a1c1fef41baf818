"""One table of colours: one for an option in a whole report, seen and read by everybody, and following the brand."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise, product
from pathlib import Path
from typing import Any

import pytest
from tests.records import as_record
from tests.report.drawings import contrast, luminance

from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.report.brand.colours import Colours
from hostwise.report.brand.contrast import ALIKE, apart, mixed
from hostwise.report.brand.contrast import contrast as measured_contrast
from hostwise.report.brand.palette import dark_charts_css, dark_palette
from hostwise.report.charts.rule_graph import graph_svg
from hostwise.report.page.html import PAPER, html_report
from hostwise.report.words.rules_words import load_rules_words
from hostwise.report.words.words import load_words
from hostwise.workbench.book.graph import RuleGraph

SVG = "{http://www.w3.org/2000/svg}"
ROOT = Path(__file__).parents[2]
OUTCOMES = ("undecided", "infeasible", "refused", "close-call")
OURS = {name: load_words().brand.colours[name] for name in ("ink", "muted", "accent", "tint", "rule", "warn")}
BRANDS = {
    "ours": OURS,
    "purple": OURS | {"ink": "#2b0030", "accent": "#7a1f6b", "tint": "#f6eaf4", "muted": "#5d4a60", "rule": "#ddcfe0"},
    "red": OURS | {"ink": "#222222", "accent": "#b3001b", "tint": "#fdf0f1", "warn": "#7a4100"},
    # As pale as a brand may be: 4.5 to 1 on white.
    "pale": OURS | {"ink": "#5c5f73", "accent": "#2f6fb0", "tint": "#fbfcfd", "muted": "#6b6f7a", "warn": "#8a5a00"},
}
every_brand = pytest.mark.parametrize("name", BRANDS)


def branded(templates: Path, palette: dict[str, str]) -> Path:
    """The templates with these colours."""
    lines = "".join(f'  {name}: "{value}"\n' for name, value in palette.items())
    (templates / "brand.yaml").write_text(f"name: Acme\ncolours:\n{lines}", encoding="utf-8")
    return templates


@pytest.fixture
def colours(name: str, own_templates: Path) -> Colours:
    return load_words(branded(own_templates, BRANDS[name])).colours


def findings(templates: Path, *changes: tuple[str, str]) -> list[Diagnostic]:
    path = templates / "colours.yaml"
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        _ = load_words(templates).colours
    return list(caught.value.diagnostics)


def line_of(templates: Path, text: str) -> int:
    lines = (templates / "colours.yaml").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_python_holds_no_colour() -> None:
    found = [
        f"{path}: {match[0]}"
        for path in sorted((ROOT / "engine" / "hostwise" / "report").rglob("*.py"))
        for match in re.finditer(r"#[0-9a-fA-F]{3,8}\b", path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_colours_are_measured_as_wcag_and_cielab_say() -> None:
    assert measured_contrast("#000000", "#ffffff") == 21
    assert round(measured_contrast("#767676", "#ffffff"), 2) == 4.54
    assert mixed("#000000", "#ffffff", 0.2) == "#cccccc"
    assert round(apart("#000000", "#ffffff")) == 100
    # Pure red and green in CIELAB under D65, after Lindbloom: (53.2, 80.1, 67.2) and (87.7, -86.2, 83.2).
    assert apart("#ff0000", "#00ff00") == pytest.approx(170.6, abs=0.5)


@every_brand
def test_every_option_and_element_can_be_seen_on_paper(colours: Colours) -> None:
    for option, look in colours.looks.items():
        assert contrast(look.outline, colours.paper) >= 3, option
        if option not in OUTCOMES:
            assert look.outline == look.colour
    spare = [each.colour for each in colours.spare_options] + list(colours.spare_elements)
    for colour in [*colours.elements.values(), *spare, colours.high]:
        assert contrast(colour, colours.paper) >= 3, colour


@every_brand
def test_text_can_be_read_on_every_fill_and_on_paper(colours: Colours) -> None:
    for option, look in colours.looks.items():
        assert contrast(look.text, look.colour) >= 4.5, option
    for colour in (colours.ink, colours.muted, colours.accent):
        assert contrast(colour, colours.paper) >= 4.5


@every_brand
def test_pages_can_be_read_in_light_and_dark(name: str) -> None:
    palette = BRANDS[name]
    light, dark = {**palette, "paper": "#ffffff"}, dark_palette(palette)
    for scheme in (light, dark):
        for text, ground in product(("ink", "muted", "accent", "warn"), ("paper", "tint")):
            assert contrast(scheme[text], scheme[ground]) >= 4.5, (text, ground)
    assert luminance(dark["paper"]) < 0.02 < luminance(dark["rule"])


@every_brand
def test_a_page_has_no_colours_but_the_brands(name: str, own_templates: Path, summariser: dict[str, Any]) -> None:
    """Its style sheets have none of their own, so that whoever changes the brand has changed them all."""
    palette, words = BRANDS[name], load_words(branded(own_templates, BRANDS[name]))
    for html in (
        html_report(as_record(summariser), own_templates, audience="audit"),
        html_report(as_record(summariser), own_templates, medium=PAPER, audience="audit"),
    ):
        style = html.partition("<style>")[2].partition("</style>")[0]
        # What charts are drawn in at night is worked out from what they are drawn in by day.
        night = dark_charts_css(html, palette, words.colours)
        assert (night in style) == ("data-cards" in html)
        style = style.replace(night, "")
        sheets = re.sub(r"url\([^)]*\)", "", style)
        allowed = {*palette.values(), *dark_palette(palette).values(), words.colours.paper}
        assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;} ])", sheets)) <= allowed | {"#c", "#cover", "#contents"}
        assert palette["accent"] in sheets


def test_the_graph_of_rules_follows_the_brand(own_templates: Path) -> None:
    palette = BRANDS["purple"]
    branded(own_templates, palette)
    svg = graph_svg(RuleGraph("house", (), ()), load_rules_words(own_templates))
    assert f"--accent:{palette['accent']}" in svg
    assert OURS["accent"] not in svg and OURS["ink"] not in svg


def test_fills_are_told_apart_in_grey() -> None:
    colours = load_words().colours
    fills = [look.colour for look in colours.looks.values()] + [each.colour for each in colours.spare_options]
    ranked = sorted(luminance(fill) for fill in fills)
    for darker, lighter in pairwise(ranked):
        assert (lighter + 0.05) / (darker + 0.05) >= 1.14


def test_without_colour_letters_and_dashes_tell_options_apart() -> None:
    colours = load_words().colours
    assert len({look.letter for look in colours.looks.values()}) == len(colours.looks)
    dashes = [look.dashes for option, look in colours.looks.items() if option not in OUTCOMES]
    dashes += [each.dashes for each in colours.spare_options]
    assert len(set(dashes)) == len(dashes)


def test_no_option_shares_a_colour_with_another_or_with_a_cost_element() -> None:
    colours = load_words().colours
    every = [look.colour for option, look in colours.looks.items() if option not in OUTCOMES]
    every += [*colours.elements.values(), *(each.colour for each in colours.spare_options), *colours.spare_elements]
    for one, other in combinations(every, 2):
        assert apart(one, other) >= ALIKE, (one, other)


def test_every_option_and_group_of_the_catalogue_has_a_colour_of_its_own(summariser: dict[str, Any]) -> None:
    colours = load_words().colours
    assert {ledger["option"] for ledger in summariser["ledgers"]} <= set(colours.looks)
    groups = {item["group"] for ledger in summariser["ledgers"] for item in ledger["items"]}
    assert groups <= set(colours.elements)


def charts(html: str) -> Iterator[ET.Element]:
    for svg in re.findall(r"<svg xmlns.*?</svg>", html, re.DOTALL):
        yield ET.fromstring(svg)


def drawn_colours(html: str) -> set[str]:
    """Every colour in a drawing of a page."""
    return {
        value
        for svg in re.findall(r"<svg.*?</svg>", html, re.DOTALL)
        for value in re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', svg)
    }


def in_its_colour(root: ET.Element, label: str, colour: str) -> bool:
    """Whether a chart that names an option draws something in its colour."""
    named = any(label in "".join(node.itertext()) for node in root.iter(f"{SVG}text"))
    used = {node.get(kind) for node in root.iter() for kind in ("fill", "stroke")}
    return not named or colour in used


@pytest.mark.parametrize("example", ["support-summariser", "s4-50m-a-day", "hospital-no-gpu-team"])
def test_an_option_has_one_colour_in_the_whole_report(example: str, decided: Callable[[str], Any]) -> None:
    """In the bars, the line, the map, the shares and the keys: its own, and no other option's chart lacks it."""
    data = decided(example)
    looks = load_words().colours.looks
    labels = {ledger["label"]: looks[ledger["option"]].colour for ledger in data["ledgers"]}
    found = list(charts(html_report(as_record(data), audience="audit")))
    assert len(found) >= 8
    for root in found:
        title = root[0].text or ""
        if "by element" in title or "as one answer changes" in title:
            continue  # of cost elements, and of ends in the brand's accent
        for label, colour in labels.items():
            assert in_its_colour(root, label, colour), (title, label)
        known = set(labels.values()) | {look.colour for look in looks.values()}
        strong = {node.get("fill") for node in root.iter(f"{SVG}path")} & known
        assert strong <= known


def test_an_added_option_gets_one_colour_that_is_nobody_elses(summariser: dict[str, Any]) -> None:
    html = html_report(as_record(renamed(summariser, "sovereign-api", "colocated", "Colocated cage")), audience="audit")
    colours = load_words().colours
    first = colours.spare_options[0].colour
    assert first in drawn_colours(html)
    assert colours.looks["sovereign-api"].colour not in drawn_colours(html)
    html = html_report(as_record(renamed(summariser, "managed-api", "colocated", "Colocated cage")), audience="audit")
    holding = [root for root in charts(html) if first in {node.get("fill") for node in root.iter()}]
    assert len(holding) >= 6  # bars, line and map, wide and narrow
    # "C" is free, so the option has it.
    assert any(node.text == "C" for root in holding for node in root.iter(f"{SVG}text"))


def renamed(data: Any, option: str, other: str, label: str) -> Any:
    """A record in which an option has another id and label, as if a company had added it."""
    if isinstance(data, dict):
        named = {key: renamed(value, option, other, label) for key, value in data.items()}
        if option in (data.get("option"), data.get("verdict")) and "label" in data:
            named["label"] = label
        return named
    if isinstance(data, list):
        return [renamed(value, option, other, label) for value in data]
    return other if data == option else data


@pytest.mark.parametrize("brand", ["purple", "red"])
def test_charts_follow_the_brand_and_nothing_of_the_old_one_is_left(
    brand: str, own_templates: Path, summariser: dict[str, Any]
) -> None:
    palette = BRANDS[brand]
    html = html_report(as_record(summariser), branded(own_templates, palette), audience="audit")
    drawn = drawn_colours(html)
    assert {palette["ink"], palette["accent"], palette["muted"], palette["rule"]} <= drawn
    for name, before in OURS.items():
        if palette[name] != before:
            assert before not in drawn, name


def test_colours_that_are_none_are_named_at_their_lines(own_templates: Path) -> None:
    found = findings(
        own_templates, ('"#114190"', "blue"), ("accent 35%", "acent 35%"), ('"#5b96d3"', '"#5b96d"')
    )  # fmt: skip
    assert {(each.code, each.place.line) for each in found} == {
        ("not-a-colour", line_of(own_templates, "colour: blue")),
        ("not-a-colour", line_of(own_templates, "low: acent 35%")),
        ("not-a-colour", line_of(own_templates, 'tokens: "#5b96d"')),
    }
    assert all("#rrggbb" in str(each.accepted) and "accent" in str(each.accepted) for each in found)


def test_colours_that_cannot_be_seen_or_told_apart_are_findings(own_templates: Path) -> None:
    found = findings(own_templates, ('"#114190"', '"#d0d8e8"'), ('"#ea6f2f"', '"#c68607"'), ('"7 4"', '"3 3"'))
    assert {(each.code, each.place.line) for each in found} == {
        ("contrast", line_of(own_templates, "#d0d8e8")),
        ("alike", line_of(own_templates, "#c68607")),
        ("twice", line_of(own_templates, "  open-model-provider:") + 3),
    }


def test_what_is_no_entry_is_a_finding(own_templates: Path) -> None:
    found = findings(own_templates, ("letter: A", "leter: A"), ("letter: V", "letter: VV"))
    assert {each.place.line for each in found} >= {
        line_of(own_templates, "leter: A"),
        line_of(own_templates, "letter: VV"),
    }


def test_templates_of_an_earlier_version_have_the_colours_that_are_shipped(own_templates: Path) -> None:
    (own_templates / "colours.yaml").unlink()
    assert load_words(own_templates).colours == load_words().colours
