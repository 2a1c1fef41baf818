"""The parameters of a configuration by arithmetic, against the totals that makers publish."""

from decimal import Decimal

import pytest
from tests.economics.cases import catalogue

from hostwise.economics.models.arithmetic import (
    Shape,
    active_parameters,
    all_parameters,
    in_billions,
    routed_parameters,
)

DEEPSEEK_V3 = Shape(
    layers=61, hidden=7168, heads=128, kv_heads=128, head_size=56, vocabulary=129280, intermediate=18432, experts=256,
    experts_per_token=8, shared_experts=1, expert_intermediate=2048, dense_layers=3, query_rank=1536, latent_rank=512,
    rope_size=64,
)  # fmt: skip
QWEN_35_397B = Shape(
    layers=60, hidden=4096, heads=32, kv_heads=2, head_size=256, vocabulary=248320, experts=512, experts_per_token=10,
    shared_experts=1, expert_intermediate=1024, gate=2, linear_layers=45, linear_keys=2048, linear_values=8192,
)  # fmt: skip
GPT_OSS_120B = Shape(
    layers=36, hidden=2880, heads=64, kv_heads=8, head_size=64, vocabulary=201088, experts=128, experts_per_token=4,
    expert_intermediate=2880,
)  # fmt: skip
LLAMA_31_70B = Shape(layers=80, hidden=8192, heads=64, kv_heads=8, head_size=128, vocabulary=128256, intermediate=28672)
GEMMA_4_26B = Shape(
    layers=30, hidden=2816, heads=16, kv_heads=8, head_size=256, vocabulary=262144, intermediate=2112, tied=True,
    experts=128, experts_per_token=8, expert_intermediate=704, dense_beside_experts=True, full_layers=5,
    full_kv_heads=2, full_head_size=512,
)  # fmt: skip


@pytest.mark.parametrize(
    ("shape", "published"),
    [
        pytest.param(DEEPSEEK_V3, "671", id="latent attention, 3 dense layers"),
        pytest.param(QWEN_35_397B, "397", id="linear attention, gated queries"),
        pytest.param(GPT_OSS_120B, "116.8", id="experts in every layer"),
        pytest.param(LLAMA_31_70B, "70.6", id="dense"),
        pytest.param(GEMMA_4_26B, "25.2", id="experts beside a dense layer, two kinds of attention"),
    ],
)
def test_the_total_is_what_the_maker_publishes(shape: Shape, published: str) -> None:
    assert abs(in_billions(all_parameters(shape)) / Decimal(published) - 1) < Decimal("0.005")


def test_active_parameters_leave_out_the_experts_that_idle() -> None:
    assert in_billions(routed_parameters(DEEPSEEK_V3)) == Decimal("653.91")
    assert 36 < in_billions(active_parameters(DEEPSEEK_V3)) < 38
    assert active_parameters(LLAMA_31_70B) == all_parameters(LLAMA_31_70B)


def test_entries_of_mixtures_agree_with_themselves() -> None:
    for name, model in catalogue().models.items():
        if model.experts is None:
            assert model.active == model.parameters, name
            continue
        assert model.expert_parameters and model.experts_per_token, name
        used = model.expert_parameters * model.experts_per_token / model.experts
        beside = model.parameters - model.expert_parameters
        assert model.expert_parameters < model.parameters, name
        # What is active is the experts used and all that is beside them; makers leave embeddings out now and then.
        assert used < model.active <= (used + beside) * Decimal("1.1"), name
