"""Ledgers: an option's monthly cost, line by line, each line followed to its formula and its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.fact_text import format_fact, format_value
from hostwise.answers.facts import Fact, FactType, Origin, Provenance
from hostwise.economics.catalogue.catalogue import ONE_CARD, Catalogue
from hostwise.economics.catalogue.entries import ItemSpec
from hostwise.economics.catalogue.sourced import Sourced
from hostwise.economics.numbers.bands import NOTHING, Band, either, total
from hostwise.economics.numbers.formula import compute, compute_likely, names
from hostwise.economics.numbers.formula_text import in_words
from hostwise.economics.numbers.horizon import Outlook
from hostwise.economics.numbers.numbers import Test, least, most
from hostwise.reading.numbers.number_format import kind_of
from hostwise.reading.translatable import fill, joined, prose

Values = Mapping[str, Sourced]


class Input(Struct, frozen=True):
    """One value that a line was computed from."""

    name: str
    value: Band
    unit: str
    origin: str
    source: str


class LineItem(Struct, frozen=True):
    """One line: an amount a month in the ledger's currency. Most are only added up; `told` says one in full."""

    id: str
    label: str
    amount: Band
    spec: ItemSpec
    used: Values
    catalogue: Catalogue
    factor: Band
    """What turned dollars into the ledger's currency."""

    def as_if(self, several: bool, end: str = "likely") -> Decimal:
        """One end of the amount as if several cards served, or one alone, whatever was planned."""
        values = {name: getattr(value.band, end) for name, value in self.used.items()}
        if "several_cards" in values:
            values["several_cards"] = Decimal(several)
        if "operations_fte" in values and self.used["operations_fte"].origin == "assumed":
            figure = self.catalogue.figures["operations_fte" if several else ONE_CARD]
            values["operations_fte"] = getattr(figure.band, end)
        elif "several_cards" not in values:
            amount: Decimal = getattr(self.amount, end)
            return amount
        factor: Decimal = getattr(self.factor, end)
        return compute_likely(self.spec.formula, values) * factor

    @property
    def group(self) -> str:
        """What it is a part of: compute, idle, people …"""
        return self.spec.group

    @property
    def per_gpu(self) -> bool:
        """Whether it grows with the number of GPUs: whether its formula names it."""
        return self.spec.id in self.catalogue.moving.with_gpus

    @property
    def per_token(self) -> bool:
        """Whether it grows with the tokens."""
        return self.spec.id in self.catalogue.moving.with_tokens

    @property
    def inputs(self) -> tuple[Input, ...]:
        """What it was computed from, in the order of its formula."""
        labels, formulas = self.catalogue.labels, self.catalogue.names
        sources = {n: in_words(formulas[n], labels) if n in formulas else v.source for n, v in self.used.items()}
        return tuple(Input(labels.get(n, n), v.band, v.unit, v.origin, sources[n]) for n, v in self.used.items())

    def told(self) -> ToldLine:
        """The line as the record has it, with its formula in words."""
        return ToldLine(
            self.id,
            self.label,
            self.group,
            self.amount,
            in_words(self.spec.formula, self.catalogue.labels),
            self.inputs,
            self.spec.source,
            _note(self.spec, self.used, self.catalogue),
        )


class ToldLine(Struct, frozen=True):
    """A line with the words of the record."""

    id: str
    label: str
    group: str
    amount: Band
    formula: str
    inputs: tuple[Input, ...]
    source: str
    note: str | None


class Variant(Struct, frozen=True):
    """Another way to pay for the same; `usable` says whether this workload could."""

    name: str
    total: Band
    usable: bool
    note: str


class Ledger(Struct, frozen=True):
    """An option's cost. Not priced: `why_not` says what is missing, and `needs` names the facts."""

    option: str
    label: str
    variant: str
    currency: str
    priced: bool
    why_not: str | None
    needs: tuple[str, ...]
    items: tuple[LineItem, ...]
    total: Band | None
    per_million: Band | None
    capacity: Mapping[str, str] | None
    variants: tuple[Variant, ...] = ()
    outlooks: tuple[Outlook, ...] = ()
    there: Test = True
    """Whether it is priced, in each case of a tape."""
    floor: Band | None = None
    """What it costs a month at least, whatever the volume, where that is all that can be said of its cost."""


MANY = 2
"""Documents from which on they can disagree."""


