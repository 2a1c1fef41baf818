"""Rules and conditions of a record as views: what fired, what did not, and what stopped it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hostwise.report.model import Cite, Condition, Rule, Stage
from hostwise.report.words import Words

STAGES = ("derive", "gate", "choose", "advise")


def stages_of(
    rules: Iterable[Mapping[str, Any]], options: Mapping[str, str], facts: Mapping[str, str], words: Words
) -> tuple[Stage, ...]:
    """The rules by stage and truth value. `options` and `facts` map names to labels."""
    views = [rule_view(rule, options, facts, words) for rule in rules]
    return tuple(
        Stage(
            id=stage,
            title=words.label("stages", stage),
            fired=tuple(v for v in views if v.stage == stage and v.truth == "true"),
            silent=tuple(v for v in views if v.stage == stage and v.truth == "false"),
            unknown=tuple(v for v in views if v.stage == stage and v.truth == "unknown"),
        )
        for stage in STAGES
    )


def rule_view(rule: Mapping[str, Any], options: Mapping[str, str], facts: Mapping[str, str], words: Words) -> Rule:
    """One rule of the record as templates see it."""
    root = condition_view(rule["condition"])
    return Rule(
        id=rule["id"],
        anchor=anchor(rule["id"]),
        title=rule["title"] or rule["id"],
        pack=rule["pack"],
        stage=rule["stage"],
        truth=rule["truth"],
        status=words.label("rule_status", rule["status"]),
        english=rule["english"],
        because=rule["because"],
        effect=_effect(rule["stage"], rule["then"], options, facts, words),
        cites=cites_view(rule["cites"]),
        unknown=tuple(rule["unknown"]),
        blocked_by=tuple(rule["blocked_by"]),
        condition=root,
        stoppers=tuple(stoppers(root)),
    )


def condition_view(node: Mapping[str, Any]) -> Condition:
    """One node of a condition, with its children."""
    return Condition(
        op=node["op"],
        truth=node["truth"],
        english=node["english"] or "",
        seen=node["seen"] or "",
        children=tuple(condition_view(child) for child in node["children"]),
    )


def stoppers(node: Condition) -> Iterator[Condition]:
    """The smallest parts of a condition that keep it from being true.

    Of an `all`, the parts that do not hold; of an `any`, every part; a negation is one part.
    """
    if node.truth == "true":
        return
    if node.op in {"all", "any"} and node.children:
        # A part that is plainly false stops a rule for certain; one that is unknown only might.
        decisive = [child for child in node.children if child.truth == node.truth]
        for child in decisive or node.children:
            yield from stoppers(child)
    else:
        yield node


def cites_view(cites: Iterable[Mapping[str, Any]]) -> tuple[Cite, ...]:
    """Citations with their paraphrases."""
    return tuple(Cite(c["id"], c["text"] or "", c["document"] or "") for c in cites)


def anchor(name: str) -> str:
    """A name as an HTML id that is safe in an attribute and in a URL fragment.

    >>> anchor("choose.open-model-provider"), anchor('"><script>')
    ('rule-choose-open-model-provider', 'rule-script')
    """
    return "rule-" + re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")


def _effect(
    stage: str, then: Mapping[str, Any], options: Mapping[str, str], facts: Mapping[str, str], words: Words
) -> str:
    if "values" in then:
        said = (words.say("effects.derive", fact=facts.get(n, n), value=_plain(v, words)) for n, v in then["values"])
        return "; ".join(said)
    if then.get("text"):
        return str(then["text"])
    if "options" in then:
        names = ", ".join(options.get(o, words.label("outcomes", o)) for o in then["options"])
        return words.say(f"effects.{stage}", options=names)
    return ""


def _plain(value: object, words: Words) -> str:
    if isinstance(value, bool):
        return words.label("truth_words", "yes" if value else "no")
    return str(value)
