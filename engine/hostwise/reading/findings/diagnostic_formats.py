"""Findings as text with a caret, as JSON, or as SARIF 2.1.0 (OASIS) for editors and CI."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import asdict

from hostwise.reading.findings.diagnostics import Diagnostic, Severity

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}


def as_text(findings: Iterable[Diagnostic], *, colour: bool = False) -> str:
    """One block a finding: place, message, the source line with a caret, what is accepted."""
    return "\n".join("\n".join(_lines(finding, colour)) for finding in findings)


def _lines(finding: Diagnostic, colour: bool) -> Iterable[str]:
    severity = finding.severity.value
    if colour:
        severity = f"\x1b[{_COLOURS[finding.severity]};1m{severity}\x1b[0m"
    found = f" (found: {printable(finding.found)})" if finding.found else ""
    yield f"{printable(str(finding.place))}: {severity}: {printable(finding.message)}{found}"
    if finding.excerpt is not None and finding.place.line:
        number = f"{finding.place.line:>5}"
        yield f"{number} | {printable(finding.excerpt)}"
        yield f"      | {' ' * (finding.place.column - 1)}^"
    if finding.accepted:
        yield f"      accepted: {printable(finding.accepted)}"
    if finding.suggestion:
        yield f"      did you mean {printable(finding.suggestion)!r}?"


def printable(text: str) -> str:
    """Text that cannot move the cursor or hide itself: control characters become `\\x1b` and the like."""
    return "".join(c if c.isprintable() else ("    " if c == "\t" else repr(c)[1:-1]) for c in text)


def as_json(findings: Sequence[Diagnostic]) -> str:
    """A JSON array, one object a finding."""
    rows = [{**asdict(f.place), **_without_place(f)} for f in findings]
    return json.dumps(rows, indent=2, ensure_ascii=False)


def _without_place(finding: Diagnostic) -> dict[str, Any]:
    row = asdict(finding)
    del row["place"]
    row["severity"] = finding.severity.value
    return row


def as_sarif(findings: Sequence[Diagnostic], version: str = "") -> str:
    """A SARIF 2.1.0 log with one run."""
    rules = [{"id": code} for code in sorted({finding.code for finding in findings})]
    driver = {"name": "hostwise", "informationUri": "https://pypi.org/project/hostwise/", "rules": rules}
    if version:
        driver["version"] = version
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": [_result(finding) for finding in findings]}],
    }
    return json.dumps(log, indent=2, ensure_ascii=False)


def _result(finding: Diagnostic) -> dict[str, Any]:
    parts = [finding.message]
    if finding.found:
        parts.append(f"Found: {finding.found}.")
    if finding.accepted:
        parts.append(f"Accepted: {finding.accepted}.")
    if finding.suggestion:
        parts.append(f"Did you mean {finding.suggestion!r}?")
    location: dict[str, Any] = {"artifactLocation": {"uri": finding.place.file}}
    if finding.place.line:
        location["region"] = {"startLine": finding.place.line, "startColumn": finding.place.column}
    return {
        "ruleId": finding.code,
        "level": finding.severity.value,
        "message": {"text": " ".join(parts)},
        "locations": [{"physicalLocation": location}],
    }
