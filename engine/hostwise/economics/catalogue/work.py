"""How what people count becomes tokens (`rules/catalogue/work.yaml`): developers, pages, chat users, calls."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.numbers.formula import BadFormula, names
from hostwise.economics.numbers.taped_facts import says
from hostwise.reading.files.strict import Strict
from hostwise.reading.files.validate import validated
from hostwise.reading.files.yaml_file import Document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.reading.findings.suggest import nearest
from hostwise.reading.names import names_like

OPEN = "unknown"
"""The word under which stands what holds where nobody said which one it is."""
EMBEDDINGS = "embeddings"
"""The word of the task."""
MODELS = ("current_model", "open_model", "own_model")
"""Facts that name a model."""
NAME = re.compile(r"[\w .:/@+()-]+")
"""What models are called."""
FORMULAS = ("tokens", "input", "cached", "request")


def first_of(words: Mapping[str, str]) -> str:
    """What holds where nobody said which word it is."""
    return words.get(OPEN, next(iter(words.values())))


class WorkUnit(Strict, frozen=True):
    """One way to count: the fact that it starts from, and formulas of tokens a month, of those that are input, of the
    share that is cached, and of the input tokens of a request; the last two may be empty."""

    counts: str
    tokens: str
    input: str
    cached: str = ""
    request: str = ""
    given: tuple[str, ...] = ()


def named(facts: Mapping[str, Fact]) -> tuple[str, ...]:
    """The models that are named, wherever they would run."""
    found = (facts[name].value for name in MODELS)
    return tuple(name for name in found if isinstance(name, str))


class WorkUnits(Strict, frozen=True):
    """All of them. `by_word`: a name that stands for others, by the word that one fact is; `embeds`: words of the names
    of models that make embeddings."""

    embeds: tuple[str, ...]
    work: tuple[WorkUnit, ...]
    by_word: dict[str, dict[str, dict[str, str]]]

    def embedding(self, facts: Mapping[str, Fact]) -> bool:
        """Whether the work is embeddings, which have no output: it says so, or says nothing and names such a model."""
        task = facts["task"].value
        return task == EMBEDDINGS if task is not None else any(self.makes_embeddings(name) for name in named(facts))

    def reads_images(self, facts: Mapping[str, Fact]) -> bool:
        """Whether the model has to read images: those that are counted, or pages that were scanned."""
        images = "images_per_day" in facts and facts["images_per_day"].known
        return images or bool(says(facts, "page_form", "scan"))

    def makes_embeddings(self, name: str) -> bool:
        """Whether a model makes embeddings, by its name; what no model is called says nothing."""
        return bool(NAME.fullmatch(name)) and any(names_like(word, [name]) for word in self.embeds)

    def counted(self, facts: Mapping[str, Fact]) -> WorkUnit | None:
        """The first whose number is known; of embeddings without what other work would write."""
        found = next(
            (unit for unit in self.work if all(known(name, facts) for name in (unit.counts, *unit.given))), None
        )
        return found if found is None or not self.embedding(facts) else replace(found, tokens=found.input)

    def words(self, name: str) -> tuple[str, Mapping[str, str]] | None:
        """The fact whose word says what a name stands for, and the figure of each; None of a plain name."""
        return next(iter(self.by_word[name].items())) if name in self.by_word else None

    def meant(self, name: str, facts: Mapping[str, Fact]) -> str:
        """The figure or fact that a name of a formula stands for."""
        found = self.words(name)
        if found is None:
            return name
        word = facts[found[0]].value
        return found[1].get(word, "") if isinstance(word, str) else first_of(found[1])

    @property
    def every_figure(self) -> frozenset[str]:
        """What any of them may name."""
        return frozenset(name for unit in self.work for name in self.figures(unit))

    def figures(self, unit: WorkUnit) -> frozenset[str]:
        """Everything that its formulas may name, whatever the words are."""
        found = {name for part in FORMULAS if (formula := getattr(unit, part)) for name in names(formula)}
        meant = {each for name in found for words in self.by_word.get(name, {}).values() for each in words.values()}
        return frozenset(found | meant)


def known(name: str, facts: Mapping[str, Fact]) -> bool:
    """Whether it was answered."""
    return name in facts and facts[name].known


def read_work(document: Document, figures: Mapping[str, object], questions: Mapping[str, object]) -> WorkUnits:
    """Read `work.yaml`. Raises `InputError` for a formula that is none, and for a name that nothing has."""
    found = validated(WorkUnits, document)
    findings = list(_findings(found, document, figures, questions))
    if findings:
        raise InputError(findings)
    return found


def _findings(
    work: WorkUnits, document: Document, figures: Mapping[str, object], questions: Mapping[str, object]
) -> Iterator[Diagnostic]:
    known = {*figures, *questions, *work.by_word}
    for index, unit in enumerate(work.work):
        if unit.counts not in questions:
            yield _unknown(document, ("work", index, "counts"), unit.counts, questions)
        for at, name in enumerate(unit.given):
            if name not in questions:
                yield _unknown(document, ("work", index, "given", at), name, questions)
        for part in FORMULAS:
            formula = getattr(unit, part)
            try:
                unknown = [name for name in names(formula) if name not in known] if formula else []
            except BadFormula as problem:
                yield document.finding(("work", index, part), "formula", str(problem))
                continue
            for name in unknown:
                yield _unknown(document, ("work", index, part), name, known)
    for name, by_fact in work.by_word.items():
        for fact, words in by_fact.items():
            if fact not in questions:
                yield _unknown(document, ("by_word", name, fact), fact, questions)
            for word, meant in words.items():
                if meant not in known:
                    yield _unknown(document, ("by_word", name, fact, word), meant, known)


def _unknown(
    document: Document, path: tuple[str | int, ...], name: str, known: Mapping[str, object] | set[str]
) -> Diagnostic:
    accepted = "the fact of a question, or a figure of rules/catalogue"
    return document.finding(path, "unknown-name", f"there is no {name!r}", found=name, accepted=accepted,
                            suggestion=nearest(name, known))  # fmt: skip
