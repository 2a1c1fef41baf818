"""The ledger of a model on the users' devices."""

from __future__ import annotations

from hostwise.economics.capacity.demand import Demand
from hostwise.economics.ledgers.context import LedgerCase, ledger_of
from hostwise.economics.ledgers.ledger import Ledger


def device_ledger(option: str, case: LedgerCase, demand: Demand) -> Ledger:
    """People and one-off work alone: the devices are there for other reasons."""
    return ledger_of(option, case, demand, {})
