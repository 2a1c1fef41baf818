"""Which answer matters most, drawn: one bar an answer, from what its low end costs to what its high end costs.

Bars are sorted by their length. The lower answer is pale, the higher one dark; an end at which another option would
be recommended carries a diamond and that option's name, so that nothing hangs on colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct

from hostwise.report.clean import shortened
from hostwise.report.figures import axis_money, money
from hostwise.report.lettering import broken, fitting, measured
from hostwise.report.model_robustness import Tornado as Drawn
from hostwise.report.svg import INK, MUTED, PAPER, line, opened, rect, text
from hostwise.report.verdict_key import verdict_label
from hostwise.report.words import Words

LOW, HIGH = "#a9c4e6", "#204c89"
MOST = 12
SMALL = 11.0
STEP = 13
"""From one line of small text to the next."""
BAR = 16
HEAD, FOOT = 24, 24


class Tornado(Struct, frozen=True):
    """Measures in SVG units. `label` is the width left of the bars, 0 puts labels above them; `side` is the room
    for the figures at either end of a bar, 0 puts them below it."""

    width: int
    label: int
    side: int

    @property
    def left(self) -> int:
        """Where bars may begin."""
        return self.label + (self.side or 8)

    @property
    def right(self) -> int:
        """Where bars must end."""
        return self.width - (self.side or 8)


WIDE_TORNADO = Tornado(width=680, label=156, side=132)
NARROW_TORNADO = Tornado(width=320, label=0, side=0)


class _End(Struct, frozen=True):
    """One end of a bar: the answer there, what it costs (None: not priced), and the option it flips to."""

    answer: str
    cost: Decimal | None
    flip: str | None
    fill: str


class _Bar(Struct, frozen=True):
    label: str
    low: _End
    high: _End
    base: Decimal

    @property
    def ends(self) -> tuple[_End, _End]:
        """The end that is drawn left, and the one drawn right."""
        low, high = (self.base if end.cost is None else end.cost for end in (self.low, self.high))
        return (self.low, self.high) if low <= high else (self.high, self.low)

    @property
    def swing(self) -> Decimal:
        known = [self.base, *(end.cost for end in (self.low, self.high) if end.cost is not None)]
        return max(known) - min(known)

    @property
    def flips(self) -> bool:
        return bool(self.low.flip or self.high.flip)


def tornado_chart(
    rows: Sequence[Mapping[str, Any]],
    words: Words,
    *,
    option: str,
    currency: str,
    labels: Mapping[str, str],
    measure: str = "cost",
    layout: Tornado = WIDE_TORNADO,
) -> str:
    """The answers that move an amount most, as SVG; nothing where no answer moves it or the verdict.

    Each of `rows` is `{"label", "low_label", "high_label", "low_cost", "high_cost", "base_cost", "low_verdict",
    "high_verdict", "verdict"}`: amounts a month as decimal text or None, verdicts by id. `option` names what the
    amounts are of, `labels` names options by id. `measure` is a word of `tornado.measures`: `cost` or `saving`.
    At most twelve are drawn; those that flip the verdict come first when some must be left out.
    """
    every = [_bar(row, labels, words) for row in rows if row["base_cost"] is not None]
    bars = [bar for bar in every if bar.flips or bar.swing]
    if not bars:
        return ""
    kept = sorted(bars, key=lambda bar: (not bar.flips, -bar.swing))[:MOST]
    shown = sorted(kept, key=lambda bar: -bar.swing)
    base = shown[0].base
    known = [base, *(end.cost for bar in shown for end in (bar.low, bar.high) if end.cost is not None)]
    scale = _Scale(min(known), max(known), layout)
    parts: list[str] = []
    y = float(HEAD)
    for bar in shown:
        drawn, taken = _row(bar, y, scale, layout, currency, words)
        parts += drawn
        y += taken
    title = _title(shown, option, currency, measure, words)
    described = "; ".join(_told(bar, currency, words) for bar in shown)
    x = scale(base)
    label = words.say("tornado.base", amount=money(base, currency, words.language))
    at = min(max(x, measured(label, 12) / 2), layout.width - measured(label, 12) / 2)
    head = [text(at, 12, label, INK, "middle", ' font-weight="600"'), line(x, HEAD - 6, x, HEAD, INK, 1)]
    rest = [("tornado.more", len(bars) - len(shown)), ("tornado.still", len(every) - len(bars))]
    foot, taken = _foot(shown, [words.say(name, count=n) for name, n in rest if n], y, layout, words)
    return "".join(
        [opened(layout.width, round(y + taken), title=title, described=described), *head, *parts, *foot, "</svg>"]
    )


def drawn_tornado(found: Drawn, words: Words, layout: Tornado = WIDE_TORNADO) -> str:
    """The tornado of a report."""
    return tornado_chart(
        found.drawn, words, option=found.option, currency=found.currency, labels=found.labels, measure=found.measure,
        layout=layout,
    )  # fmt: skip


class _Scale(Struct, frozen=True):
    low: Decimal
    high: Decimal
    layout: Tornado

    def __call__(self, amount: Decimal) -> float:
        span = self.high - self.low
        share = float((amount - self.low) / span) if span else 0.5
        return self.layout.left + share * (self.layout.right - self.layout.left)


def _bar(row: Mapping[str, Any], labels: Mapping[str, str], words: Words) -> _Bar:
    def end(which: str, fill: str) -> _End:
        verdict = row[f"{which}_verdict"]
        flip = None if verdict == row["verdict"] else verdict_label(verdict, labels.get(verdict, verdict), words)
        cost = row[f"{which}_cost"]
        return _End(str(row[f"{which}_label"]), None if cost is None else Decimal(str(cost)), flip, fill)

    return _Bar(str(row["label"]), end("low", LOW), end("high", HIGH), Decimal(str(row["base_cost"])))


def _title(shown: Sequence[_Bar], option: str, currency: str, measure: str, words: Words) -> str:
    most = shown[0]
    flips = [bar.label for bar in shown if bar.flips]
    finding = words.say(
        "tornado.most" if most.swing else "tornado.none",
        label=most.label,
        low=_amount(most.ends[0], most.base, currency, words),
        high=_amount(most.ends[1], most.base, currency, words),
    )
    turned = words.say("tornado.flips" if flips else "tornado.no_flips", labels=", ".join(flips))
    what = words.say(f"tornado.measures.{measure}", option=option)
    return words.say("tornado.title", what=what, finding=finding, flips=turned)


def _told(bar: _Bar, currency: str, words: Words) -> str:
    ends = [
        words.say("tornado.end", answer=end.answer, amount=_written(end, currency, words))
        + (f" ({words.say('tornado.flip', label=end.flip)})" if end.flip else "")
        for end in (bar.low, bar.high)
    ]
    return words.say("tornado.item", label=bar.label, low=ends[0], high=ends[1])


def _amount(end: _End, base: Decimal, currency: str, words: Words) -> str:
    return money(base if end.cost is None else end.cost, currency, words.language)


def _written(end: _End, currency: str, words: Words) -> str:
    return words.say("tornado.unpriced") if end.cost is None else axis_money(end.cost, currency, words.language)


def _row(bar: _Bar, y: float, scale: _Scale, layout: Tornado, currency: str, words: Words) -> tuple[list[str], float]:
    """One answer's marks, and the height they take."""
    beside = bool(layout.label)
    room = layout.side - 10 if beside else layout.width / 2 - 6
    notes = [_notes(end, room, currency, words) for end in bar.ends]
    names = (_lines(bar.label, layout.label - 8) if beside else _lines(bar.label, layout.width))[: 2 if beside else 1]
    block = max(len(note) for note in notes) * STEP
    height = max(block, BAR, len(names) * 14) + 12 if beside else 18 + BAR + 4 + block + 10
    centre = y + (height - 12) / 2 if beside else y + 18 + BAR / 2
    parts = [
        text(0, (centre - (len(names) - 1) * 7 + 4 if beside else y + 12) + number * 14, name, INK, "start")
        for number, name in enumerate(names)
    ]
    places = [scale(bar.base if end.cost is None else end.cost) for end in bar.ends]
    parts += _drawn(bar, places, centre, scale(bar.base))
    reach = (y, y + height) if beside else (centre - BAR / 2 - 3, centre + BAR / 2 + 3)
    parts.insert(0, line(scale(bar.base), reach[0], scale(bar.base), reach[1], INK, 1))
    outer = min(places[0], scale(bar.base)), max(places[1], scale(bar.base))
    spots = (outer[0] - 10, outer[1] + 10) if beside else (0.0, float(layout.width))
    anchors = ("end", "start") if beside else ("start", "end")
    for note, spot, anchor in zip(notes, spots, anchors, strict=True):
        first = centre + 4 - (len(note) - 1) * STEP / 2 if beside else y + 18 + BAR + 14
        for number, (written, bold) in enumerate(note):
            weight = ' font-size="11"' + (' font-weight="600"' if bold else "")
            parts.append(text(spot, first + number * STEP, written, INK if bold else MUTED, anchor, weight))
    return parts, height


