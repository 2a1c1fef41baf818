"""`hostwise catalogue prices`: every token and GPU price that is known, with its date and origin."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hostwise.cli.shared.inputs import day as day_of
from hostwise.cli.shared.options import rules_option

if TYPE_CHECKING:
    from hostwise.economics.catalogue.catalogue import Catalogue

INPUT_TOKENS, OUTPUT_TOKENS = 1500, 500
"""The request that is priced: tiers depend on its length."""

Row = tuple[str, ...]


@click.command()
@click.argument("model", required=False)
@click.option("--as-of", metavar="DATE", help="Prices of this day. Default: the day of the newest catalogue entry.")
@rules_option
def prices(model: str | None, as_of: str | None, rules: Path | None) -> None:
    """List known prices, or those of the models and GPUs whose name holds MODEL.

    Without MODEL: what the catalogue lists. With it: the genai-prices package too.
    """
    from hostwise.economics.catalogue.loading.load_catalogue import load_catalogue
    from hostwise.reading.files.folders import rules_dir

    catalogue = load_catalogue(rules_dir(rules))
    day = day_of(as_of) or max(entry.as_of for entry in catalogue.prices)
    tokens, gpus = token_rows(model, catalogue, day), gpu_rows(model, catalogue)
    if tokens:
        title = f"A million tokens, for requests of {INPUT_TOKENS} in and {OUTPUT_TOKENS} out, as of {day}"
        _print(title, ("provider", "model", "input", "output", "cached", "batch", "from"), tokens)
    if gpus:
        _print(
            "A GPU-hour on demand: low, usual, high",
            ("GPU", "low", "usual", "high", "to buy", "from"),
            gpus,
        )
    rents = rent_rows(model, catalogue) if model else []
    if rents:
        head = ("GPU", "seller", "class", "way", "least", "low", "usual", "high", "grade", "from")
        _print("A GPU-hour, seller by seller", head, rents)
    if model and not tokens and not gpus:
        click.echo(_unknown(model, catalogue), err=True)
        sys.exit(1)


def token_rows(model: str | None, catalogue: Catalogue, day: date) -> list[Row]:
    """Catalogue entries first, since they win; then the package's."""
    from hostwise.economics.prices.price_package import fold

    wanted = fold(model) if model else ""
    rows: list[Row] = [
        (e.provider, e.model, _money(e.input), _money(e.output), _money(e.cached), _share(e.batch),
         f"{e.source}, {e.as_of}" + (f", retired {e.retired_on}" if e.retired_on and e.retired_on <= day else ""))
        for e in catalogue.prices
        if wanted in fold(e.model)
    ]  # fmt: skip
    if model:
        from hostwise.economics.prices.price_package import package_prices

        rows += [
            (p.provider, p.model, _money(p.input), _money(p.output), _money(p.cached), _share(p.batch),
             p.source.split(",")[0])
            for p in package_prices(model, day, INPUT_TOKENS, OUTPUT_TOKENS)
        ]  # fmt: skip
    return rows


def gpu_rows(name: str | None, catalogue: Catalogue) -> list[Row]:
    """What a GPU costs to rent by the hour and to buy."""
    from hostwise.economics.prices.price_package import fold

    wanted = fold(name) if name else ""
    return [
        (
            gpu,
            *((_money(e.rent.low), _money(e.rent.likely), _money(e.rent.high)) if e.rent else ("", "", "")),
            _money(e.purchase.likely if e.purchase else None),
            f"{e.source}, {e.as_of}",
        )
        for gpu, e in catalogue.gpus.items()
        if any(wanted in fold(word) for word in (gpu, *e.aliases))
    ]


def rent_rows(name: str, catalogue: Catalogue) -> list[Row]:
    """What each seller asks for the hour of a GPU, by way of paying and price."""
    from hostwise.economics.prices.price_package import fold

    wanted = fold(name)
    found = [gpu for key, gpu in catalogue.gpus.items() if any(wanted in fold(word) for word in (key, *gpu.aliases))]
    rents = sorted((rent for gpu in found for rent in gpu.rents), key=lambda rent: (rent.gpu, rent.way, rent.likely))
    return [
        (
            rent.gpu,
            rent.seller or "any",
            rent.seller_class,
            f"{rent.way}, {rent.term_months} months" if rent.term_months else rent.way,
            str(rent.least),
            _money(rent.low),
            _money(rent.likely),
            _money(rent.high),
            rent.grade,
            f"{rent.source}, {rent.as_of}",
        )
        for rent in rents
    ]


def _unknown(word: str, catalogue: Catalogue) -> str:
    from hostwise.economics.prices.price_package import package_names
    from hostwise.reading.findings.suggest import nearest

    known = [e.model for e in catalogue.prices] + list(catalogue.gpus) + list(package_names())
    near = nearest(word, known)
    hint = f" The nearest name is {near}." if near else ""
    return (
        f"No price is known for {word!r}.{hint}\n"
        "Give your own in the answers (input_price and output_price, or gpu_hourly_price), "
        "or add it under rules/catalogue."
    )


def _money(value: Decimal | None) -> str:
    from hostwise.economics.numbers.currency import BASE
    from hostwise.reading.numbers.number_format import format_price

    return "" if value is None else format_price(value, BASE)


def _share(value: Decimal | None) -> str:
    from hostwise.reading.numbers.number_format import format_multiple

    return "" if value is None else format_multiple(value)


def _print(title: str, head: Row, rows: Sequence[Row]) -> None:
    table = [head, *rows]
    widths = [max(len(row[i]) for row in table) for i in range(len(head))]
    numbers = {
        i
        for i, name in enumerate(head)
        if name in ("input", "output", "cached", "least", "low", "usual", "high", "to buy")
    }
    click.echo(title)
    for row in table:
        cells = [c.rjust(w) if i in numbers else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        click.echo("  " + "  ".join(cells).rstrip())
    click.echo()
