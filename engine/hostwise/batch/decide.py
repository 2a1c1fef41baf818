"""The house flow on many sets of answers at once: derive, gate, choose, case by case equal to `flow.supposed_flow`.

What only the futures of a case can confirm is marked; a layer above draws them.

Cases that floats cannot decide, and those that the economics refuse, are run again one by one on decimals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache

import numpy as np
from msgspec.structs import replace

from hostwise.answers.facts import SCALES, Fact, FactSpec, FactType
from hostwise.batch.cases import Places, Population
from hostwise.batch.costs import cost_many
from hostwise.batch.outcomes import IN_USE, REFUSED, Codes, Outcomes, joined, outcome_names
from hostwise.economics.catalogue.catalogue import at_likely, varied
from hostwise.economics.catalogue.computed_facts import CHOSEN, MARGINS, UNCHANGED, AnyLeft, Cheapest
from hostwise.economics.catalogue.options import CLOSE_CALL, UNDECIDED
from hostwise.economics.cost_facts import economics_specs
from hostwise.economics.numbers.replay import NEAR_HALF, RELATIVE
from hostwise.flow.choice_facts import choice_specs, left, monthly
from hostwise.flow.flow import Basis, FlowRun, Status, supposed_flow, waits_for_futures
from hostwise.flow.gates import options_excluded
from hostwise.inference.arrays import Truths, infer_many
from hostwise.inference.columns import Column, FactTable, Floats, ManyTruths, Mask
from hostwise.reading.findings.diagnostics import InputError
from hostwise.rulebook.language.rules import CHOSEN as TAKES_CHOSEN
from hostwise.rulebook.language.rules import HOUSE, Rule, Take, Verdict

CHUNK = 131_072
"""Cases at a time: so many that what a group of alike cases costs once hardly counts; beyond, memory stays the same."""
NO_COST = 1e300
"""In place of the cost of an option that is not priced or not left: above any cost that answers can give, and finite,
since two costs are subtracted and infinity less infinity is no number."""


def decide_many(population: Population, basis: Basis) -> Outcomes:
    """Decide every case."""
    return joined([outcomes for _, outcomes in in_chunks(population, basis)], basis)


def decide_settled(population: Population, basis: Basis) -> Outcomes:
    """Decide every case as far as it can be without futures: what waits for them is a close call."""
    found = decide_many(population, basis)
    place = np.int16(found.verdicts.index(CLOSE_CALL))
    return replace(found, verdict=np.where(found.waits, place, found.verdict))


def in_chunks(population: Population, basis: Basis) -> Iterator[tuple[int, Outcomes]]:
    """Decide chunk by chunk; each with the number of its first case."""
    lean = replace(basis, catalogue=at_likely(basis.catalogue))
    for start in range(0, population.size, CHUNK):
        cases = np.arange(start, min(start + CHUNK, population.size))
        chosen = population if len(cases) == population.size else population.taken(cases)
        yield start, decide_chunk(chosen, lean)[0]


def decide_chunk(population: Population, basis: Basis) -> tuple[Outcomes, FactTable]:
    """Decide a chunk of cases, with the table of facts that those were decided on which floats can decide.

    `basis`: its catalogue as it is `at_likely`. Refused and doubtful cases are marked in the table as doubtful.
    """
    table, again = many_facts(population, basis)
    truths = choose_many(table, basis)
    verdict, rule = _chosen(table, truths, basis)
    costs, rough = _costs(table, [monthly(option) for option in basis.options])
    staying, _ = _costs(table, IN_USE)
    possible = np.column_stack([table.columns[left(option)].values > 0 for option in basis.options])
    verdicts, rules = outcome_names(basis)
    waits = _waiting(table, verdict, costs, basis)
    errors: dict[int, InputError] = {}
    np.logical_or(table.doubtful, again, out=table.doubtful)
    repeat = np.flatnonzero(table.doubtful)
    for case in repeat:
        try:
            own = varied(basis.catalogue, population.figures_at(int(case)))
            run = supposed_flow(population.at(int(case)), replace(basis, catalogue=own))
        except InputError as problem:
            errors[int(case)] = problem
            verdict[case], rule[case], costs[case], possible[case] = verdicts.index(REFUSED), -1, np.nan, False
            staying[case], waits[case] = np.nan, False
            continue
        choice = run.choice
        verdict[case] = verdicts.index(choice.outcome)
        rule[case] = rules.index(choice.rule_id) if choice.rule_id else -1
        costs[case] = _amounts(run, [monthly(option) for option in basis.options])
        staying[case] = _amounts(run, IN_USE)
        rough[case], possible[case] = False, [option in run.gates.feasible for option in basis.options]
        waits[case] = waits_for_futures(run, basis)
    outcomes = Outcomes(
        verdicts, rules, basis.options, verdict, rule, costs, rough, staying, possible, waits, errors, len(repeat)
    )
    return outcomes, table


def _amounts(run: FlowRun, names: Sequence[str]) -> list[float]:
    """Facts of money of one case; NaN where one is not known."""
    amounts = [run.facts[name].value for name in names]
    return [float(amount) if isinstance(amount, Decimal) else np.nan for amount in amounts]


def many_facts(population: Population, basis: Basis) -> tuple[FactTable, Mask]:
    """The facts of the answers and of the economics as columns, and the cases that floats cannot decide."""
    specs = basis.rulebook.specs
    columns = {
        name: spread.column(specs.get(name) or _spec(name, spread.prototypes))
        for name, spread in population.spreads.items()
    }
    costed = cost_many(population, basis.catalogue, basis.as_of, economics_specs(basis.catalogue))
    doubtful = costed.doubtful.copy()
    return FactTable(population.size, {**columns, **costed.columns}, doubtful), costed.refused


def _spec(name: str, prototypes: Sequence[Fact | None]) -> FactSpec:
    """Facts that no rule may read, such as exchange rates, have no specification of their own."""
    kind = next(p.type for p in prototypes if p is not None)
    return FactSpec(name, kind)


def choose_many(table: FactTable, basis: Basis) -> dict[str, ManyTruths]:
    """Run derive, gate and choose on costed facts; what they derive is added to the table."""
    rulebook = basis.rulebook
    truths = dict(infer_many(rulebook.stage("derive", HOUSE), table, rulebook.defaults(HOUSE)))
    truths |= infer_many(rulebook.stage("gate", HOUSE), table)
    _choice_columns(table, _excluded(truths, basis, table.size), basis)
    return truths | infer_many(rulebook.stage("choose", HOUSE), table)


def _excluded(truths: Truths, basis: Basis, size: int) -> dict[str, Mask]:
    out = {option: np.zeros(size, dtype=bool) for option in basis.options}
    for rule in basis.rulebook.stage("gate", HOUSE):
        for option in options_excluded(rule, basis.options):
            out[option] |= truths[rule.id].yes
    return out


def _choice_columns(table: FactTable, excluded: Mapping[str, Mask], basis: Basis) -> None:
    """The facts of `rules/facts.yaml` on what the gates left, as columns."""
    specs = choice_specs(basis.catalogue)
    every = np.ones(table.size, dtype=bool)

    def add(name: str, known: Mask, values: Floats | Mask, doubt: Floats | None = None) -> None:
        table.columns[name] = Column(specs[name], known, values.astype(float), specs[name].values, doubt)

    @cache
    def best(kinds: tuple[str, ...]) -> Best:
        return _cheapest(table, kinds, excluded)

    for option in basis.options:
        add(left(option), every, ~excluded[option])
    for entry in basis.rulebook.choice_facts:
        if isinstance(entry, AnyLeft):
            add(entry.name, every, np.logical_or.reduce([~excluded[o] for o in entry.options]))
        elif isinstance(entry, Cheapest):
            kinds = entry.options
            place, cost, doubt = best(kinds)
            words = specs[f"{entry.name}.option"].values
            codes = np.array([float(words.index(kind)) for kind in kinds])
            add(f"{entry.name}.option", place >= 0, codes[place])
            add(f"{entry.name}.monthly", place >= 0, cost, doubt)
        else:
            of, against = (best(kinds) for kinds in (entry.of, entry.against))
            known = (of[0] >= 0) & (against[0] >= 0) & (against[1] != 0)
            add(entry.name, known, *_saving(of, against, known))


Best = tuple[Places, Floats, Floats | None]
"""The place of the cheapest option of some kinds, −1 where none is priced and left; its cost; its doubt."""


def _cheapest(table: FactTable, kinds: Sequence[str], excluded: Mapping[str, Mask]) -> Best:
    columns = [table.columns[monthly(kind)] for kind in kinds]
    left_over = [(column.known & ~excluded[kind], column) for column, kind in zip(columns, kinds, strict=True)]
    costs = np.array([np.where(usable, column.values, NO_COST) for usable, column in left_over])
    place = costs.argmin(axis=0)
    best = np.take_along_axis(costs, place[None], axis=0)[0]
    priced = best < NO_COST
    doubts = [column.doubt for column in columns]
    doubt = None
    if any(each is not None for each in doubts):
        every = np.array([np.zeros(table.size) if each is None else each for each in doubts])
        doubt = np.take_along_axis(every, place[None], axis=0)[0]
        # Two costs that floats cannot tell apart: which is the cheaper one is open. Of equal ones it is not.
        both = every + doubt
        close = (both > 0) & (np.abs(costs - best) <= 2 * both)
        np.put_along_axis(close, place[None], values=False, axis=0)
        np.logical_or(table.doubtful, close.any(axis=0) & priced, out=table.doubtful)
    return np.where(priced, place, -1), np.where(priced, best, 0.0), doubt


def _saving(of: Best, against: Best, known: Mask) -> tuple[Floats, Floats]:
    """`1 − cost ÷ reference`, in last places, and how far it may be off."""
    unit = 10.0 ** SCALES[FactType.RATIO]
    base = np.where(known, against[1], 1.0)
    scaled = (1 - of[1] / base) * unit
    kept = np.rint(scaled)
    slack = np.abs(scaled) * RELATIVE + NEAR_HALF
    off = np.zeros(len(base))
    for doubt in (of[2], against[2]):
        if doubt is not None:
            off += 2 * doubt / base * unit
    return kept, np.where((0.5 - np.abs(scaled - kept) <= slack) | (off > 0), off + slack + 1, 0.0)


def _chosen(table: FactTable, truths: Truths, basis: Basis) -> tuple[Codes, Codes]:
    """The verdict of each case, and the rule that decides it: DMN's `first`, three-valued."""
    options, size = basis.options, table.size
    verdicts, _ = outcome_names(basis)
    undecided, infeasible = verdicts.index(UNDECIDED), verdicts.index(Status.INFEASIBLE.value)
    excluded = _excluded(truths, basis, size)
    open_, landing = np.ones(size, dtype=bool), np.full(size, -1, dtype=np.int16)
    several, first, chosen = np.zeros(size, dtype=bool), *(np.full(size, -1, dtype=np.int16) for _ in range(2))
    for number, rule in enumerate(basis.rulebook.stage("choose", HOUSE)):
        lands = _lands(rule, excluded, options, undecided, size)
        truth = truths[rule.id]
        here = open_ & ~truth.no & (lands >= 0)
        several |= here & (landing >= 0) & (landing != lands)
        landing = np.where(here & (landing < 0), lands, landing)
        first = np.where(here & (first < 0), np.int16(number), first)
        holds = here & truth.yes
        chosen = np.where(holds, np.int16(number), chosen)
        open_ &= ~holds
    none_left = np.logical_and.reduce([excluded[option] for option in options])
    settled = ~_unsettled(truths, excluded, basis, size) & ~several & (landing >= 0) & (landing != undecided)
    verdict = np.where(none_left, infeasible, np.where(settled, landing, undecided)).astype(np.int16)
    rule_of = np.where(none_left, -1, np.where(settled & (chosen < 0), first, chosen)).astype(np.int16)
    return verdict, rule_of


