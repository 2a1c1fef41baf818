"""The rulebook as one self-contained HTML page, from `templates/rules/`.

What a pack says is text and is escaped; only the style sheets and the drawing, which are ours, pass as markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from hostwise.report.brand.clean import printable
from hostwise.report.charts.rule_graph import graph_svg
from hostwise.report.page.html import SCREEN, page_environment, page_style, template_error
from hostwise.report.words.rules_words import load_rules_words
from hostwise.report.words.templating import rendered, said_words
from hostwise.workbench.book.book import Book
from hostwise.workbench.book.graph import FACT_KINDS, RULE_KINDS, RuleGraph, RuleNode

PAGE = replace(SCREEN, sheets=(*SCREEN.sheets, "rules/rules.css"))
_QUOTED = re.compile(r"\{([a-z0-9_.]+)\}")


def rules_page(book: Book, graph: RuleGraph, templates: Path | None = None) -> str:
    """The page. Raises `InputError` when a template is wrong."""
    from markupsafe import Markup

    words = load_rules_words(templates)
    anchors = Anchors(book)
    environment = page_environment(words.root, finalize=_shown)
    context = {
        "book": book,
        "words": said_words(words),
        "brand": words.brand,
        "style": Markup(page_style(words, PAGE)),
        "graph": Markup(graph_svg(graph, words, anchors.of_node)),
        "anchor": anchors.of,
        "quoted_parts": quoted_parts,
    }
    try:
        return rendered(environment, "rules/base.html.j2", context)
    except Exception as problem:
        raise template_error(problem, words.root) from problem


class Anchors:
    """An HTML id for every rule, fact, option and claim: safe in an attribute and in an address, and its own."""

    def __init__(self, book: Book) -> None:
        self.ids: dict[tuple[str, str], str] = {}
        taken: set[str] = set()
        for kind, name in _anchored(book):
            stem = f"{kind}-" + (re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") or "x")
            identity, n = stem, 1
            while identity in taken:
                n += 1
                identity = f"{stem}--{n}"
            taken.add(identity)
            self.ids[kind, name] = identity

    def of(self, kind: str, name: str) -> str:
        """The id of something; `rule`, `fact`, `option` or `claim`. "" for what the page does not have."""
        return self.ids.get((kind, name), "")

    def of_node(self, node: RuleNode) -> str:
        """The address of a node of the graph on this page."""
        if node.kind in RULE_KINDS:
            return "#" + self.of("rule", node.name)
        if node.kind in FACT_KINDS:
            return "#" + self.of("fact", node.name)
        return "#" + (self.of("option", node.id.partition(":")[2]) or "stage-choose")


def quoted_parts(text: str) -> Iterator[tuple[str, str]]:
    """A text in pieces: (text, ""), or ("", fact) where it quotes one."""
    end = 0
    for match in _QUOTED.finditer(text):
        if match.start() > end:
            yield text[end : match.start()], ""
        yield "", match[1]
        end = match.end()
    if end < len(text):
        yield text[end:], ""


def _anchored(book: Book) -> Iterable[tuple[str, str]]:
    yield from (("rule", rule.id) for rule in book.rules)
    yield from (("fact", derived.fact.spec.name) for flow in book.flows for derived in flow.derived)
    yield from (("fact", given.origin.spec.name) for group in book.facts.values() for given in group)
    yield from (("option", option) for option in book.options)
    yield from (("claim", claim.claim) for claim in book.claims)


def _shown(value: Any) -> Any:
    """Text without what no page can show; markup of ours as it is."""
    return printable(value) if type(value) is str else value
