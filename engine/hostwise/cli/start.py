"""`hostwise start`: the newcomer's door, a questionnaire filled in question by question, or left blank."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hostwise.cli.shared.options import rules_option

if TYPE_CHECKING:
    from hostwise.analysis.futures.interview_status import Standing
    from hostwise.answers.questions.questions import Question, Questionnaire


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="[FILE]", required=False)
@click.option("--blank", is_flag=True, help="Ask nothing: write a commented questionnaire to FILE, or print it.")
@click.option("--force", is_flag=True, help="With --blank: overwrite FILE.")
@rules_option
def start(file: Path | None, blank: bool, force: bool, rules: Path | None) -> None:
    """Fill in FILE (workload.yaml) in the terminal, question by question.

    Stop at any time with `quit`: every answer is in the file already, and the next `hostwise start FILE`
    goes on from there.
    """
    if blank:
        _write_blank(file, rules, force=force)
    else:
        _interview(file or Path("workload.yaml"), rules)


def _write_blank(file: Path | None, rules: Path | None, *, force: bool) -> None:
    from hostwise.answers.questions.blank_file import blank_questionnaire
    from hostwise.reading.files.beside import write_beside

    text = blank_questionnaire(_questions(rules))
    if file is None:
        click.echo(text, nl=False)
        return
    if file.exists() and not force:
        raise click.ClickException(f"{file} exists already; --force overwrites it")
    write_beside(file, text.encode("utf-8"))
    click.echo(f"Wrote {file}. Fill it in, then run: hostwise check {file}")


def _interview(file: Path, rules: Path | None) -> None:
    from hostwise.answers.interview import answers_so_far, open_questions, write_answer

    questionnaire = _questions(rules)
    click.echo(f"Answers go into {file}. Commands: ? for help, skip, unknown, back, quit.\n")
    skipped: list[str] = []
    asked: list[Question] = []
    to_the_end = False
    while True:
        answers = answers_so_far(file, questionnaire)
        waiting = [q for q in open_questions(questionnaire, answers) if q.key not in skipped]
        if not waiting:
            break
        question = waiting[0]
        stand = None if to_the_end else _standing(file, waiting, questionnaire, rules)
        if stand is not None and stand.settled:
            click.echo(f"No answer still open changes the verdict, in any of {stand.futures} plausible futures.")
            if not click.confirm("  Ask the rest all the same?", default=False):
                break
            to_the_end = True
        if stand is not None and stand.next in waiting:
            question = stand.next
            click.echo("The most worth finding out:")
        text = _prompt(question, len(answers), len(answers) + len(waiting), questionnaire)
        if text == "quit":
            click.echo(f"\nStopped. Go on with: hostwise start {file}")
            return
        if text == "back":
            _take_back(asked, skipped, file, questionnaire)
            continue
        asked.append(question)
        if text == "skip":
            skipped.append(question.key)
        else:
            write_answer(file, question, text)
    click.echo(f"\nNothing is left to ask. Decide with: hostwise decide {file}")


def _standing(
    file: Path, waiting: Sequence[Question], questionnaire: Questionnaire, rules: Path | None
) -> Standing | None:
    """Where the file stands, once every gate was asked; None before that, and for answers that cannot be costed."""
    from hostwise.analysis.futures.interview_status import standing
    from hostwise.answers.files.load import load_answers_document
    from hostwise.flow.knowledge import load_knowledge
    from hostwise.reading.files.yaml_file import read_document
    from hostwise.reading.findings.diagnostics import InputError

    if any(question.must_be_answered or question.required for question in waiting) or not file.exists():
        return None
    knowledge = load_knowledge(rules)
    try:
        return standing(load_answers_document(read_document(file), questionnaire), knowledge, knowledge.as_of)
    except InputError:
        return None


def _prompt(question: Question, done: int, total: int, questionnaire: Questionnaire) -> str:
    """Ask until the answer is valid or a command."""
    from hostwise.answers.interview import check_one
    from hostwise.answers.questions.blank_file import example, written

    section = questionnaire.sections[question.section].title
    click.secho(f"[{done + 1}/{total}] {section}: {question.label}", bold=True)
    click.echo(f"  {question.help}")
    click.echo(f"  Why: {question.why}" + (f" ({', '.join(question.claims)})" if question.claims else ""))
    for word, meaning in question.values.items():
        click.echo(f"    {word}: {meaning}")
    default = question.default
    skip = f"default {written(default.value, question)}" if default else "skip"
    while True:
        text = click.prompt("  answer", default="", show_default=False, prompt_suffix=f" (Enter: {skip}) > ").strip()
        if text in ("quit", "back", "skip"):
            return str(text)
        if not text:
            if question.required:
                click.echo("  This one is needed.")
                continue
            return "skip"
        if text == "?":
            click.echo(
                f"  For example: {example(question)}. " + (f"Default because: {default.because}" if default else "")
            )
            continue
        findings = check_one(question, text, questionnaire)
        if not findings:
            return str(text)
        for finding in findings:
            accepted = f" Accepted: {finding.accepted}." if finding.accepted else ""
            near = f" Did you mean {finding.suggestion!r}?" if finding.suggestion else ""
            click.echo(f"  {finding.message}.{accepted}{near}")


def _take_back(asked: list[Question], skipped: list[str], file: Path, questionnaire: Questionnaire) -> None:
    from hostwise.answers.interview import remove_answer

    if not asked:
        click.echo("  Nothing to go back to.")
        return
    last = asked.pop()
    if last.key in skipped:
        skipped.remove(last.key)
    else:
        remove_answer(file, last)


def _questions(rules: Path | None) -> Questionnaire:
    from hostwise.answers.questions.load_questions import load_questions
    from hostwise.reading.files.folders import rules_dir

    return load_questions(rules_dir(rules))
