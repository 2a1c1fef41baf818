"""Facts and conditions as formulas for an SMT solver (z3), three-valued.

A fact is a pair: whether it is known, and its value. A truth is a pair as well: when it is true, and when it is
false; where neither holds it is unknown. Numbers are reals, which is coarser than the fixed point of facts: a
proof covers every fact, and a counterexample is run again before it is believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

import z3
from msgspec import Struct

from hostwise.answers.facts import FactSpec, FactType
from hostwise.reading.numbers.quantity import NUMERIC
from hostwise.rulebook.language import conditions as c

Bool: TypeAlias = z3.BoolRef
YES, NO = z3.BoolVal(True), z3.BoolVal(False)


class Term(Struct, frozen=True):
    """A fact in the solver. `value` is a Bool, an Int (the place of a word in the fact's values) or a Real."""

    spec: FactSpec
    known: Bool
    value: Any


class SolverTruth(Struct, frozen=True):
    """When a condition is true, and when it is false."""

    true: Bool
    false: Bool

    @property
    def unknown(self) -> Bool:
        """When it is neither."""
        return all_of([z3.Not(self.true), z3.Not(self.false)])


Terms = Mapping[str, Term]


NO_LIMIT = 0


def solver_of(laws: Iterable[Bool], limit: int = NO_LIMIT) -> z3.Solver:
    """A solver that knows these laws, and gives up on a question after `limit` steps: on any machine at the same one.

    The steps are z3's own count (`rlimit`), two or three million to the second; seconds would leave open on a busy
    machine what an idle one proves.
    """
    solver = z3.SimpleSolver()
    solver.set("rlimit", limit)
    solver.add(*laws)
    return solver


def all_of(parts: Sequence[Bool]) -> Bool:
    """And, simplified where it holds one part or none."""
    kept = [part for part in parts if part is not YES]
    if any(part is NO for part in kept):
        return NO
    return YES if not kept else kept[0] if len(kept) == 1 else _joined(z3.Z3_mk_and, kept)


def any_of(parts: Sequence[Bool]) -> Bool:
    """Or, simplified where it holds one part or none."""
    kept = [part for part in parts if part is not NO]
    if any(part is YES for part in kept):
        return YES
    return NO if not kept else kept[0] if len(kept) == 1 else _joined(z3.Z3_mk_or, kept)


def _joined(make: Any, parts: Sequence[Bool]) -> Bool:
    """`z3.And` or `z3.Or` of formulas: they ask what each part is, which takes as long as the proofs."""
    context = z3.main_ctx()
    return z3.BoolRef(make(context.ref(), len(parts), (z3.Ast * len(parts))(*(part.ast for part in parts))), context)


def free(spec: FactSpec, prefix: str = "") -> Term:
    """A fact that may be anything of its type, or unknown."""
    name = f"{prefix}{spec.name}"
    known = z3.Bool(f"{name}?")
    if spec.type is FactType.BOOLEAN:
        return Term(spec, known, z3.Bool(name))
    return Term(spec, known, z3.Real(name) if spec.type in NUMERIC else z3.Int(name))


def in_range(term: Term) -> Bool:
    """That a word is one of the fact's values."""
    if term.spec.type is not FactType.ENUM:
        return YES
    return z3.And(term.value >= 0, term.value < len(term.spec.values))


def constant(value: c.Literal, spec: FactSpec) -> Any:
    """A literal of the fact's type."""
    if spec.type is FactType.BOOLEAN:
        return YES if value else NO
    if isinstance(value, Decimal):
        return z3.RealVal(format(value, "f"))
    return z3.IntVal(spec.values.index(str(value)))


def truth(condition: c.Condition, terms: Terms) -> SolverTruth:
    """When the condition is true and when it is false (Kleene)."""
    if isinstance(condition, c.Always):
        return SolverTruth(YES, NO)
    if isinstance(condition, c.Not):
        inner = truth(condition.part, terms)
        return SolverTruth(inner.false, inner.true)
    if isinstance(condition, c.Test):
        return _unary(condition.unary, terms[condition.fact], terms)
    parts = [truth(part, terms) for part in condition.parts]
    if isinstance(condition, c.All):
        return SolverTruth(all_of([p.true for p in parts]), any_of([p.false for p in parts]))
    return SolverTruth(any_of([p.true for p in parts]), all_of([p.false for p in parts]))


def broken_by(never: c.Condition | None, always: c.Condition | None, terms: Terms) -> list[Bool]:
    """What breaks a claim: that what must never be so is true, or that what must always be so is not."""
    wrong = [] if never is None else [truth(never, terms).true]
    return wrong if always is None else [*wrong, z3.Not(truth(always, terms).true)]


def _unary(unary: c.Unary, term: Term, terms: Terms) -> SolverTruth:
    if isinstance(unary, c.Known):
        return SolverTruth(term.known, z3.Not(term.known))
    if isinstance(unary, c.Unknown):
        return SolverTruth(z3.Not(term.known), term.known)
    if isinstance(unary, c.Negated):
        inner = _unary(unary.test, term, terms)
        return SolverTruth(inner.false, inner.true)
    if isinstance(unary, c.OneOf):
        parts = [_unary(test, term, terms) for test in unary.tests]
        return SolverTruth(any_of([p.true for p in parts]), all_of([p.false for p in parts]))
    known, holds = term.known, _holds(unary, term, terms)
    if isinstance(unary, c.Compare) and isinstance(unary.operand, c.FactRef):
        known = all_of([known, terms[unary.operand.name].known])
    return SolverTruth(all_of([known, holds]), all_of([known, z3.Not(holds)]))


def _holds(unary: c.Equals | c.Compare | c.Interval, term: Term, terms: Terms) -> Bool:
    value: Any = term.value
    if isinstance(unary, c.Equals):
        return value == constant(unary.value, term.spec)
    if isinstance(unary, c.Interval):
        low, high = constant(unary.low, term.spec), constant(unary.high, term.spec)
        above = value >= low if unary.low_closed else value > low
        below = value <= high if unary.high_closed else value < high
        return z3.And(above, below)
    operand = unary.operand
    right = terms[operand.name].value if isinstance(operand, c.FactRef) else constant(operand, term.spec)
    if unary.op == "<":
        return value < right
    if unary.op == "<=":
        return value <= right
    if unary.op == ">":
        return value > right
    return value >= right if unary.op == ">=" else value == right
