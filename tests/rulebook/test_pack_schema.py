"""`hostwise catalogue schema --pack`: what the loader takes the schema takes, and it refuses what it can see."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from hostwise.cli.catalogue.schema import schema
from hostwise.flow.knowledge import load_knowledge
from hostwise.reading.files.yaml_file import read_document
from hostwise.reading.findings.diagnostics import InputError

PACKS = sorted([*Path("rules/flow").glob("*.yaml"), *Path("rules/sources").glob("s[0-9].yaml")])
GOOD = """\
pack: mine
version: "1"
title: Ours
source: house
as_of: 2026-11-20
review_by: 2027-05-20
inputs:
  racks: {type: count, label: free racks, min: 0, max: 40}
facts:
  tier: {type: enum, values: [high, low], default: low, hit_policy: priority}
  points: {type: count, hit_policy: collect sum}
rules:
  - id: mine.tier
    stage: derive
    when: {racks: ">= 2", tokens_per_day: "[50M..1B)", traffic_shape: "not(bursty, unpredictable)"}
    then: {set: {tier: high, points: 2}}
    because: It has {racks} racks.
    cites: [S1-21]
  - id: mine.gate
    stage: gate
    when: {any: [{air_gapped: true}, {not: {tier: high}}, {quality_gap: unknown}]}
    then: {exclude: [managed-api]}
    because: So we say.
    status: house
  - id: mine.choice
    stage: choose
    when: {self_host.monthly: "< cost.hybrid.monthly"}
    then: {verdict: [self-host-owned, undecided]}
    because: It costs less.
    status: house
    weight: 0
  - id: mine.advice
    stage: advise
    when: {always: true}
    then: {next_step: Ask facilities., owner: Ada, when_due: now}
    because: They know.
    status: house
