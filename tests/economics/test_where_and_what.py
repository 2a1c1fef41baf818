"""Models, sellers and machines that may do the work: where images are read, data must stay, or a job runs once."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.commands import hostwise
from tests.economics.cases import catalogue, costed, derived

from hostwise.economics.catalogue.candidates import every_model
from hostwise.economics.costing import Costing
from hostwise.economics.prices.price import TokenPrice
from hostwise.reading.findings.diagnostics import InputError

HEAD = "workload: {name: w, task: extraction}\n"
CLEAR = (
    "constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, fine_tuning: none,"
    " residency: RESIDENCY}\n"
)
VOLUME = "demand: {tokens_per_month: 6B, traffic_mix: interactive}\n"


def case(more: str, demand: str = VOLUME, residency: str = "none", head: str = HEAD) -> Costing:
    return costed(head + CLEAR.replace("RESIDENCY", residency) + demand + more)


def plans_of(costing: Costing, option: str) -> list[str]:
    found = costing.plans[option]
    return [plan.text for plan in (found.best, *found.others, *found.front) if plan is not None]


@pytest.mark.parametrize(
    "demand", ["images_per_day: 40000", "pages_per_day: 90000, page_form: scan", "documents_per_day: 9, "
               "pages_per_document: 4, page_form: scan"],
)  # fmt: skip
def test_where_images_are_read_only_models_that_read_them_compete(demand: str) -> None:
    """Photographs were sent to Ministral, and scans to Nemotron, which read text alone."""
    costing = case("current_api: {provider: openai, model: gpt-4o}\n", f"demand: {{{demand}}}\n")
    reads = [key for key, model in every_model(catalogue()).items() if model.kind == "vision"]
    for option in ("open-model-provider", "self-host-cloud", "self-host-owned"):
        for text in plans_of(costing, option):
            assert any(text.startswith(f"{key} ") for key in reads), text


def test_text_of_a_page_may_go_to_any_model() -> None:
    demand = "demand: {pages_per_day: 90000, page_form: text}\n"
    costing = case("current_api: {provider: openai, model: gpt-5-mini}\n", demand)
    reads = [key for key, model in every_model(catalogue()).items() if model.kind == "vision"]
    texts = plans_of(costing, "open-model-provider")
    assert any(not any(text.startswith(f"{key} ") for key in reads) for text in texts), texts


RULE = "met-by-provider-region"
"""What says that data must stay in a region."""
DEEPSEEK = "current_api: {provider: deepseek, model: deepseek-v4-flash}\n"


def test_what_a_seller_processes_in_one_country_alone_stays_at_no_other() -> None:
    """Data that had to stay in Europe was left at an API that processes all of it in China."""
    costing = case(DEEPSEEK, residency=RULE)
    assert derived(costing)["api_in_use_monthly"].value is None
    for option in ("managed-api", "open-model-provider"):
        assert costing.ledgers[option].priced and not any("deepseek," in t for t in plans_of(costing, option))


def test_it_meets_the_rule_of_its_own_country() -> None:
    own = "workload: {name: w, task: extraction, currency: CNY}\n"
    rate = "economics: {exchange_rates: {CNY: {rate: 0.14, as_of: 2026-11-01}}}\n"
    facts = derived(case(DEEPSEEK + rate, residency=RULE, head=own))
    assert facts["api_in_use_monthly"].value is not None


def test_without_a_rule_it_stays() -> None:
    assert derived(case(DEEPSEEK))["api_in_use_monthly"].value is not None


def test_what_keeps_data_in_one_country_is_not_searched_for_another() -> None:
    """A region of Anthropic's own API is one of the United States."""
    euros = "workload: {name: w, task: extraction, currency: EUR}\n"
    rate = "economics: {exchange_rates: {EUR: {rate: 1.15, as_of: 2026-11-01}}}\n"
    used = "current_api: {provider: openai, model: gpt-5-mini}\n" + rate
    sold = {each: plans_of(case(used, residency=each, head=euros), "managed-api") for each in ("none", RULE)}
    assert any(" at Anthropic," in text for text in sold["none"])
    assert not any(" at Anthropic," in text for text in sold[RULE])
    own = "current_api: {provider: anthropic, model: claude-haiku-4-5}\n" + rate
    assert derived(case(own, residency=RULE, head=euros))["api_in_use_monthly"].value is not None


