"""The formulas of one case, recorded while they run, so that many cases can be replayed without running them again.

A `Traced` number is the number of the case that is recorded, and the step that it came from. Formulas that were
written for decimals take it as the decimal that it is; each operation is added to the tape once. Where a formula asks
a question (`if share > 0`), the answer is that of this case, and whoever listens to the tape learns of it: other
cases may be replayed for as long as they answer the same. What must not part the cases is said with the functions of
`numbers`: `least`, `most`, `where`, `first`.

What is not defined here fails, loudly, since the tape would take it for the same number in every case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Any, NoReturn, TypeVar

from msgspec import Struct

T = TypeVar("T")
ZERO, ONE = Decimal(0), Decimal(1)


def nothing_known(place: int) -> NoReturn:
    """Says, in place of what stands at a place, that no case is being recorded."""
    raise TypeError(f"nothing is known of place {place}: no case is being recorded")


class Step(Struct, frozen=True):
    """One operation on steps before it. `input`, `constant` and `row` have none: `key` says which, or the constants."""

    operation: str
    places: tuple[int, ...]
    key: Any = None


class Holds(Struct, frozen=True):
    """A question whose answer stands at a place of the tape: does it hold?"""

    place: int


class LookUp(Struct, frozen=True):
    """A question that a table answers by some whole numbers, such as the price of a request of that length."""

    find: Callable[..., Any]
    places: tuple[int, ...]


class Tape:
    """The steps so far, each with the place at which it stands. `listener` is told of every question and its answer."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.listener: Callable[[Any, Any], None] = lambda question, answer: None
        self.prepared: dict[str, Any] = {}
        """What a replay keeps here."""
        self.places: dict[tuple[Any, ...], int] = {}
        self._constants: dict[Decimal | int, int] = {}
        self.wide: set[int] = set()
        """Places where numbers stand side by side, such as one for each plan that is searched (`abreast`)."""
        self.steady: set[int] = set()
        """Places where the same stands in every case."""
        self.comes_to: Callable[[int], Any] = nothing_known
        """What stands at a place in the case that is recorded, as a replay computes it."""
        self.everywhere: Callable[[int], Any] = nothing_known
        """The same in all cases that it is recorded for."""
        self.spans: dict[int, tuple[Decimal, Decimal]] = {}

    def input(self, key: object, value: Decimal) -> Traced:
        """A number that differs from case to case; `value` is that of this case."""
        return _traced(value, self, self._placed(("input", key), Step("input", (), key)))

    def test(self, key: object, holds: bool) -> TapedTruth:
        """What holds in some cases and not in others; `holds` says whether it does in this case."""
        return TapedTruth(holds, self, self._placed(("input", key), Step("input", (), key)))

    def record(self, operation: str, value: Decimal, *operands: Decimal | int) -> Traced:
        """A step, and what it comes to in this case."""
        return _traced(value, self, self.place(operation, *[self.operand(each) for each in operands]))

    def compared(self, operation: str, holds: bool, left: Decimal | int, right: Decimal | int) -> TapedTruth:
        """A comparison, and whether it holds in this case."""
        return TapedTruth(holds, self, self.place(operation, self.operand(left), self.operand(right)))

    def both(self, one: TapedTruth, other: TapedTruth) -> TapedTruth:
        """Whether two things hold."""
        return TapedTruth(one.holds and other.holds, self, self.place("both", one.place, other.place))

    def chosen(self, test: TapedTruth, yes: Decimal, no: Decimal) -> Decimal:
        """One of two numbers in each case."""
        one, other = self.operand(yes), self.operand(no)
        value = yes if test.holds else no
        return value if one == other else _traced(value, self, self.place("where", test.place, one, other))

    def looked_up(self, find: Callable[..., T], numbers: tuple[Decimal, ...]) -> T:
        """What a table says for whole numbers. The cases part where it does not say the same."""
        found = find(*(int(Decimal.__trunc__(each)) for each in numbers))
        self.listener(LookUp(find, tuple(self.operand(each) for each in numbers)), found)
        return found

    def beside(self, numbers: Sequence[Decimal]) -> Decimal:
        """Several numbers side by side, as one: what is computed with it is computed with each.

        Nothing may be asked of it. Its value is that of the first.
        """
        one, *others = numbers
        if all(each is one for each in others):
            return one
        if not any(type(each) is Traced for each in numbers):
            key = tuple(numbers)
            return one if all(each == one for each in others) else _traced(one, self, self._row(key))
        places = tuple(self.operand(each) for each in numbers)
        if all(place == places[0] for place in places):
            return one
        return _traced(one, self, self.place("beside", *places))

    def _row(self, numbers: tuple[Decimal, ...]) -> int:
        """Where constants stand side by side."""
        return self._placed(("row", numbers), Step("row", (), numbers))

    def differ(self, numbers: Decimal) -> bool:
        """Whether numbers side by side are several."""
        return type(numbers) is Traced and numbers.place in self.wide

    def cheapest(self, costs: Decimal, *, by_far: bool = False) -> PickedRow:
        """Which of the costs side by side is least: the first of those that are close to one another."""
        place = self.place("cheapest-by-far" if by_far else "cheapest", self.operand(costs))
        return PickedRow(place, int(self.comes_to(place)[0]), place in self.steady)

    def picked(self, row: PickedRow, numbers: Sequence[Decimal]) -> Decimal:
        """One of several numbers in each case."""
        rows, value = self.beside(numbers), numbers[row.shown]
        return _traced(value, self, self.place("picked", row.place, self.operand(rows))) if self.differ(rows) else value

    def span(self, number: Traced) -> tuple[Decimal, Decimal]:
        """The least and the most that a number is in the cases that it was first recorded for. Others may lie beyond.

        They stay what they were: a way that asked whether a number lies between them asks the same of all that come.
        """
        known = self.spans.get(number.place)
        if known is None:
            found = self.everywhere(number.place)
            known = self.spans[number.place] = Decimal(repr(float(found.min()))), Decimal(repr(float(found.max())))
        return known

    def operand(self, value: Decimal | int) -> int:
        """Where a number stands."""
        if type(value) is Traced:
            assert value.tape is self, "numbers of two tapes do not mix"
            return value.place
        place = self._constants.get(value)
        if place is None:
            place = self._constants[value] = self._placed(("constant", value), Step("constant", (), Decimal(value)))
        return place

    def place(self, operation: str, *places: int) -> int:
        """Where a step stands."""
        known = operation, *places
        place = self.places.get(known)
        return self._placed(known, Step(operation, places)) if place is None else place

    def _placed(self, known: tuple[Any, ...], step: Step) -> int:
        """Where a step stands, the same again if it is there: `known` is what it is known by."""
        place = self.places.setdefault(known, len(self.steps))
        if place == len(self.steps):
            self.steps.append(step)
            if step.operation in ABREAST or (step.operation not in NARROW and not self.wide.isdisjoint(step.places)):
                self.wide.add(place)
            if step.operation != "input" and self.steady.issuperset(step.places):
                self.steady.add(place)
        return place


