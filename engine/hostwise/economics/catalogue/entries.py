"""What the files of `rules/catalogue/` hold, entry by entry: figures, prices, sellers, and the lines of ledgers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from hostwise.economics.catalogue.graded import BandGrade, cited
from hostwise.economics.catalogue.ranges import NumberRange
from hostwise.economics.numbers.formula import names
from hostwise.reading.files.strict import Strict


class Figure(NumberRange, frozen=True):
    """A dated figure. `fact` names the answer that replaces it; `documents` what each document says.

    `grade` is how good its source is, where that is said (`graded`).
    """

    label: str
    unit: str
    source: str
    as_of: date
    because: str
    review_by: date | None = None
    fact: str | None = None
    documents: Mapping[str, Mapping[str, Decimal]] = {}
    grade: BandGrade | None = None

    @property
    def cited(self) -> str:
        """The source as it may be printed."""
        return cited(self.source, self.grade)


class Candidate(Strict, frozen=True):
    """What is costed when the answers do not say, and why."""

    model: str
    precision: str
    because: str
    gpu: str = ""
    memory: Decimal | None = None


class ListedPrice(Strict, frozen=True):
    """A token price of ours, USD per million; `batch` is a share of it, `cached` a price."""

    provider: str
    model: str
    input: Decimal
    output: Decimal
    source: str
    as_of: date
    review_by: date | None = None
    cached: Decimal | None = None
    batch: Decimal | None = None
    retired_on: date | None = None
    input_high: Decimal | None = None
    """The other end of an interval, where two sources differ; so is `output_high`."""
    output_high: Decimal | None = None

    def __post_init__(self) -> None:
        if any(price is not None and price < 0 for price in (self.input, self.output, self.cached)):
            raise ValueError("a price is at least 0")
        if self.batch is not None and not 0 <= self.batch <= 1:
            raise ValueError("batch is a share of the price: 0 to 1")


class DefaultOpenModel(Strict, frozen=True):
    """The open-model provider that is priced when none is named."""

    provider: str
    model: str
    because: str


class OneCountry(Strict, frozen=True):
    """The only country where a seller processes what it is sent, and the currency of whoever's rule that meets."""

    country: str
    currency: str
    source: str


class SellerFacts(Strict, frozen=True):
    """What a seller is, and the country of its group's seat (two letters); empty where it is not known.

    `not_sold` are models that the price list has under its name and that it does not sell; `anywhere` is how names
    begin of what it processes in any of its regions. It processes all in one country (`only_in`), or can keep data in
    no other one (`keeps_in`).
    """

    kind: Literal["maker", "cloud", "host", "router", "tool"]
    home: str = ""
    not_sold: tuple[str, ...] = ()
    only_in: OneCountry | None = None
    keeps_in: OneCountry | None = None
    anywhere: str = ""

    def leaves(self, region: str, listed: str = "") -> bool:
        """Whether data leaves the region of a currency here; an empty one is that of data that may go anywhere.

        Of whoever's seat is not known nobody can say that it keeps to one.
        """
        return bool(region) and (not self.home or self.takes_out(region, listed))

    def takes_out(self, region: str, listed: str = "") -> bool:
        """Whether data is known to leave the region of a currency here: all that is asked of a seller that is named."""
        kept = (each for each in (self.only_in, self.keeps_in) if each is not None)
        elsewhere = any(each.currency != region for each in kept)
        return bool(region) and (elsewhere or bool(self.anywhere and listed.startswith(self.anywhere)))


class PricePackage(Strict, frozen=True):
    """The version of the genai-prices package whose age is known, and the day of its prices."""

    version: str
    as_of: date


class ItemSpec(Strict, frozen=True):
    """One line of a ledger, as data. `options` are ids; in the file they may be kinds too."""

    id: str
    label: str
    group: str
    options: tuple[str, ...]
    formula: str
    source: str
    only_if: str | None = None
    unless: tuple[str, ...] = ()
    note: str | None = None


class Jurisdiction(Strict, frozen=True):
    """Countries under one law, and the currencies that are counted in there."""

    name: str
    countries: tuple[str, ...]
    currencies: tuple[str, ...]


class UnlistedShare(NumberRange, frozen=True):
    """A share of the price of input, or of all, where no list says it."""

    source: str
    as_of: date
    because: str


class Unlisted(Strict, frozen=True):
    """What a cached token and one that may wait cost, as shares, where a price is given of a model that no list has."""

    cached: UnlistedShare
    batch: UnlistedShare


PLAN_VALUES = frozenset(
    {"gpus", "rent", "purchase", "utilisation", "card_kw", "operations_fte", "several_cards", "paid_share"}
)
"""What a plan of GPUs gives to formulas; every other name has the same value whatever the plan."""
GPUS = frozenset({"gpus"})
TOKENS = frozenset({"input_tokens", "output_tokens", "bill"})


class MovingLines(Struct, frozen=True):
    """What of the ledgers moves, found from the formulas: with the plan of GPUs `names` first, then the lines.

    `with_gpus` and `with_tokens` are the ids of the lines that grow with their number.
    """

    names: tuple[str, ...]
    items: tuple[ItemSpec, ...]
    with_gpus: frozenset[str]
    with_tokens: frozenset[str]


def moving_lines(ledger_names: Mapping[str, str], items: tuple[ItemSpec, ...]) -> MovingLines:
    """The lines whose formula names what a plan gives, GPUs or tokens, through other names too."""
    through, lines = _naming(PLAN_VALUES, ledger_names, items)
    with_gpus, with_tokens = (
        frozenset(item.id for item in _naming(values, ledger_names, items)[1]) for values in (GPUS, TOKENS)
    )
    return MovingLines(through, lines, with_gpus, with_tokens)


def _naming(
    values: frozenset[str], ledger_names: Mapping[str, str], items: tuple[ItemSpec, ...]
) -> tuple[tuple[str, ...], tuple[ItemSpec, ...]]:
    """The names and the lines whose formula names some values."""
    moving = set(values)
    for name, formula in ledger_names.items():
        if not moving.isdisjoint(names(formula)):
            moving.add(name)
    through = tuple(name for name in ledger_names if name in moving)
    return through, tuple(item for item in items if not moving.isdisjoint(names(item.formula)))
