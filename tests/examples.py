"""How many examples a sampled test tries: by the profile that `--hypothesis-profile` names."""

from __future__ import annotations

from hypothesis import settings

USUAL = 100
"""What Hypothesis tries where nothing is said: counts in tests are written for it."""
PROFILES = {"hostwise": 16, "full": 40, "deep": 400}
"""Examples for each `USUAL`. They are the same in every run: to try more each time would find nothing new.

`hostwise`, the default, is for what is run after every change, and begins as the others do; `make verified` tries all
sampled tests in `full`.
"""


def examples(count: int) -> int:
    """A count as the profile has it."""
    return max(1, count * settings.default.max_examples // USUAL)
