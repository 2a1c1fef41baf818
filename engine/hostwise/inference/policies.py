"""DMN hit policies over traced rules (OMG DMN 1.5, clause 8.2.8), three-valued.

unique      at most one rule may hold                 any          all that hold must agree
first       the first in written order                priority     the highest output in a given order
collect     all that hold                             rule order   the same, in written order
output order  all that hold, highest output first
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from msgspec import Struct

from hostwise.inference.trace import RuleTrace
from hostwise.rulebook.rules import Rule


class Overlap(ValueError):
    """Two rules hold under `unique`, or disagree under `any`."""


class FirstResult(Struct, frozen=True):
    """The outcome of `first`.

    `chosen` is the first rule that holds; `possible` all rules that an unknown could still put first,
    in order; `needs` the facts that would settle it. With no unknown before it, `possible` is `chosen`.
    """

    chosen: RuleTrace | None
    possible: tuple[RuleTrace, ...]
    needs: tuple[str, ...]


def first(traces: Sequence[RuleTrace], allowed: Callable[[Rule], bool] = lambda _: True) -> FirstResult:
    """The first allowed rule that holds; an unknown rule before it forks."""
    possible: list[RuleTrace] = []
    for trace in traces:
        if not allowed(trace.rule) or trace.truth is False:
            continue
        possible.append(trace)
        if trace.truth is True:
            break
    chosen = possible[-1] if possible and possible[-1].truth is True else None
    needs = tuple(dict.fromkeys(n for trace in possible for n in trace.unknown))
    return FirstResult(chosen, tuple(possible), needs)


def collect(traces: Sequence[RuleTrace]) -> tuple[RuleTrace, ...]:
    """All rules that hold, in written order (`collect` and `rule order`)."""
    return tuple(trace for trace in traces if trace.truth is True)


def unique(traces: Sequence[RuleTrace]) -> RuleTrace | None:
    """The one rule that holds. Raises `Overlap` naming the rules when more than one does."""
    held = collect(traces)
    if len(held) > 1:
        raise Overlap(f"only one rule may hold, but {' and '.join(t.rule.id for t in held)} do")
    return held[0] if held else None


def any_(traces: Sequence[RuleTrace], output: Callable[[Rule], Hashable]) -> RuleTrace | None:
    """Any rule that holds, all of which must agree. Raises `Overlap` naming two that do not."""
    held = collect(traces)
    for trace in held[1:]:
        if output(trace.rule) != output(held[0].rule):
            raise Overlap(f"{held[0].rule.id} and {trace.rule.id} both hold and disagree")
    return held[0] if held else None


def priority(
    traces: Sequence[RuleTrace], output: Callable[[Rule], Hashable], order: Sequence[Hashable]
) -> RuleTrace | None:
    """The rule that holds whose output stands first in `order`."""
    held = output_order(traces, output, order)
    return held[0] if held else None


def output_order(
    traces: Sequence[RuleTrace], output: Callable[[Rule], Hashable], order: Sequence[Hashable]
) -> tuple[RuleTrace, ...]:
    """All rules that hold, by the place of their output in `order`, then as written."""
    rank = {value: place for place, value in enumerate(order)}
    return tuple(sorted(collect(traces), key=lambda t: rank.get(output(t.rule), len(rank))))
