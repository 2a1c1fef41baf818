"""A seller of open models that is named without a model, and that no price list has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hostwise.answers.facts import Fact
from hostwise.answers.files.answer import Answer
from hostwise.answers.plausible import warning
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.models.seller_names import Registry
from hostwise.economics.plans.refused import named_alone
from hostwise.economics.prices.names import seller_called
from hostwise.economics.prices.price_list import price_list
from hostwise.economics.prices.stated import OPEN
from hostwise.reading.findings.diagnostics import Diagnostic
from hostwise.reading.findings.suggest import nearest
from hostwise.reading.translatable import fill, prose

ALIKE = 0.75
"""How like a listed name one must be to be taken for a slip of it, from 0 to 1."""
_UNKNOWN = prose("no price list has a seller {provider}: whoever sells an open model for least competes in its place")
_ACCEPTED = "the seller's name, as hostwise catalogue prices prints it; or input_price and output_price"


def lone_seller_doubts(facts: Mapping[str, Fact], catalogue: Catalogue) -> Iterator[Diagnostic]:
    """That no price list has the seller: its name searches nothing then."""
    fact, name = facts[OPEN.provider], named_alone(facts)
    if name and fact.provenance.place is not None and seller_called(name, catalogue.seller_names) is None:
        near = slip_of(name, catalogue.seller_names)
        more = {"suggestion": near} if near else {}
        answer = Answer(fact.provenance.key or fact.name, fact.value, fact.provenance.place, name)
        yield warning(answer, "unknown-seller", fill(_UNKNOWN, provider=name), accepted=_ACCEPTED, **more)


def slip_of(name: str, registry: Registry) -> str | None:
    """The listed seller of which a name is a slip of the pen."""
    ids = dict.fromkeys((*registry.sellers, *(seller.id for seller in price_list().sellers)))
    return nearest(name, (each for id_ in ids for each in registry.names_of(id_)), ALIKE)
