"""The ways to host (`rules/catalogue/options.yaml`): what the ledger of each family must know, and their kinds.

A kind is a name for several options: rules, ledger lines and facts name an option or a kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import asdict

from hostwise.reading.files.strict import Strict
from hostwise.reading.files.validate import validated
from hostwise.reading.files.yaml_file import Document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.reading.findings.suggest import nearest

SEATED = "seated"
PRICES = ("closed", "open", SEATED)
"""Whose price an API's can be: that of the closed API in use or named, that of the open-model provider, or what a
seller with its seat under one's own law lists."""
NEEDS = {
    "api": ("price", "weights", "cloud"),
    "own": ("gpus",),
    "mix": ("slice", "rest"),
    "device": (),
}
"""What each family's ledger must know of an option, and no other family's may say."""
ACCEPTED = {
    "price": "of: a list of closed, open and seated, and times: a figure of rules/catalogue",
    "weights": "closed or open",
    "cloud": "ordinary or sovereign",
    "gpus": "rented or bought",
    "slice": "a list of options of the family own",
    "rest": "a list of options of the family api",
}
UNDECIDED, INFEASIBLE = OPEN = ("undecided", "infeasible")
"""What a verdict is where it is no option: an answer is missing, or the gates leave nothing."""
CLOSE_CALL = "close-call"
OUTCOMES = (*OPEN, "refused", CLOSE_CALL)
"""What stands in an option's place where there is none; `refused` where the answers are impossible, `close-call` where
only futures that were not drawn would tell."""
IDENTITY = re.compile("[a-z][a-z0-9-]*")
FACTORS = ("ratio", "share", "x")
"""Units of figures that a price can be multiplied by."""
KINDS = (*NEEDS, "closed-api", "open-api", "ordinary-cloud", "sovereign-cloud", "rented", "bought")
"""The names that stand for several options."""


class PriceRule(Strict, frozen=True):
    """The price of an API: the first known one of `of` (see `PRICES`), times a figure of the catalogue.

    What is listed of a seller of that kind itself (`SEATED`) is not multiplied.
    """

    of: tuple[Literal["closed", "open", "seated"], ...]
    times: str | None = None


class Option(Strict, frozen=True):
    """One way to host. Which of the fields after `sentence` are there depends on the family (`NEEDS`)."""

    label: str
    short: str
    family: Literal["api", "own", "mix", "device"]
    sentence: str
    price: PriceRule | None = None
    weights: Literal["closed", "open"] | None = None
    cloud: Literal["ordinary", "sovereign"] | None = None
    gpus: Literal["rented", "bought"] | None = None
    slice: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()

    @property
    def kinds(self) -> Iterator[str]:
        """The kinds that it is one of (`KINDS`)."""
        yield self.family
        yield from (f"{self.weights}-api", f"{self.cloud}-cloud") if self.family == "api" else ()
        yield from (self.gpus,) if self.gpus else ()


class InUse(Strict, frozen=True):
    """Which option the API in use is: that of a vendor's closed model, and that of an open model."""

    closed: str
    open: str


class _OptionsFile(Strict, frozen=True):
    options: dict[str, Option]
    in_use: InUse
    stay: tuple[str, ...]


class Options(Struct, frozen=True):
    """Every option by its id. `stay` are those that stand for staying where one is: the first one that is priced."""

    options: Mapping[str, Option]
    in_use: InUse
    stay: tuple[str, ...]


def read_options(document: Document, units: Mapping[str, str]) -> Options:
    """Read `options.yaml`; `units` are those of the catalogue's figures, by name.

    Raises `InputError` for whatever the ledger of an option's family could not work with.
    """
    file = validated(_OptionsFile, document)
    findings = [*_findings(file, document, units)]
    if findings:
        raise InputError(findings)
    return Options(file.options, file.in_use, file.stay)


def option_kinds(options: Mapping[str, Option]) -> dict[str, tuple[str, ...]]:
    """Every kind with its options, in catalogue order."""
    return {kind: tuple(id_ for id_, entry in options.items() if kind in entry.kinds) for kind in KINDS}


def named_options(names: Iterable[str], kinds: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The options that names of options and kinds stand for, in the order of the names, each once."""
    return tuple(dict.fromkeys(option for name in names for option in kinds.get(name, (name,))))


def _findings(file: _OptionsFile, document: Document, units: Mapping[str, str]) -> Iterator[Diagnostic]:
    for id_, option in file.options.items():
        path = ("options", id_)
        yield from _identity(id_, document)
        yield from _fields(id_, option, document)
        yield from _price(option, (*path, "price"), document, units)
        for key, family in (("slice", "own"), ("rest", "api")):
            yield from _named(getattr(option, key), (*path, key), document, _of_family(family, file.options))
    apis = _of_family("api", file.options)
    yield from _named(file.stay, ("stay",), document, apis)
    for weights, name in asdict(file.in_use).items():
        yield from _unknown(name, ("in_use", weights), document, apis)


def _identity(id_: str, document: Document) -> Iterator[Diagnostic]:
    taken = id_ in (*KINDS, *OUTCOMES)
    if taken or not IDENTITY.fullmatch(id_):
        message = "the name stands for something else" if taken else "not the id of an option"
        accepted = "small letters, digits and hyphens, a letter first; and none of " + ", ".join((*KINDS, *OUTCOMES))
        yield document.finding(("options", id_), "option-id", message, key=True, found=id_, accepted=accepted)


def _fields(id_: str, option: Option, document: Document) -> Iterator[Diagnostic]:
    """A key that the family needs and that is not there, and one that belongs to another family."""
    needed, path = NEEDS[option.family], ("options", id_)
    for key in needed:
        if not getattr(option, key):
            where = (*path, key) if document.has((*path, key)) else path
            message = f"an option of the family {option.family} needs {key!r}"
            yield document.finding(where, "missing-key", message, key=True, accepted=ACCEPTED[key])
    for key in (key for key in ACCEPTED if key not in needed and document.has((*path, key))):
        message = f"{key!r} is no key of the family {option.family}"
        accepted = ", ".join(needed) or "no key beside label, short, family and sentence"
        yield document.finding((*path, key), "unknown-key", message, key=True, found=key, accepted=accepted)


def _price(option: Option, path: tuple[str, ...], document: Document, units: Mapping[str, str]) -> Iterator[Diagnostic]:
    if option.price is None:
        return
    if not option.price.of:
        yield document.finding((*path, "of"), "price", "it names no price", accepted=" or ".join(PRICES))
    times = option.price.times
    factors = [name for name, unit in units.items() if unit in FACTORS]
    if times is not None and times not in factors:
        yield document.finding(
            (*path, "times"), "unknown-name", "no figure that a price can be multiplied by", found=times,
            accepted=f"a figure of rules/catalogue in {', '.join(FACTORS)}", suggestion=nearest(times, factors),
        )  # fmt: skip


def _named(
    names: tuple[str, ...], path: tuple[str, ...], document: Document, known: tuple[str, ...]
) -> Iterator[Diagnostic]:
    for index, name in enumerate(names):
        yield from _unknown(name, (*path, index), document, known)


def _unknown(
    name: str, path: tuple[str | int, ...], document: Document, known: tuple[str, ...]
) -> Iterator[Diagnostic]:
    if name not in known:
        yield document.finding(
            path, "unknown-option", "no such option, or not of the family that is asked for here", found=name,
            accepted=", ".join(known), suggestion=nearest(name, known),
        )  # fmt: skip


def _of_family(family: str, options: Mapping[str, Option]) -> tuple[str, ...]:
    return tuple(id_ for id_, option in options.items() if option.family == family)
