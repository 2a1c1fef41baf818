"""`hostwise explain`: what fired, why this verdict, why not another, what would change it, how sure it is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from hostwise.cli.changes import Futures, power_of_two, print_flips, print_robustness
from hostwise.cli.shared.inputs import doubted, limits_of, record_of, situation_of
from hostwise.cli.shared.options import key_option, rules_option
from hostwise.cli.shared.page import language_option, mark_doubted, page
from hostwise.record.format.record import Record

ALL_SHIPPED = 512
"""So many futures come with Hostwise; others are drawn with scipy."""
OF_THE_VERDICT = ""
"""`--plans` without an option."""
CHOICES = "RULE_ID, --why, --why-not, --plans, --unknown, --flips or --robustness"


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE|RECORD")
@click.argument("rule_id", metavar="[RULE_ID]", required=False)
@click.option("--why", is_flag=True, help="Only what decided: the rule, and its facts down to the answers.")
@click.option("--why-not", metavar="OPTION", help="Why OPTION was not chosen: its gates, rules and cost.")
@click.option(
    "--flips", is_flag=True, help="The nearest change of each answer alone from which on the verdict is another."
)
@click.option("--robustness", is_flag=True, help="How sure it is: decided in many plausible futures.")
@click.option(
    "--plans", is_flag=False, flag_value=OF_THE_VERDICT, metavar="[OPTION]",
    help="What OPTION, or the one recommended, was searched over: the best plans, and why others were left.",
)  # fmt: skip
@click.option(
    "--unknown", metavar="KEY", help="Decide again as if nothing were known about KEY, such as team.gpu_operations."
)
@click.option("--samples", type=click.IntRange(32, 1 << 20), default=ALL_SHIPPED, show_default=True,
              callback=power_of_two, help="With --robustness: futures that are decided, a power of two.")  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(0), metavar="N", help="With --robustness: draw other futures, by this seed."
)
@click.option("--sobol", is_flag=True,
              help="With --robustness: add what each uncertain thing carries of the variance.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the explanation as JSON.")
@language_option
@click.option("--as-of", metavar="DATE", help="Decide as of this day.")
@key_option
@rules_option
def explain(
    file: Path,
    rule_id: str | None,
    why: bool,
    why_not: str | None,
    flips: bool,
    robustness: bool,
    plans: str | None,
    unknown: str | None,
    samples: int,
    seed: int | None,
    sobol: bool,
    as_json: bool,
    language: str,
    as_of: str | None,
    keys: tuple[Path, ...],
    rules: Path | None,
) -> None:
    """Show what fired, what did not and which condition stopped it; RULE_ID shows one rule alone.

    FILE is a questionnaire, a record, or a PDF report. Futures other than the 512 that ship with Hostwise (--samples,
    --seed) and --sobol need scipy: pip install 'hostwise[sample]'.
    """
    asked = (rule_id is not None, why, why_not is not None, plans is not None, unknown is not None, flips, robustness)
    if sum(asked) > 1:
        raise click.UsageError(f"one question at a time: {CHOICES}")
    if not robustness and (samples != ALL_SHIPPED or seed is not None or sobol):
        raise click.UsageError("--samples, --seed and --sobol are for --robustness")
    if keys and (flips or robustness):
        raise click.UsageError("--key is for what a record says; --flips and --robustness decide its answers again")
    if flips:
        print_flips(situation_of(file, rules, as_of), language, as_json=as_json)
    elif robustness:
        print_robustness(situation_of(file, rules, as_of), Futures(samples, seed, sobol), language, as_json=as_json)
    else:
        record = record_of(file, as_of=as_of, engine="both", rules=rules)
        marked = doubted(file, record, rules, keys)
        mark_doubted(marked, language, as_json=as_json)
        with limits_of(file if marked else None):
            _print_record(record, Asked(rule_id, why, why_not, plans, unknown), language, rules, as_json=as_json)


class Asked(Struct, frozen=True):
    """What is asked of a record; at most one of them."""

    rule_id: str | None
    why: bool
    why_not: str | None
    plans: str | None
    unknown: str | None


def _print_record(record: Record, asked: Asked, language: str, rules: Path | None, *, as_json: bool) -> None:
    from hostwise.reading.json_values import plain
    from hostwise.record.explain import decided_without, if_unknown
    from hostwise.record.explain import why as what_decided
    from hostwise.record.explain import why_not as not_chosen
    from hostwise.report.language.catalogue_text import translate_record
    from hostwise.report.language.language import HOME
    from hostwise.report.terminal.audit import explain_text
    from hostwise.report.terminal.explanations import plans_text, unknown_text, why_not_text, why_text
    from hostwise.report.words.words import load_words

    spoken = load_words(language=HOME if as_json else language).language
    told = translate_record(record, spoken)
    on = page(spoken.code)
    labels = {entry.option: entry.label for entry in told.verdict.alternatives}
    found: Any
    if asked.why:
        found = what_decided(told)
        text = why_text(found, labels, **on)
    elif asked.why_not is not None:
        found = not_chosen(told, _known(asked.why_not, labels, "option"))
        text = why_not_text(found, told.verdict, labels, **on)
    elif asked.plans is not None:
        option = _known(asked.plans or _recommended(told), [ledger.option for ledger in told.ledgers], "option")
        found = next((each for each in told.plans if each.option == option), None)
        text = plans_text(found, next(each for each in told.ledgers if each.option == option), **on)
    elif asked.unknown is not None:
        key = _key(asked.unknown, record)
        found = if_unknown(told, translate_record(decided_without(record, key, rules), spoken), key)
        text = unknown_text(found, labels, **on)
    else:
        by_id = {rule.id: rule for rule in record.rules}
        found = list(by_id.values()) if asked.rule_id is None else by_id[_known(asked.rule_id, by_id, "rule")]
        text = explain_text(record, asked.rule_id, **on)
    click.echo(json.dumps(plain(found), indent=2, ensure_ascii=False) if as_json else text, nl=as_json)


def _recommended(record: Record) -> str:
    if record.verdict.option is None:
        raise click.UsageError("no option is recommended; say which: --plans OPTION")
    return record.verdict.option


def _key(written: str, record: Record) -> str:
    """A question by its key (`team.gpu_operations`), by the name within its section, or by its fact."""
    keys = [value.key for value in record.answers.values]
    facts = {fact.name: fact.key for fact in record.facts if fact.key}
    if written in facts and written not in keys:
        return facts[written]
    named = [key for key in keys if key.partition(".")[2] == written]
    return named[0] if len(named) == 1 else _known(written, keys, "question")


def _known(name: str, known: Iterable[str], what: str) -> str:
    """The name, if it is known. Raises `click.UsageError` with the nearest one."""
    from hostwise.reading.findings.suggest import nearest

    names = list(known)
    if name in names:
        return name
    near = nearest(name, names)
    raise click.UsageError(f"no {what} {name!r}." + (f" Did you mean {near!r}?" if near else ""))
