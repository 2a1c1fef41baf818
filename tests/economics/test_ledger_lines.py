"""Every line says its formula in words, and every element has its line exactly once."""

import pytest
from tests.economics.cases import S0, S1, S2, catalogue, costed, line

from hostwise.economics.numbers.formula_text import in_words


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("a * b", "A × B"),
        ("a * (b - 1)", "A × (B − 1)"),
        ("a - (b - a)", "A − (B − A)"),
        ("a / (b * 2)", "A ÷ (B × 2)"),
        ("(a + b) / 1000000", "(A + B) ÷ 1 million"),
        ("ceil(a / 0.5)", "A ÷ 0.5, rounded up"),
        ("min(a, max(b, 12))", "the smaller of A and the larger of B and 12"),
        ("unnamed + a", "unnamed + A"),
    ],
)
def test_words(formula: str, words: str) -> None:
    assert in_words(formula, {"a": "A", "b": "B"}) == words


ELEMENTS = {
    "compute": ("compute-busy",),
    "idle capacity": ("compute-idle",),
    "set-up": ("setup",),
    "ongoing engineering": ("operations",),
    "model updates": ("updates", "updates-inside"),
    "on-call": ("on-call", "on-call-inside"),
    "load balancer": ("load-balancer", "infrastructure"),
    "weight storage": ("weight-storage", "infrastructure"),
    "monitoring": ("monitoring", "infrastructure"),
    "cache": ("cache", "infrastructure"),
    "logging": ("logging", "infrastructure"),
    "egress": ("egress", "egress-given"),
    "security": ("security",),
    "incidents": ("incidents",),
    "evaluation": ("evaluation",),
}


@pytest.mark.parametrize("case", [S0, S1, S2, S2 + "quality: {gap: 4%}\n"])
@pytest.mark.parametrize("element", ELEMENTS)
def test_every_element_of_the_documents_has_one_line(case: str, element: str) -> None:
    own = costed(case).ledgers["self-host-cloud"]
    assert line(own, *ELEMENTS[element]).amount.likely >= 0


def test_own_hardware_has_power_cooling_space_and_its_write_off() -> None:
    owned = costed(S1).ledgers["self-host-owned"]
    for name in ("hardware-busy", "hardware-idle", "hardware-support", "power", "cooling", "space"):
        assert line(owned, name).amount.likely > 0


def test_what_is_given_replaces_the_figure_and_says_so() -> None:
    operations = line(costed(S0).ledgers["self-host-cloud"], "operations")
    assert {i.origin for i in operations.inputs} == {"given", "derived"}
    assert all("case.yaml" in i.source for i in operations.inputs if i.origin == "given")


def test_disagreeing_documents_are_named_on_the_line() -> None:
    text = "workload: {name: X}\ndemand: {tokens_per_day: 1M}\n"
    note = line(costed(text).ledgers["self-host-cloud"], "operations").told().note or ""
    assert "S0-22" in note and "S2-16" in note


def test_every_figure_is_dated_sourced_and_reasoned() -> None:
    for name, figure in catalogue().figures.items():
        assert figure.source and figure.because and figure.as_of, name
