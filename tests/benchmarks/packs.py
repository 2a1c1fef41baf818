"""Rulebooks of any size, written in the rule language and loaded as any other: a fifth derives, a tenth gates."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.questionnaires import SEED

from hostwise.answers.questions.questions import Question
from hostwise.flow.knowledge import Knowledge, load_knowledge
from hostwise.reading.numbers.fact_types import FactType

TESTS_A_RULE = (2, 3, 4)
Entry = dict[str, Any]


@lru_cache(maxsize=8)
def synthetic(rules: int) -> Knowledge:
    """The questions and the catalogue of Hostwise, with so many made-up rules in place of its own."""
    shipped = load_knowledge()
    with TemporaryDirectory() as name:
        root = Path(name) / "rules"
        shutil.copytree(shipped.root, root)
        for folder, pattern in (("flow", "*.yaml"), ("sources", "s[0-9]*.yaml")):
            for file in (root / folder).glob(pattern):
                file.unlink()
        pack = _pack(shipped, rules)
        (root / "flow" / "synthetic.yaml").write_text(json.dumps(pack), encoding="utf-8")
        return load_knowledge(root)


def _pack(shipped: Knowledge, rules: int) -> Entry:
    draw = random.Random(SEED)
    asked = [q for q in shipped.questionnaire.questions if _testable(q)]
    derived = max(1, rules // 10)
    facts = {f"made_{n}": {"type": "boolean", "default": False, "hit_policy": "first"} for n in range(derived)}
    entries = list(_rules(draw, asked, tuple(shipped.catalogue.options), rules, tuple(facts)))
    days = {"as_of": "2026-11-20", "review_by": "2027-05-20"}
    head = {"pack": "synthetic", "version": "1", "title": "Made-up rules", "source": "house", **days}
    return {**head, "facts": facts, "rules": entries}


def _testable(question: Question) -> bool:
    """Answers that are mostly known: those with a default, and gates. Else hardly any case would be decided."""
    kinds = FactType.BOOLEAN, FactType.ENUM, FactType.TOKENS, FactType.RATIO, FactType.COUNT
    return question.type in kinds and (question.default is not None or question.must_be_answered)


def _rules(
    draw: random.Random, asked: list[Question], options: tuple[str, ...], count: int, made: tuple[str, ...]
) -> Iterator[Entry]:
    for number in range(count - 1):
        place = number / count
        if place < 0.2:
            stage, then = "derive", {"set": {made[number % len(made)]: draw.random() < 0.5}}
        elif place < 0.3:
            stage, then = "gate", {"exclude": [draw.choice(options)]}
        else:
            stage, then = "choose", {"verdict": draw.sample(options, 2)}
        # Gates seldom hold, so that something is left; rules that derive read answers only.
        tests = [_test(draw, draw.choice(asked)) for _ in range(4 if stage == "gate" else draw.choice(TESTS_A_RULE))]
        if stage == "choose":
            tests[-1] = {draw.choice(made): draw.random() < 0.5}
        yield _rule(f"r{number}", stage, _condition(draw, tests, stage), then)
    yield _rule("last", "choose", {"always": True}, {"verdict": list(options)})


def _rule(name: str, stage: str, when: Entry, then: Entry) -> Entry:
    return {"id": name, "stage": stage, "when": when, "then": then, "because": "It was made up.", "status": "house"}


def _condition(draw: random.Random, tests: list[Entry], stage: str) -> Entry:
    if stage == "gate" or len(tests) < 3 or draw.random() < 0.5:
        return {"all": tests}
    return {"all": [{"any": tests[:2]}, *({"not": test} for test in tests[2:3]), *tests[3:]]}


def _test(draw: random.Random, question: Question) -> Entry:
    if question.type == FactType.BOOLEAN:
        return {question.fact: draw.random() < 0.5}
    if question.type == FactType.ENUM:
        words = list(question.value_names)
        return {question.fact: draw.sample(words, max(1, len(words) // 2))}
    number = {FactType.TOKENS: "{}M", FactType.RATIO: "{}%", FactType.COUNT: "{}"}[FactType(question.type)]
    low, high = sorted(draw.sample(range(1, 90), 2))
    written = [f">= {number.format(low)}", f"< {number.format(high)}", f"[{number.format(low)}..{number.format(high)})"]
    return {question.fact: draw.choice(written)}
