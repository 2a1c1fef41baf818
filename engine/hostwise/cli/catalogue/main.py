"""The group `hostwise catalogue`: names of its sub-commands, each loaded only when it is used."""

from __future__ import annotations

import click

from hostwise.cli.shared.lazy import LazyGroup, Table

COMMANDS: Table = {
    "Look up": {
        "prices": ("hostwise.cli.catalogue.prices:prices", "List token and GPU prices, with date and origin."),
        "models": ("hostwise.cli.catalogue.models:models", "List the models: size, class, licence, sellers."),
        "sources": (
            "hostwise.cli.catalogue.sources:sources",
            "Recompute the figures of the source documents.",
        ),
        "schema": (
            "hostwise.cli.catalogue.schema:schema",
            "Print a JSON Schema: of the questionnaire, a record, a pack.",
        ),
    },
    "Keep up to date": {
        "fetch": ("hostwise.cli.catalogue.fetch:fetch", "Fetch today's prices: the one command that uses the network."),
        "check": ("hostwise.cli.catalogue.check:check", "Compare a snapshot of prices with those installed."),
        "add-model": ("hostwise.cli.catalogue.models:add_model", "Make an entry of a model's published config.json."),
    },
}
"""Sub-command → where it is, and its line in the help, section by section."""


@click.group(cls=LazyGroup, sections=COMMANDS)
def catalogue() -> None:
    """Look up what decisions rest on, and extend it: prices, models, source documents, schemas."""
