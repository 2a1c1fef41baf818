"""`hostwise catalogue models` and `add-model`: the models that are known, and one more."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from hostwise.cli.shared.inputs import day as day_of
from hostwise.cli.shared.options import rules_option


@click.command("add-model")
@click.argument("file", type=click.Path(path_type=Path), metavar="CONFIG")
@click.option("--name", required=True, help="What the entry is called.")
@click.option("--licence", default="unread", show_default=True, help="Its licence, an id of licences.yaml.")
@click.option("--as-of", metavar="DATE", required=True, help="The day on which you took the configuration.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT",
              help="Write the entry into this file, for `decide --catalogue OUT`. Default: print it.")  # fmt: skip
@rules_option
def add_model(file: Path, name: str, licence: str, as_of: str, output: Path | None, rules: Path | None) -> None:
    """Make an entry of CONFIG, a model's published config.json on your disk: nothing is fetched.

    Parameters, active parameters and those in routed experts follow from the configuration by arithmetic. A shape that
    is not counted here is refused.
    """
    from hostwise.economics.catalogue.loading.load_catalogue import load_catalogue
    from hostwise.economics.models.entry import entry_lines, model_of
    from hostwise.economics.models.published import read_published
    from hostwise.reading.files.folders import rules_dir
    from hostwise.reading.findings.suggest import nearest

    known = load_catalogue(rules_dir(rules)).licences.licences
    if licence not in known:
        near = nearest(licence, known)
        raise click.BadParameter(
            f"{licence!r} is none of {', '.join(known)}" + (f"; did you mean {near}?" if near else ""),
            param_hint="--licence",
        )
    taken = day_of(as_of)
    assert taken is not None
    lines = list(entry_lines(name, model_of(read_published(file), licence, f"config.json: {file.name}", taken)))
    if output is None:
        click.echo("models:\n" + "\n".join(lines))
        return
    _write(output, name, lines)
    click.echo(f"{output}: {name}")


def _write(path: Path, name: str, lines: list[str]) -> None:
    """Put an entry under `models:` of a file that has at most such entries, and replace nothing."""
    from hostwise.economics.prices.additions import Additions
    from hostwise.reading.files.beside import write_beside
    from hostwise.reading.files.validate import validated
    from hostwise.reading.files.yaml_file import read_document, text_of
    from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place

    if not path.exists():
        write_beside(path, ("models:\n" + "\n".join(lines) + "\n").encode("utf-8"))
        return
    before = validated(Additions, read_document(path))
    text = text_of(path)
    if name in before.models:
        raise InputError([Diagnostic(Place(str(path)), "duplicate", "there is a model of this name already", name)])
    head, section, rest = text.partition("models:\n")
    if before.models and not section:
        raise InputError([Diagnostic(Place(str(path)), "layout", "cannot add to it: no line says `models:` alone")])
    added = head + "models:\n" + "\n".join(lines) + "\n" + rest
    write_beside(path, added.encode("utf-8"))


@click.command()
@click.argument("word", required=False)
@click.option("--as-of", metavar="DATE", help="Sellers' offers of this day. Default: that of the newest entry.")
@rules_option
def models(word: str | None, as_of: str | None, rules: Path | None) -> None:
    """List the models, or those whose name holds WORD: parameters, class, licence, sellers, the day they leave."""
    from hostwise.economics.catalogue.candidates import every_model
    from hostwise.economics.catalogue.loading.load_catalogue import load_catalogue
    from hostwise.economics.models.names import folded
    from hostwise.economics.prices.sellers import sellers_of
    from hostwise.reading.files.folders import rules_dir

    known = load_catalogue(rules_dir(rules))
    day: date = day_of(as_of) or max(model.as_of for model in every_model(known).values())
    for name, model in every_model(known).items():
        if folded(word or "") in folded(name):
            size = f"{model.parameters:f}B" if model.parameters else "-"
            sold = {offer.seller for offer in sellers_of(name, model) if offer.offer_on(day)}
            ends = f"  leaves {model.retired_on.isoformat()}" if model.retired_on else ""
            click.echo(
                f"{name:32} {size:>8}  {model.size_class or '-':9} {model.licence:24} {len(sold):3} sellers{ends}"
            )
