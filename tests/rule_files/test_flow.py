"""The worked cases of the sources through the house flow, after the cost veto: `tests/golden/card.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from hostwise.flow.knowledge import load_knowledge
from hostwise.inference.run import Engine
from hostwise.workbench.cases.cases import load_cases
from hostwise.workbench.cases.run import run_case

CASES = Path(__file__).parents[1] / "golden"


def read(name: str) -> Any:
    return yaml.safe_load((CASES / name).read_text("utf-8"))


@pytest.mark.parametrize(("identity", "card"), list(read("card.yaml").items()))
def test_the_worked_cases_after_the_cost_veto(tmp_path: Path, identity: str, card: Any) -> None:
    data = read("panel/worked-cases.yaml")
    (case,) = (c for c in data["cases"] if c["id"] == identity)
    facts = {**read("gates.yaml")["base"], **data["base"], **case["facts"], "required_margin": 0}
    facts["regulations.count"] = int(facts.pop("regulated"))
    api = str(facts.get("api_spend_usd_month", 0)).lstrip("$")
    facts |= {"cost.managed_api.monthly": api, "cost.open_model_provider.monthly": card.get("open", api)}
    facts |= {f"cost.self_host_{kind}.monthly": card["own"] for kind in ("cloud", "owned")}
    facts["cost.hybrid.monthly"] = card.get("hybrid", card["own"])
    expect = {"verdict": card["verdict"], "fired": card.get("fired", [])}
    file = tmp_path / "card.yaml"
    file.write_text(yaml.safe_dump({"cases": [{"id": identity, "facts": facts, "expect": expect}]}), encoding="utf-8")
    knowledge = load_knowledge()
    (loaded,) = load_cases([file], knowledge).cases
    assert not run_case(loaded, knowledge, Engine.BOTH).failures
