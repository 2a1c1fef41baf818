"""The one place that opens the network: an address of `price-sources.yaml`, read once, never followed elsewhere."""

from __future__ import annotations

import hashlib
import time
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from hostwise.version import __version__
from hostwise.workbench.prices.sources import Limits

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""The hosts that may be read without encryption: this machine."""
CHUNK = 1 << 16


class CannotFetch(Exception):
    """Why an address could not be read, in a line."""


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        raise CannotFetch(f"it points to another address ({newurl}), which is not followed")


def fetch(url: str, limits: Limits) -> bytes:
    """The content of an address. Raises `CannotFetch`; no more is read than the limits allow."""
    address = urlsplit(url)
    local = address.hostname in LOOPBACK
    if address.scheme != "https" and not (address.scheme == "http" and local):
        raise CannotFetch("only https addresses are read")
    opener = build_opener(_NoRedirect, ProxyHandler({}) if local else ProxyHandler())
    request = Request(url, headers={"User-Agent": f"hostwise/{__version__}"})
    try:
        with opener.open(request, timeout=float(limits.seconds)) as answer:
            return _at_most(answer, limits)
    except TimeoutError:
        raise CannotFetch(f"no answer within {limits.seconds:f} s") from None
    except HTTPError as problem:
        raise CannotFetch(str(problem)) from None
    except URLError as problem:
        raise CannotFetch(str(problem.reason)) from None
    except (OSError, HTTPException, ValueError) as problem:
        raise CannotFetch(str(problem) or type(problem).__name__) from None


def _at_most(answer: HTTPResponse, limits: Limits) -> bytes:
    """All of it, in as many waits as fit into the time of one: who sends a byte a second is not waited for."""
    content, end = bytearray(), time.monotonic() + float(limits.seconds)
    while chunk := answer.read1(CHUNK):
        content += chunk
        if len(content) > limits.bytes:
            raise CannotFetch(f"it is larger than {limits.bytes} bytes")
        if time.monotonic() > end:
            raise TimeoutError
    return bytes(content)


def sha256(content: bytes) -> str:
    """The hash of what was read."""
    return hashlib.sha256(content).hexdigest()
