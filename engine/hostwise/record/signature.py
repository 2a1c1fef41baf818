"""Signatures of files: a detached JSON Web Signature with Ed25519.

The signature covers the exact bytes of the file (a record, or a PDF report that carries one), so that one byte
changed fails. It is a JWS with detached, unencoded payload (RFC 7515 appendix F, RFC 7797 `b64: false`) and the
algorithm EdDSA (RFC 8037); `kid` is the RFC 7638 thumbprint of the public key. Any JOSE library can check it, and keys
are the PEM files that `openssl genpkey -algorithm ed25519` writes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from hostwise.reading.files.regular import read_regular
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SUFFIX = ".jws"
HEADER = {"alg": "EdDSA", "b64": False, "crit": ["b64"]}


class CheckedSignature(Struct, frozen=True):
    """Whether a signature is good; `why` says what is wrong when it is not. `kid` names the key that was used."""

    good: bool
    kid: str
    why: str = ""


def new_keys(stem: Path) -> tuple[Path, Path]:
    """Write a key pair, `STEM.private.pem` (readable by its owner alone) and `STEM.public.pem`.

    Raises `InputError` when either exists: a key is never overwritten.
    """
    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private, public = Path(f"{stem}.private.pem"), Path(f"{stem}.public.pem")
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())
    open_ = key.public_key().public_bytes(s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo)
    for path, content, mode in ((private, secret, 0o600), (public, open_, 0o644)):
        if path.exists():
            raise _refused(path, "exists", "the file exists already, and a key is never overwritten")
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
                file.write(content)
        except OSError as problem:
            raise _refused(path, "unwritable", f"cannot write it: {problem.strerror}") from None
    return private, public


def sign(path: Path, key_file: Path) -> str:
    """The signature of a file, one line. Raises `InputError` when the file or the key cannot be read."""
    return sign_content(read_regular(path), key_file)


def sign_content(content: bytes, key_file: Path) -> str:
    """The same of what was read already."""
    key = private_key(key_file)
    header = {**HEADER, "kid": thumbprint(key.public_key())}
    protected = _encoded(json.dumps(header, separators=(",", ":")).encode())
    return f"{protected}..{_encoded(key.sign(protected.encode() + b'.' + content))}"


def check(content: bytes, signature: Path, key_file: Path) -> CheckedSignature:
    """Check the signature of some content with a public key. Raises `InputError` when one of them cannot be read."""
    from cryptography.exceptions import InvalidSignature

    key = public_key(key_file)
    kid = thumbprint(key)
    protected, payload, value = _parts(signature)
    try:
        header: Any = json.loads(_decoded(protected), object_pairs_hook=_once)
        signed = _decoded(value)
    except ValueError:
        raise _refused(signature, "not-a-signature", "it is not base64url of JSON, as the standard writes it") from None
    if payload:
        raise _refused(signature, "not-a-signature", "the file must stand outside the signature, as it is")
    if not isinstance(header, dict) or header != {**HEADER, "kid": header.get("kid")} or header["b64"] is not False:
        raise _refused(signature, "not-a-signature", "its header is not that of a detached Ed25519 signature",
                       accepted='{"alg":"EdDSA","b64":false,"crit":["b64"],"kid":…} and nothing else')  # fmt: skip
    if header.get("kid") != kid:
        return CheckedSignature(False, kid, f"it was made with another key ({header.get('kid')})")
    try:
        key.verify(signed, protected.encode() + b"." + content)
    except InvalidSignature:
        return CheckedSignature(False, kid, "the file was changed after it was signed, or the signature was")
    return CheckedSignature(True, kid)


def thumbprint(key: Ed25519PublicKey) -> str:
    """The RFC 7638 thumbprint of a public key: SHA-256 of its JWK with the required members in order."""
    from cryptography.hazmat.primitives import serialization as s

    raw = key.public_bytes(s.Encoding.Raw, s.PublicFormat.Raw)
    jwk = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": _encoded(raw)}, separators=(",", ":"))
    return _encoded(hashlib.sha256(jwk.encode()).digest())


def _parts(signature: Path) -> tuple[str, str, str]:
    try:
        parts = read_regular(signature).decode("ascii").strip().split(".")
    except UnicodeDecodeError:
        parts = []
    if len(parts) != 3:
        raise _refused(signature, "not-a-signature", "it is not a JWS in compact form", accepted="HEADER..SIGNATURE")
    return parts[0], parts[1], parts[2]


def private_key(path: Path) -> Ed25519PrivateKey:
    """The key in a PEM file. Raises `InputError` where it holds no Ed25519 key, or a locked one."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(read_regular(path), password=None)
    except TypeError:
        raise _refused(
            path, "encrypted-key", "the key is encrypted", accepted="a PEM file without a password"
        ) from None
    except (ValueError, _unsupported()):
        raise _refused(path, "not-a-key", "it holds no private key", accepted=_KEYS) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _refused(path, "other-key", "it is not an Ed25519 key", found=type(key).__name__, accepted=_KEYS)
    return key


def public_key(path: Path) -> Ed25519PublicKey:
    """The key in a PEM file. Raises `InputError` where it holds no public Ed25519 key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    data = read_regular(path)
    if b"PRIVATE KEY" in data:
        raise _refused(path, "private-key", "it is a private key; a signature is checked with the public one")
    try:
        key = load_pem_public_key(data)
    except (ValueError, _unsupported()):
        raise _refused(path, "not-a-key", "it holds no public key", accepted=_KEYS) from None
    if not isinstance(key, Ed25519PublicKey):
        raise _refused(path, "other-key", "it is not an Ed25519 key", found=type(key).__name__, accepted=_KEYS)
    return key


_KEYS = "an Ed25519 key in PEM, as `openssl genpkey -algorithm ed25519` or `hostwise sign --new-key` writes it"


def _unsupported() -> type[Exception]:
    from cryptography.exceptions import UnsupportedAlgorithm

    return UnsupportedAlgorithm


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    """Strictly: no other character, no padding, and no bit that says nothing. Raises `ValueError`."""
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _encoded(data) != text:
        raise ValueError(text)
    return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _refused(
    path: Path, code: str, message: str, *, found: str | None = None, accepted: str | None = None
) -> InputError:
    return InputError([Diagnostic(Place(str(path)), code, message, found=found, accepted=accepted)])
