"""S-FEEL unary tests of DMN tables as tests of the rule language (OMG DMN 1.5, clause 9).

"a", "b"  →  [a, b]        >= 5  →  ">= 5"        ]1..5]  →  "(1..5]"        not("a")  →  not(a)
-         →  no test       null  →  unknown       not(null)  →  "-"          < Other Input  →  "< other_input"
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

Names = Callable[[str], str | None]
"""The fact that a FEEL name stands for, or None."""
_NUMBER = r"-?(?:\d+\.?\d*|\.\d+)"
_INTERVAL = re.compile(rf"([\[(\]])\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*([\])\[])")
_COMPARISON = re.compile(r"(<=|>=|<|>|=)\s*(.+)", re.DOTALL)
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)


class NotSFeel(ValueError):
    """A cell that S-FEEL does not have, or that a rule cannot hold."""


def test_of(text: str, names: Names) -> Any:
    """A cell as a rule file writes it; None where the cell asks nothing. Raises `NotSFeel`."""
    text = text.strip()
    if text in ("-", ""):
        return None
    if text == "null":
        return "unknown"
    negated = _NOT.fullmatch(text)
    if negated:
        inner = negated[1].strip()
        return "-" if inner == "null" else f"not({', '.join(_refused(part, names) for part in split_at_commas(inner))})"
    tests = [_one(part, names) for part in split_at_commas(text)]
    return tests[0] if len(tests) == 1 else tests


def value_of(text: str) -> bool | str | Decimal:
    """A literal: a word in quotes, a number, true or false. Raises `NotSFeel`."""
    text = text.strip()
    if text in ("true", "false"):
        return text == "true"
    if len(text) >= 2 and text[0] == text[-1] == '"' and '"' not in text[1:-1]:
        return _word(text[1:-1])
    if re.fullmatch(_NUMBER, text):
        return Decimal(_digits(text))
    raise NotSFeel(f"not a literal: {text or 'nothing'}")


def words_of(text: str) -> tuple[str, ...]:
    """The words in quotes of a list of allowed values; empty when it lists none."""
    return tuple(re.findall(r'"([^"]*)"', text))


def limits_of(text: str) -> tuple[Decimal | None, Decimal | None]:
    """The least and the greatest number that allowed values such as `[0..120]` or `>= 0` leave; an open end counts."""
    interval, comparison = _INTERVAL.fullmatch(text.strip()), _COMPARISON.fullmatch(text.strip())
    if interval:
        return Decimal(_digits(interval[2])), Decimal(_digits(interval[3]))
    if comparison and re.fullmatch(_NUMBER, comparison[2]) and comparison[1] != "=":
        end = Decimal(_digits(comparison[2]))
        return (end, None) if comparison[1].startswith(">") else (None, end)
    return None, None


def _refused(text: str, names: Names) -> str:
    """One of the tests inside `not(...)`, where a rule reads commas and brackets."""
    test = str(_one(text, names))
    if text.startswith('"') and re.search(r"[,()]", test):
        raise NotSFeel(f"a rule cannot refuse the word {test!r}, with its comma or bracket, by not()")
    return test


def _one(text: str, names: Names) -> Any:
    interval = _INTERVAL.fullmatch(text)
    if interval:
        opening, closing = "(" if interval[1] == "]" else interval[1], ")" if interval[4] == "[" else interval[4]
        return f"{opening}{_digits(interval[2])}..{_digits(interval[3])}{closing}"
    comparison = _COMPARISON.fullmatch(text)
    if comparison:
        return f"{comparison[1]} {_operand(comparison[2].strip(), names)}"
    fact = names(text)
    return f"= {fact}" if fact is not None else value_of(text)


def _operand(text: str, names: Names) -> str:
    if re.fullmatch(_NUMBER, text):
        return _digits(text)
    fact = names(text)
    if fact is None:
        raise NotSFeel(f"neither a number nor the name of an input: {text}")
    return fact


def _digits(text: str) -> str:
    """A number as rules write it: `.5` as `0.5`."""
    return text.replace("-.", "-0.").removesuffix(".") if not text.startswith(".") else f"0{text}"


def _word(word: str) -> str:
    """A word of an enumeration must not read as a test."""
    if not word.strip() or word != word.strip() or word in ("-", "unknown") or re.match(r"[<>=\[(\]]|not\s*\(", word):
        raise NotSFeel(f"a rule would read the word {word!r} as a test")
    return word


def split_at_commas(text: str) -> Iterator[str]:
    """Split at commas outside quotes and brackets of intervals."""
    part, quoted = "", False
    for letter in text:
        quoted ^= letter == '"'
        if letter == "," and not quoted:
            yield part.strip()
            part = ""
        else:
            part += letter
    yield part.strip()
