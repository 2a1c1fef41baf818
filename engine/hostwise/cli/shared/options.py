"""The option that nearly every command has, declared once."""

from __future__ import annotations

from pathlib import Path

import click

rules_option = click.option(
    "--rules",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Use this folder instead of the rules shipped.",
)
catalogue_option = click.option(
    "--catalogue",
    "catalogue_files",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    multiple=True,
    help="Take the models, GPUs, rents and prices of this file too; the record names it. Repeat it for several.",
)
prices_option = click.option(
    "--prices",
    "price_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="SNAPSHOT",
    help="Take the prices of this snapshot, which `hostwise catalogue fetch` wrote; the record names it.",
)
key_option = click.option(
    "--key",
    "keys",
    type=click.Path(path_type=Path),
    metavar="PUBLIC.pem",
    multiple=True,
    help="A record must be signed with this key, or one of these: by RECORD.jws or RECORD.dsse.json beside it.",
)
decimal_option = click.option(
    "--decimal",
    type=click.Choice(["comma", "point"]),
    help="How a table writes its numbers: 1.200,5 or 1,200.5. So does a line '# decimal: comma' above its header.",
)
