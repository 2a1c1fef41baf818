"""Names of models, GPUs and sellers as people write them: as words, so that the spellings of one agree.

A name stands for something where it is the same words, whole. Where it is only some of them, it is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

Words = tuple[str, ...]


@lru_cache(maxsize=16384)
def name_words(name: str) -> Words:
    """The words and numbers of a name, without case, hyphens, points, and the v of a version.

    >>> name_words("Llama-3.3-70B") == name_words("llama-v3p3-70b") == name_words("llama3 3 70B")
    True
    >>> name_words("gpt-4o-2024-08-06") == name_words("GPT-4o-20240806")
    True
    >>> name_words("V100")  # a card, no version
    ('v', '100')
    >>> name_words("Command R+"), name_words("gpt-4o & mini")
    (('command', 'r', 'plus'), ('gpt', '4', 'o', '&', 'mini'))
    """
    text = plus_said(re.sub(r"(20\d\d)-(\d\d)-(\d\d)", r"\1\2\3", name.casefold()))
    text = re.sub(r"(?<=\d)p(?=\d)", ".", re.sub(r"(?<![a-z])v(?=\d{1,2}(?!\d))", "", text))
    return tuple(re.findall(rf"\d+|[^\W\d_]+|[{SIGNS}]", text))


SIGNS = r"&+,;|<>=?!*~\\＆＋，；｜＜＞＝？！＊～＼／、¿¡"
"""Signs that part names or doubt one, for a pattern: `gpt-4o & mini` are two models, and `H100?` is a question."""


def plus_said(name: str) -> str:
    """A name with the plus of its last word as it is said, which makes another of it: `Command R+`."""
    if "+" not in name:  # as nearly none has: thousands are compared
        return name
    return re.sub(r"(?<=[^\W_])\+(?![^\W_])", " plus", name)


def side_by_side(name: str, find: Callable[[str], str | None]) -> tuple[str, ...]:
    """All that a name with slashes names, where what stands before one is no publisher's folder; else nothing."""
    before = [found for each in in_folders(name) if (found := find(each)) is not None]
    last = find(name.rpartition("/")[2]) if before else None
    several = tuple(dict.fromkeys((*before, *([last] if last else ()))))
    return several if len(several) > 1 or last is None else ()


def in_folders(name: str) -> tuple[str, ...]:
    """The names before the slashes of a name: its publisher's folders, or other names beside it, `H100/H200`."""
    return tuple(part.strip() for part in name.split("/")[:-1] if part.strip())


def names_like(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known names that a name is a part of, word by word, in their order.

    >>> names_like("A100", ["A10", "A100-40GB", "A100-80GB"])
    ('A100-40GB', 'A100-80GB')
    """
    wanted = name_words(name)
    if not wanted:
        return ()
    # Most names have not even its letters: they are not taken apart.
    letters = max((word for word in wanted if word.isalpha() and word != "plus"), key=len, default="")
    return tuple(each for each in known if letters in each.casefold() and _within(wanted, name_words(each)))


def stems(name: str) -> Iterator[Words]:
    """The words of a name; then without the publisher's folder, what says only how it is packed, and its release's day.

    >>> list(stems("openai/gpt-4o-2024-08-06"))[-1] == name_words("GPT-4o")
    True
    """
    yield name_words(name)
    plain = name_words(name.rpartition("/")[2])
    yield plain
    bare = tuple(word for word in plain if word not in PACKED)
    yield bare
    yield tuple(word for word in bare if not DAY.fullmatch(word))


DAY = re.compile(r"20\d{6}")
"""The day of a release, as a word of a model's name."""


@lru_cache(maxsize=16384)
def turned(name: str) -> tuple[Words, Words]:
    """The words of a model's name in any order, and its numbers in theirs: `Claude 4.5 Sonnet` is `claude-sonnet-4-5`.

    A word keeps the numbers that are written into it: `4o` is no `o4`.

    >>> turned("Claude 4.5 Sonnet") == turned("claude-sonnet-4-5-20250929") != turned("Claude Sonnet 5.4")
    True
    >>> turned("gpt-4o-mini") == turned("gpt-o4-mini")
    False
    """
    text = re.sub(r"(20\d\d)-(\d\d)-(\d\d)", r"\1\2\3", plus_said(name.casefold().rpartition("/")[2]))
    words = [word for word in re.findall(rf"[^\W_]+|[{SIGNS}]", text) if not DAY.fullmatch(word)]
    return tuple(sorted(word for word in words if not word.isdigit())), tuple(filter(str.isdigit, words))


PACKED = frozenset({"instruct", "it", "chat", "hf", "nvidia", "amd", "intel", "geforce", "tesla", "instinct", "radeon"})
"""Words that publishers put after the name of a model that follows instructions, and makers before that of a card."""


def without_form(name: str) -> str:
    """The name of a card without how it is mounted, which its own name says where it matters: `H100 SXM5`.

    >>> without_form("A100-SXM4-80GB"), without_form("MI300X OAM")
    ('A100-80GB', 'MI300X')
    """
    return _FORM.sub("", name)


def without_memory(name: str) -> tuple[str, int | None]:
    """The name of a card without its memory, and that in GB: None where the name says none.

    >>> without_memory("L40S 48GB"), without_memory("H100")
    (('L40S', 48), ('H100', None))
    """
    found = _MEMORY.search(name)
    return (_MEMORY.sub("", name), int(found[1])) if found else (name, None)


_FORM = re.compile(r"[\s_-]*\b(?:SXM\d?|OAM|HBM\d?e?)\b", re.IGNORECASE)
_MEMORY = re.compile(r"[\s_-]*\b(\d{1,3}) ?Gi?B?\b", re.IGNORECASE)


def _within(wanted: Words, words: Words) -> bool:
    size = len(wanted)
    return any(words[start : start + size] == wanted for start in range(len(words) - size + 1))


SHOWN = 8
"""Names that are listed where more fit."""


def listed(names: Iterable[str]) -> str:
    """Some names for a message, and how many more there are."""
    each = tuple(names)
    more = f" and {len(each) - SHOWN} more" if len(each) > SHOWN else ""
    return ", ".join(each[:SHOWN]) + more
