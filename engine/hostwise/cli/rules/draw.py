"""`hostwise rules graph` and `docs`: the rulebook as a picture, and as one page."""

from __future__ import annotations

from pathlib import Path

import click

from hostwise.cli.rules.options import packs_argument
from hostwise.cli.shared.options import rules_option
from hostwise.rulebook.language.rules import HOUSE, STAGES

ADVISING = ("confirm", "advise")
"""Stages that a drawing leaves out unless they are asked for."""


@click.command()
@packs_argument
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="FILE.svg or FILE.dot.")
@click.option("--source", default=HOUSE, show_default=True, metavar="SOURCE", help="Whose rules: a document, S0 …")
@click.option("--stage", type=click.Choice(STAGES), help="Only rules of this stage, what they read and lead to.")
@click.option("--fact", metavar="NAME", help="Only what this fact rests on, and what rests on it.")
@click.option("--rule", metavar="ID", help="Only what this rule rests on, and what rests on it.")
@click.option("--advice", is_flag=True, help="The rules that advise as well.")
@rules_option
def graph(
    packs: tuple[Path, ...],
    output: Path | None,
    source: str,
    stage: str | None,
    fact: str | None,
    rule: str | None,
    advice: bool,
    rules: Path | None,
) -> None:
    """Draw the rules and the facts between them, from the answers to the verdict; without -o print DOT."""
    from hostwise.flow.knowledge import load_knowledge
    from hostwise.workbench.book.dot import dot
    from hostwise.workbench.book.graph import around, of_stage, rule_graph

    form = _form(output, (".svg", ".dot"))
    stages = STAGES if advice or stage in ADVISING else STAGES[: STAGES.index(ADVISING[0])]
    found = rule_graph(load_knowledge(rules, packs), source, stages)
    for what, name in (("fact", fact), ("rule", rule)):
        found = around(found, name, what) if name else found
    found = of_stage(found, stage) if stage else found
    if output is None:
        click.echo(dot(found), nl=False)
        return
    if form == ".svg":
        from hostwise.report.charts.rule_graph import graph_svg
        from hostwise.report.words.rules_words import load_rules_words

        _write(output, graph_svg(found, load_rules_words()))
    else:
        _write(output, dot(found))
    click.echo(f"Wrote {output}: {len(found.nodes)} nodes, {len(found.edges)} edges.")


def _form(output: Path | None, accepted: tuple[str, ...]) -> str:
    form = output.suffix.lower() if output else ""
    if output is not None and form not in accepted:
        raise click.BadParameter(f"{output} should end in {' or '.join(accepted)}", param_hint="-o")
    return form


def _write(path: Path, text: str) -> None:
    from hostwise.reading.files.beside import write_beside

    write_beside(path, text.encode("utf-8"))


@click.command()
@packs_argument
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", default=Path("rules.html"), show_default=True
)
@rules_option
@click.option("--templates", type=click.Path(path_type=Path), metavar="DIR", help="Use this folder of templates.")
def docs(packs: tuple[Path, ...], output: Path, rules: Path | None, templates: Path | None) -> None:
    """Write the whole rulebook as one HTML page: decision tables, every rule in English, facts, claims, the graph."""
    from hostwise.flow.knowledge import load_knowledge
    from hostwise.report.page.rulebook import rules_page
    from hostwise.workbench.book.book import read_book
    from hostwise.workbench.book.graph import rule_graph

    _form(output, (".html",))
    knowledge = load_knowledge(rules, packs)
    book = read_book(knowledge)
    _write(output, rules_page(book, rule_graph(knowledge), templates))
    click.echo(f"Wrote {output}: {len(book.rules)} rules, {len(book.claims)} claims.")
