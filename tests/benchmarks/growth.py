"""How the time of a decision grows with the questionnaires and with the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.benchmarks import many, single
from tests.benchmarks.effort import Effort
from tests.benchmarks.measure import Contender, Say, Used, alone, exponent, seconds_a_case
from tests.benchmarks.packs import synthetic
from tests.benchmarks.sections import Goal, Section, Table, figure, megabytes, small

TOGETHER = (many.ARRAYS, many.COMPLETE)
ONE_BY_ONE = (single.BOTH, single.REFERENCE, single.ZEN)
OF_RULES = (many.ARRAYS, single.RAW, *ONE_BY_ONE)
AT = " with rules "
ARRAY_CASES = 10_000
TOO_LONG = 0.3
"""Seconds a decision from which on a contender is not tried on larger packs."""
Seconds = Mapping[str, Mapping[int, float]]
"""By contender and size."""
ABOUT = """
CPU time per decision: a line that grows linearly keeps its figure. The exponent is fitted to the time of all
decisions over their number (1: linear), for arrays from 1,000 on, below which what is paid once a call outweighs
the rest.

**Questionnaires.** Arrays: the portfolio, all in one call. One by one (derive, gate and choose with trace, ZEN
without): random questionnaires; the time of one does not depend on how many follow, so larger sizes are left out.

**Rules.** Packs made up in the rule language, read by the loader that reads all packs: a fifth derive, a tenth
gate, the rest choose, two to four tests a rule, nested and negated. The rule that decides stands further down the
longer the pack is, and every truth is found in all of them. Who takes more than 0.3 s for a decision is not tried
on larger packs.
"""


def contender(name: str, cases: int) -> Contender:
    """The contender of that name, on the rules of Hostwise or, after `AT`, on so many made-up ones."""
    of, _, rules = name.partition(AT)
    module = many if of in TOGETHER else single
    return module.contender(of, cases, synthetic(int(rules)) if rules else None)


def section(effort: Effort, say: Say) -> Section:
    """Measure both."""
    seconds = over_questionnaires(effort, say)
    by_rules = over_rules(effort, say)
    largest = max(effort.rules)
    peaks = {}
    for name in (name for name in OF_RULES if largest in by_rules[name]):
        say(f"memory of {name} at {largest:,} rules")
        peaks[name] = alone("growth", f"{name}{AT}{largest}", effort.cases_of_packs).peak
    tables = [_of_questionnaires(seconds, effort.sizes), _of_rules(by_rules, effort.rules, peaks)]
    power = _power(seconds[many.COMPLETE])
    goals = (Goal("growth with the questionnaires, arrays with the economics, exponent", 1.1, power, False, ""),)
    if effort.largest:
        say(f"{effort.largest:,} questionnaires at once")
        used = alone("many", many.COMPLETE, effort.largest)
        tables.insert(1, _of_largest(effort.largest, used))
    return Section("Growth", ABOUT, tuple(tables), goals)


def over_questionnaires(effort: Effort, say: Say) -> Seconds:
    """CPU seconds a decision, at each size that suits the contender."""
    found: dict[str, dict[int, float]] = {name: {} for name in (*TOGETHER, *ONE_BY_ONE)}
    for size in effort.sizes:
        names = found if size <= effort.one_at_a_time else TOGETHER
        seconds = seconds_a_case([contender(name, size) for name in names], 1, say)
        for name in names:
            found[name][size] = seconds[name]
    return found


def over_rules(effort: Effort, say: Say) -> Seconds:
    """CPU seconds a decision, at each number of rules."""
    found: dict[str, dict[int, float]] = {name: {} for name in OF_RULES}
    for rules in effort.rules:
        say(f"{rules:,} rules")
        names = [name for name in OF_RULES if max(found[name].values(), default=0) < TOO_LONG]
        cases = {name: ARRAY_CASES if name in TOGETHER else effort.cases_of_packs for name in names}
        seconds = seconds_a_case(
            [contender(f"{name}{AT}{rules}", cases[name]) for name in names], min(effort.repetitions, 3), say
        )
        for name, taken in zip(names, seconds.values(), strict=True):
            found[name][rules] = taken
    return found


def _power(seconds: Mapping[int, float]) -> float:
    """The exponent of the time of all decisions over their number."""
    return exponent({size: each * size for size, each in seconds.items() if size >= 1_000})


def _of_questionnaires(seconds: Seconds, sizes: Sequence[int]) -> Table:
    rows = [(f"{size:,}", *(_time(each, size) for each in seconds.values())) for size in sizes]
    powers = ("exponent", *(_fitted(name, each) for name, each in seconds.items()))
    return Table("Questionnaires: CPU time a decision", ("questionnaires", *seconds), (*rows, powers))


def _time(seconds: Mapping[int, float], size: int) -> str:
    return small(seconds[size]) if size in seconds else "–"


def _fitted(name: str, seconds: Mapping[int, float]) -> str:
    every = {size: each * size for size, each in seconds.items()}
    return figure(_power(seconds) if name in TOGETHER else exponent(every))


def _of_rules(seconds: Seconds, rules: Sequence[int], peaks: Mapping[str, int]) -> Table:
    rows = [(f"{number:,}", *(_time(each, number) for each in seconds.values())) for number in rules]
    powers = ("exponent", *(figure(exponent(each)) for each in seconds.values()))
    memory = (f"peak MB at {max(rules):,}", *(megabytes(peaks[name]) if name in peaks else "–" for name in seconds))
    return Table("Rules: CPU time a decision", ("rules", *seconds), (*rows, powers, memory))


def _of_largest(size: int, used: Used) -> Table:
    row = (f"{size:,}", f"{used.seconds:.0f} s", figure(size / used.seconds), megabytes(used.peak))
    header = ("questionnaires", "CPU time", "a second of CPU", "peak MB")
    return Table(f"{many.COMPLETE}, one call", header, (row,))
