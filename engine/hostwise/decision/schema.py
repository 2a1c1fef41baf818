"""The JSON Schema (draft 2020-12) of a record: what each part must hold."""

from __future__ import annotations

from typing import Any

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TEXT = {"type": "string"}
_OPTIONAL_TEXT = {"type": ["string", "null"]}
_DECIMAL = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}
_OPTIONAL_DECIMAL = {"anyOf": [_DECIMAL, {"type": "null"}]}
_SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_TRUTH = {"enum": ["true", "false", "unknown"]}
_TEXTS = {"type": "array", "items": _TEXT}


def _object(properties: dict[str, Any], optional: tuple[str, ...] = (), *, more: bool = True) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": more}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


_BAND = _object({"low": _DECIMAL, "likely": _DECIMAL, "high": _DECIMAL}, more=False)
_CITE = _object({"id": _TEXT, "text": _TEXT, "document": _TEXT})
_ADVICE = _object(
    {
        "rule": _TEXT,
        "text": _TEXT,
        "because": _TEXT,
        "owner": _OPTIONAL_TEXT,
        "when_due": _OPTIONAL_TEXT,
        "plan": _OPTIONAL_TEXT,
        "cites": _list(_CITE),
    }
)
_REQUIREMENT = _object({"rule": _TEXT, "text": _TEXT, "aspect": _TEXT, "options": _TEXTS, "cites": _list(_CITE)})
_LABELS = {"type": "object", "additionalProperties": _TEXT}
_PLAN = _object({"horizons": _list(_object({"id": _TEXT, "title": _TEXT, "topics": _LABELS})), "aspects": _LABELS})
_FACT = _object(
    {
        "name": _TEXT, "label": _TEXT, "type": _TEXT, "unit": _TEXT, "value": {"type": ["string", "boolean", "null"]},
        "low": _OPTIONAL_DECIMAL, "high": _OPTIONAL_DECIMAL, "shown": _TEXT,
        "origin": {"enum": ["given", "measured", "assumed", "derived"]}, "source": _OPTIONAL_TEXT,
        "formula": _OPTIONAL_TEXT, "inputs": _TEXTS,
    }
)  # fmt: skip
_RULE = _object(
    {
        "id": _TEXT, "title": _TEXT, "pack": _TEXT, "source": _TEXT,
        "stage": {"enum": ["derive", "gate", "choose", "advise"]}, "truth": _TRUTH,
        "status": {"enum": ["stated", "house", "reading", "unverified"]}, "english": _TEXT, "because": _TEXT,
        "cites": _list(_CITE), "then": {"type": "object"}, "reads": _TEXTS, "unknown": _TEXTS, "blocked_by": _TEXTS,
        "condition": {"$ref": "#/$defs/condition"},
    }
)  # fmt: skip
_ITEM = _object(
    {
        "id": _TEXT, "label": _TEXT, "group": _TEXT, "amount": _BAND, "formula": _TEXT, "source": _TEXT,
        "inputs": _list(_object({"name": _TEXT, "value": _BAND, "unit": _TEXT, "origin": _TEXT, "source": _TEXT})),
    }
)  # fmt: skip
_POINT = _object({"tokens": _DECIMAL, "low": _DECIMAL, "likely": _DECIMAL, "high": _DECIMAL}, more=False)
_LEDGER = _object(
    {
        "option": _TEXT, "label": _TEXT, "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "priced": {"type": "boolean"}, "why_not": _OPTIONAL_TEXT, "feasible": {"type": "boolean"},
        "excluded_by": _TEXTS, "items": _list(_ITEM), "total": {"anyOf": [_BAND, {"type": "null"}]},
        "curve": _list(_POINT),
    }
)  # fmt: skip
_NEED = _object(
    {"fact": _TEXT, "key": _TEXT, "label": _TEXT, "question": _TEXT, "why": _TEXT, "settles": _TEXT, "ask_of": _TEXT}
)  # fmt: skip
_TO_CHANGE = _object({"key": _TEXT, "label": _TEXT, "shown": _TEXT, "ask_of": _TEXT})
_WAY_OUT = _object(
    {
        "lift": _TEXTS, "answers": _list(_TO_CHANGE), "option": _TEXT, "label": _TEXT, "sentence": _TEXT,
        "monthly": _OPTIONAL_DECIMAL,
    }
)  # fmt: skip
_PACK = _object({"id": _TEXT, "version": _TEXT, "file": _TEXT, "sha256": _SHA256, "as_of": _DAY, "review_by": _DAY})
_OVERDUE = _object({"kind": _TEXT, "name": _TEXT, "as_of": _DAY, "review_by": _DAY, "too_old": {"type": "boolean"}})
_CROSSING = _object(
    {"option": _TEXT, "against": _TEXT, "kind": _TEXT, "tokens_per_month": _OPTIONAL_DECIMAL, "sentence": _TEXT}
)  # fmt: skip
_LEAF = _object(
    {"english": _TEXT, "fact": _OPTIONAL_TEXT, "test": _OPTIONAL_TEXT, "seen": _OPTIONAL_TEXT, "truth": _TRUTH}
)
_DOSSIER = _object(
    {
        "gates": _list(_object({"rule": _TEXT, "title": _TEXT, "because": _TEXT, "held": _list(_LEAF)})),
        "rules": _list(_object({"rule": _TEXT, "title": _TEXT, "failed": _list(_LEAF),
                                "overtaken_by": _OPTIONAL_TEXT})),
        "gap": {"anyOf": [{"type": "null"}, _object({"amount": _DECIMAL, "share": _OPTIONAL_DECIMAL, "currency": _TEXT,
                                                     "overlap": {"type": "boolean"}})]},
    }
)  # fmt: skip
_VERDICT = _object(
    {
        "status": {"enum": ["decided", "undecided", "infeasible"]}, "option": _OPTIONAL_TEXT, "sentence": _TEXT,
        "rule": _OPTIONAL_TEXT, "reasons": _list(_object({"rule": _TEXT, "text": _TEXT, "cites": _list(_CITE)})),
        "dissent": _list(_object({"who": _TEXT, "vote": _TEXT, "text": _TEXT})), "conditions": _list(_ADVICE),
        "risks": _list(_ADVICE), "next_steps": _list(_ADVICE), "revisit": _list(_ADVICE),
        "requirements": _list(_REQUIREMENT), "plan": _PLAN,
        "needs": _list(_NEED),
        "alternatives": _list(_object({"option": _TEXT, "label": _TEXT, "status": _TEXT, "why": _TEXT, "rules": _TEXTS,
                                       "monthly": _OPTIONAL_DECIMAL, "gap": _OPTIONAL_DECIMAL, "dossier": _DOSSIER})),
        "conflicts": _list(_TEXTS), "ways_out": _list(_WAY_OUT), "possible": _TEXTS,
        "triggers": _list({"$ref": "#/$defs/trigger"}),
    }
)  # fmt: skip
_RECOMPUTED = _object({"id": _TEXT, "claims": _TEXTS, "stated": _TEXT, "finding": _TEXT, "correct": _TEXT})
_VOTE = _object(
    {"vote": _TEXT, "rule": _OPTIONAL_TEXT, "needs": _TEXTS, "because": _TEXT, "arithmetic": _list(_RECOMPUTED)}
)
_NEAR = _object(
    {
        "fact": _TEXT,
        "rule": _TEXT,
        "threshold": _DECIMAL,
        "value": _DECIMAL,
        "distance": _DECIMAL,
        "verdict_other_side": _TEXT,
    }
)
_END = _object({"value": _DECIMAL, "verdict": _TEXT})
_COUNT = {"type": "integer", "minimum": 0}
_VALUE = {"type": ["string", "boolean"]}
_OPTIONAL_VALUE = {"type": ["string", "boolean", "null"]}
_SETTING = _object(
    {
        "value": _VALUE, "shown": _TEXT, "verdict": _TEXT, "label": _TEXT, "cost": _OPTIONAL_DECIMAL,
        "lead": _OPTIONAL_DECIMAL,
    }
)  # fmt: skip
_SWING = _object(
    {
        "name": _TEXT, "key": _OPTIONAL_TEXT, "label": _TEXT, "why": _TEXT, "swing": _DECIMAL,
        "flips": {"type": "boolean"}, "settings": _list(_SETTING),
    }
)  # fmt: skip
_UNCERTAIN = _object(
    {
        "name": _TEXT, "key": _OPTIONAL_TEXT, "label": _TEXT,
        "why": {"enum": ["range", "unknown", "default", "figure"]},
        "shape": {"enum": ["triangular", "lognormal", "words"]}, "unit": _TEXT, "source": _TEXT,
        "base": _OPTIONAL_VALUE, "low": _DECIMAL, "likely": _DECIMAL, "high": _DECIMAL, "words": {"type": "object"},
    }
)  # fmt: skip
_AXIS = _object(
    {
        "key": _TEXT, "fact": _TEXT, "label": _TEXT, "type": _TEXT, "unit": _TEXT,
        "scale": {"enum": ["log", "linear", "words"]}, "now": _OPTIONAL_VALUE, "now_shown": _OPTIONAL_TEXT,
        "values": _list(_VALUE), "shown": _TEXTS,
    }
)  # fmt: skip
_LETTER = {"type": "string", "pattern": "^[a-z]$"}
_MAP = _object(
    {
        "x": _AXIS, "y": _AXIS, "today": {"anyOf": [{"type": "null"}, _list(_COUNT)]},
        "verdicts": _list(_object({"letter": _LETTER, "verdict": _TEXT, "label": _TEXT, "cells": _COUNT})),
        "rows": _list({"type": "string", "pattern": "^[a-z]+$"}),
    }
)  # fmt: skip
_ROBUSTNESS = _object(
    {
        "seed": {"type": "integer"}, "futures": _COUNT, "option": _OPTIONAL_TEXT, "rival": _OPTIONAL_TEXT,
        "wrong": _DECIMAL, "regret": _DECIMAL,
        "shares": _list(_object({"verdict": _TEXT, "label": _TEXT, "count": _COUNT, "share": _DECIMAL})),
        "costs": _list(_object({"option": _TEXT, "label": _TEXT, "priced": _COUNT, "p10": _DECIMAL, "p50": _DECIMAL,
                                "p90": _DECIMAL})),
        "uncertain": _list(_UNCERTAIN), "tornado": _list(_SWING),
        "questions": _list(_object({"key": _TEXT, "label": _TEXT, "question": _TEXT, "ask_of": _TEXT,
                                    "wrong": _DECIMAL, "regret": _DECIMAL})),
        "near_thresholds": _list(_NEAR),
        "one_at_a_time": _list(_object({"fact": _TEXT, "low": _END, "high": _END})), "cost_overlap": _TEXTS,
        "map": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/map"}]},
    }
)  # fmt: skip
_CHANGE = _object(
    {
        "key": _TEXT, "fact": _TEXT, "label": _TEXT, "now": _OPTIONAL_VALUE, "now_shown": _OPTIONAL_TEXT,
        "changed": _VALUE, "changed_shown": _TEXT, "distance": _OPTIONAL_DECIMAL,
    }
)  # fmt: skip
_COUNTERFACTUAL = _object({"changes": _list(_CHANGE), "verdict": _TEXT, "label": _TEXT, "rule": _OPTIONAL_TEXT})
_TRIGGER = _object(
    {
        "key": _TEXT, "fact": _TEXT, "label": _TEXT, "sense": {"enum": ["above", "below", "is"]}, "value": _VALUE,
        "shown": _TEXT, "now": _OPTIONAL_VALUE, "now_shown": _OPTIONAL_TEXT, "distance": _OPTIONAL_DECIMAL,
        "months": {"type": ["integer", "null"]}, "reached": _OPTIONAL_TEXT, "verdict": _TEXT, "verdict_label": _TEXT,
        "rule": _OPTIONAL_TEXT, "sentence": _TEXT,
    }
)  # fmt: skip
_SAID = {
    "type": "object", "properties": {"text": _TEXT}, "required": ["text"],
    "oneOf": [
        _object({"message": _TEXT, "values": {"type": "object", "additionalProperties": _TEXT}}),
        _object({"parts": _TEXTS, "glue": _TEXT, "last": _TEXT}),
        _object({"kind": _TEXT, "unit": _TEXT, "value": _TEXT, "low": _DECIMAL, "high": _DECIMAL}, ("low", "high")),
    ],
}  # fmt: skip
"""A text that was made of others, or of a number: what `hostwise.reading.said.Said` says."""


