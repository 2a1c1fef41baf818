"""What must hold for every questionnaire: `rules/properties.yaml` as data, with conditions like those of rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from msgspec import Struct

from hostwise.decision.basis import Knowledge
from hostwise.reading.diagnostics import Diagnostic, InputError, Place
from hostwise.reading.document import Document, read_document
from hostwise.reading.suggest import nearest
from hostwise.rulebook import conditions as c
from hostwise.rulebook.rule_reader import Context, Path_, RuleReader
from hostwise.rulebook.rules import HOUSE
from hostwise.rulebook.unary import BadTest, parse_unary

CHANGES = ("more", "less", "no-more", "no-less", "any", "learned")
DECIDING = ("derive", "gate", "choose")


class Second(Struct, frozen=True):
    """A second case, alike but for `changed` (fact → one of `CHANGES`), and what is said of it."""

    changed: Mapping[str, str]
    never: c.Condition | None = None
    always: c.Condition | None = None
    same: str | None = None


class Property(Struct, frozen=True):
    """One property. It speaks of the cases of `when`; `second` makes it compare two cases."""

    id: str
    title: str
    when: c.Condition
    because: str
    cites: tuple[str, ...]
    place: Place
    never: c.Condition | None = None
    always: c.Condition | None = None
    second: Second | None = None


class Impossible(Struct, frozen=True):
    """A combination that no case shows, and why."""

    id: str
    when: c.Condition
    because: str


class Proportional(Struct, frozen=True):
    """A fact that is another one times a factor."""

    fact: str
    to: str
    times: Fraction


class Properties(Struct, frozen=True):
    """The file. `typical`, `answers` and `levers` shape counterexamples."""

    properties: tuple[Property, ...]
    never: tuple[Impossible, ...]
    proportional: tuple[Proportional, ...]
    typical: Mapping[str, c.Literal]
    answers: Mapping[str, str]
    levers: Mapping[str, tuple[str, ...]]


def load_properties(knowledge: Knowledge, path: Path | None = None) -> Properties:
    """Load `properties.yaml` of the rules folder, or another file. Raises `InputError` with every finding."""
    document = read_document(path or knowledge.root / "properties.yaml")
    reader = _Reader(document, knowledge)
    found = reader.read()
    if reader.findings:
        raise InputError(reader.findings)
    return found


class _Reader:
    """Reads the file once; what is wrong becomes a finding and the reading goes on."""

    def __init__(self, document: Document, knowledge: Knowledge) -> None:
        self.document, self.knowledge = document, knowledge
        self.findings: list[Diagnostic] = []
        self.specs = knowledge.rulebook.specs
        context = Context(self.specs, {}, tuple(knowledge.catalogue.options), self.findings)
        self.conditions = RuleReader(document, "properties", HOUSE, context)

    def read(self) -> Properties:
        data = self.document.data
        known = ("domain", "typical", "answers", "levers", "properties")
        if not isinstance(data, dict):
            self._find((), "not-a-mapping", "properties are a mapping", accepted=", ".join(known))
            return Properties((), (), (), {}, {}, {})
        self._keys(data, (), known)
        domain = data.get("domain") or {}
        return Properties(
            properties=tuple(self._properties(data.get("properties") or [])),
            never=tuple(self._never(domain.get("never") or [])),
            proportional=tuple(self._proportional(domain.get("proportional") or [])),
            typical=dict(self._typical(data.get("typical") or {})),
            answers=data.get("answers") or {},
            levers={option: tuple(keys) for option, keys in (data.get("levers") or {}).items()},
        )

    def _properties(self, entries: list[Any]) -> Iterator[Property]:
        for number, entry in enumerate(entries):
            path: Path_ = ("properties", number)
            keys = ("id", "title", "when", "never", "always", "second", "each", "because", "cites")
            self._keys(entry, path, keys)
            for fact in self._each(entry.get("each"), path):
                found = self._property(_filled(entry, fact), path, fact)
                if found is not None:
                    yield found

    def _each(self, entry: Any, path: Path_) -> Iterator[str | None]:
        """The facts that a property is repeated for; None stands for once, without one."""
        if entry is None:
            yield None
            return
        facts = entry.get("facts")
        left_out = entry.get("all_but") or {}
        for name in left_out:
            self._fact(name, (*path, "each", "all_but", name))
        names = self._questions() if facts == "questions" else tuple(facts)
        for name in names:
            if self._fact(name, (*path, "each", "facts")) and name not in left_out:
                yield name

    def _questions(self) -> tuple[str, ...]:
        """The facts of questions that a rule reads on the way to the verdict."""
        rules = [r for r in self.knowledge.rulebook.rules if r.source == HOUSE and r.stage in DECIDING]
        read = {name for rule in rules for name in rule.reads}
        return tuple(q.fact for q in self.knowledge.questionnaire.questions if q.fact in read)

    def _property(self, entry: dict[str, Any], path: Path_, fact: str | None) -> Property | None:
        before = len(self.findings)
        when = self.conditions.condition(entry.get("when"), (*path, "when"))
        never, always = (self._optional(entry, path, key) for key in ("never", "always"))
        second = self._second(entry["second"], (*path, "second")) if "second" in entry else None
        if second is None and never is None and always is None:
            self._find(path, "says-nothing", "a property says what must never or always hold", accepted="never, always")
        if len(self.findings) > before or when is None:
            return None
        identity = str(entry["id"]) + (f"[{fact}]" if fact else "")
        title = str(entry["title"]) + (f": {self.specs[fact].label or fact}" if fact else "")
        place = self.document.place((*path, "id"))
        cites = tuple(entry.get("cites") or ())
        return Property(identity, title, when, str(entry["because"]).strip(), cites, place, never, always, second)

    def _second(self, entry: dict[str, Any], path: Path_) -> Second | None:
        self._keys(entry, path, ("changed", "never", "always", "same"))
        changed = entry.get("changed") or {}
        for name, how in changed.items():
            self._fact(name, (*path, "changed", name))
            if how not in CHANGES:
                self._find((*path, "changed", name), "change", "no such change", found=str(how),
                           accepted=", ".join(CHANGES), suggestion=nearest(str(how), CHANGES))  # fmt: skip
        never, always = (self._optional(entry, path, key) for key in ("never", "always"))
        return Second(changed, never, always, entry.get("same"))

    def _optional(self, entry: dict[str, Any], path: Path_, key: str) -> c.Condition | None:
        return self.conditions.condition(entry[key], (*path, key)) if key in entry else None

    def _never(self, entries: list[Any]) -> Iterator[Impossible]:
        for number, entry in enumerate(entries):
            path: Path_ = ("domain", "never", number)
            self._keys(entry, path, ("id", "when", "because"))
            when = self.conditions.condition(entry.get("when"), (*path, "when"))
            if when is not None:
                yield Impossible(str(entry["id"]), when, str(entry["because"]))

    def _proportional(self, entries: list[Any]) -> Iterator[Proportional]:
        for number, entry in enumerate(entries):
            path: Path_ = ("domain", "proportional", number)
            self._keys(entry, path, ("fact", "to", "times"))
            known = [self._fact(entry[key], (*path, key)) for key in ("fact", "to")]
            if all(known):
                yield Proportional(entry["fact"], entry["to"], Fraction(str(entry["times"])))

    def _typical(self, entries: dict[str, Any]) -> Iterator[tuple[str, c.Literal]]:
        for name, raw in entries.items():
            if not self._fact(name, ("typical", name)):
                continue
            try:
                parsed = parse_unary(raw, self.specs[name], {})
            except BadTest as problem:
                self._find(("typical", name), "value", str(problem), found=problem.found, accepted=problem.accepted)
                continue
            if isinstance(parsed, c.Equals):
                yield name, parsed.value

    def _fact(self, name: str, path: Path_) -> bool:
        if name in self.specs:
            return True
        near = nearest(name, self.specs)
        self._find(path, "unknown-fact", f"there is no fact {name!r}", suggestion=near)
        return False

    def _keys(self, entry: Any, path: Path_, known: tuple[str, ...]) -> None:
        for key in entry:
            if key not in known:
                self._find((*path, key), "unknown-key", f"unknown key {key!r}", key=True,
                           accepted=", ".join(known), suggestion=nearest(key, known))  # fmt: skip

    def _find(self, path: Path_, code: str, message: str, **more: Any) -> None:
        self.findings.append(self.document.finding(path, code, message, **more))


def _filled(entry: Any, fact: str | None) -> Any:
    """The entry with `{it}` replaced by the fact, in keys and texts."""
    if fact is None:
        return entry
    if isinstance(entry, dict):
        return {_filled(key, fact): _filled(value, fact) for key, value in entry.items()}
    if isinstance(entry, list):
        return [_filled(item, fact) for item in entry]
    return entry.replace("{it}", fact) if isinstance(entry, str) else entry
