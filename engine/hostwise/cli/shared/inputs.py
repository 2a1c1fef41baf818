"""What a command was given: a questionnaire to decide, or a record of a decision taken before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hostwise.answers.files.days import stated_day
from hostwise.answers.files.spellings import YEARS
from hostwise.cli.shared.attest import need_cryptography
from hostwise.reading.files.first_bytes import first_bytes, is_json_object
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.reading.numbers.quantity import NUMERIC
from hostwise.record.decide import decide, load_answers, read_record
from hostwise.record.format.record import Record

STRANGER = 60
"""Seconds of computing for what a record says, beside deciding it again: the largest report of the examples takes 6."""

if TYPE_CHECKING:
    from hostwise.analysis.changes.trigger_check import Earlier
    from hostwise.analysis.situation import Situation
    from hostwise.answers.files.answer import Answers
    from hostwise.flow.knowledge import Knowledge
    from hostwise.report.words.words import Words


def carries_record(path: Path) -> bool:
    """Whether the file is a record, or a PDF report, which carries one."""
    return is_json_object(path) or first_bytes(path, 5) == b"%PDF-"


def record_of(
    path: Path,
    *,
    as_of: str | None = None,
    engine: str = "both",
    rules: Path | None = None,
    allow_stale: bool = False,
    additions: Sequence[Path] = (),
    decided: Callable[..., Record] = decide,
) -> Record:
    """The record at `path`, or the decision on the questionnaire at `path`; `decided` may be `first_answer`."""
    if carries_record(path):
        return read_record(path)
    answers = load_answers(path, rules=rules)
    warn_of_day(as_of, rules, answers, additions)
    warn_of_rules(rules, additions)
    return decided(
        answers,
        as_of=day(as_of),
        engine=engine,
        rules=rules,
        allow_stale=allow_stale,
        additions=additions,
    )


def doubted(
    path: Path, record: Record, rules: Path | None, keys: Sequence[Path] = (), additions: Sequence[Path] = ()
) -> bool:
    """Whether nothing vouches for what is shown of the record at `path`; a questionnaire was decided just now.

    Raises `InputError` where keys are given and none of them signed the file.
    """
    if not carries_record(path):
        refuse_keys(path, keys)
        return False
    from hostwise.record.vouched import is_doubted

    if keys:
        need_cryptography()
    return is_doubted(record, path, keys, rules, additions)


def limits_of(record: Path | None) -> AbstractContextManager[None]:
    """While what a record says is shown or computed with: a stranger may have made all of it. None for no record."""
    from hostwise.reading.limited import within

    return nullcontext() if record is None else within(STRANGER, record)


def refuse_keys(path: Path, keys: Sequence[Path]) -> None:
    """Raises `click.UsageError` where keys are given for what is decided just now, and carries no signature."""
    if keys:
        raise click.UsageError(f"--key is for a record, which can be signed; {path} is decided as it is")


def warn_of_day(as_of: str | None, rules: Path | None, answers: Answers, additions: Sequence[Path] = ()) -> None:
    """Warn where no day of a decision is stated, and today is past the review of the rulebook whose day it has."""
    from hostwise.flow.knowledge import load_knowledge

    if as_of is None and stated_day(answers.values) is None:
        warn_of_rulebook(load_knowledge(rules, additions=tuple(additions)))


def warn_of_rulebook(knowledge: Knowledge) -> None:
    """Warn where today is past the review of the rulebook, for decisions as of its day."""
    from hostwise.rulebook.language.rules import HOUSE

    today = date.today()
    review = min(pack.review_by for pack in knowledge.rulebook.packs if pack.source == HOUSE)
    if today > review:
        click.echo(
            f"warning: decided as of {knowledge.as_of}, the day of the rulebook, as no day was given. Today, {today}, "
            f"is past its review of {review}: prices, models and rules may be others by now. Say --as-of {today}, or "
            "answer workload.as_of.",
            err=True,
        )


def warn_of_rules(rules: Path | None, additions: Sequence[Path] = ()) -> None:
    """Warn where `hostwise rules check` finds errors in the folder of rules: they decide all the same.

    The shipped rules are checked before they ship. A folder is named once a command.
    """
    from hostwise.reading.files.folders import rules_dir

    if rules is None or rules_dir(rules).resolve() == rules_dir().resolve():
        return
    named = click.get_current_context().meta.setdefault(f"{__name__}.rules", set())
    if rules in named:
        return
    named.add(rules)
    from shlex import quote

    from hostwise.flow.knowledge import load_knowledge
    from hostwise.workbench.lint.lint import errors

    if count := errors(load_knowledge(rules, additions=tuple(additions))):
        found = "1 error" if count == 1 else f"{count:,} errors"
        click.echo(
            f"warning: the rules in {rules} have {found}, so what they decide may not be what was meant: "
            f"hostwise rules check --rules {quote(str(rules))}",
            err=True,
        )


def situation_of(path: Path, rules: Path | None, as_of: str | None = None) -> Situation:
    """What the record or questionnaire at `path` was, or would be, decided on; `as_of` replaces its day."""
    from msgspec.structs import replace

    if as_of is not None:
        return replace(situation_and_record(path, rules, quiet=True)[0], as_of=day(as_of))
    return situation_and_record(path, rules)[0]


def situation_and_record(path: Path, rules: Path | None, *, quiet: bool = False) -> tuple[Situation, Record | None]:
    """The same, and the record where there is one; `quiet` where the day is given elsewhere."""
    from hostwise.analysis.situation import Situation
    from hostwise.flow.knowledge import load_knowledge
    from hostwise.record.decide import answers_within

    knowledge = load_knowledge(rules)
    warn_of_rules(rules)
    if carries_record(path):
        record = read_record(path)
        answers = answers_within(record, rules, path)
        return Situation(answers, record.as_of, knowledge), record
    answers = load_answers(path, rules=rules)
    if not quiet:
        warn_of_day(None, rules, answers)
    return Situation(answers, stated_day(answers.values) or knowledge.as_of, knowledge), None


def earlier_of(record: Record) -> Earlier:
    """What a record says about looking again."""
    from hostwise.analysis.changes.trigger_check import Earlier

    verdict = record.verdict
    numbers = {fact.name: fact.value for fact in record.facts if fact.type in NUMERIC and fact.value is not None}
    return Earlier(
        verdict.outcome,
        record.as_of,
        verdict.triggers,
        {advice.rule: advice.text for advice in verdict.revisit},
        {name: Decimal(str(value)) for name, value in numbers.items()},
    )


def notes_on(
    path: Path, record: Record | None, knowledge: Knowledge, which: str, words: Words, keys: Sequence[Path] = ()
) -> Iterator[str]:
    """What to know about computing the record at `path` again: other rules, catalogue or version than here."""
    from hostwise.version import __version__

    if record is None:
        if keys:
            raise click.UsageError(f"--key is for records, which can be signed; {path} is a questionnaire")
        return
    if doubted(path, record, knowledge.root, keys):
        yield words.say("terminal.comparison.doubted", path=path)
    if record.rulebook.sha256 != knowledge.rules_sha256:
        yield words.say("terminal.comparison.other_rules", path=path, which=which)
    if record.catalogue.sha256 != knowledge.catalogue_sha256:
        yield words.say("terminal.comparison.other_catalogue", path=path, which=which)
    version = record.hostwise.version
    if version != __version__:
        yield words.say("terminal.comparison.other_version", path=path, version=version, this=__version__)


def refuse_doubtful(record: Record, path: Path) -> None:
    """Raises `InputError` with the warnings of a decision, as errors, where it has any."""
    found = [
        Diagnostic(Place(str(path), w.line, w.column), w.code, w.text, w.found, w.accepted, w.suggestion)
        for w in record.answers.warnings
    ]
    if found:
        raise InputError(found)


def exit_code(problem: InputError) -> int:
    """2 for bad input; 1 where the input is fine and the knowledge too old."""
    from hostwise.flow.freshness import OutOfDate

    return 1 if isinstance(problem, OutOfDate) else 2


def day(text: str | None, option: str = "--as-of", years: range | None = YEARS) -> date | None:
    """A date as the command line takes it, of any year where none are said. Raises `click.BadParameter`."""
    if text is None:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a date; write it as 2026-11-20", param_hint=option) from None
    if years is not None and found.year not in years:
        raise click.BadParameter(f"{text} is not in the years {years[0]} to {years[-1]}", param_hint=option)
    return found
