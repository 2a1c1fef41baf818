"""The models of the day: how many, what class they are in, who may use them, who sells them, and for how long."""

import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
from tests.economics.cases import catalogue

from hostwise.answers.facts import Fact, FactType, Origin, Provenance, Value
from hostwise.economics.catalogue.candidates import candidates, dominated, every_model, leaves_on, replacement_of
from hostwise.economics.catalogue.catalogue import find_named
from hostwise.economics.models.classes import class_of
from hostwise.economics.models.licences import unanswered, why_not_licensed
from hostwise.economics.models.model import ModelIndex
from hostwise.economics.prices.price_list import price_list
from hostwise.economics.prices.sellers import resolve, sellers_of

TODAY = date(2026, 11, 28)


def _facts(**values: Value) -> dict[str, Fact]:
    kind = {bool: FactType.BOOLEAN, str: FactType.ENUM}
    return {
        name: Fact(name, kind.get(type(value), FactType.COUNT), value, Provenance(Origin.GIVEN))
        for name, value in values.items()
    }


def test_the_catalogue_holds_the_models_of_the_day() -> None:
    models = catalogue().models
    assert len(models) >= 60 and len(catalogue().api_models) >= 45
    assert sum(model.experts is not None for model in models.values()) >= 20
    assert sum(model.kind == "vision" for model in models.values()) >= 10
    assert sum(model.kind == "embedding" for model in models.values()) >= 3
    assert min(m.parameters for m in models.values()) < 1 and max(m.parameters for m in models.values()) > 1000


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gpt-oss-120b", "small"),
        ("Llama-3.1-405B", "small"),
        ("GLM-5.3-Flash", "frontier"),
        ("DeepSeek-V4-Flash", "large"),
        ("Qwen3.6-27B", "medium"),
        ("GPT-4.1 mini", "small"),
        ("GPT-5 mini", "medium"),
    ],
)
def test_a_class_goes_by_the_index_not_by_size(name: str, expected: str) -> None:
    assert every_model(catalogue())[name].size_class == expected


def test_a_class_is_that_of_the_effort_used() -> None:
    luna = catalogue().api_models["GPT-6 Luna"]
    found = [class_of(luna, catalogue().classes, effort) for effort in ("none", "low", "medium", "max")]
    assert found == ["medium", "medium", "large", "frontier"]


def test_two_versions_of_an_index_are_not_compared_as_they_are() -> None:
    classes = catalogue().classes
    old, new = (ModelIndex(classes.index, version, Decimal(38), TODAY) for version in ("4.1", "4.3"))
    assert (classes.of_index(old), classes.of_index(new)) == ("medium", "frontier")
    assert classes.on_newest(new) == 38 and Decimal(23) < (classes.on_newest(old) or 0) < Decimal(24)
    assert classes.near(ModelIndex(classes.index, "4.3", Decimal("24.5"), TODAY)) == ("medium", "large")
    assert classes.of_index(ModelIndex("another index", "1", Decimal(99), TODAY)) == ""


def test_candidates_are_of_the_class_in_use_or_above() -> None:
    found = candidates("GPT-5 mini", catalogue(), {}, TODAY)
    models = every_model(catalogue())
    assert {models[key].size_class for key in found.kept} == {"medium", "large", "frontier"}
    assert "GLM-5.3-Flash" in found.kept and "gpt-oss-120b" not in found.kept
    why = {each.model: each.reason for each in found.dropped}
    assert "small" in why["gpt-oss-120b"] and "medium" in why["gpt-oss-120b"]
    assert "within 2.4 points" in why["gpt-oss-120b"] and "within" not in why["Llama-3.1-8B"]
    assert "2026-10-23" in why["o4-mini"] and "no index" not in why["o4-mini"]
    assert set(found.kept) | set(why) == set(models)


def test_a_licence_binds_who_hosts_the_model() -> None:
    yours = candidates("large", catalogue(), {}, TODAY)
    assert "MiniMax-M3" in yours.kept, "nobody said what the revenue is"
    facts = _facts(revenue_band="240m-to-10b")
    assert "MiniMax-M3" not in candidates("large", catalogue(), facts, TODAY).kept
    assert "MiniMax-M3" in candidates("large", catalogue(), facts, TODAY, hosted_by="seller").kept


def test_candidates_hold_the_request_and_the_kind_of_work() -> None:
    found = candidates("small", catalogue(), {}, TODAY, context=Decimal(100_000))
    assert "Mistral-7B" not in found.kept and "gpt-oss-120b" in found.kept
    only = candidates("small", catalogue(), {}, TODAY, kinds=("vision",))
    assert "gpt-oss-120b" not in only.kept and "Gemma-4-31B" in only.kept


def test_a_model_that_another_undercuts_is_dominated() -> None:
    prices = {"gpt-oss-120b": (Decimal("0.15"), Decimal("0.60")), "GLM-5.3-Flash": (Decimal("0.15"), Decimal("0.50"))}
    found = list(dominated(("GLM-5.3-Flash", "gpt-oss-120b"), prices, catalogue()))
    assert [(each.model, "GLM-5.3-Flash" in each.reason) for each in found] == [("gpt-oss-120b", True)]


