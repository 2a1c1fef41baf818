"""How the answers were read is said in one line: by check, decide, the record and the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.answers.test_doubts import BASE, hostwise, with_answer

from hostwise.record.decide import answers_from_text, first_answer
from hostwise.report.render import render


def read_as(text: str) -> tuple[str, ...]:
    return first_answer(answers_from_text(text, "w.yaml")).answers.read_as


@pytest.mark.parametrize(
    ("section", "answer", "phrase"),
    [
        ("current_api", "spend_per_month: 4.2k", "bill $4,200 a month"),
        ("self_host", "model: llama 3.3 70b, gpu: h100", "Llama-3.3-70B on H100"),
        ("self_host", "gpu: a100-80gb", "own A100"),
        ("demand", "runs_once: yes", "330M tokens once; all amounts are those of the one month in which it runs"),
    ],
)
def test_each_number_and_name_is_said(section: str, answer: str, phrase: str) -> None:
    assert phrase in read_as(with_answer(section, answer))


def test_the_volume_the_prices_and_what_they_are_of() -> None:
    volume, price, other = read_as(BASE)[:3]
    assert volume == "330M tokens a month (11M a day)"
    assert price == "$2.50 in, $10 out per million tokens, gpt-4o at OpenAI"
    assert other.endswith("Nemotron-3.5-Lightning-30B-A3B at Fireworks")


def test_a_volume_that_follows_from_the_bill_is_said_to() -> None:
    """It was `read as` tokens that nobody had given."""
    bill = with_answer("current_api", "spend_per_month: $4200").replace(
        "input_tokens_per_day: 10M, output_tokens_per_day: 1M", "input_share: 80%"
    )
    assert "1.05B tokens a month (35M a day), by the bill" in read_as(bill)
    assert "by the bill" not in " ".join(read_as(with_answer("current_api", "spend_per_month: $4200")))


def test_a_price_that_is_given_is_said_as_given() -> None:
    text = with_answer("current_api", "input_price: €2.30, output_price: 9..11 EUR")
    text += "economics: {exchange_rates: {EUR: {rate: 1.1, as_of: 2026-11-01}}}\n"
    assert "€2.30 in, €10 (€9 to €11) out per million tokens, gpt-4o at OpenAI" in read_as(text)


def test_a_tiny_price_is_said_with_its_digits() -> None:
    text = with_answer("current_api", "input_price: 0.00025, output_price: 1e-05")
    assert "$0.00025 in, $0.00001 out per million tokens, gpt-4o at OpenAI" in read_as(text)


def test_a_conversion_stands_beside_it() -> None:
    text = BASE.replace("input_tokens_per_day: 10M", "input_tokens_per_day: 300M/month")
    assert "300M/month is 10M tokens/day" in read_as(text)


def test_it_stands_in_every_output(tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text(BASE, encoding="utf-8")
    line = "330M tokens a month (11M a day) · $2.50 in, $10 out per million tokens, gpt-4o at OpenAI"
    assert line in hostwise("check", str(file)).output
    assert line in " ".join(hostwise("decide", str(file)).output.split())
    record = first_answer(answers_from_text(BASE, "w.yaml"))
    assert line == " · ".join(record.answers.read_as[:2])
    assert line in bytes(render(record, "html", audience="audit")).decode()  # type: ignore[arg-type]
    german = " ".join(hostwise("decide", str(file), "--lang", "de").output.split())
    assert "330 Mio. Token im Monat (11 Mio. am Tag) · 2,50 $ Eingabe, 10 $ Ausgabe" in german


EXAMPLE = (Path(__file__).parents[2] / "examples/support-summariser.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("tokens_per_day: 30M", "tokens_per_day: 31M"),
        ("input_share: 80%", "input_share: 79%"),
        ("input_price: $40", "input_price: $41"),
        ("output_price: $6.6667", "output_price: $6.7667"),
        ("gpus_per_replica: 2", "gpus_per_replica: 4"),
        ("gpu_hourly_price: $3.4722/h", "gpu_hourly_price: $3.5722/h"),
        ("operations_fte: 0.125", "operations_fte: 0.135"),
        ("spare_fte: 0.25", "spare_fte: 0.2"),
        ("engineer_cost_per_month: $16k", "engineer_cost_per_month: $15k"),
        ("evaluation_days: 3", "evaluation_days: 1"),
        ("gap: unknown", "gap: 4%, evaluation_items: 150"),
    ],
)
def test_check_reads_back_every_number(written: str, other: str, tmp_path: Path) -> None:
    """Whoever mistypes a digit can see it."""
    assert written in EXAMPLE
    other = other.replace(", ", "\n  ")
    before, after = (check_of(text, tmp_path) for text in (EXAMPLE, EXAMPLE.replace(written, other)))
    assert before[1:] != after[1:]


def check_of(text: str, folder: Path) -> list[str]:
    file = folder / "w.yaml"
    file.write_text(text, encoding="utf-8")
    return hostwise("check", str(file)).output.splitlines()


def test_a_number_is_read_back_by_what_it_is_of(tmp_path: Path) -> None:
    _, _, numbers = check_of(EXAMPLE, tmp_path)
    assert numbers == (
        "  and input share: 80% · GPUs per replica: 2 · engineering for operations: 0.125 FTE · "
        "spare engineering: 0.25 FTE · cost of an engineer a month: $16,000 · days for evaluation: 3 days"
    )
