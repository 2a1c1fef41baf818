"""What a template can do: read plain data, and print so much of it.

A company's templates come from elsewhere than the program, so they are given data alone: texts, numbers, days, lists,
and the parts of a record with what is computed from them. No attribute leads to a path, a module or a function that
could reach a file. What they print and how often they go round is counted, not timed: a template that ends on one
machine ends on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MethodType
from typing import Any

from jinja2 import BaseLoader, Environment, TemplateNotFound, nodes, pass_context, pass_eval_context
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.filters import do_join, do_round
from jinja2.runtime import LoopContext, Macro, TemplateReference
from jinja2.sandbox import ImmutableSandboxedEnvironment
from msgspec import Struct

from hostwise.reading.files.regular import read_regular
from hostwise.reading.findings.diagnostics import InputError

STEPS = 1_000_000
"""Rounds of loops in one page, and calls of macros, ten a call; the rulebook's own page takes a tenth of it."""
CHARACTERS = 32_000_000
"""Printed by one page, and in one text."""
LARGEST_TEMPLATE = 1024 * 1024
MEASURED = 100_000
"""Values within one another in a list that is compared or filtered: four of them are a step, or 1,024 characters."""
BITS = 2048
"""Of a whole number: its square would have twice as many, and the square of that."""
PLACES = 30
"""Decimal places, before or behind the point, that a number is rounded to."""
FILTERS = frozenset(
    (
        "abs",
        "capitalize",
        "count",
        "d",
        "default",
        "dictsort",
        "e",
        "escape",
        "first",
        "float",
        "forceescape",
        "groupby",
        "int",
        "last",
        "length",
        "list",
        "lower",
        "map",
        "max",
        "min",
        "reject",
        "rejectattr",
        "reverse",
        "round",
        "safe",
        "select",
        "selectattr",
        "sort",
        "striptags",
        "sum",
        "title",
        "trim",
        "truncate",
        "unique",
        "upper",
        "wordcount",
    )
)
"""Those of Jinja that neither make much of little, nor reach further than what they are given, nor differ each time."""
_METHODS: Mapping[type, frozenset[str]] = {
    str: frozenset("endswith format lower lstrip rstrip split startswith strip title upper capitalize".split()),  # noqa: SIM905
    Mapping: frozenset(("get", "items", "keys", "values")),
    date: frozenset(("day", "isoformat", "month", "year")),
    Decimal: frozenset(),
}
_OF_JINJA = (LoopContext, TemplateModule, TemplateReference)
_WIDE = re.compile(r"\{[^{}]*:[^{}]*(?:\{|\d{4})")
_HOLDING = (list, tuple, dict)
_left: ContextVar[dict[str, int]] = ContextVar("left")


class OwnFolder(BaseLoader):
    """Templates of a folder: regular files in it, and no link out of it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Any]:
        """The text of a template, and its file. Raises `TemplateNotFound` for one that is elsewhere."""
        path = self.root / template
        if ".." in path.parts or not path.is_file() or not path.resolve().is_relative_to(self.root.resolve()):
            raise TemplateNotFound(template)
        try:
            return read_regular(path, LARGEST_TEMPLATE).decode("utf-8"), str(path), lambda: True
        except (InputError, UnicodeDecodeError) as problem:
            raise TemplateNotFound(template, f"{template}: {problem}") from None


class PlainSandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, where what is not plain data is out of reach, and each page has only so many steps."""

    intercepted_binops = frozenset(("+", "*", "**", "%"))

    def __init__(self, **settings: Any) -> None:
        finalize = settings.pop("finalize", None)
        super().__init__(finalize=_printed if finalize is None else lambda value: finalize(_printed(value)), **settings)
        kept = {name: self.filters[name] for name in FILTERS}
        kept["round"] = _rounded
        own = {"join": _join, "_counted": _counted, "_step": _step, "_printed": _printed, "_measured": _measured}
        self.filters = {name: _of_little(each) for name, each in kept.items()} | own
        for name in DEFAULT_NAMESPACE:
            del self.globals[name]
        self.globals["range"] = _range

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether an attribute is data, or computes some from its own object."""
        if isinstance(obj, Struct):
            # Most of what is read, and none of the kinds (functions, frames, what can be changed) that Jinja asks for.
            return not attr.startswith("_") and _is_data(obj, value)
        return super().is_safe_attribute(obj, attr, value) and _is_plain(obj, attr, value)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic that cannot make much of little. Raises `SecurityError`."""
        numbers = all(isinstance(side, (int, float, Decimal)) for side in (left, right))
        if operator == "**" and not (numbers and abs(right) <= 64 and abs(left) < 1e12):
            raise SecurityError("a power of this size is refused")
        if operator in "*%" and not numbers:
            raise SecurityError(f"{operator} is for numbers alone")
        return _bounded(super().call_binop(context, operator, left, right))

    def call(self, context: Any, obj: Any, *args: Any, **named: Any) -> Any:
        """Call what a template calls, counting how long the text is whose method it is."""
        if isinstance(text := getattr(obj, "__self__", None), str):
            _measured(text)
        return super().call(context, obj, *args, **named)

    def wrap_str_format(self, value: Any) -> Any:
        """`format` of a text, which may not say how wide. Raises `SecurityError`."""
        made = super().wrap_str_format(value)
        if made is not None and _WIDE.search(value.__self__):
            raise SecurityError("a text to be filled in cannot say how wide")
        return made

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _meter(tree)
        tree.set_environment(self)
        return tree


