"""`hostwise init`, `ask`, `check` and `schema`: everything about the questionnaire file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from hostwise.answers.load import Answers
    from hostwise.answers.questions import Question, Questionnaire
    from hostwise.decision.standing import Standing

_rules = click.option(
    "--rules",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Use this folder instead of the rules shipped.",
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="[FILE]", required=False)
@click.option("--force", is_flag=True, help="Overwrite FILE.")
@_rules
def init(file: Path | None, force: bool, rules: Path | None) -> None:
    """Write a commented questionnaire to FILE, or print it."""
    from hostwise.answers.questionnaire_file import blank_questionnaire

    text = blank_questionnaire(_questions(rules))
    if file is None:
        click.echo(text, nl=False)
        return
    if file.exists() and not force:
        raise click.ClickException(f"{file} exists already; --force overwrites it")
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise click.ClickException(f"cannot write {file}: {problem.strerror}") from None
    click.echo(f"Wrote {file}. Fill it in, then run: hostwise check {file}")


@click.command()
@click.option("--record", "of", flag_value="record", help="The schema of a decision record instead.")
@click.option("--pack", "of", flag_value="pack", help="The schema of a rule pack, with every fact, option and claim.")
@_rules
def schema(of: str | None, rules: Path | None) -> None:
    """Print the JSON Schema of the questionnaire, for editors."""
    import json

    make = {"record": _record_schema, "pack": _pack_schema}.get(of or "", _questionnaire_schema)
    click.echo(json.dumps(make(rules), indent=2, ensure_ascii=False))


def _questionnaire_schema(rules: Path | None) -> dict[str, Any]:
    from hostwise.answers.schema import json_schema

    return json_schema(_questions(rules))


def _record_schema(_rules: Path | None) -> dict[str, Any]:
    from hostwise.decision.schema import record_schema

    return record_schema()


def _pack_schema(rules: Path | None) -> dict[str, Any]:
    from hostwise.decision.basis import load_knowledge
    from hostwise.rulebook.citations import load_citations
    from hostwise.rulebook.pack_schema import pack_schema

    knowledge = load_knowledge(rules)
    return pack_schema(knowledge.rulebook, tuple(knowledge.catalogue.options), load_citations(knowledge.root))


@click.command()
@click.argument("files", type=click.Path(path_type=Path), metavar="FILE...", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True)
@_rules
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...], form: str, rules: Path | None) -> None:
    """Check questionnaires; print every finding of every file at once."""
    from hostwise import __version__
    from hostwise.answers.load import load_answers_document
    from hostwise.reading.diagnostics import Diagnostic, InputError
    from hostwise.reading.diagnostics_format import as_json, as_sarif, as_text
    from hostwise.reading.document import read_document

    questionnaire = _questions(rules)
    findings: list[Diagnostic] = []
    for file in files:
        try:
            answers = load_answers_document(read_document(file), questionnaire)
            _cost(answers, questionnaire, rules)
        except InputError as problem:
            findings += problem.diagnostics
        else:
            if form == "text":
                given = sum(not answer.unknown for answer in answers.values.values())
                click.echo(f"{file}: fine. {given} of {len(questionnaire.questions)} questions answered.")
    if form == "json":
        click.echo(as_json(findings))
    elif form == "sarif":
        click.echo(as_sarif(findings, __version__))
    elif findings:
        click.echo(as_text(findings, colour=sys.stderr.isatty()), err=True)
        click.echo(f"\n{len(findings)} finding(s).", err=True)
    if findings:
        ctx.exit(2)


def _cost(answers: Answers, questionnaire: Questionnaire, rules: Path | None) -> None:
    """Cost the answers, for what only the catalogue knows: GPUs, models, what fits and what is possible."""
    from hostwise.answers.to_facts import answer_facts
    from hostwise.economics.catalogue import load_catalogue
    from hostwise.economics.costing import cost_options
    from hostwise.reading.resources import rules_dir

    catalogue = load_catalogue(rules_dir(rules))
    cost_options(answer_facts(answers, questionnaire), catalogue, max(entry.as_of for entry in catalogue.prices))


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="[FILE]", default=Path("workload.yaml"))
@_rules
def ask(file: Path, rules: Path | None) -> None:
    """Fill in FILE in the terminal, question by question.

    Stop at any time with `quit`: every answer is in the file already, and the next `hostwise ask`
    goes on from there.
    """
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
            click.echo(f"\nStopped. Go on with: hostwise ask {file}")
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
    from hostwise.answers.load import load_answers_document
    from hostwise.decision.basis import load_knowledge
    from hostwise.decision.standing import standing
    from hostwise.reading.diagnostics import InputError
    from hostwise.reading.document import read_document

    if any(question.gate or question.required for question in waiting) or not file.exists():
        return None
    knowledge = load_knowledge(rules)
    try:
        return standing(load_answers_document(read_document(file), questionnaire), knowledge, knowledge.as_of)
    except InputError:
        return None


def _prompt(question: Question, done: int, total: int, questionnaire: Questionnaire) -> str:
    """Ask until the answer is valid or a command."""
    from hostwise.answers.interview import check_one
    from hostwise.answers.questionnaire_file import example, written

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
    from hostwise.answers.questions import load_questions
    from hostwise.reading.resources import rules_dir

    return load_questions(rules_dir(rules))
