"""Formulas as data: `setup_weeks * engineer_cost * 12 / 52 / horizon_months`.

A formula in YAML is what is computed and what the auditor reads. The grammar is arithmetic on names:
`+ - * /`, parentheses, numbers, `ceil(x)`, `min(x, y)`, `max(x, y)`. Python's parser reads it; nothing
but these nodes is accepted, and nothing is ever evaluated as Python.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from typing import Generic, TypeVar

from msgspec import Struct

from hostwise.economics.numbers.bands import Band, larger, smaller
from hostwise.economics.numbers.numbers import least, most

N = TypeVar("N")

_OPERATIONS: Mapping[type[ast.operator], Callable[[Band, Band], Band]] = {
    ast.Add: Band.__add__,
    ast.Sub: Band.__sub__,
    ast.Mult: Band.__mul__,
    ast.Div: Band.__truediv__,
}
_FUNCTIONS: Mapping[str, tuple[int, Callable[..., Band]]] = {
    "ceil": (1, Band.ceiling),
    "min": (2, smaller),
    "max": (2, larger),
}


class BadFormula(ValueError):
    """The text is not a formula."""


@lru_cache(maxsize=1024)
def parse_formula(text: str) -> ast.expr:
    """Read and check a formula. Raises `BadFormula`.

    >>> parse_formula("__import__('os')")
    Traceback (most recent call last):
    hostwise.economics.numbers.formula.BadFormula: not a formula: '__import__' is no function; accepted: ceil, min, max
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        raise BadFormula(f"not a formula: {problem}") from None
    _check(tree)
    return tree


def _check(node: ast.expr) -> None:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        _check(node.left)
        _check(node.right)
    elif isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else "this"
        if name not in _FUNCTIONS or node.keywords or len(node.args) != _FUNCTIONS[name][0]:
            raise BadFormula(f"not a formula: {name!r} is no function; accepted: {', '.join(_FUNCTIONS)}")
        for argument in node.args:
            _check(argument)
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
            raise BadFormula(f"not a formula: {node.value!r} is no number")
    elif _name(node) is None:
        raise BadFormula(f"not a formula: {type(node).__name__} is not arithmetic")


@lru_cache(maxsize=1024)
def names(text: str) -> tuple[str, ...]:
    """The names that a formula reads, in the order in which it reads them."""
    return tuple(dict.fromkeys(_names(parse_formula(text))))


def _names(node: ast.expr) -> Iterator[str]:
    name = _name(node)
    if name is not None:
        yield name
    elif isinstance(node, ast.BinOp):
        yield from _names(node.left)
        yield from _names(node.right)
    elif isinstance(node, ast.Call):
        for argument in node.args:
            yield from _names(argument)


def compute(text: str, values: Mapping[str, Band]) -> Band:
    """Compute a formula. Raises `KeyError` for a name without a value, `ZeroDivisionError`."""
    return _compiled(text)(values)


def compute_likely(text: str, values: Mapping[str, Decimal]) -> Decimal:
    """The same for numbers without a range: what plans are compared by. Raises as `compute` does."""
    return _compiled_likely(text)(values)


def with_constants(text: str, constants: Mapping[str, Decimal]) -> Callable[[Mapping[str, Decimal]], Decimal]:
    """A formula for plans that are compared: what follows from these numbers alone is computed once, the same way."""
    return _meaning(parse_formula(text), text, _LIKELY, constants)[1]


class _Numbers(Struct, Generic[N], frozen=True):
    """What operations, functions and literals mean."""

    operations: Mapping[type[ast.operator], Callable[[N, N], N]]
    functions: Mapping[str, Callable[..., N]]
    literal: Callable[[Decimal], N]


_BANDS = _Numbers(_OPERATIONS, {name: function for name, (_, function) in _FUNCTIONS.items()}, Band.exactly)
_LIKELY = _Numbers[Decimal](
    {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv},
    {"ceil": lambda value: value.to_integral_value(ROUND_CEILING), "min": least, "max": most},
    lambda value: value,
)


@lru_cache(maxsize=1024)
def _compiled(text: str) -> Callable[[Mapping[str, Band]], Band]:
    return _meaning(parse_formula(text), text, _BANDS, {})[1]


@lru_cache(maxsize=1024)
def _compiled_likely(text: str) -> Callable[[Mapping[str, Decimal]], Decimal]:
    return with_constants(text, {})


def _meaning(
    node: ast.expr, text: str, numbers: _Numbers[N], constants: Mapping[str, N]
) -> tuple[N | None, Callable[[Mapping[str, N]], N]]:
    """What a part comes to where constants alone say it, and how it is computed."""
    name = _name(node)
    if name is not None:
        known = constants.get(name)
        return known, operator.itemgetter(name) if known is None else _always(known)
    if isinstance(node, ast.BinOp):
        return _applied(numbers.operations[type(node.op)], [node.left, node.right], text, numbers, constants)
    if isinstance(node, ast.Call):
        assert isinstance(node.func, ast.Name)
        return _applied(numbers.functions[node.func.id], node.args, text, numbers, constants)
    # The digits as written: a float would not be exact.
    literal = ast.get_source_segment(text.strip(), node)
    number = numbers.literal(Decimal((literal or "").replace("_", "")))
    return number, _always(number)


def _applied(
    function: Callable[..., N], parts: Sequence[ast.expr], text: str, numbers: _Numbers[N], constants: Mapping[str, N]
) -> tuple[N | None, Callable[[Mapping[str, N]], N]]:
    found = [_meaning(part, text, numbers, constants) for part in parts]
    known = [value for value, _ in found if value is not None]
    if len(known) == len(found):
        with suppress(ArithmeticError):  # raised where, and if, it is computed
            value = function(*known)
            return value, _always(value)
    if len(found) == 1:
        ((_, only),) = found
        return None, lambda values: function(only(values))
    (_, one), (_, other) = found
    return None, lambda values: function(one(values), other(values))


def _always(value: N) -> Callable[[object], N]:
    return lambda _: value


def _name(node: ast.expr) -> str | None:
    """`a.b.c` is one name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = _name(node.value)
        return None if base is None else f"{base}.{node.attr}"
    return None
