"""`hostwise robustness` and `check-triggers`: how sure a decision is, and whether it still holds."""

from __future__ import annotations

import json
from pathlib import Path

import click

from hostwise.cli.diff import situation_of
from hostwise.cli.page import language_option, page

_path = click.Path(path_type=Path)
_rules = click.option("--rules", type=_path, metavar="DIR", help="Use this folder instead of the rules shipped.")


def _power_of_two(_ctx: click.Context, _param: click.Parameter, value: int) -> int:
    if value & (value - 1):
        raise click.BadParameter(f"{value} is no power of two, which a Sobol sequence needs; such as 512 or 4096")
    return value


@click.command()
@click.argument("file", type=_path, metavar="FILE|RECORD")
@click.option("--samples", type=click.IntRange(32, 1 << 20), default=512, show_default=True, callback=_power_of_two,
              help="Futures that are decided: a power of two.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=None, metavar="N", help="Draw other futures, by this seed.")
@click.option("--sobol", is_flag=True, help="Add Sobol indices: what each uncertain thing carries of the variance.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@language_option
@_rules
def robustness(
    file: Path, samples: int, seed: int | None, sobol: bool, as_json: bool, language: str, rules: Path | None
) -> None:
    """Decide FILE in many plausible futures, and with one thing moved at a time: how sure is it?

    The record holds the same for the 512 futures that ship with Hostwise. Other numbers of them, another seed and
    Sobol indices need scipy: pip install 'hostwise[sample]'.
    """
    from hostwise.decision.other_futures import robustness_of
    from hostwise.report.robustness_text import robustness_text

    situation, _ = situation_of(file, rules, "old")
    found = robustness_of(situation, samples, seed, sobol=sobol)
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    click.echo(robustness_text(found, **page(language)), nl=False)


@click.command(name="check-triggers")
@click.argument("record", type=_path, metavar="RECORD")
@click.option("--today", type=_path, required=True, metavar="FILE", help="The questionnaire as it is answered today.")
@click.option("--json", "as_json", is_flag=True, help="Print every trigger as JSON.")
@language_option
@_rules
def check_triggers(record: Path, today: Path, as_json: bool, language: str, rules: Path | None) -> None:
    """Hold the revisit triggers of RECORD (JSON, or a PDF report) against today's answers.

    Exit code 1 when one is crossed, or when today's answers lead to another verdict: for cron and CI.
    """
    from hostwise.decision.api import read_record
    from hostwise.decision.canonical import plain
    from hostwise.decision.check_triggers import check_triggers as check
    from hostwise.report.in_language import in_language
    from hostwise.report.language import HOME
    from hostwise.report.robustness_text import triggers_text
    from hostwise.report.words import load_words

    spoken = load_words(language=HOME if as_json else language).language
    data = in_language(read_record(record).data, spoken)
    situation, _ = situation_of(today, rules, "new")
    found = check(data, situation)
    if as_json:
        click.echo(json.dumps({**plain(found), "quiet": found.quiet}, indent=2, ensure_ascii=False))
    else:
        labels = {name: entry.label for name, entry in situation.knowledge.catalogue.options.items()}
        click.echo(triggers_text(found, labels, **page(language)), nl=False)
    if not found.quiet:
        raise SystemExit(1)
