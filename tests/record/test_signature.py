"""Signatures: good ones hold, one byte changed fails, and openssl and the RFC agree."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hostwise.cli.main import cli
from hostwise.reading.findings.diagnostics import InputError
from hostwise.record.format.record import Record
from hostwise.record.signature import check, new_keys, sign, thumbprint

pytest.importorskip("cryptography")
pytestmark = pytest.mark.usefixtures("decided_once", "laid_out_once", "limited_here")
EXAMPLE = Path(__file__).parents[2] / "examples" / "s3-solo-founder.yaml"


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, list(map(str, args)))


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    return new_keys(tmp_path / "boss")


@pytest.fixture
def record(tmp_path: Path, decided_record: Callable[[str], Record]) -> Path:
    file = tmp_path / "record.json"
    file.write_text(decided_record(EXAMPLE.stem).json, encoding="utf-8")
    return file


def test_a_signed_record_is_verified(keys: tuple[Path, Path], record: Path) -> None:
    private, public = keys
    assert private.stat().st_mode & 0o077 == 0
    assert public.stat().st_mode & 0o111 == 0
    assert run("sign", record, "--key", private).exit_code == 0
    result = run("verify", record, "--key", public)
    assert result.exit_code == 0, result.output
    assert "the signature is good" in result.output
    assert "computed again, the record is the same" in result.output


def test_every_byte_counts(tmp_path: Path, keys: tuple[Path, Path]) -> None:
    private, public = keys
    file, signature = tmp_path / "small.json", tmp_path / "small.json.jws"
    content = b'{"id": "5f2a", "verdict": "managed-api"}\n'
    file.write_bytes(content)
    signature.write_text(sign(file, private))
    assert check(file.read_bytes(), signature, public).good
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1
        file.write_bytes(changed)
        assert not check(file.read_bytes(), signature, public).good, place
    file.write_bytes(content + b" ")
    assert not check(file.read_bytes(), signature, public).good


def test_white_space_changed_in_a_record_fails_though_it_computes_to_itself(
    keys: tuple[Path, Path], record: Path
) -> None:
    private, public = keys
    run("sign", record, "--key", private)
    record.write_text(record.read_text("utf-8") + "\n", encoding="utf-8")
    result = run("verify", record, "--key", public)
    assert result.exit_code == 1
    assert "NOT good: the file was changed after it was signed" in result.output
    assert "the record is the same" in result.output


def test_a_signed_pdf_is_covered_whole(tmp_path: Path, keys: tuple[Path, Path]) -> None:
    private, public = keys
    file = tmp_path / "report.pdf"
    two_pages = EXAMPLE.with_name("unanswered-gate.yaml")
    assert run("report", two_pages, "-o", file, "--for", "leadership").exit_code == 0
    run("sign", file, "--key", private)
    assert run("verify", file, "--key", public).exit_code == 0
    file.write_bytes(file.read_bytes() + b"\n")
    assert run("verify", file, "--key", public).exit_code == 1


def test_another_key_is_named(tmp_path: Path, keys: tuple[Path, Path], record: Path) -> None:
    _, other = new_keys(tmp_path / "other")
    run("sign", record, "--key", keys[0])
    result = run("verify", record, "--key", other)
    assert result.exit_code == 1
    assert "it was made with another key" in result.output


def test_the_signature_is_the_one_of_the_rfcs(keys: tuple[Path, Path], record: Path) -> None:
    """Checked here from the text of RFC 7515, 7797 and 8037, without the code under test."""
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    protected, payload, value = sign(record, keys[0]).split(".")
    assert payload == ""
    padded = base64.urlsafe_b64decode(protected + "==")
    header = json.loads(padded)
    public = load_pem_public_key(keys[1].read_bytes())
    assert header == {"alg": "EdDSA", "b64": False, "crit": ["b64"], "kid": thumbprint(public)}  # type: ignore[arg-type]
    public.verify(  # type: ignore[union-attr, call-arg]
        base64.urlsafe_b64decode(value + "=="), protected.encode("ascii") + b"." + record.read_bytes()
    )


def test_the_thumbprint_is_the_example_of_rfc_8037() -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    raw = base64.urlsafe_b64decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
    assert thumbprint(Ed25519PublicKey.from_public_bytes(raw)) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_a_key_made_by_openssl(tmp_path: Path, record: Path) -> None:
    private, public = tmp_path / "k.pem", tmp_path / "k.pub.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", private], check=True, capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True, capture_output=True)
    run("sign", record, "--key", private)
    assert run("verify", record, "--key", public).exit_code == 0


def _key(tmp_path: Path, kind: str) -> Path:
    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    file = tmp_path / f"{kind}.pem"
    if kind == "garbage":
        file.write_bytes(b"\x00not a key")
    elif kind == "rsa":
        key = rsa.generate_private_key(65537, 2048)
        file.write_bytes(key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption()))
    elif kind == "encrypted":
        locked = s.BestAvailableEncryption(b"secret")
        file.write_bytes(Ed25519PrivateKey.generate().private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, locked))
    return file


@pytest.mark.parametrize(
    ("kind", "code"),
    [("garbage", "not-a-key"), ("rsa", "other-key"), ("encrypted", "encrypted-key"), ("missing", "no-such-file")],
)
def test_a_bad_private_key_is_refused(tmp_path: Path, record: Path, kind: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        sign(record, _key(tmp_path, kind))
    assert [finding.code for finding in caught.value.diagnostics] == [code]


def test_a_public_key_does_not_sign_and_a_private_one_does_not_check(keys: tuple[Path, Path], record: Path) -> None:
    private, public = keys
    with pytest.raises(InputError, match="holds no private key"):
        sign(record, public)
    run("sign", record, "--key", private)
    with pytest.raises(InputError, match="checked with the public one"):
        check(record.read_bytes(), record.with_name("record.json.jws"), private)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("garbage", "not a JWS"),
        ("a.b.c.d", "not a JWS"),
        ("####..####", "base64url"),
        (base64.urlsafe_b64encode(b'{"alg":"none"} ').decode() + "..AAAA", "not that of a detached Ed25519"),
        (base64.urlsafe_b64encode(b"[]").rstrip(b"=").decode() + "..AAAA", "not that of a detached Ed25519"),
        (base64.urlsafe_b64encode(b'{"alg":"EdDSA","b64":false,"crit":["b64"]}').decode() + ".YQ.AAAA", "outside"),
    ],
)
def test_a_bad_signature_is_refused(keys: tuple[Path, Path], record: Path, text: str, what: str) -> None:
    signature = record.with_name("record.json.jws")
    signature.write_text(text)
    with pytest.raises(InputError, match=what):
        check(record.read_bytes(), signature, keys[1])


def test_a_key_is_never_overwritten(tmp_path: Path, keys: tuple[Path, Path]) -> None:
    before = keys[0].read_bytes()
    with pytest.raises(InputError, match="never overwritten"):
        new_keys(tmp_path / "boss")
    assert keys[0].read_bytes() == before


def test_a_missing_signature_says_where_it_was_looked_for(keys: tuple[Path, Path], record: Path) -> None:
    with pytest.raises(InputError, match=r"record\.json\.jws"):
        check(record.read_bytes(), record.with_name("record.json.jws"), keys[1])


def test_without_cryptography_it_says_how_to_get_it(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "cryptography", None)
    result = CliRunner().invoke(cli, ["sign", str(record), "--key", "k.pem"], standalone_mode=False)
    assert "pip install 'hostwise[sign]'" in str(result.exception)


def test_a_good_signature_of_another_key_is_not_good(tmp_path: Path) -> None:
    from hostwise.record import signature as module

    file, own, other = tmp_path / "f.json", tmp_path / "own", tmp_path / "other"
    file.write_bytes(b"{}")
    (private, _), (_, public) = module.new_keys(own), module.new_keys(other)
    beside = tmp_path / "f.json.jws"
    beside.write_text(module.sign(file, private), encoding="ascii")
    found = module.check(b"{}", beside, public)
    assert not found.good
    assert found.why.startswith("it was made with another key (")


def test_a_key_of_another_kind_or_none_checks_nothing(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey

    from hostwise.reading.findings.diagnostics import InputError
    from hostwise.record import signature as module

    other = Ed448PrivateKey.generate().public_key().public_bytes(s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo)
    for content, why in ((other, "not an Ed25519 key"), (b"x", "holds no public key")):
        key = tmp_path / "key.pem"
        key.write_bytes(content)
        with pytest.raises(InputError, match=why):
            module.public_key(key)
    with pytest.raises(InputError, match="cannot write it"):
        module.new_keys(tmp_path / "nowhere" / "key")
