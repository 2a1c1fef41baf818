"""A few questionnaires of `make verified`: what "x in 100" says comes true as often, within what chance explains."""

from __future__ import annotations

from tests.examples import examples
from tests.verified.calibration import deciles, drawn

from hostwise.flow.knowledge import load_knowledge


def test_what_is_said_comes_true_as_often() -> None:
    found = list(drawn(load_knowledge(), seed=1, count=examples(30)))
    assert any(0 < each.said < 1 for each in found)
    for _, _, said, came, error in deciles(found):
        assert abs(came - said) <= 3.5 * error
    assert all(each.regret >= 0 for each in found)
