"""How old the knowledge behind a decision is: what is past its review date, and what is too old to decide on.

The limits are policy, in `rules/freshness.yaml`. Ages are counted to the day of the decision, so that a record can be
computed again at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta, Struct
from msgspec.structs import replace

from hostwise.economics.capacity.work_volume import estimates
from hostwise.economics.catalogue.loading.load_catalogue import FIGURE_FILES
from hostwise.economics.prices.price import TokenPrice
from hostwise.flow.flow import FlowRun
from hostwise.reading.files.kept_document import read_kept_document
from hostwise.reading.files.strict import Strict
from hostwise.reading.files.validate import validated
from hostwise.reading.files.yaml_file import Document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place, Severity
from hostwise.reading.numbers.months import months_later
from hostwise.reading.translatable import fill, prose
from hostwise.rulebook.language.rules import HOUSE

if TYPE_CHECKING:
    from hostwise.answers.files.answer import Answer
    from hostwise.flow.knowledge import Knowledge


Months = Annotated[int, Meta(gt=0)]


class Kind(Strict, frozen=True):
    """The limits of one kind of knowledge, in months."""

    label: str
    review_after: Months
    because: str
    refuse_after: Months | None = None


class Policy(Strict, frozen=True):
    """`rules/freshness.yaml`."""

    kinds: dict[str, Kind]


class Dated(Struct, frozen=True):
    """One dated entry: where it stands (file and path within it), and from when it is overdue and refused.

    `place` is where it stands, where that is in the questionnaire.
    """

    kind: str
    name: str
    label: str
    as_of: date
    review_by: date
    refuse_from: date | None
    file: str
    path: tuple[str | int, ...]
    place: Place | None = None

    def newer(self, day: date) -> bool:
        """Whether nobody could know it on that day."""
        return self.as_of > day

    def overdue(self, day: date) -> bool:
        """Whether its review is due on that day."""
        return day > self.review_by

    def refused(self, day: date) -> bool:
        """Whether it is too old to decide on that day."""
        return self.refuse_from is not None and day > self.refuse_from

    def spoken_of(self, day: date) -> bool:
        """Whether a decision of that day must say something about its age."""
        return self.overdue(day) or self.newer(day)


ADDED = Place("a file of --catalogue or --prices")


class OutOfDate(InputError):
    """A decision would rest on knowledge that is past its second limit. The command line exits with 1."""


@lru_cache(maxsize=8)
def load_policy(rules: Path) -> Policy:
    """The limits. Raises `InputError` with line and column."""
    return validated(Policy, read_kept_document(rules / "freshness.yaml"))


def dated(knowledge: Knowledge) -> tuple[Dated, ...]:
    """Every dated entry of the rules folder: packs, prices, GPUs, models, figures."""
    return tuple(_entries(knowledge, load_policy(knowledge.root)))


def _entries(knowledge: Knowledge, policy: Policy) -> Iterator[Dated]:
    catalogue = knowledge.catalogue
    for pack in knowledge.rulebook.packs:
        kind = "rules" if pack.source == HOUSE else "documents"
        yield _dated(policy, kind, pack.id, pack.as_of, pack.review_by, pack.file, ("review_by",))
    for number, price in enumerate(catalogue.prices, start=-catalogue.added_prices):
        name, at = f"{price.provider} {price.model}", ("prices", number, "as_of")
        sold = _dated(policy, "prices", name, price.as_of, price.review_by, "catalogue/prices.yaml", at)
        yield sold if number >= 0 else replace(sold, place=ADDED)
    for kind, entries in (("gpus", catalogue.gpus), ("models", catalogue.models)):
        for name, entry in entries.items():
            file = f"catalogue/{kind}.yaml"
            yield _dated(policy, kind, name, entry.as_of, entry.review_by, file, (kind, name, "as_of"))
    for name, model in catalogue.api_models.items():
        path = ("api_models", name, "as_of")
        yield _dated(policy, "models", name, model.as_of, model.review_by, "catalogue/api-models.yaml", path)
    for name, band in catalogue.bands.items():
        path = ("bands", name, "as_of")
        yield _dated(policy, "figures", band.label, band.as_of, band.expires, "catalogue/bands.yaml", path)
    for name, figure in catalogue.figures.items():
        yield _dated(policy, "figures", figure.label, figure.as_of, figure.review_by, "", ("figures", name, "as_of"))


def _dated(
    policy: Policy, kind: str, name: str, as_of: date, review_by: date | None, file: str, path: tuple[str | int, ...]
) -> Dated:
    limits = policy.kinds[kind]
    review = review_by or months_later(as_of, limits.review_after)
    refuse = months_later(review, limits.refuse_after) if limits.refuse_after else None
    return Dated(kind, name, limits.label, as_of, review, refuse, file, path)


def used(run: FlowRun, knowledge: Knowledge) -> tuple[Dated, ...]:
    """The entries that a decision rests on: all packs, and of the catalogue what its ledgers were computed from."""
    names: dict[str, set[str]] = {"prices": set(), "gpus": set(), "models": set(), "figures": set()}
    for ledger in run.costing.ledgers.values():
        names["figures"] |= {entry.name for item in ledger.items for entry in item.inputs}
        names["gpus"] |= _values(ledger.capacity, "gpu")
        names["models"] |= _values(ledger.capacity, "model")
    if run.facts["volume_estimated"].value:
        figures = knowledge.catalogue.figures
        names["figures"] |= {figures[name].label for name in estimates(run.facts, knowledge.catalogue)}
    for price in run.costing.prices.values():
        if isinstance(price, TokenPrice):
            names["prices"] |= {
                f"{e.provider} {e.model}"
                for e in knowledge.catalogue.prices
                if price.source.startswith(f"catalogue: {e.provider} {e.model},")
            }
    return tuple(entry for entry in dated(knowledge) if entry.name in names.get(entry.kind, {entry.name}))


def rates_of(stated: Answer | None, rules: Path) -> tuple[Dated, ...]:
    """The exchange rates of a questionnaire that have a day, as entries that age as the catalogue's do."""
    policy = load_policy(rules)
    rates: Mapping[str, Mapping[str, Any]] = (stated.value if stated is not None else None) or {}
    return tuple(
        replace(
            _dated(policy, "rates", code, date.fromisoformat(rate["as_of"]), None, "", ()),
            place=stated.part(code),
        )
        for code, rate in rates.items()
        if stated is not None and rate["as_of"]
    )


