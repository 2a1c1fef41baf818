"""Options, crossings of their costs, and what stood in their way, from the ledgers of a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from hostwise.economics.ledgers.ledger import ToldLine
from hostwise.economics.numbers.bands import total
from hostwise.economics.outlook.crossing import BreakEven
from hostwise.flow.why.reasons import Alternative
from hostwise.reading.numbers.number_format import format_number, format_range, format_share
from hostwise.record.format.record import RecordedLedger
from hostwise.report.language.language import Language
from hostwise.report.model.report import CostShare, Crossing, OptionLine
from hostwise.report.words.words import Words

GROUPS = ("tokens", "compute", "idle", "energy", "platform", "people", "risk", "one-time")
"""Cost elements in the order in which bars stack them."""


def options_of(
    ledgers: Iterable[RecordedLedger], alternatives: Iterable[Alternative], words: Words
) -> tuple[OptionLine, ...]:
    """Every option with its ledger and the reason it was or was not chosen, in written order."""
    by_option = {a.option: a for a in alternatives}
    return tuple(
        OptionLine(
            ledger,
            by_option[ledger.option],
            tuple(_shares(ledger.items, words)),
            _capacity(ledger.capacity or {}, words),
        )
        for ledger in ledgers
    )


def _shares(items: Iterable[ToldLine], words: Words) -> Iterable[CostShare]:
    """What each cost element comes to, in stacking order, those that we do not know last."""
    listed = list(items)
    for group in dict.fromkeys((*GROUPS, *(item.group for item in listed))):
        amounts = [item.amount for item in listed if item.group == group]
        if amounts:
            yield CostShare(group, words.label("groups", group), total(amounts))


def crossings_of(break_evens: Iterable[BreakEven], options: Iterable[OptionLine]) -> tuple[Crossing, ...]:
    """Break-evens, one a pair of options, those that no gate excludes first."""
    known = {option.id: option for option in options}
    labels = {option.id: option.label for option in known.values()}
    excluded = {option.id for option in known.values() if not option.feasible}
    pairs: dict[tuple[str, str], list[BreakEven]] = {}
    for entry in break_evens:
        pairs.setdefault((entry.option, entry.against), []).append(entry)
    found = tuple(
        Crossing(
            option_id=option,
            against_id=against,
            feasible=not excluded & {option, against},
            first_at=_tokens(entries, "first"),
            lasting_at=_tokens(entries, "lasting"),
            naive_at=_tokens(entries, "naive"),
            option=labels.get(option, option),
            against=labels.get(against, against),
            sentences=tuple(e.sentence for e in entries),
        )
        for (option, against), entries in pairs.items()
    )
    return tuple(sorted(found, key=lambda crossing: not crossing.feasible))


def _tokens(entries: Iterable[BreakEven], kind: str) -> Decimal | None:
    return next((e.tokens_per_month for e in entries if e.kind == kind), None)


SHARES = frozenset(("utilisation", "idle_share", "planning_cap"))
"""What of a capacity is a share."""


OF_ESTIMATE = frozenset(("at_once", "first_token_seconds", "token_ms", "answer_seconds"))
"""What of a capacity belongs to a throughput that was estimated, and not to one that its owner measured."""


def _capacity(capacity: Mapping[str, str], words: Words) -> tuple[tuple[str, str], ...]:
    """The capacity behind a ledger, labelled, for the keys that have a label; with its interval where it has one."""
    labels = words.words["capacity"]
    if capacity.get("throughput_origin") != "estimated":
        capacity = {key: value for key, value in capacity.items() if key not in OF_ESTIMATE}
    return tuple(
        (str(labels[key]), _with_interval(key, value, capacity, words))
        for key, value in capacity.items()
        if key in labels and value
    )


def _with_interval(key: str, value: str, capacity: Mapping[str, str], words: Words) -> str:
    language = words.language
    if key in SHARES:
        return format_share(Decimal(value), language)
    low, high = capacity.get(f"{key}_low"), capacity.get(f"{key}_high")
    likely = _capacity_value(value, language)
    if not low or not high or low == high:
        return likely
    ends = format_range(_capacity_value(low, language), _capacity_value(high, language), language)
    return words.say("interval", likely=likely, range=ends)


def _capacity_value(text: str, language: Language) -> str:
    return format_number(Decimal(text), language) if text.replace(".", "", 1).isdigit() else text
