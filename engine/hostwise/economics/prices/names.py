"""Which seller and which of its models a name in the answers stands for: matched whole, or by a registered alias.

registry = catalogue.names_of_sellers       # rules/catalogue/names.yaml
seller = seller_called("Bedrock", registry)             # aws
find_model("aws", "Llama-3.3-70B", registry)            # what it is at that seller
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from hostwise.economics.models.seller_names import Registry
from hostwise.economics.prices.price_list import ListedModel, Seller, kept_of_package, price_list
from hostwise.reading.names import DAY, Words, in_folders, name_words, names_like, turned


class Fitting(Struct, frozen=True):
    """Names that fit one that stands for nothing by itself: what it may have been meant to be."""

    names: tuple[str, ...]


@lru_cache(maxsize=256)
def seller_called(name: str, registry: Registry) -> Seller | Fitting | None:
    """The seller of a name; the ids of those that it may mean; None for one that no price list has."""
    wanted, sellers = name_words(name), {seller.id: seller for seller in price_list().sellers}
    called = {id_: (*registry.names_of(id_), seller.name) for id_, seller in sellers.items()}
    for id_, names in called.items():
        if wanted in map(name_words, names):
            return sellers[id_]
    near = tuple(
        i for i, names in called.items() if names_like(name, names) or any(names_like(n, (name,)) for n in names)
    )
    return Fitting(near) if near else None


def seller_id(name: object, registry: Registry) -> str | None:
    """The id of the seller that a name stands for; None where it stands for none, or for several, or is no name."""
    found = seller_called(name, registry) if isinstance(name, str) and name else None
    return found.id if isinstance(found, Seller) else None


def seller_written(name: str, registry: Registry) -> str:
    """The seller that a name stands for, as it is written; the name itself where it stands for none."""
    found = seller_id(name, registry)
    return name if found is None else registry.names_of(found)[0]


def find_model(seller: str | None, name: str, registry: Registry) -> tuple[Seller, ListedModel] | Fitting | None:
    """The model that a name stands for at the seller of an id, or at the first that has it where none is given.

    The ids of those that the name may mean, where several or only parts of their names fit; None where none does.
    """
    found, several = _called(seller, name, registry)
    alone = seller_apart(name, registry)[1] if seller is None else name
    near = several if found or several else _near(seller, alone, registry)
    return found or (Fitting(near) if near else None)


def near_at_the_one_said(name: str, registry: Registry) -> tuple[str, ...]:
    """The models of the seller that a name says, of whose names the rest is a part: `anthropic sonnet`.

    Where it is a part of one alone, nobody may have meant that: `openai api` is no `gpt-5-search-api`.
    """
    for said, model, _ in _parted(name):
        at = seller_called(said, registry)
        if isinstance(at, Seller) and len(near := _near(at.id, model, registry)) > 1:
            return near
    return ()


def is_listed(name: str, registry: Registry) -> bool:
    """Whether a name stands for one model at any seller: what else it might have meant is not looked for."""
    return _called(None, name, registry)[0] is not None


@lru_cache(maxsize=1024)
def seller_apart(name: str, registry: Registry) -> tuple[str | None, str]:
    """The id of the seller that a name of a model says too, and the model's own: `groq/llama-3.3-70b`, `openai gpt-4o`,
    `gpt-4o (Azure)`; None where it says none, and the maker of a model that others sell is left out.

    A folder that price lists know names the publisher of an open model: it is a seller where that one lists the model.
    """
    for said, model, folder in _parted(name):
        seller = seller_called(said, registry)
        if not isinstance(seller, Seller):
            continue
        if _of_a_family(model, registry):  # which is asked about
            return None, model
        if _called(seller.id, model, registry)[0] is not None:
            return seller.id, model
        if not (folder and name_words(said) in _folders()) and is_listed(model, registry):
            return (None if seller.id in registry.makers else seller.id), model
    return None, name


def _parted(name: str) -> Iterator[tuple[str, str, bool]]:
    """What a name may say of a seller and of a model, and whether that of the seller is a folder."""
    for pattern in _APART:
        if found := pattern.fullmatch(name):
            yield found["seller"].strip(), found["model"].strip(), found["by"] == "/"
    words = name.split()
    for first in range(len(words) - 1, 0, -1):
        yield " ".join(words[:first]), " ".join(words[first:]), False


_APART = (
    re.compile(r"(?P<seller>[^/]+)(?P<by>/)(?P<model>.+)"),
    re.compile(r"(?P<seller>[^:]+?)(?P<by>'s|:) *(?P<model>.+)"),
    re.compile(r"(?P<model>.+?) *(?P<by>\(|@|,) *(?P<seller>[^()@,]+)\)?"),
    re.compile(r"(?P<model>.+?) (?P<by>at|on|via|from|by|through) (?P<seller>.+)", re.IGNORECASE),
)


@lru_cache(maxsize=1024)
def strange_prefix(name: str, registry: Registry) -> str | None:
    """What stands before a model's name and is nobody known to make it, to sell it or to hand requests on; else None.

    A match leaves out what stands there, and `foo/gpt-4o` may be anything that someone named so.
    """
    if any(name.casefold() in map(str.casefold, each.model_ids) for each in price_list().sellers):
        return None
    folder, _, last = name.rpartition("/")
    before = [*folder.split("/"), *(found[0].split(".") if (found := _DOTTED.match(last.casefold())) else ())]
    known = _prefixes(registry)
    strange = (each.strip() for each in before if each.strip() and not _place(each) and name_words(each) not in known)
    return next(strange, None)


_DOTTED = re.compile(r"([a-z0-9_-]+\.)+(?=[a-z])")
"""What a cloud puts before a name: `us.anthropic.`."""


def _place(word: str) -> bool:
    """Whether it is a region of a cloud, as `us-east-1` or `europe-west4`."""
    return re.fullmatch(r"[a-z]{2,}(-[a-z]+)+-?\d", word.strip().casefold()) is not None


@lru_cache(maxsize=16)
def _prefixes(registry: Registry) -> frozenset[Words]:
    dotted = {
        part for n in _every_name() for part in (_DOTTED.match(n.rpartition("/")[2].casefold()) or ("",))[0].split(".")
    }
    sellers = (word for each in price_list().sellers for word in (each.name, *registry.names_of(each.id)))
    return frozenset(map(name_words, (*registry.gateways, *registry.makers, *sellers, *dotted))) | _folders()


@lru_cache(maxsize=1)
def _folders() -> frozenset[Words]:
    """What price lists write before a slash."""
    return frozenset(map(name_words, {part for name in _every_name() for part in name.split("/")[:-1]}))


def _every_name() -> Iterator[str]:
    return (name for names in _listed_names().values() for called in names.values() for name in called)


@lru_cache(maxsize=1024)
def _called(
    seller: str | None, name: str, registry: Registry
) -> tuple[tuple[Seller, ListedModel] | None, tuple[str, ...]]:
    """The model that has the name, or the ids of several that do."""
    said, alone = seller_apart(name, registry) if seller is None else (seller, name)
    at_seller = _found(said, alone, registry)
    return at_seller if said == seller or at_seller[0] is not None else _found(None, alone, registry)


def _found(
    seller: str | None, name: str, registry: Registry
) -> tuple[tuple[Seller, ListedModel] | None, tuple[str, ...]]:
    """The same of a name that says no seller."""
    several = _side_by_side(seller, name, registry)
    if several or _of_a_family(name, registry):
        return None, several
    for each in _asked(seller, registry):
        found = _whole(each, name, registry)
        if len(found) == 1:
            return (each, found[0]), ()
        several = several or tuple(model.id for model in found)
    return None, several


def _of_a_family(name: str, registry: Registry) -> bool:
    """Whether it names several models, of which the list calls one so: `gemini-pro` was the first of them."""
    return name_words(name.rpartition("/")[2]) in set(map(name_words, registry.families))


def _side_by_side(seller: str | None, name: str, registry: Registry) -> tuple[str, ...]:
    """The ids of the models that a name with slashes names, where what stands before one is no publisher's folder."""
    beside = [
        found[1].id
        for each in in_folders(name)
        if seller_id(each, registry) is None
        and (found := _called(seller, each, registry)[0] or _called(None, each, registry)[0])
    ]
    last = _called(seller, name.rpartition("/")[2], registry)[0] if beside else None
    several = tuple(dict.fromkeys((*beside, *([last[1].id] if last else ()))))
    return several if len(several) > 1 else ()


