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
