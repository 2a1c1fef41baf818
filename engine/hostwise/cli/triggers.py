"""`hostwise check RECORD`: whether an earlier decision still holds."""

from __future__ import annotations

import json
from pathlib import Path

import click

from hostwise.cli.shared.inputs import day, doubted, earlier_of, limits_of, situation_and_record
from hostwise.cli.shared.page import mark_doubted, page


def still_holds(
    record: Path, today: Path | None, as_of: str | None, language: str, rules: Path | None, *, as_json: bool
) -> bool:
    """Print what `record` says about looking again, held against the answers of `today`, or its own at a later day.

    False when something of it has come true, or when the answers lead to another verdict.
    """
    from datetime import date

    from msgspec.structs import replace

    from hostwise.analysis.changes.trigger_check import check_triggers
    from hostwise.reading.json_values import plain
    from hostwise.record.decide import read_record
    from hostwise.report.language.catalogue_text import translate_record
    from hostwise.report.language.language import HOME
    from hostwise.report.terminal.robustness import triggers_text
    from hostwise.report.words.words import load_words

    spoken = load_words(language=HOME if as_json else language).language
    recorded = read_record(record)
    earlier = earlier_of(translate_record(recorded, spoken))
    situation = replace(situation_and_record(today or record, rules, quiet=True)[0], as_of=day(as_of) or date.today())
    if situation.as_of < earlier.as_of:
        raise click.BadParameter(
            f"{situation.as_of} comes before the decision, of {earlier.as_of}", param_hint="--as-of"
        )
    mark_doubted(doubted(record, recorded, rules), spoken.code, as_json=as_json)
    with limits_of(record):
        found = check_triggers(earlier, situation)
    if as_json:
        click.echo(json.dumps({**plain(found), "quiet": found.quiet}, indent=2, ensure_ascii=False))
    else:
        click.echo(triggers_text(found, situation.knowledge.catalogue.option_labels, **page(language)), nl=False)
    return found.quiet