@lru_cache(maxsize=1024)
def _near(seller: str | None, name: str, registry: Registry) -> tuple[str, ...]:
    if _of_a_family(name, registry):
        wanted = name_words(name.rpartition("/")[2])
        ids = (id_ for each in _asked(seller, registry) for id_ in each.model_ids)
        words = ((id_, name_words(id_.rpartition("/")[2])) for id_ in ids)
        return tuple(dict.fromkeys(id_ for id_, its in words if its != wanted and set(wanted) <= set(its)))
    return tuple(dict.fromkeys(id_ for each in _asked(seller, registry) for id_ in names_like(name, each.model_ids)))


def _asked(seller: str | None, registry: Registry) -> Sequence[Seller]:
    return _in_order(registry) if seller is None else [each for each in price_list().sellers if each.id == seller]


def _whole(seller: Seller, name: str, registry: Registry) -> tuple[ListedModel, ...]:
    """The models of just this name; else those of which it leaves nothing out that would make another of them."""
    exact = [id_ for id_ in seller.model_ids if id_.casefold() == name.casefold()]
    written = _bare(name, registry)
    wanted = tuple(word for word in written if word not in registry.added) or written
    letters = max((word for word in wanted if word.isalpha()), key=len, default="")
    named, bare, any_order = _index(seller.id, registry, letters)
    without_publisher = name_words(name.rpartition("/")[2])
    ids = exact or named.get(name_words(name)) or named.get(without_publisher) or bare.get(wanted)
    ids = ids or any_order.get(turned(name))
    if not ids:
        return ()  # as of nearly every seller: none of its models is read
    found = tuple(model for model in seller.models if model.id in ids)
    # An entry that was never sold at a price takes nobody's name: a cloud lists regions so.
    priced = tuple(model for model in found if model.offers) if len(found) > 1 else ()
    return priced or found


