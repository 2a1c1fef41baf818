"""Random questionnaires on three engines: durable-rules and the reference evaluator here, GoRules ZEN on the export."""

from __future__ import annotations

import json
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct, field
from tests.workbench.random_questionnaires import RandomCase
from tests.workbench.zen_facts import nested

from hostwise.flow.flow import Basis, FlowRun, Status, choose_costed
from hostwise.flow.knowledge import Knowledge
from hostwise.flow.panel import ballots
from hostwise.inference.run import Engine
from hostwise.workbench.exchange.zen_write import as_jdm


class Tally(Struct):
    """How often each verdict came up, and every fault by its kind: `disagreement` of the engines, `exception`,
    `no needs` (undecided, and nothing named that would settle it), `outside` (a verdict that a gate excludes)."""

    verdicts: Counter[str] = field(default_factory=Counter)
    faults: dict[str, list[str]] = field(
        default_factory=lambda: {kind: [] for kind in ("disagreement", "exception", "no needs", "outside")}
    )


def tally(knowledge: Knowledge, cases: Iterable[RandomCase]) -> Tally:
    """Decide questionnaires as far as the choice, and every document's vote, on all three."""
    import zen

    basis = Basis(knowledge.rulebook, knowledge.catalogue, knowledge.as_of, Engine.BOTH)
    exported = zen.ZenEngine().create_decision(json.dumps(as_jdm(knowledge.rulebook, basis.options)))
    found = Tally()
    for facts, costing in cases:
        try:
            run = choose_costed(facts, costing, basis)  # raises where durable-rules and the reference disagree
            found.verdicts[run.choice.outcome] += 1
            theirs = exported.evaluate(nested(facts))["result"]
            for kind, text in _faults(run, knowledge, theirs):
                found.faults[kind].append(f"{text} on {nested(facts)}")
        except Exception:
            found.faults["exception"].append(f"{traceback.format_exc()} on {nested(facts)}")
    return found


def _faults(run: FlowRun, knowledge: Knowledge, theirs: dict[str, Any]) -> Iterator[tuple[str, str]]:
    choice, left = run.choice, run.gates.feasible
    votes = {name: ballot.vote for name, ballot in ballots(knowledge.rulebook, run.facts, Engine.BOTH).items()}
    ours = {"verdict": choice.outcome, "possible": list(choice.possible), "votes": votes}
    zens = {name: list(dict.fromkeys(theirs[name])) if name == "possible" else theirs[name] for name in ours}
    if not left:
        ours["possible"] = zens["possible"] = []  # where no option is left, nothing asks what else was possible
    if ours != zens:
        yield "disagreement", f"{ours} and {zens}"
    if choice.status is Status.UNDECIDED and not choice.needs:
        yield "no needs", choice.rule_id or "no rule"
    if choice.option is not None and choice.option not in left:
        yield "outside", choice.option
