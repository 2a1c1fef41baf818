"""Answers to three questions about a decision, as data: why, why not that option, and what if less were known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from hostwise.reading.diagnostics import Place

if TYPE_CHECKING:
    from hostwise.answers.load import Answers

Json = dict[str, Any]
Record = Mapping[str, Any]


def why(record: Record) -> Json:
    """The rule that decided, the tests that made it hold, and every fact down to the answers it rests on."""
    verdict = record["verdict"]
    rules = {rule["id"]: rule for rule in record["rules"]}
    rule = rules.get(verdict["rule"] or "")
    facts = {fact["name"]: fact for fact in record["facts"]}
    read = rule["reads"] if rule else []
    gates = [r for r in record["rules"] if r["stage"] == "gate" and r["truth"] == "true"]
    return {
        "status": verdict["status"],
        "option": verdict["option"],
        "rule": rule,
        "gates": gates,
        "facts": [dict(fact) for fact in _down(read, facts, rules)],
    }


def _down(names: list[str], facts: Mapping[str, Any], rules: Mapping[str, Any]) -> Iterator[Json]:
    """Facts in the order in which one rests on the next; a fact that a rule set rests on what the rule read."""
    pending, seen = [(name, 0) for name in names], set[str]()
    while pending:
        name, depth = pending.pop(0)
        fact = facts.get(name)
        if fact is None or name in seen:
            continue
        seen.add(name)
        yield {**fact, "depth": depth}
        source = rules.get(fact["source"] or "")
        inputs = source["reads"] if source else fact["inputs"]
        pending[:0] = [(each, depth + 1) for each in inputs]


def why_not(record: Record, option: str) -> Json:
    """What became of one option, with its dossier."""
    found: Json = next(entry for entry in record["verdict"]["alternatives"] if entry["option"] == option)
    return found


def without(answers: Answers, key: str) -> Answers:
    """The same answers, with nothing known about one question."""
    from hostwise.answers.load import Answer

    known = answers.values.get(key)
    place = known.place if known is not None else Place(answers.file)
    return replace(answers, values={**answers.values, key: Answer(key, None, place, "unknown")})


def decided_without(record: Record, key: str, rules: Path | None = None) -> Record:
    """The record of the same decision if nothing were known about one question: computed again."""
    from hostwise.decision.api import answers_from_text, decide

    answers = answers_from_text(record["answers"]["text"], record["answers"]["file"], rules=rules)
    day = date.fromisoformat(record["as_of"])
    stale = record["hostwise"].get("allow_stale") is True
    return decide(without(answers, key), as_of=day, rules=rules, allow_stale=stale).data


def if_unknown(record: Record, after: Record, key: str) -> Json:
    """The decision as it is, and `after` as it is without one answer: what changes, and what would be asked."""
    return {
        "key": key,
        "before": _outcome(record),
        "after": _outcome(after),
        "rules": list(_changed(record["rules"], after["rules"], "id", "truth")),
        "facts": list(_changed(record["facts"], after["facts"], "name", "shown")),
        "needs": after["verdict"]["needs"],
    }


def _outcome(record: Record) -> Json:
    verdict = record["verdict"]
    costs = {entry["option"]: entry["monthly"] for entry in verdict["alternatives"]}
    return {"status": verdict["status"], "option": verdict["option"], "rule": verdict["rule"], "costs": costs}


def _changed(before: list[Json], after: list[Json], key: str, value: str) -> Iterator[Json]:
    later = {entry[key]: entry for entry in after}
    for entry in before:
        now = later.get(entry[key])
        if now is not None and now[value] != entry[value]:
            label = entry.get("title") or entry.get("label") or entry[key]
            yield {key: entry[key], "label": label, "before": entry[value], "after": now[value]}
