"""The catalogue is checked as it is read: every mistake at its file and line."""

import shutil
from pathlib import Path

import pytest
from tests.economics.cases import catalogue

from hostwise.economics.catalogue.catalogue import find_named
from hostwise.economics.catalogue.loading.load_catalogue import load_catalogue
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.currency import Exchange, NoRate
from hostwise.economics.numbers.formula import BadFormula, compute, parse_formula
from hostwise.reading.files.folders import rules_dir
from hostwise.reading.findings.diagnostics import InputError


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    shutil.copytree(rules_dir() / "catalogue", tmp_path / "catalogue")
    shutil.copy(rules_dir() / "facts.yaml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("ledger.yaml", "formula: api_fte * engineer_cost", "formula: api_fte * enginer_cost", "unknown-name"),
        ("ledger.yaml", "formula: api_fte * engineer_cost", "formula: api_fte ** 2", "formula"),
        ("ledger.yaml", "    options: [api]", "    options: [managed-apy]", "unknown-option"),
        ("ledger.yaml", "    group: tokens", "    group: token", "group"),
        ("staffing.yaml", "low: 12000", "low: 99000", "value-error"),
        ("staffing.yaml", "because:", "reason:", "unknown-key"),
        ("prices.yaml", "input: 5.00", "input: five", "decimal-parsing"),
        ("gpus.yaml", "    memory: 24\n", "    memory: 24\n    memry: 24\n", "unknown-key"),
    ],
)
def test_a_mistake_is_found_at_its_line(rules: Path, file: str, old: str, new: str, code: str) -> None:
    path = rules / "catalogue" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(InputError) as problem:
        load_catalogue(rules)
    found = problem.value.diagnostics
    assert code in {d.code for d in found}, [d.code for d in found]
    line = text[: text.index(old)].count("\n") + 1
    assert all(d.place.file.endswith(file) for d in found) and any(abs(d.place.line - line) <= 4 for d in found)


@pytest.mark.parametrize("name", ["h100", "H100 SXM", "a100-80gb", "RTX5090"])
def test_a_gpu_is_found_by_its_aliases(name: str) -> None:
    assert find_named(name, catalogue().gpus) is not None


@pytest.mark.parametrize(
    "text", ["a.b()", "lambda: 1", "a if b else c", "'x'", "a ** b", "True", "ceil(1, 2)", "(", "f(x)"]
)
def test_nothing_but_arithmetic_is_a_formula(text: str) -> None:
    with pytest.raises(BadFormula):
        parse_formula(text)


def test_a_formula_is_exact() -> None:
    assert compute("0.1 + 0.2", {}) == Band.exactly(0) + compute("0.3", {})


def test_converting_there_and_back() -> None:
    from decimal import Decimal

    rates = Exchange({"GBP": Decimal("1.25"), "EUR": Decimal("1.10")})
    band = Band(Decimal(1), Decimal(2), Decimal(3))
    assert rates.convert(rates.convert(band, "GBP", "EUR"), "EUR", "GBP").likely == 2
    with pytest.raises(NoRate, match=r"economics\.exchange_rates\.CHF"):
        rates.convert(band, "CHF", "USD")
