"""`hostwise catalogue sources`: the source documents' figures beside what their own inputs give."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hostwise.cli.shared.options import rules_option

if TYPE_CHECKING:
    from hostwise.economics.source_figures import Recomputation

WIDTH = 58


@click.command()
@click.argument("document", required=False)
@click.option("--steps", is_flag=True, help="Show every calculation.")
@rules_option
def sources(document: str | None, steps: bool, rules: Path | None) -> None:
    """Recompute the figures of the source documents, or of one DOCUMENT (S0 to S4)."""
    from hostwise.economics.source_figures import load_recomputations
    from hostwise.reading.files.folders import rules_dir

    found = load_recomputations(rules_dir(rules))
    known = sorted({r.document for r in found})
    wanted = document.upper() if document else None
    if wanted is not None and wanted not in known:
        raise click.BadParameter(
            f"{document!r} is no source document; there are {', '.join(known)}", param_hint="DOCUMENT"
        )
    chosen = [r for r in found if wanted in (None, r.document)]
    click.echo(_table(chosen, with_steps=steps or wanted is not None))
    counts = {f: sum(r.finding == f for r in chosen) for f in dict.fromkeys(r.finding for r in chosen)}
    click.echo(f"{len(chosen)} figures: " + ", ".join(f"{count} {finding}" for finding, count in counts.items()) + ".")


def _table(found: Sequence[Recomputation], *, with_steps: bool) -> str:
    from hostwise.reading.numbers.number_format import format_quantity, kind_of

    lines: list[str] = []
    for entry in found:
        lines.append(f"{entry.id:6}  {entry.finding:16}  {entry.stated}  ({', '.join(entry.claims)})")
        if not entry.agrees and entry.correct:
            lines += [f"{'':26}{line}" for line in _wrapped(f"ours: {entry.correct}")]
        if with_steps:
            lines += [
                f"{'':26}{s.label}: {s.formula} = {format_quantity(s.value, kind_of(s.unit), s.unit)}"
                for s in entry.steps
            ]
    return "\n".join(lines) + "\n"


def _wrapped(text: str) -> list[str]:
    from textwrap import wrap

    return wrap(text, WIDTH + 32)
