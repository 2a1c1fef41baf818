"""Golden cases: facts in, verdict and fired rules out, in YAML that a person can read.

    base: {external_processing: allowed, tokens_per_month: 900M, …}      # or base_of: another file beside it
    cases:
      - id: forbidden
        title: No outside processor
        facts: {external_processing: forbidden}        # laid over the base; costs are facts too
        unknown: [stable]                              # taken away from the base
        expect:
          verdict: self-host-cloud                     # an option, undecided or infeasible
          rule: choose.own-only                        # the rule that decided; null where none did
          fired: [gate.external-processing]            # rules that must hold
          not_fired: [advise.missing-team]             # rules that must not
          needs: [team_capability]                     # what an open case waits for; left out: nothing
          facts: {team_capability: full}               # derived facts
          S1: {vote: api, rule: S1-R3, flags: [], needs: [], possible: [api]}     # a document's vote
    tables:                                            # one fact or rule a table, one row a case
      volume_band: [[{tokens_per_month: 500M}, contested], [{}, null]]
      risk.day-ninety: [[{gpu_team: none, verdict.family: own}, true]]           # true, false, or null: unknown

Facts that a case does not name are unknown; a day is a thirtieth of the month that is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from hostwise.answers.facts import Fact, FactType, Value, fixed
from hostwise.flow.knowledge import Knowledge
from hostwise.reading.files.yaml_file import Document, read_document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.reading.findings.suggest import nearest
from hostwise.reading.numbers.months import DAYS
from hostwise.rulebook.language.conditions import Equals
from hostwise.rulebook.language.rules import HOUSE
from hostwise.rulebook.language.unary_tests import BadTest, parse_unary
from hostwise.rulebook.loading.citations import load_votes
from hostwise.workbench.cases.facts import given_fact

CASE_KEYS = ("id", "title", "why", "facts", "unknown", "expect")
EXPECT_KEYS = ("verdict", "rule", "fired", "not_fired", "needs", "facts")
VOTE_KEYS = ("vote", "rule", "flags", "needs", "possible")
FILE_KEYS = ("base", "base_of", "cases", "tables")
Path_ = tuple[str | int, ...]


class GoldenCase(Struct, frozen=True):
    """One case. `expect` holds what the file states, `votes` what it states of each document."""

    id: str
    title: str
    place: Place
    facts: Mapping[str, Fact]
    expect: Mapping[str, Any]
    votes: Mapping[str, Mapping[str, Any]]


class TableCase(Struct, frozen=True):
    """One row of a table: on these facts the fact has this value, or the rule this truth."""

    about: str
    place: Place
    facts: Mapping[str, Fact]
    expected: Value | None


class Cases(Struct, frozen=True):
    """All cases of some files."""

    cases: tuple[GoldenCase, ...] = ()
    rows: tuple[TableCase, ...] = ()
    files: tuple[str, ...] = field(default=())


def load_cases(files: Sequence[Path], knowledge: Knowledge) -> Cases:
    """Read case files. Raises `InputError` with every finding of every file."""
    findings: list[Diagnostic] = []
    cases: list[GoldenCase] = []
    rows: list[TableCase] = []
    for file in files:
        try:
            reader = _Reader(read_document(file), knowledge, findings)
            cases += reader.cases()
            rows += reader.rows()
        except InputError as problem:
            findings += problem.diagnostics
    if findings:
        raise InputError(findings)
    return Cases(tuple(cases), tuple(rows), tuple(map(str, files)))


def covering(cases: Cases, rule: str) -> tuple[str, ...]:
    """The cases that name a rule, or are a table of it: `file:line id`."""
    named = [
        f"{case.place} {case.id}"
        for case in cases.cases
        if rule in (case.expect.get("rule"), *case.expect.get("fired", ()), *case.expect.get("not_fired", ()))
        or any(rule in (vote.get("rule"), *vote.get("flags", ())) for vote in case.votes.values())
    ]
    return (*named, *(f"{row.place} {row.about}" for row in cases.rows if row.about == rule))


class _Reader:
    """Reads one file; what is wrong becomes a finding."""

    def __init__(self, document: Document, knowledge: Knowledge, findings: list[Diagnostic]) -> None:
        self.document, self.findings = document, findings
        self.specs = knowledge.rulebook.specs
        self.rules = {rule.id for rule in knowledge.rulebook.rules}
        self.house = {rule.id for rule in knowledge.rulebook.rules if rule.source == HOUSE}
        self.votes = tuple(load_votes(knowledge.root))
        self.ids: set[str] = set()
        self.sources = {pack.source for pack in knowledge.rulebook.packs} - {HOUSE}
        self.data = document.data if isinstance(document.data, dict) else {}
        if self.data is not document.data:
            self._find((), "not-cases", "a file of cases is a mapping", accepted=", ".join(FILE_KEYS))
        self._keys(self.data, (), FILE_KEYS)
        self.base = self._base()

    def cases(self) -> Iterator[GoldenCase]:
        for number, entry in enumerate(self._list(self.data.get("cases"), ("cases",))):
            path: Path_ = ("cases", number)
            if not isinstance(entry, dict):
                self._find(path, "not-a-case", "a case is a mapping", accepted=", ".join(CASE_KEYS))
                continue
            self._keys(entry, path, CASE_KEYS)
            facts = {**self.base, **self._facts(entry.get("facts"), (*path, "facts"))}
            facts |= dict.fromkeys(self._names(entry.get("unknown"), (*path, "unknown"), self.specs, "fact"))
            expect = self._mapping(entry.get("expect"), (*path, "expect"))
            yield GoldenCase(
                self._id(entry.get("id"), path), str(entry.get("title", "")), self.document.place((*path, "id")),
                self._typed(facts), self._expect(expect, (*path, "expect")),
                {name: self._vote(self._mapping(vote, (*path, "expect", name)), (*path, "expect", name))
                 for name, vote in expect.items() if name in self.sources},
            )  # fmt: skip

    def rows(self) -> Iterator[TableCase]:
        for about, lines in self._mapping(self.data.get("tables"), ("tables",)).items():
            path: Path_ = ("tables", about)
            if not self._known(about, path, {*self.specs, *self.rules}, "fact or rule"):
                continue
            for number, line in enumerate(self._list(lines, path)):
                at: Path_ = (*path, number)
                if not isinstance(line, list) or len(line) != 2 or not isinstance(line[0], dict):
                    self._find(at, "not-a-row", "a row holds facts and what follows", accepted="[{fact: value}, value]")
                    continue
                facts = self._facts(line[0], (*at, 0))
                yield TableCase(
                    about, self.document.place(at), self._typed(facts), self._expected(about, line[1], (*at, 1))
                )

    def _expected(self, about: str, raw: Any, path: Path_) -> Value | None:
        if raw is None or about not in self.rules:
            return None if raw is None else self._value(about, raw, path)
        if isinstance(raw, bool):
            return raw
        self._find(path, "value", "a rule holds, does not, or waits", found=str(raw), accepted="true, false or null")
        return None

    def _base(self) -> dict[str, Value | None]:
        if "base_of" in self.data:
            other = read_document(Path(self.document.file).parent / str(self.data["base_of"]))
            return self._facts(other.data.get("base") if isinstance(other.data, dict) else None, ("base_of",))
        return self._facts(self.data.get("base"), ("base",))

    def _id(self, raw: Any, path: Path_) -> str:
        if not isinstance(raw, str) or not raw:
            self._find((*path, "id"), "missing-id", "a case needs an id", accepted="a word")
        elif raw in self.ids:
            self._find((*path, "id"), "duplicate-id", f"the id {raw!r} is used twice")
        self.ids.add(str(raw))
        return str(raw)

    def _facts(self, raw: Any, path: Path_) -> dict[str, Value | None]:
        written = self._mapping(raw, path)
        found = {n: self._value(n, raw, (*path, n)) for n, raw in written.items() if self._fact(n, (*path, n))}
        return {name: value for name, value in found.items() if value is not None}

    def _value(self, name: str, raw: Any, path: Path_) -> Value | None:
        if self.specs[name].type is FactType.TEXT and isinstance(raw, str) and raw.strip():
            return raw  # no test names a text's value; that it is known is all that a rule sees of it
        try:
            parsed = parse_unary(raw, self.specs[name], {})
        except BadTest as problem:
            self._find(path, "value", f"{name}: {problem}", found=problem.found, accepted=problem.accepted,
                       suggestion=problem.suggestion)  # fmt: skip
            return None
        if isinstance(parsed, Equals):
            return parsed.value
        self._find(path, "value", f"{name} needs one value", found=str(raw))
        return None

    def _typed(self, values: Mapping[str, Value | None]) -> dict[str, Fact]:
        """Facts of the right type; those not named are not there, which counts as unknown."""
        found = {name: given_fact(self.specs[name], value) for name, value in values.items()}
        month = values.get("tokens_per_month")
        if isinstance(month, Decimal) and "tokens_per_day" not in values:
            day = fixed(month / DAYS, FactType.TOKENS)
            found["tokens_per_day"] = given_fact(self.specs["tokens_per_day"], day)
        return found

    def _expect(self, entry: dict[str, Any], path: Path_) -> dict[str, Any]:
        self._keys(entry, path, (*EXPECT_KEYS, *sorted(self.sources)))
        for key in ("fired", "not_fired"):
            self._names(entry.get(key), (*path, key), self.house, "rule of the house flow")
        self._names(entry.get("needs"), (*path, "needs"), self.specs, "fact")
        if entry.get("rule") is not None:
            self._known(entry["rule"], (*path, "rule"), self.rules, "rule")
        if "verdict" in entry:
            self._known(entry["verdict"], (*path, "verdict"), self.specs["verdict"].values, "verdict")
        kept = {key: value for key, value in entry.items() if key in EXPECT_KEYS}
        if "facts" in kept:
            kept["facts"] = {
                name: None if raw is None else self._value(name, raw, (*path, "facts", name))
                for name, raw in self._mapping(kept["facts"], (*path, "facts")).items()
                if self._fact(name, (*path, "facts", name))
            }
        return kept

    def _vote(self, entry: dict[str, Any], path: Path_) -> dict[str, Any]:
        self._keys(entry, path, VOTE_KEYS)
        if entry.get("rule") is not None:
            self._known(entry["rule"], (*path, "rule"), self.rules, "rule")
        if "vote" in entry:
            self._known(entry["vote"], (*path, "vote"), self.votes, "vote")
        self._names(entry.get("flags"), (*path, "flags"), self.rules, "rule")
        self._names(entry.get("needs"), (*path, "needs"), self.specs, "fact")
        self._names(entry.get("possible"), (*path, "possible"), self.votes, "vote")
        return entry

    def _names(self, raw: Any, path: Path_, known: Any, what: str) -> list[str]:
        """A list of names, each of them at its own place."""
        items = enumerate(self._list(raw, path))
        return [name for number, name in items if self._known(name, (*path, number), known, what)]

    def _mapping(self, raw: Any, path: Path_) -> dict[str, Any]:
        return dict(self._shaped(raw, dict, path, "a mapping") or {})

    def _list(self, raw: Any, path: Path_) -> list[Any]:
        return list(self._shaped(raw, list, path, "a list") or [])

    def _shaped(self, raw: Any, kind: type, path: Path_, said: str) -> Any:
        if raw is None or isinstance(raw, kind):
            return raw
        self._find(path, "shape", f"{path[-1]} must be {said}", found=str(raw))
        return None

    def _fact(self, name: str, path: Path_) -> bool:
        return self._known(name, path, self.specs, "fact")

    def _known(self, name: str, path: Path_, known: Any, what: str) -> bool:
        if isinstance(name, str) and name in known:
            return True
        self._find(path, f"unknown-{what.partition(' ')[0]}", f"there is no {what} {name!r}",
                   suggestion=nearest(str(name), known))  # fmt: skip
        return False

    def _keys(self, entry: dict[str, Any], path: Path_, known: tuple[str, ...]) -> None:
        for key in entry:
            if key not in known:
                self._find((*path, key), "unknown-key", f"unknown key {key!r}", key=True,
                           accepted=", ".join(known), suggestion=nearest(str(key), known))  # fmt: skip

    def _find(self, path: Path_, code: str, message: str, **more: Any) -> None:
        self.findings.append(self.document.finding(path, code, message, **more))
