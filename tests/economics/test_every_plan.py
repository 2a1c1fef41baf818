"""The search of plans against every plan there is, each costed by itself (`every_plan`): random workloads."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from tests.economics.cases import DAY, catalogue, facts_of
from tests.economics.every_plan import Case, mixes, moving_ids, plans, questionnaire, served
from tests.examples import examples

from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.costing import cost_ledgers
from hostwise.economics.ledgers.ledger import Ledger

MODELS = (
    "Llama-3.1-8B", "Llama-3.3-70B", "gpt-oss-120b", "gpt-oss-20b", "Qwen3-32B", "Qwen3-4B", "Mixtral-8x7B",
    "DeepSeek-V3", "Gemma-3-27B", "Qwen3-8B", "Qwen3-30B-A3B",
)  # fmt: skip
CARDS = ("H100", "A100", "L40S", "H200", "L4", "MI300X", "RTX 5090", "B200", "A10G", "A100-40", "A100 PCIe")
RENTED, OWNED, DEPLOYED = "self-host-cloud", "self-host-owned", "open-model-provider"
WITHIN = 0.01


def drawn(draw: random.Random) -> dict[str, Any]:
    """A workload that people wait for, on GPUs that are never off."""
    latency = draw.choice((None, None, ("first-token", 0.4), ("first-token", 2), ("whole-answer", 20),
                           ("speed-per-user", 0.03)))  # fmt: skip
    return {
        "model": draw.choice(MODELS), "tokens": 10 ** draw.uniform(7.5, 11.5) // 1,
        "into": draw.choice((300, 1500, 6000, 30000)), "out": draw.choice((50, 300, 1500)), "latency": latency,
        "peak": draw.choice((1, 1.3, 2, 3.5)), "cached": draw.choice((0, 0, 0.5)),
        "gpu": draw.choice(CARDS) if draw.random() < 0.3 else None, "staff": draw.choice((None, 1.0)),
        "spare": draw.choice((0, 0, 0, 1)), "purchase": "on-demand",
    }  # fmt: skip


def drawn_with_a_way_of_paying(draw: random.Random) -> dict[str, Any]:
    """The same, whatever may wait, in whatever hours, paid for in any way."""
    batch = draw.choice((0.0, 0.0, 0.3, 1.0, 1.0))
    rent = draw.choice((None, None, None, None, 1.5, 3.0))
    case = drawn(draw)
    return case | {
        "batch": batch, "hours": draw.choice((168, 168, 40, 60, 100, 140)), "stable": draw.random() < 0.7,
        "purchase": draw.choice((None, None, None, "on-demand", "reserved", "spot")), "term": draw.choice((12, 12, 36)),
        "horizon": draw.choice((6, 12, 36)), "once": batch == 1 and draw.random() < 0.4,
        "latency": None if batch == 1 else case["latency"], "rota": draw.random() < 0.3,
        "infrastructure": draw.choice((None, None, 500)), "rent": rent,
        "gpu": case["gpu"] or (draw.choice(CARDS) if rent else None),
    }  # fmt: skip


def drawn_of_own_weights(draw: random.Random) -> dict[str, Any]:
    """Weights of one's own, on GPUs that a provider runs for each of its customers."""
    batch = draw.choice((0.0, 0.3, 1.0))
    return drawn(draw) | {
        "own_weights": True, "gpu": None, "purchase": None, "batch": batch, "latency": None,
        "hours": draw.choice((168, 60)),
    }  # fmt: skip


def apart(option: str, case: Case) -> float | None:
    """What moves with the plan in the ledger, over the least that any plan comes to; None where there is none."""
    listed = catalogue()
    least = min(
        (plan.moving for plan in plans(case, option, [*served(case, case.model, listed)], listed)), default=None
    )
    ledger = cost_ledgers(facts_of(questionnaire(case)), listed, DAY).ledgers[option]
    assert ledger.priced == (least is not None), questionnaire(case)
    return None if least is None else moving(ledger) / least


