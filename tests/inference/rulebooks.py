"""Small rulebooks for tests: facts of every kind, and rules made from conditions."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from hostwise.answers.facts import Fact, FactSpec, FactType, Origin, Provenance, Value
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.rulebook.language.rules import Rulebook
from hostwise.rulebook.loading.packs import load_rulebook

SPECS: Mapping[str, FactSpec] = {
    spec.name: spec
    for spec in (
        FactSpec("tokens", FactType.TOKENS, "tokens a day"),
        FactSpec("other_tokens", FactType.TOKENS, "other tokens a day"),
        FactSpec("share", FactType.RATIO, "share"),
        FactSpec("price", FactType.MONEY, "price", "USD/Mtok"),
        FactSpec("people", FactType.COUNT, "people"),
        FactSpec("closed", FactType.BOOLEAN, "closed"),
        FactSpec("shape", FactType.ENUM, "shape", values=("steady", "bursty", "unpredictable")),
        FactSpec("verdict", FactType.ENUM, "verdict", values=("managed-api", "hybrid", "edge", "undecided")),
    )
}


def rulebook(
    folder: Path,
    rules: list[dict[str, Any]],
    facts: dict[str, Any] | None = None,
    specs: Mapping[str, FactSpec] = SPECS,
    catalogue: Catalogue | None = None,
) -> Rulebook:
    """Write a pack with these rules and load it."""
    import json

    pack = {
        "pack": "test", "version": "1", "title": "Test", "source": "house", "as_of": "2026-11-20",
        "review_by": "2027-05-20", "facts": facts or {},
        "rules": [{"because": "for the test", "status": "house", **rule} for rule in rules],
    }  # fmt: skip
    (folder / "flow").mkdir(exist_ok=True)
    (folder / "flow" / "test.yaml").write_text(json.dumps(pack), encoding="utf-8")
    return load_rulebook(folder, specs, catalogue)


def facts(**values: Value | int | None) -> dict[str, Fact]:
    """Facts by name; those not named are unknown."""
    origin = Provenance(Origin.GIVEN)
    return {
        name: Fact(name, spec.type, _value(values.get(name)), origin, spec.label, spec.unit)
        for name, spec in SPECS.items()
    }


def _value(value: Value | int | None) -> Value | None:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
