"""`hostwise check`: what is wrong or doubtful in answers, or whether an earlier decision still holds."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from hostwise.cli.shared.options import decimal_option, rules_option
from hostwise.cli.shared.page import coloured, language_option

if TYPE_CHECKING:
    from datetime import date

    from hostwise.answers.files.answer import Answers
    from hostwise.answers.questions.questions import Questionnaire
    from hostwise.answers.tables.decimal_mark import Decimals
    from hostwise.economics.catalogue.catalogue import Catalogue
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
                rows = checked_portfolio(file, decimal, rules)
                findings += rows.findings
                if form == "text":
                    click.echo(f"{file}: {_said(rows.findings)}. {rows.count:,} workload(s).")
                    if rows.waits:
                        waits = ", ".join(f"{key} in {count:,}" for key, count in rows.waits.items())
                        click.echo(f"  not answered: {waits}. A decision waits for each.")
                continue
            checked = _checked(file, questionnaire, rules)
        except InputError as problem:
            findings += problem.diagnostics
        else:
            findings += checked.findings
            if form == "text":
                _print_checked(file, checked, questionnaire)
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


def _print_checked(file: Path, checked: _Checked, questionnaire: Questionnaire) -> None:
    from hostwise.answers.as_read import as_read

    answers, read_as, said = checked.answers, checked.read_as, _with_lack(_said(checked.findings), checked.lacking)
    given = sum(not answer.unknown for answer in answers.values.values())
    click.echo(f"{file}: {said}. {given} of {len(questionnaire.questions)} questions answered.")
    if read_as:
        click.echo(f"  read as {' · '.join(read_as)}")
    if checked.numbers:
        click.echo(f"  and {' · '.join(checked.numbers)}")
    for key, answer in answers.values.items():
        if text := as_read(answer, questionnaire.by_key[key]):
            click.echo(f"  line {answer.place.line}: {key}: {text}")
    if gates := [*_open_gates(answers, checked.refused, questionnaire)]:
        click.echo(f"  not answered: {', '.join(gates)}. A decision waits for those that no other answer settles.")


def _open_gates(answers: Answers, refused: frozenset[str], questionnaire: Questionnaire) -> Iterator[str]:
    """The questions that must be answered and are not, or whose answer is that nobody knows.

    One that is `refused` is answered, and is found wrong by itself.
    """
    from hostwise.analysis.futures.uncertain import matters
    from hostwise.answers.to_facts import answer_facts

    facts = answer_facts(answers, questionnaire)
    for question in questionnaire.questions:
        open_ = question.must_be_answered and not facts[question.fact].known and question.key not in refused
        if open_ and matters(question, facts, questionnaire):
            yield question.key


class _Checked(Struct, frozen=True):
    """What was found in a file: its answers, how they were read, whether a volume is lacking, and what is wrong."""

    answers: Answers
    findings: tuple[Diagnostic, ...]
    read_as: tuple[str, ...] = ()
    lacking: str = ""
    refused: frozenset[str] = frozenset()
    """The questions that have an answer which cannot be read."""
    numbers: tuple[str, ...] = ()
    """The numbers of the answers that `read_as` does not say."""


def _checked(file: Path, questionnaire: Questionnaire, rules: Path | None) -> _Checked:
    """The answers of a file, with all that is wrong or doubtful about them, in the order of their lines.

    They are costed, for what only the catalogue knows: GPUs, models, what fits and what is possible. Where some cannot
    be read, the others are looked at one by one: nothing is left to be found once the first findings are mended.
    Raises `InputError` for what is no questionnaire at all.
    """
    from hostwise.answers.files.days import DECISION, impossible_on, stated_day
    from hostwise.answers.files.load import read_through
    from hostwise.economics.catalogue.loading.load_catalogue import load_catalogue
    from hostwise.economics.costing import cost_options
    from hostwise.economics.plans.competing.tier import known_facts
    from hostwise.flow.doubts import doubts
    from hostwise.flow.freshness import before_knowledge
    from hostwise.flow.read_back import other_numbers, read_back
    from hostwise.reading.files.folders import rules_dir
    from hostwise.reading.files.yaml_file import Flawed, read_document
    from hostwise.reading.findings.diagnostics import InputError

    flaws: tuple[Diagnostic, ...] = ()
    try:
        document = read_document(file)
    except Flawed as problem:
        document, flaws = problem.document, problem.diagnostics
    loaded = read_through(document, questionnaire)
    if not isinstance(document.data, dict):
        raise InputError((*flaws, *loaded.findings))
    # Of a line that YAML reads otherwise than it was meant, nothing more is said.
    lines, flawed = {flaw.place.line for flaw in flaws}, {flaw.place for flaw in flaws}
    answers, found = loaded.answers, [*flaws, *(each for each in loaded.findings if each.place.line not in lines)]
    catalogue = load_catalogue(rules_dir(rules))
    newest = max(entry.as_of for entry in catalogue.prices)
    stated = stated_day(answers.values)
    day = stated or newest
    if stated is not None and stated < newest:
        found.append(before_knowledge(stated, newest, answers.values[DECISION].place))
    found += (each for each in impossible_on(answers.values, questionnaire, day) if each not in found)
    facts = known_facts(answers, questionnaire, catalogue)
    if not found:
        try:
            costing = cost_options(facts, catalogue, day)
        except InputError as problem:
            found += problem.diagnostics
        else:
            known = {**facts, **{fact.name: fact for fact in costing.facts}}
            doubtful = doubts(answers.values, known, questionnaire, catalogue, day)
            lacking = "" if known["tokens_per_month"].known else _lacking_volume(answers, questionnaire)
            numbers = tuple(other_numbers(known, questionnaire))
            return _Checked(answers, doubtful, read_back(known, costing, catalogue), lacking, numbers=numbers)
    refused = frozenset(
        f"{section}.{name}"
        for section, entries in document.data.items()
        if isinstance(entries, dict)
        for name, entry in entries.items()
        if entry is not None and f"{section}.{name}" not in answers.values
    )
    doubted = _one_by_one(answers, refused, questionnaire, catalogue, day)
    found += (each for each in doubted if each not in found and each.place not in flawed)
    return _Checked(
        answers, tuple(sorted(found, key=lambda each: (each.place.line, each.place.column))), refused=refused
    )


def _one_by_one(
    answers: Answers, refused: frozenset[str], questionnaire: Questionnaire, catalogue: Catalogue, day: date
) -> Iterator[Diagnostic]:
    """What is wrong or doubtful about answers whatever the others are, of which some cannot be read."""
    from hostwise.answers.doubtful import answer_doubts
    from hostwise.answers.files.days import RATES
    from hostwise.answers.plausible import MISSING_RATE, NOT_USED
    from hostwise.economics.catalogue.answered.stated_model import with_stated_model
    from hostwise.economics.plans.competing.tier import known_facts
    from hostwise.economics.plans.refused import check_names
    from hostwise.flow.named_doubts import names_asked
    from hostwise.reading.findings.diagnostics import InputError

    for doubt in answer_doubts(answers.values, questionnaire):
        rests = doubt.code == NOT_USED or (doubt.code == MISSING_RATE and RATES in refused)
        if not (rests and refused):
            yield doubt
    facts = known_facts(answers, questionnaire, catalogue)
    try:
        catalogue = with_stated_model(facts, catalogue)
    except InputError as problem:
        yield from problem.diagnostics
        return
    try:
        check_names(facts, catalogue)
    except InputError as problem:
        yield from (each for each in problem.diagnostics if each.code.startswith(("unknown-", "ambiguous-")))
    yield from names_asked(facts, catalogue, day)


def _lacking_volume(answers: Answers, questionnaire: Questionnaire) -> str:
    """Why no volume is known: nothing says one, or what does leaves something out."""
    from hostwise.economics.capacity.demand import VOLUME_FACTS

    asked, model, spend = (
        questionnaire.by_fact[VOLUME_FACTS[0]],
        *(questionnaire.by_fact[name].key for name in ("current_model", "stated_api_spend")),
    )
    ways = (asked.key, *(asked.spread.unless if asked.spread else ()))
    said = [key for key in ways if key in answers.values and not answers.values[key].unknown]
    named = model in answers.values and not answers.values[model].unknown
    more = f" (with {model} it does)" if spend in said and not named else ""
    return f"no volume follows from {' and '.join(said)} alone{more}" if said else "no volume given"


def _questions(rules: Path | None) -> Questionnaire:
    from hostwise.answers.questions.load_questions import load_questions
    from hostwise.reading.files.folders import rules_dir

    return load_questions(rules_dir(rules))
