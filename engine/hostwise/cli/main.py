"""The `hostwise` command: names of the sub-commands, each loaded only when it is used."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress

import click

from hostwise.cli.shared.lazy import LazyGroup, Table
from hostwise.version import __version__

COMMANDS: Table = {
    "Decide": {
        "start": ("hostwise.cli.start.main:start", "Answer a few questions and see, from the first, what comes out."),
        "check": ("hostwise.cli.check:check", "Check a questionnaire, or whether a past decision still holds."),
        "decide": ("hostwise.cli.decide:decide", "Decide where a workload should run, or a whole portfolio."),
        "report": ("hostwise.cli.report:report", "Write the report as PDF, HTML or Markdown."),
    },
    "Question a decision": {
        "explain": (
            "hostwise.cli.explain:explain",
            "Say why, why not another, what would change it, how sure it is.",
        ),
        "whatif": ("hostwise.cli.what_if:whatif", "Decide with other answers, or draw which option wins where."),
        "diff": ("hostwise.cli.diff:diff", "Say what moved the verdict between two decisions."),
    },
    "Vouch for it": {
        "verify": ("hostwise.cli.vouch.verify:verify", "Compute a decision again and compare; check its signature."),
        "log": ("hostwise.cli.vouch.log:log", "Keep decisions in a chain of lines, and decide them again."),
        "sign": ("hostwise.cli.vouch.sign:sign", "Sign a record or a report with Ed25519."),
    },
    "What it rests on": {
        "catalogue": ("hostwise.cli.catalogue.main:catalogue", "Prices, models, source documents and schemas."),
        "rules": ("hostwise.cli.rules.main:rules", "List, check, test, prove and exchange the rules themselves."),
    },
    "This terminal": {
        "completion": ("hostwise.cli.completion:completion", "Print what makes bash, zsh or fish complete commands."),
    },
}
"""Sub-command → where it is, and its line in the help, section by section. In the order a newcomer needs them."""
MOVED: Mapping[str, str] = {
    "init": "hostwise start FILE --blank",
    "ask": "hostwise start FILE",
    "schema": "hostwise catalogue schema",
    "sweep": "hostwise whatif FILE --sweep KEY=LOW..HIGH",
    "flips": "hostwise explain FILE --flips",
    "robustness": "hostwise explain FILE --robustness",
    "check-triggers": "hostwise check RECORD --today FILE",
    "prices": "hostwise catalogue prices",
    "prices fetch": "hostwise catalogue fetch",
    "sources": "hostwise catalogue sources",
}
"""What was a command of its own once → what to write now."""
GUESSED: Mapping[str, str] = {
    "why": "hostwise explain FILE --why",
    "why-not": "hostwise explain FILE --why-not OPTION",
    "plans": "hostwise explain FILE --plans",
    "futures": "hostwise explain FILE --robustness",
    "counterfactuals": "hostwise explain FILE --flips",
    "map": "hostwise whatif FILE --sweep KEY=LOW..HIGH",
    "triggers": "hostwise check RECORD --today FILE",
    "portfolio": "hostwise decide TABLE.csv",
    "compare": "hostwise diff OLD NEW",
    "pdf": "hostwise report FILE -o report.pdf",
    "html": "hostwise report FILE -o report.html",
    "replay": "hostwise verify RECORD",
    "audit": "hostwise report FILE --for audit -o report.pdf",
    "models": "hostwise catalogue models",
    "gpus": "hostwise catalogue prices",
    "fetch": "hostwise catalogue fetch",
    "add-model": "hostwise catalogue add-model config.json",
    "claims": "hostwise rules show S1-33",
    "lint": "hostwise rules check",
    "rules lint": "hostwise rules check",
    "prove": "hostwise rules prove",
    "test": "hostwise rules test",
    "export": "hostwise rules export --to jdm",
    "import": "hostwise rules import TABLES.dmn",
}
"""What people try who know what they want and not what it is called → what to write."""


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from hostwise.rulebook.loading.rulebook_version import rulebook_version

    click.echo(f"hostwise {__version__}, rulebook {rulebook_version()}")
    ctx.exit()


@click.group(
    cls=LazyGroup,
    sections=COMMANDS,
    moved=MOVED,
    guessed=GUESSED,
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

    New here? Run `hostwise start`: it asks a few questions, and says what comes out.
    """


def main() -> None:
    """Run the command line. Exit codes: 0 fine, 1 a check said no, 2 bad input or usage."""
    from hostwise.reading.findings.diagnostics import InputError

    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.ClickException as problem:
        problem.show()
        sys.exit(2)
    except InputError as problem:
        from hostwise.cli.shared.inputs import exit_code
        from hostwise.cli.shared.page import coloured
        from hostwise.reading.findings.diagnostic_formats import as_text

        click.echo(as_text(problem.diagnostics, colour=coloured(sys.stderr)), err=True)
        sys.exit(exit_code(problem))
    except OSError as problem:
        sys.exit(unwritable(problem))
    except SystemExit:
        # Click ends with 1 where the reader of a pipe went away; of `verify`, that would be an answer.
        if not type(sys.stdout).__name__.endswith("PacifyFlushWrapper"):
            raise
        import errno
        import os

        sys.exit(unwritable(BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))))
    sys.exit(code if isinstance(code, int) else 0)


def unwritable(problem: OSError) -> int:
    """Say in a sentence what the system refused, such as output to a full disk; the exit code to end with."""
    what = f"{problem.filename}" if problem.filename else "cannot write the output"
    with suppress(OSError):  # where nobody reads that either
        sys.stderr.write(f"hostwise: {what}: {problem.strerror or problem}\n")
    return 2


if __name__ == "__main__":
    main()
