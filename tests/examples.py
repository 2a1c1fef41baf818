"""How many examples Hypothesis tries: by the profile, which `--hypothesis-profile=deep` makes ten times as many."""

from __future__ import annotations

from hypothesis import settings

USUAL = 100
"""What Hypothesis tries where nothing is said: counts in tests are written for it."""
PROFILES = {"hostwise": 40, "deep": 400}
"""Examples for each `USUAL`. They are the same in every run: to try more each time would find nothing new."""


def examples(count: int) -> int:
    """A count as the profile has it."""
    return max(1, count * settings.default.max_examples // USUAL)