def test_what_leaves_its_api_and_what_its_maker_names_instead() -> None:
    for name in ("GPT-4o", "GPT-4o mini", "GPT-4.1", "GPT-4.1 mini"):
        assert leaves_on(name, catalogue()) == date(2027, 1, 14)
    assert leaves_on("Gemini 2.5 Flash", catalogue()) == date(2026, 12, 1)
    assert replacement_of("GPT-4.1 mini", catalogue()) == "GPT-6 Luna"
    assert "GPT-4.1 mini" in candidates("small", catalogue(), {}, date(2027, 1, 13)).kept
    assert "GPT-4.1 mini" not in candidates("small", catalogue(), {}, date(2027, 1, 14)).kept


@pytest.mark.parametrize(
    ("licence", "facts", "allowed"),
    [
        ("mit", {}, True),
        ("cc-by-nc", {}, False),
        ("minimax-community", {"revenue_band": "up-to-20m"}, True),
        ("minimax-community", {"revenue_band": "20m-to-240m"}, False),
        ("minimax-community", {}, True),
        ("kimi-k3", {"revenue_band": "20m-to-240m", "resells_model": True}, False),
        ("kimi-k3", {"revenue_band": "20m-to-240m", "resells_model": False}, True),
        ("mistral-modified-mit", {"revenue_band": "20m-to-240m"}, True),
        ("mistral-modified-mit", {"revenue_band": "240m-to-10b"}, False),
        ("llama-4-community", {"based_in_eu": True}, False),
        ("llama-3.3-community", {"monthly_users": Decimal(800_000_000)}, False),
    ],
)
def test_a_licence_forbids_what_it_forbids(licence: str, facts: dict[str, Value], allowed: bool) -> None:
    assert (why_not_licensed(licence, catalogue().licences, _facts(**facts)) is None) is allowed


def test_what_a_licence_leaves_open_is_asked() -> None:
    licences = catalogue().licences
    assert unanswered("kimi-k3", licences, {}) == ("revenue_band", "resells_model")
    assert unanswered("kimi-k3", licences, _facts(resells_model=False)) == ()
    assert unanswered("apache-2.0", licences, {}) == ()


def test_a_name_means_one_model_or_is_refused() -> None:
    models = every_model(catalogue())
    assert resolve("kimi-k2", models).model == "Kimi-K2"
    assert resolve("accounts/fireworks/models/kimi-k2p5", models).model == "Kimi-K2.5"
    assert resolve("Qwen3-32B", models).model == "Qwen3-32B"
    assert resolve("meta-llama/Llama-3.3-70B-Instruct-Turbo", models).model == "Llama-3.3-70B"
    assert resolve("nothing-of-the-kind", models) == resolve("", models)
    refused = resolve("qwen3-vl", models)
    assert refused.model is None and "Qwen3-VL-32B" in refused.candidates
    assert find_named("Mistral-Small", catalogue().models) == "Mistral-Small-3.2"


def test_sellers_sell_exactly_this_model() -> None:
    models = every_model(catalogue())
    kimi = {(offer.seller, offer.listed.id) for offer in sellers_of("Kimi-K2", models["Kimi-K2"])}
    assert kimi and not any("k2p5" in name or "k2.5" in name.lower() or "thinking" in name for _, name in kimi)
    oss = {offer.seller for offer in sellers_of("gpt-oss-120b", models["gpt-oss-120b"])}
    assert {"aws", "groq", "together", "fireworks", "ovhcloud"} <= oss
    luna = next(o for o in sellers_of("GPT-6 Luna", models["GPT-6 Luna"]) if o.seller == "openai").offer_on(TODAY)
    assert luna and luna.ordinary and luna.ordinary.input and luna.ordinary.output
    assert (luna.ordinary.input.price, luna.ordinary.output.price) == (Decimal("0.1"), Decimal("0.5"))


def test_three_entries_are_what_their_sources_say() -> None:
    glm = catalogue().models["GLM-5.2"]
    assert (glm.layers, glm.experts, glm.experts_per_token, glm.latent_cache) == (78, 256, 8, 576)
    assert "zai-org/GLM-5.2" in glm.source
    h200 = next(rent for rent in catalogue().gpus["H200"].rents if rent.seller == "Together")
    assert (h200.likely, h200.seller_class) == (Decimal("5.49"), "dedicated")
    assert "docs.together.ai" in h200.source
    luna = catalogue().api_models["GPT-6 Luna"]
    assert luna.index and luna.index.value == Decimal("38.1") and "artificialanalysis.ai" in luna.source


def test_every_seller_of_the_price_list_is_known_for_what_it_is() -> None:
    sellers = catalogue().sellers
    assert {seller.id for seller in price_list().sellers} <= set(sellers)
    assert (sellers["ovhcloud"].home, sellers["github-copilot"].kind) == ("FR", "tool")
    assert sellers["openrouter"].kind == "router" and sellers["together"].kind == "host"


def test_the_files_of_the_catalogue_are_read_without_pydantic() -> None:
    code = (
        "import sys; from hostwise.economics.catalogue.loading.load_catalogue import load_catalogue;"
        "from hostwise.reading.files.folders import rules_dir; load_catalogue(rules_dir());"
        "sys.exit('pydantic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
