"""What must hold for every questionnaire: `rules/properties.yaml` as data, with conditions like those of rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct, field

from hostwise.flow.knowledge import Knowledge
from hostwise.reading.files.strict import Strict
from hostwise.reading.files.validate import validated
from hostwise.reading.files.yaml_file import Document, read_document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.reading.findings.suggest import nearest
from hostwise.rulebook.language import conditions as c
from hostwise.rulebook.language.rules import HOUSE
from hostwise.rulebook.language.unary_tests import BadTest, parse_unary
from hostwise.rulebook.loading.rule_reader import Context, Path_, RuleReader
from hostwise.rulebook.loading.turns import refuse_early
from hostwise.workbench.proof.flow import given_specs

CHANGES = ("more", "less", "no-more", "no-less", "any", "learned")
DECIDING = ("derive", "gate", "choose")


class Second(Struct, frozen=True):
    """A second case, alike but for `changed` (fact → one of `CHANGES`), and what is said of it."""

    changed: Mapping[str, str]
    never: c.Condition | None = None
    always: c.Condition | None = None
    same: str | None = None


class Property(Struct, frozen=True):
    """One property. It speaks of the cases of `when`; `second` makes it compare two cases.

    `says` names rules of which one must hold; of rules that choose or confirm, it must be the one that decides.
    """

    id: str
    title: str
    when: c.Condition
    because: str
    cites: tuple[str, ...]
    place: Place
    never: c.Condition | None = None
    always: c.Condition | None = None
    says: tuple[str, ...] = ()
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

    @property
    def reads(self) -> set[str]:
        """The facts that some condition of the file names."""
        seconds = [entry.second for entry in self.properties if entry.second is not None]
        entries: list[Property | Second] = [*self.properties, *seconds]
        said = [when for entry in entries for when in (entry.never, entry.always) if when]
        said += [*(entry.when for entry in self.properties), *(entry.when for entry in self.never)]
        return {name for condition in said for name in c.facts_read(condition)}


class _Each(Strict, frozen=True):
    facts: Literal["questions"] | list[str]
    all_but: dict[str, str] = field(default_factory=dict)


class _Second(Strict, frozen=True):
    changed: dict[str, str] = field(default_factory=dict)
    never: dict[str, Any] | None = None
    always: dict[str, Any] | None = None
    same: str | None = None


class _Property(Strict, frozen=True):
    id: str
    title: str
    when: dict[str, Any]
    because: str
    never: dict[str, Any] | None = None
    always: dict[str, Any] | None = None
    says: list[str] = field(default_factory=list)
    second: _Second | None = None
    each: _Each | None = None
    cites: list[str] = field(default_factory=list)


class _Never(Strict, frozen=True):
    id: str
    when: dict[str, Any]
    because: str


class _Proportional(Strict, frozen=True):
    fact: str
    to: str
    times: str


class _Domain(Strict, frozen=True):
    never: list[_Never] = field(default_factory=list)
    proportional: list[_Proportional] = field(default_factory=list)


class _File(Strict, frozen=True):
    properties: list[_Property] = field(default_factory=list)
    domain: _Domain = _Domain()
    typical: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    levers: dict[str, list[str]] = field(default_factory=dict)


def load_properties(knowledge: Knowledge, path: Path | None = None) -> Properties:
    """Load `properties.yaml` of the rules folder, or another file.

    Raises `InputError` with every finding, and for rules that have no order: nothing can be proved of them.
    """
    refuse_early(knowledge.rulebook, knowledge.catalogue)
    document = read_document(path or knowledge.root / "properties.yaml")
    reader = _Reader(document, knowledge)
    found = reader.read(validated(_File, document))
    if reader.findings:
        raise InputError(reader.findings)
    return found


class _Reader:
    """Reads the file once; what is wrong becomes a finding and the reading goes on."""

    def __init__(self, document: Document, knowledge: Knowledge) -> None:
        self.document, self.knowledge = document, knowledge
        self.findings: list[Diagnostic] = []
        self.specs = knowledge.rulebook.specs
        self.given = given_specs(knowledge.rulebook, tuple(knowledge.catalogue.options))
        context = Context(
            self.specs, {}, tuple(knowledge.catalogue.options), self.findings, kinds=knowledge.catalogue.kinds
        )
        self.conditions = RuleReader(document, "properties", HOUSE, context)

    def read(self, file: _File) -> Properties:
        self._named(file)
        return Properties(
            properties=tuple(self._properties(file.properties)),
            never=tuple(self._never(file.domain.never)),
            proportional=tuple(self._proportional(file.domain.proportional)),
            typical=dict(self._typical(file.typical)),
            answers=file.answers,
            levers={option: tuple(keys) for option, keys in file.levers.items()},
        )

    def _named(self, file: _File) -> None:
        """Questions and options that counterexamples are shaped by."""
        questions, options = self.knowledge.questionnaire.by_key, self.knowledge.catalogue.options
        for fact, key in file.answers.items():
            self._fact(fact, ("answers", fact))
            self._one_of(key, questions, ("answers", fact), "unknown-question", "no such question")
        for option, keys in file.levers.items():
            self._one_of(option, options, ("levers", option), "unknown-option", "no such option")
            for place, key in enumerate(keys):
                self._one_of(key, questions, ("levers", option, place), "unknown-question", "no such question")

    def _properties(self, entries: Sequence[_Property]) -> Iterator[Property]:
        for number, entry in enumerate(entries):
            path: Path_ = ("properties", number)
            for fact in self._each(entry.each, path):
                found = self._property(entry, path, fact)
                if found is not None:
                    yield found

    def _each(self, each: _Each | None, path: Path_) -> Iterator[str | None]:
        """The facts that a property is repeated for; None stands for once, without one."""
        if each is None:
            yield None
            return
        for name in each.all_but:
            self._fact(name, (*path, "each", "all_but", name))
        names = self._questions() if each.facts == "questions" else tuple(each.facts)
        for name in names:
            if self._fact(name, (*path, "each", "facts")) and name not in each.all_but:
                yield name

    def _questions(self) -> tuple[str, ...]:
        """The facts of questions that a rule reads on the way to the verdict."""
        rules = [r for r in self.knowledge.rulebook.rules if r.source == HOUSE and r.stage in DECIDING]
        read = {name for rule in rules for name in rule.reads}
        return tuple(q.fact for q in self.knowledge.questionnaire.questions if q.fact in read)

    def _property(self, entry: _Property, path: Path_, fact: str | None) -> Property | None:
        before = len(self.findings)
        when, never, always = (self._condition(entry, path, key, fact) for key in ("when", "never", "always"))
        second = self._second(entry.second, (*path, "second"), fact) if entry.second else None
        rules = [rule.id for rule in self.knowledge.rulebook.rules]
        for number, name in enumerate(entry.says):
            self._one_of(name, rules, (*path, "says", number), "unknown-rule", "no such rule")
        if second is None and never is None and always is None and not entry.says:
            accepted = "never, always, says"
            self._find(path, "says-nothing", "a property says what must never or always hold", accepted=accepted)
        if len(self.findings) > before or when is None:
            return None
        identity = entry.id + (f"[{fact}]" if fact else "")
        title = entry.title + (f": {self.specs[fact].label or fact}" if fact else "")
        place = self.document.place((*path, "id"))
        cites, says = tuple(entry.cites), tuple(entry.says)
        return Property(identity, title, when, entry.because.strip(), cites, place, never, always, says, second)

    def _second(self, entry: _Second, path: Path_, fact: str | None) -> Second:
        changed: dict[str, str] = _filled(entry.changed, fact)
        for name, how in changed.items():
            where = (*path, "changed", name)
            if self._fact(name, where) and name not in self.given:
                self._find(where, "not-given", f"no rule reads {name} from outside, so that it cannot be changed")
            self._one_of(how, CHANGES, where, "change", "no such change")
        if entry.same is not None:
            self._fact(entry.same, (*path, "same"))
        never, always = (self._condition(entry, path, key, fact) for key in ("never", "always"))
        return Second(changed, never, always, entry.same)

    def _condition(self, entry: _Property | _Second, path: Path_, key: str, fact: str | None) -> c.Condition | None:
        raw = getattr(entry, key)
        return None if raw is None else self.conditions.condition(_filled(raw, fact), (*path, key))

    def _never(self, entries: Sequence[_Never]) -> Iterator[Impossible]:
        for number, entry in enumerate(entries):
            when = self.conditions.condition(entry.when, ("domain", "never", number, "when"))
            if when is not None:
                yield Impossible(entry.id, when, entry.because)

    def _proportional(self, entries: Sequence[_Proportional]) -> Iterator[Proportional]:
        for number, entry in enumerate(entries):
            path: Path_ = ("domain", "proportional", number)
            known = [self._fact(name, (*path, key)) for key, name in (("fact", entry.fact), ("to", entry.to))]
            try:
                times = Fraction(entry.times)
            except (ValueError, ZeroDivisionError):
                self._find((*path, "times"), "times", "not a number", found=entry.times, accepted="1/30")
                continue
            if all(known):
                yield Proportional(entry.fact, entry.to, times)

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

    def _one_of(self, name: str, known: Iterable[str], path: Path_, code: str, message: str) -> None:
        known = tuple(known)
        if name not in known:
            near = nearest(name, known)
            listed = ", ".join(known) if len(known) < 50 else None
            self._find(path, code, message, found=name, accepted=listed, suggestion=near)

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
