"""The three explanations in the terminal: why, why not that option, what if nothing were known about an answer."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hostwise.report.figures import money, percent
from hostwise.report.text_page import BOLD, DIM, TextPage

Json = Mapping[str, Any]
INDENT = 2
DEEPEST = 6
"""Facts further down are not indented further."""


def why_text(found: Json, labels: Mapping[str, str], *, width: int, colour: bool) -> str:
    """Which rule decided, on which facts, from which answers."""
    out = TextPage(width, colour)
    rule = found["rule"]
    if rule is None:
        out.line("No rule decided: the gates leave no option.", BOLD)
    else:
        out.line(f"{labels.get(found['option'] or '', 'Not decided yet')}, by {rule['id']}: {rule['title']}", BOLD)
        out.text(rule["because"])
        out.heading("It holds because" if rule["truth"] == "true" else "It may hold: so far")
        for leaf in _leaves(rule["condition"]):
            out.item(_said(leaf), mark=_mark(leaf["truth"]))
    if found["gates"]:
        out.heading("Ruled out before it")
        for gate in found["gates"]:
            out.item(f"{gate['id']}: {gate['because']}")
    out.heading("Facts, each followed to where it comes from")
    for fact in found["facts"]:
        out.item(
            f"{fact['label'] or fact['name']} = {fact['shown']}{_origin(fact)}",
            indent=INDENT * min(fact["depth"], DEEPEST),
        )
    return out.written()


def why_not_text(found: Json, verdict: Json, labels: Mapping[str, str], *, width: int, colour: bool) -> str:
    """What excluded the option, or which rules would have chosen it and what stopped each."""
    out = TextPage(width, colour)
    dossier = found["dossier"]
    out.line(f"{found['label']}: {found['why']}", BOLD)
    if found["option"] == verdict["option"]:
        out.text(f"It is the verdict, by {verdict['rule']}.")
        return out.written()
    if dossier["gates"]:
        out.heading("Gates that exclude it")
        for gate in dossier["gates"]:
            out.item(f"{gate['rule']}: {gate['because']}")
            for leaf in gate["held"]:
                out.item(_said(leaf), mark="│ holds:", indent=INDENT, style=DIM)
    if dossier["rules"]:
        out.heading("Rules that would have chosen it")
        for rule in dossier["rules"]:
            out.item(f"{rule['rule']}: {rule['title']}")
            if rule["overtaken_by"]:
                out.item(rule["overtaken_by"], mark="│ it holds, after", indent=INDENT, style=DIM)
            for leaf in rule["failed"]:
                out.item(_said(leaf), mark="│ stopped by:", indent=INDENT, style=DIM)
    gap = dossier["gap"]
    if gap is not None:
        out.heading("Cost against the verdict")
        out.text(_gap(gap, labels.get(verdict["option"] or "", "")))
    return out.written()


def unknown_text(found: Json, labels: Mapping[str, str], *, width: int, colour: bool) -> str:
    """Both decisions side by side, and what changed between them."""
    out = TextPage(width, colour)
    before, after = found["before"], found["after"]
    same = (before["status"], before["option"]) == (after["status"], after["option"])
    out.line(
        f"If nothing were known about {found['key']}: " + ("the same verdict" if same else "another verdict"), BOLD
    )
    for name, outcome in (("As it is", before), ("Without it", after)):
        out.item(f"{name}: {_outcome(outcome, labels)}")
    for heading, key, entries in (
        ("Facts that change", "name", found["facts"]),
        ("Rules that change", "id", found["rules"]),
    ):
        if entries:
            out.heading(heading)
            for entry in entries:
                out.item(f"{entry[key]} ({entry['label']}): {entry['before']} → {entry['after']}")
    if found["needs"]:
        out.heading("It would then be asked")
        for need in found["needs"]:
            out.item(f"{need['label']} ({need['key']}): {need['question']} {need['settles']}")
    return out.written()


def _outcome(outcome: Json, labels: Mapping[str, str]) -> str:
    name = labels.get(outcome["option"] or "", outcome["status"])
    return f"{name}, by {outcome['rule']}" if outcome["rule"] else name


def _gap(gap: Json, verdict: str) -> str:
    amount = Decimal(gap["amount"])
    shown = money(abs(amount), gap["currency"])
    word = "more" if amount > 0 else "less"
    share = f" ({percent(abs(Decimal(gap['share'])))})" if gap["share"] is not None else ""
    overlap = " The two bands overlap." if gap["overlap"] else ""
    return f"{shown} a month {word}{share} than {verdict}.{overlap}"


def _leaves(node: Json) -> list[Json]:
    if not node["children"] or node["op"] == "not":
        return [node]
    return [leaf for child in node["children"] for leaf in _leaves(child)]


def _said(leaf: Json) -> str:
    return f"{leaf['english']} (it is {leaf['seen']})" if leaf["seen"] else str(leaf["english"])


def _mark(truth: str) -> str:
    return {"true": "✓", "false": "✗"}.get(truth, "?")


def _origin(fact: Json) -> str:
    """Where a fact comes from: a line of the questionnaire, a default and its source, or a formula."""
    if fact["line"]:
        return f"  ({fact['file']}, line {fact['line']})"
    if fact["origin"] == "assumed":
        return f"  (default; {fact['source']})"
    how = fact["source"] or fact["formula"]
    return f"  ({how})" if how else ""
