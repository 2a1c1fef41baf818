"""A model from its published configuration: counted, written, read back; and refused where it cannot be counted."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.economics.cases import catalogue

from hostwise.cli.main import cli
from hostwise.economics.models.published import read_published
from hostwise.economics.prices.additions import with_additions
from hostwise.flow.knowledge import load_knowledge
from hostwise.reading.findings.diagnostics import InputError

DEEPSEEK = {
    "num_hidden_layers": 61, "hidden_size": 7168, "num_attention_heads": 128, "num_key_value_heads": 128,
    "vocab_size": 129280, "intermediate_size": 18432, "n_routed_experts": 256, "num_experts_per_tok": 8,
    "n_shared_experts": 1, "moe_intermediate_size": 2048, "first_k_dense_replace": 3, "q_lora_rank": 1536,
    "kv_lora_rank": 512, "qk_rope_head_dim": 64, "qk_nope_head_dim": 128, "v_head_dim": 128,
    "max_position_embeddings": 163840, "tie_word_embeddings": False, "quantization_config": {"quant_method": "fp8"},
}  # fmt: skip
GEMMA = {
    "text_config": {
        "num_hidden_layers": 62, "hidden_size": 5376, "num_attention_heads": 32, "num_key_value_heads": 16,
        "head_dim": 128, "vocab_size": 262208, "intermediate_size": 21504, "sliding_window": 1024,
        "sliding_window_pattern": 6, "max_position_embeddings": 131072, "tie_word_embeddings": True,
    },
    "vision_config": {"depth": 27},
}  # fmt: skip


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(DEEPSEEK))
    return path


def _run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(cli, [str(each) for each in arguments])
    return result.exit_code, result.output


def test_an_entry_is_what_the_catalogue_has_for_the_same_model(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "own.yaml"
    code, said = _run(
        "catalogue", "add-model", config, "--name", "Our-V3", "--licence", "mit", "--as-of", "2026-11-20", "-o", out
    )
    assert code == 0, said
    ours, theirs = with_additions(catalogue(), (out,)).models["Our-V3"], catalogue().models["DeepSeek-V3"]
    alike = ("layers", "heads", "kv_heads", "head_size", "experts", "experts_per_token", "latent_cache", "bits")
    assert [getattr(ours, each) for each in alike] == [getattr(theirs, each) for each in alike]
    assert abs(ours.parameters / theirs.parameters - 1) < Decimal("0.001")


def test_a_second_entry_joins_the_first_and_replaces_nothing(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "own.yaml"
    arguments = ("catalogue", "add-model", config, "--as-of", "2026-11-20", "-o", out, "--name")
    assert _run(*arguments, "One")[0] == _run(*arguments, "Two")[0] == 0
    assert {"One", "Two"} <= set(with_additions(catalogue(), (out,)).models)
    before = out.read_text()
    with pytest.raises(InputError):
        CliRunner().invoke(cli, [str(a) for a in (*arguments, "Two")], catch_exceptions=False, standalone_mode=False)
    assert out.read_text() == before


def test_the_record_names_a_file_of_entries(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "own.yaml"
    _run("catalogue", "add-model", config, "--name", "Our-V3", "--as-of", "2026-11-20", "-o", out)
    files = dict(load_knowledge(additions=(out,)).files)
    assert len(files["catalogue/added/own.yaml"]) == 64


def test_windows_and_images_are_read_from_the_part_about_text(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(GEMMA))
    found = read_published(path)
    assert (found.window, found.window_layers, found.vision, found.bits) == (1024, 52, True, 16)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{}", "num_hidden_layers is missing"),
        ("[]", "Expected"),
        ("{", "truncated"),
        (json.dumps(DEEPSEEK | {"hidden_size": -1}), "hidden_size"),
        (json.dumps(DEEPSEEK | {"hidden_size": "7168"}), "hidden_size"),
        (json.dumps(DEEPSEEK | {"decoder_sparse_step": 2}), "only some layers"),
        (json.dumps(DEEPSEEK | {"hybrid_override_pattern": "MEM*"}), "several kinds"),
        ("[" * 100_000, ""),
    ],
)
def test_what_is_no_configuration_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "config.json"
    path.write_text(content)
    with pytest.raises(InputError) as problem:
        read_published(path)
    assert any(said in each.message for each in problem.value.diagnostics), problem.value.diagnostics


def test_a_licence_that_is_none_is_refused_with_the_nearest(config: Path) -> None:
    code, said = _run("catalogue", "add-model", config, "--name", "X", "--as-of", "2026-11-20", "--licence", "mitt")
    assert code == 2 and "mit" in said
