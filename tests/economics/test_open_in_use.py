"""An open model in use: known by its name alone, and sold by others too."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from tests.commands import hostwise
from tests.economics.cases import costed, derived

from hostwise.economics.catalogue.candidates import every_model
from hostwise.economics.prices.sellers import made_by, model_called
from hostwise.flow.knowledge import load_knowledge

CLEAR = (
    "constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, fine_tuning: none,"
    " residency: none}\n"
)
HEAD = "workload: {name: w, task: chat}\n" + CLEAR
VOLUME = (
    "demand: {tokens_per_month: 30B, input_share: 80%, traffic_mix: interactive, traffic_shape: daily-cycle,"
    " stable: yes}\n"
)
TOGETHER = "current_api: {provider: Together AI, model: Llama-3.3-70B-Instruct-Turbo, tier: open-model}\n"
TEAM = "team: {gpu_operations: platform-team, on_call: yes}\n"


def decided(tmp_path: Path, text: str) -> str:
    file = tmp_path / "case.yaml"
    file.write_text(text)
    return " ".join(hostwise("decide", str(file), "--all").stdout.split())


def test_whoever_sells_it_for_less_is_what_own_gpus_are_held_against(tmp_path: Path) -> None:
    """$28,000 a month at Together; eight H100 for $20,000 were advised, where novita asks $6,000 for the same model."""
    said = decided(tmp_path, HEAD + VOLUME + TOGETHER + TEAM)
    assert "Managed open-model provider: Llama-3.3-70B at novita, $0.135 in and $0.40 out" in said
    assert "against staying with Together AI for Llama-3.3-70B-Instruct-Turbo" in said
    assert "Move Llama-3.3-70B-Instruct-Turbo to novita behind a router" in said
    assert "So it stays" not in said


def test_the_same_model_is_moved_and_not_evaluated() -> None:
    costing = costed(HEAD + VOLUME + TOGETHER)
    lines = {item.id: item.amount.likely for item in costing.ledgers["open-model-provider"].items}
    assert lines["input-tokens"] == 24_000 * Decimal("0.135")
    assert "migration" in lines
    assert "api-evaluation" not in lines
    facts = derived(costing)
    assert facts["open_seller"].value == "novita"
    stays = facts["open_in_use_monthly"].value
    assert isinstance(stays, Decimal)
    assert 0 < stays - 30_000 * Decimal("0.88") < 1_000


def test_where_nobody_sells_it_for_less_it_stays(tmp_path: Path) -> None:
    in_use = "current_api: {provider: novita, model: llama-3.3-70b-instruct, tier: open-model}\n"
    assert derived(costed(HEAD + VOLUME + in_use))["open_seller_moves"].value is False
    assert "So it stays" in decided(tmp_path, HEAD + VOLUME + in_use)


def test_a_bill_so_small_that_no_move_is_won_back_stays() -> None:
    small = VOLUME.replace("30B", "100M")
    assert derived(costed(HEAD + small + TOGETHER))["open_seller_moves"].value is False


R1 = "current_api: {provider: fireworks, model: deepseek-r1, tier: open-model}\n"


def test_another_open_model_of_its_class_is_evaluated_and_moved_to(tmp_path: Path) -> None:
    """DeepSeek R1 at Fireworks for $12,300 a month was told to stay: models of its class cost a tenth."""
    text = HEAD + VOLUME.replace("30B", "3B") + R1
    costing, catalogue = costed(text), load_knowledge().catalogue
    facts, ledger = derived(costing), costing.ledgers["open-model-provider"]
    assert facts["open_model_moves"].value is True
    assert (facts["open_seller_moves"].value, facts["open_model_stays"].value) == (False, False)
    assert {"api-evaluation", "migration"} <= {item.id for item in ledger.items}
    other = every_model(catalogue)[str(facts["open_model_next"].value)]
    rank = catalogue.classes.rank
    assert other.licence != "proprietary"
    assert rank(other.size_class) >= rank(every_model(catalogue)["DeepSeek-R1"].size_class)
    kept, stays = facts["open_kept_monthly"].value, facts["open_in_use_monthly"].value
    assert ledger.total is not None and isinstance(kept, Decimal) and isinstance(stays, Decimal)
    assert ledger.total.likely < kept < stays
    said = decided(tmp_path, text)
    assert "Evaluate, then move: score the model of the plan and the one in use" in said
    assert "against staying with fireworks for deepseek-r1" in said
    assert "take deepseek-r1 to" in said and "So it stays" not in said


def test_a_proprietary_model_of_its_class_is_held_against_it_too(tmp_path: Path) -> None:
    """ "Not priced: the API in use serves an open model" was all that was said of the managed API."""
    text = HEAD + VOLUME.replace("30B", "3B") + R1
    costing = costed(text)
    lines = {item.id for item in costing.ledgers["managed-api"].items}
    assert {"api-evaluation", "migration"} <= lines
    models, rank = every_model(load_knowledge().catalogue), load_knowledge().catalogue.classes.rank
    name = next(
        key for key in sorted(models, key=len, reverse=True) if costing.plans["managed-api"].best.text.startswith(key)
    )
    assert models[name].licence == "proprietary"
    assert rank(models[name].size_class) >= rank(models["DeepSeek-R1"].size_class)
    facts = derived(costing)
    assert facts["api_model_moves"].value is True
    assert facts["api_in_use_monthly"].value is None


def test_where_it_saves_the_margin_it_is_evaluated_and_moved_to(tmp_path: Path) -> None:
    """A quotation of the open model that is twenty times the list's, and no other host to go to."""
    text = HEAD + VOLUME.replace("30B", "3B") + R1 + "open_provider: {input_price: $3, output_price: $8}\n"
    said = decided(tmp_path, text)
    assert "Managed API: " in said
    assert "against staying with fireworks for deepseek-r1" in said
    assert "score what comes back against the model in use" in said
    assert "Where the model of the plan falls short, take deepseek-r1 to novita" in said
    assert "no price to stay at" not in said


