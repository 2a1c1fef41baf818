"""Jinja2 as every writer uses it: plain data alone, nothing undefined passed over, translated, compiled once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from hostwise.report.language.language import Language
from hostwise.report.words.words import Words
from hostwise.version import __version__

if TYPE_CHECKING:
    from jinja2 import BytecodeCache
    from jinja2.sandbox import SandboxedEnvironment

_WIDE = re.compile(r"%(?:\(\w*\))?[-+ #0]*(?:\*|\d{4}|\d*\.(?:\*|\d{4}))")


class Spoken(Struct, frozen=True):
    """The language of a page, as its templates know it."""

    code: str


class SaidWords(Struct, frozen=True):
    """The words of a template folder, as templates know them: without the folder."""

    words: Mapping[str, Any]
    language: Spoken

    def say(self, name: str, **values: object) -> str:
        """One sentence by its dotted name, filled in."""
        return Words.say(self, name, **values)  # type: ignore[arg-type]  # it asks for the words alone

    def label(self, family: str, word: str) -> str:
        """The label of a word of the record; the word itself where there is none."""
        return Words.label(self, family, word)  # type: ignore[arg-type]


def said_words(words: Words) -> SaidWords:
    """What templates are given of the words."""
    return SaidWords(words.words, Spoken(words.language.code))


def template_environment(root: Path, language: Language, **settings: Any) -> SandboxedEnvironment:
    """The templates below `root`, in a language that `_()` and `trans` speak; `settings` are what a writer adds."""
    from jinja2 import StrictUndefined

    from hostwise.report.words.sandbox import OwnFolder, PlainSandbox

    environment = PlainSandbox(
        loader=OwnFolder(root),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_cache(),
        extensions=["jinja2.ext.i18n"],
        **settings,
    )

    def text(english: str) -> str:
        found = language.text(english)
        if _WIDE.search(found):
            raise ValueError("a text to be filled in cannot say how wide")
        return found

    # Nothing is counted: templates have no plurals.
    install = environment.install_gettext_callables  # type: ignore[attr-defined]
    install(text, lambda one, many, count: text(one if count == 1 else many), newstyle=True)
    return environment


def rendered(environment: SandboxedEnvironment, name: str, context: Mapping[str, Any]) -> str:
    """A page from a template of an environment. Raises whatever the template does."""
    from hostwise.report.words.sandbox import one_page

    with one_page():
        return environment.get_template(name).render(context)


def _cache() -> BytecodeCache | None:
    """Jinja's own cache of compiled templates, in a temporary folder of this user's; None where there can be none.

    Compiling takes longer than rendering. What is kept is looked up by the text of the template, by the version of
    Hostwise, and by the code that it is compiled with; Jinja refuses a folder that is not this user's alone.
    """
    from jinja2 import FileSystemBytecodeCache

    try:
        return FileSystemBytecodeCache(pattern=f"hostwise-{__version__}-{_compiler()}-%s.cache")
    except (OSError, RuntimeError):
        return None


@lru_cache(maxsize=1)
def _compiler() -> str:
    from hostwise.report.words import sandbox

    return hashlib.sha256(Path(sandbox.__file__).read_bytes()).hexdigest()[:12]
