"""The search of plans against trying everything: every card, every size, every number of requests at once."""

from __future__ import annotations

import random
from decimal import ROUND_CEILING, Decimal

import pytest
from tests.economics.cases import catalogue, costed

from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.throughput.at_once import Target, meets
from hostwise.economics.throughput.nearest import nearby
from hostwise.economics.throughput.rates import rates_of
from hostwise.economics.throughput.reasons import why_not
from hostwise.economics.throughput.replica import Replica
from hostwise.economics.throughput.served import ratio_of
from hostwise.economics.throughput.step import Request, load_of, step

CASES = 12
"""Of each seed. `CAP` is what the questionnaire gives."""
SECONDS = Decimal(30 * 24 * 3600)
CAP = Decimal("0.8")
SERVICE = ("on-call", "security", "load-balancer")
"""Lines of a service of several cards."""
MODELS = ("Llama-3.1-8B", "Llama-3.3-70B", "gpt-oss-120b", "gpt-oss-20b", "Qwen3-32B", "Mixtral-8x7B", "DeepSeek-V3")
QUESTIONNAIRE = """
workload: {{name: x}}
demand: {{tokens_per_month: {tokens}, input_tokens_per_request: {into}, output_tokens_per_request: {out},
  input_share: {share}, traffic_shape: steady, peak_to_mean: 1, traffic_mix: interactive, batch_share: 0%,
  cached_input_share: 0%{latency}, uptime_critical: no}}
current_api: {{tier: frontier, input_price: $3, output_price: $15}}
self_host: {{model: {model}, spare_replicas: 0, target_utilisation: 80%}}
team: {{operations_fte: 1}}
"""


@pytest.mark.parametrize("seed", range(3))
def test_the_bill_for_gpus_is_that_of_trying_everything(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(CASES):
        model, into, out = draw.choice(MODELS), draw.choice((300, 1500, 6000, 30000)), draw.choice((50, 300, 1500))
        tokens = draw.choice((10**8, 10**9, 10**10, 10**11))
        asked = draw.choice((None, None, 400, 2000))
        latency = f", latency_p95: {asked}ms, latency_of: first-token" if asked else ""
        share = f"{round(into / (into + out) * 100, 4)}%"
        text = QUESTIONNAIRE.format(
            tokens=tokens, into=into, out=out, share=share, latency=latency, model=model,
        )  # fmt: skip
        ledger = costed(text).ledgers["self-host-cloud"]
        target = Target(first_token=Decimal(asked) / 1000) if asked else Target()
        # The API in use is not known to reason: what was measured are answers, and more is written.
        times = 1 + catalogue().reasoning.of(catalogue().models[model])
        written = Decimal(tokens) * (into + out * times) / (into + out)
        least = cheapest_of_all(model, Request(Decimal(into), out * times), written, target, catalogue())
        if least is None:
            assert not ledger.priced, text
            continue
        assert ledger.priced, text
        moving = ("compute-busy", "compute-idle", *SERVICE)
        bill = sum(item.amount.likely for item in ledger.items if item.id in moving)
        assert float(bill) == pytest.approx(float(least), rel=0.01), f"{ledger.capacity} {text}"


def service(listed: Catalogue) -> Decimal:
    """USD a month of a rota, of security work and of a load balancer."""
    rota, balancer, days, pay = (
        listed.figures[name].likely for name in ("on_call_allowance", "load_balancer", "security_days", "engineer_cost")
    )
    return rota + balancer + days * pay * 12 / 260


def cheapest_of_all(name: str, request: Request, tokens: Decimal, target: Target, listed: Catalogue) -> Decimal | None:
    """USD a month for the rent, and for what several cards need and one does not; None where no replica serves it."""
    found: list[Decimal] = []
    model, constants = listed.models[name], listed.physics
    for card, gpu in listed.gpus.items():
        if gpu.rent is None or gpu.port != "supported" or gpu.device_class not in constants.classes or gpu.consumer:
            continue  # a consumer card is licensed for no data centre: nobody named one
        narrow = {4: "fp4", 8: "fp8", 16: "fp8"}[model.bits]
        precision = "bf16" if narrow == "fp8" and "fp8" not in gpu.tflops else narrow
        for size in (1, 2, 4, 8, 16, 32):
            replica = Replica(model, gpu, Decimal(size), precision)
            if size > gpu.most_per_node and size % gpu.most_per_node:
                continue
            if why_not(replica, request, constants):
                continue
            load = load_of(rates_of(replica, constants), request, constants)
            counts = [
                count for count in range(1, int(min(load.at_most, constants.at_once.planned)) + 1)
                if target.open or bool(meets(step(load, Decimal(count), constants), target))
            ]  # fmt: skip
            if not counts:
                continue
            reached = step(load, Decimal(max(counts)), constants)
            rows = nearby(listed.measured, name, card, precision)
            rate = reached.output_rate * ratio_of(load, reached, rows)
            rate *= 1 + request.input_length / request.output_length
            replicas = max((tokens / SECONDS / (rate * CAP)).to_integral_value(ROUND_CEILING), Decimal(1))
            several = replicas * size > 1
            found.append(replicas * size * gpu.rent.likely * 720 + (service(listed) if several else 0))
    return min(found, default=None)


def test_security_of_several_cards_counts_in_the_comparison_as_in_the_ledger() -> None:
    """One B300 alone against several smaller cards, which take patching."""
    text = QUESTIONNAIRE.format(
        tokens=10**10, into=300, out=1500, share="16.6667%", latency="", model="Llama-3.3-70B, purchase: reservedMORE",
    )  # fmt: skip
    best, alone = (
        costed(text.replace("MORE", more)).ledgers["self-host-cloud"].total
        for more in ("", ", gpu: B300, gpus_per_replica: 1")
    )
    assert best is not None and alone is not None and best.likely <= alone.likely
