"""`hostwise sign` and `verify`: who vouches for a file, and whether it computes to itself."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hostwise.cli.shared.options import catalogue_option, prices_option, rules_option

if TYPE_CHECKING:
    from hostwise.record.format.record import Record
    from hostwise.report.pdf.verify.pages import PagesFinding

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
    from hostwise.reading.files.beside import write_beside
    from hostwise.record.signature import SUFFIX, new_keys
    from hostwise.record.signature import sign as signature_of

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
        target, text = output or files[0].with_name(files[0].name + SUFFIX), signature_of(files[0], keys[0]) + "\n"
        inputs = (*files, *keys)
    write_beside(target, text.encode("ascii"), inputs)
    click.echo(f"Wrote {target}.")


ENVELOPE = ".dsse.json"


def _enveloped(
    files: tuple[Path, ...], keys: tuple[Path, ...], output: Path | None, valid_until: str | None, statement: bool
) -> tuple[Path, str]:
    """An envelope, and where it goes: of a new statement, or one with further signatures."""
    from datetime import UTC, datetime, time

    from hostwise.cli.shared.inputs import day
    from hostwise.record.attestation import also_signed, envelope_of, statement_of

    if not statement:
        if len(files) > 1 or valid_until:
            raise click.UsageError("an envelope is signed again as it is: one FILE, without --valid-until")
        return output or files[0], also_signed(files[0], keys)
    last = day(valid_until)
    until = datetime.combine(last, time(23, 59, 59), UTC) if last else None
    made = statement_of(files, datetime.now(UTC), until)
    return output or files[0].with_name(files[0].name + ENVELOPE), envelope_of(made, keys)


@click.command()
@click.argument("file", type=_path, metavar="RECORD")
@click.option("--key", "keys", type=_path, metavar="PUBLIC.pem", multiple=True,
              help="Check the signature of RECORD with this key first, or with one of these.")  # fmt: skip
@click.option("--signature", type=_path, metavar="FILE", help="A .jws or .dsse.json. Default: RECORD with .jws added.")
@rules_option
@catalogue_option
@prices_option
@click.option(
    "--templates", type=_path, metavar="DIR", help="The folder that a PDF report was made with, if not those shipped."
)
@click.pass_context
def verify(
    ctx: click.Context,
    file: Path,
    keys: tuple[Path, ...],
    signature: Path | None,
    rules: Path | None,
    catalogue_files: tuple[Path, ...],
    price_file: Path | None,
    templates: Path | None,
) -> None:
    """Compute RECORD again from the questionnaire inside it, and compare.

    RECORD is a JSON file or a PDF report. Of a PDF report, the pages are rendered again from the record inside it; it
    is verified where its bytes are the ones that it renders to here, or where they are signed (--key). Exit codes: 0
    verified; 1 not verified, with what differs; 3 the same record, and pages that look the same, in other bytes.
    """
    from hostwise.reading.files.regular import read_regular
    from hostwise.record.attached import DoubtfulPdf
    from hostwise.record.file import record_in
    from hostwise.record.verify import verify_record

    content = read_regular(file)
    is_pdf = content.startswith(b"%PDF-")
    if templates is not None and not is_pdf:
        raise click.UsageError("--templates is for a PDF report; a record alone has no pages")
    signed = _signature_is_good(file, content, signature, keys) if keys else None
    additions = (*catalogue_files, *((price_file,) if price_file else ()))
    try:
        recorded = record_in(content, file)
        finding = verify_record(recorded, str(file), rules, additions)
        _say(finding.lines())
        pages = _pages(content, recorded, file, templates) if is_pdf else None
    except DoubtfulPdf as problem:
        _say(f"{file}: {found.message}." for found in problem.diagnostics)
        _end(ctx, file, NOT_VERIFIED)
        return
    _end(ctx, file, _outcome(finding.same, signed, pages))


VERIFIED, NOT_VERIFIED, OTHER_BYTES = 0, 1, 3
_SAID = {
    VERIFIED: "verified.",
    NOT_VERIFIED: "NOT verified.",
    OTHER_BYTES: (
        "not verified: the same record, and pages that look the same, but other bytes. Another program packed them; "
        "only a signature (--key) can vouch for such a file."
    ),
}


def _outcome(same: bool, signed: bool | None, pages: PagesFinding | None) -> int:
    """The exit code. `signed`: whether the signature is good, None where none was asked for."""
    if not same or signed is False:
        return NOT_VERIFIED
    if signed or pages is None or pages.bytes_same:
        return VERIFIED
    return OTHER_BYTES if pages.alike else NOT_VERIFIED


def _end(ctx: click.Context, file: Path, code: int) -> None:
    """Say the verdict, last of all, and end with its code."""
    click.echo(f"{file}: {_SAID[code]}")
    if code:
        ctx.exit(code)


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _pages(content: bytes, recorded: Record, file: Path, templates: Path | None) -> PagesFinding:
    """Compare the pages of a PDF report with what its record renders to."""
    from hostwise.report.pdf.verify.pages import verify_pages

    found = verify_pages(content, recorded, str(file), templates)
    _say(found.lines())
    return found


def _signature_is_good(file: Path, content: bytes, signature: Path | None, keys: tuple[Path, ...]) -> bool:
    need_cryptography()
    from datetime import UTC, datetime

    from hostwise.reading.files.first_bytes import is_json_object
    from hostwise.record.attestation import check_envelope
    from hostwise.record.signature import SUFFIX, check

    beside = signature or file.with_name(file.name + SUFFIX)
    if is_json_object(beside):
        found = check_envelope(content, beside, keys, datetime.now(UTC))
    else:
        each = [check(content, beside, key) for key in keys]
        found = next((one for one in each if one.good), each[-1])
    said = "good" if found.good else f"NOT good: {found.why}"
    click.echo(f"{file}: the signature is {said}. Key {found.kid}.")
    return found.good


def need_cryptography() -> None:
    """The package is an extra; say how to get it. Raises `click.ClickException`."""
    try:
        import cryptography  # noqa: F401
    except ImportError:
        raise click.ClickException("signatures need cryptography: pip install 'hostwise[sign]'") from None
