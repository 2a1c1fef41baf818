"""How much is measured: `QUICK` in about a minute, `FULL` in about six."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """`repetitions` of everything in one process, `runs` of commands.

    `singles` are the cases of engines that take one at a time, `many` those of the array path. Growth is measured over
    `sizes` questionnaires, up to `one_at_a_time` one by one, and over `rules` rules with `cases_of_packs` cases each;
    `largest` questionnaires are decided once.
    """

    repetitions: int
    runs: int
    singles: int
    many: int
    sizes: tuple[int, ...]
    one_at_a_time: int
    rules: tuple[int, ...]
    cases_of_packs: int
    largest: int


QUICK = Effort(
    repetitions=1,
    runs=1,
    singles=20,
    many=20_000,
    sizes=(10, 100, 1_000, 10_000),
    one_at_a_time=100,
    rules=(50, 200),
    cases_of_packs=3,
    largest=0,
)
FULL = Effort(
    repetitions=7,
    runs=3,
    singles=50,
    many=100_000,
    sizes=(10, 100, 1_000, 10_000, 100_000),
    one_at_a_time=1_000,
    rules=(50, 100, 200, 500, 1_000, 2_000),
    cases_of_packs=5,
    largest=1_000_000,
)
