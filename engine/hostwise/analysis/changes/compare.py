"""What moved a verdict: two decisions taken apart, and computed again with one difference at a time.

A difference is an answer, the date, a rule, or an entry of the catalogue. Each is put alone into the old decision, and
taken alone out of the new one; where none of them moves the verdict by itself, pairs are tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from hostwise.analysis.situation import Outcome, Situation, outcome
from hostwise.answers.files.answer import Answer
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.remembered import Remembered
from hostwise.reading.findings.diagnostics import InputError
from hostwise.reading.json_values import plain
from hostwise.reading.translatable import prose
from hostwise.rulebook.language.rules import HOUSE, Pack, Rule, Rulebook

ENTRIES = ("figures", "gpus", "models", "options", "names", "candidates")
"""Parts of the catalogue that are compared entry by entry; the rest are compared whole."""
PAIRS = 300
"""Pairs that are tried at most where no single difference moves the verdict: all pairs of 25 differences. Each is a
decision of its own."""
PRICES = tuple((f"{at}.input_price", f"{at}.output_price") for at in ("current_api", "open_provider"))
"""Answers that a file gives both of, or neither."""
NOT_GIVEN = prose("not given")
DECIDING = ("derive", "gate", "choose")


class Difference(Struct, frozen=True):
    """One difference. `forth` puts the new into a situation, `back` the old."""

    kind: str
    name: str
    old: str
    new: str
    forth: Callable[[Situation], Situation]
    back: Callable[[Situation], Situation]


class Tried(Struct, frozen=True):
    """A difference with what it does: OLD with it alone, NEW without it alone; None where that contradicts itself."""

    difference: Difference
    alone: Outcome | None
    without: Outcome | None


class Comparison(Struct, frozen=True):
    """Both outcomes, every difference tried, and pairs that move the verdict where no difference does alone."""

    old: Outcome
    new: Outcome
    tried: tuple[Tried, ...]
    pairs: tuple[tuple[Difference, Difference], ...]

    @property
    def moved(self) -> bool:
        """Whether the verdicts differ."""
        return self.old.verdict != self.new.verdict

    @property
    def movers(self) -> tuple[Tried, ...]:
        """The differences that move the old verdict by themselves, or without which the new one is not reached."""
        ends = ((t, ((t.alone, self.old), (t.without, self.new))) for t in self.tried)
        return tuple(t for t, each in ends if any(moves(found, full) for found, full in each))


def moves(found: Outcome | None, full: Outcome) -> bool:
    """Whether a difference that was tried leads elsewhere."""
    return found is not None and found.verdict != full.verdict


def compare(old: Situation, new: Situation) -> Comparison:
    """Take the two apart and try each difference."""
    before, after = outcome(old), outcome(new)
    found = tuple(differences(old, new))
    tried = tuple(Tried(d, _possible(d.forth(old)), _possible(d.back(new))) for d in found)
    alone = any(moves(t.alone, before) for t in tried)
    pairs = () if before.verdict == after.verdict or alone else tuple(_pairs(found, old, before))
    return Comparison(before, after, tried, pairs)


def _possible(situation: Situation) -> Outcome | None:
    """What a mixture of two situations comes to; None where its answers contradict one another."""
    try:
        return outcome(situation)
    except InputError:
        return None


def _pairs(found: Sequence[Difference], old: Situation, before: Outcome) -> Iterator[tuple[Difference, Difference]]:
    for number, (one, other) in enumerate(combinations(found, 2)):
        if number >= PAIRS:
            return
        if moves(_possible(other.forth(one.forth(old))), before):
            yield one, other


def differences(old: Situation, new: Situation) -> Iterator[Difference]:
    """Answers, the date, rules, and entries of the catalogue, in this order."""
    yield from _answers(old, new)
    if old.as_of != new.as_of:
        yield Difference(
            "date", "as_of", old.as_of.isoformat(), new.as_of.isoformat(),
            lambda s: replace(s, as_of=new.as_of), lambda s: replace(s, as_of=old.as_of),
        )  # fmt: skip
    yield from _rules(old.knowledge.rulebook, new.knowledge.rulebook)
    yield from _catalogue(old.knowledge.catalogue, new.knowledge.catalogue)


def _answers(old: Situation, new: Situation) -> Iterator[Difference]:
    before, after = old.answers.values, new.answers.values
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key), after.get(key)
        if _stated(one) != _stated(other):
            yield Difference(
                "answer", key, _written(one), _written(other), _answering(key, other), _answering(key, one)
            )


def _stated(answer: Answer | None) -> object:
    return None if answer is None else (answer.value, answer.low, answer.high, answer.currency)


def _written(answer: Answer | None) -> str:
    """An answer as a file has it, of several parts in one line."""
    if answer is None:
        return NOT_GIVEN
    if isinstance(answer.value, tuple):
        return f"[{', '.join(answer.value)}]"
    if isinstance(answer.value, Mapping):
        parts = (f"{code}: {', '.join(str(part) for part in entry.values() if part is not None)}"
                 for code, entry in answer.value.items())  # fmt: skip
        return f"{{{'; '.join(parts)}}}"
    return answer.written


def _answering(key: str, answer: Answer | None) -> Callable[[Situation], Situation]:
    def put(situation: Situation) -> Situation:
        kept = {k: v for k, v in situation.answers.values.items() if k != key}
        values = kept if answer is None else {**kept, key: answer}
        return replace(situation, answers=replace(situation.answers, values=_both_sides(values)))

    return put


def _both_sides(values: Mapping[str, Answer]) -> Mapping[str, Answer]:
    """Answers with the other side of a price that stands alone, as unknown: a file that leaves it out is refused."""
    pairs = [pair for one, other in PRICES for pair in ((one, other), (other, one))]
    alone = {gone: values[there] for there, gone in pairs if there in values and gone not in values}
    unknown = {key: replace(side, key=key, value=None, low=None, high=None) for key, side in alone.items()}
    return {**values, **unknown}


def _rules(old: Rulebook, new: Rulebook) -> Iterator[Difference]:
    """Each rule on the way to the verdict that was added, removed or changed; and their order, as one difference."""
    before = {rule.id: rule for rule in old.rules if rule.source == HOUSE and rule.stage in DECIDING}
    after = {rule.id: rule for rule in new.rules if rule.source == HOUSE and rule.stage in DECIDING}
    for identity in dict.fromkeys((*before, *after)):
        one, other = before.get(identity), after.get(identity)
        if one is None or other is None or (one.when, one.then) != (other.when, other.then):
            words = _rule_words(one, other)
            yield Difference("rule", identity, *words, _ruling(identity, other, new), _ruling(identity, one, old))
    shared = [identity for identity in before if identity in after]
    if shared != [identity for identity in after if identity in before]:
        yield Difference(
            "rule",
            prose("the order of the rules"),
            prose("as it was"),
            prose("another"),
            _ordered(after),
            _ordered(before),
        )


def _rule_words(one: Rule | None, other: Rule | None) -> tuple[str, str]:
    if one is None or other is None:
        return (prose("not there") if one is None else one.title), (
            prose("not there") if other is None else other.title
        )
    return (
        (prose("its condition"), prose("another condition"))
        if one.when != other.when
        else (prose("its conclusion"), prose("another conclusion"))
    )


def _ruling(identity: str, rule: Rule | None, source: Rulebook) -> Callable[[Situation], Situation]:
    """Put a rule as `source` has it into a situation, at its place there; or take it out."""

    def put(situation: Situation) -> Situation:
        rules = [each for each in situation.knowledge.rulebook.rules if each.id != identity]
        if rule is not None:
            order = [each.id for each in source.rules]
            later = set(order[order.index(identity) + 1 :])
            place = next((n for n, each in enumerate(rules) if each.id in later), len(rules))
            rules.insert(place, rule)
        return _with_rules(situation, rules, source)

    return put


def _ordered(rules: Mapping[str, Rule]) -> Callable[[Situation], Situation]:
    place = {identity: number for number, identity in enumerate(rules)}

    def put(situation: Situation) -> Situation:
        every = situation.knowledge.rulebook.rules
        known = sorted((rule for rule in every if rule.id in place), key=lambda rule: place[rule.id])
        rest = [rule for rule in every if rule.id not in place]
        return _with_rules(situation, [*known, *rest], situation.knowledge.rulebook)

    return put


def _with_rules(situation: Situation, rules: Sequence[Rule], source: Rulebook) -> Situation:
    """The situation with these rules in this order, as one pack a source; facts of both rulebooks are declared."""
    book = situation.knowledge.rulebook
    packs = []
    for name in dict.fromkeys(rule.source for rule in rules):
        facts = {
            fact.spec.name: fact for pack in (*source.packs, *book.packs) if pack.source == name for fact in pack.facts
        }
        own = tuple(rule for rule in rules if rule.source == name)
        first = book.packs[0]
        packs.append(Pack(name, first.version, "", name, "", first.as_of, first.review_by, tuple(facts.values()), own))
    changed = replace(book, packs=tuple(packs), specs={**source.specs, **book.specs})
    return replace(situation, knowledge=replace(situation.knowledge, rulebook=changed))


def _catalogue(old: Catalogue, new: Catalogue) -> Iterator[Difference]:
    for part in ENTRIES:
        one, other = getattr(old, part), getattr(new, part)
        for name in dict.fromkeys((*one, *other)):
            if one.get(name) != other.get(name):
                words = _entry_words(one.get(name), other.get(name))
                yield Difference(
                    "catalogue", f"{part} {name}", *words, _entry(part, name, other), _entry(part, name, one)
                )
    before = {(price.provider, price.model): price for price in old.prices}
    after = {(price.provider, price.model): price for price in new.prices}
    for key in dict.fromkeys((*before, *after)):
        if before.get(key) != after.get(key):
            words = _entry_words(before.get(key), after.get(key))
            yield Difference("price", " ".join(key), *words, _price(key, after), _price(key, before))
    for part in ("physics", "default_open_model", "stale_after_days", "labels", "groups", "items"):
        if getattr(old, part) != getattr(new, part):
            yield Difference(
                "catalogue", part, prose("as it was"), prose("another"), _part(part, new), _part(part, old)
            )


def _entry_words(one: Any, other: Any) -> tuple[str, str]:
    """The fields that differ, in words."""
    if one is None or other is None:
        return (prose("not there") if one is None else prose("there")), (
            prose("not there") if other is None else prose("there")
        )
    if not isinstance(one, Struct):
        return str(one), str(other)
    before, after = plain(one), plain(other)
    changed = [key for key in before if before[key] != after[key]]
    return tuple(", ".join(f"{key} {values[key]}" for key in changed) for values in (before, after))  # type: ignore[return-value]


def _entry(part: str, name: str, source: Mapping[str, Any]) -> Callable[[Situation], Situation]:
    def put(situation: Situation) -> Situation:
        entries = {k: v for k, v in getattr(situation.knowledge.catalogue, part).items() if k != name}
        if name in source:
            entries[name] = source[name]
        return _with_catalogue(situation, **{part: entries})

    return put


def _price(key: tuple[str, str], source: Mapping[tuple[str, str], Any]) -> Callable[[Situation], Situation]:
    def put(situation: Situation) -> Situation:
        kept = tuple(p for p in situation.knowledge.catalogue.prices if (p.provider, p.model) != key)
        return _with_catalogue(situation, prices=(source[key], *kept) if key in source else kept)

    return put


def _part(part: str, source: Catalogue) -> Callable[[Situation], Situation]:
    return lambda situation: _with_catalogue(situation, **{part: getattr(source, part)})


def _with_catalogue(situation: Situation, **changes: Any) -> Situation:
    catalogue = replace(situation.knowledge.catalogue, remembered=Remembered(), **changes)
    return replace(situation, knowledge=replace(situation.knowledge, catalogue=catalogue))
