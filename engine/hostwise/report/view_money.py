"""Ledgers, alternatives and break-evens of a record as views."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from hostwise.report.figures import compact, money, percent, precise
from hostwise.report.language import Language
from hostwise.report.locale_values import unit_text
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
        tests = tuple(_test(leaf, words) for leaf in gate["held"])
        yield Hurdle(gate["rule"], gate["title"], words.say("hurdles.gate"), tests)
    for rule in dossier.get("rules", ()):
        overtaken = rule["overtaken_by"]
        effect = words.say("hurdles.overtaken", rule=overtaken) if overtaken else words.say("hurdles.rule")
        yield Hurdle(rule["rule"], rule["title"], effect, tuple(_test(leaf, words) for leaf in rule["failed"]))


def _test(leaf: Mapping[str, Any], words: Words) -> str:
    return words.say("hurdles.test", test=leaf["english"], seen=leaf["seen"]) if leaf["seen"] else str(leaf["english"])


def amount_of(band: Mapping[str, str] | None, currency: str, language: Language) -> Amount | None:
    """A band of the record as an amount; None where there is none."""
    if band is None:
        return None
    return Amount(Decimal(band["low"]), Decimal(band["likely"]), Decimal(band["high"]), currency, language)


def crossings_of(
    break_evens: Iterable[Mapping[str, Any]], options: Iterable[Option], language: Language
) -> tuple[Crossing, ...]:
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
            volume=_volume(entries, "first", language),
            lasting=_volume(entries, "lasting", language),
            naive=_volume(entries, "naive", language),
            sentences=tuple(str(e["sentence"]) for e in entries),
        )
        for (option, against), entries in pairs.items()
    )
    return tuple(sorted(found, key=lambda crossing: not crossing.feasible))


def _tokens(entries: Iterable[Mapping[str, Any]], kind: str) -> Decimal | None:
    found = next((e["tokens_per_month"] for e in entries if e["kind"] == kind), None)
    return Decimal(found) if found else None


def _volume(entries: Iterable[Mapping[str, Any]], kind: str, language: Language) -> str:
    found = _tokens(entries, kind)
    return compact(found, language) if found else ""


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
        monthly=amount_of(ledger["total"], currency, words.language) if ledger["priced"] else None,
        per_million=amount_of(ledger["per_million"], currency, words.language),
        gap=money(Decimal(gap), currency, words.language) if gap is not None else "",
        shares=_shares(items, currency, words),
        capacity=_capacity(ledger["capacity"] or {}, words),
        items=items,
        outlooks=tuple(_outlook(entry, currency, labels, words) for entry in ledger["outlooks"]),
        variants=tuple(_variant(entry, currency, words.language) for entry in ledger["variants"]),
        hurdles=tuple(_hurdles(alternative.get("dossier") or {}, words)),
    )


def _outlook(entry: Mapping[str, Any], currency: str, labels: Mapping[str, str], words: Words) -> Outlook:
    language = words.language
    return Outlook(
        months=int(entry["months"]),
        against=labels.get(entry["against"], entry["against"]),
        total=money(Decimal(entry["total"]), currency, language),
        saving=money(Decimal(entry["saving"]), currency, language),
        net_present_value=money(Decimal(entry["net_present_value"]), currency, language),
        payback=words.say("page.payback", month=entry["payback"]) if entry["payback"] else "",
    )


def _variant(entry: Mapping[str, Any], currency: str, language: Language) -> Variant:
    amount = amount_of(entry["total"], currency, language)
    assert amount is not None
    return Variant(name=entry["name"], monthly=amount, usable=bool(entry["usable"]), note=entry["note"])


def _item(item: Mapping[str, Any], currency: str, words: Words) -> Item:
    band = item["amount"]
    return Item(
        label=item["label"],
        group=item["group"],
        amount=Amount(Decimal(band["low"]), Decimal(band["likely"]), Decimal(band["high"]), currency, words.language),
        formula=item["formula"] or "",
        inputs=tuple(_input(entry, words) for entry in item["inputs"]),
        source=item["source"] or "",
        note=item["note"] or "",
    )


def _input(entry: Mapping[str, Any], words: Words) -> Input:
    return Input(
        name=entry["name"],
        value=_value(entry["value"], words),
        unit="" if entry["unit"] == "share" else unit_text(entry["unit"] or "", words.language),
        origin=words.label("origins", entry["origin"]),
        source=entry["source"] or "",
    )


def _value(value: Any, words: Words) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    low, likely, high = (precise(Decimal(value[end]), words.language) for end in ("low", "likely", "high"))
    return likely if low == high else words.say("page.band", likely=likely, low=low, high=high)


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
                words.language,
            )
            found.append(Share(group, words.label("groups", group), total))
    return tuple(found)


def _capacity(capacity: Mapping[str, Any], words: Words) -> tuple[tuple[str, str], ...]:
    """The capacity behind a ledger, labelled, for the keys that have a label."""
    labels = words.words["capacity"]
    return tuple(
        (
            str(labels[key]),
            percent(Decimal(value), words.language)
            if key in {"utilisation", "idle_share"}
            else _capacity_value(value, words.language),
        )
        for key, value in capacity.items()
        if key in labels and value not in (None, "")
    )


def _capacity_value(value: Any, language: Language) -> str:
    text = str(value)
    return precise(Decimal(text), language) if text.replace(".", "", 1).isdigit() else text