def test_what_is_processed_in_any_region_is_no_plan() -> None:
    """AWS asks a tenth more for a region, and its price for any of them was taken."""
    everywhere = catalogue().sellers["aws"].anywhere
    assert everywhere == "global."
    sold = {each: case("current_api: {provider: openai, model: gpt-4o}\n", residency=each) for each in
            ("none", RULE)}  # fmt: skip
    texts = {each: " ".join(plans_of(costing, "managed-api")) for each, costing in sold.items()}
    assert "AWS Bedrock, $0.10 in" in texts["none"] and "AWS Bedrock, $0.10 in" not in texts[RULE]


def test_a_model_that_left_its_api_gives_way_though_no_index_has_it() -> None:
    """The decision waited for "model today", which was answered: Claude Sonnet 4 left in June."""
    costing = case("current_api: {provider: anthropic, model: claude-sonnet-4}\n")
    assert costing.ledgers["managed-api"].priced
    assert derived(costing)["api_in_use_monthly"].value is None


def test_an_open_model_in_use_competes_with_closed_ones_of_its_class() -> None:
    used = "current_api: {provider: fireworks, model: deepseek-v4-pro}\n"
    for said in (used, used.replace("}", ", tier: open-model}")):
        assert derived(case(said))["api_model_moves"].value is True


def test_a_job_that_runs_once_runs_before_its_model_leaves() -> None:
    """It was charged with the evaluation of a replacement, and with its price for nine days."""
    job = "demand: {tokens_per_month: 3B, input_share: 80%, runs_once: yes}\n"
    costing = case("current_api: {provider: openai, model: gpt-5-mini}\n", job)
    lines = {item.id: item.amount.likely for item in costing.ledgers["managed-api"].items}
    assert "replacement-evaluation" not in lines
    assert lines["input-tokens"] == 2400 * Decimal("0.25") / 2 and lines["output-tokens"] == 600 * Decimal(2) / 2
    assert derived(costing)["api_model_leaves"].value is False


def test_a_machine_for_a_desk_is_no_plan_of_a_service_unless_it_is_named() -> None:
    """A hospital's discharge letters were to run on one DGX Spark."""
    shut = CLEAR.replace("allowed", "forbidden").replace("air_gapped: no", "air_gapped: yes")
    own = "self_host: {purchase: owned, PLUS}\n"
    for plus, expected in (("model: gpt-oss-20b", False), ("model: gpt-oss-20b, gpu: DGX Spark", True)):
        text = (
            HEAD + shut.replace("RESIDENCY", "none") + "demand: {tokens_per_month: 100M}\n" + own.replace("PLUS", plus)
        )
        texts = plans_of(costed(text), "self-host-owned")
        assert any("DGX Spark" in each for each in texts) is expected, texts


def test_a_card_without_bf16_serves_sixteen_bits_as_fp16() -> None:
    tuned = "constraints: {fine_tuning: own-weights}\n"
    text = HEAD + tuned + "demand: {tokens_per_month: 54M}\nself_host: {model: Llama-3.1-8B, gpu: GPU}\n"
    for gpu, precision in (("T4", "fp16"), ("A10G", "bf16")):
        best = costed(text.replace("GPU}", f"{gpu}}}")).plans["self-host-cloud"].best
        assert best is not None and f" in {precision} on " in best.text


