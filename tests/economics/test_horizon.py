"""Present value and payback, against figures worked out by hand and against closed forms."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from hostwise.economics.numbers.horizon import grown, monthly_rate, outlook

ZERO = Decimal(0)
money = st.decimals(min_value=0, max_value=100_000, places=2)


def test_twelve_monthly_rates_compound_to_the_yearly_one() -> None:
    assert abs((1 + monthly_rate(Decimal("0.10"))) ** 12 - Decimal("1.10")) < Decimal("1e-20")


def test_the_first_outlay_is_not_discounted() -> None:
    year = outlook("own", "api", [ZERO] * 12, [ZERO] * 12, Decimal(1000), ZERO, Decimal("0.10"))
    assert year.present_value == 1000 and year.net_present_value == -1000


def test_an_annuity_has_its_textbook_value() -> None:
    rate = monthly_rate(Decimal("0.10"))
    year = outlook("own", "api", [Decimal(100)] * 36, [ZERO] * 36, ZERO, ZERO, Decimal("0.10"))
    textbook = 100 * (1 - (1 + rate) ** -36) / rate
    assert abs(year.present_value - textbook) < Decimal("1e-15")


def test_payback_is_the_month_in_which_the_outlay_is_earned_back() -> None:
    costs, reference = [Decimal(50)] * 12, [Decimal(100)] * 12
    assert outlook("own", "api", costs, reference, Decimal(201), ZERO, ZERO).payback == 5
    assert outlook("own", "api", costs, reference, Decimal(601), ZERO, ZERO).payback is None
    assert outlook("own", "api", costs, reference, ZERO, ZERO, ZERO).payback == 1


def test_a_lead_that_is_lost_again_is_no_payback() -> None:
    costs = [Decimal(50)] * 3 + [Decimal(500)] * 3
    assert outlook("own", "api", costs, [Decimal(100)] * 6, Decimal(10), ZERO, ZERO).payback is None


def test_growth_starts_in_the_second_month() -> None:
    assert [grown(Decimal(100), Decimal("0.5"), m) for m in (1, 2, 3)] == [100, 150, 225]


@given(st.lists(st.tuples(money, money), min_size=1, max_size=36), money)
def test_without_a_rate_present_value_is_the_sum(months: list[tuple[Decimal, Decimal]], once: Decimal) -> None:
    costs, reference = [c for c, _ in months], [r for _, r in months]
    found = outlook("own", "api", costs, reference, once, ZERO, ZERO)
    assert found.present_value == found.total == once + sum(costs)
    assert found.net_present_value == found.saving
    assert (found.payback is not None) == (found.saving >= 0)
