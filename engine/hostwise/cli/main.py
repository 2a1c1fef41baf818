"""The `hostwise` command: names of the sub-commands, each loaded only when it is used."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping

import click

from hostwise import __version__
from hostwise.cli.lazy import LazyGroup

COMMANDS: Mapping[str, tuple[str, str]] = {
    "init": ("hostwise.cli.questionnaire:init", "Write a commented questionnaire to fill in."),
    "ask": (
        "hostwise.cli.questionnaire:ask",
        "Fill in a questionnaire in the terminal, question by question.",
    ),
    "check": ("hostwise.cli.questionnaire:check", "Check questionnaires; print every finding at once."),
    "schema": ("hostwise.cli.questionnaire:schema", "Print the JSON Schema of the questionnaire."),
    "decide": ("hostwise.cli.decide:decide", "Decide where a workload should run."),
    "report": ("hostwise.cli.report:report", "Write the report as PDF, HTML or Markdown."),
    "explain": (
        "hostwise.cli.explain:explain",
        "Show which rules fired; why this verdict, why not another, what if less were known.",
    ),
    "whatif": ("hostwise.cli.suppose:whatif", "Decide with other answers, side by side."),
    "sweep": ("hostwise.cli.sweep:sweep", "Draw which option wins where as one or two answers change."),
    "flips": ("hostwise.cli.suppose:flips", "List the smallest changes that lead to another verdict."),
    "robustness": ("hostwise.cli.robustness:robustness", "Say how sure a decision is, over plausible futures."),
    "check-triggers": (
        "hostwise.cli.robustness:check_triggers",
        "Check a decision's revisit triggers against today's answers.",
    ),
    "diff": ("hostwise.cli.diff:diff", "Say what moved the verdict between two decisions."),
    "prices": ("hostwise.cli.prices:prices", "List known token prices, with date and origin."),
    "sources": ("hostwise.cli.recomputed:sources", "Recompute the figures of the source documents."),
    "verify": ("hostwise.cli.sign:verify", "Compute a record again and compare; check its signature."),
    "sign": ("hostwise.cli.sign:sign", "Sign a record or a report with Ed25519."),
    "rules": ("hostwise.cli.rules.main:rules", "List, check, test, prove and exchange the rules themselves."),
}
"""Sub-command → where it is, and its line in the help. In the order a newcomer needs them."""

COLLECT_EVERY = 100_000
"""Objects made between two searches for garbage. Python's own 700 has a decision search what it loaded 270 times."""


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from hostwise.decision.versions import rulebook_version

    click.echo(f"hostwise {__version__}, rulebook {rulebook_version()}")
    ctx.exit()


@click.group(
    cls=LazyGroup,
    commands_table=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the versions of Hostwise and of its rulebook.",
)
def cli() -> None:
    """Decide where an LLM workload should run, and say why.

    Start with `hostwise init workload.yaml`, fill it in, then `hostwise decide workload.yaml`.
    """


def main() -> None:
    """Run the command line. Exit codes: 0 fine, 1 a check said no, 2 bad input or usage."""
    from hostwise.reading.diagnostics import InputError

    # On import numpy starts a thread for each core, for linear algebra that no command does: 50 ms of two cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(COLLECT_EVERY)
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.ClickException as problem:
        problem.show()
        sys.exit(2)
    except InputError as problem:
        from hostwise.cli.sources import exit_code
        from hostwise.reading.diagnostics_format import as_text

        click.echo(as_text(problem.diagnostics), err=True)
        sys.exit(exit_code(problem))
    except BrokenPipeError:
        # The reader of our pipe went away (`hostwise explain x | head`): not an error of ours.
        sys.stderr.close()
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