@pytest.mark.parametrize(("gap", "moves"), [("7%", True), ("25%", False)])
def test_what_was_scored_and_is_too_much_worse_is_not_moved_to(gap: str, moves: bool) -> None:
    quality = f"quality: {{gap: {gap}, evaluation_items: 400}}\n"
    facts = derived(costed(HEAD + VOLUME.replace("30B", "3B") + R1 + quality))
    assert facts["open_model_moves"].value is moves
    assert facts["open_seller_moves"].value is not moves


def test_a_provider_that_is_named_with_its_model_is_what_is_held_against_it() -> None:
    named = "open_provider: {provider: avian, model: deepseek-v3.2}\n"
    facts = derived(costed(HEAD + VOLUME.replace("30B", "3B") + R1 + named))
    assert str(facts["open_model_next"].value).endswith("deepseek-v3.2")
    quoted = "open_provider: {provider: our host, model: deepseek-r1, input_price: $0.20, output_price: $0.60}\n"
    costing = costed(HEAD + VOLUME.replace("30B", "3B") + R1 + quoted)
    assert (derived(costing)["open_seller_moves"].value, derived(costing)["open_model_next"].value) == (True, None)
    lines = {item.id: item.amount.likely for item in costing.ledgers["open-model-provider"].items}
    assert lines["input-tokens"] == 2_400 * Decimal("0.20")


def test_a_model_in_no_index_moves_to_no_smaller_one() -> None:
    """No index has Llama 3.3 70B, and its class has no lower edge: the 8B of the family is no model as good as it."""
    facts, catalogue = derived(costed(HEAD + VOLUME + TOGETHER)), load_knowledge().catalogue
    other = every_model(catalogue)[str(facts["open_model_next"].value)]
    assert catalogue.classes.rank(other.size_class) > 0


def test_where_the_one_in_use_has_no_price_what_is_moved_to_is_moved_all_the_same(tmp_path: Path) -> None:
    """A model that its host does not list was priced as the cheapest of its class, as if that were in use already."""
    unlisted = "current_api: {provider: fireworks, model: deepseek-v3.1, tier: open-model}\n"
    text = HEAD + VOLUME.replace("30B", "3B") + unlisted
    costing = costed(text)
    facts = derived(costing)
    assert facts["open_in_use_monthly"].value is None
    assert facts["open_model_moves"].value or facts["open_seller_moves"].value
    assert "migration" in {item.id for item in costing.ledgers["open-model-provider"].items}
    file = tmp_path / "case.yaml"
    file.write_text(text)
    assert "no price is known for 'deepseek-v3.1'" in hostwise("check", str(file)).stderr


