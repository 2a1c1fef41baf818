"""Jinja2 as every writer uses it: sandboxed, nothing undefined passed over, translated, compiled once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hostwise.report.language.language import Language
from hostwise.version import __version__

if TYPE_CHECKING:
    from jinja2 import BytecodeCache
    from jinja2.sandbox import SandboxedEnvironment


def template_environment(root: Path, language: Language, **settings: Any) -> SandboxedEnvironment:
    """The templates below `root`, in a language that `_()` and `trans` speak; `settings` are what a writer adds."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(root),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_cache(),
        extensions=["jinja2.ext.i18n"],
        **settings,
    )
    # Nothing is counted: templates have no plurals.
    install = environment.install_gettext_callables  # type: ignore[attr-defined]
    install(language.text, lambda one, many, count: language.text(one if count == 1 else many), newstyle=True)
    return environment


def _cache() -> BytecodeCache | None:
    """Jinja's own cache of compiled templates, in a temporary folder of this user's; None where there can be none.

    Compiling takes longer than rendering. What is kept is looked up by the text of the template, and by the version of
    Hostwise, whose settings it was compiled under; Jinja refuses a folder that is not this user's alone.
    """
    from jinja2 import FileSystemBytecodeCache

    try:
        return FileSystemBytecodeCache(pattern=f"hostwise-{__version__}-%s.cache")
    except (OSError, RuntimeError):
        return None
