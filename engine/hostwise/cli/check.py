"""`hostwise check`: what is wrong or doubtful in answers, or whether an earlier decision still holds."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hostwise.cli.shared.options import decimal_option, rules_option
from hostwise.cli.shared.page import coloured, language_option

if TYPE_CHECKING:
    from hostwise.answers.files.answer import Answers
    from hostwise.answers.questions.questions import Questionnaire
    from hostwise.answers.tables.decimal_mark import Decimals
    from hostwise.reading.findings.diagnostics import Diagnostic


@click.command()
@click.argument("files", type=click.Path(path_type=Path), metavar="FILE...|RECORD", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Take warnings as errors: exit code 2 where there is one.")
@click.option("--today", type=click.Path(path_type=Path), metavar="FILE",
              help="Of a RECORD: the questionnaire as it is answered today. Default: the answers in it.")  # fmt: skip
@click.option(
    "--as-of", metavar="DATE", help="Of a RECORD: the day to check on. Default: today, by this machine's clock."
)
@language_option
@decimal_option
@rules_option
@click.pass_context
def check(
    ctx: click.Context,
    files: tuple[Path, ...],
    form: str,
    strict: bool,
    today: Path | None,
    as_of: str | None,
    language: str,
    decimal: Decimals | None,
    rules: Path | None,
) -> None:
    """Check questionnaires; print every finding of every file at once.

    Of a RECORD (JSON, or a PDF report) it checks whether the decision still holds: its lines under "Look again", held
    against the answers of a later day. Exit code 1 when one of them has come true, or when the answers lead to another
    verdict: for cron and CI. --lang is for that alone.

    A table or a folder is checked row by row, as `hostwise decide` takes it; findings alike in one column are printed
    as one, and each by itself with --format json or sarif.

    A warning is an answer that can be true and rarely is, such as a price a thousand times too low: it is printed, and
    the exit code is 0 unless --strict is given.
    """
    from hostwise.cli.shared.inputs import carries_record

    if any(map(carries_record, files)):
        if len(files) > 1 or form == "sarif" or strict or decimal:
            raise click.UsageError(
                "a record is checked by itself, as text or --format json, without --strict or --decimal"
            )
        from hostwise.cli.triggers import still_holds

        ctx.exit(0 if still_holds(files[0], today, as_of, language, rules, as_json=form == "json") else 1)
    if today or as_of:
        raise click.UsageError("--today and --as-of are for a RECORD of an earlier decision")
    ctx.exit(_check_answers(files, form, decimal, rules, strict=strict))


def _check_answers(
    files: Sequence[Path], form: str, decimal: Decimals | None, rules: Path | None, *, strict: bool
) -> int:
    """Print what is wrong or doubtful; the exit code."""
    from hostwise.answers.tables.finding_groups import Groups, gather, summed
    from hostwise.cli.portfolio import checked_portfolio, is_portfolio
    from hostwise.reading.findings.diagnostic_formats import as_json, as_sarif, as_text
    from hostwise.reading.findings.diagnostics import InputError, Severity
    from hostwise.version import __version__

    questionnaire = _questions(rules)
    findings: list[Diagnostic] = []
    for file in files:
        try:
            if is_portfolio(file):
                rows, found = checked_portfolio(file, decimal, rules)
                findings += found
                if form == "text":
                    click.echo(f"{file}: {_said(found)}. {rows:,} workload(s).")
                continue
            answers, read_as, lacking, doubtful = _checked(file, questionnaire, rules)
        except InputError as problem:
            findings += problem.diagnostics
        else:
            findings += doubtful
            if form == "text":
                _print_checked(file, answers, read_as, questionnaire, _with_lack(_said(doubtful), lacking))
    if form == "json":
        click.echo(as_json(findings))
    elif form == "sarif":
        click.echo(as_sarif(findings, __version__))
    elif findings:
        groups = Groups()
        gather(groups, findings)
        click.echo(as_text(map(summed, groups.values()), colour=coloured(sys.stderr)), err=True)
        click.echo(f"\n{len(findings):,} finding(s).", err=True)
    wrong = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    return 2 if any(finding.severity in wrong for finding in findings) else 0


def _said(found: Sequence[Diagnostic]) -> str:
    from hostwise.reading.findings.diagnostics import Severity

    severities = {finding.severity for finding in found}
    if Severity.ERROR in severities:
        return "not valid"
    return "valid, with warnings" if Severity.WARNING in severities else "fine"


def _with_lack(said: str, lacking: str) -> str:
    """The same where a volume follows from the answers; else what a decision without one can do."""
    if not lacking:
        return said
    valid = "valid" if said == "fine" else said
    so = "no costs can be compared, so a decision rests on the other answers alone, or waits for one"
    return f"{valid}; {lacking}: {so}"


def _print_checked(
    file: Path, answers: Answers, read_as: Sequence[str], questionnaire: Questionnaire, said: str
) -> None:
    from hostwise.answers.as_read import as_read

    given = sum(not answer.unknown for answer in answers.values.values())
    click.echo(f"{file}: {said}. {given} of {len(questionnaire.questions)} questions answered.")
    if read_as:
        click.echo(f"  read as {' · '.join(read_as)}")
    for key, answer in answers.values.items():
        if text := as_read(answer, questionnaire.by_key[key]):
            click.echo(f"  line {answer.place.line}: {key}: {text}")
    if gates := [*_open_gates(answers, questionnaire)]:
        click.echo(f"  not answered: {', '.join(gates)}. A decision waits for those that no other answer settles.")


def _open_gates(answers: Answers, questionnaire: Questionnaire) -> Iterator[str]:
    """The questions that must be answered and are not, or whose answer is that nobody knows."""
    from hostwise.analysis.futures.uncertain import matters
    from hostwise.answers.to_facts import answer_facts

    facts = answer_facts(answers, questionnaire)
    for question in questionnaire.questions:
        if question.must_be_answered and not facts[question.fact].known and matters(question, facts, questionnaire):
            yield question.key


def _checked(
    file: Path, questionnaire: Questionnaire, rules: Path | None
) -> tuple[Answers, tuple[str, ...], str, tuple[Diagnostic, ...]]:
    """The answers of a file, how they were read, whether a volume is lacking, and what is doubtful.

    Raises `InputError` for what is wrong.

    They are costed, for what only the catalogue knows: GPUs, models, what fits and what is possible.
    """
    from hostwise.answers.files.days import DECISION, refuse_impossible, stated_day
    from hostwise.answers.files.load import load_answers_document
    from hostwise.answers.to_facts import answer_facts
    from hostwise.economics.catalogue.catalogue import load_catalogue
    from hostwise.economics.costing import cost_options
    from hostwise.flow.doubts import doubts
    from hostwise.flow.freshness import before_knowledge
    from hostwise.flow.read_back import read_back
    from hostwise.reading.files.folders import rules_dir
    from hostwise.reading.files.yaml_file import read_document
    from hostwise.reading.findings.diagnostics import InputError

    answers = load_answers_document(read_document(file), questionnaire)
    catalogue = load_catalogue(rules_dir(rules))
    newest = max(entry.as_of for entry in catalogue.prices)
    stated = stated_day(answers.values)
    if stated is not None and stated < newest:
        raise InputError([before_knowledge(stated, newest, answers.values[DECISION].place)])
    refuse_impossible(answers.values, questionnaire, stated or newest)
    facts, day = answer_facts(answers, questionnaire), stated or newest
    costing = cost_options(facts, catalogue, day)
    known = {**facts, **{fact.name: fact for fact in costing.facts}}
    doubtful = doubts(answers.values, known, questionnaire, catalogue, day)
    lacking = "" if known["tokens_per_month"].known else _lacking_volume(answers, questionnaire)
    return answers, read_back(known, costing, catalogue), lacking, doubtful


def _lacking_volume(answers: Answers, questionnaire: Questionnaire) -> str:
    """Why no volume is known: nothing says one, or what does leaves something out."""
    from hostwise.economics.capacity.demand import VOLUME_FACTS

    asked = questionnaire.by_fact[VOLUME_FACTS[0]]
    ways = (asked.key, *(asked.spread.unless if asked.spread else ()))
    said = [key for key in ways if key in answers.values and not answers.values[key].unknown]
    return f"no volume follows from {' and '.join(said)} alone" if said else "no volume given"


def _questions(rules: Path | None) -> Questionnaire:
    from hostwise.answers.questions.load_questions import load_questions
    from hostwise.reading.files.folders import rules_dir

    return load_questions(rules_dir(rules))
