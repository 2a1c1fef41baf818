"""What options cost, as aligned lines: label, bar, amount and band, to one scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from hostwise.reading.numbers.number_format import format_money
from hostwise.report.model.report import OptionLine
from hostwise.report.words.amounts import money_range, shows_as_one
from hostwise.report.words.words import Words

BLOCKS = "▏▎▍▌▋▊▉█"


def bars(options: Sequence[OptionLine], width: int, words: Words) -> Iterator[tuple[str, bool, bool]]:
    """Aligned lines: label, bar, amount, band. Bars are to one scale, in eighths of a column."""
    label_width = min(max(len(option.label) for option in options), max(width * 3 // 8, 12))
    amounts = [
        format_money(option.monthly.likely, option.currency, words.language) if option.monthly else ""
        for option in options
    ]
    bands = [_band(option, words) for option in options]
    notes = ["" if option.feasible else words.say("charts.excluded") for option in options]
    tails = [", ".join(part for part in (band, note) if part) for band, note in zip(bands, notes, strict=True)]
    amount_width = max(map(len, amounts))
    room = width - label_width - amount_width - max(map(len, tails)) - 8
    show_tail = room >= 8
    bar_width = max(room if show_tail else width - label_width - amount_width - 6, 4)
    top = max((option.monthly.likely for option in options if option.monthly), default=Decimal(1)) or Decimal(1)
    for option, amount, tail in zip(options, amounts, tails, strict=True):
        likely = option.monthly.likely if option.monthly else Decimal(0)
        # Marked, not only coloured: a narrow or piped page shows neither colour nor the note.
        mark = "→" if option.chosen else " " if option.feasible else "×"
        line = (
            f"{mark} {_fit(option.label, label_width)}  {_bar(likely / top, bar_width)}  {amount:>{amount_width}}"
            + (f"  {tail}" if show_tail and tail else "")
        )
        yield line.rstrip(), option.chosen, option.feasible


def _band(option: OptionLine, words: Words) -> str:
    """The band of what an option costs a month; empty where it shows as one amount."""
    band, language = option.monthly, words.language
    if band is None or shows_as_one(band, option.currency, language):
        return ""
    return money_range(band, option.currency, language)


def _bar(share: Decimal, width: int) -> str:
    eighths = max(int(share * width * 8), 1)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (BLOCKS[rest - 1] if rest else "")).ljust(width)


def _fit(text: str, width: int) -> str:
    return text.ljust(width) if len(text) <= width else text[: width - 1] + "…"
