"""Which options the gates leave open.

A gate that fires excludes options; one that is unknown keeps the decision open while it could still exclude any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct

from hostwise.inference.run import RuleTrace
from hostwise.rulebook.language.rules import Exclude, Require, Rule


class Gates(Struct, frozen=True):
    """What the gate stage left: option → the gates that exclude it, and the gates left open.

    `unsettled` are the unknown gates that could still exclude an option that is not excluded yet.
    """

    options: tuple[str, ...]
    excluded: Mapping[str, tuple[str, ...]]
    unsettled: tuple[RuleTrace, ...]

    @property
    def feasible(self) -> tuple[str, ...]:
        """The options that no gate excludes, in catalogue order."""
        return tuple(option for option in self.options if option not in self.excluded)


def apply_gates(traces: Sequence[RuleTrace], options: Sequence[str]) -> Gates:
    """Collect what the gates exclude. `require` excludes every option that it does not name."""
    excluded: dict[str, list[str]] = {}
    for trace in traces:
        if trace.truth is True:
            for option in excluded_by(trace, options):
                excluded.setdefault(option, []).append(trace.rule.id)
    unsettled = tuple(
        trace for trace in traces if trace.truth is None and any(o not in excluded for o in excluded_by(trace, options))
    )
    return Gates(
        options=tuple(options),
        excluded=MappingProxyType({o: tuple(excluded[o]) for o in options if o in excluded}),
        unsettled=unsettled,
    )


def excluded_by(trace: RuleTrace, options: Sequence[str]) -> tuple[str, ...]:
    """The options that a gate excludes when it fires."""
    return options_excluded(trace.rule, options)


def options_excluded(rule: Rule, options: Sequence[str]) -> tuple[str, ...]:
    """The same for the rule alone."""
    then = rule.then
    if isinstance(then, Exclude):
        return tuple(o for o in options if o in then.options)
    assert isinstance(then, Require)
    return tuple(o for o in options if o not in then.options)
