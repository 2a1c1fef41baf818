"""What a single word or number means, by itself: the scalars of YAML 1.2's core schema.

Questionnaires have them as plain scalars, tables as cells.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

MAX_EXPONENT = 30

_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULLS = ("", "~", "null", "Null", "NULL")
# C0 and C1 controls but tab, newline, carriage return; and the bidirectional overrides that hide text.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def plain_scalar(text: str) -> Any:
    """What a plain scalar of YAML's core schema means: None, bool, int, Decimal or the text itself.

    Numbers that no later step could use come back as infinities or NaN; `scalar` refuses them.
    """
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text[0].isalpha():  # most scalars are words
        return text
    if _INT.fullmatch(text) and len(text) <= 40:
        return int(text)
    if _FLOAT.fullmatch(text) and len(text) <= 80:
        return _decimal(text)
    if _NOT_FINITE.fullmatch(text):
        return Decimal("NaN")
    if _INT.fullmatch(text) or _FLOAT.fullmatch(text):
        return Decimal("Infinity")
    return text


class Unusable(ValueError):
    """Text that no value can be read from; `more` holds `found` and `accepted`."""

    def __init__(self, code: str, message: str, **more: str) -> None:
        self.code, self.more = code, more
        super().__init__(message)


def scalar(text: str) -> Any:
    """A scalar that stands by itself, such as a cell of a table. Raises `Unusable`."""
    bad = CONTROL.search(text)
    if bad:
        raise Unusable("control-character", "control character", found=f"U+{ord(bad.group()):04X}")
    value = plain_scalar(text)
    problem = no_number(value)
    if problem is not None:
        code, message, accepted = problem
        raise Unusable(code, message, found=text[:40], accepted=accepted)
    return value


def no_number(value: Any) -> tuple[str, str, str] | None:
    """Code, message and what is accepted, where a number is none that can be used."""
    if isinstance(value, Decimal) and not value.is_finite():
        return "not-finite", "not a number that can be used", "a number"
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and _exponent(value) > MAX_EXPONENT:
        return "out-of-range", "the number is out of range", f"a number between 1e-{MAX_EXPONENT} and 1e{MAX_EXPONENT}"
    return None


def _decimal(text: str) -> Decimal:
    mantissa, _, exponent = text.lower().partition("e")
    # Decimal("1e999999999") is a valid number that no later step could write down.
    return Decimal("Infinity") if len(exponent) > 4 else Decimal(text) + 0 if mantissa else Decimal(0)


def _exponent(value: int | Decimal) -> int:
    number = Decimal(value)
    return abs(number.adjusted()) if number else 0
