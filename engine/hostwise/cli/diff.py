"""`hostwise diff`: what moved the verdict between two decisions."""

from __future__ import annotations

import json
from pathlib import Path

import click

from hostwise.cli.shared.inputs import limits_of, notes_on, situation_and_record
from hostwise.cli.shared.options import key_option
from hostwise.cli.shared.page import language_option, page

_path = click.Path(path_type=Path)


@click.command()
@click.argument("old", type=_path, metavar="OLD")
@click.argument("new", type=_path, metavar="NEW")
@click.option(
    "--rules-old", type=_path, metavar="DIR", help="The rules that OLD was decided with, where they are others."
)
@click.option("--rules-new", type=_path, metavar="DIR", help="The same for NEW.")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
@key_option
@language_option
def diff(
    old: Path,
    new: Path,
    rules_old: Path | None,
    rules_new: Path | None,
    as_json: bool,
    keys: tuple[Path, ...],
    language: str,
) -> None:
    """Say which answer, date, rule or price moved the verdict, by computing again with one changed at a time.

    OLD and NEW are records (JSON, or the PDF that carries one) or questionnaires.
    """
    from hostwise.analysis.changes.compare import compare
    from hostwise.report.language.language import HOME
    from hostwise.report.terminal.comparison import comparison_data, comparison_text
    from hostwise.report.words.words import load_words

    if as_json:
        language = HOME
    (before, old_record), (after, new_record) = (
        situation_and_record(path, rules) for path, rules in ((old, rules_old), (new, rules_new))
    )
    words = load_words(language=language)
    notes = [
        *notes_on(old, old_record, before.knowledge, "old", words, keys),
        *notes_on(new, new_record, after.knowledge, "new", words, keys),
    ]
    record = next((path for path, found in ((old, old_record), (new, new_record)) if found is not None), None)
    with limits_of(record):
        found = compare(before, after)
    if as_json:
        click.echo(json.dumps(comparison_data(found, notes), indent=2, ensure_ascii=False))
        return
    text = comparison_text(
        found, after.knowledge.catalogue.option_labels, (str(old), str(new)), notes, **page(language)
    )
    click.echo(text, nl=False)
