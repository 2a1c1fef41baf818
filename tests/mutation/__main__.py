"""`make mutants`: what notices when the rules, or the code that decides and verifies, are changed for the worse.

    python -m tests.mutation rules                         nineteen dangerous edits of the house rules
    python -m tests.mutation [TARGET...] [--share 0.25] [--only FILE:LINE]

Without a name, the rules and every target of `targets.yaml`. Python 3.12 or newer. Exit code 1 where the proofs miss an
edit of the rules, or where a target has fewer than 95 in 100 mutants noticed; those listed as alike are not counted.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mutation.dangerous import dangerous, mutated, noticed_by
from tests.mutation.program import targets, tried

ENOUGH = 0.95


def rules() -> bool:
    """Print who notices each of them; False where the proofs do not notice all."""
    seen: dict[str, int] = {"cases": 0, "check": 0, "prove": 0}
    for mutation in dangerous():
        with tempfile.TemporaryDirectory() as folder:
            by = tuple(noticed_by(mutated(mutation, Path(folder))))
        seen = {name: count + (name in by) for name, count in seen.items()}
        print(f"{mutation.danger:75} {', '.join(by) or 'NOBODY'}", flush=True)
    print(", ".join(f"{name} notices {count}" for name, count in seen.items()), f"of {len(dangerous())}")
    return seen["prove"] == len(dangerous())


def program(name: str, only: str | None, share: float) -> bool:
    """Print the mutants of a target that no test notices, and how many do; whether they are enough."""
    target = next(each for each in targets() if each.name == name)
    found = tried(target, only, share)
    killed, alike = sum(each.by is not None for each in found), sum(each.alike for each in found)
    score = killed / (len(found) - alike) if len(found) > alike else 1.0
    print(f"{name}: {len(found)} mutants, {killed} noticed, {alike} alike: {score:.1%}", flush=True)
    return score >= ENOUGH


def main() -> bool:
    """What was asked for; each target in a process of its own, since pytest collects once in a process."""
    names = ["rules", *(target.name for target in targets())]
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="TARGET")
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--only")
    given = parser.parse_args()
    if unknown := set(given.names) - set(names):
        parser.error(f"no such target: {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    wanted = given.names or names
    if len(wanted) == 1:
        return rules() if wanted == ["rules"] else program(wanted[0], given.only, given.share)
    more = [f"--share={given.share}", *([f"--only={given.only}"] if given.only else [])]
    codes = [subprocess.run([sys.executable, "-m", "tests.mutation", n, *more], check=False).returncode for n in wanted]
    return not any(codes)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
