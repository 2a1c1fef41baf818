"""A decision computed once for each questionnaire and its rules, however often a test asks for it.

A command that is given a record decides it again to vouch for it: what is compared then is what was decided before.
For tests of other things: those of what stays the same when it is computed again do without.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

import pytest

from hostwise.answers.files.answer import Answers
from hostwise.flow.knowledge import Knowledge
from hostwise.record import build
from hostwise.record.build import Changes, Outline

T = TypeVar("T")
KEPT = 40
"""More than most files of tests decide; a decision is some megabytes."""
_found: OrderedDict[Any, Any] = OrderedDict()
_outline, _look_into = build.outline, build._looked_into


def _once(asked: Any, find: Callable[[], T]) -> T:
    if asked not in _found:
        _found[asked] = find()
        while len(_found) > KEPT:
            _found.popitem(last=False)
    found: T = _found[asked]
    return found


def _outlined(
    answers: Answers, knowledge: Knowledge, as_of: date | None, engine: str, *, allow_stale: bool = False
) -> Outline:
    """By all that it follows from."""
    asked = ("outline", repr(answers), knowledge.files, str(knowledge.root), as_of, engine, allow_stale)
    return _once(asked, lambda: _outline(answers, knowledge, as_of, engine, allow_stale=allow_stale))


def _looked_into(known: Outline) -> Changes:
    return _once(id(known), lambda: (known, _look_into(known)))[1]


@contextmanager
def decided_once() -> Iterator[None]:
    """As long as this lasts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "outline", _outlined)
        patch.setattr(build, "_looked_into", _looked_into)
        yield
