"""Questionnaires and records that no layout expects: endless texts, scripts of all directions, everything at once."""

from __future__ import annotations

import copy
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

LISTED = {
    "self_host.model",
    "self_host.gpu",
    "self_host.model_parameters",
    "self_host.models_on_machine",
    "quality.api_model",
}
"""What is answered by names of the catalogue, and refused in words of one's own."""
ROOT = Path(__file__).parents[2]
SCRIPTS = {
    "arabic": "مساعد خدمة العملاء 24/7 GPT",
    "hebrew": "סיכום תמיכה בעברית v2 (ניסוי)",
    "mixed": "Triage שלום 42% مرحبا world",
    "override": "user\u202egnp.exe\u202c \u2067hidden\u2069",
    "emoji": "🚑 Triage 🤖👩\u200d⚕️ ✅ ★ ⚙️ 🇩🇪",
    "cjk": "東京病院の要約サービス 中文 한국어",
    "zalgo": "T" + "\u0351\u0301\u032a\u0302\u0336" * 8 + "riage",
    "greek and cyrillic": "Σύνοψη υποστήριξης · Сводка поддержки",
}
ENDLESS_TEXT = ("Nobody knows how long this text will be, since nobody ends it. " * 160)[:10_000]
ENDLESS_WORD = ("Donaudampfschifffahrtsgesellschaftskapitän" * 240)[:10_000]


@lru_cache(maxsize=1)
def text_questions() -> tuple[str, ...]:
    """Every question answered in words of one's own: a currency is three letters, a GPU one of the catalogue."""
    questions = yaml.safe_load((ROOT / "rules" / "questions.yaml").read_text(encoding="utf-8"))["questions"]
    own = (q for q in questions if q["type"] == "text" and "pattern" not in q and q["key"] not in LISTED)
    return tuple(question["key"] for question in own)


def questionnaire(text: str, example: str = "support-summariser") -> dict[str, Any]:
    """An example's answers with a text in every field that takes one, as plain data."""
    answers: dict[str, Any] = yaml.safe_load((ROOT / "examples" / f"{example}.yaml").read_text(encoding="utf-8"))
    for key in text_questions():
        section, name = key.split(".")
        answers.setdefault(section, {})[name] = text
    return answers


def saying(data: dict[str, Any], text: str) -> dict[str, Any]:
    """A copy of a record whose questionnaire says a text in every field that takes one."""
    found = copy.deepcopy(data)
    for value in found["answers"]["values"]:
        if value["key"] in text_questions():
            value.update(value=text, written=text, state="given")
    for fact in found["facts"]:
        if fact["key"] in text_questions():
            fact.update(value=text, shown=text, origin="given")
    return found


def firing(data: dict[str, Any], number: int) -> dict[str, Any]:
    """A copy of a record in which that many rules of advice more have fired, each with what it says."""
    found = copy.deepcopy(data)
    rule = next(rule for rule in found["rules"] if rule["truth"] == "true" and rule["stage"] == "advise")
    for index in range(number):
        title = f"{rule['title']} {index + 1}"
        found["rules"].append({**copy.deepcopy(rule), "id": f"{rule['id']}-{index + 1}", "title": title})
    kinds = ("conditions", "next_steps", "risks", "revisit", "notes")
    for kind in kinds:
        entries = found["verdict"][kind]
        first = entries[0]
        for index in range(number // len(kinds)):
            entries.append({**copy.deepcopy(first), "text": f"{index + 1}. {first['text']}"})
    return found
