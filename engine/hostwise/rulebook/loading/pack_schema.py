"""The JSON Schema (draft 2020-12) of a rule pack, so that editors complete and check it.

It names the facts, options and claims of the rulebook installed. It never refuses what the loader accepts in a
plain notation, and lets through what only the loader can see: a fact that no pack declares, a cycle, an id used twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hostwise.answers.facts import FactSpec, FactType
from hostwise.answers.questions.json_schema import DIALECT
from hostwise.economics.catalogue.options import UNDECIDED
from hostwise.reading.numbers.quantity import NUMERIC
from hostwise.rulebook.language.rules import (
    ADVICE_KINDS,
    HIT_POLICIES,
    HOUSE,
    NUMERIC_POLICIES,
    REQUIREMENT,
    STAGES,
    STATUSES,
    TAKEN,
    Rulebook,
)
from hostwise.rulebook.loading.citations import Citation
from hostwise.rulebook.loading.declared_facts import FACT_KEYS, INPUT_KEYS
from hostwise.rulebook.loading.packs import PACK_KEYS
from hostwise.rulebook.loading.rule_reader import ADVICE_KEYS, RULE_KEYS

# What a rule may write for a number: an optional currency, digits, a multiplier, a unit.
AMOUNT = (
    r"[-+]?\s*(US\$|[$£€¥₹]|[A-Z]{3})?\s*[-+]?"
    r"(\d[\d_,]*(\.\d+)?|\.\d+)([eE][-+]?\d{1,3})?\s*[A-Za-z%/£€$ .-]*\d?[A-Za-z ]*"
)

Schema = dict[str, Any]
_NAME = r"[A-Za-z_][A-Za-z0-9_.-]*"
_NUMBER = (
    rf"^\s*{AMOUNT}\s*$",
    rf"^\s*(<=|>=|<|>|=)\s*({AMOUNT}|{_NAME})\s*$",
    rf"^\s*[\[(\]]\s*{AMOUNT}\s*\.\.\s*{AMOUNT}\s*[\])\[]\s*$",
    r"^\s*not\s*\(.*\S.*\)\s*$",
)
_TEXT: Schema = {"anyOf": [{"type": "string", "pattern": r"\S"}, {"type": "number"}]}
_DATE: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_WORDS: Schema = {"type": "array", "items": {"type": "string"}}


def pack_schema(
    rulebook: Rulebook, options: Sequence[str], votes: Iterable[str], claims: Mapping[str, Citation]
) -> Schema:
    """The schema as a JSON value. `options` are the ids and kinds of options that rules may name."""
    specs = rulebook.specs
    derived = {fact.spec.name: fact.spec for pack in rulebook.packs for fact in pack.facts}
    return {
        "$schema": DIALECT,
        "$id": "https://hostwise.example/rule-pack.schema.json",
        "title": "Hostwise rule pack",
        "description": "Rules of a hosting decision; rules/README.md defines the language.",
        **_mapping(
            PACK_KEYS,
            required=("pack", "version", "title", "source", "as_of", "review_by"),
            pack=_TEXT,
            version=_TEXT,
            title=_TEXT,
            source={**_TEXT, "description": f"{HOUSE}, or the document whose flow this is: S0, S1 …"},
            as_of=_DATE,
            review_by=_DATE,
            inputs=_facts_of({"$ref": "#/$defs/input"}),
            facts=_facts_of({"$ref": "#/$defs/fact"}),
            rules={"type": ["array", "null"], "items": {"$ref": "#/$defs/rule"}},
        ),
        "if": {"properties": {"source": {"const": HOUSE}}},
        "then": _no_rule_ends_in("vote"),
        "else": _no_rule_ends_in("verdict"),
        "$defs": {
            "fact": _fact(),
            "input": _mapping(INPUT_KEYS, ("type",), **_HEAD, min=_SCALAR, max=_SCALAR),
            "rule": _rule(votes, claims),
            "condition": _condition(specs, rulebook.kinds),
            "set": {
                "type": "object",
                "minProperties": 1,
                "properties": {name: _value(spec) for name, spec in derived.items()},
                "additionalProperties": _SCALAR,
            },
            "options": _one_or_more({"enum": list(options)}),
            "verdicts": _one_or_more({"enum": [*options, UNDECIDED]}),
            "number": _number_test(),
        },
    }


_HEAD: Schema = {
    "type": {"enum": [str(kind) for kind in FactType]},
    "values": {**_WORDS, "description": "The words that an enum may be; their order ranks them under priority."},
    "label": {"type": "string", "description": "What the fact is called in English."},
    "unit": {"type": "string"},
}


def _no_rule_ends_in(key: str) -> Schema:
    return {"properties": {"rules": {"items": {"properties": {"then": {"not": {"required": [key]}}}}}}}


def _facts_of(entry: Schema) -> Schema:
    return {"type": ["object", "null"], "additionalProperties": entry}


def _fact() -> Schema:
    numeric = {"properties": {"hit_policy": {"enum": list(NUMERIC_POLICIES)}}, "required": ["hit_policy"]}
    priority = {"properties": {"hit_policy": {"const": "priority"}}, "required": ["hit_policy"]}
    numbers = {"properties": {"type": {"enum": sorted(str(kind) for kind in NUMERIC)}}}
    return {
        **_mapping(FACT_KEYS, ("type",), **_HEAD, default=_SCALAR, hit_policy={"enum": list(HIT_POLICIES)}),
        "allOf": [
            {"if": numeric, "then": numbers},
            {"if": priority, "then": {"properties": {"type": {"const": "enum"}}}},
        ],
    }


def _rule(votes: Iterable[str], claims: Mapping[str, Citation]) -> Schema:
    known = [{"const": claim, "description": entry.text} for claim, entry in claims.items()]
    house = {"properties": {"status": {"const": "house"}}, "required": ["status"]}
    return {
        **_mapping(
            RULE_KEYS,
            ("id", "stage", "when", "then", "because"),
            id=_TEXT,
            stage={"enum": list(STAGES)},
            when={"$ref": "#/$defs/condition"},
            then={"type": "object"},
            look_again_when={
                "type": "object",
                "description": "For a revisit trigger: what comes true on later answers.",
            },
            true_when={"type": "object", "description": "What the sentence claims, as a condition: it must hold."},
            because={**_TEXT, "description": "The reason; it may quote facts: {tokens_per_day}."},
            cites={"type": ["array", "null"], "items": {"anyOf": [*known, {"type": "string"}]}},
            status={"enum": list(STATUSES)},
            weight={"enum": [0, 1]},
        ),
        "if": house,
        "else": {"required": ["cites"], "properties": {"cites": {"type": "array", "minItems": 1}}},
        "allOf": [
            {
                "if": {"properties": {"stage": {"const": stage}}, "required": ["stage"]},
                "then": {"properties": {"then": conclusion}},
            }
            for stage, conclusion in _conclusions(votes).items()
        ],
    }


def _conclusions(votes: Iterable[str]) -> Mapping[str, Schema]:
    gate: Schema = {kind: {"$ref": "#/$defs/options"} for kind in ("exclude", "require")}
    vote: Schema = {"vote": {"enum": list(votes)}, "hard_gate": {"type": "boolean"}}
    text: Schema = {"type": "string", "pattern": r"\S"}
    advice: Schema = {
        **_mapping(ADVICE_KEYS, (), **dict.fromkeys(ADVICE_KEYS, text) | {"options": {"$ref": "#/$defs/options"}}),
        "oneOf": [{"required": [kind]} for kind in ADVICE_KINDS],
        "if": {"required": [REQUIREMENT]},
        "then": {"required": ["aspect", "options"]},
        "else": {"properties": {"aspect": False, "options": False}},
    }
    return {
        "derive": _mapping(("set",), ("set",), set={"$ref": "#/$defs/set"}),
        "gate": {**_mapping(tuple(gate), (), **gate), "minProperties": 1, "maxProperties": 1},
        "choose": {
            "oneOf": [
                _mapping(("verdict",), ("verdict",), verdict={"$ref": "#/$defs/verdicts"}),
                _mapping(tuple(vote), ("vote",), **vote),
            ]
        },
        "advise": advice,
        "confirm": _mapping(("take",), ("take",), take={"enum": list(TAKEN)}),
    }


def _condition(specs: Mapping[str, FactSpec], kinds: Mapping[str, tuple[str, ...]]) -> Schema:
    nested = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/condition"}}
    return {
        "type": "object",
        "minProperties": 1,
        "properties": {
            "all": nested,
            "any": nested,
            "not": {"$ref": "#/$defs/condition"},
            "always": {"const": True},
            **{
                name: {**_test(spec, kinds), "title": spec.label, "description": _about(spec)}
                for name, spec in specs.items()
            },
        },
        "additionalProperties": _one_or_more(_SCALAR),
    }


def _about(spec: FactSpec) -> str:
    unit = f" in {spec.unit}" if spec.unit else ""
    values = f": {', '.join(spec.values)}" if spec.values else ""
    return f"{spec.type}{unit}{values}"


def _test(spec: FactSpec, kinds: Mapping[str, tuple[str, ...]]) -> Schema:
    """What may be written of a fact; one whose values are options may be tested by kinds of options too."""
    if spec.type in NUMERIC:
        return {"$ref": "#/$defs/number"}
    if spec.type is FactType.BOOLEAN:
        return _one_or_more(_words_test((True, False, "yes", "no"), ("true", "false", "yes", "no")))
    named = [kind for kind, options in kinds.items() if options and set(options) <= set(spec.values)]
    return _one_or_more(_words_test((*spec.values, *named), spec.values))


def _words_test(values: Sequence[str | bool], written: Iterable[str]) -> Schema:
    """A test of a fact that is one of some words: the word, none of some, known or not."""
    word = "|".join([*(re.escape(value).replace(r"\-", "-") for value in written), "-", "unknown"])
    refused = rf"^\s*not\s*\(\s*({word})\s*(,\s*({word})\s*)*\)\s*$"
    return {
        "anyOf": [
            {"enum": [*values, "-", "unknown"]},
            {"type": "string", "pattern": refused},
        ]
    }


def _number_test() -> Schema:
    patterns = [{"type": "string", "pattern": pattern} for pattern in _NUMBER]
    return _one_or_more({"anyOf": [{"type": "number"}, {"enum": ["-", "unknown"]}, *patterns]})


def _value(spec: FactSpec) -> Schema:
    """One value of a fact, as `set` gives it."""
    if spec.type in NUMERIC:
        return {"anyOf": [{"type": "number"}, {"type": "string", "pattern": _NUMBER[0]}]}
    return {"enum": [True, False, "yes", "no"] if spec.type is FactType.BOOLEAN else list(spec.values)}


def _one_or_more(item: Schema) -> Schema:
    return {"anyOf": [item, {"type": "array", "minItems": 1, "items": item}]}


def _mapping(keys: Iterable[str], required: Sequence[str], **properties: Schema) -> Schema:
    """A mapping that has these keys and no other; a key without a schema of its own may hold anything."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": {key: properties.get(key, {}) for key in keys},
    }