def _drawn(bar: _Bar, places: Sequence[float], centre: float, base: float) -> Iterator[str]:
    """Both halves of a bar from the base; side by side, and one above the other where both go the same way."""
    away = [place - base for place in places]
    same = away[0] * away[1] > 0 and min(map(abs, away)) > 0.5
    for number, (end, place) in enumerate(zip(bar.ends, places, strict=True)):
        top = centre - BAR / 2 + (BAR / 2 * number if same else 0)
        size = BAR / 2 if same else BAR
        if abs(place - base) > 0.3:
            yield rect(min(place, base), top, abs(place - base), size, end.fill, f' stroke="{HIGH}" stroke-width="0.7"')
    for end, place in zip(bar.ends, places, strict=True):
        if end.flip:
            yield _diamond(place, centre)


def _diamond(x: float, y: float, size: float = 6.5) -> str:
    return (
        f'<path d="M{x - size:.1f} {y:.1f}L{x:.1f} {y - size:.1f}L{x + size:.1f} {y:.1f}L{x:.1f} {y + size:.1f}Z" '
        f'fill="{PAPER}" stroke="{INK}" stroke-width="1.8"/>'
    )


def _notes(end: _End, room: float, currency: str, words: Words) -> list[tuple[str, bool]]:
    """What stands at an end: the answer and its amount, in one line where they fit, and the flip in bold."""
    amount = _written(end, currency, words)
    together = words.say("tornado.end", answer=end.answer, amount=amount)
    lines = [together] if measured(together, SMALL) <= room else [fitting(end.answer, room, SMALL), amount]
    flip = words.say("tornado.flip", label=end.flip) if end.flip else None
    return [(each, False) for each in lines] + ([(fitting(flip, room, SMALL), True)] if flip else [])


