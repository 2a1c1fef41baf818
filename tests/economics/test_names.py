"""A model, seller or GPU is matched whole or by a registered alias; what fits in part is listed and asked about."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.economics.cases import DAY, catalogue, facts_of

from hostwise.economics.capacity.demand import Demand, read_demand
from hostwise.economics.catalogue.candidates import every_model
from hostwise.economics.catalogue.loading.load_catalogue import load_catalogue
from hostwise.economics.plans.competing.sellers import sold_plans
from hostwise.economics.prices.look_up import look_up
from hostwise.economics.prices.names import Fitting, find_model, seller_called
from hostwise.economics.prices.price import TokenPrice
from hostwise.economics.prices.price_list import Seller, price_list
from hostwise.economics.prices.sellers import run_by
from hostwise.reading.files.folders import rules_dir
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.reading.names import name_words, names_like
from hostwise.record.decide import answers_from_text, decide, first_answer
from hostwise.record.format.record import AnswerDoubted

REGISTRY = load_catalogue(rules_dir()).seller_names
GATES = "external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none"


def text_of(**sections: str) -> str:
    sections = {"current_api": "provider: openai, model: gpt-4o, tier: frontier", **sections}
    sections.setdefault("self_host", "model: Llama-3.3-70B, gpu: H100")  # no search is looked at
    written = "".join(f"{name}: {{{content}}}\n" for name, content in sections.items())
    return (
        f"workload: {{name: A, as_of: 2026-11-20}}\nconstraints: {{{GATES}}}\n"
        f"demand: {{tokens_per_day: 11M, input_share: 90%, stable: yes}}\n{written}"
    )


def findings(**sections: str) -> tuple[Diagnostic, ...]:
    try:
        first_answer(answers_from_text(text_of(**sections), "a.yaml"))
    except InputError as problem:
        return problem.diagnostics
    return ()


@pytest.mark.parametrize("seller", price_list().sellers, ids=lambda seller: seller.id)
def test_every_model_is_found_by_its_own_name_whatever_its_case(seller: Seller) -> None:
    assert seller_called(seller.name.upper(), REGISTRY) == seller
    families = {name_words(each) for each in REGISTRY.families}
    for model in seller.models[::5]:
        if name_words(model.id.rpartition("/")[2]) in families:
            continue  # several are called so
        for name in (model.id, model.id.upper()):
            found = find_model(seller.id, name, REGISTRY)
            assert isinstance(found, tuple), name
            assert found[1].id.casefold() == model.id.casefold()


def test_every_alias_stands_for_the_one_that_it_is_registered_for() -> None:
    for id_ in REGISTRY.sellers:
        for alias in REGISTRY.names_of(id_):
            found = seller_called(alias, REGISTRY)
            assert isinstance(found, Seller) and found.id == id_, alias
    for seller, models in REGISTRY.models.items():
        for id_, aliases in models.items():
            for alias in aliases:
                named = find_model(seller, alias, REGISTRY)
                assert isinstance(named, tuple) and named[1].id == id_, alias


@pytest.mark.parametrize(
    ("provider", "model", "fits"),
    [
        ("anthropic", "claude", "claude-sonnet-4-5"),
        ("anthropic", "sonnet", "claude-sonnet-4-5"),
        ("openai", "gpt-6", "gpt-6-luna"),
        ("openai", "4", "gpt-4-turbo"),
        ("fireworks", "kimi-k2", "kimi-k2p5"),
        ("together", "llama", "meta-llama/Llama-3.3-70B-Instruct-Turbo"),
        (None, "llama", "llama-3.3-70b-versatile"),
        (None, "gemini flash", "gemini-flash-1.5"),
        ("google", "claude haiku", "claude-haiku-5-5"),
    ],
)
def test_a_part_of_a_name_stands_for_nothing(provider: str | None, model: str, fits: str) -> None:
    found = find_model(provider, model, REGISTRY)
    assert isinstance(found, Fitting) and fits in found.names


@pytest.mark.parametrize(
    ("provider", "written", "meant"),
    [
        ("anthropic", "Claude Sonnet 4.5", "claude-sonnet-4-5"),
        ("anthropic", "claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
        ("openai", "GPT 4o", "gpt-4o"),
        ("openai", "openai/gpt-4o", "gpt-4o"),
        ("openai", "gpt-5-mini-2031-01-02", "gpt-5-mini"),
        ("deepseek", "deepseek-ai/DeepSeek-V3.2", "deepseek-v3.2"),
        ("openrouter", "gpt-4o", "openai/gpt-4o"),
        ("ovhcloud", "Llama 3.3 70B", "Meta-Llama-3_3-70B-Instruct"),
    ],
)
def test_spellings_dates_and_publishers_make_no_other_model(provider: str, written: str, meant: str) -> None:
    found = find_model(provider, written, REGISTRY)
    assert isinstance(found, tuple) and found[1].id == meant


def test_no_alias_is_a_part_of_several_names() -> None:
    """`Gemma 3` would be read as the one of 27B where there are three."""
    catalogue = load_catalogue(rules_dir())
    for entries in (catalogue.models, catalogue.gpus):
        for key, entry in entries.items():
            for alias in entry.aliases:
                assert set(names_like(alias, entries)) <= {key}, alias


@pytest.mark.parametrize(
    ("model", "said"),
    [("gemma-3", "Gemma-3-12B"), ("Qwen3-Coder", "Qwen3-Coder-Next"), ("Llama 3 70B", "Llama-3.3-70B"),
     ("Qwen2.5-32B", "Qwen2.5-72B")],
)  # fmt: skip
def test_another_model_of_the_family_is_asked_about(model: str, said: str) -> None:
    (finding,) = findings(self_host=f"model: {model}")
    assert said in f"{finding.accepted} {finding.suggestion}"


def test_a_model_that_another_seller_lists_is_no_slip_of_the_pen() -> None:
    text = text_of(current_api="provider: openai, model: mistral-large")
    found = {each.code: each for each in first_answer(answers_from_text(text, "a.yaml")).answers.warnings}
    assert "unpriced-model" not in found
    assert "that at Mistral is assumed" in found["other-seller"].text


def test_a_model_that_may_be_one_of_several_is_asked_about_at_its_place() -> None:
    (finding,) = findings(current_api="provider: anthropic, model: claude")
    assert (str(finding.place), finding.code) == ("a.yaml:4:43", "ambiguous-name")
    assert "claude-3-haiku" in str(finding.accepted) and "more" in str(finding.accepted)


def test_a_seller_that_may_be_another_is_asked_about_at_its_place() -> None:
    (finding,) = findings(current_api="provider: HuggingFace, model: Llama-3.1-8B")
    assert (str(finding.place), finding.code) == ("a.yaml:4:25", "ambiguous-name")
    assert "huggingface_groq" in str(finding.accepted)


@pytest.mark.parametrize(
    "model", ["gpt-4o/gpt-4o-mini", "gpt-5/gpt-5-mini", "claude-sonnet-4-5/gpt-4o", "openai/gpt-4o/gpt-4o-mini"]
)
def test_two_models_with_a_slash_between_them_are_asked_about(model: str) -> None:
    """The first was taken for the publisher of the second: a seventeenth of the price of gpt-4o."""
    (finding,) = findings(current_api=f"provider: openai, model: {model}")
    assert finding.code == "ambiguous-name" and model.rsplit("/", maxsplit=1)[-1] in str(finding.accepted)


@pytest.mark.parametrize(
    "model",
    [
        "gpt-4o & mini",
        "gpt-5 + mini",
        "gpt-4o?",
        "gpt-4o=mini",
        "gpt-4o ; mini",
        "gpt-4o*",
        "gpt-4o、mini",
        "gpt-4o\uff0fmini",
    ],
)
def test_signs_that_part_or_doubt_a_name_are_not_passed_over(model: str) -> None:
    said = first_answer(answers_from_text(text_of(current_api=f'provider: openai, model: "{model}"'), "a.yaml"))
    assert "unpriced-model" in {each.code for each in said.answers.warnings}


@pytest.mark.parametrize(
    ("seller", "model", "meant", "whole"),
    [
        ("google", "gemini pro", "gemini-2.5-pro", "gemini-1.0-pro"),
        ("google", "google/gemini-pro", "gemini-2.5-pro", "gemini-2.5-pro"),
        ("cohere", "Command", "command-r", "Command R"),
    ],
)
def test_the_name_of_a_family_is_asked_about_where_its_first_model_was_called_so(
    seller: str, model: str, meant: str, whole: str
) -> None:
    """`gemini pro` was priced as the first of them, at a tenth of what stands by that name today."""
    (finding,) = findings(current_api=f"provider: {seller}, model: {model}")
    assert finding.code == "ambiguous-name" and meant in str(finding.accepted)
    assert not findings(current_api=f"provider: {seller}, model: {whole}")


def doubts_about(model: str, **sections: str) -> dict[str, AnswerDoubted]:
    text = text_of(current_api=f'provider: openai, model: "{model}"', **sections)
    return {each.code: each for each in first_answer(answers_from_text(text, "a.yaml")).answers.warnings}


@pytest.mark.parametrize("model", ["foo/gpt-4o", "foo.gpt-4o", "acme/prod/gpt-4o", "openai/foo/gpt-4o"])
def test_what_stands_before_a_name_and_is_nobody_known_is_said(model: str) -> None:
    found = doubts_about(model)["unknown-prefix"]
    assert f"{model} is read as gpt-4o" in found.text and found.suggestion == "gpt-4o"


@pytest.mark.parametrize(
    "model",
    [
        "gpt-4o", "GPT 4o", "openai/gpt-4o", "azure/gpt-4o", "azure/eu/gpt-4o", "azure_ai/gpt-4o",
        "openrouter/openai/gpt-4o", "litellm_proxy/gpt-4o", "LiteLLM Proxy/gpt-4o", "gpt-4o-2024-08-06", "gpt-4.1",
        "vertex_ai/claude-sonnet-4-5", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "databricks/gpt-4o",
        "bedrock/us-east-1/anthropic.claude-sonnet-4-5", "bedrock/eu-central-1/anthropic.claude-sonnet-4-5",
        "gemini/gemini-2.5-pro", "models/gemini-2.5-pro", "meta-llama/Llama-3.3-70B-Instruct", "github/gpt-4o",
    ],
)  # fmt: skip
def test_makers_sellers_and_gateways_before_a_name_are_no_news(model: str) -> None:
    assert "unknown-prefix" not in doubts_about(model)


def test_the_other_model_that_was_scored_is_doubted_alike() -> None:
    found = doubts_about("gpt-4o", quality="api_model: foo/gpt-5.4-mini, api_gap: 2%, evaluation_items: 200")
    assert "foo/gpt-5.4-mini is read as GPT-5.4 mini" in found["unknown-prefix"].text


@pytest.mark.parametrize("model", ["Command R+", "command-r+", "command-r-plus", "Command R Plus"])
def test_a_plus_at_the_end_of_a_name_is_read(model: str) -> None:
    """Command R+ was read as Command R, a seventeenth of its price."""
    found = find_model("cohere", model, REGISTRY)
    assert isinstance(found, tuple) and found[1].id == "command-r-plus"


@pytest.mark.parametrize("model", ["claude-4-sonnet", "claude-sonnet-4-0", "Claude Sonnet 4", "claude-4-opus"])
def test_every_name_of_a_model_that_left_its_api_says_so(model: str) -> None:
    said = first_answer(answers_from_text(text_of(current_api=f"provider: anthropic, model: {model}"), "a.yaml"))
    assert "left-its-api" in {each.code for each in said.answers.warnings}


def test_a_price_that_is_given_needs_no_name() -> None:
    assert findings(current_api="provider: anthropic, model: claude, input_price: $3, output_price: $15") == ()


@pytest.mark.parametrize(
    ("gpu", "fits"), [("A100-81", None), ("RTX 6000", "RTX 6000 Ada"), ("NVL", "H100 NVL"), ("H", None)]
)
def test_a_gpu_is_matched_whole(gpu: str, fits: str | None) -> None:
    (finding,) = findings(self_host=f"model: Llama-3.3-70B, gpu: {gpu}")
    assert finding.place.column and finding.code.endswith("gpu")
    assert fits is None or fits in f"{finding.accepted} {finding.suggestion}"


@pytest.mark.parametrize("names", ["H100/H200", "L4/L40S", "RTX 4090/5090", "nvidia/H100/H200"])
def test_two_cards_with_a_slash_between_them_are_asked_about(names: str) -> None:
    (finding,) = findings(self_host=f"model: Llama-3.3-70B, gpu: {names}")
    assert finding.code == "ambiguous-gpu" and "," in str(finding.accepted)


@pytest.mark.parametrize("gpu", ["H100?", "'H100, PCIe'", "H100 & PCIe", "A100; PCIe"])
def test_a_sign_that_parts_or_doubts_a_card_is_not_passed_over(gpu: str) -> None:
    (finding,) = findings(self_host=f"model: Llama-3.3-70B, gpu: {gpu}")
    assert finding.code == "unknown-gpu"


def test_two_models_to_host_with_a_slash_between_them_are_asked_about() -> None:
    (finding,) = findings(self_host="model: Llama-3.1-8B/Llama-3.3-70B, gpu: H100")
    assert "Llama-3.1-8B, Llama-3.3-70B" in str(finding.accepted)


@pytest.mark.parametrize("gpu", ["NVIDIA H100", "h100", "GeForce RTX 4090", "AMD MI300X"])
def test_a_maker_before_its_card_changes_nothing(gpu: str) -> None:
    assert findings(self_host=f"model: Llama-3.3-70B, gpu: {gpu}") == ()


@pytest.mark.parametrize("model", ["meta-llama/Llama-3.3-70B-Instruct", "Qwen/Qwen3-32B", "google/gemma-3-27b-it"])
def test_a_model_to_host_may_have_its_publisher_before_it(model: str) -> None:
    assert findings(self_host=f"model: {model}, gpu: H100") == ()


def test_a_card_that_is_no_version_is_not_taken_for_others() -> None:
    (finding,) = findings(self_host="model: Llama-3.3-70B, gpu: V100")
    assert finding.code == "unknown-gpu" and "A100-40" not in finding.message


def test_a_family_is_no_model_though_one_of_it_is_called_the_latest() -> None:
    (finding,) = findings(current_api="provider: openai, model: gpt")
    assert finding.code == "ambiguous-name"


@pytest.mark.parametrize("seller", ["aws eu-central-1", "Azure West Europe", "OpenAI EU"])
def test_a_region_in_a_sellers_name_is_asked_about(seller: str) -> None:
    (finding,) = findings(current_api=f"provider: {seller}, model: gpt-4o")
    assert finding.code == "ambiguous-name"


def test_an_alias_of_two_models_is_asked_about(tmp_path: Path) -> None:
    import shutil

    rules = tmp_path / "rules"
    shutil.copytree(rules_dir(), rules)
    file = rules / "catalogue" / "gpus.yaml"
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    for name in ("A10G", "L4"):
        data["gpus"][name]["aliases"] = ["the small one"]
    file.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    answers = answers_from_text(text_of(self_host="model: Llama-3.1-8B, gpu: the small one"), "a.yaml", rules)
    with pytest.raises(InputError) as caught:
        decide(answers, rules=rules)
    (finding,) = caught.value.diagnostics
    assert (finding.code, finding.accepted) == ("ambiguous-gpu", "A10G, L4")


def test_every_name_that_a_plan_prints_is_one_that_answers_may_have() -> None:
    """Of 369 plans 13 were told to have no price where they were written down, and 13 had another seller's."""
    demand = read_demand(facts_of("workload: {name: w}\ndemand: {tokens_per_month: 1B}\n"), catalogue())
    assert isinstance(demand, Demand)
    unknown, count = [], 0
    for key, model in every_model(catalogue()).items():
        for seller in {offer.seller for offer, _ in run_by(key, model, catalogue(), DAY)}:
            plans = sold_plans((key,), catalogue(), DAY, demand, seller)
            for plan in plans[:1]:
                count += 1
                found = look_up(plan.price.seller, plan.model, catalogue(), DAY, demand)
                if not isinstance(found, TokenPrice) or found.seller != plan.price.seller:
                    unknown.append((plan.model, plan.price.seller, found))
    assert count > 300 and not unknown


def test_the_latest_of_a_family_is_itself_and_adds_nothing_to_one_model() -> None:
    """`gemini flash lite` was taken for the one that its maker calls the latest on the day of the list."""
    assert find_model(None, "gemini flash lite", REGISTRY) is None
    named = {
        each: find_model(None, each, REGISTRY) for each in ("gemini-flash-lite-latest", "claude-3-5-sonnet-latest")
    }
    found = [each[1].id for each in named.values() if isinstance(each, tuple)]
    assert found == ["gemini-3.5-flash-lite", "claude-3-5-sonnet"]