ABREAST = frozenset(("row", "beside"))
"""Steps that put numbers side by side."""
NARROW = frozenset(("cheapest", "cheapest-by-far", "picked"))
"""Steps that make one number of several that stand side by side."""


class PickedRow(Struct, frozen=True):
    """Which of several numbers side by side is meant in each case: `shown` in the one that is recorded.

    `steady` where it is the same in every case.
    """

    place: int
    shown: int
    steady: bool


class TapedTruth:
    """Whether something holds: in the case that is recorded, and as a step. As a `bool` it is asked, and heard."""

    __slots__ = ("holds", "place", "tape")

    def __init__(self, holds: bool, tape: Tape, place: int) -> None:
        self.holds, self.tape, self.place = holds, tape, place

    def __bool__(self) -> bool:
        if self.place in self.tape.wide:
            raise TypeError("what stands side by side may hold of some and not of others")
        self.tape.listener(Holds(self.place), self.holds)
        return self.holds


def _binary(
    operation: str, compute: Callable[[Decimal, Any], Decimal], neutral: Decimal | None = None
) -> Callable[[Decimal, Decimal | int], Decimal]:
    """An operation of a recorded number with another one; nothing is recorded where that one is `neutral`.

    What recording costs is mostly this: so it does the work of `Tape.operand`, `Tape.place` and `_traced` in one.
    """
    make: Callable[..., Traced] = Decimal.__new__

    def computed(self: Any, other: Any) -> Decimal:
        tape: Tape = self.tape
        if type(other) is Traced and other.tape is tape:
            known = operation, self.place, other.place
        elif type(other) is not Traced and neutral is not None and other == neutral:
            found: Decimal = self
            return found
        else:
            known = operation, self.place, tape.operand(other)
        place = tape.places.get(known)
        made = make(Traced, compute(self, other))
        made.tape, made.place = tape, tape.place(*known) if place is None else place
        return made

    return computed


