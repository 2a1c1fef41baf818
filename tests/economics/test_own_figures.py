"""Figures of one's own (`--catalogue`) are read as carefully as answers are: nothing else asks what they may mean."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.answers.test_doubts import BASE, Result, run

PRICE = "prices:\n- {{provider: openai, model: gpt-4o, input: {}, output: {}, source: ours, as_of: {}}}\n"
RENT = """rents:
- {{gpu: H100, seller: Ours, seller_class: gpu-cloud, way: on-demand, low: {0}, likely: {0}, high: {0}, source: ours,
   as_of: 2026-11-01, grade: A}}
"""


def with_figures(text: str, tmp_path: Path) -> Result:
    added = tmp_path / "ours.yaml"
    added.write_text(text, encoding="utf-8")
    return run(tmp_path, "decide", BASE, "--catalogue", str(added))


@pytest.mark.parametrize(
    ("amounts", "likely"),
    [
        (("2.5e-06", "1e-05"), "did you mean '$2.50 per million tokens'?"),
        (("0.0025", "0.01"), "if it is a price per thousand tokens"),
        (("250", "1000"), "if it is a price in cents"),
        (("25000", "100000"), "the most that is usual"),
        (("-2.5", "10"), "a price is at least 0"),
    ],
)
def test_a_price_that_is_rarely_so_is_asked_about(amounts: tuple[str, str], likely: str, tmp_path: Path) -> None:
    """A price per token, as other tools list it, was one per million: a millionth."""
    result = with_figures(PRICE.format(*amounts, "2026-11-20"), tmp_path)
    assert result.exit_code == 2 and f"{tmp_path / 'ours.yaml'}:2:" in result.output and likely in result.output


@pytest.mark.parametrize("amounts", [("2.5", "10"), ("0", "0"), ("0.003", "600")])
def test_a_price_that_may_be_is_taken(amounts: tuple[str, str], tmp_path: Path) -> None:
    assert with_figures(PRICE.format(*amounts, "2026-11-20"), tmp_path).exit_code == 0


@pytest.mark.parametrize(("rent", "said"), [("1500", "USD/hour"), ("0.002", "USD/hour"), ("-1", "at least 0")])
def test_a_rent_that_is_rarely_so_is_asked_about(rent: str, said: str, tmp_path: Path) -> None:
    result = with_figures(RENT.format(rent), tmp_path)
    assert result.exit_code == 2 and said in result.output
    assert with_figures(RENT.format("2.10"), tmp_path).exit_code == 0


def test_an_old_price_of_ones_own_is_not_said_to_stand_in_the_shipped_file(tmp_path: Path) -> None:
    result = with_figures(PRICE.format("2.5", "10", "2019-01-01"), tmp_path)
    assert result.exit_code == 1 and "too old to decide on" in result.output
    assert "a file of --catalogue or --prices: error" in result.output and "prices.yaml:" not in result.output


def test_millions_of_parameters_are_a_slip(tmp_path: Path) -> None:
    shape = "layers: 36, kv_heads: 8, head_size: 128, bits: 16, context: 4096, licence: apache-2.0, source: ours"
    model = f"models: {{Our-8B: {{parameters: 8200, active: 8200, {shape}, as_of: 2026-11-01}}}}\n"
    result = with_figures(model, tmp_path)
    assert result.exit_code == 2 and "parameters are in billions" in result.output
    assert with_figures(model.replace("8200", "8.2"), tmp_path).exit_code == 0
