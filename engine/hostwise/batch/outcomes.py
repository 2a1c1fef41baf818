"""What each case of many comes to, as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from hostwise.economics.catalogue.options import CLOSE_CALL, UNDECIDED
from hostwise.flow.flow import Basis, Status
from hostwise.inference.columns import Floats, Mask
from hostwise.reading.findings.diagnostics import InputError
from hostwise.rulebook.language.rules import HOUSE

REFUSED = "refused"
"""The outcome of answers that the economics refuse: a model too large for its GPUs, a speed beyond physics."""
Codes = NDArray[np.int16]


IN_USE = ("api_in_use_monthly", "open_in_use_monthly")
"""The facts of what staying on the model in use costs: on a closed one, and on an open one where it is."""


class Outcomes(Struct, frozen=True, eq=False):
    """What each case comes to: `verdict` by its place in `verdicts`, the deciding rule by its place in `rules` or −1.

    `costs` are each option's monthly cost in the reporting currency, NaN where it is not priced; `rough` marks those
    whose last place may be off. `staying` are those of the facts `IN_USE`. `left` are the options that no gate
    excludes. `waits` marks the cases whose choice the stage `confirm` could still replace, once futures are drawn: the
    others are verdicts. `again` counts the cases that were decided on decimals.
    """

    verdicts: tuple[str, ...]
    rules: tuple[str, ...]
    options: tuple[str, ...]
    verdict: Codes
    rule: Codes
    costs: Floats
    rough: Mask
    staying: Floats
    left: Mask
    waits: Mask
    errors: Mapping[int, InputError]
    again: int

    def of(self, case: int) -> tuple[str, str | None]:
        """The verdict of one case, and the rule that decides it."""
        rule = int(self.rule[case])
        return self.verdicts[self.verdict[case]], self.rules[rule] if rule >= 0 else None


def joined(parts: Sequence[Outcomes], basis: Basis) -> Outcomes:
    """The outcomes of consecutive chunks as one."""
    errors: dict[int, InputError] = {}
    start = 0
    for part in parts:
        errors |= {start + case: error for case, error in part.errors.items()}
        start += len(part.verdict)
    verdicts, rules = outcome_names(basis)
    return Outcomes(
        verdicts,
        rules,
        basis.options,
        np.concatenate([part.verdict for part in parts]) if parts else np.zeros(0, np.int16),
        np.concatenate([part.rule for part in parts]) if parts else np.zeros(0, np.int16),
        _stacked([part.costs for part in parts], basis),
        _stacked([part.rough for part in parts], basis),
        np.concatenate([part.staying for part in parts]) if parts else np.zeros((0, len(IN_USE))),
        _stacked([part.left for part in parts], basis),
        np.concatenate([part.waits for part in parts]) if parts else np.zeros(0, dtype=bool),
        errors,
        sum(part.again for part in parts),
    )


def _stacked(parts: Sequence[Any], basis: Basis) -> Any:
    return np.concatenate(parts) if parts else np.zeros((0, len(basis.options)))


def outcome_names(basis: Basis) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The verdicts that a case can come to, and the rules that can decide it."""
    verdicts = (*basis.options, UNDECIDED, Status.INFEASIBLE.value, REFUSED, CLOSE_CALL)
    return verdicts, tuple(rule.id for stage in ("choose", "confirm") for rule in basis.rulebook.stage(stage, HOUSE))
