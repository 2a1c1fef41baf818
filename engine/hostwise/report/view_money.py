"""Ledgers, alternatives and break-evens of a record as views."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from hostwise.report.figures import compact, money, percent, precise
from hostwise.report.model import Amount, Crossing, Hurdle, Input, Item, Option, Outlook, Share, Variant
from hostwise.report.words import Words

GROUPS = ("tokens", "compute", "idle", "energy", "platform", "people", "risk", "one-time")
"""Cost elements in the order in which bars stack them."""


def options_of(
    ledgers: Iterable[Mapping[str, Any]], alternatives: Iterable[Mapping[str, Any]], words: Words
) -> tuple[Option, ...]:
    """Every option with its ledger and the reason it was or was not chosen, in written order."""
    by_option, known = {a["option"]: a for a in alternatives}, tuple(ledgers)
    labels = {ledger["option"]: str(ledger["label"]) for ledger in known}
    return tuple(_option(ledger, by_option.get(ledger["option"], {}), labels, words) for ledger in known)


def _hurdles(dossier: Mapping[str, Any], words: Words) -> Iterator[Hurdle]:
    """What stood in an option's way: the gates first, then the rules that would have chosen it."""
    for gate in dossier.get("gates", ()):
        tests = tuple(_test(leaf) for leaf in gate["held"])
        yield Hurdle(gate["rule"], gate["title"], words.say("hurdles.gate"), tests)
    for rule in dossier.get("rules", ()):
        overtaken = rule["overtaken_by"]
        effect = words.say("hurdles.overtaken", rule=overtaken) if overtaken else words.say("hurdles.rule")
        yield Hurdle(rule["rule"], rule["title"], effect, tuple(_test(leaf) for leaf in rule["failed"]))


def _test(leaf: Mapping[str, Any]) -> str:
    return f"{leaf['english']} (it is {leaf['seen']})" if leaf["seen"] else str(leaf["english"])


def amount_of(band: Mapping[str, str] | None, currency: str) -> Amount | None:
    """A band of the record as an amount; None where there is none."""
    if band is None:
        return None
    return Amount(Decimal(band["low"]), Decimal(band["likely"]), Decimal(band["high"]), currency)


def crossings_of(break_evens: Iterable[Mapping[str, Any]], options: Iterable[Option]) -> tuple[Crossing, ...]:
    """Break-evens, one view a pair of options, those that no gate excludes first."""
    known = {option.id: option for option in options}
    labels = {option.id: option.label for option in known.values()}
    excluded = {option.id for option in known.values() if not option.feasible}
    pairs: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for entry in break_evens:
        pairs.setdefault((entry["option"], entry["against"]), []).append(entry)
    found = tuple(
        Crossing(
            option_id=option,
            against_id=against,
            feasible=not excluded & {option, against},
            first_at=_tokens(entries, "first"),
            naive_at=_tokens(entries, "naive"),
            option=labels.get(option, option),
            against=labels.get(against, against),
            volume=_volume(entries, "first"),
            lasting=_volume(entries, "lasting"),
            naive=_volume(entries, "naive"),
            sentences=tuple(str(e["sentence"]) for e in entries),
        )
        for (option, against), entries in pairs.items()
    )
    return tuple(sorted(found, key=lambda crossing: not crossing.feasible))


def _tokens(entries: Iterable[Mapping[str, Any]], kind: str) -> Decimal | None:
    found = next((e["tokens_per_month"] for e in entries if e["kind"] == kind), None)
    return Decimal(found) if found else None


def _volume(entries: Iterable[Mapping[str, Any]], kind: str) -> str:
    found = _tokens(entries, kind)
    return compact(found) if found else ""


