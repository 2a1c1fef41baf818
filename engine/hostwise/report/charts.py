"""Charts as SVG: bars that carry their own labels, in flat colours that also read in greyscale.

Presentation attributes only, since a document's CSS does not reach SVG in every PDF writer. Each chart
has a `<title>` that states its finding (it becomes the alternative text) and a `<desc>` with the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeAlias

from msgspec import Struct

from hostwise.report.clean import shortened
from hostwise.report.figures import axis_money
from hostwise.report.language import Language
from hostwise.report.model import Option
from hostwise.report.svg import CHARACTER, GRID, INK, MUTED, PAPER, line, opened, rect, text
from hostwise.report.words import Words

# Neighbours in a stack differ in lightness, so that greyscale print and colour-blind readers tell them
# apart; `tests/report/test_charts.py` measures it.
COLOURS = {
    "tokens": "#1f4e8c",
    "compute": "#4f9a94",
    "idle": "#f2b84b",
    "energy": "#9c3d1f",
    "platform": "#b9c4ce",
    "people": "#5c3a86",
    "risk": "#e7a3a8",
    "one-time": "#6d7681",
}
OTHER = "#a9b2bb"
EXCLUDED_OPACITY = "0.35"


class Layout(Struct, frozen=True):
    """Measures of a chart in SVG units. `label` is the width left of the bars; 0 puts labels above them."""

    width: int
    label: int
    value: int
    row: int
    bar: int

    @property
    def plot(self) -> int:
        """Width of the plotting area."""
        return self.width - self.label - self.value


_Bar: TypeAlias = Callable[[Option, float, Decimal, Layout], list[str]]

WIDE = Layout(width=680, label=206, value=140, row=34, bar=18)
NARROW = Layout(width=320, label=0, value=8, row=54, bar=18)
AXIS = 24


def cost_chart(options: Sequence[Option], words: Words, layout: Layout = WIDE) -> str:
    """One bar an option: the likely cost a month, with a whisker from low to high."""
    return _chart(options, words, layout, bar=_plain_bar, title="charts.cost_title")


def stack_chart(options: Sequence[Option], words: Words, layout: Layout = WIDE) -> str:
    """One bar an option, stacked by cost element, idle capacity apart; whisker from low to high."""
    return _chart(options, words, layout, bar=_stacked_bar, title="charts.stack_title")


def legend(options: Sequence[Option]) -> list[tuple[str, str]]:
    """Label and colour of every cost element that occurs, in stacking order."""
    labels = {share.group: share.label for option in options for share in option.shares}
    order = [*COLOURS, *(group for group in labels if group not in COLOURS)]
    return [(labels[group], COLOURS.get(group, OTHER)) for group in order if group in labels]


def _chart(options: Sequence[Option], words: Words, layout: Layout, bar: _Bar, title: str) -> str:
    shown = [option for option in options if option.monthly]
    if not shown:
        return ""
    top = _nice(max(option.monthly.high for option in shown if option.monthly))
    height = layout.row * len(shown) + AXIS
    parts = [
        opened(
            layout.width,
            height,
            title=words.say(title, finding=_finding(shown, words)),
            described="; ".join(_item(option, words) for option in shown),
        ),
        *_axis(top, layout, height, shown[0], words.language),
    ]
    for index, option in enumerate(shown):
        parts += _row(option, index * layout.row, top, layout, words, bar)
    return "".join([*parts, "</svg>"])


def _axis(top: Decimal, layout: Layout, height: int, option: Option, language: Language) -> list[str]:
    currency = option.monthly.currency if option.monthly else ""
    steps = 4 if layout.label else 2
    parts = []
    for step in range(steps + 1):
        amount = top * step / steps
        x = _x(amount, top, layout)
        anchor = "start" if step == 0 else "end" if step == steps and not layout.label else "middle"
        parts.append(line(x, 0, x, height - AXIS + 4, GRID, 1))
        parts.append(text(x, height - 7, axis_money(amount, currency, language), MUTED, anchor))
    return parts


def _row(option: Option, y: int, top: Decimal, layout: Layout, words: Words, bar: _Bar) -> list[str]:
    amount = option.monthly
    if amount is None:
        return []
    above = 0 if layout.label else 22
    centre = y + above + (layout.row - above) / 2
    weight = ' font-weight="600"' if option.chosen else ""
    note = "" if option.feasible else f" ({words.say('charts.excluded')})"
    parts = []
    if layout.label:
        label = shortened(option.label, int((layout.label - 10) / CHARACTER))
        parts.append(text(0, centre + 4, label, INK if option.feasible else MUTED, "start", weight))
    else:
        label = shortened(option.label, 30)
        parts.append(text(0, y + 17, f"{label}{note}", INK if option.feasible else MUTED, "start", weight))
        parts.append(text(layout.width, y + 17, amount.text, INK, "end", weight))
    opacity = "" if option.feasible else f' opacity="{EXCLUDED_OPACITY}"'
    parts += [f"<g{opacity}>", *bar(option, centre, top, layout), "</g>"]
    low, high = _x(amount.low, top, layout), _x(amount.high, top, layout)
    if high - low > 2:
        parts += [line(low, centre, high, centre, PAPER, 4), line(low, centre, high, centre, INK, 1.5)]
        parts += [line(x, centre - 5, x, centre + 5, INK, 1.5) for x in (low, high)]
    if layout.label:
        end = max(high, _x(amount.likely, top, layout)) + 8
        parts.append(text(end, centre + 4, amount.text, INK, "start", weight))
        if note:
            parts.append(text(end + len(amount.text) * CHARACTER * 1.12 + 5, centre + 4, note.strip(), MUTED, "start"))
    return parts


def _plain_bar(option: Option, centre: float, top: Decimal, layout: Layout) -> list[str]:
    amount = option.monthly
    if amount is None:
        return []
    end = _x(amount.likely, top, layout)
    colour = "#0b5d57" if option.chosen else "#8a97a3"
    return [rect(layout.label, centre - layout.bar / 2, end - layout.label, layout.bar, colour)]


def _stacked_bar(option: Option, centre: float, top: Decimal, layout: Layout) -> list[str]:
    parts, reached = [], Decimal(0)
    for share in option.shares:
        x, reached = _x(reached, top, layout), reached + share.amount.likely
        width = _x(reached, top, layout) - x
        if width > 0.2:
            # A hairline of paper between neighbours keeps thin elements apart.
            gap = 0.8 if width > 3 else 0
            colour = COLOURS.get(share.group, OTHER)
            parts.append(rect(x, centre - layout.bar / 2, width - gap, layout.bar, colour))
    return parts


def _finding(shown: Sequence[Option], words: Words) -> str:
    chosen = next((option for option in shown if option.chosen), None)
    others = [option for option in shown if option.feasible and not option.chosen]
    if chosen is None or not others or chosen.monthly is None:
        return words.say("charts.list", items="; ".join(_item(option, words) for option in shown))
    other = min(others, key=lambda o: o.monthly.likely if o.monthly else Decimal(0))
    return words.say(
        "charts.cheapest",
        label=chosen.label,
        amount=chosen.monthly.text,
        other=other.label,
        other_amount=other.monthly.text if other.monthly else "",
    )


def _item(option: Option, words: Words) -> str:
    amount = option.monthly
    return words.say("charts.item", label=option.label, amount=amount.text, range=amount.range) if amount else ""


def _nice(value: Decimal) -> Decimal:
    """The next round number above a value: 1, 2, 4, 6 or 8 times a power of ten.

    >>> _nice(Decimal("59523")), _nice(Decimal("7"))
    (Decimal('6E+4'), Decimal('8'))
    """
    power = Decimal(1).scaleb(value.adjusted()) if value > 0 else Decimal(1)
    return next(power * factor for factor in (1, 2, 4, 6, 8, 10) if power * factor >= value)


def _x(amount: Decimal, top: Decimal, layout: Layout) -> float:
    return layout.label + float(amount / top) * layout.plot
