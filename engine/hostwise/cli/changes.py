"""What would change a decision, and how sure it is: `hostwise explain --flips` and `--robustness`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from hostwise.cli.shared.page import page

if TYPE_CHECKING:
    from hostwise.analysis.situation import Situation


class Futures(Struct, frozen=True):
    """How many futures are drawn (a power of two), by which seed, and whether Sobol indices are added."""

    samples: int
    seed: int | None
    sobol: bool


def print_flips(before: Situation, language: str, *, as_json: bool) -> None:
    """List, answer by answer, the nearest change of it alone from which on the verdict is another."""
    from hostwise.analysis.changes.flips import flips as found_in
    from hostwise.reading.json_values import plain
    from hostwise.report.terminal.comparison import flips_text

    found = list(found_in(before))
    if as_json:
        entries = [{**plain(flip), "question": flip.question.key} for flip in found]
        click.echo(json.dumps(entries, indent=2, ensure_ascii=False))
        return
    click.echo(flips_text(found, before.knowledge.catalogue.option_labels, **page(language)), nl=False)


def print_robustness(before: Situation, drawn: Futures, language: str, *, as_json: bool) -> None:
    """Decide in many plausible futures, and with one thing moved at a time."""
    from hostwise.reading.json_values import plain
    from hostwise.record.other_futures import robustness_of
    from hostwise.report.terminal.robustness import robustness_text

    found = robustness_of(before, drawn.samples, drawn.seed, sobol=drawn.sobol)
    if as_json:
        click.echo(json.dumps(plain(found), indent=2, ensure_ascii=False))
        return
    click.echo(robustness_text(found, **page(language)), nl=False)


def power_of_two(_ctx: click.Context, _param: click.Parameter, value: int) -> int:
    """A number of futures that a Sobol sequence can have. Raises `click.BadParameter`."""
    if value & (value - 1):
        raise click.BadParameter(f"{value} is no power of two, which a Sobol sequence needs; such as 512 or 4096")
    return value
