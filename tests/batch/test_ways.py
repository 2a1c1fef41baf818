"""Cases go the ways that were recorded for others: few of them, and to what each comes to by itself on decimals."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from tests.batch.test_many import basis, same
from tests.examples import examples

from hostwise.analysis.futures.sampling import futures
from hostwise.analysis.futures.sobol_points import shipped
from hostwise.analysis.futures.uncertain import uncertainties
from hostwise.answers.facts import Fact
from hostwise.answers.to_facts import answer_facts
from hostwise.batch.cases import Population, numbers_of, repeated, replaced, words_of
from hostwise.batch.decide import decide_many
from hostwise.batch.ways import OtherWayError, Ways, ways
from hostwise.economics.catalogue.catalogue import at_likely, varied
from hostwise.economics.costing import cost_ledgers
from hostwise.economics.numbers.compiled import ON_FLOATS, Compiled, compiled
from hostwise.economics.numbers.numbers import above, first, least, looked_up, most, where, whole
from hostwise.economics.numbers.replay import program
from hostwise.economics.numbers.tape import Tape, Traced
from hostwise.flow.flow import Basis
from hostwise.flow.knowledge import load_knowledge
from hostwise.record.decide import load_answers

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))


@pytest.fixture
def on() -> Basis:
    ways.cache_clear()
    return basis(load_knowledge())


def drawn(facts: dict[str, Fact], on: Basis, size: int = 512) -> Population:
    plans = [
        {"gpu": gpu, "throughput_low": "70", "throughput": "100", "throughput_high": "140"}
        for gpu in ("H100", "L40S", "A100")
    ]
    uncertain = uncertainties(facts, load_knowledge().questionnaire, on.catalogue, plans)
    points = np.tile(shipped(), (-(-size // 512), 1))[:size]
    nearby = np.random.default_rng(5).uniform(-1e-3, 1e-3, points.shape)
    return futures(facts, uncertain, np.clip(points + nearby, 1e-4, 1 - 1e-4))


def facts_of(path: Path) -> dict[str, Fact]:
    return dict(answer_facts(load_answers(path), load_knowledge().questionnaire))


def taken(on: Basis, population: Population) -> Ways:
    return ways(at_likely(on.catalogue), on.as_of, frozenset(population.figures))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_futures_of_a_questionnaire_take_a_few_ways_and_take_them_again(path: Path, on: Basis) -> None:
    population = drawn(facts_of(path), on)
    decide_many(population, on)
    recorded = taken(on, population).recorded
    assert 1 <= recorded <= 4
    decide_many(population, on)
    assert taken(on, population).recorded == recorded


def test_a_case_that_asks_another_question_is_told_by_itself(on: Basis, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ended the command with a traceback; what it comes to may be said of no other case."""

    def other(self: Ways, population: Population, case: int) -> None:
        raise OtherWayError("asked another")

    monkeypatch.setattr(Ways, "record", other)
    population = drawn(facts_of(EXAMPLES[-1]), on, size=512)
    outcomes = decide_many(population, on)
    for case in range(0, 512, 170):
        own = varied(on.catalogue, population.figures_at(case))
        same(outcomes, case, population.at(case), replace(on, catalogue=own))


def test_words_that_only_change_a_number_part_nobody(on: Basis) -> None:
    """Whether a rota or a platform exists, how traffic runs over a day, how GPUs are paid for."""
    facts = facts_of(EXAMPLES[-1])
    words = {
        "on_call": (True, False, None),
        "existing_ml_platform": (True, False),
        "traffic_shape": ("steady", "daily-cycle", "bursty", None),
        "purchase": ("on-demand", "reserved", "spot"),
    }
    draw = np.random.default_rng(4)
    everything = repeated(facts, 300)
    for name, values in words.items():
        spread = everything.spreads[name]
        prototypes = tuple(replace(facts[name], value=value) for value in values)
        other = replace(spread, prototypes=prototypes, which=draw.integers(len(values), size=300))
        everything = replaced(everything, {name: other})
    outcomes = decide_many(everything, on)
    assert taken(on, everything).recorded == 1
    assert (
        len(np.unique(outcomes.costs[:, outcomes.options.index("self-host-cloud")])) == 8
    )  # spot is not for those who wait
    for case in range(0, 300, 12):
        same(outcomes, case, everything.at(case), on)


