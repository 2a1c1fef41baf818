"""What `look_again_when` of a revisit trigger may read, beside the facts of the later day.

since.months      whole months from the day of the decision to the later day
change.FACT       how far a number has moved since then, as a share of what it was: −20% is a fifth less
"""

from __future__ import annotations

from collections.abc import Mapping

from hostwise.answers.facts import FactSpec, FactType
from hostwise.reading.numbers.quantity import NUMERIC
from hostwise.reading.translatable import fill, prose

MONTHS = "since.months"
CHANGE = "change."


def look_again_specs(specs: Mapping[str, FactSpec]) -> dict[str, FactSpec]:
    """All facts that a revisit trigger may read, given those of a day."""
    months = FactSpec(MONTHS, FactType.COUNT, prose("months since the decision"))
    changes = {
        f"{CHANGE}{name}": FactSpec(
            f"{CHANGE}{name}", FactType.RATIO, fill("change of {label} since the decision", label=spec.label)
        )
        for name, spec in specs.items()
        if spec.type in NUMERIC
    }
    return {**specs, MONTHS: months, **changes}
