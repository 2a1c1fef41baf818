"""`hostwise sign` and `verify`: who vouches for a file, and whether it computes to itself."""

from __future__ import annotations

from pathlib import Path

import click

from hostwise.cli.shared.options import catalogue_option, prices_option, rules_option
from hostwise.reading.files.first_bytes import first_bytes
from hostwise.record.format.record import Record

_path = click.Path(path_type=Path)


@click.command()
@click.argument("file", type=_path, metavar="[FILE]", required=False)
@click.option("--key", type=_path, metavar="PRIVATE.pem", help="Sign with this Ed25519 key.")
@click.option("-o", "--output", type=_path, metavar="FILE.jws", help="Default: FILE with .jws added.")
@click.option(
    "--new-key", type=_path, metavar="STEM", help="Write a new key pair: STEM.private.pem and STEM.public.pem."
)
def sign(file: Path | None, key: Path | None, output: Path | None, new_key: Path | None) -> None:
    """Sign a record or a report: a detached JSON Web Signature (RFC 7515, RFC 8037) beside it."""
    need_cryptography()
    from hostwise.record.signature import SUFFIX, new_keys
    from hostwise.record.signature import sign as signature_of

    if new_key is not None:
        private, public = new_keys(new_key)
        click.echo(f"Wrote {private} (keep it secret) and {public} (give it to those who check).")
        return
    if file is None or key is None:
        raise click.UsageError("say what to sign and with what: hostwise sign FILE --key PRIVATE.pem")
    target = output or file.with_name(file.name + SUFFIX)
    text = signature_of(file, key)
    try:
        target.write_text(text + "\n", encoding="ascii")
    except OSError as problem:
        raise click.ClickException(f"cannot write {target}: {problem.strerror}") from None
    click.echo(f"Wrote {target}.")


@click.command()
@click.argument("file", type=_path, metavar="RECORD")
@click.option("--key", type=_path, metavar="PUBLIC.pem", help="Check the signature of RECORD with this key first.")
@click.option("--signature", type=_path, metavar="FILE.jws", help="Default: RECORD with .jws added.")
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
    key: Path | None,
    signature: Path | None,
    rules: Path | None,
    catalogue_files: tuple[Path, ...],
    price_file: Path | None,
    templates: Path | None,
) -> None:
    """Compute RECORD again from the questionnaire inside it; exit 1 with the differences if any.

    RECORD is a JSON file or a PDF report. Of a PDF report, the pages are rendered again from the record inside it,
    and each page that is not the same is named. With --key, the signature must be good too.
    """
    from hostwise.record.file import read_record_file
    from hostwise.record.verify import verify_record

    good = key is None or _signature_is_good(file, signature, key)
    recorded = read_record_file(file)
    finding = verify_record(recorded, str(file), rules, (*catalogue_files, *((price_file,) if price_file else ())))
    for line in finding.lines():
        click.echo(line)
    if not (_pages_are_good(file, recorded, templates) and good and finding.same):
        ctx.exit(1)


def _pages_are_good(file: Path, recorded: Record, templates: Path | None) -> bool:
    """Compare the pages of a PDF report with what its record renders to; a record alone has none."""
    if first_bytes(file, 5) != b"%PDF-":
        if templates is not None:
            raise click.UsageError("--templates is for a PDF report; a record alone has no pages")
        return True
    from hostwise.report.pdf.verify.pages import verify_pages

    found = verify_pages(file.read_bytes(), recorded, str(file), templates)
    for line in found.lines():
        click.echo(line)
    return found.same


def _signature_is_good(file: Path, signature: Path | None, key: Path) -> bool:
    need_cryptography()
    from hostwise.record.signature import SUFFIX, check

    found = check(file, signature or file.with_name(file.name + SUFFIX), key)
    said = "good" if found.good else f"NOT good: {found.why}"
    click.echo(f"{file}: the signature is {said}. Key {found.kid}.")
    return found.good


def need_cryptography() -> None:
    """The package is an extra; say how to get it. Raises `click.ClickException`."""
    try:
        import cryptography  # noqa: F401
    except ImportError:
        raise click.ClickException("signatures need cryptography: pip install 'hostwise[sign]'") from None
