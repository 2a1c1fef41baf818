"""How many requests run at once: the search by halving against trying every number."""

from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.economics.cases import catalogue

from hostwise.economics.catalogue.catalogue import Model
from hostwise.economics.numbers.tape import Tape
from hostwise.economics.throughput.at_once import Target, concurrency_for, meets
from hostwise.economics.throughput.rates import rates_of
from hostwise.economics.throughput.replica import Replica
from hostwise.economics.throughput.step import Load, Request, load_of, step, unread

CONSTANTS = catalogue().physics
DENSE = catalogue().models["Llama-3.3-70B"]
MIXTURE = replace(
    catalogue().models["Qwen3-30B-A3B"], experts=128, experts_per_token=8, expert_parameters=Decimal("29.0")
)


def load(model: Model, gpus: int, request: Request) -> Load:
    return load_of(
        rates_of(Replica(model, catalogue().gpus["H100"], Decimal(gpus), "fp8"), CONSTANTS), request, CONSTANTS
    )


@pytest.mark.parametrize("model", [DENSE, MIXTURE])
@pytest.mark.parametrize(
    "target",
    [
        Target(first_token=Decimal("0.9")),
        Target(whole_answer=Decimal(12)),
        Target(per_token=Decimal("0.03")),
        Target(first_token=Decimal(1), per_token=Decimal("0.04")),
        Target(first_token=Decimal("0.01")),
    ],
)
def test_it_finds_what_trying_every_number_finds(model: Model, target: Target) -> None:
    found = load(model, 2, Request(Decimal(900), Decimal(300), Decimal("0.25")))
    allowed = [
        count for count in range(1, int(found.at_most) + 1) if meets(step(found, Decimal(count), CONSTANTS), target)
    ]
    assert concurrency_for(found, target, CONSTANTS).concurrency == max(allowed, default=0)


def test_the_share_of_unread_experts_is_the_power_of_its_number() -> None:
    rates = load(MIXTURE, 1, Request(Decimal(900), Decimal(300))).rates
    for count in (1, 2, 3, 77, 1024, 2047):
        exact = (1 - Decimal(8) / 128) ** count
        assert abs(unread(rates, Decimal(count)) - exact) < Decimal("1e-24")


@pytest.mark.parametrize("model", [DENSE, MIXTURE])
def test_a_tape_records_the_same_digits(model: Model) -> None:
    tape, target = Tape(), Target(first_token=Decimal("0.9"))
    plain = concurrency_for(load(model, 2, Request(Decimal(900), Decimal(300))), target, CONSTANTS)
    asked: list[object] = []
    tape.listener = lambda question, _: asked.append(question)
    request = Request(tape.input("in", Decimal(900)), tape.input("out", Decimal(300)))
    traced = concurrency_for(load(model, 2, request), target, CONSTANTS)
    assert Decimal(traced.concurrency) == plain.concurrency
    assert Decimal(traced.step.output_rate).compare_total(plain.step.output_rate) == 0
    assert asked == []


@pytest.mark.parametrize("model", [DENSE, MIXTURE])
@pytest.mark.parametrize("prompt", [500, 8_000, 60_000])
def test_no_first_token_comes_before_its_own_prompt_was_read(model: Model, prompt: int) -> None:
    """Half of it was counted: of 20,000 tokens the first answer came in 0.22 s where reading them took 0.30 s."""
    found = load(model, 2, Request(Decimal(prompt), Decimal(300)))
    waits = [step(found, Decimal(number), CONSTANTS).first_token_seconds for number in (1, 8)]
    assert waits[1] > waits[0] > found.prefill
