"""Names as people, gateways and clouds write them: of models with their seller or long gone, of cards and machines."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from hostwise.cli.main import cli
from hostwise.record.decide import answers_from_text, first_answer

DECIDED = """workload: {{name: Names, task: chat, as_of: 2026-11-20}}
constraints: {{external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}}
current_api: {{model: "{model}"}}
demand: {{tokens_per_day: 30M, input_share: 80%}}
"""
GPUS = """workload: {{name: Names}}
current_api: {{model: gpt-4o}}
demand: {{tokens_per_day: 30M}}
self_host: {{model: Llama-3.1-8B, gpu: "{gpu}"}}
"""
TEXT = """workload: {{name: Names}}
current_api: {{model: "{model}"}}
demand: {{tokens_per_day: 30M}}
"""


def checked(folder: Path, model: str) -> str:
    return check(folder, TEXT.format(model=model), 0)


def check(folder: Path, text: str, code: int) -> str:
    path = folder / "w.yaml"
    path.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(cli, ["check", str(path)])
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("openai gpt-4o", "gpt-4o at OpenAI ·"),
        ("OpenAI: GPT-4o", "gpt-4o at OpenAI ·"),
        ("OpenAI's gpt-4o", "gpt-4o at OpenAI ·"),
        ("gpt-4o (OpenAI)", "gpt-4o at OpenAI ·"),
        ("gpt-4o@openai", "gpt-4o at OpenAI ·"),
        ("openai/gpt-4o", "gpt-4o at OpenAI ·"),
        ("gpt-4o on Azure", "gpt-4o at OpenAI, assumed ·"),
        ("azure/gpt-4o", "gpt-4o at OpenAI, assumed ·"),
        ("Anthropic Claude Haiku 4.5", "claude-haiku-4-5 at Anthropic ·"),
        ("google gemini 2.5 flash", "gemini-2.5-flash at Google ·"),
        ("deepseek deepseek-chat", "deepseek-chat at deepseek ·"),
        ("deepseek chat", "deepseek-chat at deepseek ·"),
        ("mistral large", "mistral-large at Mistral ·"),
        ("openrouter/anthropic/claude-sonnet-4.5", "anthropic/claude-sonnet-4.5 at openrouter ·"),
        ("groq/llama-3.3-70b", "$0.59 in, $0.79 out per million tokens, Llama-3.3-70B at Groq"),
        ("groq llama-3.3-70b", "$0.59 in, $0.79 out per million tokens, Llama-3.3-70B at Groq"),
    ],
)
def test_the_seller_is_read(written: str, read: str, tmp_path: Path) -> None:
    assert read in checked(tmp_path, written)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("gpt-4o-2024-08-06", "gpt-4o"),
        ("gpt-4o (2024-11-20)", "gpt-4o"),
        ("gpt-4o-mini-2024-07-18", "gpt-4o-mini"),
        ("openai/gpt-4.1-mini-2025-04-14", "gpt-4.1-mini"),
        ("gpt-5-mini-2025-08-07", "gpt-5-mini"),
        ("claude-sonnet-4-5@20250929", "claude-sonnet-4-5"),
        ("Claude 4.5 Sonnet", "claude-sonnet-4-5"),
        ("Claude 4.5 Haiku", "claude-haiku-4-5"),
        ("Gemini Flash 2.5", "gemini-2.5-flash"),
        ("Google Gemini Pro 2.5", "gemini-2.5-pro"),
    ],
)
def test_a_release_and_an_order_of_words_are_the_model_that_they_name(written: str, name: str) -> None:
    """Exports say `gpt-4o-2024-08-06`: it had a price, but neither a class nor the day on which it leaves its API."""
    found, whole = (first_answer(answers_from_text(DECIDED.format(model=each), "w.yaml")) for each in (written, name))
    assert found.verdict.chosen_plan == whole.verdict.chosen_plan
    assert [ledger.total for ledger in found.ledgers] == [ledger.total for ledger in whole.ledgers]
    days = [next(fact.value for fact in each.facts if fact.name == "api_days_left") for each in (found, whole)]
    assert days[0] == days[1]


@pytest.mark.parametrize("written", ["gpt-o4-mini", "Claude Sonnet 5.4", "gpt 4o latest"])
def test_other_words_and_other_numbers_are_other_models(written: str, tmp_path: Path) -> None:
    assert f"no price is known for '{written}'" in checked(tmp_path, written)


def test_an_older_release_keeps_its_own_price(tmp_path: Path) -> None:
    assert "$5 in, $15 out per million tokens, gpt-4o-2024-05-13 at OpenAI" in checked(tmp_path, "gpt-4o-2024-05-13")


@pytest.mark.parametrize(
    ("written", "among"),
    [("anthropic sonnet", "claude-sonnet-4-5"), ("openai mini", "gpt-4o-mini"), ("google flash", "gemini-2.5-flash")],
)
def test_a_maker_and_a_part_of_a_name_are_asked_about(written: str, among: str, tmp_path: Path) -> None:
    said = check(tmp_path, TEXT.format(model=written), 2)
    assert f"'{written}' may mean one of several" in said and among in said
    assert "no price is known for 'openai api'" in checked(tmp_path, "openai api")


def test_the_maker_of_a_model_that_others_sell_is_no_seller(tmp_path: Path) -> None:
    """Who sells it is found as without that word."""
    written, alone = "meta llama 3.3 70b", "llama 3.3 70b"
    assert checked(tmp_path, written).replace(written, alone) == checked(tmp_path, alone)


def test_a_seller_before_several_models_chooses_none_of_them(tmp_path: Path) -> None:
    """The name of a family is in a reseller's list as that of a model long gone."""
    said = check(tmp_path, TEXT.format(model="google gemini pro"), 2)
    assert "'google gemini pro' may mean one of several" in said and "gemini-2.5-pro" in said


