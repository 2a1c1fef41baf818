"""Attestations: one statement that binds a decision to its files, its rules and its program, signed by several keys.

The statement is an in-toto Statement v1, its envelope a DSSE v1 with Ed25519, so that openssl and any library of either
can check it. What is signed are the bytes of the statement, its times included.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hostwise
from hostwise.reading.files.folders import folder_sha256
from hostwise.reading.files.regular import read_regular, refused
from hostwise.record.canonical import canonical, identity
from hostwise.record.file import record_in
from hostwise.record.signature import CheckedSignature, private_key, public_key, thumbprint
from hostwise.version import __version__

if TYPE_CHECKING:
    from hostwise.record.format.record import Record

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "urn:x-hostwise:decision/1"
PAYLOAD = "application/vnd.in-toto+json"
SUFFIX = ".dsse.json"
LARGEST = 1024 * 1024
MOST_SIGNATURES = 16


def statement_of(files: Sequence[Path], signed_at: datetime, valid_until: datetime | None = None) -> dict[str, Any]:
    """A statement about a record and reports of it; all of them must carry the same record.

    `signed_at` and `valid_until` are in UTC, to the second. Raises `InputError` where a file carries no record,
    another one than the first, or one that was changed after it was decided.
    """
    contents = [read_regular(file) for file in files]
    records = [unchanged(content, file) for content, file in zip(contents, files, strict=True)]
    for record, file in zip(records, files, strict=True):
        if record.id != records[0].id:
            raise refused(file, "other-record", f"it carries another record than {files[0]}")
    named = {file.name: content for file, content in zip(files, contents, strict=True)}
    if len(named) < len(files):
        raise refused(files[0], "same-name", "two of the files have the same name, by which a statement knows them")
    return statement_about(records[0], named, signed_at, valid_until)


def unchanged(content: bytes, file: Path) -> Record:
    """The record that a file carries. Raises `InputError` where its id is not the hash of what it says."""
    record = record_in(content, file)
    if record.id != identity(record):
        raise refused(file, "not-its-hash", "the id of its record is not the hash of what it says: it was changed")
    return record


def statement_about(
    first: Record, files: Mapping[str, bytes], signed_at: datetime, valid_until: datetime | None = None
) -> dict[str, Any]:
    """The same about the bytes of files, by their names, that were just made of a record."""
    return {
        "_type": STATEMENT,
        "subject": [{"name": name, "digest": _digest(content)} for name, content in files.items()],
        "predicateType": PREDICATE,
        "predicate": {
            "record": first.id,
            "asOf": first.as_of.isoformat(),
            "outcome": first.verdict.outcome,
            "rulebook": {"version": first.rulebook.version, "digest": {"sha256": first.rulebook.sha256}},
            "catalogue": {"digest": {"sha256": first.catalogue.sha256}},
            "decidedBy": first.hostwise.version,
            "signedBy": {"version": __version__, "digest": {"sha256": program_sha256()}},
            "signedAt": _moment(signed_at),
            "validUntil": _moment(valid_until) if valid_until else None,
        },
    }


def program_sha256() -> str:
    """SHA-256 over the files of the program that runs, its rules and templates aside."""
    return folder_sha256(Path(hostwise.__file__).parent, ".py")


def envelope_of(statement: Mapping[str, Any], key_files: Iterable[Path]) -> str:
    """The statement in an envelope with a signature of each key. Raises `InputError` where a key cannot be read."""
    payload = canonical(statement)
    return _written(payload, [_signature(payload, key_file) for key_file in key_files])


def also_signed(envelope: Path, key_files: Iterable[Path]) -> str:
    """An envelope with signatures of further keys, as when keys are changed. Raises `InputError`."""
    payload, signatures = _opened(read_regular(envelope, LARGEST), envelope)
    more = [_signature(payload, key_file) for key_file in key_files]
    named = {entry["keyid"]: entry for entry in [*signatures, *more]}
    return _written(payload, list(named.values()))


def check_envelope(content: bytes, envelope: Path, key_files: Sequence[Path], now: datetime) -> CheckedSignature:
    """Whether one of the keys signed a statement about this content that holds now. Raises `InputError`."""
    from cryptography.exceptions import InvalidSignature

    payload, signatures = _opened(read_regular(envelope, LARGEST), envelope)
    keys = {thumbprint(key): key for key in map(public_key, key_files)}
    kid = ""
    for entry in signatures:
        if entry["keyid"] in keys:
            kid = entry["keyid"]
            try:
                keys[kid].verify(_bytes(entry["sig"], envelope), _encoding(payload))
                break
            except InvalidSignature:
                return CheckedSignature(
                    False, kid, "the statement was changed after it was signed, or the signature was"
                )
    else:
        others = ", ".join(entry["keyid"] for entry in signatures)
        return CheckedSignature(False, ", ".join(keys), f"it was made with another key ({others})")
    statement = _statement(payload, envelope)
    if _digest(content) not in [subject["digest"] for subject in statement["subject"]]:
        return CheckedSignature(False, kid, "the statement is about other bytes than these")
    times = statement["predicate"]
    if _moment(now) < times["signedAt"]:
        return CheckedSignature(False, kid, f"it says that it was signed later than now, at {times['signedAt']}")
    if times["validUntil"] is not None and _moment(now) > times["validUntil"]:
        return CheckedSignature(False, kid, f"it was valid until {times['validUntil']}")
    return CheckedSignature(True, kid)


def _statement(payload: bytes, envelope: Path) -> dict[str, Any]:
    try:
        found = json.loads(payload)
        times = found["predicate"]
        fits = (
            found["_type"] == STATEMENT
            and found["predicateType"] == PREDICATE
            and canonical(found) == payload
            and all(isinstance(subject["digest"], dict) for subject in found["subject"])
            and isinstance(times["signedAt"], str)
            and isinstance(times["validUntil"], str | None)
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        fits = False
    if not fits:
        raise refused(envelope, "not-a-statement", "what it holds is no statement about a decision")
    statement: dict[str, Any] = found
    return statement


def _opened(content: bytes, envelope: Path) -> tuple[bytes, list[dict[str, str]]]:
    """The payload and the signatures of an envelope, where it has no part too many. Raises `InputError`."""
    try:
        found = json.loads(content)
        fits = (
            found.keys() == {"payload", "payloadType", "signatures"}
            and found["payloadType"] == PAYLOAD
            and 0 < len(found["signatures"]) <= MOST_SIGNATURES
            and all(entry.keys() == {"keyid", "sig"} for entry in found["signatures"])
            and all(isinstance(text, str) for entry in found["signatures"] for text in entry.values())
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        fits = False
    if not fits:
        raise refused(envelope, "not-an-envelope", "it is no DSSE envelope of an in-toto statement")
    return _bytes(found["payload"], envelope), found["signatures"]


def _bytes(text: Any, envelope: Path) -> bytes:
    """Base64 as the standard writes it, and in no other way. Raises `InputError`."""
    try:
        data = base64.b64decode(text, validate=True)
    except (ValueError, TypeError):
        data = b""
    if not data or base64.b64encode(data).decode() != text:
        raise refused(envelope, "not-an-envelope", "it is not base64 as the standard writes it")
    return data


def _encoding(payload: bytes) -> bytes:
    """What is signed: DSSE's pre-authentication encoding."""
    kind = PAYLOAD.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def _signature(payload: bytes, key_file: Path) -> dict[str, str]:
    key = private_key(key_file)
    signed = base64.b64encode(key.sign(_encoding(payload))).decode()
    return {"keyid": thumbprint(key.public_key()), "sig": signed}


def _written(payload: bytes, signatures: Sequence[Mapping[str, str]]) -> str:
    envelope = {"payload": base64.b64encode(payload).decode(), "payloadType": PAYLOAD, "signatures": signatures}
    return json.dumps(envelope, indent=2) + "\n"


def _digest(content: bytes) -> dict[str, str]:
    return {"sha256": hashlib.sha256(content).hexdigest()}


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