HOSTED = {
    # self_host.model, more answers → what a check says of it, and whether it refuses
    ("Llama-3.1-8B", "demand: {chat_users: 900M}"): (
        "needs the maker's written agreement: above 700,000,000 monthly users", False),
    ("Llama-3.1-8B", "demand: {chat_users: 9M}"): ("", False),
    ("Llama-4-Maverick", "constraints: {based_in_eu: yes}"): ("to companies of the European Union", False),
    ("MiniMax-M2.7", ""): ("(MiniMax non-commercial) needs the maker's written agreement", False),
    ("Command-A", ""): ("no GPU can be sized for it, and the licence (CC-BY-NC) forbids the use", True),
    ("Devstral-2-123B", "constraints: {revenue: above-10b}"): ("forbids the use: above $240,000,000 revenue", True),
    ("Mistral-Small-4", ""): ("its shape is not in the catalogue, so no GPU can be sized for it (found", True),
    ("GPT-5.4", ""): ("its maker hands on no weights: it cannot be hosted", True),
}  # fmt: skip


@pytest.mark.parametrize(("model", "more"), HOSTED)
def test_what_may_not_or_cannot_be_hosted_is_said_where_it_is_named(model: str, more: str, tmp_path: Path) -> None:
    """A research licence was "not in the catalogue", and a messenger of 900M users was not told of Llama's limit."""
    said, refused = HOSTED[model, more]
    file = tmp_path / "a.yaml"
    file.write_text(f"{HEAD}self_host: {{model: {model}}}\n{more}\n", encoding="utf-8")
    found = hostwise("check", str(file))
    text = " ".join((found.stdout + found.stderr).split())
    assert (said in text) if said else "licence" not in text
    assert (found.returncode != 0) is refused


