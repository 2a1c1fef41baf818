"""The heads of a pack: `inputs:`, facts that somebody else gives, and `facts:`, which its rules derive."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hostwise.answers.facts import FactSpec, FactType
from hostwise.reading.files.yaml_file import Document
from hostwise.reading.findings.diagnostics import Diagnostic
from hostwise.reading.findings.suggest import nearest
from hostwise.rulebook.language import conditions as c
from hostwise.rulebook.language.rules import HIT_POLICIES, NUMERIC_POLICIES, DerivedFact, InputFact
from hostwise.rulebook.language.unary_tests import BadTest, parse_unary

FACT_KEYS = ("type", "values", "label", "unit", "default", "hit_policy")
INPUT_KEYS = ("type", "values", "label", "unit", "min", "max")
Findings = list[Diagnostic]


def declared_facts(
    document: Document, pack_keys: tuple[str, ...], findings: Findings
) -> Iterator[tuple[str, DerivedFact]]:
    """The facts that the rules of a pack derive, by name."""
    if not isinstance(document.data, dict):
        accepted = ", ".join(pack_keys)
        findings.append(document.finding((), "not-a-pack", "a rule pack is a mapping", accepted=accepted))
        return
    for name, entry, spec in _specs(document, "facts", FACT_KEYS, findings):
        values = {key: _value(document, name, key, entry, spec, findings) for key in ("default",) if key in entry}
        policy = _policy(document, name, entry, spec, findings)
        if None not in values.values() and policy is not None:
            yield name, DerivedFact(spec, values.get("default"), policy)


def declared_inputs(document: Document, findings: Findings) -> Iterator[tuple[str, InputFact]]:
    """The facts that a pack reads and that nobody here derives, by name, with their bounds."""
    if isinstance(document.data, dict):
        for name, entry, spec in _specs(document, "inputs", INPUT_KEYS, findings):
            ends = {
                key: _value(document, name, key, entry, spec, findings, section="inputs")
                for key in ("min", "max")
                if key in entry
            }
            if all(isinstance(end, Decimal) for end in ends.values()):
                yield name, InputFact(spec, ends.get("min"), ends.get("max"))  # type: ignore[arg-type]


def _specs(
    document: Document, section: str, keys: tuple[str, ...], findings: Findings
) -> Iterator[tuple[str, dict[str, Any], FactSpec]]:
    entries = document.data.get(section) or {}
    if not isinstance(entries, dict):
        findings.append(document.finding((section,), "not-facts", f"{section} is a mapping from names to facts"))
        return
    for name, entry in entries.items():
        path = (section, name)
        kind = entry.get("type") if isinstance(entry, dict) else None
        if not isinstance(kind, str) or kind not in set(FactType):
            accepted = ", ".join(FactType)
            message = f"{name} needs a type"
            findings.append(document.finding(path, "fact-type", message, found=str(kind), accepted=accepted))
            continue
        unknown = [key for key in entry if key not in keys]
        for key in unknown:
            findings.append(
                document.finding((*path, key), "unknown-key", f"unknown key {key!r}", key=True,
                                 accepted=", ".join(keys), suggestion=nearest(key, keys))
            )  # fmt: skip
        values = entry.get("values", [])
        texts = (entry.get("label", name), entry.get("unit", ""))
        if not isinstance(values, list) or not all(isinstance(item, str) for item in (*values, *texts)):
            message = f"{name}: values is a list of words, label and unit are words"
            findings.append(document.finding(path, "fact-words", message))
        elif not unknown:
            yield name, entry, FactSpec(name, FactType(kind), texts[0], texts[1], tuple(values))


def _value(
    document: Document,
    name: str,
    key: str,
    entry: dict[str, Any],
    spec: FactSpec,
    findings: Findings,
    section: str = "facts",
) -> c.Literal | None:
    try:
        parsed = parse_unary(entry[key], spec, {})
    except BadTest as problem:
        path = (section, name, key)
        findings.append(document.finding(path, key, str(problem), found=problem.found, accepted=problem.accepted))
        return None
    if isinstance(parsed, c.Equals):
        return parsed.value
    findings.append(document.finding((section, name, key), key, f"{key} of {name} must be one value"))
    return None


def _policy(document: Document, name: str, entry: dict[str, Any], spec: FactSpec, findings: Findings) -> str | None:
    policy = entry.get("hit_policy", "any")
    path = ("facts", name, "hit_policy")
    if policy not in HIT_POLICIES:
        accepted = ", ".join(HIT_POLICIES)
        message = f"{name} holds one value, so its hit policy must leave one"
        findings.append(document.finding(path, "hit-policy", message, found=str(policy), accepted=accepted,
                                         suggestion=nearest(str(policy), HIT_POLICIES)))  # fmt: skip
        return None
    if policy in NUMERIC_POLICIES and spec.type in (FactType.BOOLEAN, FactType.ENUM, FactType.TEXT, FactType.DATE):
        findings.append(document.finding(path, "hit-policy", f"{policy} adds up numbers, and {name} is {spec.type}"))
        return None
    if policy == "priority" and spec.type is not FactType.ENUM:
        message = f"priority goes by the order of values:, and {name} has none"
        findings.append(document.finding(path, "hit-policy", message))
        return None
    return str(policy)
