"""Names as people and sellers spell them: folded to compare them, and a seller's decoration taken off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from hostwise.economics.models.classes import AnyModel
from hostwise.reading.names import SIGNS, plus_said

SELLERS_WORDS = ("instruct", "it", "chat", "hf", "fp8", "bf16", "nvfp4", "fp4", "awq", "maas", "basic")
"""Words after a model's name that change neither what it answers nor who made it."""
_BEFORE = re.compile(
    r"^(?:(?:global|regional|us|eu|apac)\.)?(?:[a-z0-9]+\.(?=[a-z]))?(?:databricks-|meta-(?=llama)|nvidia-(?=nemotron)|zai-(?=glm))?"
)
_AFTER = re.compile(r"(?:-v?\d+:\d+|:\d+|-20\d{6})+$")


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """A name without case, spaces and hyphens: how names of the catalogue are compared.

    >>> folded("Llama 3.3-70B"), folded("Command R+"), folded("gpt-4o & mini")
    ('llama3.370b', 'commandrplus', 'gpt4o&mini')
    """
    return "".join(c for c in plus_said(name.casefold()) if c.isalnum() or c == "." or c in SIGNS)


@lru_cache(maxsize=8192)
def listed_name(name: str) -> str:
    """A seller's name of a model, or the catalogue's, reduced so that both agree and no two models do.

    >>> listed_name("accounts/fireworks/models/kimi-k2p5") == listed_name("Kimi-K2.5") != listed_name("kimi-k2")
    True
    >>> listed_name("meta.llama3-3-70b-instruct-v1:0") == listed_name("Llama-3.3-70B")
    True
    """
    plain = _AFTER.sub("", _BEFORE.sub("", plus_said(name.casefold().rsplit("/", 1)[-1])))
    plain = re.sub(r"(?<=\d)p(?=\d)", ".", plain)
    words = re.split(r"[-_ ]", plain)
    while len(words) > 1 and words[-1] in SELLERS_WORDS:
        words.pop()
    plain = re.sub(r"(?<![a-z])v(?=\d)", "", "-".join(words))
    return "".join(c for c in plain if c.isalnum() or c == ":" or c in SIGNS)


def listed_names(key: str, model: AnyModel) -> frozenset[str]:
    """Every reduced name under which a price list may have a model."""
    return frozenset(listed_name(name) for name in (key, *model.price_names))


def named_twice(models: Mapping[str, AnyModel]) -> Iterator[tuple[str, str]]:
    """Models of which another has a name too, or a name in price lists; each with the other."""
    for names in (_own_names, listed_names):
        seen: dict[str, str] = {}
        for key, model in models.items():
            for name in names(key, model):
                if seen.setdefault(name, key) != key:
                    yield key, seen[name]


def _own_names(key: str, model: AnyModel) -> frozenset[str]:
    return frozenset(folded(name) for name in (key, *model.aliases))