"""

BROKEN = {
    "no pack": ("pack: mine\n", ""),
    "pack key": ("title: Ours", "titel: Ours"),
    "not a date": ("as_of: 2026-11-20", "as_of: soon"),
    "empty title": ("title: Ours", 'title: " "'),
    "rules not a list": (GOOD[GOOD.index("rules:") :], "rules: 5\n"),
    "input type": ("{type: count, label: free racks", "{type: number, label: free racks"),
    "input key": ("min: 0", "low: 0"),
    "fact key": ("default: low", "defualt: low"),
    "fact words": ("label: free racks", "label: 5"),
    "hit policy": ("hit_policy: priority", "hit_policy: highest"),
    "policy for numbers": ("hit_policy: priority", "hit_policy: collect sum"),
    "policy for words": ("hit_policy: collect sum", "hit_policy: priority"),
    "rule key": ("status: house\n    weight", "staus: house\n    weight"),
    "no id": ("id: mine.tier", "title: tier"),
    "stage": ("stage: gate", "stage: gates"),
    "status": ("status: house\n    weight", "status: firm\n    weight"),
    "weight": ("weight: 0", "weight: 2"),
    "no reason": ("    because: They know.\n", ""),
    "uncited": ("    cites: [S1-21]\n", ""),
    "nothing cited": ("cites: [S1-21]", "cites: []"),
    "cites no list": ("cites: [S1-21]", "cites: S1-21"),
    "no condition": ("when: {always: true}", "when: {}"),
    "always false": ("always: true", "always: false"),
    "any of nothing": ("any: [{air_gapped: true}, {not: {tier: high}}, {quality_gap: unknown}]", "any: []"),
    "not of a list": ("{not: {tier: high}}", "{not: [{tier: high}]}"),
    "yes or no": ("air_gapped: true", "air_gapped: maybe"),
    "no such value": ('"not(bursty, unpredictable)"', '"not(busty)"'),
    "no such kind of option": ("always: true", "verdict: [edge, open-apis]"),
    "a kind of options for another word": ('"not(bursty, unpredictable)"', "open-api"),
    "a word for a number": ('tokens_per_day: "[50M..1B)"', "tokens_per_day: many"),
    "a number for a word": ('"not(bursty, unpredictable)"', '">= 5"'),
    "words compared": ('"not(bursty, unpredictable)"', '"= traffic_shape"'),
    "an empty list": ("air_gapped: true", "air_gapped: []"),
    "a mapping for a test": ("air_gapped: true", "air_gapped: {is: true}"),
    "conclusion of another stage": ("then: {exclude: [managed-api]}", "then: {note: no}"),
    "two conclusions": ("{exclude: [managed-api]}", "{exclude: [managed-api], require: [edge]}"),
    "no such option": ("exclude: [managed-api]", "exclude: [managed-apis]"),
    "no option": ("exclude: [managed-api]", "exclude: []"),
    "undecided is no option of a gate": ("exclude: [managed-api]", "exclude: [undecided]"),
    "a verdict outside the house": ("source: house", "source: S9"),
    "a vote in the house": ("{verdict: [self-host-owned, undecided]}", "{vote: api}"),
    "no such vote": ("{verdict: [self-host-owned, undecided]}", "{vote: maybe}"),
    "two kinds of advice": ("next_step: Ask facilities.", "next_step: Ask facilities., risk: none"),
    "a requirement of nobody": ("next_step: Ask facilities.", "requirement: A larger room., aspect: people"),
    "an aspect of a next step": ("next_step: Ask facilities.", "next_step: Ask facilities., aspect: people"),
    "advice of a list": ("next_step: Ask facilities.", "next_step: [Ask]"),
    "set to what it cannot be": ("{tier: high, points: 2}", "{volume_band: huge}"),
}
"""Kinds of mistakes that both see: what stands in `GOOD`, and what it becomes."""

ONLY_THE_LOADER = {
    "unknown fact": ("racks: \">= 2\"", "raks: \">= 2\""),
    "misspelt quote": ("{racks}", "{raks}"),
    "an id twice": ("id: mine.gate", "id: mine.tier"),
    "a value of a fact of its own": ("{tier: high, points: 2}", "{tier: higher}"),
    "a fact that nobody declares": ("{tier: high, points: 2}", "{teir: high}"),
    "upside down": ("[50M..1B)", "[2B..1B)"),
    "two kinds compared": ("< cost.hybrid.monthly", "< tokens_per_day"),
    "a cycle": ('{racks: ">= 2", ', "{tier: high, "),
    "a fact of Hostwise declared anew": ("points: {type", "tokens_per_day: {type"),
}  # fmt: skip


@lru_cache(maxsize=1)
def validator() -> Draft202012Validator:
    made = json.loads(CliRunner().invoke(schema, ["--pack"]).output)
    Draft202012Validator.check_schema(made)
    return Draft202012Validator(made)


def accepted_by_the_schema(path: Path) -> bool:
    return bool(validator().is_valid(_json(read_document(path).data)))


def accepted_by_the_loader(path: Path) -> bool:
    try:
        load_knowledge(packs=(path,))
    except InputError:
        return False
    return True


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_json(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value


def written(tmp_path: Path, change: tuple[str, str]) -> Path:
    old, new = change
    assert old in GOOD
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_every_pack_shipped_is_valid(path: Path) -> None:
    errors = [f"{error.json_path}: {error.message[:200]}" for error in validator().iter_errors(_pack(path))]
    assert not errors


def _pack(path: Path) -> Any:
    return _json(read_document(path).data)


def test_the_packs_of_the_house_and_of_every_document_are_there() -> None:
    assert len(PACKS) >= 11


def test_both_take_a_pack_that_uses_the_whole_language(tmp_path: Path) -> None:
    path = written(tmp_path, ("Ours", "Ours"))
    assert accepted_by_the_loader(path)
    assert accepted_by_the_schema(path)


@pytest.mark.parametrize("name", BROKEN)
def test_both_refuse_a_broken_pack(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, BROKEN[name])
    assert not accepted_by_the_loader(path)
    assert not accepted_by_the_schema(path)


@pytest.mark.parametrize("name", ONLY_THE_LOADER)
def test_what_a_schema_cannot_see_is_left_to_the_loader(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, ONLY_THE_LOADER[name])
    assert not accepted_by_the_loader(path)
    assert accepted_by_the_schema(path)


@pytest.mark.parametrize(
    "condition",
    [
        'tokens_per_day: "< 1_000_000"', "tokens_per_day: 50M", 'tokens_per_day: "]1M..2M["', "tokens_per_day: -",
        'tokens_per_day: "not(> 5M)"', 'tokens_per_day: ["< 1M", "> 2M"]', "quality_gap: 0.05",
        'quality_gap: "(5%..10%]"', "api_spend_usd_month: $5k", 'api_price_blended: ">= $2.50"', "air_gapped: no",
        "air_gapped: [true, unknown]", "air_gapped: not(true)", "traffic_shape: [steady, bursty]",
        'traffic_shape: "not( steady )"', "current_price_as_of: unknown", 'current_price_as_of: "-"',
 'latency_p95: "<= 300ms"', 'latency_p95: ">= 2s"',
        'api_spend_gbp_month: "> 500 GBP"', "verdict: own", "verdict: [edge, open-api]", "verdict: undecided",
    ],
)  # fmt: skip
def test_no_test_that_the_loader_takes_is_refused(condition: str, tmp_path: Path) -> None:
    path = written(tmp_path, ("always: true", condition if '"-"' in condition else condition.replace(": -", ': "-"')))
    assert accepted_by_the_loader(path)
    assert accepted_by_the_schema(path)


def test_an_editor_can_complete_facts_options_and_claims() -> None:
    definitions = validator().schema["$defs"]
    knowledge = load_knowledge()
    assert set(knowledge.rulebook.specs) <= set(definitions["condition"]["properties"])
    shape = definitions["condition"]["properties"]["traffic_shape"]
    assert shape["title"] == knowledge.rulebook.specs["traffic_shape"].label
    assert {"steady", "bursty"} <= set(shape["anyOf"][0]["anyOf"][0]["enum"])
    assert definitions["options"]["anyOf"][0]["enum"] == [*knowledge.catalogue.options, *knowledge.catalogue.kinds]
    claims = {entry.get("const") for entry in definitions["rule"]["properties"]["cites"]["items"]["anyOf"]}
    assert {claim for rule in knowledge.rulebook.rules for claim in rule.cites} <= claims
