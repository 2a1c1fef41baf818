"""`hostwise diff`: what moved the verdict between two decisions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hostwise.cli.page import language_option, page

if TYPE_CHECKING:
    from hostwise.decision.basis import Knowledge
    from hostwise.decision.compare import Situation
    from hostwise.report.words import Words

_path = click.Path(path_type=Path)


@click.command()
@click.argument("old", type=_path, metavar="OLD")
@click.argument("new", type=_path, metavar="NEW")
@click.option(
    "--rules-old", type=_path, metavar="DIR", help="The rules that OLD was decided with, where they are others."
)
@click.option("--rules-new", type=_path, metavar="DIR", help="The same for NEW.")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
@language_option
def diff(old: Path, new: Path, rules_old: Path | None, rules_new: Path | None, as_json: bool, language: str) -> None:
    """Say which answer, date, rule or price moved the verdict, by computing again with one changed at a time.

    OLD and NEW are records (JSON, or the PDF that carries one) or questionnaires.
    """
    from hostwise.decision.compare import compare
    from hostwise.report.comparison import comparison_data, comparison_text
    from hostwise.report.language import HOME

    if as_json:
        language = HOME
    before, notes_old = situation_of(old, rules_old, "old", language)
    after, notes_new = situation_of(new, rules_new, "new", language)
    found = compare(before, after)
    notes = [*notes_old, *notes_new]
    labels = {name: entry.label for name, entry in after.knowledge.catalogue.options.items()}
    if as_json:
        click.echo(json.dumps(comparison_data(found, notes), indent=2, ensure_ascii=False))
        return
    text = comparison_text(found, labels, (str(old), str(new)), notes, **page(language))
    click.echo(text, nl=False)


def situation_of(path: Path, rules: Path | None, which: str, language: str = "en-GB") -> tuple[Situation, list[str]]:
    """What a file was, or would be, decided on; and what to know about computing it again, in a language."""
    from hostwise.cli.sources import looks_like_record
    from hostwise.decision.api import answers_from_text, load_answers, read_record
    from hostwise.decision.basis import load_knowledge
    from hostwise.decision.compare import Situation
    from hostwise.report.words import load_words

    knowledge = load_knowledge(rules)
    if looks_like_record(path) or path.suffix == ".pdf":
        data = read_record(path).data
        answers = answers_from_text(data["answers"]["text"], data["answers"]["file"], rules=rules)
        notes = list(_notes(path, data, knowledge, which, load_words(language=language)))
        return Situation(answers, date.fromisoformat(data["as_of"]), knowledge), notes
    answers = load_answers(path, rules=rules)
    stated = answers.values.get("workload.as_of")
    day = date.fromisoformat(stated.value) if stated is not None and stated.value else knowledge.as_of
    return Situation(answers, day, knowledge), []


def _notes(path: Path, data: dict[str, Any], knowledge: Knowledge, which: str, words: Words) -> Iterator[str]:
    from hostwise import __version__
    from hostwise.decision.record import fingerprint_of_catalogue

    if data["rulebook"]["sha256"] != knowledge.rulebook.sha256:
        yield words.say("terminal.comparison.other_rules", path=path, which=which)
    if data["catalogue"]["sha256"] != fingerprint_of_catalogue(knowledge):
        yield words.say("terminal.comparison.other_catalogue", path=path, which=which)
    if data["hostwise"]["version"] != __version__:
        version = data["hostwise"]["version"]
        yield words.say("terminal.comparison.other_version", path=path, version=version, this=__version__)
