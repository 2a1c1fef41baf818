"""Reading the entries of a pack's `rules:`; whatever is wrong becomes a finding at its line."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from hostwise.answers.facts import FactSpec
from hostwise.economics.catalogue.options import UNDECIDED, named_options
from hostwise.reading.files.yaml_file import Document
from hostwise.reading.findings.diagnostics import Diagnostic
from hostwise.reading.findings.suggest import nearest
from hostwise.rulebook.english.quoting import quoted
from hostwise.rulebook.language import conditions as c
from hostwise.rulebook.language.rules import (
    ADVICE_KINDS,
    HOUSE,
    REQUIREMENT,
    REVISIT,
    STAGES,
    STATUSES,
    TAKEN,
    Advice,
    Conclusion,
    Exclude,
    Require,
    Rule,
    SetFacts,
    Take,
    Verdict,
    Vote,
)
from hostwise.rulebook.language.unary_tests import BadTest, parse_unary
from hostwise.rulebook.loading.look_again import look_again_specs
from hostwise.rulebook.loading.plan import Plan

RULE_KEYS = (
    "id",
    "stage",
    "title",
    "when",
    "then",
    "look_again_when",
    "because",
    "true_when",
    "cites",
    "status",
    "weight",
    "note",
)
ADVICE_KEYS = (*ADVICE_KINDS, "owner", "when_due", "plan", "aspect", "options")
Path_ = tuple[str | int, ...]


class Context(Struct):
    """What the rules of every pack are read against, and where findings go."""

    specs: Mapping[str, FactSpec]
    derived: Mapping[str, FactSpec]
    options: tuple[str, ...]
    findings: list[Diagnostic]
    plan: Plan = field(default_factory=Plan)
    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    votes: tuple[str, ...] = ()
    ids: dict[str, str] = field(default_factory=dict)


def text_at(document: Document, path: Path_, value: object, context: Context) -> str:
    """A text of a pack, without white space at its ends."""
    if isinstance(value, str) and value.strip():
        return value.strip()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    context.findings.append(document.finding(path, "missing-text", f"{path[-1]} must be text"))
    return ""


class RuleReader:
    """Reads the rules of one pack; what cannot be read becomes a finding."""

    def __init__(self, document: Document, pack: str, source: str, context: Context) -> None:
        self.document, self.pack, self.source, self.context = document, pack, source, context

    def rule(self, entry: Any, path: Path_) -> Rule | None:
        """One entry of `rules:`, or None when something about it was found wrong."""
        before = len(self.context.findings)
        if not isinstance(entry, dict):
            self._find(path, "not-a-rule", "a rule is a mapping", accepted=", ".join(RULE_KEYS))
            return None
        for key in entry:
            if key not in RULE_KEYS:
                self._find((*path, key), "unknown-key", f"unknown key {key!r}", key=True,
                           accepted=", ".join(RULE_KEYS), suggestion=nearest(key, RULE_KEYS))  # fmt: skip
        identity = self._identity(entry, path)
        stage = self._word(entry, path, "stage", STAGES)
        status = self._word(entry, path, "status", STATUSES) if "status" in entry else "stated"
        because = text_at(self.document, (*path, "because"), entry.get("because"), self.context)
        self._quotes(because, (*path, "because"))
        weight = entry.get("weight", 1)
        if weight not in (0, 1):
            self._find((*path, "weight"), "weight", "weight must be 0 or 1", found=str(weight), accepted="0 or 1")
        when = self.condition(entry.get("when"), (*path, "when"))
        # What may follow depends on the stage; where that is misspelt, there is nothing to hold it against.
        then = self._conclusion(entry.get("then"), stage, (*path, "then")) if entry.get("stage") in STAGES else None
        look_again = self._look_again(entry, then, path)
        claimed = self.condition(entry["true_when"], (*path, "true_when")) if "true_when" in entry else None
        cites = entry.get("cites") or []
        if not isinstance(cites, list) or not all(isinstance(item, str) for item in cites):
            self._find((*path, "cites"), "cites", "cites must be a list of claim ids", accepted="[S0-08, S2-39]")
        elif not cites and status != "house":
            self._find(path, "uncited", f"{identity} cites nothing", accepted="cites: […], or status: house")
        if len(self.context.findings) > before or when is None or then is None:
            return None
        return Rule(
            id=identity, pack=self.pack, source=self.source, stage=stage, title=str(entry.get("title") or identity),
            when=when, then=then, because=because, cites=tuple(cites), status=status,
            place=self.document.place((*path, "id")), reads=c.facts_read(when),
            weight=int(weight), look_again=look_again, true_when=claimed,
        )  # fmt: skip

    def _look_again(self, entry: dict[str, Any], then: Conclusion | None, path: Path_) -> c.Condition | None:
        """When a revisit trigger has come true: what nobody can check is no trigger."""
        revisit = isinstance(then, Advice) and then.kind == REVISIT
        if "look_again_when" not in entry:
            if revisit:
                self._find(path, "unchecked-revisit", "a revisit trigger needs `look_again_when`",
                           accepted="a condition on later answers, such as tokens_per_day: \">= 50M\"")  # fmt: skip
            return None
        if not revisit and then is not None:
            self._find(
                (*path, "look_again_when"), "look-again", "only a revisit trigger has `look_again_when`", key=True
            )
            return None
        with_changes = replace(self.context, specs=look_again_specs(self.context.specs))
        reader = RuleReader(self.document, self.pack, self.source, with_changes)
        return reader.condition(entry["look_again_when"], (*path, "look_again_when"))

    def _identity(self, entry: dict[str, Any], path: Path_) -> str:
        identity = text_at(self.document, (*path, "id"), entry.get("id"), self.context)
        place = str(self.document.place((*path, "id")))
        if identity in self.context.ids:
            self._find(
                (*path, "id"),
                "duplicate-id",
                f"the id {identity!r} is used twice",
                found=f"first at {self.context.ids[identity]}",
            )
        self.context.ids.setdefault(identity, place)
        return identity

    def _word(self, entry: dict[str, Any], path: Path_, key: str, words: tuple[str, ...]) -> str:
        value = entry.get(key)
        if value in words:
            return str(value)
        self._find((*path, key), key, f"{key} must be one of its words", found=str(value),
                   accepted=", ".join(words), suggestion=nearest(str(value), words))  # fmt: skip
        return words[0]

    def condition(self, raw: Any, path: Path_) -> c.Condition | None:
        """A condition as packs write it, or None when something about it was found wrong."""
        if not isinstance(raw, dict) or not raw:
            self._find(
                path,
                "condition",
                "a condition is a mapping from facts to tests",
                accepted="all, any, not, always or facts",
            )
            return None
        parts = [self._part(key, value, (*path, key)) for key, value in raw.items()]
        kept = tuple(part for part in parts if part is not None)
        if len(kept) != len(parts):
            return None
        return kept[0] if len(kept) == 1 else c.All(kept)

    def _part(self, key: str, value: Any, path: Path_) -> c.Condition | None:
        if key in ("all", "any"):
            if not isinstance(value, list) or not value:
                self._find(path, "condition", f"{key} needs a list of conditions")
                return None
            parts = [self.condition(item, (*path, i)) for i, item in enumerate(value)]
            kept = tuple(part for part in parts if part is not None)
            return (c.All(kept) if key == "all" else c.Any(kept)) if len(kept) == len(parts) else None
        if key == "not":
            part = self.condition(value, path)
            return None if part is None else c.Not(part)
        if key == "always":
            if value is not True:
                self._find(path, "condition", "always takes true and nothing else", found=str(value), accepted="true")
                return None
            return c.Always()
        return self._test(key, value, path)

    def _test(self, fact: str, raw: Any, path: Path_) -> c.Condition | None:
        spec = self.context.specs.get(fact)
        if spec is None:
            near = nearest(fact, self.context.specs)
            self._find(path, "unknown-fact", f"there is no fact {fact!r}", key=True, suggestion=near,
                       accepted="a fact of a question, of the economics or of a pack")  # fmt: skip
            return None
        raw = self._with_options_named(raw, spec)
        try:
            unary = parse_unary(raw, spec, self.context.specs)
        except BadTest as problem:
            self._find(path, "test", f"{fact}: {problem}", found=problem.found or None,
                       accepted=problem.accepted or None, suggestion=problem.suggestion)  # fmt: skip
            return None
        return c.Test(fact, unary, _as_written(raw))

    def _with_options_named(self, raw: Any, spec: FactSpec) -> Any:
        """A test of a fact whose values are options, each kind of option in it as the options that are of the kind."""
        names = raw if isinstance(raw, list) else [raw]
        meant = {
            name: options
            for name in names
            if isinstance(name, str) and (options := self.context.kinds.get(name)) and set(options) <= set(spec.values)
        }
        if not meant:
            return raw
        found = list(dict.fromkeys(option for name in names for option in meant.get(name, (name,))))
        return found if len(found) > 1 else found[0]

    def _conclusion(self, raw: Any, stage: str, path: Path_) -> Conclusion | None:
        if not isinstance(raw, dict) or not raw:
            self._find(path, "conclusion", "then must say what follows", accepted=_CONCLUSIONS[stage])
            return None
        keys = set(raw)
        if stage == "derive" and keys == {"set"} and isinstance(raw["set"], dict) and raw["set"]:
            return self._set(raw["set"], (*path, "set"))
        if stage == "gate" and self.source == HOUSE and keys <= {"exclude", "require"} and len(keys) == 1:
            kind = next(iter(keys))
            options = self._options(raw[kind], (*path, kind))
            return Exclude(options) if kind == "exclude" else Require(options)
        if stage == "choose" and keys == {"verdict"} and self.source == HOUSE:
            return Verdict(self._options(raw["verdict"], (*path, "verdict"), (UNDECIDED,)))
        if stage == "choose" and keys <= {"vote", "hard_gate"} and "vote" in keys and self.source != HOUSE:
            return Vote(self._vote(raw["vote"], (*path, "vote")), raw.get("hard_gate") is True)
        if stage == "confirm" and keys == {"take"} and self.source == HOUSE:
            return Take(self._word(raw, path, "take", TAKEN))
        if stage == "advise" and keys <= set(ADVICE_KEYS) and len(keys & set(ADVICE_KINDS)) == 1:
            return self._advice(next(iter(keys & set(ADVICE_KINDS))), raw, path)
        self._find(
            path,
            "conclusion",
            f"not a conclusion of the stage {stage}",
            found=", ".join(raw),
            accepted=_CONCLUSIONS[stage],
            suggestion=self._meant(stage, keys),
        )
        return None

    def _meant(self, stage: str, keys: Set[str]) -> str | None:
        """Of the keys of a piece of advice, the one that a key was meant to be which is none of them."""
        strange = sorted(keys - set(ADVICE_KEYS)) if stage == "advise" else []
        return nearest(strange[0], ADVICE_KEYS) if strange else None

    def _advice(self, kind: str, raw: dict[str, Any], path: Path_) -> Advice | None:
        texts = {key: value for key, value in raw.items() if key != "options"}
        if not all(isinstance(text, str) and text.strip() for text in texts.values()):
            self._find(path, "advice", "advice, and all that stands beside it, must be text")
            return None
        wanted = {"aspect", "options"} & set(raw)
        if len(wanted) != (2 if kind == REQUIREMENT else 0):
            self._find(path, "advice", "aspect and options belong to a requirement, and a requirement needs both",
                       found=", ".join(raw))  # fmt: skip
            return None
        self._quotes(raw[kind], (*path, kind))
        self._planned(raw, path, "plan", self.context.plan.topics)
        self._planned(raw, path, "aspect", tuple(self.context.plan.aspects))
        options = self._options(raw["options"], (*path, "options")) if wanted else ()
        return Advice(kind, raw[kind].strip(), raw.get("owner"), raw.get("when_due"), raw.get("plan"),
                      raw.get("aspect"), options)  # fmt: skip

    def _planned(self, raw: dict[str, Any], path: Path_, key: str, known: tuple[str, ...]) -> None:
        if key in raw and raw[key] not in known:
            self._find((*path, key), key, f"{key} must be one of the words of plan.yaml", found=raw[key],
                       accepted=", ".join(known), suggestion=nearest(raw[key], known))  # fmt: skip

    def _set(self, values: dict[str, Any], path: Path_) -> SetFacts:
        found = []
        for name, raw in values.items():
            spec = self.context.derived.get(name)
            if spec is None:
                self._find((*path, name), "unknown-fact", f"no pack declares the fact {name!r}", key=True,
                           suggestion=nearest(name, self.context.derived))  # fmt: skip
                continue
            try:
                unary = parse_unary(raw, spec, {})
            except BadTest as problem:
                self._find(
                    (*path, name),
                    "value",
                    f"{name}: {problem}",
                    found=problem.found,
                    accepted=problem.accepted,
                )
                continue
            if isinstance(unary, c.Equals):
                found.append((name, unary.value))
            else:
                self._find((*path, name), "value", f"{name} needs one value", found=str(raw))
        return SetFacts(tuple(found))

    def _options(self, raw: Any, path: Path_, also: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The options that a list names by their ids or by kinds; of a kind, in catalogue order."""
        names = tuple(raw) if isinstance(raw, list) else (raw,)
        kinds, known = self.context.kinds, (*self.context.options, *self.context.kinds, *also)
        if not names:
            self._find(path, "no-option", "no option is named", accepted=", ".join(known))
        for name in names:
            if name not in known:
                self._find(path, "unknown-option", "no such option", found=str(name),
                           accepted=", ".join(known), suggestion=nearest(str(name), known))  # fmt: skip
        return named_options([name for name in names if isinstance(name, str)], kinds)

    def _vote(self, raw: Any, path: Path_) -> str:
        votes = self.context.votes
        if raw not in votes:
            self._find(path, "unknown-vote", "no such vote", found=str(raw), accepted=", ".join(votes),
                       suggestion=nearest(str(raw), votes))  # fmt: skip
        return str(raw)

    def _quotes(self, text: str, path: Path_) -> None:
        """A text may only quote facts that exist: a misspelt one would read `unknown` on the report."""
        for name in quoted(text):
            if name not in self.context.specs:
                near = nearest(name, self.context.specs)
                self._find(path, "unknown-quote", f"it quotes {{{name}}}, and there is no such fact", suggestion=near)

    def _find(self, path: Path_, code: str, message: str, **more: Any) -> None:
        self.context.findings.append(self.document.finding(path, code, message, **more))


_CONCLUSIONS = {
    "derive": "set: {fact: value}",
    "gate": "exclude: [options] or require: [options] (house packs; a document's gate is a vote)",
    "choose": "verdict: option (house packs) or vote: outcome, hard_gate: true (source packs)",
    "advise": f"one of {', '.join(ADVICE_KINDS)}, with owner, when_due and plan if you like",
    "confirm": f"take: one of {', '.join(TAKEN)} (house packs)",
}


def _as_written(raw: Any) -> str:
    if isinstance(raw, list):
        return "[" + ", ".join(_as_written(item) for item in raw) + "]"
    return str(raw).lower() if isinstance(raw, bool) else str(raw)
