"""Ways to write a number that were once read as another one, or refused with a reason that was not true.

Each is of a kind: a sign that two currencies share, a word that is a unit and a currency, a number finer than is kept.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.answers.test_doubts import BASE, hostwise, run, with_answer

from hostwise.answers.files.answer import Answer
from hostwise.answers.files.load import load_answers_document
from hostwise.answers.questions.load_questions import load_questions
from hostwise.reading.files.folders import rules_dir
from hostwise.reading.files.yaml_file import read_document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.record.decide import answers_from_text, first_answer


def answer(key: str, text: str, own: str = "USD") -> Answer:
    section, _, name = key.partition(".")
    written = f'workload: {{name: x, currency: {own}}}\n{section}: {{{name}: "{text}"}}\n'
    document = read_document(Path("f.yaml"), data=written.encode())
    return load_answers_document(document, load_questions(rules_dir())).values[key]


def refused(key: str, text: str, own: str = "USD") -> Diagnostic:
    with pytest.raises(InputError) as problem:
        answer(key, text, own)
    return problem.value.diagnostics[0]


PRICE, TOKENS, SALARY = "current_api.input_price", "demand.tokens_per_day", "team.engineer_cost_per_month"


@pytest.mark.parametrize(
    ("text", "own", "value", "currency"),
    [
        ("Rp. 40000", "IDR", "40000", "IDR"),
        ("Rp 40000", "IDR", "40000", "IDR"),
        ("50 Rp.", "CHF", "0.5", "CHF"),
        ("50 Rp", "CHF", "0.5", "CHF"),
        ("50 Rappen", "USD", "0.5", "CHF"),
        ("CAD$3", "USD", "3", "CAD"),
        ("USD$2.50/1M", "EUR", "2.5", "USD"),
        ("20p", "USD", "0.2", "GBP"),
    ],
)
def test_a_sign_means_what_the_questionnaire_pays_in(text: str, own: str, value: str, currency: str) -> None:
    found = answer(PRICE, text, own)
    assert (found.value, found.currency) == (Decimal(value), currency)


@pytest.mark.parametrize(("text", "own"), [("Rp. 40000", "USD"), ("12 Rp.", "EUR"), ("12 Rp", "USD")])
def test_a_sign_of_a_currency_and_of_a_hundredth_of_another_is_asked_about(text: str, own: str) -> None:
    finding = refused(PRICE, text, own)
    assert "IDR, CHF" in (finding.accepted or "") and "written for several currencies" in finding.message


def test_cents_of_no_currency_are_not_offered_as_dollars() -> None:
    finding = refused(PRICE, "25 ct", "GBP")
    assert finding.suggestion is None and "USD" in (finding.accepted or "")


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("demand.latency_p95", "2 Sek.", "2000"),  # SEK is a currency
        (SALARY, "$168k p. a.", "14000"),  # p is a penny
        (TOKENS, "10.8 Mrd. p. a.", "30000000"),
        ("self_host.gpu_purchase_price", "450万円", "4500000"),
    ],
)
def test_a_word_is_the_unit_that_is_asked_for(key: str, text: str, value: str) -> None:
    assert answer(key, text).value == Decimal(value)


def test_what_is_meant_by_a_small_letter_is_offered_whole() -> None:
    assert refused(TOKENS, "30 mtok/day").suggestion == "30 Mtok/day"


@pytest.mark.parametrize("text", ["0.7..80%", "0.02..5%", "-0.02..-5%"])
def test_a_share_and_a_percentage_in_one_range_are_asked_about(text: str) -> None:
    key = "quality.gap" if "5%" in text else "demand.input_share"
    assert refused(key, text).accepted
    assert answer("quality.gap", "0.5..1%").ends == (Decimal("0.005"), Decimal("0.01"))


@pytest.mark.parametrize(
    ("key", "text"), [(TOKENS, "0.0001"), (TOKENS, "1/year"), (PRICE, "$1e-12"), ("demand.requests_per_day", "1e-5")]
)
def test_a_number_finer_than_is_kept_is_not_taken_for_nothing(key: str, text: str) -> None:
    assert "smaller than the last place that is kept" in refused(key, text).message


def test_a_price_a_token_keeps_its_digits(tmp_path: Path) -> None:
    text = with_answer("current_api", "input_price: 2.5e-06, output_price: 1.5e-07")
    checked = run(tmp_path, "check", text)
    assert "$0.0000025 in, $0.00000015 out per million tokens" in checked.output
    assert "did you mean '$2.50 per million tokens'" in checked.output


def test_an_empty_text_is_no_name() -> None:
    assert refused("current_api.provider", "").code == "empty"


RATES = """\
workload: {name: A, as_of: 2026-11-20, currency: IDR}
economics:
  exchange_rates:
    IDR: {rate: 0.0000615, as_of: 2026-11-01}
    JPY: {rate: 155, as_of: 2026-11-01}
