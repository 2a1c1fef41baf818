"""A decision computed once for each questionnaire and its rules, and a PDF once for each page, however often asked for.

A command that is given a record decides it again to vouch for it: what is compared then is what was decided before.
For tests of other things: those of what stays the same when it is computed again do without.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest
from msgspec.structs import replace

from hostwise.answers.files.answer import Answers
from hostwise.answers.files.days import stated_day
from hostwise.flow.knowledge import Knowledge
from hostwise.record import build
from hostwise.record.build import Changes, Outline
from hostwise.report.pdf import write
from hostwise.report.words.words import Words

T = TypeVar("T")
KEPT = 40
"""More than most files of tests decide; a decision is some megabytes."""
_found: OrderedDict[Any, Any] = OrderedDict()
_outline, _look_into, _lay_out = build.outline, build._looked_into, write.pdf_of


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
    """By all that it follows from: the day that is meant, said or not, and a questionnaire wherever it lies."""
    said = repr(answers).replace(repr(answers.file)[1:-1], Path(answers.file).name)
    day = as_of or stated_day(answers.values) or knowledge.as_of
    asked = ("outline", said, knowledge.files, str(knowledge.root), day, engine, allow_stale)
    found = _once(asked, lambda: _outline(answers, knowledge, as_of, engine, allow_stale=allow_stale))
    return replace(found, answers=answers)


def _looked_into(known: Outline) -> Changes:
    return _once(("changes", id(known.run)), lambda: (known, _look_into(known)))[1]


def _laid_out(html: str, words: Words, made: Any, attached: Any, *rest: Any) -> bytes:
    attached = tuple(attached)
    asked = ("pdf", html, str(words.root), repr(made), repr(attached), repr(rest))
    return _once(asked, lambda: _lay_out(html, words, made, attached, *rest))


@contextmanager
def decided_once() -> Iterator[None]:
    """As long as this lasts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "outline", _outlined)
        patch.setattr(build, "_looked_into", _looked_into)
        yield


@contextmanager
def laid_out_once() -> Iterator[None]:
    """The same of pages: what is printed follows from the page, its templates and what is attached to it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(write, "pdf_of", _laid_out)
        yield
