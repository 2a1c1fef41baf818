"""Rules of a record by stage and truth, what follows from each, and what stopped it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from hostwise.flow.why.dossiers import SeenTest
from hostwise.record.format.record import RecordedFact
from hostwise.record.format.rules import FactsSet, OptionsNamed, TracedCondition, TracedRule
from hostwise.report.model.report import Stage
from hostwise.report.words.words import Words
from hostwise.rulebook.language.rules import Take

STAGES = ("derive", "gate", "choose", "confirm", "advise")


def stages_of(rules: Iterable[TracedRule], words: Words) -> tuple[Stage, ...]:
    """The rules by stage and truth value."""
    known = tuple(rules)
    return tuple(
        Stage(
            id=stage,
            title=words.label("stages", stage),
            fired=tuple(r for r in known if r.stage == stage and r.truth == "true"),
            silent=tuple(r for r in known if r.stage == stage and r.truth == "false"),
            unknown=tuple(r for r in known if r.stage == stage and r.truth == "unknown"),
        )
        for stage in STAGES
    )


def stoppers(node: TracedCondition) -> Iterator[TracedCondition]:
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


def seen_beside(test: TracedCondition | SeenTest) -> str:
    """What a test saw; empty where its own words say it: `external processing is forbidden`, `x is not known`."""
    open_as_said = (test.test, test.truth) in {("unknown", "true"), ("-", "false")}
    if not test.seen or open_as_said or (test.truth == "true" and test.english.endswith(test.seen)):
        return ""
    return test.seen


def values_read(rule: TracedRule, facts: Mapping[str, RecordedFact]) -> tuple[tuple[str, str], ...]:
    """The facts that a rule read, labelled, with their values; without those that its condition says already."""
    leaves = tuple(_leaves(rule.condition))
    said = {leaf.fact for leaf in leaves if leaf.truth == "true" and not seen_beside(leaf)}
    return tuple(
        (facts[name].label or name, facts[name].shown) for name in rule.reads if name in facts and name not in said
    )


def _leaves(node: TracedCondition) -> Iterator[TracedCondition]:
    if not node.children:
        yield node
    for child in node.children:
        yield from _leaves(child)


def anchor(name: str, kind: str = "rule") -> str:
    """A name as an HTML id that is safe in an attribute and in a URL fragment.

    >>> anchor("choose.open-model-provider"), anchor('"><script>')
    ('rule-choose-open-model-provider', 'rule-script')
    """
    return f"{kind}-" + re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")


def effect_of(rule: TracedRule, options: Mapping[str, str], facts: Mapping[str, RecordedFact], words: Words) -> str:
    """What follows where a rule holds. `options` maps ids to labels."""
    match rule.then:
        case FactsSet(values):
            named = ((facts[n].label if n in facts else "") or n for n, _ in values)
            written = (_plain(value, words) for _, value in values)
            return "; ".join(
                words.say("effects.derive", fact=name, value=value) for name, value in zip(named, written, strict=True)
            )
        case OptionsNamed(ids):
            names = ", ".join(options.get(o, words.label("outcomes", o)) for o in ids)
            return words.say(f"effects.{rule.stage}", options=names)
        case Take(take):
            return words.say(f"effects.take.{take}")
        case advice:
            return advice.text


def _plain(value: object, words: Words) -> str:
    if isinstance(value, bool):
        return words.label("truth_words", "yes" if value else "no")
    return str(value)
