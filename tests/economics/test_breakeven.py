"""Break-even on whole replicas, against the audit's figures and against counting step by step."""

from decimal import ROUND_CEILING, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hostwise.economics.outlook.breakeven import SteppedBill, TokenBill, crossings

MILLION = 1_000_000
GPT_4O = TokenBill(Decimal(0), Decimal("4.40"))


def s2_node(fixed: int, node: int, capacity: str) -> SteppedBill:
    """S2's stack: people and infrastructure fixed, one 2×A100 node a step, at 60% utilisation."""
    return SteppedBill(Decimal(fixed), Decimal(node), Decimal(capacity) * MILLION)


@pytest.mark.parametrize(
    ("own", "first", "lasting"),
    [
        (s2_node(9625, 3600, "1866.24"), "4642.05", "4642.05"),
        (s2_node(9625, 3600, "1244.16"), "7096.59", "8732.95"),
        (s2_node(13500, 5040, "1866.24"), "8795.45", "9940.91"),
        (s2_node(13500, 5040, "1244.16"), "39722.73", "52322.73"),
    ],
)
def test_s2_break_evens_with_nodes_added(own: SteppedBill, first: str, lasting: str) -> None:
    """R2-17: the four corners of S2's own figures, in millions a month."""
    found = crossings(own, GPT_4O)
    assert found.first is not None and found.lasting is not None
    assert round(found.first / MILLION, 2) == Decimal(first)
    assert round(found.lasting / MILLION, 2) == Decimal(lasting)


def test_the_naive_break_even_is_plain_division() -> None:
    """R2-16: 13,225 ÷ 4.40 and 18,540 ÷ 4.40."""
    low = crossings(s2_node(9625, 3600, "1244.16"), GPT_4O).naive
    high = crossings(s2_node(13500, 5040, "1244.16"), GPT_4O).naive
    assert [round(v / MILLION, 1) for v in (low, high) if v] == [Decimal("3005.7"), Decimal("4213.6")]


def test_never_where_a_full_replica_costs_more_than_the_api() -> None:
    """R2-17: at 346M a node, 3,600 ÷ 346 = 10.40 per million, above 4.40: no volume breaks even."""
    found = crossings(s2_node(9625, 3600, "346"), GPT_4O)
    assert found.never and found.lasting is None
    assert round(found.marginal, 1) == Decimal("10.4")


def test_a_tie_per_million_never_breaks_even() -> None:
    own = SteppedBill(Decimal(1), Decimal(100), Decimal(100) * MILLION)
    assert crossings(own, TokenBill(Decimal(0), Decimal(1))).never


def test_a_slice_counts_the_whole_traffic() -> None:
    whole = s2_node(9625, 3600, "1866.24")
    half = SteppedBill(whole.fixed, whole.per_replica, whole.tokens_per_replica, share=Decimal("0.5"))
    one, other = crossings(whole, GPT_4O).first, crossings(half, GPT_4O).first
    assert one is not None and other is not None and abs(other - 2 * one) < 1


amount = st.decimals(min_value=0, max_value=20_000, places=0)


@given(
    fixed=amount,
    api_fixed=amount,
    replica=st.decimals(min_value=100, max_value=6000, places=0),
    capacity=st.integers(100, 5000),
    price=st.decimals(min_value="0.1", max_value=20, places=2),
)
def test_agrees_with_counting(
    fixed: Decimal, api_fixed: Decimal, replica: Decimal, capacity: int, price: Decimal
) -> None:
    """Before the first crossing the API is never dearer; from the lasting one on own GPUs never are."""
    own = SteppedBill(fixed, replica, Decimal(capacity) * MILLION)
    api = TokenBill(api_fixed, price)
    found = crossings(own, api)

    def gap(tokens: Decimal) -> Decimal:
        replicas = max(1, int((tokens / own.tokens_per_replica).to_integral_value(ROUND_CEILING)))
        return fixed + replicas * replica - api_fixed - price * tokens / MILLION

    tiny = Decimal("0.0001")
    if found.first is None or found.lasting is None:
        assert all(gap(own.tokens_per_replica * k) >= fixed - api_fixed - tiny for k in (1, 2, 10, 1000))
        return
    assert gap(found.first) <= tiny or found.first == found.first // own.tokens_per_replica * own.tokens_per_replica
    for part in (Decimal("0.999"), Decimal("0.5"), Decimal("0.1")):
        assert not found.first or gap(found.first * part) >= -tiny
    step = own.tokens_per_replica
    for multiple in range(1, 30):
        beyond = (found.lasting // step + multiple) * step
        assert gap(beyond) <= tiny and gap(beyond + 1) <= tiny


def test_one_card_alone_is_cheaper_by_its_people_while_it_serves_alone() -> None:
    """Step by step: 4.40 a million against 9,625 less 8,000 with one node of 3,600 and 1,866 M, 9,625 with more."""
    own = SteppedBill(Decimal(9625), Decimal(3600), Decimal("1866.24") * MILLION, alone_saves=Decimal(8000))
    found = crossings(own, GPT_4O)
    assert found.first is not None and found.lasting is not None
    assert round(found.first / MILLION, 2) == Decimal("1187.50")  # (9,625 - 8,000 + 3,600) / 4.40
    assert round(found.lasting / MILLION, 2) == Decimal("4642.05")  # the second node takes all of the people


def test_one_card_alone_lasts_where_the_second_is_cheaper_from_its_start() -> None:
    own = SteppedBill(Decimal(1000), Decimal(500), Decimal(1000) * MILLION, alone_saves=Decimal(500))
    found = crossings(own, TokenBill(Decimal(0), Decimal("4.40")))
    assert found.first == found.lasting
    assert found.first is not None and round(found.first / MILLION, 2) == Decimal("227.27")