def _option(
    ledger: Mapping[str, Any], alternative: Mapping[str, Any], labels: Mapping[str, str], words: Words
) -> Option:
    currency = ledger["currency"] or ""
    items = tuple(_item(item, currency, words) for item in ledger["items"])
    status = alternative.get("status") or ("not-compared" if ledger["feasible"] else "excluded")
    gap = alternative.get("gap")
    return Option(
        id=ledger["option"],
        label=ledger["label"],
        variant=ledger["variant"] or "",
        status=status,
        status_label=words.label("statuses", status),
        chosen=status == "chosen",
        feasible=bool(ledger["feasible"]),
        why=alternative.get("why") or ledger["why_not"] or "",
        rules=tuple(alternative.get("rules") or ledger["excluded_by"]),
        monthly=amount_of(ledger["total"], currency) if ledger["priced"] else None,
        per_million=amount_of(ledger["per_million"], currency),
        gap=money(Decimal(gap), currency) if gap is not None else "",
        shares=_shares(items, currency, words),
        capacity=_capacity(ledger["capacity"] or {}, words),
        items=items,
        outlooks=tuple(_outlook(entry, currency, labels) for entry in ledger["outlooks"]),
        variants=tuple(_variant(entry, currency) for entry in ledger["variants"]),
        hurdles=tuple(_hurdles(alternative.get("dossier") or {}, words)),
    )


def _outlook(entry: Mapping[str, Any], currency: str, labels: Mapping[str, str]) -> Outlook:
    return Outlook(
        months=int(entry["months"]),
        against=labels.get(entry["against"], entry["against"]),
        total=money(Decimal(entry["total"]), currency),
        saving=money(Decimal(entry["saving"]), currency),
        net_present_value=money(Decimal(entry["net_present_value"]), currency),
        payback=f"month {entry['payback']}" if entry["payback"] else "",
    )


def _variant(entry: Mapping[str, Any], currency: str) -> Variant:
    amount = amount_of(entry["total"], currency)
    assert amount is not None
    return Variant(name=entry["name"], monthly=amount, usable=bool(entry["usable"]), note=entry["note"])


def _item(item: Mapping[str, Any], currency: str, words: Words) -> Item:
    band = item["amount"]
    return Item(
        label=item["label"],
        group=item["group"],
        amount=Amount(Decimal(band["low"]), Decimal(band["likely"]), Decimal(band["high"]), currency),
        formula=item["formula"] or "",
        inputs=tuple(_input(entry, words) for entry in item["inputs"]),
        source=item["source"] or "",
        note=item["note"] or "",
    )


def _input(entry: Mapping[str, Any], words: Words) -> Input:
    return Input(
        name=entry["name"],
        value=_value(entry["value"]),
        unit=entry["unit"] or "",
        origin=words.label("origins", entry["origin"]),
        source=entry["source"] or "",
    )


def _value(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    low, likely, high = (precise(Decimal(value[end])) for end in ("low", "likely", "high"))
    return likely if low == high else f"{likely} ({low} to {high})"


def _shares(items: Iterable[Item], currency: str, words: Words) -> tuple[Share, ...]:
    found: list[Share] = []
    listed = list(items)
    groups = [*GROUPS, *dict.fromkeys(item.group for item in listed if item.group not in GROUPS)]
    for group in groups:
        amounts = [item.amount for item in listed if item.group == group]
        if amounts:
            total = Amount(
                sum((a.low for a in amounts), Decimal(0)),
                sum((a.likely for a in amounts), Decimal(0)),
                sum((a.high for a in amounts), Decimal(0)),
                currency,
            )
            found.append(Share(group, words.label("groups", group), total))
    return tuple(found)


def _capacity(capacity: Mapping[str, Any], words: Words) -> tuple[tuple[str, str], ...]:
    """The capacity behind a ledger, labelled, for the keys that have a label."""
    labels = words.words["capacity"]
    return tuple(
        (str(labels[key]), percent(Decimal(value)) if key in {"utilisation", "idle_share"} else _capacity_value(value))
        for key, value in capacity.items()
        if key in labels and value not in (None, "")
    )


def _capacity_value(value: Any) -> str:
    text = str(value)
    return precise(Decimal(text)) if text.replace(".", "", 1).isdigit() else text