"""


def test_a_rate_of_a_small_currency_keeps_its_digits(tmp_path: Path) -> None:
    text = BASE.replace("as_of: 2026-11-20}", "as_of: 2026-11-20, currency: IDR}")
    text += "economics: {exchange_rates: {IDR: {rate: 0.0000615, as_of: 2026-11-01}}}\n"
    assert "0.0000615 dollars for one IDR" in run(tmp_path, "check", text).output
    facts = {fact.name: fact for fact in first_answer(answers_from_text(text, "w.yaml")).facts}
    assert facts["exchange_rate.IDR"].value == "0.0000615"


def test_what_is_wrong_with_a_rate_stands_at_its_line(tmp_path: Path) -> None:
    assert "w.yaml:5:10: warning: the rate of JPY" in run(tmp_path, "check", RATES).output
    later = run(tmp_path, "check", RATES.replace("155, as_of: 2026-11-01", "0.0065, as_of: 2027-01-01")).output
    assert "w.yaml:5:10: error: economics.exchange_rates: read after the day" in later
    unread = run(tmp_path, "check", RATES.replace("155", "155 yen")).output
    assert "w.yaml:5:10: error: economics.exchange_rates: the rate of JPY cannot be read" in unread
    pair = run(tmp_path, "check", RATES.replace("JPY:", "EURUSD:")).output
    assert "did you mean 'USD'" not in pair
    comma = run(tmp_path, "check", RATES.replace("155", '"0,0065"')).output
    assert "the rate of JPY cannot be read (found: JPY: 0,0065)" in comma
    key = run(tmp_path, "check", RATES.replace("155, as_of", "155, asof")).output
    assert "the rate of JPY has no such key (found: asof)" in key and "did you mean 'as_of'?" in key


def test_a_rate_between_quotation_marks_is_a_rate(tmp_path: Path) -> None:
    quoted = run(tmp_path, "check", RATES.replace("155", '"0.0065"')).output
    assert quoted == run(tmp_path, "check", RATES.replace("155", "0.0065")).output


def test_a_month_of_31_days_is_so_in_its_parts_too() -> None:
    """$3,652 today, and no $3,730 with plans for 900M tokens."""
    text = BASE.replace(
        "input_tokens_per_day: 10M, output_tokens_per_day: 1M",
        "input_tokens_per_day: 24M, output_tokens_per_day: 6M, tokens_per_month: 913M",
    )
    facts = {fact.name: fact.value for fact in first_answer(answers_from_text(text, "w.yaml")).facts}
    assert Decimal(str(facts["input_tokens_per_month"])) == Decimal("730400000")
    assert Decimal(str(facts["output_tokens_per_month"])) == Decimal("182600000")
    assert Decimal(str(facts["api_spend_usd_month"])) == Decimal("3652")


@pytest.mark.parametrize(
    ("demand", "low", "high"),
    [
        # 100 requests a day: 450M to 750M tokens of input at $1.25 or, above 200k, $2.50; 3M of output at $10 or $15
        ("requests_per_day: 100, input_tokens_per_request: 150k..250k, output_tokens_per_request: 1000", 592.5, 1920),
        # 900M tokens: what is not input is output
        ("tokens_per_day: 30M, input_share: 70%..80%", 2700, 3487.5),
    ],
)
def test_the_bill_of_a_range_is_that_of_its_ends(demand: str, low: float, high: float) -> None:
    text = BASE.replace("input_tokens_per_day: 10M, output_tokens_per_day: 1M", demand)
    text = text.replace("provider: openai, model: gpt-4o", "provider: google, model: gemini-2.5-pro")
    bill = {fact.name: fact for fact in first_answer(answers_from_text(text, "w.yaml")).facts}["api_spend_usd_month"]
    assert (Decimal(str(bill.low)), Decimal(str(bill.high))) == (Decimal(str(low)), Decimal(str(high)))


@pytest.mark.parametrize(("provider", "model"), [("openai", "claude"), ("azure", "gpt-6"), ("ours", "large")])
def test_a_name_that_fits_none_of_a_seller_and_several_of_others_is_asked_about(
    provider: str, model: str, tmp_path: Path
) -> None:
    text = BASE.replace("provider: openai, model: gpt-4o", f"provider: {provider}, model: {model}")
    checked = run(tmp_path, "check", text)
    assert checked.exit_code == 2 and f"'{model}' may mean one of several" in checked.output


@pytest.mark.parametrize("model", ["gpt-5.9", "claude 5.4 sonnet"])
def test_another_model_is_not_offered_for_a_slip(model: str, tmp_path: Path) -> None:
    checked = run(tmp_path, "check", BASE.replace("model: gpt-4o", f"model: {model}"))
    assert "no price is known" in checked.output and "did you mean" not in checked.output


def test_a_price_that_is_given_ages(tmp_path: Path) -> None:
    given = "input_price: $2.5, output_price: $10, price_as_of: {}"
    old = run(tmp_path, "check", with_answer("current_api", given.format("2024-05-01")))
    assert "the API price was read on 2024-05-01: it should be read again" in old.output
    fresh = run(tmp_path, "check", with_answer("current_api", given.format("2026-06-01")))
    assert "read again" not in fresh.output
    decided = hostwise("decide", str(tmp_path / "w.yaml"), "--all").output
    assert "months months" not in decided


def test_a_table_between_commas_is_asked_about_its_points_as_a_questionnaire_is(tmp_path: Path) -> None:
    """25.000 requests were decided as 25, without a word."""
    table = tmp_path / "t.csv"
    head = "workload.name,demand.requests_per_day,demand.input_tokens_per_request,demand.output_tokens_per_request"
    table.write_text(f"{head}\nA,25.000,1200,300\nB,25000,1.200,300\n")
    said = hostwise("check", str(table))
    assert "requests a day: 25.000 is read as 25000: its point is taken to part the thousands" in said.output
    assert "input tokens per request: 1.200 is read as 1200: its point is taken to part the thousands" in said.output
    assert "least that is usual" not in said.output
    assert hostwise("check", str(table), "--strict").exit_code == 2
    assert "decimal point" not in hostwise("check", str(table), "--decimal", "point").output


def test_a_saving_between_two_models_of_one_api_has_its_range() -> None:
    facts = {fact.name: fact for fact in first_answer(answers_from_text(BASE, "w.yaml")).facts}
    names = ("api_move_saving", "api_in_use_monthly", "cost.managed_api.monthly")
    saved, *costs = (
        fact.high - fact.low for fact in map(facts.__getitem__, names) if fact.high and fact.low is not None
    )
    # Narrower than the ends of two costs apart: both are of the same volume, and share their gateway.
    assert len(costs) == 2
    assert saved < sum(costs)


LENGTHS = "input_tokens_per_request: 1000, output_tokens_per_request: 200"
RANGES = [
    ("tokens_per_day: 20M..40M, tokens_per_month: 1B", True),
    ("tokens_per_day: 20M..30M, tokens_per_month: 1B", False),
    ("input_tokens_per_day: 0..10M, output_tokens_per_day: 0..1M, tokens_per_month: 300M", True),
    (f"tokens_per_day: 30M, requests_per_day: 20k..30k, {LENGTHS}", True),
    (f"tokens_per_day: 30M, requests_per_day: 1k..2k, {LENGTHS}", False),
    ("tokens_per_day: 30M..50M, input_tokens_per_day: 45M", True),
    ("traffic_mix: batch, batch_share: 50%..100%", True),
    ("traffic_mix: batch, batch_share: 50%..90%", False),
]


@pytest.mark.parametrize(("demand", "possible"), RANGES)
def test_a_range_contradicts_what_no_value_of_it_agrees_with(demand: str, possible: bool, tmp_path: Path) -> None:
    checked = run(tmp_path, "check", f"workload: {{name: A, as_of: 2026-11-20}}\ndemand: {{{demand}}}\n")
    assert (" contradicts " not in checked.output) is possible, checked.output


def test_what_is_read_stands_whole_on_the_one_line_of_decide(tmp_path: Path) -> None:
    """The price was left out, where ranges made the line long."""
    demand = "requests_per_day: 100, input_tokens_per_request: 150k..250k, output_tokens_per_request: 1000"
    text = BASE.replace("input_tokens_per_day: 10M, output_tokens_per_day: 1M", demand)
    text = text.replace("provider: openai, model: gpt-4o", "provider: google, model: gemini-2.5-pro")
    said = " ".join(run(tmp_path, "decide", text).output.split())
    assert "$1.25 ($1.25 to $2.50) in, $10 ($10 to $15) out per million tokens, gemini-2.5-pro at Google" in said
    assert "(today: $780 ($593 to $1,920) a month for tokens)" in said


@pytest.mark.parametrize(
    ("key", "text", "own", "value"),
    [
        ("demand.requests_per_day", "40.000", "EUR", 40000),
        ("demand.documents_per_day", "25.000 Dokumente", "EUR", 25000),
        ("demand.input_tokens_per_request", "1.800", "EUR", 1800),
        ("demand.pages", "3.500", "EUR", 3500),
        ("demand.requests_per_day", "40.125", "EUR", Decimal("40.125")),  # as a mean is computed
        ("demand.tokens_per_day", "1.200M", "EUR", 1_200_000),
        (SALARY, "€7.000", "EUR", 7000),
        ("current_api.spend_per_month", "R$ 13.500", "BRL", 13500),
        ("self_host.gpu_purchase_price", "9.000 €", "EUR", 9000),
        ("current_api.spend_per_month", "$812.345", "USD", Decimal("812.345")),  # as an invoice computes it
        ("current_api.spend_per_month", "$1.250..$2.500", "USD", 1875),
        (PRICE, "$2.500", "USD", Decimal("2.5")),  # a price list has three places
    ],
)
def test_a_point_parts_the_thousands_of_what_nobody_counts_or_pays_in_thousandths(
    key: str, text: str, own: str, value: Decimal
) -> None:
    """Engineers at seven euros a month made own hosting the cheapest of all; a voice bot had forty calls a day."""
    assert answer(key, text, own).value == value


def test_that_they_were_taken_so_is_said(tmp_path: Path) -> None:
    said = run(tmp_path, "check", "workload: {name: X}\nteam: {engineer_cost_per_month: $7.000}\n").output
    assert "$7.000 is read as $7000: its point is taken to part the thousands" in said
    assert "is read with a decimal point" not in said


def test_a_table_that_says_how_it_writes_decimals_is_taken_at_its_word(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("workload.name,team.engineer_cost_per_month\nA,7.000\n")
    assert "the least that is usual" in hostwise("check", str(table), "--decimal", "point").output
    assert "its point is taken to part the thousands" in hostwise("check", str(table)).output


@pytest.mark.parametrize(("text", "low", "high"), [("250-1400", 250, 1400), ("2-3", 2, 3), ("0.5 - 2", "0.5", 2)])
def test_a_hyphen_between_two_numbers_is_a_range(text: str, low: str, high: int) -> None:
    found = answer("demand.minutes_per_call", text)
    assert found.ends == (Decimal(low), Decimal(high))


@pytest.mark.parametrize("text", ["11-2026", "2026-11", "03-04", "1-2-2026", "2026-11-20"])
def test_what_may_be_a_day_or_a_month_is_no_range(text: str) -> None:
    assert refused("demand.minutes_per_call", text).code == "not-a-quantity"


def test_a_job_of_one_run_says_how_many_days_it_is_taken_for(tmp_path: Path) -> None:
    """Eight million articles, embedded once, were thirty times as many without a word."""
    head = "workload: {name: X}\n"
    job = (
        "demand: {runs_once: yes, requests_per_day: 8M, input_tokens_per_request: 1000, output_tokens_per_request: 1}\n"
    )
    said = " ".join(run(tmp_path, "check", head + job).output.split())
    assert "the job that runs once is taken to run for thirty days, 240.2B tokens in all" in said
    whole = "demand: {runs_once: yes, tokens_per_month: 8B}\n"
    assert "thirty days" not in run(tmp_path, "check", head + whole).output


def test_a_count_without_a_range_is_one_number(tmp_path: Path) -> None:
    counted = "chat_users: 5000, messages_per_user: 5, tokens_per_message: 2k, tokens_per_month: 9B"
    text = f"workload: {{name: X}}\ndemand: {{{counted}}}\n"
    said = " ".join(run(tmp_path, "check", text).output.split())
    assert "2,000 tokens is 1.5B tokens a month, and by demand.tokens_per_month" in said


@pytest.mark.parametrize("word", ["million", "Million", "MILLION", "mn", "Mn"])
def test_a_multiplier_has_a_decimal_point_in_any_case(word: str) -> None:
    """`1.500 Million` was 1,500 million, and `1.500 million` one and a half."""
    assert answer(TOKENS, f"1.500 {word}").value == 1_500_000


@pytest.mark.parametrize(
    "text", ["1.500 Mio.", "1.500 mio", "1.500 Millionen", "1.500 Mio. Token am Tag", "1,500 Mio."]
)
def test_the_words_of_those_who_part_thousands_with_a_point_have_such_points(text: str) -> None:
    assert answer(TOKENS, text).value == 1_500_000_000


@pytest.mark.parametrize("text", ["1 Billion Token am Tag", "2 Billion pro Monat", "1 Trillion/Jahr"])
def test_a_number_that_german_words_make_another_is_asked_about(text: str) -> None:
    """A million million was read as a thousand million."""
    finding = refused(TOKENS, text)
    assert "in German a Billion" in finding.message and "1T" in (finding.accepted or "")
    assert answer(TOKENS, "1 billion a day").value == answer(TOKENS, "1 Billion tokens per day").value == 10**9


@pytest.mark.parametrize("text", ["$4200/30 days", "$4200 per 31 days", "$9000/500 h"])
def test_pay_for_a_number_of_days_is_asked_about(text: str) -> None:
    """Thirty days are a month to some, and six weeks of work to others: it was $3,033."""
    assert "taken one at a time" in refused(SALARY, text).message
    assert (
        answer(SALARY, "$4200/4 weeks").value == 4550
        and answer("current_api.spend_per_month", "$42/30 days").value == 42
    )


@pytest.mark.parametrize(
    "text", ["€1.800/Monat", "€ 1.800 im Monat", "EUR 1.800 a month", "€21.600 p.a.", "1.800 € monatlich"]
)
def test_rent_by_the_month_has_points_that_part_thousands(text: str, tmp_path: Path) -> None:
    """It was €1.80 a month, a quarter of a cent an hour."""
    assert answer("self_host.gpu_hourly_price", text).value == Decimal("2.5")
    assert answer("self_host.gpu_hourly_price", "€1.800/h").value == Decimal("1.8")
    said = run(tmp_path, "check", with_answer("self_host", f'gpu: H100, gpu_hourly_price: "{text}"')).output
    assert "its point is taken to part the thousands" in said


@pytest.mark.parametrize("day", ["9999-12-31", "0026-01-02", "2200-01-01"])
def test_a_day_of_another_age_is_refused(day: str, tmp_path: Path) -> None:
    """Months after the year 9999 were a traceback, and a price of the year 26 a price."""
    for key in ("workload.as_of", "current_api.price_as_of"):
        text = with_answer("current_api", f"price_as_of: {day}") if "price" in key else BASE.replace("2026-11-20", day)
        result = run(tmp_path, "check", text)
        assert result.exit_code == 2 and "of the years 1970 to 2199" in result.output
    given = run(tmp_path, "decide", BASE, "--as-of", day, "--allow-stale")
    assert given.exit_code == 2 and "is not in the years 1970 to 2199" in given.output
    assert run(tmp_path, "decide", BASE.replace("2026-11-20", "2199-12-31"), "--allow-stale").exit_code == 0


def test_a_number_that_is_only_its_sign_has_no_likely_meaning() -> None:
    assert refused(TOKENS, "~").suggestion is None
