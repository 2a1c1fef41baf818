"""A program of a tape as a Python function, for arrays or for the floats of one case.

What stands between the operations of a program then hardly counts: a third of the time on arrays of a thousand cases.
To compile takes as long as some thousands of cases.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from msgspec import Struct

from hostwise.economics.numbers.replay import CHECKS, OPERATIONS, RELATIVE, SHORT, Mask, Registers, StepProgram

SIGNS: Mapping[str, str] = {
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "divide": "{0} / {1}",
    "less": "{0} < {1}",
    "at-most": "{0} <= {1}",
    "equal": "{0} == {1}",
    "both": "{0} & {1}",
    "zero": "{0} == 0",
}
ON_ARRAYS: Mapping[str, str] = {
    **{name: f"{name.replace('-', '_')}({{0}})" for name in (*OPERATIONS, *CHECKS)},
    "picked": "picked({0}, {1})",
    "any-all-but-equal": "any_all_but_equal({0}, {1})",
    "least": "least({0}, {1})",
    "most": "most({0}, {1})",
    "where": "where({0}, {1}, {2})",
    "all-but-equal": "all_but_equal({0}, {1})",
    **{name: f"rint(({SIGNS[name.split('-')[0]]}) * {unit}) / {unit}" for name, unit in SHORT.items()},
    **SIGNS,
}
"""How each operation is written for arrays."""
ON_FLOATS: Mapping[str, str] = {
    "absolute": "abs({0})",
    "least": "{0} if {0} < {1} else {1}",
    "most": "{0} if {0} > {1} else {1}",
    "ceiling": "ceil({0})",
    "floor": "floor({0})",
    "whole": "trunc({0})",
    "where": "{1} if {0} else {2}",
    "all-but-equal": f"{{0}} != {{1}} and abs({{0}} - {{1}}) <= {RELATIVE} * abs({{0}})",
    "all-but-whole": f"{{0}} != 0 and abs({{0}} - round({{0}})) <= {RELATIVE} * abs({{0}})",
    "all-but-whole-and-not": f"0 < abs({{0}} - round({{0}})) <= {RELATIVE} * abs({{0}})",
    **{name: f"round(({SIGNS[name.split('-')[0]]}) * {unit}) / {unit}" for name, unit in SHORT.items()},
    **SIGNS,
}
"""How it is written for the plain floats of one case, where a division by zero raises `ZeroDivisionError`."""
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    **{name.replace("-", "_"): each for name, each in {**OPERATIONS, **CHECKS}.items()},
    "ceil": math.ceil,
    "rint": np.rint,
    "trunc": math.trunc,
}


class Compiled(Struct, frozen=True):
    """A compiled program. `replay` takes the inputs and what is doubtful, and gives this and the kept places."""

    inputs: Mapping[int, Any]
    kept: tuple[int, ...]
    replay: Callable[[list[Any], Any], tuple[Any, ...]]

    def run(self, registers: Registers, load: Callable[[Any], Any], doubtful: Mask) -> None:
        """Fill the registers that are kept, and mark doubtful cases."""
        found = self.replay([load(key) for key in self.inputs.values()], doubtful)
        registers.update(zip(self.kept, found[1:], strict=True))


def compiled(program: StepProgram, written: Mapping[str, str] = ON_ARRAYS) -> Compiled:
    """Compile a program that stands alone; `written` as for arrays or for floats."""
    functions: dict[str, Any] = {**_FUNCTIONS} if written is ON_ARRAYS else {**_FUNCTIONS, "floor": math.floor}
    functions |= {_row(place): value for place, value in program.constants.items() if not isinstance(value, float)}
    # The text is made of numbers, of what is written above, and of the names of these functions: none of it was read.
    exec(compile("\n".join(_lines(program, written)), "<tape>", "exec"), functions)
    return Compiled(program.inputs, program.kept, functions["replay"])


def _row(place: int) -> str:
    """The name of constants that stand side by side."""
    return f"row{place}"


def _lines(program: StepProgram, written: Mapping[str, str]) -> Iterator[str]:
    """The source. A name is given again once nothing needs it: its array is let go, and its memory is still warm."""
    names = {
        place: repr(value) if isinstance(value, float) else _row(place) for place, value in program.constants.items()
    }
    free: list[str] = []
    given = [f"i{number}" for number in range(len(program.inputs))]
    names |= dict(zip(program.inputs, given, strict=True))
    yield "def replay(given, doubtful):"
    yield f"    [{', '.join(given)}] = given"
    yield "    del given"
    for number, (operation, operands, filled, over) in enumerate(program.instructions):
        named = [names[operand] for operand in operands]
        found = f"beside({', '.join(named)})" if operation == "beside" else written[operation].format(*named)
        if filled is None:
            yield f"    doubtful |= {found}"
        else:
            names[filled] = free.pop() if free else f"t{number}"
            yield f"    {names[filled]} = {found}"
        free += [names[each] for each in over if each not in program.constants]
    yield f"    return (doubtful, {', '.join(names[place] for place in program.kept)})"