BILLED = "current_api: {provider: fireworks, model: deepseek-v3.1, tier: open-model, spend_per_month: $300}\n"


def test_a_bill_that_is_less_than_anything_else_stays_and_is_told(tmp_path: Path) -> None:
    """Nobody lists the model at its host: what is billed for it was a plan without words, and a traceback."""
    text = HEAD + VOLUME.replace("30B", "3B") + BILLED
    said = decided(tmp_path, text)
    assert "Managed open-model provider: deepseek-v3.1 at Fireworks, as it is billed." in said
    assert "So it stays" in said
    nobody_sells = text.replace("provider: fireworks, model: deepseek-v3.1", "model: MiMo-7B")
    assert "Managed open-model provider: MiMo-7B, as it is billed." in decided(tmp_path, nobody_sells)


@pytest.mark.parametrize("tuned", ["provider-service", "own-weights"])
def test_what_was_tuned_there_is_not_sold_elsewhere(tuned: str) -> None:
    text = HEAD.replace("fine_tuning: none", f"fine_tuning: {tuned}") + VOLUME + TOGETHER
    assert derived(costed(text))["open_seller"].value is None


def test_a_model_that_is_named_tells_that_it_is_open(tmp_path: Path) -> None:
    """A Llama at Groq was called a managed API of its vendor's own, and "the other proprietary model" its rival."""
    unsaid = TOGETHER.replace(", tier: open-model", "")
    one, other = (decided(tmp_path, HEAD + VOLUME + api + TEAM) for api in (TOGETHER, unsaid))
    assert one == other
    proprietary = TOGETHER.replace("Together AI", "openai").replace("Llama-3.3-70B-Instruct-Turbo", "gpt-5.4")
    assert "Managed API: " in decided(tmp_path, HEAD + VOLUME + proprietary.replace(", tier: open-model", ""))


@pytest.mark.parametrize(
    "api", ["provider: mistral, model: mistral-large-2512", "provider: deepseek, model: deepseek-v4-pro"]
)
def test_at_its_makers_own_api_it_competes_as_any_other(api: str) -> None:
    costing = costed(HEAD + VOLUME + f"current_api: {{{api}}}\n")
    assert costing.ledgers["managed-api"].priced
    assert derived(costing)["open_seller_moves"].value is False


def test_so_it_does_in_a_portfolio(tmp_path: Path) -> None:
    for name, api in (("said", TOGETHER), ("unsaid", TOGETHER.replace(", tier: open-model", ""))):
        (tmp_path / f"{name}.yaml").write_text(HEAD + VOLUME + api + TEAM)
    hostwise("decide", str(tmp_path), "-o", str(tmp_path / "out.csv"))
    with (tmp_path / "out.csv").open() as file:
        said, unsaid = csv.DictReader(file)
    alike = [key for key in said if said[key] != unsaid[key]]
    assert said["verdict"] == "open-model-provider"
    assert alike == ["row"] or not alike, alike


def test_what_follows_from_the_name_is_no_answer_to_change(tmp_path: Path) -> None:
    """ "If tier of the model today were mid instead of open-model" was said of a Llama."""
    file, report = tmp_path / "case.yaml", tmp_path / "case.md"
    file.write_text(HEAD + VOLUME + TOGETHER.replace(", tier: open-model", "") + TEAM)
    hostwise("report", str(file), "--for", "engineering", "-o", str(report))
    said = report.read_text()
    assert "tier of the model today" not in said
    assert "Nothing to prove of the model in use" in said


@pytest.mark.parametrize(("seller", "model"), [("zai", "glm-5.2"), ("deepseek", "deepseek-v4-flash")])
def test_at_its_maker_a_model_competes_with_others_as_any_does(seller: str, model: str) -> None:
    """Z.ai is `zai` in the price list: a team there was told to move the same model for a hundredth less."""
    catalogue = load_knowledge().catalogue
    key = model_called(model, catalogue)
    assert key is not None
    assert made_by(every_model(catalogue)[key], seller)
    assert not made_by(every_model(catalogue)[key], "doubleword")
