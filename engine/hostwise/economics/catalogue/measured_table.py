"""The table of measured rows, as text: it is long, and a decision reads the few lines of what it compares."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct


class MeasuredTable(Struct, frozen=True, eq=False):
    """`measured-throughput.csv`: its header, and its lines by model, GPU and precision. Another object is another."""

    header: str
    lines: dict[tuple[str, ...], list[str]]


def read_table(path: Path) -> MeasuredTable:
    """The table; an empty one where there is none."""
    texts = path.read_text(encoding="utf-8").splitlines() if path.exists() else [""]
    lines: dict[tuple[str, ...], list[str]] = {}
    for line in texts[1:]:
        lines.setdefault(tuple(line.split(",", 3)[:3]), []).append(line)
    return MeasuredTable(texts[0], lines)
