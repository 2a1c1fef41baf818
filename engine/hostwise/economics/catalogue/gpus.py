"""Accelerators: what they compute, hold and cost. A figure that nobody published is absent, never filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import Literal

from msgspec.structs import force_setattr, replace

from hostwise.economics.catalogue.ranges import NumberRange
from hostwise.reading.files.strict import Strict

DeviceClass = Literal["nvidia-hbm", "amd", "gddr", "unified", "tpu", "gaudi", "trainium"]
SellerClass = Literal["hyperscaler", "gpu-cloud", "marketplace", "dedicated"]
ORDINARY_SELLERS = ("hyperscaler", "gpu-cloud")
"""Those that let GPUs by the hour from data centres of their own."""
Way = Literal["on-demand", "reserved", "spot"]
Grade = Literal["A", "B", "C", "D"]
UNITS = ("bits16", "fp8", "int8", "fp4")
OLDER_NAMES = {"bits8": ("fp8", "int8"), "bits4": ("fp4",)}
"""Units as files named them before each had a name of its own."""


class Purchase(NumberRange, frozen=True):
    """USD a card. `grade` says how good the source is: A a seller's own page, B independent, C secondary, D derived."""

    source: str = ""
    as_of: date | None = None
    grade: Grade | None = None


class Rent(NumberRange, frozen=True, kw_only=True):
    """USD per GPU-hour from one seller, or from a class of sellers (`seller` empty). `least` GPUs are let at once."""

    gpu: str
    seller: str = ""
    seller_class: SellerClass
    way: Way
    term_months: int | None = None
    least: int = 1
    source: str
    as_of: date
    grade: Grade
    review_by: date | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.way == "reserved") != (self.term_months is not None):
            raise ValueError("term_months belongs to reserved, and only to it")
        if self.low < 0:
            raise ValueError("a rent is at least 0")


class GPU(Strict, frozen=True, dict=True):
    """An accelerator: memory GB, bandwidth GB/s, link GB/s to each neighbour and one way, board power W.

    `tflops` is dense arithmetic, TFLOP/s, by the units that the card has: bits16, fp8, int8, fp4.
    `rent` is the range over sellers on demand, USD an hour, and None where no price is known; where sellers are listed
    one by one (`rents`) it follows from them (`with_rents`). `port: unsupported` says that no estimate of its
    throughput was ever checked: measure first. `desk` where it stands at one person's desk: a whole machine, or a card
    for a computer. The driver of a `consumer` card is licensed for no data centre. `bfloat`: its 16 bits may be those
    of bf16.
    """

    memory: Decimal
    bandwidth: Decimal
    tflops: dict[str, Decimal]
    source: str
    as_of: date
    device_class: DeviceClass = "nvidia-hbm"
    maker: str = ""
    link: Decimal = Decimal(64)
    most_per_node: int = 8
    power: Decimal | None = None
    purchase: Purchase | None = None
    rent: NumberRange | None = None
    port: Literal["supported", "unsupported"] = "supported"
    review_by: date | None = None
    aliases: tuple[str, ...] = ()
    rents: tuple[Rent, ...] = ()
    desk: Literal["machine", "card"] | None = None
    consumer: bool = False
    bfloat: bool = True

    def __post_init__(self) -> None:
        units = dict(self.tflops)
        for older, names in OLDER_NAMES.items():
            speed = units.pop(older, None)
            units |= {name: speed for name in names if speed is not None and name not in units}
        if unknown := set(units) - set(UNITS):
            raise ValueError(f"tflops has {', '.join(sorted(unknown))}: it may have {', '.join(UNITS)}")
        if "bits16" not in units:
            raise ValueError("tflops needs bits16: what has no units of its own is computed there")
        force_setattr(self, "tflops", units)

    @cached_property
    def let_by(self) -> Rent | None:
        """The cheapest of those who let the fewest by the hour; None where no seller is listed by name."""
        return _let_by(self.rents, "on-demand")

    @cached_property
    def on_spot(self) -> Rent | None:
        """The same of capacity that is taken away at any time."""
        return _let_by(self.rents, "spot")

    @cached_property
    def reserved(self) -> tuple[Rent, ...]:
        """The cheapest listed price of each term, the shortest term first."""
        terms = dict[int, Rent]()
        for rent in self.rents:
            known = terms.get(rent.term_months or 0)
            if rent.way == "reserved" and (known is None or rent.likely < known.likely):
                terms[rent.term_months or 0] = rent
        return tuple(terms[months] for months in sorted(terms))

    @property
    def least_let(self) -> int:
        """The fewest that they let, or 1."""
        let = self.let_by
        return let.least if let else 1

    def multiplying(self, unit: str) -> Decimal:
        """TFLOP/s for weights of a unit: in 16 bits where the card has no such units."""
        return self.tflops.get(unit, self.tflops["bits16"])


def with_rents(gpu: GPU, rents: tuple[Rent, ...]) -> GPU:
    """A GPU with its sellers. Its rent is that of the cheapest, up to what the dearest asks: not all let to everyone.

    Marketplaces let machines of strangers, which no company can count on, so their prices set no rent.
    """
    let = replace(gpu, rents=rents)
    cheapest = let.let_by
    if cheapest is None:
        return let
    dearest = max(rent.high for rent in _ordinary(rents, "on-demand"))
    return replace(let, rent=NumberRange(low=cheapest.low, likely=cheapest.likely, high=dearest))


def _let_by(rents: Iterable[Rent], way: Way) -> Rent | None:
    return min(_ordinary(rents, way), key=attrgetter("least", "likely", "seller"), default=None)


def _ordinary(rents: Iterable[Rent], way: Way) -> Iterator[Rent]:
    """At sellers with a name and a data centre."""
    return (rent for rent in rents if rent.seller and rent.way == way and rent.seller_class in ORDINARY_SELLERS)
