"""What one page says agrees: headline, first step, reasons and advice of questionnaires as people fill them in."""

from __future__ import annotations

from hostwise.record.decide import answers_from_text, first_answer
from hostwise.record.format.record import Record
from hostwise.report.terminal.decision import decision_text

OPEN = "{external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: FINE}"
CASE = f"""
workload: {{name: w, task: TASK, stage: production}}
constraints: {OPEN}
demand: {{tokens_per_month: VOLUME, input_share: 90%, traffic_mix: MIX, stable: yes}}
"""
TEAM = "team: {gpu_operations: platform-team, on_call: yes, security_ready: yes}\n"


def decided(
    more: str, task: str = "rag", volume: str = "6B", mix: str = "interactive", fine: str = "none", day: str = ""
) -> Record:
    """A questionnaire of a service in production, decided on the rulebook's day or another."""
    case = CASE.replace("name: w,", f"name: w, as_of: {day},") if day else CASE
    text = case.replace("TASK", task).replace("VOLUME", volume).replace("MIX", mix).replace("FINE", fine)
    return first_answer(answers_from_text(text + more, "w.yaml"), engine="reference")


def said(record: Record) -> str:
    """Everything that the terminal says, on one line."""
    return " ".join(decision_text(record, everything=True).split())


def test_what_replaces_a_model_that_leaves_is_reckoned_as_it_is_priced() -> None:
    """The plan moved to Luna without reasoning, against staying "on GPT-6 Luna, reckoned at 8.1× the output": one model
    with two outputs on one page."""
    text = said(decided("current_api: {model: gpt-4.1-mini}\n", "summarisation", "60B", "batch"))
    assert "Managed API: GPT-6 Luna without reasoning at OpenAI" in text
    assert "once it leaves its API, on GPT-6 Luna without reasoning (today" in text and "reckoned at" not in text
    text = said(decided("current_api: {model: gpt-4o}\n", "chat", "13.7B"))
    assert "on GPT-6.1 Sol, reckoned at 4× the output that is counted today" in text


def test_the_evaluation_of_a_replacement_comes_before_what_lowers_the_bill() -> None:
    """It came after prompt caching, 55 days before the model in use leaves."""
    record = decided("current_api: {model: gpt-4o-mini}\n", "classification", "3B")
    text = said(record)
    assert record.verdict.option == "managed-api" and "until 2027-01-14; then GPT-6 Luna" in text
    assert "First: Evaluate what replaces gpt-4o-mini before it leaves its API in 55 days" in text


def test_an_open_model_in_use_is_not_evaluated_against_itself() -> None:
    """Its page asked to score "the open model beside today's API", and held a third of its futures against it."""
    record = decided("current_api: {tier: open-model, provider: groq, model: Llama-3.3-70B}\n" + TEAM)
    text = said(record)
    assert record.verdict.option == "open-model-provider" and "Move Llama-3.3-70B to novita" in text
    for nonsense in ("Score the open model", "test set", "Put a router", "Put models of the Llama", "quality gap"):
        assert nonsense not in text
    assert {share.verdict for share in record.robustness.shares} <= {"open-model-provider", "self-host-cloud"}


def test_what_was_scored_too_much_worse_leaves_the_open_model_in_use() -> None:
    """It moved to a proprietary API that has no price here, because another model was scored."""
    record = decided(
        "current_api: {tier: open-model, provider: groq, model: Llama-3.3-70B}\n"
        "quality: {gap_low: 12%, gap_high: 20%}\n" + TEAM
    )
    assert (record.verdict.option, record.verdict.rule) == ("open-model-provider", "choose.quality-too-large-in-use")


def test_the_rule_that_is_named_is_one_that_was_in_question() -> None:
    """A provider was held off by "fine-tuning is own-weights (it is none)", where its model was scored as too bad."""
    record = decided(
        "current_api: {model: claude-opus-4.8}\nquality: {gap_low: 12%, gap_high: 20%}\n" + TEAM, volume="20B"
    )
    (lost,) = (each for each in record.verdict.alternatives if each.option == "open-model-provider")
    for text in (said(record), lost.why):
        assert "Own weights, served by others" not in text
        assert "“An open model, run by others” would need: finding on the quality gap is not too-large" in text


def test_weights_of_ones_own_are_not_told_to_be_a_small_model() -> None:
    record = decided(
        "current_api: {model: gpt-4o}\nself_host: {model: Llama-3.1-8B, gpu: L40S}\n"
        "quality: {gap: -2%, evaluation_items: 400}\n",
        "classification", "1.8B", fine="own-weights",
    )  # fmt: skip
    assert "Try a model of 7 to 13B" not in said(record)


def test_a_close_call_does_not_claim_that_what_runs_today_stands_where_its_model_changes() -> None:
    record = decided(
        "current_api: {model: gpt-5.1}\nself_host: {model: Qwen3-32B, gpu: H100}\n"
        "quality: {gap: 4%, evaluation_items: 150}\n" + TEAM,
        volume="7.68B",
    )
    assert record.verdict.rule == "confirm.close-call-of-moves"
    assert next(fact.value for fact in record.facts if fact.name == "api_model_moves") is True
    text = said(record)
    assert "Managed API: Claude Haiku 5.5" in text and "it is Managed API: another model of the kind in use" in text
    assert "which changes least" not in text
    assert "runs today stands" not in text


def test_where_the_open_model_fails_the_cheaper_api_model_is_named_before_staying() -> None:
    """The first step said to stay for $18,342 a month, beside an API at $1,410."""
    more = "current_api: {model: claude-sonnet-4.5, spend_per_month: $18000}\nteam: {gpu_operations: part-time}\n"
    record = decided(more, "agents", "12B")
    assert record.verdict.option == "open-model-provider"
    assert "Score a cheaper proprietary model in the same way" in said(record)


