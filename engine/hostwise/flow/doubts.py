"""What is doubtful about answers that are valid: numbers that are rarely so, and two that hardly fit each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import Fact, FactType
from hostwise.answers.files.answer import Answer
from hostwise.answers.plausible import Plausible, answer_doubts, close, load_plausible, two_apart, warning
from hostwise.answers.questions.questions import Questionnaire
from hostwise.economics.prices.prices import NoPrice, TokenPrice
from hostwise.reading.findings.diagnostics import Diagnostic
from hostwise.reading.findings.suggest import nearest
from hostwise.reading.translatable import fill, prose

SPEND = "current_api.spend_per_month"
BILLED = ("api_spend_usd_month", "tokens_per_month", "api_list_cost_usd_month")
"""The bill in dollars, the volume, and what its tokens come to at the list price or the one that is given."""
MODEL = "current_api.model"
MILLION = 1_000_000


def doubts(
    values: Mapping[str, Answer],
    facts: Mapping[str, Fact],
    questionnaire: Questionnaire,
    prices: Mapping[str, TokenPrice | NoPrice],
) -> tuple[Diagnostic, ...]:
    """Warnings about answers, in the order of their lines.

    `facts` are theirs and what the economics derive, `prices` those that were found for each option.
    """
    table = load_plausible(Path(questionnaire.file).parent)
    found = [*answer_doubts(values, questionnaire), *_unpriced(values, facts), *_from_elsewhere(values, prices)]
    if SPEND in values:
        found += bill_doubts(values[SPEND], [_number(facts[name]) for name in BILLED], table)
    return tuple(sorted(found, key=lambda finding: (finding.place.line, finding.place.column)))


def _unpriced(values: Mapping[str, Answer], facts: Mapping[str, Fact]) -> Iterator[Diagnostic]:
    """A model in use that no price list has under its name, and whose price is not given."""
    model = values.get(MODEL)
    volume, price, tier = (facts[name].value for name in ("tokens_per_month", "api_price_blended", "current_tier"))
    if model is None or model.unknown or volume is None or price is not None or tier == "open-model":
        return
    yield warning(
        model,
        "unpriced-model",
        fill(_UNPRICED, model=repr(model.value)),
        accepted="the name in its seller's price list, which hostwise catalogue prices prints; "
        "or input_price and output_price",
    )


def _from_elsewhere(values: Mapping[str, Answer], prices: Mapping[str, TokenPrice | NoPrice]) -> Iterator[Diagnostic]:
    """Sellers of whom no price of the model named is known, so that another's was taken."""
    for section in ("current_api", "open_provider"):
        provider, model = values.get(f"{section}.provider"), values.get(f"{section}.model")
        if provider is None or model is None or provider.unknown or model.unknown:
            continue
        taken = next((p for p in prices.values() if isinstance(p, TokenPrice) and p.instead_of == provider.value), None)
        if taken is not None and taken.seller:
            named = {"model": str(model.value), "provider": str(provider.value), "seller": taken.seller}
            more = {"suggestion": taken.seller} if nearest(str(provider.value), (taken.seller,)) else {}
            accepted = "the seller's name; or input_price and output_price"
            yield warning(provider, "other-seller", fill(_ELSEWHERE, **named), accepted=accepted, **more)


def bill_doubts(spend: Answer, amounts: Sequence[Decimal | None], table: Plausible) -> Iterator[Diagnostic]:
    """The bill that is stated against its tokens at the list price; without a price against what is usual.

    `amounts` are `BILLED`.
    """
    bill, volume, listed = amounts
    if not bill or not volume or bill < 0:
        return
    said = {"bill": format_value(bill, FactType.MONEY, "USD/month")}
    if not listed:
        paid, usual = bill / volume * MILLION, table.spend_per_million_tokens
        if not usual.low <= paid <= usual.high:
            shown = format_value(paid, FactType.MONEY, "USD/Mtok")
            yield warning(spend, "implausible", fill(_PER_TOKEN, **said, paid=shown), accepted=usual.because)
        return
    if not close(bill, listed, table.apart.bill):
        shown = format_value(listed, FactType.MONEY, "USD/month")
        yield two_apart(spend, bill, listed, table.apart, _BILL, {**said, "computed": shown})


def _number(fact: Fact) -> Decimal | None:
    return fact.value if isinstance(fact.value, Decimal) else None


_BILL = prose("the bill is {bill} a month and its tokens at the price listed or given {computed}, {times} apart")
_PER_TOKEN = prose("the bill is {bill} a month, which is {paid} at this volume: no API costs that")
_ELSEWHERE = prose("no price of {model} at {provider} is known: that at {seller} is assumed")
_UNPRICED = prose("no price is known for {model}, and none is given: the API in use cannot be priced")
