"""Prices from the genai-prices package: the traps that its data holds."""

import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest

from hostwise.economics.catalogue.loading.load_catalogue import load_catalogue
from hostwise.economics.prices.names import find_model
from hostwise.economics.prices.price_package import fold, package_names, package_price, package_prices
from hostwise.reading.files.folders import rules_dir

DAY = date(2026, 11, 20)
NAMES = load_catalogue(rules_dir()).seller_names


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
    found = package_price("together", "meta-llama/Llama-3.3-70B-Instruct-Turbo", DAY, 1000, 300)
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
    found = find_model(provider, "Llama-3.3-70B", NAMES)
    assert isinstance(found, tuple) and found[1].id == model
    assert package_price(provider, model, DAY, 1000, 300) is not None


def test_the_maker_comes_before_a_reseller() -> None:
    found = find_model(None, "gpt-4o", NAMES)
    assert isinstance(found, tuple) and found[0].id == "openai"


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


def test_the_package_is_not_imported_once_its_list_is_kept() -> None:
    """In Pythons of their own: the first may work the list out, the second finds it."""
    script = """
import sys
from datetime import date
from hostwise.economics.catalogue.loading.load_catalogue import load_catalogue
from hostwise.economics.prices.names import find_model
from hostwise.economics.prices.price_package import package_price
assert package_price("openai", "gpt-4o", date(2026, 11, 20), 1000, 100) is not None
sys.exit(sys.argv[1] == "again" and "genai_prices" in sys.modules)
"""
    for time in ("first", "again"):
        subprocess.run([sys.executable, "-c", script, time], check=True)