@pytest.mark.parametrize("stem", ["nightly-extraction-batch", "unanswered-gate", "s3-solo-founder"])
def test_a_way_that_is_taken_often_comes_to_the_same_as_one_by_one(stem: str, on: Basis, monkeypatch) -> None:
    """Taken straight on, and compiled after some times: chunks of 64 here, so that it is."""
    monkeypatch.setattr("hostwise.batch.costs.CHUNK", 64)
    facts = facts_of(next(path for path in EXAMPLES if path.stem == stem))
    volumes = np.random.default_rng(6).lognormal(17, 3, 2048)
    facts |= {name: replace(facts[name], value=None, low=None, high=None) for name in facts if "tokens_per_day" in name}
    everything = replaced(
        repeated(facts, len(volumes)),
        {"stated_tokens_per_month": numbers_of(facts["stated_tokens_per_month"], volumes)},
    )
    outcomes = decide_many(everything, on)
    straight = [fork.prepared["straight"] for fork in _forks(taken(on, everything)) if "straight" in fork.prepared]
    assert any(isinstance(each.program, Compiled) for each in straight)
    for case in range(0, len(volumes), 64):
        same(outcomes, case, everything.at(case), on)


IN_OTHER_WORDS = {
    "pages": "demand: {pages_per_day: 40k, traffic_mix: batch}",
    "chat users": "demand: {chat_users: 3000}",
    "nothing but a volume": "demand: {tokens_per_day: 300M}",
    "all of it may wait in some futures, and is cached": "demand: {tokens_per_day: 300M, batch_share: 60%..100%, "
    "cached_input_share: 5%..90%, triage_share: 10%}",
}
"""Volumes from which the lengths of requests, or the class of the model, are drawn too: all plans are searched."""


