"""`hostwise whatif`: the decision with other answers, or over a range of one or two of them."""

from __future__ import annotations

import json
from pathlib import Path

import click

from hostwise.cli.shared.inputs import limits_of, notes_on, situation_and_record
from hostwise.cli.shared.options import rules_option
from hostwise.cli.shared.page import language_option, page

_path = click.Path(path_type=Path)


@click.command()
@click.argument("file", type=_path, metavar="FILE|RECORD")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE",
              help="Suppose this answer, such as demand.tokens_per_day=80M. May be given several times.")  # fmt: skip
@click.option("--sweep", "swept", multiple=True, metavar="KEY=LOW..HIGH",
              help="Decide over this range of an answer, or of two. Of a choice, write KEY alone.")  # fmt: skip
@click.option("--steps", type=click.IntRange(2, 1000), metavar="N",
              help="With --sweep: decide N values of each number. Default: 25; for two answers 25 and 15.")  # fmt: skip
@click.option("-o", "--output", type=_path, metavar="MAP.svg", help="With --sweep: write the map as SVG too.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@language_option
@rules_option
def whatif(
    file: Path,
    settings: tuple[str, ...],
    swept: tuple[str, ...],
    steps: int | None,
    output: Path | None,
    as_json: bool,
    language: str,
    rules: Path | None,
) -> None:
    """Decide FILE with other answers, or over a range of them.

    \b
    hostwise whatif FILE --set KEY=VALUE [--set …]
        as it is and so, side by side: what moved, and which answer moved it
    hostwise whatif FILE --sweep KEY=LOW..HIGH [--sweep KEY2=LOW..HIGH]
        which option wins where; the boundaries of one number to a thousandth

    With both, the range is decided with the other answers supposed.
    """
    from hostwise.analysis.changes.compare import compare
    from hostwise.analysis.changes.what_if import doubts_of, supposed
    from hostwise.report.language.language import HOME
    from hostwise.report.terminal.comparison import comparison_data, comparison_text
    from hostwise.report.words.words import load_words

    if not settings and not swept:
        raise click.UsageError("say what to suppose: --set KEY=VALUE, or --sweep KEY=LOW..HIGH")
    if not swept and (steps or output):
        raise click.UsageError("--steps and -o are for --sweep")
    before, record = situation_and_record(file, rules)
    after = supposed(before, settings) if settings else before
    if swept:
        from hostwise.cli.sweep import Drawing, print_sweep

        print_sweep(after, swept, Drawing(steps, output, language, as_json))
        return
    notes = [
        *notes_on(file, record, before.knowledge, "old", load_words(language=HOME if as_json else language)),
        *(f"{doubt.place.file}: {doubt.message}" for doubt in doubts_of(after, settings)),
    ]
    with limits_of(file if record else None):
        found = compare(before, after)
    if as_json:
        click.echo(json.dumps(comparison_data(found, notes), indent=2, ensure_ascii=False))
        return
    names = (None, ", ".join(settings))
    labels = before.knowledge.catalogue.option_labels
    click.echo(comparison_text(found, labels, names, notes, **page(language)), nl=False)
