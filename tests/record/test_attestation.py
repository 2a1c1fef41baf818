"""Attestations: one statement binds the files, the rules and the program; other people's tools check it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hostwise.cli.main import cli
from hostwise.reading.findings.diagnostics import InputError
from hostwise.record.attestation import (
    MOST_SIGNATURES,
    PAYLOAD,
    check_envelope,
    envelope_of,
    program_sha256,
    statement_of,
)
from hostwise.record.canonical import canonical, identity
from hostwise.record.format.record import Record
from hostwise.record.signature import check, new_keys, private_key, public_key, sign, thumbprint

pytest.importorskip("cryptography")
pytestmark = pytest.mark.usefixtures("decided_once", "laid_out_once", "limited_here")
EXAMPLE = Path(__file__).parents[2] / "examples" / "s3-solo-founder.yaml"
NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
Keys = tuple[Path, Path]


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, list(map(str, args)))


@pytest.fixture
def record(tmp_path: Path, decided_record: Callable[[str], Record]) -> Path:
    file = tmp_path / "record.json"
    file.write_text(decided_record(EXAMPLE.stem).json, encoding="utf-8")
    return file


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return new_keys(tmp_path / "boss")


@pytest.fixture
def envelope(record: Path, keys: Keys) -> Path:
    file = record.with_name("record.json.dsse.json")
    file.write_text(envelope_of(statement_of([record], NOW, datetime(2027, 1, 1, tzinfo=UTC)), [keys[0]]))
    return file


def test_the_statement_binds_files_rules_and_program(record: Path) -> None:
    data = json.loads(record.read_bytes())
    statement = statement_of([record], NOW)
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    digest = hashlib.sha256(record.read_bytes()).hexdigest()
    assert statement["subject"] == [{"name": "record.json", "digest": {"sha256": digest}}]
    said = statement["predicate"]
    assert said["record"] == data["id"]
    assert said["rulebook"]["digest"]["sha256"] == data["rulebook"]["sha256"]
    assert said["catalogue"]["digest"]["sha256"] == data["catalogue"]["sha256"]
    assert said["signedBy"]["digest"]["sha256"] == program_sha256()
    assert re.fullmatch("[0-9a-f]{64}", program_sha256())
    assert said["signedAt"] == "2026-11-20T12:00:00Z"


def test_a_last_day_that_is_none_is_said_of_its_own_option(record: Path, keys: Keys) -> None:
    refused = run("sign", record, "--statement", "--key", keys[0], "--valid-until", "soon")
    assert refused.exit_code == 2
    assert "Invalid value for --valid-until: 'soon' is not a date" in refused.output


def test_the_commands_sign_and_verify_it(record: Path, keys: Keys) -> None:
    signed = run("sign", record, "--statement", "--key", keys[0], "--valid-until", "2999-12-31")
    assert signed.exit_code == 0, signed.output
    envelope = record.with_name("record.json.dsse.json")
    good = run("verify", record, "--key", keys[1], "--signature", envelope)
    assert good.exit_code == 0, good.output
    assert "the signature is good" in good.output
    record.write_bytes(record.read_bytes() + b"\n")
    bad = run("verify", record, "--key", keys[1], "--signature", envelope)
    assert bad.exit_code == 1
    assert "the statement is about other bytes than these" in bad.output


@pytest.mark.parametrize("how", [("--statement",), ()], ids=["statement", "signature"])
def test_a_record_that_was_changed_is_not_signed(record: Path, keys: Keys, how: tuple[str, ...]) -> None:
    data = json.loads(record.read_bytes())
    data["verdict"]["label"] = "Something else"
    record.write_text(json.dumps(data), encoding="utf-8")
    refused = run("sign", record, *how, "--key", keys[0])
    assert refused.exit_code != 0
    assert not [*record.parent.glob("record.json.*")]
    with pytest.raises(InputError, match="the id of its record is not the hash"):
        statement_of([record], NOW)


def test_keys_can_be_changed(record: Path, envelope: Path, keys: Keys, tmp_path: Path) -> None:
    private, public = new_keys(tmp_path / "next")
    content = record.read_bytes()
    other = check_envelope(content, envelope, [public], NOW)
    assert not other.good and "another key" in other.why
    assert run("sign", envelope, "--key", private).exit_code == 0
    assert check_envelope(content, envelope, [public], NOW).good
    assert check_envelope(content, envelope, [keys[1]], NOW).good
    assert len(json.loads(envelope.read_bytes())["signatures"]) == 2


@pytest.mark.parametrize(
    ("when", "why"),
    [(datetime(2026, 11, 19, tzinfo=UTC), "later than now"), (datetime(2027, 1, 2, tzinfo=UTC), "valid until")],
)
def test_it_holds_for_its_time_alone(record: Path, envelope: Path, keys: Keys, when: datetime, why: str) -> None:
    found = check_envelope(record.read_bytes(), envelope, [keys[1]], when)
    assert not found.good and why in found.why


def test_it_holds_from_its_first_second_to_its_last(record: Path, envelope: Path, keys: Keys) -> None:
    for when in (NOW, datetime(2027, 1, 1, tzinfo=UTC)):
        assert check_envelope(record.read_bytes(), envelope, [keys[1]], when).good
    envelope.write_text(envelope_of(statement_of([record], NOW), [keys[0]]))
    assert check_envelope(record.read_bytes(), envelope, [keys[1]], datetime(2999, 1, 1, tzinfo=UTC)).good


def test_a_statement_knows_each_file_by_another_name(record: Path, tmp_path: Path) -> None:
    (tmp_path / "beside").mkdir()
    beside = Path(shutil.copy(record, tmp_path / "beside"))
    with pytest.raises(InputError, match="the same name") as refused:
        statement_of([record, beside], NOW)
    assert refused.value.diagnostics[0].place.file == str(record)


SIGNED = {
    "another type": lambda s: json.dumps({**s, "_type": "x"}),
    "another predicate": lambda s: json.dumps({**s, "predicateType": "x"}),
    "no subject": lambda s: json.dumps({**s, "subject": [{}]}),
    "no digest": lambda s: json.dumps({**s, "subject": [{"digest": "x"}]}),
    "no time": lambda s: json.dumps({**s, "predicate": {**s["predicate"], "signedAt": None}}),
    "no end": lambda s: json.dumps({**s, "predicate": {**s["predicate"], "validUntil": 5}}),
    "white space": lambda s: json.dumps(s, indent=1),
    "a list": lambda s: "[]",
    "no JSON": lambda s: "{",
}  # fmt: skip


@pytest.mark.parametrize("change", SIGNED.values(), ids=SIGNED)
def test_what_is_no_statement_is_none_though_it_is_signed(
    change: Callable[[dict[str, Any]], str], record: Path, envelope: Path, keys: Keys
) -> None:
    """Signed here by the words of DSSE; but for what was changed it is written as RFC 8785 says."""
    written = change(statement_of([record], NOW))
    data = written if written in ("{", "[]") or "\n" in written else canonical(json.loads(written)).decode()
    signed = private_key(keys[0]).sign(f"DSSEv1 {len(PAYLOAD)} {PAYLOAD} {len(data)} {data}".encode())
    entry = {"keyid": thumbprint(public_key(keys[1])), "sig": base64.b64encode(signed).decode()}
    payload = base64.b64encode(data.encode()).decode()
    envelope.write_text(json.dumps({"payload": payload, "payloadType": PAYLOAD, "signatures": [entry]}))
    with pytest.raises(InputError, match="no statement about a decision"):
        check_envelope(record.read_bytes(), envelope, [keys[1]], NOW)


def test_an_envelope_has_one_signature_to_sixteen(record: Path, envelope: Path, keys: Keys) -> None:
    data = json.loads(envelope.read_bytes())
    assert envelope.read_text("utf-8") == json.dumps(data, indent=2) + "\n"
    for count in (0, 1, MOST_SIGNATURES, MOST_SIGNATURES + 1):
        envelope.write_text(json.dumps({**data, "signatures": data["signatures"] * count}))
        if 0 < count <= MOST_SIGNATURES:
            assert check_envelope(record.read_bytes(), envelope, [keys[1]], NOW).good
            continue
        with pytest.raises(InputError, match="no DSSE envelope"):
            check_envelope(record.read_bytes(), envelope, [keys[1]], NOW)
    envelope.write_text("{")
    with pytest.raises(InputError, match="no DSSE envelope"):
        check_envelope(record.read_bytes(), envelope, [keys[1]], NOW)


def test_a_report_of_another_record_is_no_part_of_it(record: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(record.read_text("utf-8").replace("solo", "sole"), encoding="utf-8")
    data = json.loads(other.read_bytes())
    other.write_text(json.dumps({**data, "id": identity(data)}), encoding="utf-8")
    with pytest.raises(InputError, match="another record"):
        statement_of([record, other], NOW)


def _payload(change: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], object]:
    def apply(envelope: dict[str, Any]) -> None:
        statement = json.loads(base64.b64decode(envelope["payload"]))
        change(statement)
        envelope["payload"] = base64.b64encode(json.dumps(statement, separators=(",", ":")).encode()).decode()

    return apply


def _odd_bits(text: str) -> str:
    """Base64 of the same bytes: the last bits of the last letter are none of theirs."""
    other = text[:-3] + chr(ord(text[-3]) + 1) + "=="
    assert base64.b64decode(other) == base64.b64decode(text)
    return other


FORGED = {
    "another file": _payload(lambda s: s["subject"][0]["digest"].update(sha256="0" * 64)),
    "a later end": _payload(lambda s: s["predicate"].update(validUntil="2999-01-01T00:00:00Z")),
    "another type": lambda e: e.update(payloadType="text/plain"),
    "a part too many": lambda e: e.update(more=1),
    "no signature": lambda e: e.update(signatures=[]),
    "white space": lambda e: e.update(payload=e["payload"][:40] + "\n" + e["payload"][40:]),
    "bits that say nothing": lambda e: e["signatures"][0].update(sig=_odd_bits(e["signatures"][0]["sig"])),
    "another alphabet": lambda e: e["signatures"][0].update(sig="-_" + e["signatures"][0]["sig"][2:]),
    "no text": lambda e: e["signatures"][0].update(sig=5),
}  # fmt: skip


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_forged_envelope_is_not_good(
    forge: Callable[[dict[str, Any]], object], record: Path, envelope: Path, keys: Keys
) -> None:
    data = json.loads(envelope.read_bytes())
    forge(data)
    envelope.write_text(json.dumps(data))
    try:
        found = check_envelope(record.read_bytes(), envelope, [keys[1]], NOW)
    except InputError:
        return
    assert not found.good


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_checks_it(envelope: Path, keys: Keys, tmp_path: Path) -> None:
    data = json.loads(envelope.read_bytes())
    payload = base64.b64decode(data["payload"])
    signed, signature = tmp_path / "signed", tmp_path / "signature"
    signed.write_bytes(f"DSSEv1 {len(PAYLOAD)} {PAYLOAD} {len(payload)} ".encode() + payload)
    signature.write_bytes(base64.b64decode(data["signatures"][0]["sig"]))
    command = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        keys[1],
        "-rawin",
        "-in",
        signed,
        "-sigfile",
        signature,
    ]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    signed.write_bytes(signed.read_bytes().replace(b"sha256", b"sha255", 1))
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_a_library_of_dsse_checks_it(envelope: Path, keys: Keys) -> None:
    dsse = pytest.importorskip("securesystemslib.dsse")
    signer = pytest.importorskip("securesystemslib.signer")
    key = public_key(keys[1])
    theirs = signer.SSlibKey.from_crypto(key, thumbprint(key))
    found = dsse.Envelope.from_dict(json.loads(envelope.read_bytes()))
    assert found.verify([theirs], 1)
    found.payload += b" "
    with pytest.raises(Exception, match="signatures"):
        found.verify([theirs], 1)


@pytest.mark.parametrize(
    "header",
    [
        '{"alg":"EdDSA","b64":false,"crit":["b64"],"kid":"KID","x":1}',
        '{"alg":"EdDSA","b64":false,"crit":["b64"],"kid":"KID","kid":"KID"}',
        '{"alg":"EdDSA","b64":0,"crit":["b64"],"kid":"KID"}',
    ],
)
def test_a_jws_has_its_header_and_nothing_else(header: str, record: Path, keys: Keys) -> None:
    kid = thumbprint(public_key(keys[1]))
    protected = base64.urlsafe_b64encode(header.replace("KID", kid).encode()).rstrip(b"=")
    value = base64.urlsafe_b64encode(private_key(keys[0]).sign(protected + b"." + record.read_bytes())).rstrip(b"=")
    file = record.with_name("x.jws")
    file.write_bytes(protected + b".." + value)
    with pytest.raises(InputError):
        check(record.read_bytes(), file, keys[1])


def test_a_jws_is_written_in_one_way_alone(record: Path, keys: Keys) -> None:
    text = sign(record, keys[0])
    file = record.with_name("x.jws")
    for other in (text + "==", text[:-1] + "\u00e9", text.replace("..", ".. "), text[:-1] + chr(ord(text[-1]) + 1)):
        file.write_text(other, encoding="utf-8")
        try:
            assert not check(record.read_bytes(), file, keys[1]).good, other[-4:]
        except InputError:
            continue


def test_decide_and_report_sign_what_they_write(record: Path, keys: Keys, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    done = run("decide", EXAMPLE, "-o", out, "--attest", keys[0])
    assert done.exit_code == 0, done.output
    found = run("verify", out, "--key", keys[1])
    assert found.exit_code == 0, found.output
    assert "the signature is good" in found.output
    page = tmp_path / "page.md"
    done = run("report", record, "-o", page, "-o", tmp_path / "again.json", "--attest", keys[0])
    assert done.exit_code == 0, done.output
    envelope = tmp_path / "page.md.dsse.json"
    for file in (page, tmp_path / "again.json"):
        assert check_envelope(file.read_bytes(), envelope, [keys[1]], datetime.now(UTC)).good
    page.write_bytes(page.read_bytes() + b"\n")
    assert not check_envelope(page.read_bytes(), envelope, [keys[1]], datetime.now(UTC)).good


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--attest", "KEY"], "--attest is for what is written"),
        (["--attest", "KEY", "-o", "KEY"], "this is the file that is read"),
        (["--attest", "PUBLIC", "-o", "x.json"], "it holds no private key"),
    ],
)
def test_what_cannot_be_attested_is_refused_before_it_is_decided(
    more: list[str], why: str, keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    named = {"KEY": str(keys[0]), "PUBLIC": str(keys[1])}
    secret = keys[0].read_bytes()
    done = run("decide", EXAMPLE, *(named.get(word, word) for word in more))
    assert why in done.output + str(done.exception)
    assert done.exit_code
    assert keys[0].read_bytes() == secret
    assert not (tmp_path / "x.json").exists()
