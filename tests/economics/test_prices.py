"""Which price is taken: given, listed, the package's; and what a cached or a batch token costs."""

from datetime import date
from decimal import Decimal

import pytest
from click.testing import CliRunner
from tests.economics.cases import STAYS, catalogue, costed, facts_of, group, line

from hostwise.cli.catalogue.prices import prices
from hostwise.economics.costing import cost_options
from hostwise.reading.findings.diagnostics import InputError

VOLUME = "workload: {name: X}\ndemand: {tokens_per_month: 1B, input_share: 75%%, %s}\n"


def tokens(extra: str, api: str, option: str = "managed-api") -> Decimal:
    ledger = costed(VOLUME % (extra or "stable: true") + api + STAYS).ledgers[option]
    assert ledger.priced, ledger.why_not
    return Decimal(group(ledger, "tokens"))


def test_a_given_price_wins_over_the_catalogue() -> None:
    api = "current_api: {provider: openai, model: gpt-4o, input_price: $4, output_price: $4}\n"
    assert tokens("", api) == 4000


def test_a_listed_price_needs_no_answer() -> None:
    """R2-01: GPT-4o at three input tokens to one output token is 4.375 per million."""
    assert tokens("", "current_api: {provider: openai, model: gpt-4o}\n") == 4375


def test_the_package_knows_what_the_catalogue_does_not() -> None:
    assert tokens("", "current_api: {provider: openai, model: gpt-4.1}\n") > 0


def test_batch_work_is_priced_at_the_batch_price() -> None:
    api = "current_api: {provider: openai, model: gpt-4o}\n"
    assert tokens("traffic_mix: batch", api) == Decimal("2187.5")
    assert tokens("traffic_mix: mixed, batch_share: 50%", api) == 4375 * Decimal("0.75")


def test_no_batch_price_is_invented() -> None:
    api = "open_provider: {provider: together, model: Llama-3.3-70B}\n"
    assert tokens("traffic_mix: batch", api, "open-model-provider") == 880


def test_cached_input_costs_what_the_data_says() -> None:
    """750M input tokens: half at 2.50, half at 1.25."""
    api = "current_api: {provider: openai, model: gpt-4o}\n"
    assert tokens("cached_input_share: 50%", api) == 375 * Decimal("2.5") + 375 * Decimal("1.25") + 2500


def test_a_documents_table_counts_only_where_it_is_named() -> None:
    """S2 lists Claude Haiku at a quarter of today's price of Haiku 4.5."""
    assert tokens("", "current_api: {provider: S2, model: Claude Haiku}\n") == 500
    with pytest.raises(InputError, match="'Claude Haiku' may mean one of several"):  # and S2's is none of them
        costed(VOLUME % "stable: true" + "current_api: {model: Claude Haiku}\n")


def test_an_old_price_says_its_age() -> None:
    facts = facts_of(VOLUME % "stable: true" + "current_api: {provider: S2, model: GPT-4o}\n")
    notes = cost_options(facts, catalogue(), date(2026, 11, 20)).notes
    assert any("days old" in note for note in notes)


@pytest.mark.parametrize("word", ["gpt-4o", "H100", "llama 3.3"])
def test_the_command_finds_models_and_gpus(word: str) -> None:
    result = CliRunner().invoke(prices, [word])
    assert result.exit_code == 0 and word.split(maxsplit=1)[0].lower()[:4] in result.output.lower()


def test_the_command_without_a_word_lists_the_catalogue() -> None:
    result = CliRunner().invoke(prices, [])
    assert result.exit_code == 0
    assert "S0-10" in result.output and "MI300X" in result.output and "retired 2026-10-22" in result.output


def test_the_command_names_the_nearest() -> None:
    result = CliRunner().invoke(prices, ["gtp-4oo"])
    assert result.exit_code == 1 and "nearest name is" in result.output


def test_the_command_refuses_what_is_no_day() -> None:
    assert CliRunner().invoke(prices, ["--as-of", "yesterday"]).exit_code == 2


GIVEN = "current_api: {provider: mine, input_price: $4, output_price: $8%s}\n"


def test_a_cached_token_has_a_price_where_no_model_is_named() -> None:
    """750M input tokens, half of them cached; 250M output tokens."""
    assert tokens("cached_input_share: 50%", GIVEN % ", cached_price: $1") == 375 * 4 + 375 * 1 + 250 * 8


def test_a_cached_price_that_nobody_knows_is_a_band_and_said() -> None:
    """A tenth to all of the price of input; neither dropped nor taken for certain."""
    ledger = costed(VOLUME % "cached_input_share: 50%" + GIVEN % "").ledgers["managed-api"]
    cached = line(ledger, "cached-tokens")
    assert (cached.amount.low, cached.amount.high) == (Decimal("0.4") * 375, 4 * 375)
    (price,) = (each for each in cached.inputs if each.unit == "USD/Mtok")
    assert price.origin == "assumed" and "S2-66" in price.source


def test_a_batch_discount_that_is_given_is_taken_off() -> None:
    assert tokens("traffic_mix: batch", GIVEN % ", batch_discount: 50%") == (750 * 4 + 250 * 8) / 2
    assert tokens("traffic_mix: batch", "current_api: {provider: openai, model: gpt-4o, batch_discount: 20%}\n") == 3500


def test_the_band_of_a_batch_without_a_price_reaches_down_to_half() -> None:
    total = costed(VOLUME % "traffic_mix: batch" + GIVEN % "").ledgers["managed-api"].items[0].amount
    assert total.low == total.likely / 2 == total.high / 2


def test_one_side_of_a_price_is_merged_with_the_list() -> None:
    """GPT-4o is listed at $2.50 and $10."""
    api = "current_api: {provider: openai, model: gpt-4o, %s: $4}\n"
    assert tokens("", api % "input_price") == 750 * 4 + 250 * 10
    assert tokens("", api % "output_price") == 750 * Decimal("2.5") + 250 * 4


def test_the_cached_price_follows_a_given_input_price() -> None:
    api = "current_api: {provider: openai, model: gpt-4o, input_price: $4}\n"
    assert tokens("cached_input_share: 50%", api) == 375 * 4 + 375 * 2 + 250 * 10


@pytest.mark.parametrize("where", ["current_api", "open_provider"])
@pytest.mark.parametrize("side", ["input_price", "output_price"])
def test_one_side_of_a_price_alone_is_refused_at_its_line(where: str, side: str) -> None:
    with pytest.raises(InputError) as refused:
        costed(VOLUME % "stable: true" + f"{where}: {{{side}: $4}}\n")
    (finding,) = refused.value.diagnostics
    assert finding.code == "half-a-price" and finding.place.line == 3
    assert finding.place.column is not None and f"{where}." in finding.message


def test_a_price_whose_other_side_is_said_to_be_unknown_is_asked_for() -> None:
    ledger = costed(VOLUME % "stable: true" + "current_api: {input_price: $4, output_price: unknown}\n").ledgers[
        "managed-api"
    ]
    assert not ledger.priced and ledger.needs == ("current_output_price",)


@pytest.mark.parametrize("answer", ["cached_price: much", "cached_price: 3m", "batch_discount: 120%"])
def test_a_price_that_is_none_is_refused_at_its_line_and_column(answer: str) -> None:
    with pytest.raises(InputError) as refused:
        costed(VOLUME % "stable: true" + f"current_api: {{{answer}}}\n")
    assert [(each.place.line, each.place.column is not None) for each in refused.value.diagnostics] == [(3, True)]
