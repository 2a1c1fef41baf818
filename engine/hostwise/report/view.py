"""A record's data to the views that templates see. The only module that knows the record's shape whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from hostwise.reading.diagnostics import Diagnostic, InputError, Place
from hostwise.report.clean import one_line, printable_data, shortened
from hostwise.report.figures import compact, long_date, money, percent
from hostwise.report.in_language import in_language
from hostwise.report.language import Language
from hostwise.report.model import (
    Answer,
    Constraint,
    Dissent,
    Fact,
    Near,
    Need,
    Pack,
    Question,
    Reason,
    Recomputed,
    Report,
    Verdict,
    Vote,
    WayOut,
)
from hostwise.report.model_robustness import Robustness
from hostwise.report.view_line import line_of
from hostwise.report.view_money import crossings_of, options_of
from hostwise.report.view_plan import advice_of, needs_of, plan_of
from hostwise.report.view_robustness import in_futures, robustness_of
from hostwise.report.view_rules import cites_view, stages_of
from hostwise.report.words import Words

TITLE_LENGTH = 64
SUMMARY_LENGTH = 420


def report_of(data: Mapping[str, Any], words: Words) -> Report:
    """Build the view of a record. Raises `InputError` when it has not the shape of its format."""
    try:
        return _report(printable_data(in_language(data, words.language)), words)
    except (KeyError, TypeError, AttributeError, ValueError, IndexError, InvalidOperation) as problem:
        what = f"{problem.args[0]!r} is missing" if isinstance(problem, KeyError) else str(problem)
        raise InputError(
            [
                Diagnostic(
                    Place("record"),
                    "not-a-record",
                    f"the record has not the shape of record format 1: {what}",
                    accepted="what `hostwise decide --json` writes",
                )
            ]
        ) from problem


def _report(data: Mapping[str, Any], words: Words) -> Report:
    values = {v["key"]: v for v in data["answers"]["values"]}
    facts = {f["name"]: f for f in data["facts"]}
    options = options_of(data["ledgers"], data["verdict"]["alternatives"], words)
    labels = {o.id: o.label for o in options}
    workload = _answer(values, "workload.name") or words.say("page.unnamed")
    crossings = crossings_of(data["break_even"], options, words.language)
    rule_ids = frozenset(r["id"] for r in data["rules"])
    views = [_fact(f, facts, data["answers"]["file"], rule_ids, words) for f in data["facts"]]
    fact_labels = {name: f["label"] or name for name, f in facts.items()}
    near = tuple(_near(n, data, facts, labels, words) for n in data["robustness"]["near_thresholds"])
    robust = robustness_of(data, options, _answer(values, "workload.currency"), words)
    return Report(
        id=data["id"],
        workload=shortened(workload, 160),
        short_title=shortened(workload, TITLE_LENGTH),
        summary=shortened(_answer(values, "workload.summary"), SUMMARY_LENGTH),
        owner=shortened(_answer(values, "workload.owner"), 120) or words.say("page.nobody"),
        task=_answer(values, "workload.task"),
        stage_of_work=_answer(values, "workload.stage"),
        as_of=long_date(data["as_of"], words.language),
        as_of_iso=data["as_of"],
        currency=_answer(values, "workload.currency"),
        questionnaire=data["answers"]["file"],
        questionnaire_sha256=data["answers"]["sha256"],
        version=data["hostwise"]["version"],
        engines=", ".join(data["hostwise"]["engines"]["used"]),
        engines_note=data["hostwise"]["engines"]["note"] or "",
        rulebook=data["rulebook"]["version"],
        rulebook_sha256=data["rulebook"]["sha256"],
        catalogue_sha256=data["catalogue"]["sha256"],
        packages=tuple(data["catalogue"]["packages"].items()),
        volume=facts["tokens_per_month"]["shown"] if "tokens_per_month" in facts else "",
        verdict=_verdict(data, near, robust, labels, words),
        options=options,
        aspects=tuple(data["verdict"]["plan"]["aspects"].values()),
        needs=needs_of(data["verdict"], options),
        crossings=crossings,
        line=line_of(data["ledgers"], options, crossings, _tokens_today(facts), words.language),
        votes=tuple(_vote(who, vote, data["verdict"]["option"], words) for who, vote in data["panel"].items()),
        stages=stages_of(data["rules"], labels, fact_labels, words),
        given=tuple(f for f in views if f.origin in {"given", "measured"} and f.known),
        assumed=tuple(f for f in views if f.origin == "assumed" and f.known),
        derived=tuple(f for f in views if f.origin == "derived" and f.known and not f.by_rule),
        concluded=tuple(f for f in views if f.origin == "derived" and f.known and f.by_rule),
        unknown=tuple(f for f in views if not f.known),
        open_questions=tuple(
            Question(v["key"], v["label"], v["help"], words.label("answer_states", v["state"]))
            for v in data["answers"]["values"]
            if v["state"] == "unknown"
        ),
        near=near,
        robustness=robust,
        packs=tuple(_pack(p) for p in data["rulebook"]["packs"]),
    )


def _tokens_today(facts: Mapping[str, Mapping[str, Any]]) -> Decimal | None:
    value = facts.get("tokens_per_month", {}).get("value")
    return Decimal(value) if value else None


def _answer(values: Mapping[str, Mapping[str, Any]], key: str) -> str:
    value = values.get(key, {}).get("value")
    return "" if value is None else one_line(str(value))


def _verdict(
    data: Mapping[str, Any], near: Iterable[Near], robust: Robustness, labels: Mapping[str, str], words: Words
) -> Verdict:
    verdict = data["verdict"]
    status = verdict["status"]
    values = {v["key"]: v["value"] for v in data["answers"]["values"]}
    gates = {r["id"]: Constraint(r["id"], r["title"], r["because"]) for r in data["rules"] if r["stage"] == "gate"}
    return Verdict(
        status=status,
        heading=verdict["label"] or words.label("outcomes", status),
        sentence=verdict["sentence"],
        rule=verdict["rule"] or "",
        reasons=tuple(Reason(r["rule"], r["text"], cites_view(r["cites"])) for r in verdict["reasons"]),
        dissent=tuple(
            Dissent(d["who"], data["panel"].get(d["who"], {}).get("label") or d["vote"], d["text"])
            for d in verdict["dissent"]
        ),
        conditions=advice_of(verdict["conditions"]),
        risks=advice_of(verdict["risks"]),
        next_steps=advice_of(verdict["next_steps"]),
        revisit=advice_of(verdict["revisit"]),
        notes=advice_of(verdict.get("notes", [])),
        plan=plan_of(verdict, words.say("plan.other")),
        needs=tuple(
            Need(n["key"], n["label"], n["question"] or "", n["why"] or "", n["settles"] or "", n["ask_of"])
            for n in verdict["needs"]
        ),
        conflicts=tuple(tuple(gates[rule] for rule in rules) for rules in verdict["conflicts"]),
        ways_out=tuple(_way_out(way, gates, values["workload.currency"], words) for way in verdict["ways_out"]),
        possible=tuple(labels.get(o, words.label("outcomes", o)) for o in verdict["possible"]),
        confidence=(
            *_stale(data, words),
            *in_futures(robust, verdict["option"], words),
            *(_confidence(data, near, labels, words) if status == "decided" else ()),
        ),
    )


def _way_out(way: Mapping[str, Any], gates: Mapping[str, Constraint], currency: str, words: Words) -> WayOut:
    return WayOut(
        lift=tuple(gates[rule] for rule in way["lift"]),
        answers=tuple(Answer(a["key"], a["label"], shortened(a["shown"], 120), a["ask_of"]) for a in way["answers"]),
        label=way["label"],
        sentence=way["sentence"],
        monthly=money(Decimal(way["monthly"]), currency, words.language) if way["monthly"] else "",
    )


def _stale(data: Mapping[str, Any], words: Words) -> Iterable[str]:
    """What the decision rests on that is past its review date."""
    overdue = [*data["rulebook"].get("overdue", ()), *data["catalogue"].get("overdue", ())]
    if any(entry["too_old"] for entry in overdue):
        yield words.say("sure.allow_stale")
    alike: dict[tuple[str, str, str], list[str]] = {}
    for entry in overdue:
        alike.setdefault((entry["kind"], entry["as_of"], entry["review_by"]), []).append(entry["name"])
    for (kind, as_of, review_by), names in alike.items():
        dates = {"as_of": long_date(as_of, words.language), "review_by": long_date(review_by, words.language)}
        yield words.say("sure.overdue", kind=words.label("stale", kind), names=", ".join(names), **dates)


def _confidence(
    data: Mapping[str, Any], near: Iterable[Near], labels: Mapping[str, str], words: Words
) -> Iterable[str]:
    """How firm the verdict is, one sentence a finding."""
    robust = data["robustness"]
    flips = [n for n in near if n.changes]
    for n in flips[:2]:
        yield words.say("sure.near", label=n.label, value=n.value, threshold=n.threshold, other=n.other)
    overlap = [labels.get(o, o) for o in robust.get("cost_overlap", [])]
    if overlap:
        yield words.say("sure.overlap", options=", ".join(overlap))
    ranged = robust["one_at_a_time"]
    own = data["verdict"]["option"]
    turning = [r for r in ranged if {r["low"]["verdict"], r["high"]["verdict"]} != {own}]
    if turning:
        facts = {f["name"]: f for f in data["facts"]}
        yield words.say("sure.ranges_turn", facts=", ".join(_label(facts, r["fact"]) for r in turning))
    elif ranged:
        yield words.say("sure.ranges_hold", count=len(ranged))
    if not flips and not turning:
        yield words.say("sure.no_threshold")
    votes = [v for v in data["panel"].values() if v["agrees_with"]]
    agree = sum(1 for v in votes if own in v["agrees_with"])
    yield words.say(
        "sure.panel",
        agree=agree,
        against=len(votes) - agree,
        open=len(data["panel"]) - len(votes),
        total=len(data["panel"]),
    )


def _near(
    entry: Mapping[str, Any],
    data: Mapping[str, Any],
    facts: Mapping[str, Mapping[str, Any]],
    labels: Mapping[str, str],
    words: Words,
) -> Near:
    other = entry["verdict_other_side"]
    kind = facts.get(entry["fact"], {}).get("type", "")
    own = data["verdict"]["option"] or data["verdict"]["status"]
    return Near(
        label=_label(facts, entry["fact"]),
        value=_number(entry["value"], kind, words.language),
        threshold=_number(entry["threshold"], kind, words.language),
        rule=entry["rule"],
        other=labels.get(other, words.label("outcomes", other)),
        changes=other != own,
    )


def _number(text: str, kind: str, language: Language) -> str:
    number = Decimal(text)
    return percent(number, language) if kind == "ratio" else compact(number, language)


def _label(facts: Mapping[str, Mapping[str, Any]], name: str) -> str:
    return str(facts.get(name, {}).get("label") or name)


def _vote(who: str, vote: Mapping[str, Any], option: str | None, words: Words) -> Vote:
    sides = vote.get("agrees_with") or []
    return Vote(
        who=who,
        title=vote["title"],
        label=vote.get("label") or vote["vote"],
        because=vote["because"],
        caution=vote.get("caution") or "",
        flags=tuple(flag["text"] for flag in vote["flags"]),
        rule=vote["rule"] or "",
        agrees=option in sides if sides and option else None,
        arithmetic=tuple(
            Recomputed(r["id"], tuple(r["claims"]), r["stated"], words.label("findings", r["finding"]), r["correct"])
            for r in vote["arithmetic"]
        ),
    )


def _fact(
    fact: Mapping[str, Any],
    facts: Mapping[str, Mapping[str, Any]],
    file: str,
    rule_ids: frozenset[str],
    words: Words,
) -> Fact:
    place = ""
    if fact["line"]:
        own = fact["file"] == file
        place = words.say("page.line", line=fact["line"]) if own else f"{fact['file']}:{fact['line']}"
    return Fact(
        name=fact["name"],
        label=fact["label"] or fact["name"],
        shown=shortened(fact["shown"], 400),
        origin=fact["origin"],
        place=place,
        source=fact["source"] or "",
        formula=fact["formula"] or "",
        inputs=tuple(_label(facts, name) for name in fact["inputs"]),
        known=fact["value"] is not None,
        by_rule=fact["source"] in rule_ids,
    )


def _pack(pack: Mapping[str, Any]) -> Pack:
    return Pack(
        id=pack["id"],
        title=pack["title"],
        version=pack["version"],
        as_of=pack["as_of"],
        review_by=pack["review_by"],
        rules=str(pack["rules"]),
        sha256=pack["sha256"],
    )
