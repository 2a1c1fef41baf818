"""`hostwise rules export` and `import`: the rulebook in the formats of other engines."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from hostwise.cli.rules.options import packs_argument
from hostwise.cli.shared.options import rules_option

if TYPE_CHECKING:
    from hostwise.flow.knowledge import Knowledge
    from hostwise.reading.findings.diagnostics import Diagnostic

FORMATS = {
    "jdm": "hostwise.workbench.exchange.zen_write:jdm_text",
    "dmn": "hostwise.workbench.exchange.dmn_write:dmn_text",
    "dmn13": "hostwise.workbench.exchange.dmn_write:dmn13_text",
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
    from hostwise.flow.knowledge import load_knowledge
    from hostwise.rulebook.loading.turns import refuse_early

    knowledge = load_knowledge(rules, packs)
    refuse_early(knowledge.rulebook, knowledge.catalogue)
    _deliver(_writer(form)(knowledge), output)


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

    from hostwise.cli.shared.inputs import day
    from hostwise.flow.knowledge import load_knowledge
    from hostwise.reading.findings.diagnostics import InputError
    from hostwise.workbench.exchange.dmn_import.pack_file import pack_yaml
    from hostwise.workbench.exchange.dmn_import.read import import_pack

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
    from hostwise.reading.files.beside import write_beside

    if output is None:
        click.echo(text, nl=False)
        return
    write_beside(output, text.encode("utf-8"))
    click.echo(f"Wrote {output}. {advice}".rstrip())


def _at(file: Path, written: Path, finding: Diagnostic) -> Diagnostic:
    """A finding about the pack, which nobody will see, as one about the file it was made from."""
    from hostwise.reading.findings.diagnostics import Place

    return replace(finding, place=Place(str(file)), excerpt=None) if finding.place.file == str(written) else finding


def _writer(form: str) -> Callable[[Knowledge], str]:
    module, _, name = FORMATS[form].partition(":")
    writer: Callable[[Knowledge], str] = getattr(import_module(module), name)
    return writer