class NoValue(LookupError):
    """A formula names something that has no value; `name` is what is missing at its root."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


def lines(
    option: str, values: Values, flags: Mapping[str, Test], catalogue: Catalogue, factor: Band
) -> tuple[LineItem, ...]:
    """The lines of one option; `factor` turns dollars into the ledger's currency. Raises `NoValue`.

    `flags` leave lines in or out; on a tape, a line that is out in some cases is nothing there.
    """
    known = dict(values)
    for name, formula in catalogue.names.items():
        needed = names(formula)
        if all(n in known for n in needed):
            band = compute(formula, {n: known[n].band for n in needed})
            known[name] = Sourced(band, "derived", formula, needed, catalogue.units.get(name, ""))
    found = (_counted(spec, flags, known, factor, catalogue) for spec in catalogue.items if option in spec.options)
    return tuple(line for line in found if line is not None)


def _counted(
    spec: ItemSpec, flags: Mapping[str, Test], values: Values, factor: Band, catalogue: Catalogue
) -> LineItem | None:
    there = True if spec.only_if is None else flags[spec.only_if]
    gone = [flags[flag] for flag in spec.unless]
    if there is False or True in gone:
        return None
    line = _line(spec, values, factor, catalogue)
    amount = line.amount
    for test in gone:
        amount = either(test, NOTHING, amount)
    return replace(line, amount=either(there, amount, NOTHING))


def _line(spec: ItemSpec, values: Values, factor: Band, catalogue: Catalogue) -> LineItem:
    used: dict[str, Sourced] = {}
    bands: dict[str, Band] = {}
    for name in names(spec.formula):
        if name not in values:
            raise NoValue(_root(name, values, catalogue))
        used[name] = values[name]
        bands[name] = values[name].band
    return LineItem(spec.id, spec.label, compute(spec.formula, bands) * factor, spec, used, catalogue, factor)


def _root(name: str, values: Values, catalogue: Catalogue) -> str:
    """What is missing below a name that is a formula itself."""
    below = names(catalogue.names[name]) if name in catalogue.names else ()
    return next((_root(n, values, catalogue) for n in below if n not in values), name)


def _note(spec: ItemSpec, used: Values, catalogue: Catalogue) -> str | None:
    """The line's note, and where documents disagree on a figure that was assumed, what each says."""
    found = [spec.note] if spec.note else []
    # The figure that the line is about stands first in its formula.
    name, value = next(iter(used.items()))
    entry = catalogue.figures.get(name)
    if entry is not None and len(entry.documents) >= MANY and value.origin == "assumed":
        spans = ((claim, _span(span, entry.unit)) for claim, span in entry.documents.items())
        said = joined([fill("{claim} {span}", claim=claim, span=span) for claim, span in spans], "; ")
        message = prose("{label}, {unit}: the documents say {figures}.")
        found.append(fill(message, label=entry.label[:1].upper() + entry.label[1:], unit=entry.unit, figures=said))
    return joined(found, " ") or None


def _span(ends: Mapping[str, Decimal], unit: str) -> str:
    kind = kind_of(unit)
    low, high = (format_value(ends[end], kind, "" if kind is FactType.QUANTITY else unit) for end in ("low", "high"))
    return low if low == high else fill("{low} to {high}", low=low, high=high)


def closed(
    option: str,
    catalogue: Catalogue,
    items: tuple[LineItem, ...],
    currency: str,
    tokens: Decimal | None,
    cost: Band | None = None,
    capacity: Mapping[str, str] | None = None,
    variant: str = "",
) -> Ledger:
    """A priced ledger for a volume above zero, or one that is not known.

    `cost` is what it comes to where its lines do not say.
    """
    whole = total([item.amount for item in items]) if cost is None else cost
    per = None if tokens is None else whole / Band.exactly(tokens / 1_000_000)
    label = catalogue.options[option].label
    return Ledger(option, label, variant, currency, True, None, (), items, whole, per, capacity)


def saved_by(one: Ledger, other: Ledger) -> Band | None:
    """How much less the other costs a month, line by line; None where either is not priced.

    A line that both have moves with the same answers in both: it is compared end with end. One that stands in one of
    them alone moves by itself.
    """
    if one.total is None or other.total is None:
        return None
    ours, theirs = ({item.id: item.amount for item in ledger.items} for ledger in (one, other))
    saved = [_apart(amount, theirs[id_]) if id_ in theirs else amount for id_, amount in ours.items()]
    return total(saved) - total([amount for id_, amount in theirs.items() if id_ not in ours])


def _apart(one: Band, other: Band) -> Band:
    ends = (one.low - other.low, one.likely - other.likely, one.high - other.high)
    return Band(least(*ends), ends[1], most(*ends))


def shown_a_month(band: Band, currency: str) -> str:
    """A cost a month as people read it, with its range."""
    origin = Provenance(Origin.DERIVED)
    return format_fact(Fact("cost", FactType.MONEY, band.likely, origin, "", currency, band.low, band.high))


def unpriced(option: str, catalogue: Catalogue, currency: str, why: str, needs: tuple[str, ...] = ()) -> Ledger:
    """An option that cannot be priced, and why."""
    return Ledger(option, catalogue.options[option].label, "", currency, False, why, needs, (), None, None, None)
