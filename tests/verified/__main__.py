"""`make verified`: what holds of decisions in general, tried on many random questionnaires.

    python -m tests.verified [--questionnaires 10000] [--costed 1] [--calibrated 500] [--seed N]

With --costed 50 one questionnaire in fifty is costed, and the engines alone take a hundred thousand in an hour.

Exit code 1 where the engines disagree, one of them stops, an open decision names nothing that would settle it, a
verdict is one that a gate excludes, where "x in 100" is further from what came true than chance explains, or where a
recommendation is regretted by more than the margin and nothing says so.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np
from tests.verified.calibration import Drawn, deciles, drawn
from tests.verified.engines import tally
from tests.workbench.random_questionnaires import random_cases

from hostwise.flow.knowledge import Knowledge, load_knowledge

PIECE = 1000
LIMIT = 3.0
"""Standard deviations: ten tenths and their sum stay within it in 97 of 100 runs of what is calibrated."""


def engines(knowledge: Knowledge, seed: int, count: int, costed: int) -> bool:
    """Print what the three engines make of `count` questionnaires, one in `costed` with costs of its own; whether there
    was no fault."""
    verdicts: dict[str, int] = {}
    faults: dict[str, list[str]] = {}
    for piece in range(-(-count // PIECE)):
        size = min(PIECE, count - piece * PIECE)
        found = tally(knowledge, random_cases(knowledge, seed + piece, size, costed=costed))
        verdicts = {name: verdicts.get(name, 0) + found.verdicts[name] for name in {**verdicts, **found.verdicts}}
        faults = {kind: faults.get(kind, []) + each for kind, each in found.faults.items()}
    alone = f", one in {costed} with costs of its own" if costed > 1 else ""
    print(f"{sum(verdicts.values()):,} questionnaires{alone} on durable-rules, the reference and ZEN:")
    print("  " + ", ".join(f"{name} {number:,}" for name, number in sorted(verdicts.items(), key=lambda v: -v[1])))
    print("  " + ", ".join(f"{kind}: {len(each)}" for kind, each in faults.items()), flush=True)
    for each in faults.values():
        print("".join(f"  {text[:2000]}\n" for text in each[:2]), end="")
    return not any(faults.values())


def calibration(knowledge: Knowledge, seed: int, count: int) -> bool:
    """Print how often "x in 100" came true and what following it costs; whether chance explains the difference."""
    found = list(drawn(knowledge, seed, count))
    truths = sum(each.truths for each in found)
    print(f"{len(found):,} decided questionnaires with {truths:,} drawn truths:")
    fine = True
    for tenth, number, said, came, error in deciles(found):
        off = abs(came - said) / error if error else 0.0 if came == said else float("inf")
        fine &= off <= LIMIT
        print(f"  {tenth * 10:3} to {tenth * 10 + 10:3} in 100: {number:4} said {said:6.1%}, came true {came:6.1%}"
              f" ± {error:.1%}{'' if off <= LIMIT else '  NOT WITHIN CHANCE'}")  # fmt: skip
    unsaid = sum(each.unsaid for each in found)
    print(f"  regretted by more than the margin, and not said: {unsaid}")
    for what, regrets in _regrets(found).items():
        tenth = np.quantile(regrets, 0.9)
        print(
            f"  regret in hindsight of {what}: {np.mean(regrets):.2%} of the right cost, nine tenths below {tenth:.2%}"
        )
    return fine and not unsaid


def _regrets(found: list[Drawn]) -> dict[str, list[float]]:
    return {
        "the recommendation": [each.regret for each in found],
        "the choice before it was confirmed": [each.chosen_regret for each in found],
        "the recommendation, by its own futures": [each.expected_regret for each in found],
    }


def main() -> bool:
    """Both, with the arguments of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--questionnaires", type=int, default=10_000)
    parser.add_argument("--costed", type=int, default=1)
    parser.add_argument("--calibrated", type=int, default=500)
    parser.add_argument("--seed", type=int, default=20261129)
    given = parser.parse_args()
    knowledge = load_knowledge()
    agreed = engines(knowledge, given.seed, given.questionnaires, given.costed)
    calibrated = not given.calibrated or calibration(knowledge, given.seed, given.calibrated)
    return agreed and calibrated


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
