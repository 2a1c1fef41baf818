"""A model that the answers describe, since the catalogue lacks it: `parameters 8.2, layers 36, kv_heads 8, …`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from msgspec import ValidationError, convert
from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.catalogue.catalogue import Catalogue, find_named
from hostwise.economics.catalogue.remembered import Remembered
from hostwise.economics.models.model import MOST, SMALLEST, Model
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.reading.findings.suggest import nearest

MODEL, PARAMETERS = "own_model", "own_model_parameters"
BILLIONS = ("parameters", "active", "expert_parameters")
NEEDED = ("parameters", "layers", "kv_heads", "head_size", "context")
COUNTS = (
    "layers", "kv_heads", "head_size", "context", "heads", "hidden", "experts", "experts_per_token", "window",
    "window_layers", "linear_layers", "latent_cache", "bits",
)  # fmt: skip
LARGEST = 100_000_000
_PAIR = re.compile(r"\s*([a-z_]+)\s*[:= ]\s*([0-9.]+)\s*")


def with_stated_model(facts: Mapping[str, Fact], catalogue: Catalogue) -> Catalogue:
    """The catalogue, with the model that the answers describe under the name that they give it.

    Raises `InputError` where the description cannot be read, no name is given, or the catalogue has a model of it.
    """
    fact = facts.get(PARAMETERS)
    if fact is None or not isinstance(fact.value, str):
        return catalogue
    name = facts[MODEL].value
    if not isinstance(name, str):
        raise _refused(fact, "give the model a name too, as self_host.model")
    if find_named(name, catalogue.models) is not None:
        raise _refused(fact, f"the catalogue has {name} already: name another model, or leave its parameters out")
    models = {**catalogue.models, name: _model(fact, fact.value, catalogue)}
    return replace(catalogue, models=models, remembered=Remembered())


def _model(fact: Fact, text: str, catalogue: Catalogue) -> Model:
    numbers = _numbers(fact, text)
    if missing := [name for name in NEEDED if name not in numbers]:
        raise _refused(fact, f"{', '.join(missing)}: not said", accepted=", ".join((*BILLIONS, *COUNTS)))
    counts = {name: int(value) for name, value in numbers.items() if name in COUNTS}
    place = fact.provenance.place
    described: dict[str, object] = {
        "active": numbers["parameters"],
        "bits": 16,
        **numbers,
        **counts,
        "licence": "unread",
        "source": f"{place.file}:{place.line}" if place else "answers",
        "as_of": _newest(catalogue),
    }
    try:
        return convert(described, Model)
    except ValidationError as problem:
        raise _refused(fact, str(problem)) from None


def _numbers(fact: Fact, text: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for part in filter(str.strip, text.split(",")):
        pair = _PAIR.fullmatch(part.lower())
        name = pair[1] if pair else ""
        if pair is None or name not in (*BILLIONS, *COUNTS) or name in found:
            known = (*BILLIONS, *COUNTS)
            near = nearest(name or part.strip(), known)
            message = "write names and numbers, each once, as in: parameters 8.2, layers 36"
            raise _refused(fact, message, part.strip(), ", ".join(known), near)
        found[name] = _number(fact, pair[2], whole=name in COUNTS)
        if name in ("parameters", "active") and not SMALLEST <= found[name] <= MOST:
            likely = found[name] / 1000 if found[name] > MOST else found[name] * 1000
            near = f"{name} {likely.normalize():f}" if SMALLEST <= likely <= MOST else None
            raise _refused(fact, "in billions", part.strip(), f"{SMALLEST} to {MOST} billion parameters", near)
    return found


def _number(fact: Fact, text: str, *, whole: bool) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise _refused(fact, "this is no number", text) from None
    if not 0 < value < LARGEST or (whole and value != int(value)):
        raise _refused(fact, "this cannot be", text, "a whole number above 0" if whole else "a number above 0")
    return value


def _newest(catalogue: Catalogue) -> date:
    return max(model.as_of for model in catalogue.models.values())


def _refused(
    fact: Fact, message: str, found: str | None = None, accepted: str | None = None, near: str | None = None
) -> InputError:
    place = fact.provenance.place
    assert place is not None  # a default describes no model
    return InputError(
        [Diagnostic(place, "model-parameters", f"{fact.provenance.key}: {message}", found, accepted, near)]
    )
