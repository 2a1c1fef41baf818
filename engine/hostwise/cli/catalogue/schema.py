"""`hostwise catalogue schema`: the JSON Schemas, for editors and for those who read records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hostwise.cli.shared.options import rules_option


@click.command()
@click.option("--record", "of", flag_value="record", help="The schema of a decision record instead.")
@click.option("--pack", "of", flag_value="pack", help="The schema of a rule pack, with every fact, option and claim.")
@rules_option
def schema(of: str | None, rules: Path | None) -> None:
    """Print the JSON Schema of the questionnaire, for editors: they complete and check the file."""
    import json

    make = {"record": _record_schema, "pack": _pack_schema}.get(of or "", _questionnaire_schema)
    click.echo(json.dumps(make(rules), indent=2, ensure_ascii=False))


def _questionnaire_schema(rules: Path | None) -> dict[str, Any]:
    from hostwise.answers.questions.json_schema import json_schema
    from hostwise.answers.questions.load_questions import load_questions
    from hostwise.reading.files.folders import rules_dir

    return json_schema(load_questions(rules_dir(rules)))


def _record_schema(_rules: Path | None) -> dict[str, Any]:
    from hostwise.record.schema import record_schema

    return record_schema()


def _pack_schema(rules: Path | None) -> dict[str, Any]:
    from hostwise.flow.knowledge import load_knowledge
    from hostwise.rulebook.loading.citations import load_citations, load_votes
    from hostwise.rulebook.loading.pack_schema import pack_schema

    knowledge = load_knowledge(rules)
    names = (*knowledge.catalogue.options, *knowledge.catalogue.kinds)
    return pack_schema(knowledge.rulebook, names, load_votes(knowledge.root), load_citations(knowledge.root))
