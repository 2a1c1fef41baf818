"""The documents' worked examples at their own inputs: their figures, and the lines that they leave out."""

from decimal import Decimal

from tests.economics.cases import S0, S1, S2, S4, costed, derived, group, line

CENT = Decimal("0.01")


def close(value: Decimal, figure: str, tolerance: Decimal = CENT) -> bool:
    return abs(value - Decimal(figure)) < tolerance


def test_s0_estimator() -> None:
    """S0-36: API 45, GPU 518.40, engineering 2,400."""
    found = costed(S0).ledgers
    assert close(group(found["managed-api"], "tokens"), "45")
    own = found["self-host-cloud"]
    assert close(group(own, "compute", "idle"), "518.40")
    assert close(line(own, "operations").amount.likely, "2400")


def test_s1_summariser() -> None:
    """S1-34 to S1-36: 36,000, 6,000 and 5,000 + 2,000."""
    found = costed(S1).ledgers
    assert close(group(found["managed-api"], "tokens"), "36000")
    assert close(group(found["open-model-provider"], "tokens"), "6000", Decimal("0.1"))
    own = found["self-host-cloud"]
    assert own.capacity is not None and own.capacity["replicas"] == "1"
    assert close(group(own, "compute", "idle"), "5000")
    assert close(line(own, "operations").amount.likely, "2000")
    assert own.total is not None and own.total.likely > 7000


def test_s2_needs_two_nodes_not_one() -> None:
    """R2-17: 3B tokens at 1,200 tok/s and 60% need two nodes: 2 × 3,600 + 9,375 + 250."""
    costing = costed(S2)
    own = costing.ledgers["self-host-cloud"]
    assert derived(costing)["replicas"].value == 2
    assert close(group(own, "compute", "idle"), "7200")
    assert close(line(own, "operations").amount.likely, "9375")
    assert close(line(own, "infrastructure").amount.likely, "250")
    assert close(group(costing.ledgers["managed-api"], "tokens"), "13125")


def test_s2_supporting_infrastructure_is_not_counted_twice() -> None:
    ids = {item.id for item in costed(S2).ledgers["self-host-cloud"].items}
    assert not ids & {"load-balancer", "weight-storage", "monitoring", "cache", "logging"}


def test_s4_four_gpus() -> None:
    """S4-06, S4-07: 2,250 for the API, 5,175 for four GPUs."""
    costing = costed(S4)
    assert close(group(costing.ledgers["managed-api"], "tokens"), "2250")
    assert derived(costing)["gpus_total"].value == 4
    assert close(group(costing.ledgers["self-host-cloud"], "compute", "idle"), "5175")


def test_given_operations_leave_no_hidden_fte() -> None:
    """0.2 of an engineer is 0.2: no second line for work that it includes."""
    own = costed(S0).ledgers["self-host-cloud"]
    assert "updates" not in {item.id for item in own.items} or line(own, "updates").amount.likely == 0
