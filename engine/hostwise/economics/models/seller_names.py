"""Which other names sellers and their models go by: `rules/catalogue/names.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from hostwise.reading.files.strict import Strict


class SellerNames(Strict, frozen=True):
    """How a seller is written, and what else it is called."""

    name: str
    also: tuple[str, ...] = ()


class Registry(Strict, frozen=True, eq=False):
    """`rules/catalogue/names.yaml`: aliases of sellers and of their models, and words that name no other model.

    They are `left_out` of a name, or `added` to it. `gateways` stand before the names of models that others sell.
    `families` name several models, whatever a list calls so.

    `makers` are looked into first where no seller is named, in their order. `machines` are what clouds call machines,
    `*` for any text, with the GPUs in them.
    """

    makers: tuple[str, ...]
    sellers: Mapping[str, SellerNames]
    models: Mapping[str, Mapping[str, tuple[str, ...]]]
    left_out: tuple[str, ...]
    added: tuple[str, ...]
    gateways: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    machines: Mapping[str, str] = {}

    def gpu_of_machine(self, name: str) -> str | None:
        """The GPU in a machine that a cloud calls so; None where the name is none of a machine."""
        wanted = name.strip().casefold()
        return next((gpu for pattern, gpu in self.machines.items() if fnmatchcase(wanted, pattern)), None)

    def names_of(self, seller: str) -> tuple[str, ...]:
        """Every name of the seller of an id, the one that it is written with first."""
        entry = self.sellers.get(seller)
        return (entry.name, *entry.also, seller) if entry else (seller,)
