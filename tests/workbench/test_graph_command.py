"""`hostwise rules graph`: what is drawn is the rulebook, and the picture can be read."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from hostwise.cli.rules.main import rules
from hostwise.flow.knowledge import load_knowledge
from hostwise.reading.findings.diagnostics import InputError
from hostwise.report.charts.lettering import measured
from hostwise.workbench.book.graph import around, of_stage, rule_graph

NS = "{http://www.w3.org/2000/svg}"
ATTACK = "</title><script>alert(1)</script>\"'&<b>"
PACK = """\
pack: odd
version: "1"
title: Odd
source: house
as_of: 2026-11-20
review_by: 2027-05-20
rules:
  - id: odd.early
    stage: gate
    title: Reads what is known later
    when: {feasible.hybrid: true, verdict: hybrid}
    then: {exclude: [edge]}
    because: It cannot hold.
    status: house
  - id: odd.words
    stage: choose
    title: TITLE
    when: {air_gapped: true}
    then: {verdict: self-host-owned}
    because: It is so.
    status: house
"""


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float
    texts: tuple[tuple[float, float, str, str], ...]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(rules, ["graph", *arguments])


def drawn(folder: Path, *arguments: str) -> ElementTree.Element:
    file = folder / "graph.svg"
    done = run(*arguments, "-o", str(file))
    assert done.exit_code == 0, done.output
    return ElementTree.fromstring(file.read_text(encoding="utf-8"))


def boxes(svg: ElementTree.Element) -> dict[str, Box]:
    """The boxes of a picture by the name in their tooltip, with the places of their texts."""
    found: dict[str, Box] = {}
    for group in svg.findall(f"{NS}g"):
        rect = next((r for r in group.findall(f"{NS}rect") if "g-box" in r.attrib["class"].split()), None)
        if rect is None:
            continue
        x, y, width, height = (float(rect.attrib[key]) for key in ("x", "y", "width", "height"))
        texts = [(float(t.attrib["x"]), float(t.attrib["y"]), t.attrib.get("class", ""), "".join(t.itertext()))
                 for t in group.findall(f"{NS}text")]  # fmt: skip
        title = group.findtext(f"{NS}title") or ""
        found[f"{title} {rect.attrib['class']}"] = Box(x, y, x + width, y + height, tuple(texts))
    return found


@pytest.mark.parametrize("more", [(), ("--advice",), ("--stage", "gate"), ("--source", "S2")], ids=str)
def test_nothing_overlaps_and_nothing_is_cut(more: tuple[str, ...], tmp_path: Path) -> None:
    svg = drawn(tmp_path, *more)
    width, height = float(svg.attrib["width"]), float(svg.attrib["height"])
    found = list(boxes(svg).values())
    assert len(found) > 5
    for box in found:
        assert 0 <= box.left < box.right <= width
        assert 0 <= box.top < box.bottom <= height
        for x, y, kind, text in box.texts:
            size = 10 if kind == "g-name" else 12
            assert box.left < x
            assert x + measured(text, size) <= box.right
            assert box.top < y - 0.8 * size
            assert y + 0.25 * size < box.bottom + 1
    for one, other in itertools.combinations(found, 2):
        apart = one.right < other.left or other.right < one.left or one.bottom < other.top or other.bottom < one.top
        assert apart
    headings = [t for t in svg.findall(f"{NS}text") if t.attrib.get("class") == "g-head"]
    ends = [(float(t.attrib["x"]), float(t.attrib["x"]) + measured(t.text or "", 12)) for t in headings]
    assert all(end < start for (_, end), (start, _) in itertools.pairwise(sorted(ends)))


@pytest.mark.parametrize("more", [(), ("--advice",)], ids=str)
def test_no_line_runs_through_a_box(more: tuple[str, ...], tmp_path: Path) -> None:
    svg = drawn(tmp_path, *more)
    found = list(boxes(svg).values())
    lanes = re.findall(r" (-?[\d.]+) (-?[\d.]+)H(-?[\d.]+)", ElementTree.tostring(svg, encoding="unicode"))
    assert len(lanes) > 100
    for x1, y, x2 in ((float(a), float(b), float(c)) for a, b, c in lanes):
        assert not any(box.left < (x1 + x2) / 2 < box.right and box.top < y < box.bottom for box in found)


def test_the_measure_of_a_text_is_never_below_its_width_in_plex() -> None:
    fonts = pytest.importorskip("fontTools.ttLib")
    font = fonts.TTFont("templates/fonts/IBMPlexSans-SemiBold.woff2")
    widths, letters, em = font["hmtx"], font.getBestCmap(), font["head"].unitsPerEm
    knowledge = load_knowledge()
    texts = [rule.title for rule in knowledge.rulebook.rules] + [s.label for s in knowledge.rulebook.specs.values()]
    for text in texts:
        real = sum(widths[letters[ord(c)]][0] / em for c in text if ord(c) in letters)
        assert real <= measured(text, 1) + 1e-9, text


def test_every_rule_and_fact_of_the_house_is_drawn(tmp_path: Path) -> None:
    text = "\n".join(boxes(drawn(tmp_path, "--advice")))
    for rule in load_knowledge().rulebook.rules:
        if rule.source == "house":
            assert re.search(rf"^{re.escape(rule.id)} g-box g-rule$", text, re.MULTILINE)
            assert all(re.search(rf"^{re.escape(name)} g-box", text, re.MULTILINE) for name in rule.reads + rule.sets)


def test_advice_is_left_out_unless_asked_for(tmp_path: Path) -> None:
    assert not [name for name in boxes(drawn(tmp_path)) if name.startswith("advise.")]
    assert [name for name in boxes(drawn(tmp_path, "--stage", "advise")) if name.startswith("advise.")]


def test_the_picture_says_what_it_shows_and_tells_kinds_apart_without_colour(tmp_path: Path) -> None:
    svg = drawn(tmp_path)
    assert svg.attrib["role"] == "img"
    assert svg.findtext(f"{NS}title") == "Rules of the house: what each reads, and what it leads to"
    assert "gate.air-gapped reads air_gapped; rules out feasible.managed_api" in (svg.findtext(f"{NS}desc") or "")
    text = ElementTree.tostring(svg, encoding="unicode")
    assert all(word in text for word in ("Gates", "Options", "The choice", "rules out", "leaves nothing else"))
    assert "prefers-color-scheme:dark" in text


def test_edges_go_from_what_is_known_to_what_rests_on_it() -> None:
    graph = rule_graph(load_knowledge())
    column = {node.id: node.column for node in graph.nodes}
    assert all(column[edge.tail] < column[edge.head] for edge in graph.edges)
    first = [node.kind for place in sorted(set(column.values())) for node in graph.nodes if node.column == place]
    order = list(dict.fromkeys(first))
    assert order == ["answer", "cost", "derive", "derived", "gate", "option", "left", "choose", "verdict"]


def test_around_a_fact_is_what_it_rests_on_and_what_rests_on_it() -> None:
    graph = rule_graph(load_knowledge())
    names = {node.name for node in around(graph, "team_capability", "fact").nodes}
    assert {"gpu_team", "derive.team-full", "team_capability", "choose.self-host-on-cost", "self-host-cloud"} <= names
    assert not {"derive.volume-small", "residency", "gate.air-gapped"} & names
    upstream = {node.name for node in around(graph, "gate.air-gapped", "rule").nodes if node.kind == "answer"}
    assert upstream == {"air_gapped"}


def test_a_stage_is_its_rules_with_both_sides() -> None:
    kinds = {node.kind for node in of_stage(rule_graph(load_knowledge()), "gate").nodes}
    assert kinds == {"answer", "cost", "derived", "gate", "option"}


def test_dot_declares_what_its_edges_join() -> None:
    text = run().output
    declared = set(re.findall(r'^  "((?:[^"\\]|\\.)*)" \[label=', text, re.MULTILINE))
    edges = re.findall(r'^  "((?:[^"\\]|\\.)*)" -> "((?:[^"\\]|\\.)*)"', text, re.MULTILINE)
    assert len(edges) == len(rule_graph(load_knowledge()).edges)
    assert {end for edge in edges for end in edge} == declared
    assert '"rule:gate.air-gapped" -> "option:managed-api" [arrowhead=tee];' in text


def test_a_fact_read_too_early_is_said_to_be(tmp_path: Path) -> None:
    file = tmp_path / "odd.yaml"
    file.write_text(PACK, encoding="utf-8")
    svg = drawn(tmp_path, str(file), "--stage", "gate")
    assert "feasible.hybrid g-box g-early" in boxes(svg)
    assert "Not known so early" in ElementTree.tostring(svg, encoding="unicode")


def test_markup_in_a_pack_stays_text(tmp_path: Path) -> None:
    file = tmp_path / "odd.yaml"
    file.write_text(PACK.replace("TITLE", repr(ATTACK).replace("\\'", "''")), encoding="utf-8")
    svg = drawn(tmp_path, str(file), "--rule", "odd.words")
    assert not list(svg.iter("script"))
    assert not list(svg.iter(f"{NS}script"))
    assert "alert(1)" in "".join(svg.itertext())
    done = run(str(file), "--rule", "odd.words")
    assert '\\"' in done.output


@pytest.mark.parametrize(
    ("arguments", "near"),
    [(("--fact", "tokens_pr_month"), "tokens_per_month"), (("--rule", "gate.airgapped"), "gate.air-gapped"),
     (("--source", "S22"), "S2")],
)  # fmt: skip
def test_a_name_that_is_not_there_ends_in_the_nearest_one(arguments: tuple[str, ...], near: str) -> None:
    problem = run(*arguments).exception
    assert isinstance(problem, InputError)
    assert problem.diagnostics[0].suggestion == near


def test_another_ending_than_svg_or_dot_is_refused(tmp_path: Path) -> None:
    done = run("-o", str(tmp_path / "graph.png"))
    assert done.exit_code == 2
    assert ".svg or .dot" in done.output
