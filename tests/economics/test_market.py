"""Prices from the genai-prices package: the traps that its data holds."""

import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest

from hostwise.economics.market import fold, package_names, package_price, package_prices

DAY = date(2026, 11, 20)


def test_a_price_is_per_million_tokens_of_one_request() -> None:
    found = package_price("openai", "gpt-4o", DAY, 3000, 300)
    assert found is not None
    assert (found.input, found.output) == (Decimal("2.5"), Decimal(10))
    assert (found.cached, found.batch) == (Decimal("1.25"), Decimal("0.5"))
    assert "genai-prices" in found.source


def test_tiers_follow_the_length_of_one_request() -> None:
    """A month's total priced as one request would land in the long-context tier."""
    short = package_price("google", "gemini-2.5-pro", DAY, 3000, 300)
    long = package_price("google", "gemini-2.5-pro", DAY, 900_000, 300)
    assert short is not None and long is not None
    assert short.input < long.input


def test_a_batch_price_counts_only_where_the_data_has_one() -> None:
    """An unknown price context silently gives the ordinary price."""
    found = package_price("together", "Llama-3.3-70B", DAY, 1000, 300)
    assert found is not None and found.batch is None


def test_no_batch_price_before_the_data_has_it() -> None:
    found = package_price("openai", "gpt-4o", date(2026, 10, 1), 1000, 300)
    assert found is not None and found.batch is None


@pytest.mark.parametrize(
    ("provider", "model"),
    [
        ("together", "meta-llama/Llama-3.3-70B-Instruct-Turbo"),
        ("groq", "llama-3.3-70b-versatile"),
        ("aws", "meta.llama3-3-70b-instruct-v1:0"),
    ],
)
def test_names_as_people_write_them(provider: str, model: str) -> None:
    found = package_price(provider, "Llama-3.3-70B", DAY, 1000, 300)
    assert found is not None and found.model == model


def test_the_maker_comes_before_a_reseller() -> None:
    found = package_price(None, "gpt-4o", DAY, 1000, 300)
    assert found is not None and found.provider == "openai"


def test_what_is_not_known_has_no_price() -> None:
    assert package_price("openai", "no-such-model", DAY, 1000, 300) is None
    assert package_price("no-such-provider", "gpt-4o", DAY, 1000, 300) is None


def test_listing_finds_every_provider_of_a_model() -> None:
    found = list(package_prices("llama-3.3-70b", DAY, 1000, 300))
    assert {"together", "groq", "aws"} <= {p.provider for p in found}
    assert all(p.input >= 0 and p.output >= 0 for p in found)
    assert found == sorted(found, key=lambda p: p.provider)


def test_names_are_sorted_and_unique() -> None:
    names = package_names()
    assert list(names) == sorted(set(names)) and len(names) > 1000


@pytest.mark.parametrize(("one", "other"), [("gpt-4o", "GPT 4o"), ("llama-v3p3-70b", "Llama-3.3-70B")])
def test_spellings_agree(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_the_network_client_of_the_package_is_left_unread_and_nobody_elses() -> None:
    """In a Python of its own: pricing reads no HTTP client, and modules that others import stay the only ones."""
    script = """
import sys
from datetime import date
from hostwise.economics.market import package_price
assert package_price("openai", "gpt-4o", date(2026, 11, 20), 1000, 100) is not None
assert "httpx2" not in sys.modules
import asyncio
from genai_prices import update_prices
assert update_prices.asyncio.to_thread is asyncio.to_thread
assert sys.modules["asyncio"] is asyncio
"""
    subprocess.run([sys.executable, "-c", script], check=True)
