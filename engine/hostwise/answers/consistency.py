"""Answers that contradict one another, found before anything is decided; both lines are named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from hostwise.reading.diagnostics import Diagnostic, Place
from hostwise.reading.document import Document

if TYPE_CHECKING:
    from hostwise.answers.load import Answer

DAYS = 30
TOLERANCE = Decimal("0.01")
_VOLUMES = ("tokens", "input_tokens", "output_tokens")


class Valued(Protocol):
    """Whatever holds the value of an answer: the answer itself, or the fact that it became."""

    @property
    def value(self) -> object:
        """The value; None where it is not known."""


def impossible(values: Mapping[str, Valued]) -> bool:
    """Whether answers, by the keys of their questions, describe no workload at all.

    The same volume stated twice does not count: where one of the two is supposed to change, so is the other.
    """
    return any(True for check in (_parts, _words) for _ in check(values))


def contradictions(values: Mapping[str, Answer], document: Document) -> list[Diagnostic]:
    """Pairs of answers that cannot both be true."""
    return [_finding(pair, values, document) for _, check in CHECKS for pair in check(values)]


Pair = tuple[str, str, str]
"""Two keys, the later one second, and why their answers cannot both be true."""


def _number(values: Mapping[str, Valued], key: str) -> Decimal | None:
    answer = values.get(key)
    return answer.value if answer and isinstance(answer.value, Decimal) else None


def _volumes(values: Mapping[str, Valued]) -> Iterator[Pair]:
    """The same quantity stated twice must agree within 1%; a month is 30 days."""
    for kind in _VOLUMES:
        day_key, month_key = f"demand.{kind}_per_day", f"demand.{kind}_per_month"
        day, month = _number(values, day_key), _number(values, month_key)
        if day is not None and month is not None and abs(day * DAYS - month) > TOLERANCE * max(month, Decimal(1)):
            yield (
                day_key,
                month_key,
                f"they differ: a day times 30 is {day * DAYS:,.0f} a month, not {month:,.0f}",
            )
    for period in ("day", "month"):
        keys = [f"demand.{kind}_per_{period}" for kind in _VOLUMES]
        total, inputs, outputs = (_number(values, key) for key in keys)
        if total is not None and inputs is not None and outputs is not None:
            if abs(inputs + outputs - total) > TOLERANCE * max(total, Decimal(1)):
                yield keys[0], keys[1], f"input plus output is {inputs + outputs:,.0f}, not {total:,.0f}"
            continue
        for key, part in zip(keys[1:], (inputs, outputs), strict=True):
            if total is not None and part is not None and part > total:
                yield keys[0], key, f"a part is larger than the total: {part:,.0f} of {total:,.0f}"
    requests, total = _number(values, "demand.requests_per_day"), _number(values, "demand.tokens_per_day")
    per = [_number(values, f"demand.{kind}_tokens_per_request") for kind in ("input", "output")]
    if requests is not None and total is not None and per[0] is not None and per[1] is not None:
        stated = requests * (per[0] + per[1])
        if abs(stated - total) > TOLERANCE * max(total, Decimal(1)):
            yield (
                "demand.tokens_per_day",
                "demand.requests_per_day",
                f"requests times tokens per request is {stated:,.0f}, not {total:,.0f}",
            )


def _parts(values: Mapping[str, Valued]) -> Iterator[Pair]:
    mix, share = values.get("demand.traffic_mix"), _number(values, "demand.batch_share")
    if mix and share is not None:
        if mix.value == "batch" and share < 1:
            yield (
                "demand.traffic_mix",
                "demand.batch_share",
                f"all traffic is batch, but only {share:.0%} may wait",
            )
        if mix.value == "interactive" and share > 0:
            yield "demand.traffic_mix", "demand.batch_share", f"nothing may wait, but {share:.0%} is batch"
    shape, peak = values.get("demand.traffic_shape"), _number(values, "demand.peak_to_mean")
    if shape and peak is not None and shape.value == "steady" and peak > 2:
        yield (
            "demand.traffic_shape",
            "demand.peak_to_mean",
            f"steady traffic cannot peak at {peak:f} times its mean",
        )


def _words(values: Mapping[str, Valued]) -> Iterator[Pair]:
    def is_(key: str, value: object) -> bool:
        return key in values and values[key].value == value

    if is_("constraints.external_processing", "forbidden") and is_("constraints.fine_tuning", "provider-service"):
        yield (
            "constraints.external_processing",
            "constraints.fine_tuning",
            "a provider's fine-tuning service is external processing",
        )
    if is_("team.gpu_operations", "none") and is_("team.existing_ml_platform", True):
        yield (
            "team.gpu_operations",
            "team.existing_ml_platform",
            "an ML platform exists, but nobody has run GPUs in production",
        )


Check = Callable[[Mapping[str, Valued]], Iterator[Pair]]

CHECKS: tuple[tuple[frozenset[str], Check], ...] = (
    (
        frozenset(
            {f"demand.{kind}_per_{period}" for kind in _VOLUMES for period in ("day", "month")}
            | {"demand.requests_per_day", "demand.input_tokens_per_request", "demand.output_tokens_per_request"}
        ),
        _volumes,
    ),
    (
        frozenset({"demand.traffic_mix", "demand.batch_share", "demand.traffic_shape", "demand.peak_to_mean"}),
        _parts,
    ),
    (
        frozenset(
            {
                "constraints.external_processing",
                "constraints.fine_tuning",
                "team.gpu_operations",
                "team.existing_ml_platform",
            }
        ),
        _words,
    ),
)
"""Each check with the keys that it reads."""


def contradiction(
    pair: Pair, values: Mapping[str, Answer], place: Place, excerpt: str | None, where: str = ""
) -> Diagnostic:
    """The finding on two answers. `place` is that of the second; `where` says where the first one stands."""
    first, second, message = pair
    return Diagnostic(
        place,
        "contradiction",
        f"{second} contradicts {first}{where}: {message}",
        found=f"{values[first].written!r} and {values[second].written!r}",
        accepted="answers that can both be true; or take one of them out",
        excerpt=excerpt,
    )


def _finding(pair: Pair, values: Mapping[str, Answer], document: Document) -> Diagnostic:
    first, second, _ = pair
    section, _, name = second.partition(".")
    place = document.place((section, name))
    return contradiction(pair, values, place, document.excerpt(place.line), f" on line {values[first].place.line}")
