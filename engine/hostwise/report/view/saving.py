"""What a verdict saves, or costs more: against what, by how much, and in which range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from hostwise.economics.catalogue.computed_facts import FIRST_STEP, STAY
from hostwise.economics.numbers.bands import NOTHING, Band
from hostwise.economics.numbers.currency import BASE
from hostwise.reading.numbers.fact_types import FactType
from hostwise.reading.numbers.number_format import format_band, format_quantity
from hostwise.record.format.record import Record, RecordedFact
from hostwise.report.model.first_page import ShownSaving
from hostwise.report.model.report import OptionLine
from hostwise.report.words.words import Words

MONTHS, IN_USE = 12, "current_api."
"""Months of the saving, and what the questions on what runs today begin with."""
API_IN_USE = "api_in_use_monthly"
EDGE = "edge-"
"""How the lines of a ledger begin that only devices have."""


def shown_saving(record: Record, options: Sequence[OptionLine], words: Words) -> ShownSaving | None:
    """What the first page says is saved; None where nothing is moved, or nothing is there to compare with."""
    saving, once = _saving(record, options, words), says(record, "runs_once", True)
    if saving is None:
        return None
    growth = next((number_of(fact) for fact in record.facts if fact.name == "growth_per_month"), None)
    good = _chance(record) if (saving.staying or saving.in_use) and not saving.more else None
    return _within_horizon(replace(saving, once=once, grows=bool(growth) and not once, good=good), record)


def _saving(record: Record, options: Sequence[OptionLine], words: Words) -> ShownSaving | None:
    """Against what runs today; where that is the verdict itself, or nothing is known to run, the cheapest other one.

    None where nothing is moved yet: then nothing is saved.
    """
    if says(record, FIRST_STEP, STAY):
        return None
    chosen = next((option for option in options if option.chosen), None)
    if chosen is None or chosen.monthly is None:
        return None
    outlook = next((each for each in chosen.outlooks if each.months == MONTHS), None)
    stays = outlook is not None and any(option.id == outlook.against and option.feasible for option in options)
    # Where another model of that API was scored and is near enough, it is what would be stayed with.
    scored = says(record, "api_scored_well", True)
    moved = scored and outlook is not None and chosen.id != outlook.against
    staying = _staying(record, words) if stays and not moved else None
    if staying is not None:
        name, cost, fact = staying
        if outlook is not None and chosen.id == outlook.against:
            # Two models for the same work: the volumes that make one dear make the other so, and the range of the
            # difference is not that of two costs apart.
            saved = _between(record, cost.likely - chosen.monthly.likely)
            found = _against(NOTHING, name, saved, staying=True)
            fails = record.robustness.api_stays is not None  # those futures are not among those of the range
            said = "drawn_if_good" if fails else "drawn"
            sayable = fact == API_IN_USE and (not fails or _chance(record) is not None)
            return _over_futures(found, fact, record, said) if sayable else found
        return _over_futures(_against(chosen.monthly, name, cost, staying=True), fact, record)
    known = {option.id: option for option in options if option.monthly and not option.chosen}
    rivals = [option for option in known.values() if option.feasible]
    runs = any(each.key.startswith(IN_USE) and each.state == "given" for each in record.answers.values)
    other = known.get(outlook.against) if outlook and runs else None
    # Of a model that has left its API, or may not be used where it is, nothing is known to run.
    gone = says(record, "api_model_moves", True) and (scored or says(record, API_IN_USE, None))
    gone = gone and not says(record, "current_tier", "open-model")
    in_use = other is not None and other.feasible and not gone
    if other is None or not in_use:
        # What a server would do is held against no phone: of what is ruled out, a device is the last to compare with.
        rest = [option for option in known.values() if not _on_device(option)] or known.values()
        other = min(rivals or rest, key=_likely, default=None)
    if other is None or other.monthly is None:
        return None
    found = _against(chosen.monthly, other.label, other.monthly, in_use=in_use, ruled_out=not other.feasible)
    found = _over_futures(found, other.id, record)
    today = known.get(outlook.against) if outlook and runs else None
    if today is not None and not today.feasible:
        found = replace(found, bill=_paid(record, {fact.name: fact for fact in record.facts}, words))
    then = first_year(other)
    return found if outlook is None or then is None else replace(found, first_year=then - outlook.total)


def _chance(record: Record) -> str | None:
    """The chance that the model to move to is good enough, as it is shown; None where that is not in doubt."""
    good = next((fact for fact in record.facts if fact.name == "two_steps.good"), None)
    share = number_of(good) if good else None
    return good.shown if good and share is not None and share < 1 else None


def _between(record: Record, likely: Decimal) -> Band:
    """The range of what the plan of the option in use saves against staying, around its likely value."""
    names = {"open_model_moves": "open_move_saving", "open_seller_moves": "open_seller_saving"}
    name = next((saving for moves, saving in names.items() if says(record, moves, True)), "api_move_saving")
    fact = next((fact for fact in record.facts if fact.name == name), None)
    low, high = (likely if end is None else end for end in ((fact.low, fact.high) if fact else (None, None)))
    return Band(min(low, likely), likely, max(high, likely))


def first_year(option: OptionLine) -> Decimal | None:
    """What an option costs over twelve months, with growth and falling prices counted; None where it is not known."""
    return next((each.total for each in option.outlooks if each.months == MONTHS), None)


def _staying(record: Record, words: Words) -> tuple[str, Band, str] | None:
    """Staying on the model in use, what it costs, and the fact that says so, where the API's own plan is to leave it.

    A model that leaves its API is costed with its replacement from that day on, and so it is said.
    """
    facts = {fact.name: fact for fact in record.facts}
    if (there := _staying_on_open_model(facts, words)) is not None:
        return there
    moves, model, cost = (facts.get(name) for name in ("api_model_moves", "current_model", API_IN_USE))
    if moves is None or moves.value is not True or model is None or cost is None or not isinstance(cost.value, str):
        return None
    leaves, then, likely = facts["api_model_leaves"].value, facts.get("two_steps.replacement"), Decimal(cost.value)
    name = words.say("first.staying", model=model.shown) if model.value else words.say("first.staying_bill")
    if leaves is True and then is not None and then.value is not None:
        writes = facts["two_steps.writes"]
        as_much = isinstance(writes.value, str) and Decimal(writes.value) == 1
        said = "first.staying_leaves_as_much" if as_much else "first.staying_leaves"
        name = words.say(said, model=model.shown, replacement=then.shown, times=writes.shown)
        bill = _paid(record, facts, words)
        if bill is not None:  # what would be saved can be more than is paid today
            name = words.say("first.staying_paid", staying=name, bill=bill)
    return name, Band(*(likely if end is None else end for end in (cost.low, likely, cost.high))), cost.name


def _staying_on_open_model(facts: Mapping[str, RecordedFact], words: Words) -> tuple[str, Band, str] | None:
    """Staying with the seller of the open model in use, where another seller of it or another open model costs less."""
    moves = any(name in facts and facts[name].value is True for name in ("open_seller_moves", "open_model_moves"))
    model, seller, cost = (facts.get(name) for name in ("current_model", "current_provider", "open_in_use_monthly"))
    if not moves or model is None or cost is None or not isinstance(cost.value, str):
        return None
    known = seller is not None and isinstance(seller.value, str)
    name = (
        words.say("first.staying_seller", model=model.shown, seller=seller.shown)
        if seller and known
        else (words.say("first.staying_there", model=model.shown))
    )
    likely = Decimal(cost.value)
    return name, Band(*(likely if end is None else end for end in (cost.low, likely, cost.high))), cost.name


def _paid(record: Record, facts: Mapping[str, RecordedFact], words: Words) -> str | None:
    """What the API in use costs today, in the currency of the costs beside it."""
    bill, currency = facts["api_spend_usd_month"], next((ledger.currency for ledger in record.ledgers), BASE)
    rate = facts.get(f"exchange_rate.{currency}")
    if not isinstance(bill.value, str) or (currency != BASE and (rate is None or not isinstance(rate.value, str))):
        return None
    dollars = Decimal(1) if rate is None or currency == BASE else Decimal(str(rate.value))
    likely = Decimal(bill.value)
    low, high = (likely if end is None else end for end in (bill.low, bill.high))
    unit = f"{currency}/month"
    if low == high:
        return format_quantity(likely / dollars, FactType.MONEY, unit, words.language)
    return format_band(likely / dollars, low / dollars, high / dollars, FactType.MONEY, unit, words.language)


def _against(
    chosen: Band, other: str, cost: Band, *, in_use: bool = False, ruled_out: bool = False, staying: bool = False
) -> ShownSaving:
    month = cost - chosen
    return ShownSaving(other, in_use, ruled_out, staying, month, month * Band.exactly(MONTHS), MONTHS, None)


def _over_futures(saving: ShownSaving, other: str, record: Record, said: str = "drawn") -> ShownSaving:
    """The saving with the range of its futures, which price both options: two ranges apart know of no common cause."""
    drawn = next((each for each in record.robustness.savings if each.against == other), None)
    if drawn is None:
        return saving
    likely = saving.month.likely
    month = Band(min(drawn.low, likely), likely, max(drawn.high, likely))
    return replace(saving, month=month, year=month * Band.exactly(MONTHS), drawn=said if month.low < month.high else "")


def _within_horizon(saving: ShownSaving, record: Record) -> ShownSaving:
    """A month bears its share of what is paid once: twelve of a shorter horizon bear too much."""
    stated = next((number_of(fact) for fact in record.facts if fact.name == "horizon_months"), None)
    if stated is None or stated >= MONTHS:
        return saving
    return replace(saving, months=int(stated), year=saving.month * Band.exactly(int(stated)), first_year=None)


def _on_device(option: OptionLine) -> bool:
    """Whether an option is work on devices: nothing but their lines is in its ledger."""
    return any(item.id.startswith(EDGE) for item in option.ledger.items)


def _likely(option: OptionLine) -> Decimal:
    return option.monthly.likely if option.monthly else Decimal(0)


def number_of(fact: RecordedFact) -> Decimal | None:
    """A fact's number; None where it is none, or not known."""
    return Decimal(fact.value) if isinstance(fact.value, str) else None


def says(record: Record, name: str, value: bool | str | None) -> bool:
    """Whether a fact of the record has this value."""
    return any(fact.name == name and fact.value == value for fact in record.facts)