def aged_rates(stated: Answer | None, day: date, rules: Path) -> tuple[Diagnostic, ...]:
    """The exchange rates of a questionnaire that should be read again, and those too old to decide on that day."""
    old = [entry for entry in rates_of(stated, rules) if entry.overdue(day)]
    return tuple(
        replace(
            found,
            message=fill(_REFUSED if entry.refused(day) else _OVERDUE, currency=entry.name, read=str(entry.as_of)),
        )
        for entry, found in zip(old, findings(old, day, rules), strict=True)
    )


_OVERDUE = prose("the exchange rate of {currency} was read on {read}: it should be read again")
_REFUSED = prose("the exchange rate of {currency} was read on {read}: it is too old to decide on")


def _values(capacity: Mapping[str, str] | None, key: str) -> set[str]:
    return {capacity[key]} if capacity and key in capacity else set()


def check_age(entries: Iterable[Dated], day: date, rules: Path, stated: Place | None = None) -> None:
    """Refuse to decide on entries past their second limit, or newer than the day. Raises `OutOfDate` naming them.

    `stated` is where the day is stated.
    """
    entries = tuple(entries)
    found = findings((entry for entry in entries if entry.refused(day)), day, rules)
    newest = max((entry.as_of for entry in entries), default=day)
    if newest > day:
        found.append(before_knowledge(day, newest, stated or Place(str(rules))))
    if found:
        raise OutOfDate(found)


def before_knowledge(day: date, newest: date, place: Place) -> Diagnostic:
    """A day of decision on which nobody could know what the decision would rest on."""
    return Diagnostic(
        place,
        "before-the-knowledge",
        f"the day of the decision is before what it would rest on was read, the last of it on {newest}",
        found=str(day),
        accepted=f"a day from {newest}; or rules of that time; or --allow-stale, which the report will say",
    )


def findings(entries: Iterable[Dated], day: date, rules: Path) -> list[Diagnostic]:
    """Overdue entries as findings at their lines: errors beyond the second limit, warnings before."""
    read = cache(lambda file: read_kept_document(rules / file))  # hundreds of entries stand in a few files
    return [_finding(entry, day, _place(entry, rules, read)) for entry in entries]


def _finding(entry: Dated, day: date, place: Place) -> Diagnostic:
    refused = entry.refused(day)
    what = "too old to decide on" if refused else "past its review"
    renewed = "one that was read later, with its day" if entry.place else "a reviewed entry with a new date"
    accepted = renewed + ("; or --allow-stale, which the report will say" if refused else "")
    return Diagnostic(
        place=place,
        code="too-old" if refused else "overdue",
        message=f"the {entry.label} {entry.name} is {what} on {day}",
        found=f"as of {entry.as_of}, review by {entry.review_by}",
        accepted=accepted,
        severity=Severity.ERROR if refused else Severity.WARNING,
    )


def _place(entry: Dated, rules: Path, read: Callable[[str], Document]) -> Place:
    if entry.place is not None:
        return entry.place
    files = [entry.file] if entry.file else [f"catalogue/{name}" for name in FIGURE_FILES]
    for file in files:
        document = read(file)
        place = document.place(entry.path)
        if entry.file or entry.path[1] in (document.data or {}).get("figures", {}):
            return place
    return Place(str(rules))
