"""The comparison of two decisions in the terminal, and as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from typing import Any

from hostwise.analysis.changes.changed_answers import Flip
from hostwise.analysis.changes.compare import NOT_GIVEN, Comparison, Tried, moves
from hostwise.analysis.situation import Outcome
from hostwise.answers.fact_text import format_bound, format_value
from hostwise.answers.facts import FactType
from hostwise.reading.json_values import plain
from hostwise.reading.numbers.number_format import format_difference, format_money, format_points
from hostwise.report.language.catalogue_text import translate_labels, translate_text
from hostwise.report.language.language import HOME
from hostwise.report.terminal.page import ACCENT, BOLD, DIM, WARN, TextPage
from hostwise.report.words.words import Words, load_words


def comparison_text(
    found: Comparison,
    labels: Mapping[str, str],
    names: tuple[str | None, str],
    notes: Sequence[str],
    *,
    width: int,
    colour: bool,
    language: str = HOME,
) -> str:
    """Both verdicts, every difference with what it does alone, the costs that moved, and what it comes to.

    `names` are those of the two decisions; the first is None where the other only supposes other answers.
    """
    out, words = TextPage(width, colour), load_words(language=language)
    labels = translate_labels(labels, words.language)
    for which, name, outcome in zip(("old", "new"), names, (found.old, found.new), strict=True):
        verdict = _by_rule(_named(outcome.verdict, labels, words), outcome.rule, words)
        of = words.say("terminal.comparison.as_it_is") if name is None else name
        out.text(words.say(f"terminal.comparison.{which}", verdict=verdict, of=of))
    for note in notes:
        out.text(note, WARN)
    out.blank()
    out.line(_conclusion(found, words), BOLD)
    if found.tried:
        out.heading(words.say("terminal.comparison.differences"))
        for tried in found.tried:
            moving = tried in found.movers
            out.item(_difference(tried, words), mark="→" if moving else "·", style=ACCENT if moving else "")
            for line in _effect(tried, found, labels, words):
                out.item(line, mark="│", indent=2, style=DIM)
    moved = [option for option in found.old.costs if found.old.costs[option] != found.new.costs.get(option)]
    if moved:
        out.heading(words.say("terminal.comparison.costs"))
        if not _comparable(found):
            out.text(words.say("terminal.comparison.currencies"), WARN)
        for option in moved:
            before, after = (_money(outcome, option, words) for outcome in (found.old, found.new))
            out.item(f"{labels.get(option, option)}: {before} → {after}")
    return out.written()


def _comparable(found: Comparison) -> bool:
    """Whether both decisions say their costs in one currency."""
    return found.old.currency == found.new.currency


def _conclusion(found: Comparison, words: Words) -> str:
    page = "terminal.comparison"
    if not found.moved:
        return words.say(f"{page}.same" if found.tried else f"{page}.nothing")
    alone = [t.difference.name for t in found.tried if t.alone is not None and t.alone.verdict == found.new.verdict]
    if alone:
        return words.say(f"{page}.{'one' if len(alone) == 1 else 'alone'}", names=_joined(alone, "either", words))
    partly = [t.difference.name for t in found.tried if moves(t.alone, found.old)]
    if partly:
        return words.say(f"{page}.partly", names=_joined(partly, "both", words))
    if found.pairs:
        one, other = found.pairs[0]
        return words.say(f"{page}.pair", pair=_joined([one.name, other.name], "both", words))
    return words.say(f"{page}.more")


def _joined(names: Sequence[str], how: str, words: Words) -> str:
    return reduce(lambda one, other: words.say(f"terminal.{how}", one=one, other=other), names)


def _difference(tried: Tried, words: Words) -> str:
    d = tried.difference
    written = d.kind == "answer"  # and shown as it stands in the file
    old, new = (text if written and text != NOT_GIVEN else words.language.text(text) for text in (d.old, d.new))
    return f"{words.label('difference_kinds', d.kind)} {words.language.text(d.name)}: {old} → {new}"


def _effect(tried: Tried, found: Comparison, labels: Mapping[str, str], words: Words) -> Iterator[str]:
    for name, outcome, full in (("with_it", tried.alone, found.old), ("without_it", tried.without, found.new)):
        if outcome is None:
            yield words.say(f"terminal.comparison.{name}_refused")
        elif moves(outcome, full):
            yield words.say(f"terminal.comparison.{name}", verdict=_named(outcome.verdict, labels, words))


def _money(outcome: Outcome, option: str, words: Words) -> str:
    amount = outcome.costs.get(option)
    if amount is None:
        return words.say("terminal.comparison.unpriced")
    return format_money(amount, outcome.currency, words.language)


def _named(verdict: str, labels: Mapping[str, str], words: Words) -> str:
    return labels.get(verdict) or words.label("status_words", verdict)


def _by_rule(verdict: str, rule: str | None, words: Words) -> str:
    return words.say("terminal.by_rule", verdict=verdict, rule=rule) if rule else verdict


def flips_text(
    found: Sequence[Flip], labels: Mapping[str, str], *, width: int, colour: bool, language: str = HOME
) -> str:
    """Each change as a sentence, the nearest numbers first, then shares, then the words."""
    out, words = TextPage(width, colour), load_words(language=language)
    labels = translate_labels(labels, words.language)
    if not found:
        out.line(words.say("terminal.flips.none"), BOLD)
        return out.written()
    out.line(words.say("terminal.flips.title"), BOLD)
    numbers = [flip for flip in found if flip.distance is not None]
    worded = [flip for flip in found if flip.distance is None]
    for flip in (*sorted(numbers, key=_nearness), *worded):
        verdict = _by_rule(_named(flip.verdict, labels, words), flip.rule, words)
        out.item(f"{flip.question.key}: {_change(flip, words)}: {verdict}")
    return out.written()


def _nearness(flip: Flip) -> tuple[bool, Decimal]:
    """Numbers by their distance, then shares by theirs: points compare with no percentage."""
    return flip.question.in_points, abs(flip.distance or Decimal(0))


def _change(flip: Flip, words: Words) -> str:
    """`3 days → 2 days or less (−33.3%)`: the verdict is another one at the number said, and beyond it."""
    kind, unit = FactType(flip.question.type), flip.question.unit
    now = (
        words.say("terminal.unknown")
        if flip.now is None
        else translate_text(format_value(flip.now, kind, unit), words.language)
    )
    changed = translate_text(format_bound(flip.changed, kind, unit), words.language)
    if isinstance(flip.changed, Decimal) and isinstance(flip.now, Decimal):
        sides = ("above", "below") if changed == now else ("at_least", "at_most")
        name = sides[0] if flip.changed > flip.now else sides[1]
        changed = words.say(f"terminal.flips.{name}", value=changed)
    away = _away(flip, words)
    if flip.close_from is not None and away:
        close = translate_text(format_bound(flip.close_from, kind, unit), words.language)
        away = words.say("robust.and_close", distance=away, close=close)
    return f"{now} → {changed}" + (f" ({away})" if away else "")


def _away(flip: Flip, words: Words) -> str:
    if flip.distance is None:
        return ""
    if not flip.question.in_points:
        return format_difference(flip.distance, words.language)
    sign = "+" if flip.distance > 0 else "−"
    points = words.say("terminal.flips.points", points=format_points(flip.distance, words.language))
    return f"{sign}{points}"


def comparison_data(found: Comparison, notes: Sequence[str]) -> dict[str, Any]:
    """The same as JSON values."""
    return {
        "old": _outcome(found.old),
        "new": _outcome(found.new),
        "moved": found.moved,
        "costs_comparable": _comparable(found),
        "notes": list(notes),
        "differences": [
            {
                "kind": t.difference.kind,
                "name": t.difference.name,
                "old": t.difference.old,
                "new": t.difference.new,
                "alone": t.alone and t.alone.verdict,
                "without": t.without and t.without.verdict,
                "moves": t in found.movers,
            }
            for t in found.tried
        ],
        "pairs": [[one.name, other.name] for one, other in found.pairs],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    found: dict[str, Any] = plain(outcome)
    return found
