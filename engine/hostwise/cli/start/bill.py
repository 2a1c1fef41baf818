"""A bill as people say it, `4,200 USD a month on gpt-4o`, or what they count, `200 developers`, as answers."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

from hostwise.answers.files.values import BASE
from hostwise.answers.interview import check_one
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.prices.look_up import near_name
from hostwise.economics.prices.names import (
    Fitting,
    find_model,
    is_listed,
    seller_apart,
    seller_id,
    strange_prefix,
)
from hostwise.economics.prices.sellers import model_called
from hostwise.reading.names import name_words
from hostwise.reading.numbers.amount import NotAQuantity
from hostwise.reading.numbers.fact_types import FactType
from hostwise.reading.numbers.quantity import parse_quantity

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
_CHAT = re.compile(r"\bchat (?=users?\b)", re.IGNORECASE)
_PHONE = re.compile(r"\b(?:tele)?phone[ -]calls?\b", re.IGNORECASE)
"""Calls alone are those of an API."""
_FOLDER = re.compile(r"[\w@~.:-]*[^\W\d_][\w@~.:-]*")
_PARTED = re.compile(r"[()]|[,:;]+(?=\s|$)|(?<=\s)[~≈+&|–—-](?=\s)")
_BARE = re.compile(r"[\d.,]+[kMBT]?", re.ASCII)
_NAME = re.compile(r"[^\W\d]\S*(?: \S+){0,3}")
"""What could be the name of a model that no list has: a few words."""
_BETWEEN = frozenset((
    "a", "about", "also", "am", "an", "and", "approx", "approx.", "approximately", "are", "around", "at", "auf", "bei",
    "bezahlen", "bill", "by", "ca", "ca.", "circa", "etwa", "for", "from", "für", "have", "i", "ich", "in", "is", "mit",
    "now", "of", "on", "our", "over", "paid", "pay", "paying", "per", "plus", "roughly", "rund", "spend", "spending",
    "the", "through", "to", "und", "ungefähr", "use", "using", "via", "von", "we", "wir", "with", "zahle", "zahlen",
    "über",
))  # fmt: skip
"""Words that may stand between an amount, a model and a seller, and say nothing else."""
SELLER_WORDS, MODEL_WORDS, AMOUNT_WORDS = 3, 5, 8
Said = list[tuple[Question, str]]
Words = list[str | None]
"""The words of a bill; None where one was read, or where what stood there parts them."""


class Names(Struct, frozen=True):
    """Which names stand for a model or a seller, by a catalogue."""

    catalogue: Catalogue

    def is_model(self, name: str) -> bool:
        """Whether a name stands for one model, and says no seller: that is read by itself, but for a folder.

        An amount before a slash is no publisher's.
        """
        if "/" not in name and seller_apart(name, self.catalogue.seller_names)[1] != name:
            return False
        if not all(map(_FOLDER.fullmatch, name.split("/")[:-1])) and strange_prefix(name, self.catalogue.seller_names):
            return False
        return is_listed(name, self.catalogue.seller_names) or model_called(name, self.catalogue) is not None

    def is_seller(self, name: str) -> bool:
        """Whether a name stands for one seller."""
        return seller_id(name, self.catalogue.seller_names) is not None

    def is_of_several(self, name: str) -> bool:
        """Whether a name stands for several models and for none by itself; OpenAI is the seller of that name."""
        several = isinstance(find_model(None, name, self.catalogue.seller_names), Fitting)
        seller = seller_id(name, self.catalogue.seller_names)
        own = seller is not None and name_words(seller) == name_words(name)
        return several and not own and _NAME.fullmatch(name) is not None

    def may_mean(self, name: str) -> tuple[str, ...]:
        """The models that a name may mean which stands for none by itself."""
        if self.is_model(name):
            return ()
        found = find_model(None, name, self.catalogue.seller_names)
        near = near_name(name, self.catalogue)
        return found.names if isinstance(found, Fitting) else (near,) if near else ()


def read_bill(text: str, questionnaire: Questionnaire, names: Names) -> Said | None:
    """The answers that a bill states, the model first; None where it cannot be read.

    It is an amount of money, of tokens or of what people count, or more than one of these, with or without the model
    that it is for and its seller, in any order; or the model alone. No word may be left over.
    """
    parted = _PARTED.sub(" , ", _PHONE.sub("phone-calls", _CHAT.sub("", text))).split()
    words: Words = [None if word == "," else word.lstrip("~≈") for word in parted]
    model = _model(words, names)
    amounts = _amounts(words, questionnaire)
    model = model or _read(words, _whole(words, MODEL_WORDS, names.is_of_several))
    seller = _read(words, _whole(words, SELLER_WORDS, names.is_seller))
    rest = [place for place in range(len(words)) if _says(words, range(place, place + 1))]
    if rest:
        unknown = _text(words, range(rest[0], rest[-1] + 1))
        if model or not _NAME.fullmatch(unknown) or not (amounts or names.may_mean(unknown)):
            return None
        model = unknown
    if not amounts and not model:  # a seller alone says neither: what it may mean is asked
        model, seller = seller if names.may_mean(seller) else "", ""
    by_key = questionnaire.by_key
    said: Said = [(by_key[key], name) for key, name in ((MODEL, model), (SELLER, seller)) if name]
    for question, amount in amounts:
        currency = currency_of(question, amount)
        said += [(by_key[CURRENCY], currency)] if currency not in (None, BASE) else []
        said.append((question, amount))
    once = len({question.key for question, _ in said}) == len(said)
    return said if said and once else None


def _text(words: Words, places: range) -> str:
    """What stands there; empty where something of it was read as something else."""
    found = words[places.start : places.stop]
    return "" if None in found else " ".join(filter(None, found))


def _says(words: Words, places: range) -> bool:
    """Whether any of the words there says something by itself, and was not read yet."""
    return any(word is not None and word.lower() not in _BETWEEN for word in words[places.start : places.stop])


def _read(words: Words, places: range) -> str:
    """What stands there, which is read with this."""
    text = _text(words, places)
    words[places.start : places.stop] = [None] * len(places)
    return text


def _longest(words: Words, most: int, means: Callable[[str], bool]) -> range:
    """The longest run of words that stands for something, and the first of those; an empty one where none does."""
    for size in range(most, 0, -1):
        for start in range(len(words) - size + 1):
            places = range(start, start + size)
            text = _text(words, places)
            if text and _says(words, places) and means(text):
                return places
    return range(0)


def _whole(words: Words, most: int, means: Callable[[str], bool]) -> range:
    """As `_longest`, where no word beside it is left over: Claude, but not that of `Claude Code`."""
    places = _longest(words, most, means)
    beside = (range(places.start - 1, places.start), range(places.stop, places.stop + 1))
    return range(0) if any(each.start >= 0 and _says(words, each) for each in beside) else places


def _model(words: Words, names: Names) -> str:
    """The longest name of a model, without the end of its seller's: that of `Azure OpenAI gpt-4o` is gpt-4o."""
    places = _longest(words, MODEL_WORDS, names.is_model)
    for start in range(places.start + 1, places.stop):
        sellers = (range(max(0, places.start - before), start) for before in range(1, SELLER_WORDS))
        ends_there = any(names.is_seller(_text(words, each)) for each in sellers if each.start < places.start)
        if ends_there and names.is_model(_text(words, range(start, places.stop))):
            return _read(words, range(start, places.stop))
    return _read(words, places)