@contextmanager
def one_page() -> Iterator[None]:
    """Count what is printed within as one page."""
    token = _left.set({"steps": STEPS, "characters": CHARACTERS})
    try:
        yield
    finally:
        _left.reset(token)


def _is_data(obj: Struct, value: Any) -> bool:
    ours = type(obj).__module__.startswith("hostwise.")
    return ours and not isinstance(value, Path) and (not callable(value) or _own_method(obj, value))


def _is_plain(obj: Any, attr: str, value: Any) -> bool:
    if isinstance(obj, _OF_JINJA):
        return not callable(value) or isinstance(value, Macro) or _own_method(obj, value)
    return any(isinstance(obj, kind) and attr in methods for kind, methods in _METHODS.items())


def _own_method(obj: Any, value: Any) -> bool:
    return type(value) is MethodType and value.__self__ is obj


def _meter(tree: nodes.Template) -> None:
    """Make a template count the rounds of its loops and the calls of its macros, and measure what it joins."""
    for loop in list(tree.find_all(nodes.For)):
        loop.iter = _filtered(loop.iter, "_counted")
    again: list[Any] = list(tree.find_all((nodes.For, nodes.Macro, nodes.CallBlock)))
    for repeated in again:
        body, alone = repeated.body, 1 if isinstance(repeated, nodes.For) else 10
        printed = sum(len(data.data) for node in body for data in node.find_all(nodes.TemplateData))
        body.insert(0, nodes.ExprStmt(_filtered(nodes.Const(alone + printed // 64), "_step")))
    for comparison in list(tree.find_all(nodes.Compare)):
        comparison.expr = _filtered(comparison.expr, "_measured")
        for operand in comparison.ops:
            operand.expr = _filtered(operand.expr, "_measured")
    for joined in list(tree.find_all(nodes.Concat)):
        joined.nodes = [_filtered(node, "_printed") for node in joined.nodes]


def _filtered(node: Any, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno or 1)


def _take(what: str, count: int) -> None:
    left = _left.get(None)
    if left is not None:
        left[what] -= count
        if left[what] < 0:
            most = {"steps": STEPS, "characters": CHARACTERS}[what]
            raise SecurityError(f"the template takes too many {what}: a page has {most:,}")


@pass_context
def _step(_context: Any, cost: int) -> None:
    _take("steps", max(1, cost))


@pass_context
def _counted(_context: Any, items: Iterable[Any]) -> Iterator[Any]:
    for item in items:
        _take("steps", 1)
        yield item


def _range(*bounds: int) -> range:
    """Numbers in a row, as Python's."""
    numbers = range(*bounds)
    _take("steps", len(numbers))
    return numbers


def _bounded(value: Any) -> Any:
    """What was made of two values, if it is not too large. Raises `SecurityError`."""
    if isinstance(value, (list, tuple)):
        return _measured(value)
    if isinstance(value, int) and value.bit_length() > BITS:
        raise SecurityError(f"a number of more than {BITS:,} bits is refused")
    return _printed(value)


def _measured(value: Any) -> Any:
    """A value of which not too much is within, counted as steps. Raises `SecurityError`."""
    if isinstance(value, str):
        _take("steps", len(value) // 1024)
        return value
    waiting, seen = [value] if isinstance(value, _HOLDING) else [], 0
    while waiting:
        item = waiting.pop()
        seen += len(item)
        if seen > MEASURED:
            raise SecurityError(f"a list has more than {MEASURED:,} values within")
        within = item.values() if isinstance(item, dict) else item
        waiting += [each for each in within if isinstance(each, _HOLDING)]
    _take("steps", seen // 4)
    return value


def _scalar(value: Any) -> Any:
    if isinstance(value, (list, tuple, dict, set, Struct, Path, MethodType, type)):
        raise SecurityError(f"a template prints texts and numbers, and this is a {type(value).__name__}")
    return value


def _printed(value: Any) -> Any:
    if isinstance(value, str):
        _take("characters", len(value))
        return value
    return _scalar(value)


def _of_little(made: Any) -> Any:
    """A filter of Jinja, given lists of which not too much is within."""
    from functools import wraps

    position = 1 if hasattr(made, "jinja_pass_arg") else 0

    @wraps(made)
    def measured(*args: Any, **named: Any) -> Any:
        _measured(args[position])
        return made(*args, **named)

    return measured


def _rounded(value: Any, precision: int = 0, method: Any = "common") -> Any:
    """As Jinja's, to so many places. Raises `SecurityError`."""
    if not isinstance(precision, int) or abs(precision) > PLACES:
        raise SecurityError(f"a number is rounded to {PLACES} places at most")
    return do_round(value, precision, method)


@pass_eval_context
def _join(context: Any, items: Iterable[Any], between: str = "", attribute: str | None = None) -> Any:
    """As Jinja's, of texts and numbers alone."""
    found = list(items) if attribute else [_printed(item) for item in items]
    return _printed(do_join(context, found, between, attribute))
