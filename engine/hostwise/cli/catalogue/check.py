"""`hostwise catalogue check`: a snapshot of prices beside those installed."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hostwise.cli.shared.options import rules_option


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="SNAPSHOT")
@rules_option
def check(file: Path, rules: Path | None) -> None:
    """Compare SNAPSHOT, written by `hostwise catalogue fetch`, with the prices installed. Exit code 1 if any moved.

    A price that lies between the ends of its interval has not moved.
    """
    from hostwise.economics.catalogue.candidates import every_model
    from hostwise.economics.catalogue.loading.load_catalogue import load_catalogue
    from hostwise.economics.prices.snapshot import read_snapshot
    from hostwise.reading.files.folders import rules_dir
    from hostwise.workbench.prices.known import installed_prices, moved
    from hostwise.workbench.prices.sources import load_sources

    folder, snapshot = rules_dir(rules), read_snapshot(file)
    installed = installed_prices(every_model(load_catalogue(folder)), snapshot.day)
    found = list(moved(snapshot, installed, load_sources(folder).limits))
    for each in found:
        before = f"{each.installed[0]:f} in, {each.installed[1]:f} out" if each.installed else "not listed"
        inputs, outputs = (f"{low:f}" if low == high else f"{low:f} to {high:f}" for low, high in each.fetched)
        click.echo(f"{each.seller} {each.model}: {before} -> {inputs} in, {outputs} out")
    click.echo(f"{len(found)} of {len(snapshot.tokens)} prices of {snapshot.day} moved or are new.")
    sys.exit(1 if found else 0)