def test_a_model_that_has_left_is_not_to_be_scored_nor_stayed_with() -> None:
    """Two weeks after it left its API the first step was to score it on 200 inputs."""
    text = said(decided("current_api: {model: gpt-4o}\n", volume="1.5B", day="2027-02-01"))
    assert "First: Score the model of the plan" in text and "stay with gpt-4o" not in text


def test_an_open_answer_that_settles_something_comes_before_a_week_of_load() -> None:
    """A batch that does not run yet was told to record its load first, and not which class of model it needs."""
    record = decided(TEAM, "extraction", "40B", "batch")
    assert record.robustness.questions[0].key == "workload.model_class"
    assert "First: Find out: class of model that the work needs (" in said(record)


def test_a_headline_that_is_not_to_be_committed_to_says_so() -> None:
    """It recommended and saved, and its second reason said "Do not commit to it yet"."""
    record = first_answer(answers_from_text(
        CASE.replace("TASK", "chat").replace("VOLUME", "3B").replace("MIX", "interactive").replace("FINE", "none")
        .replace(", input_share: 90%", "").replace(", stable: yes", ""), "w.yaml"))  # fmt: skip
    text = said(record)
    assert record.verdict.confirmation is not None and record.verdict.confirmation.rule == "confirm.loses-by-more"
    assert f"{record.verdict.label}: not to commit to yet; at the likely value of each open answer" in text
    assert record.verdict.sentence.endswith("Do not commit to it before they are known.")


def test_a_job_that_runs_once_saves_nothing_in_twelve_months() -> None:
    """It saved $1,110 a month and $13,318 in twelve, beside "nothing comes back after it"."""
    case = CASE.replace("TASK", "summarisation").replace("VOLUME", "3B").replace("MIX", "batch").replace("FINE", "none")
    text = case.replace(", stable: yes", ", runs_once: yes") + "current_api: {provider: openai, model: gpt-5-mini}\n"
    page = said(first_answer(answers_from_text(text, "w.yaml"), engine="reference"))
    assert "for the whole job: it runs once" in page and "Run it before gpt-5-mini leaves its API" in page
    for nonsense in ("in twelve months", "Look again", "for a week", "Evaluate what replaces"):
        assert nonsense not in page, nonsense


def test_nobody_is_told_to_stay_with_what_has_left() -> None:
    """It costs "unknown a month", and "the one in use stays" in 10 of 100 futures."""
    page = said(decided("current_api: {provider: anthropic, model: claude-sonnet-4}\n", "chat"))
    assert "claude-sonnet-4 left its API on 2026-06-15" in page
    for nonsense in ("unknown a month", "the one in use stays", "runs today: Managed API"):
        assert nonsense not in page, nonsense
    page = said(
        decided("current_api: {model: gpt-4.1-nano}\nquality: {gap: 1%, evaluation_items: 400}\n", "classification")
    )
    assert "gpt-4.1-nano unknown" not in page


def test_what_starts_small_is_not_scored_on_more_inputs_first() -> None:
    """ "Do not evaluate beforehand" stood beside "score about 1,321 items more"."""
    more = "current_api: {model: gpt-5.4-mini}\nopen_provider: {model: gpt-oss-120b}\n"
    more += "quality: {gap: 3%, evaluation_items: 600}\n"
    page = said(decided(more, "rag", "50B"))
    assert "Do not evaluate beforehand, start small" in page and "items more" not in page


def test_a_sovereign_cloud_is_asked_about_before_what_lowers_the_bill() -> None:
    """The first step of a bank was to use prompt caching."""
    case = CASE.replace("TASK", "rag").replace("VOLUME", "1.4B").replace("MIX", "interactive").replace("FINE", "none")
    case = case.replace("stable: yes", "stable: yes, traffic_shape: daily-cycle")
    text = case.replace("residency: none", "residency: not-met, sovereign_api_acceptable: yes")
    page = said(first_answer(answers_from_text(text + "current_api: {model: gpt-5.2}\n", "w.yaml"), engine="reference"))
    assert "First: Have it confirmed in writing who operates the sovereign cloud" in page


def test_who_does_not_know_how_gpus_would_be_bought_waits_for_nothing() -> None:
    """It was not decided yet, and each of the four ways of buying led to the managed API by its own list."""
    record = decided("current_api: {model: gpt-4o-mini}\nself_host: {purchase: unknown}\n", volume="900K")
    assert record.verdict.option == "managed-api" and not record.verdict.needs
    (bought,) = (each for each in record.answers.values if each.key == "self_host.purchase")
    assert (bought.state, bought.value, bought.written) == ("default", "on-demand", "unknown")


def test_limits_that_a_measured_gap_is_clear_of_are_not_called_open() -> None:
    """3% to 8% was said not to be settled "on which side of 5% or 10%", and a gap below 0% to be "−4% worse"."""
    text = said(decided("current_api: {model: claude-sonnet-4-6}\nquality: {gap_low: 3%, gap_high: 8%}\n"))
    assert "fits a gap of 3% as well as one of 8%. At least one of the limits, 5% and 10%, lies between the two" in text
    text = said(decided("current_api: {model: claude-sonnet-4-6}\nquality: {gap_low: -9%, gap_high: -4%}\n"))
    assert (
        "The gap of the open model to today's API is at most −4%, at 95% confidence" in text and "−4% worse" not in text
    )
