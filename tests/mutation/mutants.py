"""Mutants of a Python module: one comparison, join, constant, return or statement inside a function changed at a time.

A written-down list of what is changed, and no library: mutmut and cosmic-ray start pytest anew for every mutant, which
costs more than the tests that kill it. Texts are left alone, and what a module does when it is imported.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

from msgspec import Struct

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}  # fmt: skip


class ProgramMutant(Struct, frozen=True):
    """What was changed, where, and the code of the function that it was changed in."""

    file: str
    line: int
    change: str
    function: str
    code: CodeType


def mutants(path: Path) -> Iterator[ProgramMutant]:
    """Every mutant of the functions of a module."""
    tree = ast.parse(path.read_text("utf-8"))
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    for node in list(ast.walk(tree)):
        function = _function(node, parents)
        if function is None or _is_left_alone(node, parents):
            continue
        for change, new in _changes(node):
            _replace(parents[node], node, new)
            code = _code(compile(ast.fix_missing_locations(tree), str(path), "exec"), function)
            _replace(parents[node], new, node)
            if code is not None:
                yield ProgramMutant(str(path), node.lineno, change, function, code)  # type: ignore[attr-defined]


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What may stand in the place of a node, and the change in words."""
    shown = ast.unparse(node)[:60] if isinstance(node, (ast.expr, ast.stmt)) else ""
    if isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            ops = [COMPARED[type(op)]() if at == place else each for at, each in enumerate(node.ops)]
            yield f"{shown}: {type(op).__name__} became {type(ops[place]).__name__}", _with(node, ops=ops)
    elif isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield f"{shown}: and became or, or or and", _with(node, op=other)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield f"{shown}: not removed", node.operand
    elif isinstance(node, ast.BinOp) and type(node.op) in COMPUTED:
        yield f"{shown}: another operator", _with(node, op=COMPUTED[type(node.op)]())
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} became {not node.value}", ast.Constant(value=not node.value)
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield f"{node.value} became {node.value + 1}", ast.Constant(value=node.value + 1)
    elif isinstance(node, ast.Return) and not (node.value is None or _is_none(node.value)):
        yield f"{shown}: returned None", ast.Return(value=ast.Constant(value=None))
    elif isinstance(node, ast.IfExp):
        yield f"{shown}: taken always", node.body
        yield f"{shown}: taken never", node.orelse
    elif isinstance(node, ast.If):
        yield f"if {ast.unparse(node.test)[:60]}: taken always", _with(node, test=ast.Constant(value=True))
        yield f"if {ast.unparse(node.test)[:60]}: taken never", _with(node, test=ast.Constant(value=False))
    elif isinstance(node, (ast.Raise, ast.AugAssign)) or (
        isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
    ):
        # Under what is never so, and not gone: the code keeps its `yield`, and the cell that a `super()` reads.
        yield f"{shown}: left out", ast.If(ast.Constant(value=False), [node], [])


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _replace(parent: ast.AST, old: ast.AST, new: ast.AST) -> None:
    new = ast.copy_location(new, old) if not hasattr(new, "lineno") else new
    for name, value in ast.iter_fields(parent):
        if value is old:
            setattr(parent, name, new)
        elif isinstance(value, list) and old in value:
            value[value.index(old)] = new


def _function(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> str | None:
    """The outermost function around a node, as its code names it; None outside of one, and in its head."""
    names: list[str] = []
    inside, outermost = node, None
    while inside in parents:
        around = parents[inside]
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if inside not in around.body:
                return None
            outermost, names = around, [around.name]
        elif isinstance(around, ast.ClassDef) and outermost is not None:
            names.insert(0, around.name)
        inside = around
    return ".".join(names) if outermost is not None else None


def _is_left_alone(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """In annotations, in `assert` (it says what is so) and in texts."""
    while node in parents:
        parent = parents[node]
        if isinstance(parent, (ast.Assert, ast.JoinedStr)) or (
            isinstance(parent, (ast.AnnAssign, ast.arg)) and parent.annotation is node
        ):
            return True
        node = parent
    return isinstance(node, ast.Assert)


def _code(code: CodeType, name: str) -> CodeType | None:
    for const in code.co_consts:
        if isinstance(const, CodeType):
            found = const if const.co_qualname == name else _code(const, name)
            if found is not None:
                return found
    return None
