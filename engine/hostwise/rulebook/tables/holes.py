"""Where a decision table says nothing: the cases, every fact known, in which none of its rows holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from hostwise.rulebook.tables.cell_algebra import Cell, Knowing, WordSet, denied
from hostwise.rulebook.tables.normal_form import Row, fewest, met


def holes(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The cases that no row covers, each as wide as it can be made by leaving out facts and adding words.

    The table's rows are cut out of the space of all cases one by one. The pieces that are left never overlap, so there
    are at most as many as the table has cases; multiplying the rows where each rule is false doubles them with each.
    """
    table = tuple(row for row in rows if Knowing(False) not in row.values())
    left: list[Row] = [{}]
    for row in table:
        left = [piece for one in left for piece in _cut(one, row, _denied)]
    return fewest(_widened(piece, table) for piece in left)


MOST_PIECES = 5_000
"""Where more pieces are left than these, nothing is said: overlapping rows can make any number of them."""


def covered_together(inner: Iterable[Row], outer: Iterable[Row]) -> bool:
    """Whether the rows of `outer` hold, between them, wherever one of `inner` does; facts may be unknown.

    False where it takes more than `MOST_PIECES` to tell.
    """
    table, left = tuple(outer), list(inner)
    for row in table:
        left = [piece for one in left for piece in _cut(one, row, _not_true)]
        if not left or len(left) > MOST_PIECES:
            break
    return not left


def _not_true(cell: Cell) -> tuple[Cell, ...]:
    """The cells that together hold where a test of the cell is not true: false, or unknown."""
    unknown = Knowing(False)
    return denied(cell) if isinstance(cell, Knowing) else (*denied(cell), unknown)


def _cut(one: Row, out: Row, denied_of: Callable[[Cell], tuple[Cell, ...]]) -> Iterator[Row]:
    """What is left of a row without another, in pieces that do not overlap."""
    if met(one, out) is None:
        yield one
        return
    rest = one
    for subject, cell in out.items():
        for other in denied_of(cell):
            piece = met(rest, {subject: other})
            if piece is not None:
                yield piece
        inside = met(rest, {subject: cell})
        assert inside is not None  # the rows meet
        rest = inside


def _denied(cell: Cell) -> tuple[Cell, ...]:
    return () if isinstance(cell, Knowing) else denied(cell)


def _widened(piece: Row, table: Sequence[Row]) -> Row:
    """The piece with fewer facts, and more words of those that are left, as far as no row holds there."""
    wide = dict(piece)
    for subject, cell in piece.items():
        without = {other: kept for other, kept in wide.items() if other != subject}
        if _uncovered(without, table):
            wide = without
        elif isinstance(cell, WordSet):
            words = (v for v in cell.all if _uncovered({**wide, subject: WordSet((v,), cell.all)}, table))
            wide[subject] = WordSet(tuple(words), cell.all)
    return wide


def _uncovered(piece: Row, table: Sequence[Row]) -> bool:
    return all(met(piece, row) is None for row in table)
