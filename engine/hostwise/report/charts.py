"""Charts as SVG: flat colours that differ in lightness, direct labels, a title that states the finding.

Presentation attributes only, since document CSS does not reach inline SVG in print; `currentColor` for
text and lines, so that a chart follows a dark page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hostwise.rulebook.wording import shown_money

if TYPE_CHECKING:
    from markupsafe import Markup

WIDTH, LABEL, RIGHT = 720, 210, 120
ROW, BAR_HEIGHT, TOP, LEGEND = 30, 16, 6, 24
PALETTE = ("#0b3c5d", "#2f7fb5", "#b5d3e6", "#5d8a52", "#8f5e00", "#c9923a", "#e3c48f", "#7c848b")
"""One colour a group of costs, in the order of `catalogue/ledger.yaml`; neighbours differ in lightness."""
CLIP = Decimal("1.6")
"""A band that reaches beyond 1.6 times the dearest likely cost is cut there, and says so with an arrow."""


def cost_chart(ledgers: Sequence[Mapping[str, Any]], chosen: str | None) -> Markup:
    """Monthly cost per option, stacked by group, with the low-to-high band as a line."""
    from markupsafe import Markup

    shown = [ledger for ledger in ledgers if ledger["priced"] and ledger["feasible"]]
    shown = shown or [ledger for ledger in ledgers if ledger["priced"]]
    shown = sorted(shown, key=lambda ledger: Decimal(ledger["total"]["likely"]))
    if not shown:
        return Markup("<p>No option is priced yet.</p>")
    most = max(Decimal(ledger["total"]["likely"]) for ledger in shown)
    top = min(max(Decimal(ledger["total"]["high"]) for ledger in shown), most * CLIP) or Decimal(1)
    groups = _groups(shown)
    height = TOP + ROW * len(shown) + LEGEND * (1 + (len(groups) - 1) // 4)
    rows = Markup("").join(_row(ledger, n, top, groups, chosen) for n, ledger in enumerate(shown))
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" font-family="IBM Plex Sans, sans-serif" '
        'font-size="12"><title>{}</title><desc>{}</desc>'
    ).format(WIDTH, height, _finding(shown, chosen), _described(shown))
    return head + rows + _legend(groups, TOP + ROW * len(shown)) + Markup("</svg>")


def _groups(ledgers: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    order = ("tokens", "compute", "idle", "energy", "people", "platform", "risk", "one-time")
    present = {item["group"] for ledger in ledgers for item in ledger["items"]}
    known = [group for group in order if group in present] + sorted(present - set(order))
    colours = {group: PALETTE[order.index(group)] if group in order else PALETTE[-1] for group in known}
    return colours


def _scale(amount: Decimal, top: Decimal) -> Decimal:
    return (amount / top * (WIDTH - LABEL - RIGHT)).quantize(Decimal("0.1"))


def _row(ledger: Mapping[str, Any], number: int, top: Decimal, groups: Mapping[str, str], chosen: str | None) -> Markup:
    from markupsafe import Markup

    y = TOP + ROW * number
    low, likely, high = (Decimal(ledger["total"][end]) for end in ("low", "likely", "high"))
    weight = "600" if ledger["option"] == chosen else "400"
    parts = [
        Markup('<text x="{}" y="{}" text-anchor="end" font-weight="{}" fill="currentColor">{}</text>').format(
            LABEL - 10, y + 13, weight, ledger["label"]
        )
    ]
    x = Decimal(LABEL)
    for group, colour in groups.items():
        amount = sum((Decimal(i["amount"]["likely"]) for i in ledger["items"] if i["group"] == group), Decimal(0))
        width = _scale(amount, top)
        if width > 0:
            parts.append(
                Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>').format(x, y, width, BAR_HEIGHT, colour)
            )
            x += width
    parts += _band(low, min(high, top), high > top, top, y)
    end = LABEL + _scale(max(likely, min(high, top)), top) + 8
    parts.append(
        Markup('<text x="{}" y="{}" font-weight="{}" fill="currentColor">{}</text>').format(
            end, y + 13, weight, shown_money(likely, ledger["currency"])
        )
    )
    return Markup("").join(parts)


def _band(low: Decimal, high: Decimal, cut: bool, top: Decimal, y: int) -> list[Markup]:
    from markupsafe import Markup

    x1, x2, middle = LABEL + _scale(low, top), LABEL + _scale(high, top), y + BAR_HEIGHT + 4
    line = Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="currentColor" stroke-width="1.2"/>')
    ticks = [line.format(x1, middle, x2, middle), line.format(x1, middle - 3, x1, middle + 3)]
    if cut:
        points = f"{x2},{middle - 3} {x2 + 6},{middle} {x2},{middle + 3}"
        return [*ticks, Markup('<polygon points="{}" fill="currentColor"/>').format(points)]
    return [*ticks, line.format(x2, middle - 3, x2, middle + 3)]


NAMES = {
    "tokens": "Tokens", "compute": "Compute at work", "idle": "Idle compute", "energy": "Power, cooling, space",
    "people": "People", "platform": "Platform", "risk": "Risk", "one-time": "One-off, spread",
}  # fmt: skip


def _legend(groups: Mapping[str, str], y: int) -> Markup:
    from markupsafe import Markup

    parts = []
    for number, (group, colour) in enumerate(groups.items()):
        x, line = LABEL + (number % 4) * 128, y + 8 + LEGEND * (number // 4)
        parts.append(
            Markup('<rect x="{}" y="{}" width="10" height="10" fill="{}"/><text x="{}" y="{}" font-size="11" fill="currentColor">{}</text>').format(
                x, line, colour, x + 15, line + 9, NAMES.get(group, group)
            )
        )
    return Markup("").join(parts)


def _finding(ledgers: Sequence[Mapping[str, Any]], chosen: str | None) -> str:
    best = ledgers[0]
    money = shown_money(Decimal(best["total"]["likely"]), best["currency"])
    text = f"{best['label']} costs least, {money} a month"
    picked = next((ledger for ledger in ledgers if ledger["option"] == chosen), None)
    if picked is not None and picked is not best:
        text += f"; the recommendation, {picked['label']}, costs {shown_money(Decimal(picked['total']['likely']), picked['currency'])}"
    return text


def _described(ledgers: Sequence[Mapping[str, Any]]) -> str:
    rows = (
        f"{x['label']}: {shown_money(Decimal(x['total']['likely']), x['currency'])} "
        f"({shown_money(Decimal(x['total']['low']), x['currency'])} to {shown_money(Decimal(x['total']['high']), x['currency'])})"
        for x in ledgers
    )
    return "; ".join(rows)
