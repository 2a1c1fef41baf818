"""`hostwise rules check`: the lint of the rules, for authors and for CI."""

from __future__ import annotations

from pathlib import Path

import click

from hostwise.cli.rules.options import format_option, packs_argument, print_findings
from hostwise.cli.shared.options import rules_option


@click.command()
@packs_argument
@rules_option
@click.option("--strict", is_flag=True, help="Exit 1 for warnings too.")
@click.option("--notes", is_flag=True, help="Show notes as well: what is unusual and may be meant.")
@click.option("--as-of", metavar="DATE", help="List what is past its review on this day too.")
@format_option
@click.pass_context
def check(
    ctx: click.Context,
    packs: tuple[Path, ...],
    rules: Path | None,
    strict: bool,
    notes: bool,
    as_of: str | None,
    form: str,
) -> None:
    """Check the rules: what the loader refuses, and what loads and is still not what its author meant.

    Unknown facts, types and units; rules that never hold, come too late or add nothing; contradictions, gaps and
    cycles; uncited rules, and thresholds that no cited claim states.
    """
    from hostwise.cli.shared.inputs import day as day_of
    from hostwise.flow.freshness import dated, findings
    from hostwise.reading.findings.diagnostics import Severity
    from hostwise.workbench.lint.lint import lint

    day = day_of(as_of)
    knowledge, found = lint(rules, packs)
    if knowledge is not None and day is not None:
        found += findings((entry for entry in dated(knowledge) if entry.overdue(day)), day, knowledge.root)
    shown = [finding for finding in found if notes or finding.severity is not Severity.NOTE]
    counted = 0 if knowledge is None else len(knowledge.rulebook.rules)
    packs_read = 0 if knowledge is None else len(knowledge.rulebook.packs)
    print_findings(shown, form, f"{counted} rules in {packs_read} packs: fine.")
    wrong = [f for f in found if f.severity is Severity.ERROR or (strict and f.severity is Severity.WARNING)]
    if wrong:
        ctx.exit(1)