def moving(ledger: Ledger) -> float:
    """USD a month of the lines that a plan moves."""
    ids = moving_ids(catalogue())
    return float(sum(item.amount.likely for item in ledger.items if item.id in ids))


@pytest.mark.parametrize(("option", "draws", "cases", "seed"), [
    (RENTED, drawn, 250, 1), (RENTED, drawn, 250, 2), (RENTED, drawn, 250, 3),
    (RENTED, drawn_with_a_way_of_paying, 250, 4), (OWNED, drawn, 125, 5), (DEPLOYED, drawn_of_own_weights, 100, 8),
])  # fmt: skip
def test_no_plan_costs_less(
    option: str, draws: Callable[[random.Random], dict[str, Any]], cases: int, seed: int
) -> None:
    draw = random.Random(seed)
    for _ in range(examples(cases)):
        case = Case(**draws(draw))
        found = apart(option, case)
        if found is not None:
            assert found == pytest.approx(1, abs=WITHIN), questionnaire(case)


MOVED = ("input-tokens", "cached-tokens", "output-tokens", "api-evaluation", "migration")
"""Lines of an API that differ with the split, or with the API that takes the rest."""


def drawn_to_split(draw: random.Random) -> dict[str, Any]:
    """A workload of which some may wait, or is simple, or may not leave; at APIs of any price."""
    kind, price = draw.choice(("batch", "batch", "both", "simple", "inside", "all")), 10 ** draw.uniform(-1, 1.2)
    return drawn(draw) | {
        "latency": None, "batch": {"all": 1.0, "simple": 0.0}.get(kind, draw.choice((0.1, 0.3, 0.6, 0.9))),
        "triage": draw.choice((0.3, 0.7)) if kind in ("both", "simple") else 0.0, "discount": draw.choice((0.0, 0.5)),
        "constrained": draw.choice((0.1, 0.4)) if kind == "inside" else 0.0, "hours": draw.choice((168, 168, 60)),
        "purchase": draw.choice((None, None, None, "on-demand", "spot", "reserved", "owned")),
        "stable": draw.random() < 0.4, "rota": draw.random() < 0.3,
        "prices": {"managed-api": (round(price, 3), round(4 * price, 3)),
                   "open-model-provider": (round(0.8 * price, 3), round(2 * price, 3))},
    }  # fmt: skip


@pytest.mark.parametrize("seed", [6, 7])
def test_no_split_costs_less(seed: int) -> None:
    draw, listed = random.Random(seed), catalogue()
    for _ in range(examples(125)):
        case = Case(**drawn_to_split(draw))
        own = OWNED if case.purchase == "owned" else RENTED
        least = min((mix.moving for mix in mixes(case, own, listed)), default=None)
        ledger = cost_ledgers(facts_of(questionnaire(case)), listed, DAY).ledgers["hybrid"]
        if case.batch == 1 and least is not None and alone(case, own, listed) <= least + api_people(listed):
            least = None  # all of it on own GPUs costs less than any mix: nothing is split
        assert ledger.priced == (least is not None), questionnaire(case)
        if least is not None:
            ids = {f"own.{each}" for each in (*moving_ids(listed), "egress")} | {f"api.{each}" for each in MOVED}
            found = float(sum(item.amount.likely for item in ledger.items if item.id in ids))
            assert found == pytest.approx(least, rel=WITHIN), questionnaire(case)


def alone(case: Case, own: str, listed: Catalogue) -> float:
    """USD a month of what moves where all of it runs on own GPUs."""
    egress = float(listed.figures["egress_bytes"].likely * listed.figures["egress_price"].likely) / 1e9 * case.tokens
    return egress + min(plan.moving for plan in plans(case, own, [*served(case, case.model, listed)], listed))


def api_people(listed: Catalogue) -> float:
    """USD a month that any API takes beside its tokens: a router, and who looks after it."""
    gateway, share, pay = (float(listed.figures[name].likely) for name in ("gateway", "api_fte", "engineer_cost"))
    return gateway + share * pay
