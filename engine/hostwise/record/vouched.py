"""Whether a signature beside a file, or one that is named, vouches for its bytes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hostwise.reading.files.first_bytes import is_json_object

if TYPE_CHECKING:
    from hostwise.record.signature import CheckedSignature


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