@pytest.mark.parametrize("demand", IN_OTHER_WORDS.values(), ids=IN_OTHER_WORDS)
def test_plans_searched_side_by_side_come_to_the_same_as_one_by_one(demand: str, on: Basis, tmp_path: Path) -> None:
    """Lengths at whose corners plans were left out lie at all of them, and between."""
    gates = "external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none"
    path = tmp_path / "answers.yaml"
    path.write_text(f"workload: {{name: Words}}\nconstraints: {{{gates}}}\n{demand}\n")
    everything = drawn(facts_of(path), on, examples(1280))
    outcomes = decide_many(everything, on)
    assert taken(on, everything).tape.wide, "plans were searched side by side"
    assert outcomes.again * 10 < everything.size, "else decimals are held against decimals"
    for case in range(0, everything.size, everything.size // 3):
        figures = everything.figures_at(case)
        same(outcomes, case, everything.at(case), replace(on, catalogue=varied(at_likely(on.catalogue), figures)))


def test_the_futures_of_a_blank_questionnaire_part_by_words_and_by_no_share(on: Basis, tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text("workload: {name: Blank}\n")
    everything = drawn(facts_of(path), on)
    decide_many(everything, on)
    assert taken(on, everything).recorded <= 20


def test_one_card_asks_no_more_of_people_than_several_whatever_is_drawn(on: Basis) -> None:
    """Two cards were taken on arrays where more was drawn for one of them; one by one that plan was left out."""
    drawn_apart = drawn(facts_of(next(path for path in EXAMPLES if path.stem == "offline-device-fleet")), on)
    for_one = 2 * drawn_apart.figures["figure.operations_fte"]
    everything = replace(drawn_apart, figures=drawn_apart.figures | {"figure.operations_fte.small": for_one})
    outcomes = decide_many(everything, on)
    for case in range(0, everything.size, everything.size // 8):
        figures = everything.figures_at(case)
        same(outcomes, case, everything.at(case), replace(on, catalogue=varied(at_likely(on.catalogue), figures)))


OPEN_IN_USE = """
workload: {name: Open}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {tokens_per_month: 30M..30B, traffic_mix: interactive}
current_api: {provider: fireworks, model: deepseek-r1, tier: open-model}
quality: {gap: 2%..15%}
"""


def test_an_open_model_in_use_stays_or_moves_as_one_by_one(on: Basis, tmp_path: Path) -> None:
    """Where it is, at another seller, or to another model: by the volume, and by the gap that is drawn."""
    path = tmp_path / "answers.yaml"
    path.write_text(OPEN_IN_USE)
    everything = drawn(facts_of(path), on)
    outcomes = decide_many(everything, on)
    for case in range(0, everything.size, everything.size // 16):
        figures = everything.figures_at(case)
        same(outcomes, case, everything.at(case), replace(on, catalogue=varied(at_likely(on.catalogue), figures)))


def test_cases_on_the_very_bound_of_a_way_come_to_an_end(on: Basis, tmp_path: Path) -> None:
    """Decimals may say 2,200.0…01 where floats say 2,200: such a case was recorded again and again, for ever."""
    gates = "external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none"
    path = tmp_path / "answers.yaml"
    path.write_text(
        f"workload: {{name: Letters}}\nconstraints: {{{gates}}}\ndemand: {{pages_per_day: 40k, traffic_mix: batch}}\n"
        "current_api: {provider: azure, model: gpt-4.1-mini}\n"
    )
    facts = facts_of(path)
    forms = words_of(facts["page_form"], [None, "pdf", "text", "scan"], np.arange(40) % 4)
    decide_many(replaced(repeated(facts, 40), {"page_form": forms}), on)  # whose longest pages are such a bound
    volumes, shares = (each.ravel() for each in np.meshgrid(np.geomspace(5e3, 4e5, 9), np.linspace(0, 1, 5)))
    drawn_ = {"pages_per_day": volumes, "constrained_share": shares}
    everything = replaced(
        repeated(facts, len(volumes)), {name: numbers_of(facts[name], values) for name, values in drawn_.items()}
    )
    outcomes = decide_many(everything, on)
    for case in (0, 22, 44):
        same(outcomes, case, everything.at(case), on)


def _forks(of: Ways) -> list:
    found = [of.start]
    for fork in found:
        found += fork.branches.values()
    return found


def test_what_is_kept_is_bounded(on: Basis, monkeypatch) -> None:
    monkeypatch.setattr("hostwise.batch.ways.MOST", 0)
    population = drawn(facts_of(EXAMPLES[0]), on)
    decide_many(population, on)
    first_tape = taken(on, population).tape
    decide_many(population, on)
    assert taken(on, population).tape is not first_tape


def test_operations_on_plain_floats_are_those_on_decimals(on: Basis) -> None:
    tape = Tape()
    price, volume = tape.input("price", Decimal("4.40")), tape.input("volume", Decimal("7.5"))
    replicas = whole(most((volume / price).to_integral_value(ROUND_CEILING), Decimal(1)))
    cost = where(above(volume, Decimal(5)), replicas * price - volume, least(price, Decimal(2)))
    tier = first(((above(price, Decimal(limit)), Decimal(limit)) for limit in (9, 4, 1)), lambda: Decimal(0))
    wanted = [each.place for each in (replicas, cost, tier) if isinstance(each, Traced)]
    replay = compiled(program(tape, wanted, (), alone=True), ON_FLOATS).replay
    assert replay([4.40, 7.5], False) == (False, 2, pytest.approx(1.3), 4.0)
    assert (Decimal(replicas), Decimal(cost), Decimal(tier)) == (2, Decimal("1.30"), 4)
    assert replay([0.5, 3.0], False) == (True, 6, 0.5, 0)  # 3 ÷ 0.5 is a whole number: decimals decide


def test_what_a_tape_cannot_hold_is_refused() -> None:
    number = Tape().input("number", Decimal(3))
    for refused in (int, float, hash, round, lambda n: n**2, lambda n: n % 2, lambda n: {n: 1}, lambda n: n.ln()):
        with pytest.raises(TypeError, match="recorded"):
            refused(number)
    assert f"{number:.2f} {number}" == "many many"


def test_a_look_up_and_a_question_are_heard() -> None:
    heard: list[object] = []
    tape = Tape()
    tape.listener = lambda question, answer: heard.append(answer)
    length = tape.input("length", Decimal("200000.7"))
    assert looked_up(lambda tokens: "long" if tokens >= 200_000 else "short", length) == "long"
    assert length > 5
    assert not length < Decimal(7)
    assert heard == ["long", True, False]


def test_recording_finds_what_decimals_find(on: Basis) -> None:
    population = drawn(facts_of(EXAMPLES[-2]), on)
    likely = at_likely(on.catalogue)
    made = Ways(likely, on.as_of)
    made.record(population, 0)
    end = next(fork.end for fork in _forks(made) if fork.end is not None)
    assert end.found is not None
    costing = cost_ledgers(population.at(0), varied(likely, population.figures_at(0)), on.as_of)
    for fact in costing.facts:
        found = end.found[fact.name]
        if isinstance(found, Traced):
            assert fact.value == pytest.approx(Decimal(found), abs=Decimal("0.001")), fact.name
