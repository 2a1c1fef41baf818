"""What leaves lines in or out of any ledger, whichever plan it counts; see `catalogue/ledger.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from hostwise.answers.facts import Fact
from hostwise.economics.catalogue.answered.desk import at_desk
from hostwise.economics.catalogue.entries import ItemSpec
from hostwise.economics.catalogue.sourced import given
from hostwise.economics.numbers.numbers import Test, at_least
from hostwise.economics.numbers.taped_facts import says


def shared_flags(facts: Mapping[str, Fact]) -> dict[str, Test]:
    """The flags of one set of answers, as they are for most ledgers."""
    return {
        "billed": False,
        "by_token": True,
        "deployed": False,
        "replacing": False,
        "other_model": False,
        "withdrawing": False,
        "operations_given": given("operations_fte", facts) is not None,
        "infrastructure_given": given("infrastructure_per_month", facts) is not None,
        "egress_given": given("egress_per_month", facts) is not None,
        "once": says(facts, "runs_once", True),
        "desk": at_desk(facts),
        "rota_exists": says(facts, "on_call", True),
        "fine_tuned": says(facts, "fine_tuning", "own-weights", "data-cannot-leave"),
        "regulated": _at_least_one(facts["regulations.count"]),
    }


def where_there(item: ItemSpec, flags: Mapping[str, Test]) -> tuple[tuple[Test, bool], ...] | None:
    """Flags beside what each must be for a line to stand in the ledger, where they differ from case to case on a tape.

    None where the line is out in every case.
    """
    wanted = [(flags[flag], False) for flag in item.unless]
    wanted += [] if item.only_if is None else [(flags[item.only_if], True)]
    if any(isinstance(flag, bool) and flag is not is_ for flag, is_ in wanted):
        return None
    return tuple((flag, is_) for flag, is_ in wanted if not isinstance(flag, bool))


def _at_least_one(fact: Fact) -> Test:
    return isinstance(fact.value, Decimal) and at_least(fact.value, Decimal(1))
