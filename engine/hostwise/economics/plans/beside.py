"""What the same GPUs hold beside the model of the workload: other models, and adapters on it.

All of them take memory, and what is left of it is the cache of all. The volume is that of all together, and each token
counts as one of the workload's own model, the slowest of them; each round of steps reads every model's weights.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from hostwise.answers.facts import Fact
from hostwise.economics.catalogue.catalogue import Catalogue, find_named, fitting_names
from hostwise.economics.models.model import Model
from hostwise.reading.findings.diagnostics import Diagnostic
from hostwise.reading.findings.suggest import nearest
from hostwise.reading.names import listed

MODELS, ADAPTERS, MAIN = "models_on_machine", "adapters", "own_model"
MOST = 64
_COUNTED = re.compile(r"\s*(?:([0-9]{1,3})\s*[x×*]\s+)?(\S.*?)\s*")


def models_beside(facts: Mapping[str, Fact], catalogue: Catalogue) -> tuple[str, ...]:
    """The other models on the machine, by key, each as often as it is there. Names are known (`beside_findings`)."""
    fact = facts.get(MODELS)
    if fact is None or not isinstance(fact.value, str):
        return ()
    found = ((count, find_named(name, catalogue.models)) for count, name in _named(fact.value))
    return tuple(key for count, key in found if key for _ in range(count))


def adapters_on(facts: Mapping[str, Fact]) -> Decimal:
    """Adapters that are served side by side; a single one is merged into its base, and takes nothing."""
    fact = facts.get(ADAPTERS)
    value = fact.value if fact is not None else None
    return value if isinstance(value, Decimal) and value > 1 else Decimal(0)


def beside_findings(facts: Mapping[str, Fact], catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Others that cannot be computed: names that are not known, and one that is slower than the workload's model."""
    fact = facts.get(MODELS)
    if fact is None or not isinstance(fact.value, str) or fact.provenance.place is None:
        return
    key, place = fact.provenance.key, fact.provenance.place
    main = facts[MAIN].value
    own = find_named(main, catalogue.models) if isinstance(main, str) else None
    if main is None:
        message = f"{key}: name the workload's own model too"
        yield Diagnostic(place, "no-own-model", message, fact.value, "self_host.model beside it, the slowest of them")
    if any(count == 0 for count, _ in _named(fact.value)):
        yield Diagnostic(
            place, "no-such-models", f"{key}: none of one is no model on it", fact.value, "1 x or more, or leave it out"
        )
    if sum(count for count, _ in _named(fact.value)) > MOST:
        yield Diagnostic(place, "too-many-models", f"{key}: more than one machine holds", fact.value, f"at most {MOST}")
        return
    for _, name in _named(fact.value):
        found = find_named(name, catalogue.models)
        if found is None:
            fitting = fitting_names(name, catalogue.models)
            accepted = (
                listed(fitting) if len(fitting) > 1
                else "models whose shape is known, listed by `hostwise catalogue models`, with commas between them, as "
                     "Llama-3.1-8B, 2 x bge-m3"
            )  # fmt: skip
            suggestion = fitting[0] if len(fitting) == 1 else nearest(name, catalogue.models)
            yield Diagnostic(place, "unknown-model", f"{key}: not in the catalogue", name, accepted, suggestion)
        elif own is not None and _slower(catalogue.models[found], catalogue.models[own]):
            line = facts[MAIN].provenance.place
            at = f" (line {line.line})" if line else ""
            message = f"{key}: every token counts at the speed of self_host.model{at}, and this one is slower"
            active = (catalogue.models[key].active for key in (found, own))
            more = "{:f} billion parameters at work, against {:f}".format(*active)
            accepted = f"{found} as self_host.model, and {own} here"
            yield Diagnostic(place, "slower-model", message, f"{name}: {more}", accepted)


def _slower(one: Model, other: Model) -> bool:
    return one.active > other.active


def _named(text: str) -> Iterator[tuple[int, str]]:
    for part in text.split(","):
        found = _COUNTED.fullmatch(part)
        if found is not None:
            yield int(found[1] or 1), found[2]
