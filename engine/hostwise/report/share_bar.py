"""How sure, drawn: one bar of a hundred plausible futures, parted by what each of them would decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from hostwise.report.lettering import measured
from hostwise.report.svg import MUTED, opened, rect, text
from hostwise.report.verdict_key import ROW, Entry, key, key_rows, verdict_label
from hostwise.report.verdict_style import styles
from hostwise.report.words import Words

WIDE_SHARES, NARROW_SHARES = 680, 320
BAR = 34
GAP = 12
FUTURES = 100


def share_bar(shares: Sequence[Mapping[str, Any]], words: Words, width: int = WIDE_SHARES) -> str:
    """One stacked bar, the largest share first, as SVG; nothing where there are no shares.

    Each of `shares` is `{"verdict": id, "label": its name, "share": 0 to 1, as a number or as decimal text}`.
    """
    shown = sorted((each for each in shares if Decimal(str(each["share"])) > 0), key=_share, reverse=True)
    if not shown:
        return ""
    counts = of_a_hundred([_share(each) for each in shown])
    looks = styles(each["verdict"] for each in shown)
    labels = [verdict_label(each["verdict"], each["label"], words) for each in shown]
    entries = [
        Entry(looks[each["verdict"]], label, words.say("shares.of", count=_counted(count, words)))
        for each, label, count in zip(shown, labels, counts, strict=True)
    ]
    items = "; ".join(
        words.say("shares.item", label=label, count=_counted(count, words))
        for label, count in zip(labels, counts, strict=True)
    )
    height = BAR + GAP + ROW * len(key_rows(entries, width))
    title = words.say("shares.title", items=items)
    parts = [
        opened(width, height, title=title, described=words.say("shares.described", items=items)),
        *_segments([_share(each) for each in shown], counts, entries, width),
        *key(entries, 0, BAR + GAP, width),
        "</svg>",
    ]
    return "".join(parts)


def of_a_hundred(shares: Sequence[Decimal]) -> list[int]:
    """Shares as whole numbers that add up to a hundred, the largest remainders rounded up.

    >>> of_a_hundred([Decimal("0.826"), Decimal("0.17"), Decimal("0.004")])
    [83, 17, 0]
    """
    total = sum(shares) or Decimal(1)
    exact = [share * FUTURES / total for share in shares]
    counts = [int(each) for each in exact]
    left = FUTURES - sum(counts)
    for place in sorted(range(len(exact)), key=lambda n: (counts[n] - exact[n], n))[:left]:
        counts[place] += 1
    return counts


def _share(entry: Mapping[str, Any]) -> Decimal:
    return Decimal(str(entry["share"]))


def _counted(count: int, words: Words) -> str:
    return words.say("shares.few") if count == 0 else str(count)


def _segments(shares: Sequence[Decimal], counts: Sequence[int], entries: Sequence[Entry], width: int) -> Iterator[str]:
    total, reached = sum(shares), Decimal(0)
    for share, count, entry in zip(shares, counts, entries, strict=True):
        x, reached = float(reached / total) * width, reached + share
        size = float(share / total) * width
        # A hairline of paper between neighbours; none where it would eat the segment.
        gap = 1.2 if size > 4 and reached < total else 0
        yield rect(x, 0.5, size - gap, BAR - 1, entry.style.fill, f' stroke="{MUTED}" stroke-width="0.6"')
        for said in (f"{entry.label}: {entry.note}", entry.note, str(count or ""), entry.style.letter):
            if said and measured(said, 12) <= size - 8:
                yield text(x + size / 2, BAR / 2 + 4, said, entry.style.text, "middle", ' font-weight="600"')
                break
