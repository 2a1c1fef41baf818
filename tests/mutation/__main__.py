"""`make mutants`: what notices when the rules, or the program that decides by them, are changed for the worse.

python -m tests.mutation rules      sixteen dangerous edits of the house rules: who notices each
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.mutation.dangerous import dangerous, mutated, noticed_by


def rules() -> bool:
    """Print who notices each of the sixteen; False where the proofs do not notice all."""
    seen: dict[str, int] = {"cases": 0, "check": 0, "prove": 0}
    for mutation in dangerous():
        with tempfile.TemporaryDirectory() as folder:
            by = tuple(noticed_by(mutated(mutation, Path(folder))))
        seen = {name: count + (name in by) for name, count in seen.items()}
        print(f"{mutation.danger:75} {', '.join(by) or 'NOBODY'}", flush=True)
    print(", ".join(f"{name} notices {count}" for name, count in seen.items()), f"of {len(dangerous())}")
    return seen["prove"] == len(dangerous())


if __name__ == "__main__":
    sys.exit(0 if rules() else 1)