def _lands(rule: Rule, excluded: Mapping[str, Mask], options: Sequence[str], undecided: int, size: int) -> Codes:
    """In each case the first option that a rule names and no gate excludes; −1 for none."""
    assert isinstance(rule.then, Verdict)
    lands = np.full(size, -1, dtype=np.int16)
    for option in reversed(rule.then.options):
        if option == UNDECIDED:
            lands[:] = undecided
        else:
            lands = np.where(~excluded[option], np.int16(options.index(option)), lands)
    return lands


def _unsettled(truths: Truths, excluded: Mapping[str, Mask], basis: Basis, size: int) -> Mask:
    """Whether an unknown gate could still exclude an option that is left."""
    found = np.zeros(size, dtype=bool)
    for rule in basis.rulebook.stage("gate", HOUSE):
        unknown = truths[rule.id].unknown
        if unknown.any():
            out = options_excluded(rule, basis.options)
            found |= unknown & np.logical_or.reduce([~excluded[option] for option in out])
    return found


def _waiting(table: FactTable, verdict: Codes, costs: Floats, basis: Basis) -> Mask:
    """The cases in which a rule that confirms could still replace the choice; all that floats cannot tell among them.

    Of a choice the rules may ask what it saves against the option that changes least (`flow.choice_facts`); what
    futures say is unknown here.
    """
    options, specs, every = basis.options, choice_specs(basis.catalogue), np.ones(table.size, dtype=bool)
    tier, in_use = table.columns["current_tier"], basis.catalogue.in_use
    open_model = tier.known & (tier.values == tier.words.index("open-model"))
    unchanged = in_use_ = np.where(open_model, options.index(in_use.open), options.index(in_use.closed))
    left_ = np.column_stack([table.columns[left(option)].values > 0 for option in options])
    for option in reversed(basis.catalogue.stay):  # the first that is left, where the API in use is not
        other = options.index(option)
        unchanged = np.where(~left_[np.arange(table.size), in_use_] & left_[:, other], other, unchanged)
    one, cases = verdict < len(options), np.arange(table.size)
    cost, base = costs[cases, np.where(one, verdict, 0)], costs[cases, unchanged]
    margin = table.columns["required_margin"]
    known = one & left_[cases, unchanged] & (np.nan_to_num(base) != 0) & margin.known & (margin.values != 0)
    known &= ~np.isnan(cost)
    share = np.where(known, margin.values, 1.0) / 10.0 ** SCALES[FactType.RATIO]
    margins = (1 - np.where(known, cost, 0.0) / np.where(known, base, 1.0)) / share * 10.0 ** SCALES[FactType.QUANTITY]
    words = specs[UNCHANGED].values
    codes = np.array([float(words.index(option)) if option in words else -1.0 for option in options])
    doubt = np.where(verdict == unchanged, 0.0, np.abs(margins) * 1e-9 + 2)
    columns = {
        **table.columns,
        CHOSEN: Column(specs[CHOSEN], one, verdict.astype(float), options),
        UNCHANGED: Column(specs[UNCHANGED], left_[cases, unchanged], codes[unchanged], words),
        MARGINS: Column(specs[MARGINS], known, np.where(known, np.rint(margins), 0.0), (), doubt),
    }
    chosen = FactTable(table.size, columns, ~every)
    found, reached = ~every, one.copy()
    for rule in basis.rulebook.stage("confirm", HOUSE):
        assert isinstance(rule.then, Take)
        truth = chosen.truth(rule.when)
        if rule.then.take != TAKES_CHOSEN:
            found |= reached & ~truth.no
        reached &= ~truth.yes
    return one & (found | chosen.doubtful)


def _costs(table: FactTable, names: Sequence[str]) -> tuple[Floats, Mask]:
    """Facts of money as columns, NaN where one is not known, and which may be off in their last place."""
    unit = 10.0 ** SCALES[FactType.MONEY]
    columns = [table.columns[name] for name in names]
    sure = np.zeros(table.size)
    return (
        np.column_stack([np.where(column.known, column.values / unit, np.nan) for column in columns]),
        np.column_stack([(sure if column.doubt is None else column.doubt) > 0 for column in columns]),
    )