def _amounts(words: Words, questionnaire: Questionnaire) -> Said:
    """Every amount among the words, each as long as it can be read, which are read with this.

    A number without a unit is money where no other amount stands beside it, and else a part of a name: `Foo 70B`.
    """
    found: list[tuple[range, Question]] = []
    start = 0
    while start < len(words):
        places, question = _amount_from(words, start, questionnaire)
        if question is not None:
            found.append((places, question))
        start = places.stop
    with_units = [each for each in found if _BARE.fullmatch(_text(words, each[0])) is None]
    return [(question, _read(words, places)) for places, question in with_units or found[:1]]


def _amount_from(words: Words, start: int, questionnaire: Questionnaire) -> tuple[range, Question | None]:
    """The longest amount that begins at a place, with what asks for it; the place alone where none does."""
    one = range(start, start + 1)
    if not any(map(str.isdigit, "".join(filter(None, words[start : start + 2])))):
        return one, None
    for end in range(min(len(words), start + AMOUNT_WORDS), start, -1):
        places = range(start, end)
        text = _text(words, places)
        takes = [key for key in AMOUNTS if text and _accepts(questionnaire.by_key[key], text, questionnaire)]
        if takes and takes[0] in PEOPLE and takes[1:2] == [*PEOPLE[1:]]:
            return one, None
        bare = _BARE.fullmatch(text) is not None
        if takes and not (bare and (takes[0] != AMOUNTS[0] or _says(words, range(end, end + 1)))):
            return places, questionnaire.by_key[takes[0]]
    return one, None


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
