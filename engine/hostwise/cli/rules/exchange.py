"""`hostwise rules export` and `import`: the rulebook in the formats of other engines."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from hostwise.cli.rules.options import packs_argument, rules_option

if TYPE_CHECKING:
    from hostwise.decision.basis import Knowledge
    from hostwise.reading.diagnostics import Diagnostic

FORMATS = {
    "jdm": "hostwise.workbench.jdm:jdm_text",
    "dmn": "hostwise.workbench.dmn_write:dmn_text",
    "dmn13": "hostwise.workbench.dmn_write:dmn13_text",
}
"""Format → the function that writes it: knowledge in, text out."""


@click.command()
@packs_argument
@click.option(
    "--to",
    "form",
    type=click.Choice(list(FORMATS)),
    required=True,
    help="jdm: for GoRules ZEN; dmn: DMN 1.5 XML; dmn13: the same for dmn-js and Camunda Modeler, which read 1.3.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write here, not to the screen.")
@rules_option
def export(packs: tuple[Path, ...], form: str, output: Path | None, rules: Path | None) -> None:
    """Write the rules, the choice and the panel for another engine."""
    from hostwise.decision.basis import load_knowledge

    _deliver(_writer(form)(load_knowledge(rules, packs)), output)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.dmn")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="PACK.yaml", help="Write the pack here.")
@click.option("--as-of", metavar="DATE", help="The date of the pack. Default: the date of the rules.")
@rules_option
def import_(file: Path, output: Path | None, as_of: str | None, rules: Path | None) -> None:
    """Take the decision tables of a DMN file (1.1 to 1.5, S-FEEL) as a rule pack.

    Inputs become the pack's inputs, each decision a derived fact with its hit policy, each row a rule. A list of words
    becomes a fact for each word: whether it is in it. A text without allowed values may be what the tables compare it
    with. Everything that a pack cannot hold is refused, all of it at once.
    """
    import tempfile

    from hostwise.cli.sources import day
    from hostwise.decision.basis import load_knowledge
    from hostwise.reading.diagnostics import InputError
    from hostwise.workbench.dmn_import import import_pack
    from hostwise.workbench.pack_file import pack_yaml

    text = pack_yaml(import_pack(file, day(as_of) or load_knowledge(rules).as_of))
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "pack.yaml"
        written.write_text(text, encoding="utf-8")
        try:
            load_knowledge(rules, (written,))
        except InputError as problem:  # what no single cell shows: decisions in a cycle, an id of another pack
            raise InputError(_at(file, written, finding) for finding in problem.diagnostics) from None
    _deliver(text, output, f"Check it with: hostwise rules check {output}")


def _deliver(text: str, output: Path | None, advice: str = "") -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise click.ClickException(f"cannot write {output}: {problem.strerror}") from None
    click.echo(f"Wrote {output}. {advice}".rstrip())


def _at(file: Path, written: Path, finding: Diagnostic) -> Diagnostic:
    """A finding about the pack, which nobody will see, as one about the file it was made from."""
    from hostwise.reading.diagnostics import Place

    return replace(finding, place=Place(str(file)), excerpt=None) if finding.place.file == str(written) else finding


def _writer(form: str) -> Callable[[Knowledge], str]:
    module, _, name = FORMATS[form].partition(":")
    writer: Callable[[Knowledge], str] = getattr(import_module(module), name)
    return writer
