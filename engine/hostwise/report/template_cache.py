"""Compiled templates, kept from one run to the next as Python keeps its modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hostwise import __version__

if TYPE_CHECKING:
    from jinja2 import BytecodeCache


def template_cache() -> BytecodeCache | None:
    """Jinja's own cache, in a temporary folder of this user's; None where there can be none.

    Compiling takes longer than rendering. What is kept is looked up by the text of the template, and by the version of
    Hostwise, whose settings it was compiled under; Jinja refuses a folder that is not this user's alone.
    """
    from jinja2 import FileSystemBytecodeCache

    try:
        return FileSystemBytecodeCache(pattern=f"hostwise-{__version__}-%s.cache")
    except (OSError, RuntimeError):
        return None
