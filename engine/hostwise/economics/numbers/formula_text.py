"""A formula said in words: `gpus * rent * 720` as `number of GPUs × rent of a GPU-hour × 720`."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import FactType
from hostwise.economics.numbers.formula import names, parse_formula
from hostwise.reading.translatable import fill, filled, joined, prose

_SIGNS: Mapping[type[ast.operator], tuple[str, int]] = {
    ast.Add: ("+", 1),
    ast.Sub: ("−", 1),
    ast.Mult: ("×", 2),
    ast.Div: ("÷", 2),
}
_CALLS = {
    "ceil": prose("{first}, rounded up"),
    "min": prose("the smaller of {first} and {second}"),
    "max": prose("the larger of {first} and {second}"),
}
_ROUND: Mapping[object, str] = {1_000_000: prose("1 million"), 1_000_000_000: prose("1 billion")}


def in_words(formula: str, labels: Mapping[str, str]) -> str:
    """Say a formula with the labels of its names; a name without a label stands as it is.

    >>> in_words("a * (1 - b) / 1000000", {"a": "input tokens", "b": "cached share"})
    'input tokens × (1 − cached share) ÷ 1 million'
    """
    used = names(formula)
    return _said(formula, tuple((name, labels[name]) for name in used if name in labels))


@lru_cache(maxsize=1024)
def _said(formula: str, labels: tuple[tuple[str, str], ...]) -> str:
    return _say(parse_formula(formula), dict(labels))[0]


def _say(node: ast.expr, labels: Mapping[str, str]) -> tuple[str, int]:
    """The words, and how tightly they bind."""
    if isinstance(node, ast.BinOp):
        sign, rank = _SIGNS[type(node.op)]
        left, right = _say(node.left, labels), _say(node.right, labels)
        # a − (b + c) and a ÷ (b × c) need their parentheses on the right.
        tight = rank + 1 if isinstance(node.op, (ast.Sub, ast.Div)) else rank
        return joined([_within(left, rank), _within(right, tight)], f" {sign} "), rank
    if isinstance(node, ast.Call):
        assert isinstance(node.func, ast.Name)
        said = (_say(argument, labels)[0] for argument in node.args)
        return filled(_CALLS[node.func.id], dict(zip(("first", "second"), said, strict=False))), 0
    if isinstance(node, ast.Constant):
        return _number(node), 3
    text = ast.unparse(node)
    return labels.get(text, text), 3


def _within(said: tuple[str, int], rank: int) -> str:
    text, own = said
    return text if own >= rank else fill("({formula})", formula=text)


def _number(node: ast.Constant) -> str:
    if node.value in _ROUND:
        return _ROUND[node.value]
    value = Decimal(str(node.value))
    exact, text = f"{value:,f}", format_value(value, FactType.QUANTITY)
    return text if text == exact else exact  # a formula must give its result to whoever works it out
