"""The group `hostwise rules`: names of its sub-commands, each loaded only when it is used."""

from __future__ import annotations

import click

from hostwise.cli.shared.lazy import LazyGroup, Table

COMMANDS: Table = {
    "Read": {
        "list": ("hostwise.cli.rules.read:list_rules", "List the rules: id, stage, status, title."),
        "show": ("hostwise.cli.rules.read:show", "Show one rule with all that belongs to it."),
        "graph": ("hostwise.cli.rules.draw:graph", "Draw the rules and the facts between them, as SVG or DOT."),
        "docs": ("hostwise.cli.rules.draw:docs", "Write the whole rulebook as one HTML page."),
    },
    "Try": {
        "check": ("hostwise.cli.rules.check:check", "Lint the rules; exit 1 on findings."),
        "test": ("hostwise.cli.rules.cases:cases", "Run golden cases; --mutate lists what they do not notice."),
        "prove": ("hostwise.cli.rules.prove:prove", "Prove what must hold for every questionnaire, with z3."),
        "diff": ("hostwise.cli.rules.prove:diff", "Show for which questionnaires two rulebooks decide differently."),
    },
    "Exchange": {
        "export": ("hostwise.cli.rules.exchange:export", "Write the rules for other engines (GoRules ZEN, DMN 1.5)."),
        "import": ("hostwise.cli.rules.exchange:import_", "Take DMN decision tables as a rule pack."),
    },
}
"""Sub-command → where it is, and its line in the help, section by section."""


@click.group(cls=LazyGroup, sections=COMMANDS, guessed={"lint": "hostwise rules check"})
def rules() -> None:
    """Work on the rules themselves: read, check, test, prove, compare and exchange them.

    Commands that take PACK files read them together with the rules shipped (or those of --rules DIR): their
    rules come before the house rules of the same stage, and a pack with the id of a shipped one replaces it.
    """
