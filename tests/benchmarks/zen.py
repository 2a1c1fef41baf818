"""GoRules ZEN on the exported rules (`hostwise rules export --to jdm`): the house flow, without the panel's votes.

Nobody else here decides for the panel, so ZEN need not either.
"""

from __future__ import annotations

import json
from typing import Any

from msgspec.structs import replace

from hostwise.flow.flow import Basis
from hostwise.rulebook.language.rules import HOUSE
from hostwise.workbench.exchange.zen_write import as_jdm


def decision(basis: Basis) -> Any:
    """The compiled decision: `evaluate(facts)["result"]["verdict"]`; with `{"trace": True}` also every table's row."""
    import zen

    house = replace(basis.rulebook, packs=tuple(pack for pack in basis.rulebook.packs if pack.source == HOUSE))
    return zen.ZenEngine().create_decision(json.dumps(as_jdm(house, basis.options)))