def _lines(label: str, room: float) -> list[str]:
    lines = broken(label, room, 12)
    return [*lines[:1], *([shortened(" ".join(lines[1:]), len(lines[1]) + 1)] if len(lines) > 1 else [])]


def _foot(
    shown: Sequence[_Bar], notes: Sequence[str], y: float, layout: Tornado, words: Words
) -> tuple[list[str], float]:
    """What the shades and the diamond mean, and how many answers are not drawn."""
    items = [("low", LOW), ("high", HIGH)] + ([("turns", "")] if any(bar.flips for bar in shown) else [])
    parts: list[str] = []
    x, top = 0.0, y + 6.0
    for name, fill in items:
        label = words.say(f"tornado.key.{name}")
        if x and x + 20 + measured(label, SMALL) > layout.width:
            x, top = 0.0, top + 18
        parts.append(
            rect(x, top, 14, 12, fill, f' stroke="{HIGH}" stroke-width="0.7"')
            if fill
            else _diamond(x + 7, top + 6, 5.5)
        )
        parts.append(text(x + 20, top + 10, label, MUTED, "start", ' font-size="11"'))
        x += 20 + measured(label, SMALL) + 14
    for note in notes:
        for each in broken(note, layout.width, SMALL):
            top += 16
            parts.append(text(0, top + 12, each, MUTED, "start", ' font-size="11"'))
    return parts, top + FOOT - y
