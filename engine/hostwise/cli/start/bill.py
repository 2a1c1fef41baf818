"""A bill as people say it, `4,200 USD a month on gpt-4o`, or what they count, `200 developers`, as answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from hostwise.answers.files.values import BASE
from hostwise.answers.interview import check_one
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.prices.look_up import near_name
from hostwise.economics.prices.names import Fitting, find_model, is_listed, seller_id
from hostwise.economics.prices.sellers import model_called
from hostwise.reading.numbers.fact_types import FactType
from hostwise.reading.numbers.quantity import NotAQuantity, parse_quantity

PEOPLE = ("demand.developers", "demand.chat_users")
"""Who it may be counted in; a word that both take, such as seats, says neither."""
AMOUNTS = (
    "current_api.spend_per_month", "demand.tokens_per_day", "demand.requests_per_day", *PEOPLE, "demand.pages",
    "demand.pages_per_day", "demand.documents_per_day", "demand.images_per_day", "demand.calls_per_day",
    "demand.tickets_per_day", "demand.audio_minutes_per_day",
)  # fmt: skip
"""What an amount may be of: the first that takes it."""
MODEL, SELLER, CURRENCY = "current_api.model", "current_api.provider", "workload.currency"
ABOUT_TODAY = (*AMOUNTS, MODEL, "demand.tokens_per_month")
"""Whoever answered one of these has said what they use today."""
_ON = re.compile(r"\s+(?:on|for|with|using|auf|für|mit)\s+|\s*[:;]\s+|,\s+|\s*\((?=[^)]*\)$)", re.IGNORECASE)
_AT = re.compile(r"\s+(?:at|from|via|bei|von|über)\s+", re.IGNORECASE)
_CHAT = re.compile(r"\bchat (?=users?\b)", re.IGNORECASE)
_PAYING = re.compile(
    r"^(?:we|i|wir|ich)\s+(?:now\s+)?(?:are\s+paying|pay|spend|zahlen|zahle|bezahlen)\s+", re.IGNORECASE
)
_ABOUT = re.compile(
    r"^(?:about|around|roughly|approximately|approx\.?|circa|ca\.?|etwa|rund|ungefähr|[~≈])\s*", re.IGNORECASE
)
_NAME = re.compile(r"(?!.*\s\d{3,})[^\W\d]\S*(?: \S+){0,3}")
"""What could be the name of a model: a few words, and no amount among them."""
SELLER_WORDS = 3
Said = list[tuple[Question, str]]


class Names(Struct, frozen=True):
    """Which names stand for a model or a seller, by a catalogue."""

    catalogue: Catalogue

    def is_model(self, name: str) -> bool:
        """Whether a name stands for one model."""
        return is_listed(name, self.catalogue.seller_names) or model_called(name, self.catalogue) is not None

    def is_seller(self, name: str) -> bool:
        """Whether a name stands for one seller."""
        return seller_id(name, self.catalogue.seller_names) is not None

    def may_mean(self, name: str) -> tuple[str, ...]:
        """The models that a name may mean which stands for none by itself."""
        if self.is_model(name):
            return ()
        found = find_model(None, name, self.catalogue.seller_names)
        near = near_name(name, self.catalogue)
        return found.names if isinstance(found, Fitting) else (near,) if near else ()


def read_bill(text: str, questionnaire: Questionnaire, names: Names) -> Said | None:
    """The answers that a bill states, in the order in which they are written; None where it cannot be read.

    It is an amount of money, of tokens or of what people count, with or without the model that it is for and its
    seller, in either order; or the model alone.
    """
    by_key = questionnaire.by_key
    whole = _PAYING.sub("", _CHAT.sub("", " ".join(text.split())))
    for said_of_it, model in _parts(whole, names):
        seller, amount = _paid_to(said_of_it, names)
        takes = [key for key in AMOUNTS if amount and _accepts(by_key[key], amount, questionnaire)]
        if amount and (not takes or (takes[0] in PEOPLE and takes[1:2] == [*PEOPLE[1:]])):
            continue
        question = by_key[takes[0]] if takes else None
        said: Said = []
        if model:
            said += [(by_key[key], name) for key, name in _named(model, names)]
        if seller and not any(each.key == SELLER for each, _ in said):
            said.append((by_key[SELLER], seller))
        if question is not None:
            currency = currency_of(question, amount)
            said += [(by_key[CURRENCY], currency)] if currency not in (None, BASE) else []
            said.append((question, amount))
        return said
    return None


def _parts(text: str, names: Names) -> Iterator[tuple[str, str]]:
    """Amount and model as they may be meant: parted by a word for it; where the model is known, by a space."""
    yield text, ""
    for found in _ON.finditer(text):
        before, after = (
            text[: found.start()],
            text[found.end() :].rstrip(")") if "(" in found[0] else text[found.end() :],
        )
        yield from ((amount, model) for amount, model in ((before, after), (after, before)) if _could_be(model, names))
    for found in _AT.finditer(text):
        yield text[found.end() :], text[: found.start()]
    places = [found.start() for found in re.finditer(" ", text)]
    for place in reversed(places):
        if names.is_model(text[place + 1 :]):
            yield text[:place], text[place + 1 :]
    for place in places:
        if names.is_model(text[:place]):
            yield text[place + 1 :], text[:place]
    if _NAME.fullmatch(text) and (names.is_model(_AT.split(text)[0]) or names.may_mean(text)):
        yield "", text


def _could_be(model: str, names: Names) -> bool:
    """Whether this may be the name of a model: no second amount stands in it."""
    return names.is_model(model) or _NAME.fullmatch(_AT.split(model)[0]) is not None


def _named(model: str, names: Names) -> Iterator[tuple[str, str]]:
    """A model and its seller as they are named together: `Llama-3.3-70B at together`, `Azure OpenAI gpt-4o`."""
    name, *sellers = _AT.split(model, maxsplit=1)
    words = name.split()
    for taken in range(min(SELLER_WORDS, len(words) - 1), 0, -1):
        before, after = " ".join(words[:taken]), " ".join(words[taken:])
        if not names.is_model(name) and names.is_seller(before) and names.is_model(after):
            name, sellers = after, sellers or [before]
    if not sellers and names.is_seller(name) and not names.is_model(name) and not names.may_mean(name):
        yield SELLER, name
        return
    yield MODEL, name
    yield from ((SELLER, each) for each in sellers)


def _paid_to(amount: str, names: Names) -> tuple[str, str]:
    """The seller that stands before an amount, `OpenAI about 4k a month`, and the amount; none where none does."""
    words = amount.split()
    for taken in range(min(SELLER_WORDS, len(words) - 1), 0, -1):
        if names.is_seller(" ".join(words[:taken])):
            return " ".join(words[:taken]), _ABOUT.sub("", " ".join(words[taken:]))
    return "", _ABOUT.sub("", amount)


def _accepts(question: Question, text: str, questionnaire: Questionnaire) -> bool:
    return text[0] not in "{[" and not check_one(question, text, questionnaire)


def lacks_a_time(said: Said) -> str | None:
    """The amount of work that says no time where one is asked for: 900M tokens may be of a day or of a month.

    Money is a bill, and bills are of a month.
    """
    for question, text in said:
        if question.key.startswith("demand.") and _in_a_time(question):
            written = parse_quantity(text, FactType(question.type), question.unit, question.measure).parts
            if not any(part.of == "time" for part in written):
                return text
    return None


def _in_a_time(question: Question) -> bool:
    return any(part.of == "time" and part.below for part in question.measure.parts)


def currency_of(question: Question, text: str) -> str | None:
    """The currency that an amount is in; None where it names none, or is no amount."""
    if question.type != FactType.MONEY:
        return None
    try:
        return parse_quantity(text, FactType(question.type), question.unit, question.measure).currency
    except NotAQuantity:
        return None
