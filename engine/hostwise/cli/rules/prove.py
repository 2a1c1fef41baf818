"""`hostwise rules prove` and `diff`: what holds for every questionnaire, and where two rulebooks part."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hostwise.cli.rules.options import format_option, packs_argument
from hostwise.cli.shared.options import rules_option


@click.command()
@packs_argument
@rules_option
@click.option(
    "--properties", type=click.Path(path_type=Path), metavar="FILE", help="Another file than properties.yaml."
)
@click.option("--only", multiple=True, metavar="CLAIM", help="Settle this claim alone; may be given again.")
@click.option("--verbose", is_flag=True, help="List what was proved as well, claim by claim.")
@format_option
@click.pass_context
def prove(
    ctx: click.Context,
    packs: tuple[Path, ...],
    rules: Path | None,
    properties: Path | None,
    only: tuple[str, ...],
    verbose: bool,
    form: str,
) -> None:
    """Show with a solver (z3) what holds for every questionnaire within its bounds; exit 1 where something does not.

    A claim that fails comes with a complete questionnaire that breaks it.
    """
    need_z3()
    from hostwise.cli.rules.options import print_findings
    from hostwise.flow.knowledge import load_knowledge
    from hostwise.workbench.proof.properties import load_properties
    from hostwise.workbench.proof.prove import Proof, ProofStatus
    from hostwise.workbench.proof.prove import prove as proofs_of
    from hostwise.workbench.proof.text import as_data, as_findings, example_lines, proof_line, summary

    knowledge = load_knowledge(rules, packs)
    stated = load_properties(knowledge, properties)
    found: list[Proof] = []
    for proof in proofs_of(knowledge, stated, only):
        found.append(proof)
        if form == "text" and (verbose or proof.status is not ProofStatus.PROVED or proof.example):
            click.echo("\n".join([proof_line(proof), *example_lines(proof)]))
        elif form == "text" and sys.stderr.isatty():
            click.echo(f"\r{len(found)} claims …", nl=False, err=True)
    if only and not found:
        raise click.UsageError(f"there is no claim {', '.join(only)}; --verbose lists them")
    if form == "json":
        import json

        click.echo(json.dumps(as_data(found), indent=2, ensure_ascii=False))
    elif form == "sarif":
        print_findings(as_findings(found, str(knowledge.root / "properties.yaml")), form, "")
    else:
        if sys.stderr.isatty():
            click.echo("\r", nl=False, err=True)
        click.echo(summary(found))
    if any(proof.status is not ProofStatus.PROVED for proof in found):
        ctx.exit(1)


@click.command()
@click.argument("old", type=click.Path(path_type=Path, exists=True), metavar="OLD")
@click.argument("new", type=click.Path(path_type=Path, exists=True), metavar="NEW")
@rules_option
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.pass_context
def diff(ctx: click.Context, old: Path, new: Path, rules: Path | None, as_json: bool) -> None:
    """Say for which questionnaires two rulebooks decide differently, with an example of each; exit 1 if for any.

    OLD and NEW are rules folders, or packs that are read together with the rules shipped (or those of --rules DIR).
    """
    need_z3()
    from hostwise.flow.knowledge import load_knowledge
    from hostwise.workbench.proof.diff_text import as_data, diff_lines
    from hostwise.workbench.proof.properties import load_properties
    from hostwise.workbench.proof.rules_diff import changes, partings

    before, after = (load_knowledge(p) if p.is_dir() else load_knowledge(rules, (p,)) for p in (old, new))
    changed = list(changes(before, after))
    found = list(partings(before, after, load_properties(before), load_properties(after)))
    if as_json:
        import json

        click.echo(json.dumps(as_data(changed, found), indent=2, ensure_ascii=False))
    else:
        for line in diff_lines(changed, found):
            click.echo(line)
    if found:
        ctx.exit(1)


def need_z3() -> None:
    """The solver is an extra; say how to get it. Raises `click.ClickException`."""
    try:
        import z3  # noqa: F401
    except ImportError:
        raise click.ClickException("this needs the solver z3: pip install 'hostwise[prove]'") from None
