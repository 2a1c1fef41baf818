"""A workload without a token: zero is a number, and what it says is refused where it stands, not asked for again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hostwise.answers.files.answer import Answer
from hostwise.answers.questions.contradictions import Volumes
from hostwise.reading.findings.diagnostics import Diagnostic


def nothing_to_serve(values: Mapping[str, Answer], volumes: Volumes) -> tuple[Diagnostic, ...]:
    """A finding for each answer that says that no token is to be served."""
    return tuple(
        Diagnostic(
            answer.place,
            "no-volume",
            f"{answer.key}: there is nothing to host where no token is served",
            found=answer.written[:60],
            accepted="more than 0; or unknown, where nobody has measured it",
        )
        for answer in dict.fromkeys(_empty(values, volumes))
    )


def _empty(values: Mapping[str, Answer], volumes: Volumes) -> Iterator[Answer]:
    for total, *parts in volumes.total_and_parts:
        yield from _all_nothing(values, (total,))
        yield from _all_nothing(values, parts)
    for _, requests, *lengths in volumes.requests:
        yield from _all_nothing(values, (requests,))
        yield from _all_nothing(values, lengths)


def _all_nothing(values: Mapping[str, Answer], keys: tuple[str, ...] | list[str]) -> Iterator[Answer]:
    """The answers to some questions, where each of them is zero."""
    found = [values[key] for key in keys if key in values and values[key].value is not None]
    if len(found) == len(keys) and not any(answer.ends[1] for answer in found):
        yield from found
