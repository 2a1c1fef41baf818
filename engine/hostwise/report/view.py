"""What templates see of a record: the record itself, and the few views of it that a page needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Record = Mapping[str, Any]
SHOWN_TYPES = ("boolean", "enum", "date", "tokens", "count", "ratio", "money", "duration", "quantity")


def view(record: Record) -> dict[str, Any]:
    """The variables of a report template. Depends on the record alone."""
    from hostwise.report.notes import how_sure

    values = {value["key"]: value for value in record["answers"]["values"]}
    ledgers = {ledger["option"]: ledger for ledger in record["ledgers"]}
    verdict = record["verdict"]
    title = verdict["label"] or {"undecided": "Undecided", "infeasible": "No feasible option"}[verdict["status"]]
    return {
        "record": record,
        "name": values["workload.name"]["value"],
        "summary": values["workload.summary"]["value"],
        "owner": values["workload.owner"]["value"],
        "verdict_title": title,
        "how_sure": list(how_sure(record)),
        "labels": {option: ledger["label"] for option, ledger in ledgers.items()},
        "options": [{**row, "ledger": ledgers[row["option"]]} for row in verdict["alternatives"]],
        "capacity": [ledger for ledger in record["ledgers"] if ledger["capacity"] and ledger["feasible"]],
        "counts": {t: sum(r["truth"] == t for r in record["rules"]) for t in ("true", "false", "unknown")},
        "stopped": [{**r, "leaves": stopping(r["condition"])} for r in record["rules"] if r["truth"] == "false"],
        "assumptions": [fact for fact in record["facts"] if fact["type"] in SHOWN_TYPES and _matters(fact)],
        "unanswered": [value for value in record["answers"]["values"] if value["state"] == "unknown"],
    }


def _matters(fact: Mapping[str, Any]) -> bool:
    """Given and assumed values, and what was derived from them; not every flag of the flow."""
    if fact["value"] is None:
        return False
    if fact["origin"] in ("given", "assumed", "measured"):
        return True
    return fact["type"] not in ("boolean", "enum")


def stopping(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The tests that keep a condition from holding."""
    if node["truth"] == "true":
        return []
    if not node["children"] or node["op"] == "not":
        return [node]
    children = node["children"]
    if node["truth"] == "false" and node["op"] == "all":
        children = [child for child in children if child["truth"] == "false"]
    return [leaf for child in children for leaf in stopping(child)]
