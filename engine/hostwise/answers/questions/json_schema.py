"""The JSON Schema (draft 2020-12) of a questionnaire, so that editors complete and check it."""

from __future__ import annotations

from typing import Any

from hostwise.answers.questions.questions import Question, Questionnaire

DIALECT = "https://json-schema.org/draft/2020-12/schema"

# A number with the words beside it, or a range of two: what they may be says `rules/units.yaml`.
_QUANTITY = r"^\s*[-+−]?\s*[^\d\s{}\[\]]{0,7}\s*[-+−]?(\d|\.\d)[^{}\[\]]*$"
_UNKNOWN = {"const": "unknown", "description": "Nobody has this answer yet."}


def json_schema(questionnaire: Questionnaire) -> dict[str, Any]:
    """The schema as a JSON value. `hostwise check` finds more than a schema can say."""
    sections = {
        name: {
            "type": ["object", "null"],
            "title": section.title,
            "description": section.help,
            "additionalProperties": False,
            "properties": {q.name: _question(q) for q in questionnaire.of(name)},
            **({"required": required} if (required := [q.name for q in questionnaire.of(name) if q.required]) else {}),
        }
        for name, section in questionnaire.sections.items()
    }
    return {
        "$schema": DIALECT,
        "$id": "https://hostwise.example/questionnaire.schema.json",
        "title": "Hostwise questionnaire",
        "description": "Where should this LLM workload run? Answers for `hostwise decide`.",
        "type": "object",
        "additionalProperties": False,
        "required": sorted({q.section for q in questionnaire.questions if q.required}),
        "properties": sections,
        "$defs": {
            "quantity": {
                "anyOf": [
                    {"type": "number"},
                    {"type": "string", "pattern": _QUANTITY},
                    {"$ref": "#/$defs/band"},
                ]
            },
            "band": {
                "type": "object",
                "description": "A range with its most likely value.",
                "additionalProperties": False,
                "required": ["low", "high"],
                "properties": {
                    end: {"anyOf": [{"type": "number"}, {"type": "string", "pattern": _QUANTITY}]}
                    for end in ("low", "likely", "high")
                },
            },
        },
    }


def _question(question: Question) -> dict[str, Any]:
    schema: dict[str, Any] = {"title": question.label, "description": _description(question)}
    if question.default is not None:
        schema["default"] = _plain(question.default.value)
    if question.required:
        return {**schema, **_value(question)}
    return {**schema, "anyOf": [_value(question), _UNKNOWN, {"type": "null"}]}


def _value(question: Question) -> dict[str, Any]:
    if question.numeric:
        return {"$ref": "#/$defs/quantity"}
    if question.type == "boolean":
        return {"enum": [True, False, "yes", "no"]}
    if question.type == "enum":
        return {"oneOf": [{"const": word, "description": text} for word, text in question.values.items()]}
    if question.type == "set":
        item = {"enum": list(question.values)}
        return {"anyOf": [{"type": "array", "items": item, "uniqueItems": True}, item]}
    if question.type == "rates":
        number = {"type": "number", "exclusiveMinimum": 0}
        entry = {
            "type": "object",
            "additionalProperties": False,
            "required": ["rate"],
            "properties": {"rate": number, "as_of": {"type": "string"}, "source": {"type": "string"}},
        }
        return {
            "type": "object",
            "propertyNames": {"pattern": "^[A-Z]{3}$"},
            "additionalProperties": {"anyOf": [number, entry]},
        }
    if question.type == "date":
        return {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
    return {
        "type": ["string", "number"],
        **({"pattern": f"^{question.pattern}$"} if question.pattern else {}),
    }


def _description(question: Question) -> str:
    parts = [question.help, f"Why it is asked: {question.why}"]
    if question.unit:
        parts.append(f"Unit: {question.unit}.")
    if question.dimension:
        measure = question.measure.dimension
        parts.append(f"Dimension: {measure.label}, as {measure.example}.")
    if question.must_be_answered:
        parts.append("A gate: it must be answered before anything is decided.")
    if question.default is not None:
        parts.append(f"Default: {question.default.value} ({question.default.because})")
    return "\n\n".join(parts)


def _plain(value: Any) -> Any:
    return value if isinstance(value, (bool, str, int)) else float(value)
