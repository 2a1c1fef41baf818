"""Whether anything vouches for a record that was read from a file: a signature, or that it computes to itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hostwise.reading.files.first_bytes import is_json_object
from hostwise.reading.files.regular import read_regular, refused
from hostwise.reading.findings.diagnostics import InputError
from hostwise.reading.limited import within

if TYPE_CHECKING:
    from hostwise.record.format.record import Record
    from hostwise.record.signature import CheckedSignature


AGAIN = 20
"""Seconds of computing in which a record must compute to itself; a blank questionnaire took 10.5 on 2026-11-29."""


def checked_signature(file: Path, content: bytes, signature: Path | None, keys: Sequence[Path]) -> CheckedSignature:
    """Check what `sign` wrote with one of the keys; by default FILE.jws, else FILE.dsse.json.

    A statement holds for its time, by this machine's clock. Raises `InputError` where a file cannot be read as what it
    should be.
    """
    from hostwise.record import attestation
    from hostwise.record.signature import SUFFIX, check

    if signature is None:
        beside = (file.with_name(file.name + suffix) for suffix in (SUFFIX, attestation.SUFFIX))
        signature = next((each for each in beside if each.exists()), file.with_name(file.name + SUFFIX))
    if is_json_object(signature):
        return attestation.check_envelope(content, signature, keys, datetime.now(UTC))
    found = [check(content, signature, key) for key in keys]
    return next((each for each in found if each.good), found[-1])


def is_doubted(
    record: Record, file: Path, keys: Sequence[Path] = (), rules: Path | None = None, additions: Sequence[Path] = ()
) -> bool:
    """Whether nothing vouches for a record that was read from a file: pages that show it are marked.

    A forger can make an id that fits; a record that comes out when its questionnaire is decided again is what Hostwise
    decides, whoever wrote it down. One that came out here before, with the same rules, is not decided again. With
    `keys` the file must be signed instead: raises `InputError` where it is not.
    """
    from hostwise.flow.knowledge import load_knowledge
    from hostwise.record.computed_before import computed_before, remember
    from hostwise.record.file import record_in
    from hostwise.record.verify import verify_record

    if keys:
        content = read_regular(file)
        found = checked_signature(file, content, None, keys)
        why = found.why if not found.good else "" if record_in(content, file).id == record.id else "it was just changed"
        if why:
            raise refused(file, "bad-signature", f"the signature is not good: {why}")
        return False
    try:
        knowledge = load_knowledge(rules, additions=tuple(additions))
        if computed_before(record, knowledge.rules_sha256, knowledge.catalogue_sha256):
            return False
        with within(AGAIN, file):
            same = verify_record(record, str(file), rules, additions).same
    except InputError:  # what it was decided with is not here, or too old by now, or takes too long
        return True
    if same:
        remember(record)
    return not same