def test_a_bill_in_lakh_is_one_and_a_bill_alone_asks_for_the_model(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    rate = "economics: {exchange_rates: {INR: {rate: 0.0116, as_of: 2026-11-01}}}\n"
    for bill in ("₹14 lakh", "INR 0.14 crore"):
        text = (
            f"workload: {{name: w, currency: INR}}\ncurrent_api: {{provider: openai, spend_per_month: {bill}}}\n{rate}"
        )
        file.write_text(text, encoding="utf-8")
        said = " ".join(hostwise("check", str(file)).stdout.split())
        assert "bill ₹1,400,000 a month" in said and "(with current_api.model it does)" in said


def test_a_speed_that_was_measured_on_nothing_named_is_that_of_the_open_model_in_use() -> None:
    """GLM-5.2 was in use, and its speed on eight H200 was taken for that of Llama-3.3-70B, two classes below."""
    own = "self_host: {throughput: 12000, gpu: H200, gpus_per_replica: 8}\n"
    for used, model in (("zai, model: glm-5.2", "GLM-5.2"), ("openai, model: gpt-5.2", "Llama-3.3-70B")):
        best = case(f"current_api: {{provider: {used}}}\n{own}").plans["self-host-cloud"].best
        assert best is not None and best.text.startswith(f"{model} ")


@pytest.mark.parametrize("model", ["Kimi-K3", "DeepSeek-V4.1-Flash", "Mistral-Large-3", "GLM-5.3-Flash"])
def test_an_open_model_named_for_a_provider_is_priced_there_though_no_gpu_can_be_sized_for_it(model: str) -> None:
    """Twenty-four open models were passed over without a word: who named Kimi K3 was shown the price of another."""
    costing = case(f"current_api: {{provider: openai, model: gpt-5.4}}\nopen_provider: {{model: {model}}}\n")
    texts = plans_of(costing, "open-model-provider")
    assert texts and all(text.startswith(f"{model} ") for text in texts), texts
    own = "self_host: {model: gpt-oss-120b}\n"
    both = case(f"current_api: {{provider: openai, model: gpt-5.4}}\nopen_provider: {{model: {model}}}\n{own}")
    assert plans_of(both, "open-model-provider")[0].startswith(f"{model} ")
    assert plans_of(both, "self-host-cloud")[0].startswith("gpt-oss-120b ")


@pytest.mark.parametrize(
    "written",
    ["model: Mistral-Large-3", "model: Gemini 3.1 Pro", "model: Mistral-Small-3.2",
     "provider: aws, model: claude-haiku-4-5"],
)  # fmt: skip
def test_a_name_of_the_catalogue_is_one(written: str) -> None:
    """Names that `hostwise catalogue models` prints were refused, and a cloud's model beside one without a price."""
    assert derived(case(f"current_api: {{{written}}}\n"))["api_in_use_monthly"].value is not None


def test_the_open_model_in_use_is_known_as_the_one_that_is_named() -> None:
    used = "current_api: {provider: fireworks, model: gpt-oss-120b}\n"
    named = {"gpt-oss-120b": True, "gpt-oss-20b": False}
    for model, same in named.items():
        assert derived(case(f"{used}self_host: {{model: {model}}}\n"))["same_model"].value is same
    assert derived(case(used))["same_model"].value is None


DUTIES = {
    "Llama-3.3-70B": 'show "Built with Llama", and keep Llama in the name of a model that is made from it'
    " (Llama 3.3 Community)",
    "Gemma-3-12B": "keep to the policy of prohibited uses, and pass it on with every copy (Gemma Terms)",
    "gpt-oss-120b": None,
    "Qwen3-32B": None,
}


@pytest.mark.parametrize("model", DUTIES)
def test_what_a_licence_asks_of_everybody_is_a_condition(model: str, tmp_path: Path) -> None:
    """Duties stood in the catalogue, and were printed nowhere."""
    forbidden = CLEAR.replace("RESIDENCY", "none").replace(
        "external_processing: allowed", "external_processing: forbidden"
    )
    (tmp_path / "a.yaml").write_text(
        HEAD + forbidden + VOLUME + f"self_host: {{model: {model}}}\nteam: {{gpu_operations: part-time}}\n", "utf-8"
    )
    shown = " ".join(hostwise("decide", "--all", str(tmp_path / "a.yaml")).stdout.split())
    asked = DUTIES[model]
    assert (f"do what it asks: {asked}." in shown) if asked else "read the licence" not in shown


OPEN_BUT_SHAPELESS = "self_host: {model: Gemma-4-E4B, precision: int4}\n"


def test_a_model_on_devices_needs_no_shape_but_room_for_its_weights() -> None:
    """Nobody can size a GPU for it, and no GPU is asked for: it was refused all the same."""
    head = HEAD + CLEAR.replace("RESIDENCY", "none")
    costing = costed(head.replace("edge_or_offline: no", "edge_or_offline: yes") + VOLUME + OPEN_BUT_SHAPELESS)
    assert plans_of(costing, "edge") == ["Gemma-4-E4B in int4 on each device, 4 GB of weights"]
    assert derived(costing)["device_fit"].value is True
    assert not costing.ledgers["self-host-owned"].priced
    with pytest.raises(InputError, match="its shape is not in the catalogue"):
        costed(head + VOLUME + OPEN_BUT_SHAPELESS)


@pytest.mark.parametrize(
    ("demand", "said"), [("batch", True), ("mixed, batch_share: 40%", True), ("interactive", False)]
)
def test_a_price_says_what_is_taken_off_for_work_that_may_wait(demand: str, said: bool) -> None:
    """Half of it was billed, and all of it printed."""
    volume = f"demand: {{tokens_per_month: 6B, traffic_mix: {demand}}}\n"
    (text, *_) = plans_of(case("current_api: {provider: openai, model: gpt-5.4-mini}\n", volume), "managed-api")
    assert ("50% less for what may wait" in text) == said, text


def test_where_data_must_stay_in_a_region_a_seller_of_unknown_seat_is_not_searched() -> None:
    """A bank's chat was sent to a host of which nobody knows where it is; without the rule it may be the cheapest."""
    used = "current_api: {provider: anthropic, model: claude-haiku-4-5}\n"
    free, bound = case(used), case(used, residency=RULE)
    seats = catalogue().sellers
    assert not seats["novita"].home and any(" at novita" in text for text in plans_of(free, "open-model-provider"))
    assert not any(" at novita" in text for text in plans_of(bound, "open-model-provider"))
    assert bound.ledgers["open-model-provider"].priced


NAMED = "current_api: {provider: openai, model: gpt-5.2}\nopen_provider: {provider: SELLER}\n"


@pytest.mark.parametrize("residency", ["none", RULE])
def test_who_names_a_seller_alone_answers_for_its_region(residency: str) -> None:
    """Where its seat is not known, a model that was named with it was priced and one that was searched for was not."""
    texts = plans_of(case(NAMED.replace("SELLER", "novita"), residency=residency), "open-model-provider")
    assert texts and all(" at novita, " in text for text in texts)


@pytest.mark.parametrize(
    ("seller", "why"),
    [
        ("deepseek", "deepseek processes what it is sent in China alone, and the data must stay in a region."),
        ("zhipuai", "zhipuai processes what it is sent in China alone, and the data must stay in a region."),
        ("groq", "groq is not known to sell an open model of the class asked for."),
    ],
)
def test_a_seller_that_sells_nothing_of_the_class_is_told_so(seller: str, why: str) -> None:
    """It said that no model is named, and asked for the price of input."""
    costing = case(NAMED.replace("SELLER", seller), residency=RULE)
    assert costing.ledgers["open-model-provider"].why_not == why


def test_a_seller_alone_is_asked_about_as_one_with_a_model_is(tmp_path: Path) -> None:
    file = tmp_path / "q.yaml"
    text = HEAD + CLEAR.replace("RESIDENCY", "none") + VOLUME + NAMED
    said = {}
    for seller in ("Groq", "grok", "acme", "cloud"):
        file.write_text(text.replace("SELLER", seller), encoding="utf-8")
        run = hostwise("check", str(file))
        said[seller] = run.stdout + run.stderr
    assert ": fine." in said["Groq"]
    assert "did you mean 'Groq'?" in said["grok"]
    assert "5:27: warning: no price list has a seller acme: whoever sells an open model for least" in said["acme"]
    assert "5:27: error: open_provider.provider: 'cloud' may mean one of several" in said["cloud"]
    assert "google, ovhcloud" in said["cloud"]


def restated(head: str, demand: str, more: str) -> tuple[Costing, Costing]:
    """What a provider competes with, and the same with the names that its plan prints written into the answers."""
    first = case(more, demand, head=head)
    price = first.prices["open-model-provider"]
    assert isinstance(price, TokenPrice)
    named = f"open_provider: {{model: {price.model}, provider: {price.seller}}}\n"
    return first, case(more + named, demand, head=head)


@pytest.mark.parametrize(
    ("demand", "more"),
    [
        (VOLUME, "current_api: {provider: openai, model: gpt-5.2}\n"),  # a seller with two listings of its model
        (VOLUME, "current_api: {provider: openai, model: gpt-5-nano}\n"),
        ("demand: {documents_per_day: 300, pages_per_document: 12, page_form: text}\n", ""),  # nothing runs yet
    ],
)
def test_a_plan_is_the_same_where_its_names_are_written_down(demand: str, more: str) -> None:
    """It cost up to half more, or had no price; and reasoning was left out of answers that nobody had measured."""
    first, again = restated(HEAD, demand, more)
    option = "open-model-provider"
    assert first.ledgers[option].total == again.ledgers[option].total
    assert plans_of(first, option)[0] == plans_of(again, option)[0]


def test_the_id_of_one_listing_is_that_listing() -> None:
    more = "current_api: {provider: openai, model: gpt-5.2}\nopen_provider: {provider: doubleword, model: NAME}\n"
    whole = case(more.replace("NAME", "DeepSeek-V4-Flash")).prices["open-model-provider"]
    one = case(more.replace("NAME", "deepseek-ai/DeepSeek-V4-Flash")).prices["open-model-provider"]
    assert isinstance(whole, TokenPrice) and isinstance(one, TokenPrice)
    assert one.model == "deepseek-ai/DeepSeek-V4-Flash" and one.input.likely > whole.input.likely
