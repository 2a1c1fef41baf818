"""Units of what people count and pay for, from `rules/units.yaml`: the words of each, and what one is in another's.

A unit is a product of base units: `tokens a day` has tokens above the line and time below it. A value is converted
where its unit is of the dimension of what was asked, and refused where it is not; a unit is never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property, lru_cache

from msgspec import Struct, field
from msgspec.structs import replace

from hostwise.reading.files.folders import rules_dir
from hostwise.reading.files.kept_document import read_kept_document
from hostwise.reading.files.strict import Strict
from hostwise.reading.files.validate import validated
from hostwise.reading.findings.diagnostics import InputError
from hostwise.reading.findings.suggest import nearest
from hostwise.reading.numbers.fact_types import FactType

_WORD = re.compile(r"/|\d[\d,_.]*|[^\W\d_]+(?:[.'-][^\W\d_]+)*\.?|\S")
_SPACED = re.compile(r"(?<![^\W\d_])([^\W\d_])\. ([^\W\d_])\.")
"""`p. a.`, which is `p.a.`."""
_COUNT = re.compile(r"[1-9]\d{0,2}(?:[,_]\d{3}){1,4}|\d{1,12}(?:\.\d{1,2})?")
_OTHER_IN_OTHER_CASE = frozenset({"m", "M", "mW", "mw", "Mw", "mWh", "mwh", "Mwh"})
"""Spellings that are another unit, or none, in another case."""


_ONE_SLIP = 0.8
"""How like a unit a word must be to be taken for a slip of it: `mounth` is, `hourglass` is none of an hour."""


class WrongUnit(ValueError):
    """A unit that is not known, or not of the dimension."""

    def __init__(self, message: str, word: str = "", near: Callable[[], str | None] = lambda: None) -> None:
        self.word, self._near = word, near
        super().__init__(message)

    @property
    def near(self) -> str | None:
        """The nearest known unit to the `word`: looked for where it is asked, as a text is tried in several ways."""
        return self._near()


class _Multiplier(Strict, frozen=True):
    power: int
    letters: tuple[str, ...]
    words: tuple[str, ...]


class _Unit(Strict, frozen=True):
    of: str
    size: Decimal = field(name="is")
    words: tuple[str, ...]
    after_per: str = ""


class _Phrase(Strict, frozen=True):
    expression: str = field(name="is")
    words: tuple[str, ...]


class Dimension(Strict, frozen=True):
    """What a question may be measured in; see `rules/units.yaml`."""

    label: str
    example: str
    expression: str = field(default="", name="is")
    also: str = ""
    only: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    unit: str = ""
    money: bool = False
    multipliers: bool = True
    percent: bool = False
    converts: bool = True
    grouped: bool = False


class _LongScale(Strict, frozen=True):
    words: tuple[str, ...]
    beside: tuple[str, ...]


class _File(Strict, frozen=True):
    multipliers: dict[str, _Multiplier]
    parted_by_points: tuple[str, ...]
    long_scale: _LongScale
    percent: tuple[str, ...]
    per: tuple[str, ...]
    qualifiers: dict[str, tuple[str, ...]]
    units: dict[str, _Unit]
    phrases: dict[str, _Phrase]
    dimensions: dict[str, Dimension]


Bases = tuple[str, ...]
"""What units are units of; a word that stands for units of several is one of the first."""


class Part(Struct, frozen=True):
    """One factor of a unit: its name, what it measures, whether it stands below the line, and its size.

    `count` is how many are taken at a time: 1,000,000 in `per million tokens`.
    """

    name: str
    of: str
    below: bool
    size: Decimal
    count: Decimal = Decimal(1)


class Measure(Struct, frozen=True):
    """What the values of one question or fact are in: its dimension, and the parts of its own unit."""

    dimension: Dimension
    parts: tuple[Part, ...]
    also: tuple[Part, ...]
    qualifier: str = ""
    literal: str = ""

    @property
    def bases(self) -> Bases:
        """What its units are units of, in their order: of hours of audio a day, audio before time."""
        return _bases(self.parts, self.also)


class Units(Struct, frozen=True, dict=True):
    """The file, with its words ready to be looked up."""

    file: _File

    @cached_property
    def powers(self) -> Mapping[str, int]:
        """The power of ten of each multiplier: letters as they stand, words in lower case."""
        return {
            word: entry.power for entry in self.file.multipliers.values() for word in (*entry.letters, *entry.words)
        }

    @cached_property
    def names(self) -> Mapping[str, tuple[str, ...]]:
        """Units by their words, as written and in lower case; a word may stand for several (an hour of work)."""
        found: dict[str, tuple[str, ...]] = {}
        for name, unit in self.file.units.items():
            for word in {w for spelled in (name, *unit.words) for w in (spelled, spelled.lower())}:
                if word == name or word in unit.words or word not in _OTHER_IN_OTHER_CASE:
                    found[word] = (*found.get(word, ()), name)
        return found

    @cached_property
    def phrases(self) -> Mapping[str, str]:
        """Words that stand for more than one unit, in lower case, each with its expression."""
        entries = self.file.phrases.items()
        return {word.lower(): entry.expression for name, entry in entries for word in (name, *entry.words)}

    def power_of(self, word: str) -> int | None:
        """The power of ten that a word multiplies by; None for another word."""
        return self.powers.get(word) if len(word) == 1 else self.powers.get(word.lower().rstrip("."))

    def parts(self, text: str, bases: Bases = (), qualifier: str = "") -> Iterator[Part]:
        """The units in a text such as `input tokens per day`.

        `bases` choose where a word stands for several units; `qualifier` is the kind of tokens that may be named.
        Raises `WrongUnit`.
        """
        below, counted, pending, count = False, False, False, Decimal(1)
        word = ""
        for word in _WORD.findall(_SPACED.sub(r"\1.\2.", text)):
            power = self.power_of(word) if below else None
            if word.lower() in self.file.per:
                if pending:
                    raise WrongUnit(f"something is missing before {word!r}")
                below, counted, pending, count = True, False, True, Decimal(1)
            elif below and not counted and word[0].isdigit():
                counted, count = True, _count(word)
            elif power is not None:
                counted, count = True, count.scaleb(power)
            elif word.lower() not in self.file.qualifiers.get(qualifier, ()):
                if self._adverb(word) and not pending:  # `$2/GPU hourly`: it divides by itself
                    below = False
                yield from (_divided(part, count) if below else part for part in self._of(word, bases))
                counted, pending, count = False, False, Decimal(1)
        if counted and "tokens" in bases:  # `$2.50 per 1M`: what else is sold by the million here
            yield _divided(next(self._of("token", bases)), count)
        elif counted or pending:
            raise WrongUnit(f"something is missing after {word!r}")

    def named_in(self, text: str) -> frozenset[str]:
        """The units that the words of a text may stand for, whatever they measure; the text need not be an amount."""
        words = _WORD.findall(_SPACED.sub(r"\1.\2.", text))
        spelled = [each for word in words for each in (word, *_WORD.findall(self._phrase(word) or ""))]
        return frozenset(name for word in spelled for name in self._named(word))

    def _of(self, word: str, bases: Bases) -> Iterator[Part]:
        phrase = self._phrase(word)
        if phrase is not None:
            yield from self.parts(phrase, bases)
            return
        names = self._named(word)
        if names:
            name = next((name for base in bases for name in names if self.file.units[name].of == base), names[0])
            yield Part(name, self.file.units[name].of, False, self.file.units[name].size)
            return
        power, rest = self.powers.get(word[:1]), self._named(word[1:])
        if power is None or "token" not in rest:  # `Mtok`, `ktokens`
            raise self._unknown(word, bases)
        yield Part("token", "tokens", False, Decimal(1), Decimal(1).scaleb(power))

    def _unknown(self, word: str, bases: Bases) -> WrongUnit:
        """What to say of a word: the kind of tokens that it names, or the nearest unit of one of the bases."""
        if any(word.lower() in words for words in self.file.qualifiers.values()):
            return WrongUnit(f"given for {word.lower()} tokens, which is not what is asked for", word)
        capital = word[:1].upper() + word[1:]
        if capital[:1] in self.powers and "token" in self._named(word[1:]):  # `mtok`
            return WrongUnit(f"unknown unit {word!r}", word, lambda: capital)
        return WrongUnit(f"unknown unit {word!r}", word, lambda: self._nearest(word, bases))

    def _nearest(self, word: str, bases: Bases) -> str | None:
        like = [
            name
            for name, of in self.names.items()
            if len(name) > 2 and any(self.file.units[unit].of in bases for unit in of)
        ]
        return nearest(word, like, _ONE_SLIP) if len(word) > 2 else None

    def _phrase(self, word: str) -> str | None:
        return self.phrases.get(word.lower(), self.phrases.get(word.lower().rstrip(".")))

    def _adverb(self, word: str) -> bool:
        return (self._phrase(word) or "").startswith("/")

    def _named(self, word: str) -> tuple[str, ...]:
        if word == "m":
            return ("minute",)
        for spelled in (word, word.rstrip(".")):
            found = self.names.get(spelled)
            if found is None and spelled not in _OTHER_IN_OTHER_CASE:
                found = self.names.get(spelled.lower())
            if found:
                return found
        return ()


def _divided(part: Part, count: Decimal) -> Part:
    return Part(part.name, part.of, not part.below, part.size, part.count * count)


def _count(word: str) -> Decimal:
    found = Decimal(re.sub("[,_]", "", word)) if _COUNT.fullmatch(word) else Decimal(0)
    if not found:
        raise WrongUnit(f"{word!r} cannot be divided by")
    return found


@lru_cache(maxsize=1)
def units() -> Units:
    """The table of the shipped rules. Raises `InputError` with every finding."""
    document = read_kept_document(rules_dir() / "units.yaml")
    found = Units(validated(_File, document))
    findings = []
    for name, entry in found.file.dimensions.items():
        for expression in (entry.expression, entry.also, entry.unit):
            try:
                list(found.parts(expression))
            except WrongUnit as problem:
                findings.append(document.finding(("dimensions", name), "unit", str(problem)))
    if findings:
        raise InputError(findings)
    return found


@lru_cache(maxsize=256)
def measure(kind: FactType, unit: str, name: str = "", qualifier: str = "") -> Measure:
    """What values of a kind in `unit` may be written in; `name` is that of a dimension, where the question says it.

    `qualifier` is a kind of tokens that may be named: input or output.

    Raises `WrongUnit` where the unit is not of the dimension.
    """
    own = unit.partition("/")[1] + unit.partition("/")[2] if kind is FactType.MONEY else unit
    if name:
        return replace(_measured(own, units().file.dimensions[name]), qualifier=qualifier)
    for dimension in _likely(kind, unit):
        try:
            return _measured(own, dimension)
        except WrongUnit:
            continue
    return Measure(_plain(kind, unit), (), (), literal=own.strip("/ "))


def _likely(kind: FactType, unit: str) -> Iterable[Dimension]:
    dimensions = units().file.dimensions
    if kind is FactType.RATIO:
        return [dimensions["multiple" if unit else "share"]]
    if kind is FactType.DURATION:
        return [dimensions["duration"]]
    return [d for d in dimensions.values() if unit and d.money == (kind is FactType.MONEY) and not d.percent]


def _bases(parts: tuple[Part, ...], also: tuple[Part, ...]) -> Bases:
    return tuple(dict.fromkeys(part.of for part in (*parts, *also)))


def _measured(unit: str, dimension: Dimension) -> Measure:
    table = units()
    also = tuple(table.parts(dimension.unit or dimension.also))
    whole = tuple(table.parts(dimension.expression))
    parts = tuple(table.parts(unit, _bases(whole, also))) if unit else whole
    strange = [part.name for part in parts if dimension.only and part.name not in dimension.only]
    if strange or (
        {(p.of, p.below) for p in parts} != {(p.of, p.below) for p in whole} and not (dimension.percent and not whole)
    ):
        raise WrongUnit(f"{unit!r} is no unit of {dimension.label}")
    return Measure(dimension, parts, also)


def _plain(kind: FactType, unit: str) -> Dimension:
    money = kind is FactType.MONEY
    label = unit or ("money" if money else "number")
    example = "$5k or 500 EUR" if money else f"a number in {unit}" if unit else "12 or 10k"
    return Dimension(label, example, money=money)


def converted(written: tuple[Part, ...], into: Measure) -> tuple[Decimal, Decimal]:
    """What a value written with some units is multiplied and divided by to be in the measure's own.

    Raises `WrongUnit` where one of them is not of its dimension.
    """
    times, over = Decimal(1), Decimal(1)
    seen: set[tuple[str, bool]] = set()
    for part in written:
        own = _counterpart(part, into)
        if own is None or (part.of, part.below) in seen:
            raise WrongUnit(f"given {_said(part)}, and what is asked for is {into.dimension.label}")
        seen.add((part.of, part.below))
        if part.count != 1 and part.name in into.dimension.one_of:
            raise WrongUnit(f"given for {part.count:f} of a unit that is taken one at a time")
        above, beneath = part.size * part.count, own.size * own.count
        times, over = (times * beneath, over * above) if part.below else (times * above, over * beneath)
    return times, over


def _counterpart(part: Part, into: Measure) -> Part | None:
    """The part of a measure that a written one is converted to, or may stand beside; None where there is none."""
    if into.dimension.only and part.name not in into.dimension.only:
        return None
    same = [own for own in (*into.parts, *into.also) if (own.of, own.below) == (part.of, part.below)]
    if not same or same[0] in into.parts:
        return same[0] if same else None
    fixed = part.count == 1 and (into.dimension.converts or part.name == same[0].name)
    return same[0] if fixed else None


def _said(part: Part) -> str:
    after = units().file.units[part.name].after_per
    return (after or f"per {part.name}") if part.below else f"in {part.name}"
