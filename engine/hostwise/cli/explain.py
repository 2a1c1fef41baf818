"""`hostwise explain`: which rules fired, why this verdict, why not another, and what if less were known."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from hostwise.cli.page import language_option, page


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE|RECORD")
@click.argument("rule_id", required=False)
@click.option("--why", is_flag=True, help="Only what decided: the rule, and its facts down to the answers.")
@click.option("--why-not", metavar="OPTION", help="Why OPTION was not chosen: its gates, rules and cost.")
@click.option(
    "--unknown", metavar="KEY", help="Decide again as if nothing were known about KEY, such as team.gpu_operations."
)
@click.option("--json", "as_json", is_flag=True, help="Print the explanation as JSON.")
@language_option
@click.option("--as-of", metavar="DATE", help="Decide as of this day.")
@click.option(
    "--rules", type=click.Path(path_type=Path), metavar="DIR", help="Use this folder instead of the rules shipped."
)
def explain(
    file: Path,
    rule_id: str | None,
    why: bool,
    why_not: str | None,
    unknown: str | None,
    as_json: bool,
    language: str,
    as_of: str | None,
    rules: Path | None,
) -> None:
    """Show what fired, what did not and which condition stopped it; RULE_ID shows one rule alone."""
    from hostwise.cli.sources import record_of
    from hostwise.decision.explanation import decided_without, if_unknown
    from hostwise.decision.explanation import why as what_decided
    from hostwise.decision.explanation import why_not as not_chosen
    from hostwise.report.explanations import unknown_text, why_not_text, why_text
    from hostwise.report.in_language import in_language
    from hostwise.report.language import HOME
    from hostwise.report.terminal import explain_text
    from hostwise.report.words import load_words

    if sum((rule_id is not None, why, why_not is not None, unknown is not None)) > 1:
        raise click.UsageError("one question at a time: RULE_ID, --why, --why-not or --unknown")
    data = record_of(file, as_of=as_of, engine="both", rules=rules).data
    spoken = load_words(language=HOME if as_json else language).language
    told = in_language(data, spoken)
    on = page(spoken.code)
    labels = {entry["option"]: entry["label"] for entry in told["verdict"]["alternatives"]}
    found: Any
    if why:
        found = what_decided(told)
        text = why_text(found, labels, **on)
    elif why_not is not None:
        found = not_chosen(told, _known(why_not, labels, "option"))
        text = why_not_text(found, told["verdict"], labels, **on)
    elif unknown is not None:
        key = _key(unknown, data)
        found = if_unknown(told, in_language(decided_without(data, key, rules), spoken), key)
        text = unknown_text(found, labels, **on)
    else:
        by_id = {rule["id"]: rule for rule in data["rules"]}
        found = list(by_id.values()) if rule_id is None else by_id[_known(rule_id, by_id, "rule")]
        text = explain_text(data, rule_id, **on)
    click.echo(json.dumps(found, indent=2, ensure_ascii=False) if as_json else text, nl=as_json)


def _key(written: str, data: dict[str, Any]) -> str:
    """A question by its key (`team.gpu_operations`), by the name within its section, or by its fact."""
    keys = [value["key"] for value in data["answers"]["values"]]
    facts = {fact["name"]: fact["key"] for fact in data["facts"] if fact["key"]}
    if written in facts and written not in keys:
        return str(facts[written])
    named = [key for key in keys if key.partition(".")[2] == written]
    return named[0] if len(named) == 1 else _known(written, keys, "question")


def _known(name: str, known: Iterable[str], what: str) -> str:
    """The name, if it is known. Raises `click.UsageError` with the nearest one."""
    from hostwise.reading.suggest import nearest

    names = list(known)
    if name in names:
        return name
    near = nearest(name, names)
    raise click.UsageError(f"no {what} {name!r}." + (f" Did you mean {near!r}?" if near else ""))