def record_schema() -> dict[str, Any]:
    """The schema as a JSON value. Decimals are text, so that no reader rounds them."""
    file = _object({"file": _TEXT, "sha256": _SHA256})
    properties = {
        "hostwise": _object({"version": _TEXT, "record_format": {"const": 1}, "engines": {"type": "object"},
                             "allow_stale": {"type": "boolean"}}),
        "id": _SHA256,
        "as_of": _DAY,
        "rulebook": _object({"version": _TEXT, "sha256": _SHA256, "packs": _list(_PACK), "overdue": _list(_OVERDUE),
                             "sentences": _list({"$ref": "#/$defs/said"})}, ("sentences",)),
        "catalogue": _object({"sha256": _SHA256, "files": _list(file), "packages": {"type": "object"},
                              "overdue": _list(_OVERDUE)}),
        "answers": _object({"file": _TEXT, "sha256": _SHA256, "text": _TEXT, "values": _list({"type": "object"})}),
        "facts": _list(_FACT),
        "rules": _list(_RULE),
        "firings": _TEXTS,
        "ledgers": _list(_LEDGER),
        "break_even": _list(_CROSSING),
        "panel": {"type": "object", "patternProperties": {"^S[0-9]+$": _VOTE}, "additionalProperties": False},
        "robustness": _ROBUSTNESS,
        "counterfactuals": _list(_COUNTERFACTUAL),
        "verdict": _VERDICT,
    }  # fmt: skip
    node = _object(
        {"op": {"enum": ["all", "any", "not", "test", "always"]}, "truth": _TRUTH, "english": _TEXT,
         "fact": _OPTIONAL_TEXT, "test": _OPTIONAL_TEXT, "seen": _OPTIONAL_TEXT,
         "children": _list({"$ref": "#/$defs/condition"})}
    )  # fmt: skip
    return {
        "$schema": DIALECT,
        "title": "Hostwise decision record",
        **_object(properties),
        "$defs": {"said": _SAID, "condition": node, "map": _MAP, "trigger": _TRIGGER},
    }
