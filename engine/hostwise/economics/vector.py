"""One number in many cases: a `Decimal` to every formula, an array of floats inside.

A formula that was written for one case runs on many unchanged. Where it asks a question that the cases answer
differently (`if share > 0`), it cannot go on for all of them: `Parted` is raised with the cases that say yes, and the
caller runs the two parts by themselves. So arrays never need a second version of a formula or of a branch.

Floats carry about 16 digits, decimals 28. Where that could matter, the cases are marked as doubtful and the caller
decides them again on decimals: a step taken within `RELATIVE` of a whole number, a comparison of values that are all
but equal. A rounded value says within what it could have been rounded otherwise (`doubt`).
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

RELATIVE = 1e-13
"""The error that some hundred operations on floats stay under, as a share."""
NEAR_HALF = 1e-5
"""The same as a share of the last place that is kept, after a subtraction of numbers near one another."""


UNDEFINED = Decimal("sNaN")


class Parted(Exception):
    """The cases part ways here: `mask` are those that answer yes."""

    def __init__(self, mask: Mask) -> None:
        self.mask = mask
        super().__init__("the cases part ways")


class Cases(Struct, frozen=True, eq=False):
    """The cases that some vectors share; `doubtful` marks those to be decided again on decimals."""

    doubtful: Mask

    @classmethod
    def of(cls, size: int) -> Cases:
        """So many cases, none of them doubtful yet."""
        return cls(np.zeros(size, dtype=bool))


class Truths:
    """A truth in each of many cases. As one truth for all, it is theirs if they agree."""

    __slots__ = ("mask",)

    def __init__(self, mask: Mask) -> None:
        self.mask = mask

    def __bool__(self) -> bool:
        """Raises `Parted` where the cases disagree."""
        if self.mask.all():
            return True
        if not self.mask.any():
            return False
        raise Parted(self.mask)


class Vector(Decimal):
    """A number in many cases. The `Decimal` itself is a signalling NaN: what is not defined here fails, loudly."""

    values: Floats
    cases: Cases
    doubt: Floats | None

    def __new__(cls, values: Floats, cases: Cases, doubt: Floats | None = None) -> Vector:
        """`doubt`: how far the true value may lie from each value, 0 where it is the value itself."""
        self = Decimal.__new__(cls, UNDEFINED)
        self.values, self.cases, self.doubt = values, cases, doubt
        return self

    def _with(self, values: Floats) -> Vector:
        return Vector(values, self.cases)

    def __add__(self, other: Any) -> Vector:
        return self._with(self.values + _floats(other))

    __radd__ = __add__

    def __mul__(self, other: Any) -> Vector:
        return self._with(self.values * _floats(other))

    __rmul__ = __mul__

    def __sub__(self, other: Any) -> Vector:
        return self._with(self.values - _floats(other))

    def __rsub__(self, other: Any) -> Vector:
        return self._with(_floats(other) - self.values)

    def __truediv__(self, other: Any) -> Vector:
        return self._with(self.values / _floats(other))

    def __rtruediv__(self, other: Any) -> Vector:
        return self._with(_floats(other) / self.values)

    def __neg__(self) -> Vector:
        return self._with(-self.values)

    def __abs__(self) -> Vector:
        return self._with(np.abs(self.values))

    def _compared(self, other: Any, how: Callable[[Floats, Floats], Mask]) -> Truths:
        right = _floats(other)
        mask = how(self.values, right)
        if np.ndim(right) or right:
            gap = np.abs(self.values - right)
            np.logical_or(
                self.cases.doubtful, (gap > 0) & (gap <= RELATIVE * np.abs(self.values)), out=self.cases.doubtful
            )
        return Truths(mask)

    def __lt__(self, other: Any) -> Truths:  # type: ignore[override]
        return self._compared(other, np.less)

    def __le__(self, other: Any) -> Truths:  # type: ignore[override]
        return self._compared(other, np.less_equal)

    def __gt__(self, other: Any) -> Truths:  # type: ignore[override]
        return self._compared(other, np.greater)

    def __ge__(self, other: Any) -> Truths:  # type: ignore[override]
        return self._compared(other, np.greater_equal)

    def __eq__(self, other: object) -> Any:
        return self._compared(other, np.equal) if isinstance(other, (Decimal, int)) else NotImplemented

    def __ne__(self, other: object) -> Any:
        return self._compared(other, np.not_equal) if isinstance(other, (Decimal, int)) else NotImplemented

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        return bool(Truths(self.values != 0))

    def least(self, other: Decimal) -> Vector:
        """The smaller in each case."""
        return self._with(np.minimum(self.values, _floats(other)))

    def most(self, other: Decimal) -> Vector:
        """The larger in each case."""
        return self._with(np.maximum(self.values, _floats(other)))

    def to_integral_value(self, rounding: str | None = None, context: Context | None = None) -> Vector:
        """Up or down to a whole number. A value that is all but whole makes its case doubtful."""
        edge = np.abs(self.values - np.rint(self.values)) <= RELATIVE * np.abs(self.values)
        np.logical_or(self.cases.doubtful, edge & (self.values != 0), out=self.cases.doubtful)
        step = {ROUND_CEILING: np.ceil, ROUND_FLOOR: np.floor}[rounding or ""]
        return self._with(step(self.values))

    def whole(self) -> Vector:
        """Without what stands after the point, as `int` has it. Counts that are whole stay what they are."""
        kept = np.trunc(self.values)
        gap = np.abs(self.values - np.rint(self.values))
        np.logical_or(self.cases.doubtful, (gap > 0) & (gap <= RELATIVE * np.abs(self.values)), out=self.cases.doubtful)
        return self._with(kept)

    def quantize(self, exp: Any, rounding: str | None = None, context: Context | None = None) -> Vector:
        """Rounded half to even at the last place of `exp`."""
        assert rounding in (None, ROUND_HALF_EVEN)
        unit = 10.0 ** -int(exp.as_tuple().exponent)
        scaled = self.values * unit
        kept = np.rint(scaled)
        gap = np.abs(scaled - kept)
        slack = np.abs(scaled) * RELATIVE
        # A value that is whole to the last bit came from whole numbers: so do volumes that lie on a threshold.
        open_ = (gap > 0) & (gap + slack >= 0.5 - NEAR_HALF)
        doubt = np.where(open_, (slack + (1 + NEAR_HALF)) / unit, 0.0) if open_.any() else None
        return Vector(kept / unit, self.cases, doubt)

    def span(self) -> tuple[int, int]:
        """The smallest and the largest, without what stands after the point."""
        return int(self.values.min()), int(self.values.max())

    def __str__(self) -> str:
        return "many"

    __repr__ = __str__

    def __format__(self, specifier: str, context: Context | None = None, /) -> str:
        return "many"


def _floats(value: Any) -> Any:
    return value.values if isinstance(value, Vector) else float(value)
