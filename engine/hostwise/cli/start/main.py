"""`hostwise start`: the newcomer's door, a questionnaire filled in question by question, or left blank."""

from __future__ import annotations

from pathlib import Path

import click

from hostwise.cli.shared.options import rules_option
from hostwise.cli.shared.page import language_option, page


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="[FILE]", required=False)
@click.option("--bill", metavar="TEXT", help="What you pay today, and for what: '4,200 USD a month on gpt-4o'.")
@click.option("--blank", is_flag=True, help="Ask nothing: write a commented questionnaire to FILE, or print it.")
@click.option("--force", is_flag=True, help="With --blank: overwrite FILE.")
@language_option
@rules_option
@click.pass_context
def start(
    ctx: click.Context, file: Path | None, bill: str | None, blank: bool, force: bool, language: str, rules: Path | None
) -> None:
    """Ask what matters, and say from the first answer on what comes out, in money.

    Only questions whose answers could change the verdict are asked, the most telling first; it stops when none is left.
    Every answer is written into FILE (workload.yaml) at once: stop at any time, and the next `hostwise start FILE` goes
    on from there.
    """
    if blank:
        if bill:
            raise click.UsageError("--bill is for the questions, and --blank asks none")
        _write_blank(file, rules, force=force)
        return
    from hostwise.cli.shared.inputs import warn_of_rulebook, warn_of_rules
    from hostwise.cli.start.conversation import converse
    from hostwise.flow.knowledge import load_knowledge

    warn_of_rulebook(load_knowledge(rules))
    warn_of_rules(rules)
    ctx.exit(converse(file or Path("workload.yaml"), bill, rules, page(language)))


def _write_blank(file: Path | None, rules: Path | None, *, force: bool) -> None:
    from hostwise.answers.questions.blank_file import blank_questionnaire
    from hostwise.answers.questions.load_questions import load_questions
    from hostwise.reading.files.beside import write_beside
    from hostwise.reading.files.folders import rules_dir

    text = blank_questionnaire(load_questions(rules_dir(rules)))
    if file is None:
        click.echo(text, nl=False)
        return
    if file.exists() and not force:
        raise click.ClickException(f"{file} exists already; --force overwrites it")
    write_beside(file, text.encode("utf-8"))
    click.echo(f"Wrote {file}. Fill it in, then run: hostwise check {file}")
