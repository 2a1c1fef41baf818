"""No questionnaire that is accepted breaks the costing, however extreme its answers."""

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.economics.cases import costed
from tests.examples import examples

from hostwise.analysis.portfolio.portfolio import Decided, decide_window, source
from hostwise.economics.ledgers.ledger import Ledger
from hostwise.flow.knowledge import load_knowledge
from hostwise.reading.findings.diagnostics import Diagnostic, InputError


def one_of(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from([*values, "", "unknown"])


ANSWERS = {
    "demand.tokens_per_day": one_of("0", "1", "30M", "1e14", "1..1e14"),
    "demand.tokens_per_month": one_of("", ""),
    "demand.requests_per_day": one_of("", "0", "1", "1e9"),
    "demand.input_tokens_per_request": one_of("", "0", "1", "1e7"),
    "demand.output_tokens_per_request": one_of("", "0", "1", "1e6"),
    "demand.input_share": one_of("0%", "75%", "100%"),
    "demand.growth_per_month": one_of("-50%", "0%", "100%"),
    "demand.peak_to_mean": one_of("1", "100"),
    "demand.traffic_shape": one_of("steady", "daily-cycle", "unpredictable"),
    "demand.traffic_mix": one_of("interactive", "mixed", "batch"),
    "demand.batch_share": one_of("0%", "50%", "100%"),
    "demand.triage_share": one_of("0%", "50%", "100%"),
    "demand.cached_input_share": one_of("0%", "100%"),
    "demand.uptime_critical": one_of("true", "false"),
    "constraints.constrained_share": one_of("0%", "1%", "100%"),
    "constraints.fine_tuning": one_of("none", "own-weights"),
    "constraints.regulations": one_of("[]", "[gdpr, hipaa]"),
    "current_api.tier": one_of("frontier", "small", "open-model"),
    "current_api.model": one_of("gpt-4o", "nothing-known"),
    "current_api.input_price": one_of("US$0", "US$40", "US$0..US$40"),
    "current_api.output_price": one_of("US$0", "US$40", "EUR 40"),
    "open_provider.input_price": one_of("$0", "$1"),
    "open_provider.output_price": one_of("$0", "$1"),
    "self_host.model": one_of("Llama-3.3-70B", "DeepSeek-V3", "Llama-3.1-8B"),
    "self_host.precision": one_of("bf16", "int4"),
    "self_host.gpu": one_of("A10G", "H100", "B200"),
    "self_host.gpus_per_replica": one_of("1", "8", "1024"),
    "self_host.gpu_hourly_price": one_of("US$0", "US$1000", "US$1..US$9"),
    "self_host.gpu_purchase_price": one_of("US$0", "US$10M", "EUR 9k..12k"),
    "self_host.purchase": one_of("on-demand", "reserved", "spot", "owned"),
    "self_host.throughput": one_of("0.01", "800..1200"),
    "self_host.throughput_basis": one_of("total", "output"),
    "self_host.target_utilisation": one_of("1%", "100%"),
    "self_host.spare_replicas": one_of("0", "100"),
    "self_host.gpus_owned": one_of("0", "3", "100k"),
    "self_host.gpus_reserved": one_of("0", "3", "100k"),
    "self_host.amortisation_months": one_of("1", "120"),
    "self_host.infrastructure_per_month": one_of("US$0", "US$600"),
    "self_host.egress_per_month": one_of("US$0", "US$120"),
    "self_host.power_price": one_of("US$0", "US$5"),
    "team.operations_fte": one_of("0", "50"),
    "team.existing_ml_platform": one_of("true", "false"),
    "team.engineer_cost_per_month": one_of("US$0", "US$200k", "EUR 9k"),
    "economics.horizon_months": one_of("1", "120"),
    "economics.discount_rate": one_of("0%", "100%"),
    "workload.currency": one_of("USD", "GBP", "EUR"),
    "economics.exchange_rates": one_of("{GBP: 1.30}", "{EUR: 1.10, GBP: 1.30}"),
}


@given(st.fixed_dictionaries(ANSWERS))
@settings(max_examples=examples(200))
def test_the_costing_answers_or_names_the_line(answers: dict[str, str]) -> None:
    sections: dict[str, list[str]] = {"workload": ["name: X"]}
    for key, value in answers.items():
        section, _, name = key.partition(".")
        if value:
            sections.setdefault(section, []).append(f"{name}: {value}")
    text = "\n".join(f"{name}:\n  " + "\n  ".join(lines) for name, lines in sections.items()) + "\n"
    ledgers: Mapping[str, Ledger] = {}
    findings: tuple[Diagnostic, ...] = ()
    try:
        ledgers = costed(text).ledgers
    except InputError as problem:
        findings = problem.diagnostics
    assert all(finding.place.line for finding in findings)
    for ledger in ledgers.values():
        assert ledger.priced == (ledger.total is not None) == (ledger.why_not is None)
        if ledger.total is not None:
            assert 0 <= ledger.total.low <= ledger.total.likely <= ledger.total.high


@pytest.mark.parametrize("output", ["9.9e13", "99999999999999", "1e14"])
@pytest.mark.parametrize("price", ["0.0001", "$2.4999", "$1000"])
@pytest.mark.parametrize("throughput", ["", "0.01", "800..1200"])
def test_the_largest_output_at_a_price_an_hour_is_costed_in_file_and_table(
    output: str, price: str, throughput: str, tmp_path: Path
) -> None:
    """A formula on decimals once ran out of digits there: `InvalidOperation`."""
    lengths = {"input_tokens_per_request": "1000", "output_tokens_per_request": "100"}
    given_output = {"input_tokens_per_day": "1", "output_tokens_per_day": output, **lengths}
    hardware = {"model": "Llama-3.3-70B", "gpu": "H100", "gpu_hourly_price": price, "throughput": throughput}
    sections = {
        "workload": {"name": "x"},
        "demand": given_output,
        "self_host": {k: v for k, v in hardware.items() if v},
    }
    ledger = costed("".join(f"{name}: {json.dumps(answers)}\n" for name, answers in sections.items())).ledgers
    alone = ledger["self-host-cloud"].total
    assert alone is not None and alone.likely > 0
    table = {f"{section}.{name}": value for section, answers in sections.items() for name, value in answers.items()}
    file = tmp_path / "t.csv"
    file.write_text(f"{','.join(table)}\n{','.join(table.values())}\n", encoding="utf-8")
    knowledge = load_knowledge(None)
    (rows,) = (
        rows
        for window in source(file, knowledge).windows
        for rows in decide_window(window, knowledge)
        if isinstance(rows, Decided)
    )
    assert not rows.findings
    among = rows.cost(0, rows.options.index("self-host-cloud"))
    assert among is not None and abs(among - alone.likely) <= max(Decimal("0.01"), alone.likely * Decimal("1e-9"))
