"""From the outline of a decision to its whole record: what would change it is looked into, and the id is computed."""

from __future__ import annotations

from hostwise.decision.canonical import Json, identity
from hostwise.decision.changes_part import counterfactuals_part
from hostwise.decision.decision_map import map_part
from hostwise.decision.panel import with_arithmetic
from hostwise.decision.record import Outline
from hostwise.decision.robustness_part import tornado_part
from hostwise.decision.sentences import taken_sentences


def completed(known: Outline) -> Json:
    """The whole record: what would change the decision, what in the documents does not recompute, and the id.

    The outline is used up: its texts become plain ones, which tell no longer how they were made.
    """
    given, basis, knowledge, course = known.given, known.basis, known.knowledge, known.course
    changes, ahead = counterfactuals_part(given, basis, knowledge)
    robust = known.data["robustness"] | {"tornado": tornado_part(known.firm, course, given, basis, knowledge)}
    robust["map"] = map_part(course, given, basis, knowledge, robust, changes)
    verdict = known.data["verdict"] | {"triggers": ahead}
    panel = with_arithmetic(known.data["panel"], knowledge.rulebook, knowledge.root)
    record: Json = known.data | {
        "panel": panel,
        "robustness": robust,
        "counterfactuals": changes,
        "verdict": verdict,
    }
    record["rulebook"] |= {"sentences": taken_sentences(record)}
    record["id"] = identity(record)
    return record