_Index = dict[Words, tuple[str, ...]]
_Turned = dict[tuple[Words, Words], tuple[str, ...]]


@lru_cache(maxsize=256)
def _index(seller: str, registry: Registry, letters: str) -> tuple[_Index, _Index, _Turned]:
    """The ids of a seller's models by the words of their names, by those that none may leave out, and in any order.

    Only of names with these letters: to take hundreds apart for one name would be a tenth of a decision.
    """
    named, bare, any_order = _Index(), _Index(), _Turned()
    listed, added = _listed_names()[seller], registry.models.get(seller, {})
    (models,) = (each.model_ids for each in price_list().sellers if each.id == seller)
    for model in models:
        called = (*listed.get(model, ()), *added.get(model, ()))
        names = [name for name in called if letters in name.casefold()]
        for words in {name_words(name) for name in names}:
            named[words] = (*named.get(words, ()), model)
        for words in {_bare(name, registry) for name in names}:
            bare[words] = (*bare.get(words, ()), model)
        for order in set(map(turned, names)):
            any_order[order] = (*any_order.get(order, ()), model)
    return named, bare, any_order


@lru_cache(maxsize=1)
def _listed_names() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """By seller and model, what the price list calls it, each name once, with its publisher and without."""
    return kept_of_package("names of models", dict[str, dict[str, tuple[str, ...]]], _found_names, __file__)


def _found_names() -> dict[str, dict[str, tuple[str, ...]]]:
    return {
        seller.id: {
            model.id: tuple(
                dict.fromkeys(
                    part for name in (model.id, *model.match.texts()) for part in (name, name.rpartition("/")[2])
                )
            )
            for model in seller.models
        }
        for seller in price_list().sellers
    }


@lru_cache(maxsize=16384)
def _bare(name: str, registry: Registry) -> Words:
    """What of a name tells it from others: no publisher, no date, no version of a release."""
    text = name.casefold().rpartition("/")[2]
    text = re.sub(r"(-v\d+)?:\d+$", "", re.sub(r"^([a-z-]+\.)+(?=[a-z])", "", text))
    words = tuple(word for word in name_words(text) if not DAY.fullmatch(word))
    left = tuple(word for word in words if word not in registry.left_out)
    # What is left must still name one model: `gpt` does not, nor `claude`.
    return left if len(left) > 1 else words


def _in_order(registry: Registry) -> list[Seller]:
    place = {maker: number for number, maker in enumerate(registry.makers)}
    return sorted(price_list().sellers, key=lambda seller: (place.get(seller.id, len(place)), seller.id))
