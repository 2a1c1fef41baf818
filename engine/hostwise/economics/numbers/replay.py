"""A tape replayed on many cases: its steps on arrays of floats, straight on, those alone that are wanted.

Floats carry about 16 digits, decimals 28. Where that could matter, the cases are marked as doubtful and the caller
decides them again on decimals: a step taken within `RELATIVE` of a whole number, a comparison of values that are all
but equal. A rounded value says within what it could have been rounded otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from hostwise.economics.numbers import abreast
from hostwise.economics.numbers.tape import Step, Tape

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Registers = dict[int, Any]
"""What stands at each place of a tape: floats or truths, in an array or alike in every case."""

RELATIVE = 1e-13
"""The error that some hundred operations on floats stay under, as a share."""
NEAR_HALF = 1e-5
"""The same as a share of the last place that is kept, after a subtraction of numbers near one another."""

STEPPED = ("ceiling", "floor", "whole")
COMPARED = ("less", "at-most", "equal")


def _all_but_equal(left: Floats, right: Floats) -> Mask:
    """Not those that are equal to the last bit: so are numbers that came from whole ones."""
    near: Mask = np.absolute(left - right) <= RELATIVE * np.absolute(left)
    return near & (left != right) if near.any() else near


def _all_but_whole(values: Floats) -> Mask:
    near: Mask = np.absolute(values - np.rint(values)) <= RELATIVE * np.absolute(values)
    return near & (values != 0) if near.any() else near


def _all_but_whole_and_not(values: Floats) -> Mask:
    return _all_but_equal(values, np.rint(values))


def _zero(divisor: Floats) -> Mask:
    """Decimals raise `ZeroDivisionError`, or are not asked to divide."""
    zero: Mask = divisor == 0
    return zero


def _to_places(operation: Callable[[Any, Any], Any], unit: float, one: Any, other: Any) -> Any:
    return np.rint(operation(one, other) * unit) / unit


SHORTENED = ("add", "subtract")
SHORT: Mapping[str, float] = {
    f"{operation}-to-{places}": 10.0**places for operation in SHORTENED for places in range(1, 10)
}
"""Sums and differences of numbers of so few places, and ten to their power. Rounded to these places each is the float
of its decimal, so that 0.1 − 0.09 is 0.01: else every case that shares such an answer would be doubtful beside 0.01."""

WITH_DECIMALS = frozenset(("constant", "input", *SHORTENED, "least", "most"))
"""Steps of which it may be known how many decimals come out."""
OPERATIONS: Mapping[str, Callable[..., Any]] = {
    **{
        name: partial(_to_places, np.add if name.startswith("add") else np.subtract, unit)
        for name, unit in SHORT.items()
    },
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "absolute": np.absolute,
    "root": np.sqrt,
    "least": np.minimum,
    "most": np.maximum,
    "less": np.less,
    "at-most": np.less_equal,
    "equal": np.equal,
    "ceiling": np.ceil,
    "floor": np.floor,
    "whole": np.trunc,
    "both": np.logical_and,
    "where": np.where,
    "beside": abreast.beside,
    "picked": abreast.picked,
    "cheapest": abreast.cheapest,
    "cheapest-by-far": abreast.cheapest_by_far,
}
OF_ANY = "any-"
"""Before the name of a check of numbers that stand side by side: of any of them."""


def _of_any(check: Callable[..., Mask]) -> Callable[..., Mask]:
    def of_any(*operands: Any) -> Mask:
        found: Mask = check(*operands).any(axis=0)
        return found

    return of_any


_OF_ONE: Mapping[str, Callable[..., Mask]] = {
    "all-but-equal": _all_but_equal,
    "all-but-whole": _all_but_whole,
    "all-but-whole-and-not": _all_but_whole_and_not,
    "zero": _zero,
}
CHECKS: Mapping[str, Callable[..., Mask]] = {
    **_OF_ONE,
    **{f"{OF_ANY}{name}": _of_any(check) for name, check in _OF_ONE.items()},
    "all-but-close": abreast.all_but_close,
    "all-but-near": abreast.all_but_near,
}
CHOSEN = {"cheapest": "all-but-close", "cheapest-by-far": "all-but-near"}
"""Steps that pick one of several numbers, and what makes that doubtful."""
UNCHECKED = frozenset(OPERATIONS).difference(SHORT, SHORTENED, STEPPED, COMPARED, CHOSEN, ("divide",))
"""Steps that are what they are, and make no case doubtful."""
_FUNCTIONS = {**OPERATIONS, **CHECKS}


class Instruction(NamedTuple):
    """One operation: the places that it is done with, the place that it fills, and those that nothing needs after it.

    A check fills none: it says which cases it makes doubtful.
    """

    operation: str
    operands: tuple[int, ...]
    place: int | None
    over: tuple[int, ...] = ()


class StepProgram(Struct, frozen=True):
    """The steps that some places of a tape need, in order, and what makes a case doubtful on the way."""

    constants: Mapping[int, float | Floats]
    inputs: Mapping[int, Any]
    instructions: tuple[Instruction, ...]
    kept: tuple[int, ...]

    def run(self, registers: Registers, load: Callable[[Any], Any], doubtful: Mask) -> None:
        """Fill the registers, and mark doubtful cases. `load` gives the numbers of an input."""
        registers.update(self.constants)
        for place, key in self.inputs.items():
            registers[place] = load(key)
        for operation, operands, filled, over in self.instructions:
            found = _FUNCTIONS[operation](*[registers[operand] for operand in operands])
            if filled is None:
                np.logical_or(doubtful, found, out=doubtful)
            else:
                registers[filled] = found
            for each in over:
                del registers[each]


def program(tape: Tape, wanted: Iterable[int], done: Container[int], *, alone: bool = False) -> StepProgram:
    """What computes the wanted places from those that are done. `alone`: nothing else is needed later.

    Then what is not needed any more is let go at once, so that the arrays at work stay in the processor's cache.
    """
    kept = tuple(dict.fromkeys(wanted))
    known, steps = _known_steps(tape), tape.steps
    constants, inputs, found = dict[int, float | Floats](), dict[int, Any](), list[Instruction]()
    for place in _needed(tape, kept, done):
        operation = steps[place].operation
        if operation == "constant":
            constants[place] = float(steps[place].key)
        elif operation == "row":
            if place not in known.rows:
                known.rows[place] = abreast.beside(*(float(each) for each in steps[place].key))
            constants[place] = known.rows[place]
        elif operation == "input":
            inputs[place] = steps[place].key
        else:
            found += known.instructions[place]
    return StepProgram(constants, inputs, tuple(_let_go(found, frozenset(kept)) if alone else found), kept)


class _KnownSteps:
    """What every program does at the steps of a tape, by place; how many decimals come out, where that is known, and
    whether whole numbers do."""

    def __init__(self) -> None:
        self.instructions: list[tuple[Instruction, ...]] = []
        self.decimals: list[int | None] = []
        self.whole: list[bool] = []
        self.rows: dict[int, Floats] = {}
        """Constants side by side."""


def _known_steps(tape: Tape) -> _KnownSteps:
    """Those of all steps so far: each is looked at once, whatever number of programs it is in."""
    known: _KnownSteps = tape.prepared.setdefault("steps", _KnownSteps())
    for place in range(len(known.instructions), len(tape.steps)):
        step = tape.steps[place]
        decimals = _decimals(step, known.decimals) if step.operation in WITH_DECIMALS else None
        known.decimals.append(decimals)
        known.whole.append(_is_whole(step, known.whole))
        if step.operation in UNCHECKED:
            known.instructions.append((Instruction(step.operation, step.places, place),))
        else:
            known.instructions.append(tuple(_instructions(place, step, tape, known)))
    return known


def _instructions(place: int, step: Step, tape: Tape, known: _KnownSteps) -> Iterator[Instruction]:
    decimals = known.decimals[place]
    if step.operation in OPERATIONS:
        check = _check(step, tape, known.whole)
        if check is not None:
            name, places = check
            of_any = name in _OF_ONE and not tape.wide.isdisjoint(places)
            yield Instruction(f"{OF_ANY}{name}" if of_any else name, places, None)
        short = f"{step.operation}-to-{decimals}" if step.operation in SHORTENED else step.operation
        yield Instruction(short if short in SHORT else step.operation, step.places, place)


def _is_whole(step: Step, known: Sequence[bool]) -> bool:
    """Whether a step is a whole number in every case. `known` says so of the steps before it.

    Of no input: a volume may be beyond the whole numbers that floats have.
    """
    if step.operation == "constant":
        return bool(step.key == step.key.to_integral_value())
    if step.operation == "row":
        return all(each == each.to_integral_value() for each in step.key)
    if step.operation in ("where", "picked"):
        return all(known[place] for place in step.places[1:])
    of_whole = step.operation in ("add", "subtract", "multiply", "least", "most", "beside")
    return step.operation in STEPPED or (of_whole and all(known[place] for place in step.places))


def _decimals(step: Step, known: Sequence[int | None]) -> int | None:
    """How many decimals a step has at most; None where that is not known. `known` are those of the steps before it."""
    if step.operation == "constant":
        exponent = step.key.normalize().as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else None
    if step.operation == "input":
        found: int | None = getattr(step.key, "decimals", None)
        return found
    one, other = known[step.places[0]], known[step.places[1]]
    return None if one is None or other is None else max(one, other)


def _let_go(instructions: Sequence[Instruction], kept: Container[int]) -> Iterator[Instruction]:
    last = {operand: number for number, each in enumerate(instructions) for operand in each.operands}
    for number, each in enumerate(instructions):
        operation, operands, place, _ = each
        over = [operand for operand in operands if last[operand] == number and operand not in kept]
        yield Instruction(operation, operands, place, tuple(dict.fromkeys(over))) if over else each


def _needed(tape: Tape, wanted: Iterable[int], done: Container[int]) -> list[int]:
    found, steps = set[int](), tape.steps
    open_ = [place for place in wanted if place not in done]
    while open_:
        place = open_.pop()
        if place not in found:
            found.add(place)
            open_ += [each for each in steps[place].places if each not in found and each not in done]
    return sorted(found)


def _check(step: Step, tape: Tape, whole: Sequence[bool]) -> tuple[str, tuple[int, ...]] | None:
    """What says where a step is doubtful. A sign never is: nothing but zero is all but equal to zero.

    Nor is a quotient of whole numbers that is rounded: what is no whole number lies at least one part of the divisor
    from one, further than a float can be off.
    """
    if step.operation in CHOSEN:
        return CHOSEN[step.operation], step.places
    below = [tape.steps[place] for place in step.places]
    if step.operation in STEPPED and below[0].operation not in STEPPED:
        if below[0].operation == "divide" and all(whole[place] for place in below[0].places):
            return None
        return "all-but-whole-and-not" if step.operation == "whole" else "all-but-whole", step.places
    if step.operation == "divide" and below[1].operation != "constant":
        return "zero", step.places[1:]
    if step.operation in COMPARED and not any(each.operation == "constant" and each.key == 0 for each in below):
        return "all-but-equal", step.places
    return None


def rounded(values: Floats, units: Floats, kept: Floats, gap: Floats) -> Floats | None:
    """Round numbers half to even, counted in the last place, into `kept`: by how many of these each may be off.

    None where none may be. What stands in `values` and `gap` is lost.
    """
    scaled = np.multiply(values, units, out=values)
    np.rint(scaled, out=kept)
    np.subtract(scaled, kept, out=gap)
    np.absolute(gap, out=gap)
    largest = max(scaled.max(initial=0.0), -scaled.min(initial=0.0))
    if gap.max(initial=0.0) + largest * RELATIVE < 0.5 - NEAR_HALF:
        return None
    slack = np.absolute(scaled) * RELATIVE
    # A value that is whole to the last bit came from whole numbers: so do volumes that lie on a threshold.
    open_ = (gap > 0) & (gap + slack >= 0.5 - NEAR_HALF)
    return np.where(open_, slack + (1 + NEAR_HALF), 0.0) if open_.any() else None
