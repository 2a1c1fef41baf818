"""`hostwise verify`: whether a file computes to itself and its signature is good, found out within limits."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hostwise.cli.shared.attest import need_cryptography
from hostwise.cli.shared.options import catalogue_option, prices_option, rules_option
from hostwise.reading.limited import MEMORY, WAITED, in_limits, limit, say

if TYPE_CHECKING:
    from hostwise.record.format.record import Record
    from hostwise.report.pdf.verify.pages import PagesFinding

SECONDS = 20
"""Of computing, unless --seconds says otherwise: what comes from a stranger is stopped.

A cold decision of the examples takes 1 to 3.5, a blank questionnaire, of which everything is drawn, 5 to 6, one counted
in chat users, whose lengths are drawn too, 10 to 15, measured on 2026-11-29.
"""
PAGES_OF_OURS = 10
"""So many times as long may take the pages of a record that computed to itself: a stranger made none of it."""
_path = click.Path(path_type=Path)


@click.command()
@click.argument("file", type=_path, metavar="RECORD")
@click.option("--key", "keys", type=_path, metavar="PUBLIC.pem", multiple=True,
              help="Check the signature of RECORD with this key first, or with one of these.")  # fmt: skip
@click.option("--signature", type=_path, metavar="FILE",
              help="A .jws or .dsse.json. Default: RECORD with one of them added.")  # fmt: skip
@rules_option
@catalogue_option
@prices_option
@click.option(
    "--templates", type=_path, metavar="DIR", help="The folder that a PDF report was made with, if not those shipped."
)
@click.option("--seconds", type=click.IntRange(1, 3600), default=SECONDS, show_default=True,
              help="Stop after so many seconds of computing: more for a slow machine.")  # fmt: skip
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
    seconds: int,
) -> None:
    """Compute RECORD again from the questionnaire inside it, and compare.

    RECORD is a JSON file or a PDF report. Of a PDF report, the pages are rendered again from the record inside it; it
    is verified where its bytes are the ones that it renders to here, or where they are signed (--key). Exit codes: 0
    verified; 1 not verified, with what differs; 3 the same record, and pages that look the same, in other bytes.
    """
    if keys:
        need_cryptography()
    additions = [str(each) for each in (*catalogue_files, *((price_file,) if price_file else ()))]
    asked = {
        "file": str(file),
        "keys": [str(key) for key in keys],
        "signature": str(signature) if signature else None,
        "rules": str(rules) if rules else None,
        "additions": additions,
        "templates": str(templates) if templates else None,
        "seconds": seconds,
    }
    work = in_limits(__name__, [json.dumps(asked)], waited=WAITED + seconds * (1 + PAGES_OF_OURS))
    outcome = NOT_VERIFIED
    for kind, value in work.said:
        if kind == "line":
            click.echo(value)
        elif kind == "usage":
            raise click.UsageError(value)
        elif kind == "refused":
            raise _refusal(**value)
        else:
            outcome = value
    if not any(kind == "outcome" for kind, _ in work.said):
        click.echo(
            f"{file}: stopped: to compute it again takes more than {seconds} s of computing or "
            f"{MEMORY // 1024**3} GB of memory, or breaks the process that does it. On a slow machine: --seconds."
        )
    click.echo(f"{file}: {_SAID[outcome]}")
    if outcome:
        ctx.exit(outcome)


VERIFIED, NOT_VERIFIED, OTHER_BYTES = 0, 1, 3
_SAID = {
    VERIFIED: "verified.",
    NOT_VERIFIED: "NOT verified.",
    OTHER_BYTES: (
        "not verified: the same record, and pages that look the same, but other bytes. Another program packed them; "
        "only a signature (--key) can vouch for such a file."
    ),
}


def _refusal(found: Any, *, stale: bool) -> Exception:
    import msgspec

    from hostwise.flow.freshness import OutOfDate
    from hostwise.reading.findings.diagnostics import Diagnostic, InputError

    return (OutOfDate if stale else InputError)(msgspec.convert(found, tuple[Diagnostic, ...]))


def _main() -> None:
    """In the process with limits: find it out, and say it line by line."""
    import gc
    import os

    from hostwise.flow.freshness import OutOfDate
    from hostwise.reading.findings.diagnostics import InputError

    gc.disable()  # it lives for one file
    asked = json.loads(sys.argv[1])
    limit(asked["seconds"])
    try:
        _found_out(asked)
    except click.UsageError as problem:
        say("usage", problem.message)
    except InputError as problem:
        import msgspec

        say("refused", {"found": msgspec.to_builtins(problem.diagnostics), "stale": isinstance(problem, OutOfDate)})
    except MemoryError:
        pass  # said by who started it: nothing was found out within the limits
    except Exception as problem:  # a stranger's file must not end it without a word
        say("line", f"{asked['file']}: stopped: {type(problem).__name__}: {problem}"[:500])
        say("outcome", NOT_VERIFIED)
    finally:
        os._exit(0)


def _found_out(asked: dict[str, Any]) -> None:
    from hostwise.reading.files.regular import read_regular
    from hostwise.record.attached import DoubtfulPdf
    from hostwise.record.file import record_in
    from hostwise.record.verify import verify_record

    file, templates, rules = Path(asked["file"]), _as_path(asked["templates"]), _as_path(asked["rules"])
    content = read_regular(file)
    is_pdf = content.startswith(b"%PDF-")
    if templates is not None and not is_pdf:
        raise click.UsageError("--templates is for a PDF report; a record alone has no pages")
    keys = tuple(map(Path, asked["keys"]))
    signed = _signature_is_good(file, content, _as_path(asked["signature"]), keys) if keys else None
    try:
        recorded = record_in(content, file)
        finding = verify_record(recorded, str(file), rules, tuple(map(Path, asked["additions"])))
        _say(finding.lines())
        if is_pdf and finding.same:
            limit(asked["seconds"] * PAGES_OF_OURS)
        pages = _pages(content, recorded, file, templates) if is_pdf else None
    except DoubtfulPdf as problem:
        _say(f"{file}: {found.message}." for found in problem.diagnostics)
        say("outcome", NOT_VERIFIED)
    else:
        say("outcome", _outcome(finding.same, signed, pages))


def _outcome(same: bool, signed: bool | None, pages: PagesFinding | None) -> int:
    """The exit code. `signed`: whether the signature is good, None where none was asked for."""
    if not same or signed is False:
        return NOT_VERIFIED
    if signed or pages is None or pages.bytes_same:
        return VERIFIED
    return OTHER_BYTES if pages.alike else NOT_VERIFIED


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        say("line", line)


def _pages(content: bytes, recorded: Record, file: Path, templates: Path | None) -> PagesFinding:
    """Compare the pages of a PDF report with what its record renders to."""
    from hostwise.report.pdf.verify.pages import verify_pages

    found = verify_pages(content, recorded, str(file), templates)
    _say(found.lines())
    return found


def _signature_is_good(file: Path, content: bytes, signature: Path | None, keys: tuple[Path, ...]) -> bool:
    from hostwise.record.vouched import checked_signature

    found = checked_signature(file, content, signature, keys)
    said = "good" if found.good else f"NOT good: {found.why}"
    say("line", f"{file}: the signature is {said}. Key {found.kid}.")
    return found.good


def _as_path(text: str | None) -> Path | None:
    return None if text is None else Path(text)


if __name__ == "__main__":
    _main()
