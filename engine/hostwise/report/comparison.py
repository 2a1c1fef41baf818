"""The comparison of two decisions in the terminal, and as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from hostwise.answers.facts import FactType
from hostwise.decision.canonical import plain
from hostwise.decision.compare import Comparison, Outcome, Tried
from hostwise.decision.flips import Flip
from hostwise.report.text_page import ACCENT, BOLD, DIM, WARN, TextPage
from hostwise.rulebook.wording import shown_value


def comparison_text(
    found: Comparison,
    labels: Mapping[str, str],
    names: tuple[str, str],
    notes: Sequence[str],
    *,
    width: int,
    colour: bool,
) -> str:
    """Both verdicts, every difference with what it does alone, the costs that moved, and what it comes to."""
    out = TextPage(width, colour)
    for which, name, outcome in zip(("Old", "New"), names, (found.old, found.new), strict=True):
        rule = f", by {outcome.rule}" if outcome.rule else ""
        out.text(f"{which}: {labels.get(outcome.verdict, outcome.verdict)}{rule} ({name})")
    for note in notes:
        out.text(note, style=WARN)
    out.blank()
    out.line(_conclusion(found, labels), BOLD)
    if found.tried:
        out.heading("Differences, each tried alone")
        for tried in found.tried:
            moves = tried in found.movers
            out.item(_difference(tried), mark="→" if moves else "·", style=ACCENT if moves else "")
            for line in _effect(tried, found, labels):
                out.item(line, mark="│", indent=2, style=DIM)
    moved = [option for option in found.old.costs if found.old.costs[option] != found.new.costs.get(option)]
    if moved:
        out.heading("Cost a month")
        for option in moved:
            before, after = (_money(costs.get(option)) for costs in (found.old.costs, found.new.costs))
            out.item(f"{labels.get(option, option)}: {before} → {after}")
    return out.written()


def _conclusion(found: Comparison, labels: Mapping[str, str]) -> str:
    if not found.moved:
        if not found.tried:
            return "Nothing differs that a verdict could rest on."
        return "The verdict is the same, whatever else changed."
    alone = [t.difference.name for t in found.tried if t.alone.verdict == found.new.verdict]
    if alone:
        return f"What moved the verdict: {' or '.join(alone)}, each by itself."
    partly = [t.difference.name for t in found.tried if t.alone.verdict != found.old.verdict]
    if partly:
        return f"{' and '.join(partly)} moved the old verdict; the rest of the differences led on to the new one."
    if found.pairs:
        one, other = found.pairs[0]
        return f"No single difference moves the verdict. Together do: {one.name} and {other.name}."
    return "No single difference and no pair tried moves the verdict: it takes more of them together."


def _difference(tried: Tried) -> str:
    d = tried.difference
    return f"{d.kind} {d.name}: {d.old} → {d.new}"


def _effect(tried: Tried, found: Comparison, labels: Mapping[str, str]) -> Iterator[str]:
    if tried.alone.verdict != found.old.verdict:
        yield f"the old decision with this alone: {labels.get(tried.alone.verdict, tried.alone.verdict)}"
    if tried.without.verdict != found.new.verdict:
        yield f"the new decision without it: {labels.get(tried.without.verdict, tried.without.verdict)}"


def _money(amount: Decimal | None) -> str:
    return "not priced" if amount is None else f"{amount:,.0f}"


def flips_text(found: Sequence[Flip], labels: Mapping[str, str], *, width: int, colour: bool) -> str:
    """Each change as a sentence, the nearest numbers first, then the words."""
    out = TextPage(width, colour)
    if not found:
        out.line("No single answer changes the verdict.", BOLD)
        return out.written()
    out.line("Each of these alone changes the verdict", BOLD)
    numbers = [flip for flip in found if flip.distance is not None]
    words = [flip for flip in found if flip.distance is None]
    for flip in (*sorted(numbers, key=lambda flip: abs(flip.distance or Decimal(0))), *words):
        rule = f", by {flip.rule}" if flip.rule else ""
        out.item(f"{flip.question.key}: {_change(flip)}: {labels.get(flip.verdict, flip.verdict)}{rule}")
    return out.written()


def _change(flip: Flip) -> str:
    """`3 days → below 2 days (−33.3%)`: a boundary was passed, so that a number is said as its side of it."""
    kind, unit = FactType(flip.question.type), flip.question.unit
    now = "unknown" if flip.now is None else shown_value(flip.now, kind, unit)
    changed = shown_value(flip.changed, kind, unit)
    bounds = flip.question.min, flip.question.max  # there is nothing beyond them
    if isinstance(flip.changed, Decimal) and isinstance(flip.now, Decimal) and flip.changed not in bounds:
        changed = f"{'above' if flip.changed > flip.now else 'below'} {changed}"
    away = f" ({flip.distance:+.1%})" if flip.distance is not None else ""
    return f"{now} → {changed}{away}"


def comparison_data(found: Comparison, notes: Sequence[str]) -> dict[str, Any]:
    """The same as JSON values."""
    return {
        "old": _outcome(found.old),
        "new": _outcome(found.new),
        "moved": found.moved,
        "notes": list(notes),
        "differences": [
            {
                "kind": t.difference.kind,
                "name": t.difference.name,
                "old": t.difference.old,
                "new": t.difference.new,
                "alone": t.alone.verdict,
                "without": t.without.verdict,
                "moves": t in found.movers,
            }
            for t in found.tried
        ],
        "pairs": [[one.name, other.name] for one, other in found.pairs],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    found: dict[str, Any] = plain(outcome)
    return found
