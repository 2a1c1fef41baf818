"""How sure, drawn: one bar of a hundred plausible futures, parted by what each of them would decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from hostwise.report.brand.colours import with_options
from hostwise.report.charts.key import KeyEntry, key, key_height
from hostwise.report.charts.lettering import measured
from hostwise.report.charts.svg import BOLD, opened, outlined, over, rect, text
from hostwise.report.model.robustness import VerdictShareView
from hostwise.report.words.words import Words

WIDE_SHARES, NARROW_SHARES = 680, 320
BAR = 34
GAP = 12


def share_bar(shares: Sequence[VerdictShareView], words: Words, width: int = WIDE_SHARES) -> str:
    """One stacked bar, the largest share first, as SVG; nothing where there are no shares."""
    drawn = sorted((each for each in shares if each.share > 0), key=lambda each: each.share, reverse=True)
    if not drawn:
        return ""
    colours = with_options(words.colours, [(each.id, each.label) for each in drawn])
    entries = [
        KeyEntry(colours.looks[each.id], each.label, words.say("shares.of", count=each.hundred)) for each in drawn
    ]
    items = "; ".join(words.say("shares.item", label=each.label, count=each.hundred) for each in drawn)
    return "".join(
        [
            opened(
                width,
                round(BAR + GAP + key_height(entries, width)),
                title=words.say("shares.title", items=items),
                described=words.say("shares.described", items=items),
            ),
            *_segments(drawn, entries, width),
            *key(entries, BAR + GAP, width, colours),
            "</svg>",
        ]
    )


def _segments(shares: Sequence[VerdictShareView], entries: Sequence[KeyEntry], width: int) -> Iterator[str]:
    total, reached = sum((each.share for each in shares), Decimal(0)), Decimal(0)
    for each, entry in zip(shares, entries, strict=True):
        assert entry.look is not None
        x, reached = float(reached / total) * width, reached + each.share
        size = float(each.share / total) * width
        # A hairline of paper between neighbours; none where it would eat the segment.
        gap = 1.2 if size > 4 and reached < total else 0
        yield rect(x, 0.5, size - gap, BAR - 1, entry.look.colour, outlined(entry.look.outline, 0.6))
        for label in (f"{entry.label}: {entry.note}", entry.note, each.hundred, entry.look.letter):
            if measured(label, 12) <= size - 8:
                yield text(x + size / 2, BAR / 2 + 4, label, entry.look.text, "middle", BOLD + over(entry.look))
                break
