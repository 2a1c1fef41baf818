"""`hostwise catalogue fetch`: today's prices from two sources, compared, as a snapshot that a decision can take."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hostwise.cli.shared.options import rules_option

if TYPE_CHECKING:
    from hostwise.economics.prices.snapshot import Snapshot, SourceRead
    from hostwise.workbench.prices.sources import Limits, PriceSource, Row


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT", required=True,
              help="Write the snapshot here, for `decide --prices OUT`.")  # fmt: skip
@click.option("--against", type=click.Path(path_type=Path), metavar="SNAPSHOT",
              help="Compare with this earlier snapshot instead of the prices that are installed.")  # fmt: skip
@click.option("--confirm", multiple=True, metavar="SELLER/MODEL",
              help="Take a price although it moved tenfold. Repeat it for several.")  # fmt: skip
@rules_option
def fetch(output: Path, against: Path | None, confirm: tuple[str, ...], rules: Path | None) -> None:
    """Fetch today's token prices of the models of the catalogue, and write them as a snapshot.

    This is the one command that uses the network. It reads the addresses of catalogue/price-sources.yaml, follows no
    redirect, and keeps the hash of what it read. Where two sources differ, the price is the interval between them. A
    price that moved tenfold is held back until it is confirmed. Exit code 1 when a source failed or something is held
    back.
    """
    from hostwise.economics.catalogue.candidates import every_model
    from hostwise.economics.catalogue.loading.load_catalogue import load_catalogue
    from hostwise.economics.prices.snapshot import FORMAT, Snapshot, read_snapshot, written
    from hostwise.reading.files.beside import write_beside
    from hostwise.reading.files.folders import rules_dir
    from hostwise.workbench.prices.compare import combined, differing, held_back
    from hostwise.workbench.prices.known import installed_prices, prices_of
    from hostwise.workbench.prices.sources import load_sources

    folder = rules_dir(rules)
    models, sources, now = every_model(load_catalogue(folder)), load_sources(folder), datetime.now(UTC)
    earlier = prices_of(read_snapshot(against)) if against else installed_prices(models, now.date())
    read: dict[str, list[Row]] = {}
    noted = [_read(name, source, sources.limits, now, read) for name, source in sources.sources.items()]
    rows, held = held_back(combined(read, models), earlier, sources.limits, confirm)
    if not read:
        _say(noted)
        click.echo(f"No source could be read: {output} is not written.", err=True)
        sys.exit(1)
    snapshot = Snapshot(
        format=FORMAT, fetched_at=now.replace(microsecond=0), sources=tuple(noted), tokens=rows, held_back=held
    )
    write_beside(output, written(snapshot).encode("utf-8"))
    _say(noted)
    _summary(snapshot, len(differing(rows, sources.limits)), output)
    sys.exit(1 if held or len(read) < len(noted) else 0)


def _read(name: str, source: PriceSource, limits: Limits, now: datetime, read: dict[str, list[Row]]) -> SourceRead:
    """Read one source into `read`; what is kept of it in the snapshot."""
    from hostwise.economics.prices.snapshot import SourceRead
    from hostwise.workbench.prices.fetch import CannotFetch, sha256
    from hostwise.workbench.prices.fetch import fetch as fetched
    from hostwise.workbench.prices.sources import NotReadable, rows_of

    try:
        content = fetched(source.url, limits)
        read[name] = rows_of(source, content, now.date(), limits)
    except (CannotFetch, NotReadable) as problem:
        return SourceRead(name=name, url=source.url, licence=source.licence, status="failed", error=str(problem)[:500])
    return SourceRead(name=name, url=source.url, licence=source.licence, status="ok", sha256=sha256(content),
                      bytes=len(content))  # fmt: skip


def _say(noted: list[SourceRead]) -> None:
    for source in noted:
        click.echo(f"{source.name}: {source.error or f'{source.bytes} bytes, sha256 {source.sha256}'}", err=True)


def _summary(snapshot: Snapshot, differing: int, output: Path) -> None:
    click.echo(f"{output}: {len(snapshot.tokens)} prices of {snapshot.day}, {differing} of them an interval.")
    click.echo(f"Decide with it as of its day or later: --prices {output} --as-of {snapshot.day}")
    for held in snapshot.held_back:
        row, (was_in, was_out) = held.row, held.before
        click.echo(
            f"  held back: {row.seller}/{row.model} was {was_in:f} in and {was_out:f} out, "
            f"would be {row.input[0]:f} and {row.output[0]:f}. Look, then --confirm {row.seller}/{row.model}"
        )