def test_a_name_of_two_models_is_none_at_a_seller(tmp_path: Path) -> None:
    assert "no price is known for 'gpt-4o and gpt-4o-mini'" in checked(tmp_path, "gpt-4o and gpt-4o-mini")


@pytest.mark.parametrize(
    ("model", "day"),
    [
        ("gpt-4-turbo", "2026-10-23"),
        ("gpt-3.5-turbo", "2026-10-23"),
        ("openai/gpt-4-32k", "2025-06-06"),
        ("claude-3-opus-20240229", "2026-01-05"),
        ("anthropic claude 3.5 sonnet", "2025-10-28"),
        ("claude-2.1", "2025-07-21"),
        ("gemini-2.0-flash", "2026-06-01"),
    ],
)
def test_a_model_that_is_gone_is_not_priced_as_if_it_were_there(model: str, day: str, tmp_path: Path) -> None:
    assert f"{model} left its API on {day}: what answers in its place is not known" in checked(tmp_path, model)


@pytest.mark.parametrize(
    ("written", "card"),
    [
        ("H100 80GB SXM", "H100"),
        ("NVIDIA H100 80GB HBM3", "H100"),
        ("A100-SXM4-40GB", "A100-40"),
        ("A100 80GB SXM4", "A100"),
        ("AMD Instinct MI300X OAM", "MI300X"),
        ("Tesla T4", "T4"),
        ("L40S 48GB", "L40S"),
        ("B200 SXM", "B200"),
    ],
)
def test_a_card_is_read_with_its_form_and_its_memory(written: str, card: str, tmp_path: Path) -> None:
    assert f"Llama-3.1-8B on {card} ·" in check(tmp_path, GPUS.format(gpu=written), 0)


@pytest.mark.parametrize(
    ("written", "why", "meant"),
    [
        ("8x H100", "how many of them is another answer", "H100"),
        ("H200 × 2", "how many of them is another answer", "H200"),
        ("p5.48xlarge", "a machine with H100 in it", "H100"),
        ("Standard_NC24ads_A100_v4", "a machine with A100 PCIe in it", "A100 PCIe"),
        ("g5.2xlarge", "a machine with A10G in it", "A10G"),
        ("H100 40GB", "not in the catalogue", None),
    ],
)
def test_what_is_more_than_a_kind_of_card_is_asked_about(
    written: str, why: str, meant: str | None, tmp_path: Path
) -> None:
    said = check(tmp_path, GPUS.format(gpu=written), 2)
    assert f"self_host.gpu: {why}" in said
    assert meant is None or f"did you mean '{meant}'?" in said