class Traced(Decimal):
    """A decimal of the case that is recorded, which knows the step that it came from."""

    __slots__ = ("place", "tape")
    tape: Tape
    place: int

    __add__ = __radd__ = _binary("add", Decimal.__add__, neutral=ZERO)
    __mul__ = __rmul__ = _binary("multiply", Decimal.__mul__, neutral=ONE)
    __sub__ = _binary("subtract", Decimal.__sub__)
    __truediv__ = _binary("divide", Decimal.__truediv__, neutral=ONE)

    def __rsub__(self, other: Decimal | int) -> Decimal:
        return self.tape.record("subtract", Decimal.__rsub__(self, other), other, self)

    def __rtruediv__(self, other: Decimal | int) -> Decimal:
        return self.tape.record("divide", Decimal.__rtruediv__(self, other), other, self)

    def __neg__(self) -> Decimal:
        return self.tape.record("subtract", Decimal.__neg__(self), ZERO, self)

    def __abs__(self) -> Decimal:
        return self.tape.record("absolute", Decimal.__abs__(self), self)

    def sqrt(self, context: Context | None = None) -> Decimal:
        """The square root; of a number that is not negative in any case."""
        return self.tape.record("root", Decimal.sqrt(_plain(self)), self)

    def least(self, other: Decimal) -> Decimal:
        """The smaller in each case."""
        return self.tape.record("least", Decimal(min(_plain(self), _plain(other))), self, other)

    def most(self, other: Decimal) -> Decimal:
        """The larger in each case."""
        return self.tape.record("most", Decimal(max(_plain(self), _plain(other))), self, other)

    def above(self, other: Decimal | int) -> TapedTruth:
        """Whether it is more, without asking."""
        return self.tape.compared("less", Decimal.__gt__(self, other), other, self)

    def below(self, other: Decimal | int) -> TapedTruth:
        """Whether it is less, without asking."""
        return self.tape.compared("less", Decimal.__lt__(self, other), self, other)

    def at_least(self, other: Decimal | int) -> TapedTruth:
        """Whether it is no less, without asking."""
        return self.tape.compared("at-most", Decimal.__ge__(self, other), other, self)

    def at_most(self, other: Decimal | int) -> TapedTruth:
        """Whether it is no more, without asking."""
        return self.tape.compared("at-most", Decimal.__le__(self, other), self, other)

    def __lt__(self, other: Any) -> bool:
        return bool(self.below(other))

    def __le__(self, other: Any) -> bool:
        return bool(self.at_most(other))

    def __gt__(self, other: Any) -> bool:
        return bool(self.above(other))

    def __ge__(self, other: Any) -> bool:
        return bool(self.at_least(other))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Decimal, int)):
            return NotImplemented
        return bool(self.tape.compared("equal", Decimal.__eq__(self, other), self, other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __bool__(self) -> bool:
        return self != 0

    def __hash__(self) -> NoReturn:
        raise TypeError("a number that is recorded has no hash: it stands for other numbers too")

    def to_integral_value(self, rounding: str | None = None, context: Context | None = None) -> Decimal:
        """Up or down to a whole number."""
        step = {ROUND_CEILING: "ceiling", ROUND_FLOOR: "floor"}[rounding or ""]
        return self.tape.record(step, Decimal.to_integral_value(self, rounding), self)

    def whole(self) -> Decimal:
        """Without what stands after the point."""
        return self.tape.record("whole", Decimal(Decimal.__trunc__(self)), self)

    def __str__(self) -> str:
        return "many"

    __repr__ = __str__

    def __format__(self, specifier: str, context: Context | None = None, /) -> str:
        return "many"


def _traced(value: Decimal, tape: Tape, place: int, make: Callable[..., Traced] = Decimal.__new__) -> Traced:
    """The number of the case, with where it stands."""
    made = make(Traced, value)
    made.tape, made.place = tape, place
    return made


def _plain(value: Decimal) -> Decimal:
    return Decimal(value)


def _refuses(name: str) -> Callable[..., NoReturn]:
    def refused(self: Traced, *_: object, **__: object) -> NoReturn:
        raise TypeError(f"Decimal.{name} is not recorded: say it with the functions of economics.numbers")

    return refused


PYTHONS_OWN = frozenset(dir(object)) | {"__getattribute__", "__copy__", "__deepcopy__", "from_float", "real", "imag"}
for _name in set(dir(Decimal)) - PYTHONS_OWN - set(vars(Traced)):
    setattr(Traced, _name, _refuses(_name))
