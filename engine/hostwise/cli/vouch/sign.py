"""`hostwise sign`: who vouches for a file."""

from __future__ import annotations

from pathlib import Path

import click

from hostwise.cli.shared.attest import need_cryptography

_path = click.Path(path_type=Path)


@click.command()
@click.argument("files", type=_path, metavar="[FILE...]", nargs=-1)
@click.option("--key", "keys", type=_path, metavar="PRIVATE.pem", multiple=True,
              help="Sign with this Ed25519 key; a statement may have several.")  # fmt: skip
@click.option("-o", "--output", type=_path, metavar="OUT", help="Default: FILE with .jws or .dsse.json added.")
@click.option("--statement", is_flag=True,
              help="Sign one in-toto statement about all FILES, their rules and their program.")  # fmt: skip
@click.option("--valid-until", metavar="DATE", help="With --statement: it holds until the end of this day, UTC.")
@click.option(
    "--new-key", type=_path, metavar="STEM", help="Write a new key pair: STEM.private.pem and STEM.public.pem."
)
def sign(
    files: tuple[Path, ...],
    keys: tuple[Path, ...],
    output: Path | None,
    statement: bool,
    valid_until: str | None,
    new_key: Path | None,
) -> None:
    """Sign a record or a report: a detached JSON Web Signature (RFC 7515, RFC 8037) beside it.

    With --statement, one in-toto statement about a record and its reports, with the time by this machine's clock, in a
    DSSE envelope. Of an envelope (FILE.dsse.json), add the signatures of further keys.
    """
    need_cryptography()
    from hostwise.cli.shared.inputs import carries_record
    from hostwise.reading.files.beside import write_beside
    from hostwise.reading.files.regular import read_regular
    from hostwise.record.attestation import SUFFIX as ENVELOPE
    from hostwise.record.attestation import unchanged
    from hostwise.record.signature import SUFFIX, new_keys, sign_content

    if new_key is not None:
        private, public = new_keys(new_key)
        click.echo(f"Wrote {private} (keep it secret) and {public} (give it to those who check).")
        return
    if not files or not keys:
        raise click.UsageError("say what to sign and with what: hostwise sign FILE --key PRIVATE.pem")
    if statement or files[0].name.endswith(ENVELOPE):
        target, text = _enveloped(files, keys, output, valid_until, statement)
        inputs = (*keys, *(files if statement else ()))
    elif len(files) > 1 or len(keys) > 1:
        raise click.UsageError("several files or keys are for one statement: --statement")
    else:
        content = read_regular(files[0])
        if carries_record(files[0]):
            unchanged(content, files[0])
        target, text = output or files[0].with_name(files[0].name + SUFFIX), sign_content(content, keys[0]) + "\n"
        inputs = (*files, *keys)
    write_beside(target, text.encode("ascii"), inputs)
    click.echo(f"Wrote {target}.")


def _enveloped(
    files: tuple[Path, ...], keys: tuple[Path, ...], output: Path | None, valid_until: str | None, statement: bool
) -> tuple[Path, str]:
    """An envelope, and where it goes: of a new statement, or one with further signatures."""
    from datetime import UTC, datetime, time

    from hostwise.cli.shared.inputs import day
    from hostwise.record.attestation import SUFFIX as ENVELOPE
    from hostwise.record.attestation import also_signed, envelope_of, statement_of

    if not statement:
        if len(files) > 1 or valid_until:
            raise click.UsageError("an envelope is signed again as it is: one FILE, without --valid-until")
        return output or files[0], also_signed(files[0], keys)
    last = day(valid_until, "--valid-until", years=None)
    until = datetime.combine(last, time(23, 59, 59), UTC) if last else None
    made = statement_of(files, datetime.now(UTC), until)
    return output or files[0].with_name(files[0].name + ENVELOPE), envelope_of(made, keys)
