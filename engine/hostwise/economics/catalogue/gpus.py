"""Accelerators: what they compute, hold and cost. A figure that nobody published is absent, never filled in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec.structs import force_setattr

from hostwise.economics.catalogue.ranges import NumberRange
from hostwise.reading.files.strict import Strict

DeviceClass = Literal["nvidia-hbm", "amd", "gddr", "unified", "tpu", "gaudi", "trainium"]
SellerClass = Literal["hyperscaler", "gpu-cloud", "marketplace", "dedicated"]
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


class GPU(Strict, frozen=True):
    """An accelerator: memory GB, bandwidth GB/s, link GB/s to each neighbour and one way, board power W.

    `tflops` is dense arithmetic, TFLOP/s, by the units that the card has: bits16, fp8, int8, fp4.
    `rent` is the range over sellers on demand, USD an hour, `rents` one by one; None and empty where no price is
    known. `port: unsupported` says that no estimate of its throughput was ever checked: measure first.
    `desk` where it stands at one person's desk: a whole machine, or a card for a computer. The driver of a
    `consumer` card is licensed for no data centre. `bfloat`: its 16 bits may be those of bf16.
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

    @property
    def least_let(self) -> int:
        """The fewest that any seller lets by the hour, as far as sellers are listed one by one."""
        by_the_hour = (
            rent.least for rent in self.rents if rent.way == "on-demand" and rent.seller_class != "dedicated"
        )
        return min(by_the_hour, default=1)

    def multiplying(self, unit: str) -> Decimal:
        """TFLOP/s for weights of a unit: in 16 bits where the card has no such units."""
        return self.tflops.get(unit, self.tflops["bits16"])
