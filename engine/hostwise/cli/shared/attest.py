"""`--attest`: a signed statement about what a command just made, before anyone else can touch it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hostwise.record.format.record import Record

attest_option = click.option(
    "--attest",
    "attest_keys",
    type=click.Path(path_type=Path),
    metavar="PRIVATE.pem",
    multiple=True,
    help="Sign one statement about all that is written (-o), with this Ed25519 key: the first OUT with .dsse.json "
    "added, which `hostwise verify --key` checks. Repeat it for several keys.",
)


def need_cryptography() -> None:
    """The package is an extra; say how to get it. Raises `click.ClickException`."""
    try:
        import cryptography  # noqa: F401
    except ImportError:
        raise click.ClickException("signatures need cryptography: pip install 'hostwise[sign]'") from None


def check_attest(keys: Sequence[Path], outputs: Sequence[Path], inputs: Iterable[Path], *, single: bool) -> None:
    """Refuse, before anything is decided, what cannot be attested. Raises `click.UsageError`, `InputError`."""
    if not keys:
        return
    if not outputs or not single:
        raise click.UsageError("--attest is for what is written (-o) of one decision")
    need_cryptography()
    from hostwise.reading.files.beside import refuse_inputs
    from hostwise.record.signature import private_key

    for key in keys:
        private_key(key)
    refuse_inputs(envelope_path(outputs), (*inputs, *keys, *outputs))
    if len({output.name for output in outputs}) < len(outputs):
        raise click.UsageError("--attest knows what is written by its name: no two of one name")


def refuse_doubted(is_doubted: bool, keys: Sequence[Path]) -> None:
    """Nobody signs unseen what does not compute to itself. Raises `click.UsageError`."""
    if is_doubted and keys:
        raise click.UsageError("--attest: computing it again here does not give this record; see hostwise verify")


def envelope_path(outputs: Sequence[Path]) -> Path:
    """Where the statement about some files goes."""
    from hostwise.record.attestation import SUFFIX

    return outputs[0].with_name(outputs[0].name + SUFFIX)


def attest(record: Record, written: Mapping[Path, bytes], keys: Sequence[Path]) -> None:
    """Write the statement about what was written of a record, signed with the time of this machine's clock."""
    from datetime import UTC, datetime

    from hostwise.reading.files.beside import write_beside
    from hostwise.record.attestation import envelope_of, statement_about

    named = {path.name: content for path, content in written.items()}
    text = envelope_of(statement_about(record, named, datetime.now(UTC)), keys)
    target = envelope_path(list(written))
    write_beside(target, text.encode("ascii"), keys)
    click.echo(f"wrote {target}", err=True)
