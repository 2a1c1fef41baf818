"""What the licences of the models that the plans run ask of whoever uses them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.capacity import CapacityPlan
from hostwise.economics.catalogue.candidates import every_model, model_on_device
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.cost_facts import Derived
from hostwise.economics.plans.competing.sellers import open_model_priced
from hostwise.economics.prices.price import NoPrice, TokenPrice
from hostwise.reading.translatable import fill, prose


def licence_duties(
    opened: TokenPrice | NoPrice | None, planned: CapacityPlan | None, facts: Mapping[str, Fact], catalogue: Catalogue
) -> Iterator[Derived]:
    """The duty that comes with the model at a provider (`opened` is the price there), on own GPUs and on the device."""
    key = open_model_priced(opened, facts, catalogue) if isinstance(opened, TokenPrice) else None
    sold = every_model(catalogue)[key].licence if key else None
    yield Derived("provider_licence_duty", duty_of(sold, catalogue), ("open_model", "current_model"))
    hosted = planned.hardware.load.rates.replica.model.licence if planned is not None else None
    yield Derived("own_licence_duty", duty_of(hosted, catalogue), ("own_model", "open_model"))
    carried = every_model(catalogue)[model_on_device(facts, catalogue)].licence
    yield Derived("device_licence_duty", duty_of(carried, catalogue), ("own_model",))


def duty_of(name: str | None, catalogue: Catalogue) -> str | None:
    """What a licence asks, with its name; None where it asks nothing."""
    licence = catalogue.licences.licences[name] if name else None
    if licence is None or not licence.duty:
        return None
    return fill(prose("{duty} ({licence})"), duty=licence.duty, licence=licence.name)
