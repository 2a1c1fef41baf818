"""A price at a seller in one line."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import Fact, FactType
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.models.reasoning import Written
from hostwise.economics.prices.names import seller_written
from hostwise.economics.prices.price import TokenPrice
from hostwise.economics.prices.stated import CURRENT, OPEN
from hostwise.reading.numbers.number_format import BARE
from hostwise.reading.translatable import fill, prose

Names = tuple[str, str]
"""A model and its seller, as far as they are named."""
NO_NAMES: Names = ("", "")


def names_given(option: str, facts: Mapping[str, Fact], catalogue: Catalogue) -> Names:
    """What the answers name beside the price that they give for an option.

    An option whose price follows from that of the API in use has its model, at a seller that nobody named.
    """
    in_use = catalogue.in_use
    if option not in (in_use.closed, in_use.open):
        rule = catalogue.options[option].price
        follows = rule is not None and "closed" in rule.of and facts["current_tier"].value != "open-model"
        model = facts[CURRENT.model].value if follows and facts[CURRENT.input].known else None
        return (model, "") if isinstance(model, str) else NO_NAMES
    own = CURRENT if option == in_use.closed or facts["current_tier"].value == "open-model" else OPEN
    model, seller = (facts[name].value for name in (own.model, own.provider))
    written = seller_written(seller, catalogue.seller_names) if isinstance(seller, str) else ""
    return model if isinstance(model, str) else "", written


def billed_words(names: Names) -> str:
    """What is in use, where its bill alone tells what it costs."""
    model, seller = names
    if not seller:
        return fill(prose("{model}, as it is billed"), model=model)
    return fill(prose("{model} at {seller}, as it is billed"), model=model, seller=seller)


def api_words(price: TokenPrice, batch: Decimal, names: Names = NO_NAMES) -> str:
    """A price in one line, of work of which `batch` may wait; `names` are what it is of where no list says it."""
    if price.until and price.first and price.then:
        message = prose("{before}, until {day}; then {after}")
        day = format_value(price.until.isoformat(), FactType.DATE)
        before, after = api_words(price.first, batch, names), api_words(price.then, batch)
        return fill(message, before=before, day=day, after=after)
    unit = f"USD/{BARE}"
    per_input, per_output = (format_value(band.likely, FactType.MONEY, unit) for band in (price.input, price.output))
    if price.model and price.seller:
        message = prose("{model} at {seller}, {input} in and {output} out per million tokens")
        if price.adapter:
            message = prose("an adapter on {model} at {seller}, {input} in and {output} out per million tokens")
        words = fill(message, model=with_effort(price.model, price.written.effort), seller=price.seller,
                     input=per_input, output=per_output)  # fmt: skip
        return _with_extras(words, price, batch)
    if price.origin == "assumed" and (price.model or names[0]):
        message = prose("{model} at an assumed price, {input} in and {output} out per million tokens")
        model = with_effort(price.model, price.written.effort) if price.model else names[0]
        words = fill(message, model=model, input=per_input, output=per_output)
        return _with_extras(words, price, batch)
    message, named = prose("an assumed price, {input} in and {output} out per million tokens"), {}
    if price.origin == "given":
        message = prose("the price given, {input} in and {output} out per million tokens")
    if price.origin == "given" and any(names):
        model, seller = names
        both = model and seller
        named = {"name": fill(prose("{model} at {seller}"), model=model, seller=seller) if both else model or seller}
        message = prose("{name}, at the price given: {input} in and {output} out per million tokens")
    return _with_extras(fill(message, input=per_input, output=per_output, **named), price, batch)


def with_effort(model: str, effort: str) -> str:
    """A model with the effort that was chosen for it; at that of its index nothing is said."""
    if not effort:
        return model
    message = EFFORTS.get(effort, prose("{model} at {effort} effort"))
    return fill(message, model=model, effort=effort)


def _with_extras(words: str, price: TokenPrice, batch: Decimal) -> str:
    """A plan with what its seller takes off for work that may wait, where some may, and how much its model writes."""
    less = 1 - price.batch_ratio.likely
    if batch > 0 and less > 0:
        off = format_value(less, FactType.RATIO, "")
        words = fill(prose("{plan}, {off} less for what may wait"), plan=words, off=off)
    return with_times(words, price.written)


def with_times(words: str, writes: Written) -> str:
    """A plan with how much its model writes, where that is not what was measured."""
    if writes.times.likely == 1:
        return words
    message = prose("{plan}; writes about {times} times as many tokens as are counted here")
    return fill(message, plan=words, times=_tenths(writes.times.likely))


TENTH = Decimal("0.1")


def _tenths(number: Decimal) -> str:
    return format_value(number.quantize(TENTH), FactType.QUANTITY)


EFFORTS = {"none": prose("{model} without reasoning")}
