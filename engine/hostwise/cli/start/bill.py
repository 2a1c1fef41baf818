"""A bill as people say it, `4,200 USD a month on gpt-4o`, or what they count, `200 developers`, as answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hostwise.answers.files.values import BASE
from hostwise.answers.interview import check_one
from hostwise.answers.questions.questions import Question, Questionnaire
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
_ON = re.compile(r"\s+(?:on|for|with|using|auf|für|mit)\s+|\s*[:;]\s+|,\s+", re.IGNORECASE)
_AT = re.compile(r"\s+(?:at|from|via|bei|von|über)\s+", re.IGNORECASE)
_CHAT = re.compile(r"\bchat (?=users?\b)", re.IGNORECASE)
_NAME = re.compile(r"(?!.*\s\d{3,})[^\W\d]\S*(?: \S+){0,3}")
"""What could be the name of a model: a few words, and no amount among them."""
Said = list[tuple[Question, str]]


def read_bill(text: str, questionnaire: Questionnaire) -> Said | None:
    """The answers that a bill states, in the order in which they are written; None where it cannot be read.

    It is an amount of money, of tokens or of what people count, with or without the model that it is for and its
    seller, in either order; or the model alone.
    """
    by_key = questionnaire.by_key
    for amount, model in _parts(_CHAT.sub("", " ".join(text.split()))):
        takes = [key for key in AMOUNTS if amount and _accepts(by_key[key], amount, questionnaire)]
        if amount and (not takes or (takes[0] in PEOPLE and takes[1:2] == [*PEOPLE[1:]])):
            continue
        question = by_key[takes[0]] if takes else None
        said: Said = []
        if model:
            name, *seller = _AT.split(model, maxsplit=1)
            said += [(by_key[MODEL], name), *((by_key[SELLER], each) for each in seller)]
        if question is not None:
            currency = currency_of(question, amount)
            said += [(by_key[CURRENCY], currency)] if currency not in (None, BASE) else []
            said.append((question, amount))
        return said
    return None


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Amount and model as they may be meant."""
    yield text, ""
    for found in _ON.finditer(text):
        before, after = text[: found.start()], text[found.end() :]
        yield before, after
        yield after, before
    if _NAME.fullmatch(text):
        yield "", text


def _accepts(question: Question, text: str, questionnaire: Questionnaire) -> bool:
    return text[0] not in "{[" and not check_one(question, text, questionnaire)


def currency_of(question: Question, text: str) -> str | None:
    """The currency that an amount is in; None where it names none, or is no amount."""
    if question.type != FactType.MONEY:
        return None
    try:
        return parse_quantity(text, FactType(question.type), question.unit, question.measure).currency
    except NotAQuantity:
        return None
