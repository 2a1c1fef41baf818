"""What a verdict saves is said against what runs today: the model in use, also where the API's own plan leaves it."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from tests.answers.test_doubts import BASE

from hostwise.reading.numbers.number_format import format_money
from hostwise.record.decide import answers_from_text, decide, first_answer
from hostwise.report.page.html import html_report
from hostwise.report.page.markdown import markdown_report
from hostwise.report.terminal.decision import decision_text

IN_USE = "current_api: {provider: openai, model: gpt-4o, tier: frontier}\n"


def screen(text: str) -> str:
    return " ".join(decision_text(first_answer(answers_from_text(text, "w.yaml"))).split())


def test_against_the_model_in_use_where_the_api_would_take_another() -> None:
    record = first_answer(answers_from_text(BASE, "w.yaml"))
    facts = {fact.name: fact for fact in record.facts}
    assert facts["api_model_moves"].value is True
    chosen = next(ledger for ledger in record.ledgers if ledger.option == record.verdict.option)
    staying = facts["api_in_use_monthly"]
    assert chosen.total is not None and staying.high is not None and staying.low is not None
    text = " ".join(decision_text(record).split())
    said = text.split("Saves ")[1].split(" (")[0]
    against = "against staying on gpt-4o and, once it leaves its API, on GPT-6.1 Sol, reckoned at 4× the output that is"
    assert f"{against} counted today (today: $" in text  # more may be saved than is paid today
    low, high = staying.low - chosen.total.high, staying.high - chosen.total.low
    assert low < float(said.replace("$", "").replace(",", "")) < high
    api = next(ledger for ledger in record.ledgers if ledger.option == "managed-api")
    assert api.total is not None
    assert said != format_money(api.total.likely - chosen.total.likely, "USD")


def test_nothing_runs_today_where_nobody_says_so() -> None:
    text = screen(BASE.replace(IN_USE, ""))
    assert "what runs today" not in text


GROWS = """workload: {name: w, task: chat, stage: production}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {tokens_per_month: 150M, input_share: 75%, growth_per_month: 20%, traffic_mix: interactive, stable: no}
current_api: {provider: anthropic, model: claude-haiku-4-5}
team: {gpu_operations: none}
"""


def test_a_growth_that_turns_the_year_is_said_beside_todays_volume() -> None:
    """At 20% a month a provider costs a third less over the year, and the API "saved $1,946 in twelve months"."""
    text = screen(GROWS)
    assert "at today's volume in twelve months" in text
    assert "The growth that is stated, 20% a month, is not in the verdict" in text
    assert "Managed open-model provider costs $4," in text and "447.9M tokens a month" in text
    still = screen(GROWS.replace("20%", "0%"))
    assert "growth that is stated" not in still and "today's volume" not in still
    slow = screen(GROWS.replace("20%", "1%"))
    assert "growth that is stated" not in slow and "at today's volume in twelve months" in slow


OPEN_IN_USE = """workload: {name: w, task: TASK, stage: production}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {DEMAND}
current_api: {IN_USE}
"""


@pytest.mark.parametrize(
    ("task", "demand", "in_use", "moves", "saving"),
    [
        (
            "agents",
            "tokens_per_day: 170M, input_share: 92%, cached_input_share: 70%",
            "provider: openrouter, model: deepseek-v3.2, spend_per_month: 1100 USD",
            "open_model_moves",
            "open_move_saving",
        ),
        (
            "chat",
            "tokens_per_day: 1B, input_share: 80%",
            "provider: together, model: Llama-3.3-70B",
            "open_seller_moves",
            "open_seller_saving",
        ),
    ],
)
def test_what_leaving_an_open_model_or_its_seller_saves_has_its_band(
    task: str, demand: str, in_use: str, moves: str, saving: str
) -> None:
    """It was one figure, "Saves $234 a month", between costs of which each has a band."""
    text = OPEN_IN_USE.replace("TASK", task).replace("DEMAND", demand).replace("IN_USE", in_use)
    record = first_answer(answers_from_text(text, "w.yaml"))
    facts = {fact.name: fact for fact in record.facts}
    assert facts[moves].value is True
    found = facts[saving]
    assert found.low is not None and found.high is not None and found.low < float(str(found.value)) < found.high
    chosen = next(ledger for ledger in record.ledgers if ledger.option == record.verdict.option)
    assert chosen.total is not None
    apart = Decimal(str(facts["open_in_use_monthly"].value)) - chosen.total.likely
    assert abs(Decimal(str(found.value)) - apart) < Decimal("0.02")
    band = f"{format_money(found.low, 'USD')} to {format_money(found.high, 'USD')}"
    assert f"Saves {format_money(apart, 'USD')} ({band}) a month" in " ".join(decision_text(record).split())


def test_a_saving_that_hangs_on_the_model_says_its_chance() -> None:
    """It was said without a word of the third of the futures in which the model is not good enough, and nothing is."""
    text = screen(BASE)
    chance = re.search(r"That is if the model proves good enough, a chance of about ([\d.]+)%\.", text)
    record = first_answer(answers_from_text(BASE, "w.yaml"))
    good = next(fact for fact in record.facts if fact.name == "two_steps.good")
    assert chance and good.shown == f"{chance[1]}%" and 0 < float(str(good.value)) < 1
    page = re.sub(r"<[^>]+>", "", html_report(decide(answers_from_text(BASE, "w.yaml"))))
    assert re.search(r"\sThat is if the model proves good enough", page)
    assert "proves good enough" not in screen(BASE.replace(IN_USE, ""))  # nothing in use: nothing to leave
    same = OPEN_IN_USE.replace("TASK", "chat").replace("DEMAND", "tokens_per_day: 1B, input_share: 80%")
    assert "proves good enough" not in screen(same.replace("IN_USE", "provider: together, model: Llama-3.3-70B"))


SAME = """workload: {name: w, task: classification, stage: production}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {tokens_per_day: 50B, input_share: 90%, stable: yes, traffic_mix: interactive, traffic_shape: steady}
current_api: {provider: fireworks, model: gpt-oss-120b}
self_host: {model: MODEL}
team: {gpu_operations: platform-team, on_call: yes, security_ready: yes, existing_ml_platform: yes}
"""


def test_the_model_in_use_needs_no_evaluation_where_it_is_hosted_instead() -> None:
    """Its own answers were to be scored against themselves, and to fall short in one of six futures."""
    text = screen(SAME.replace("MODEL", "gpt-oss-120b"))
    assert "Compare the answers of both on some fifty real inputs" in text
    assert "Score the open model" not in text and "falls short" not in text and "quality gap" not in text
    other = screen(SAME.replace("MODEL", "gpt-oss-20b"))
    assert "Compare the answers of both" not in other


def test_a_year_is_said_of_no_shorter_horizon() -> None:
    """What is paid once was spread over one month, and that month counted twelve times."""
    text = BASE.replace(IN_USE, "current_api: {provider: openai, model: gpt-4.1-mini}\n")
    for months, said in ((1, "in the one month looked at)"), (6, "in 6 months)"), (36, "in twelve months)")):
        shown = screen(f"{text}economics: {{horizon_months: {months}}}\n")
        assert said in shown and ("in twelve months" in shown) == (months == 36), shown


def test_a_currency_that_is_only_wanted_needs_no_rate() -> None:
    """A report in euros, with no amount in them, waited for a rate: amounts are said in dollars, and that is said."""
    text = BASE.replace("workload: {name: A,", "workload: {name: A, currency: EUR,")
    record = first_answer(answers_from_text(text, "w.yaml"))
    assert record.verdict.option == first_answer(answers_from_text(BASE, "w.yaml")).verdict.option
    assert {ledger.currency for ledger in record.ledgers} == {"USD"}
    shown = " ".join(decision_text(record).split())
    assert "Saves $" in shown and "€" not in shown and "no exchange rate for EUR: amounts are said in dollars" in shown
    paid = text.replace("model: gpt-4o,", "model: gpt-4o, spend_per_month: 300,")
    assert "nothing in it can be compared with dollars" in " ".join(screen(paid).split())


def test_markdown_begins_with_the_plan_the_saving_and_the_first_step() -> None:
    """It named the option, and neither its model, its seller nor what comes first; and volumes without their unit."""
    record = first_answer(answers_from_text(BASE, "w.yaml"))
    shown = markdown_report(record).replace("\\", "")
    top = shown.split("## Context")[0]
    assert record.verdict.chosen_plan and record.verdict.chosen_plan in top
    assert "Saves $" in top and "First: " in top and "tokens a month." in shown
    once = markdown_report(first_answer(answers_from_text(BASE.replace("stable: true", "runs_once: true"), "w.yaml")))
    assert "tokens that runs once." in once and "tokens a month." not in once
    assert "| The job |" in once and "| A month |" in shown


def test_how_much_a_model_writes_is_a_number_of_its_language() -> None:
    """A German page had 4.0-mal, where a point parts thousands."""
    text = BASE.replace("quality: {gap: 3%, evaluation_items: 200, load_test_done: yes}\n", "")
    text = text.replace(IN_USE, "").replace("external_processing: allowed", "external_processing: forbidden")
    german = decision_text(first_answer(answers_from_text(text, "w.yaml")), language="de")
    assert re.search(r"schreibt etwa \d+(,\d)?-mal so", " ".join(german.split())), german


INSIDE = """workload: {name: w, task: code, stage: pilot}
constraints: {external_processing: forbidden, air_gapped: yes, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {developers: 80, coding_use: agents, stable: yes, traffic_mix: interactive}
self_host: {model: Qwen3-Coder-480B, gpu: H200, purchase: owned}
team: {gpu_operations: platform-team, on_call: yes}
"""


def test_servers_are_held_against_no_phone() -> None:
    """Four H200 for eighty developers cost more "than On the device, the cheapest of what is ruled out"."""
    text = screen(INSIDE)
    assert "than On the device" not in text
    assert ", the cheapest of what is ruled out" in text


UNNAMED = """workload: {name: w, task: other, stage: pilot}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {tokens_per_month: 3.3B, input_share: 80%, traffic_mix: interactive}
current_api: {tier: mid, spend_per_month: $5k}
"""


def test_a_model_that_nobody_named_is_not_called_unknown() -> None:
    text = decision_text(first_answer(answers_from_text(UNNAMED, "w.yaml")), everything=True)
    said = " ".join(text.split())
    assert "with the move counted, staying $5," in said
    assert "unknown $" not in said


AT_AZURE = """workload: {name: w, task: chat, stage: production}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {tokens_per_month: 2B, input_share: 80%, traffic_mix: interactive}
current_api: {provider: Azure OpenAI, model: MODEL}
"""


def test_the_day_on_which_a_model_ends_at_its_maker_is_no_other_sellers() -> None:
    said = " ".join(
        decision_text(
            first_answer(answers_from_text(AT_AZURE.replace("MODEL", "gpt-4o"), "w.yaml")), everything=True
        ).split()
    )
    assert "Ask Azure OpenAI on which day gpt-4o ends there" in said
    openai = AT_AZURE.replace("MODEL", "gpt-4o").replace("Azure OpenAI", "OpenAI")
    assert "ends there" not in decision_text(first_answer(answers_from_text(openai, "w.yaml")), everything=True)


def test_what_has_left_its_makers_api_may_run_elsewhere() -> None:
    gone, runs = (
        first_answer(answers_from_text(AT_AZURE.replace("MODEL", "o4-mini").replace("Azure OpenAI", seller), "w.yaml"))
        for seller in ("OpenAI", "Azure OpenAI")
    )
    staying = [{fact.name: fact.value for fact in record.facts}["api_in_use_monthly"] for record in (gone, runs)]
    assert staying[0] is None and staying[1] is not None


WIDE_VOLUME = """workload: {name: w, task: chat, stage: production}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {tokens_per_day: VOLUME, input_share: 75%}
current_api: {provider: anthropic, model: claude-haiku-4-5, input_price: $1, output_price: $5}
team: {gpu_operations: none}
quality: {gap: GAP, evaluation_items: 400}
"""


@pytest.mark.parametrize(
    ("gap", "sentence"),
    [
        ("1%", "The range holds in at least nine of ten plausible futures."),
        ("15%", "If it does, the range holds in at least nine of ten plausible futures."),
    ],
)
def test_a_volume_that_makes_both_dear_is_no_doubt_about_what_is_saved(gap: str, sentence: str) -> None:
    """At 20M to 90M a day it read −$1,277 to $6,580 a month, as if the one were cheap when the other is dear."""
    text = WIDE_VOLUME.replace("GAP", gap)
    wide = text.replace("VOLUME", "20M..90M")
    ends = re.findall(r"Saves \$[\d,]+ \((−?\$[\d,.]+) to (−?\$[\d,.]+) in nine of ten futures\) a month", screen(wide))
    page = re.sub("<[^>]+>", " ", html_report(decide(answers_from_text(wide, "w.yaml"))))
    assert sentence in " ".join(page.split())
    low, high = map(_amount, ends[0])
    assert 0 < low < high
    for volume in ("35M", "65M"):
        alone = re.findall(r"Saves (\$[\d,]+) \(", screen(text.replace("VOLUME", volume)))[0]
        assert low <= _amount(alone) <= high


def _amount(shown: str) -> Decimal:
    return Decimal(re.sub(r"[$,]", "", shown).replace("−", "-"))
