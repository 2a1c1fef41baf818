"""What the first page says beside the verdict: what it saves, what must happen first, what it costs to be wrong."""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec import Struct

from hostwise.economics.numbers.bands import Band
from hostwise.record.format.robustness import WorthAsking

SENTENCE_END = re.compile(r"(?<=[^\W\d]{2}\.|\d%\.|\S\)\.) (?=[^\W\da-z])")
"""Not after a number or one letter: `3. Januar` and `z. B.` end none."""


class ShownSaving(Struct, frozen=True):
    """What the verdict saves against another option: `month` and `year` (12 months alike, or as many as the
    horizon has where it is shorter: `months`), in the ledgers' currency.

    Negative where it costs more. Against the option in use, or `staying` on its model where that option would take
    another one, else against the cheapest of the others; `ruled_out` where a gate excludes that one. `first_year`
    counts growth and falling prices; None where it was not computed. `once` where the work runs once: there is no year;
    `grows` where a growth is stated, so that a year is no longer twelve of today's months. `drawn` names the
    words for a range that is that of nine of ten futures, which price both; without, it follows from both ranges.
    """

    against: str
    in_use: bool
    ruled_out: bool
    staying: bool
    month: Band
    year: Band
    months: int
    first_year: Decimal | None
    once: bool = False
    grows: bool = False
    drawn: str = ""
    bill: str | None = None
    """What is paid today where a gate rules out what runs today: then it is compared with nothing."""
    good: str | None = None
    """The chance that the model to move to is good enough: else there is nothing of this to save."""

    @property
    def more(self) -> bool:
        """Whether the verdict costs more than what it is compared with."""
        return self.month.likely < 0

    @property
    def shown_month(self) -> Band:
        """The month's difference as an amount that is not negative at its likely value."""
        return _turned(self.month) if self.more else self.month

    @property
    def shown_year(self) -> Band:
        """The same for `months` months."""
        return _turned(self.year) if self.more else self.year


def _turned(band: Band) -> Band:
    return Band(-band.high, -band.likely, -band.low)


class FirstStep(Struct, frozen=True):
    """What must happen first, and who does it; `by` is the day proposed for it, `due` what it must come before.

    Empty where nobody is named, no day is proposed, or nothing depends on it.
    """

    text: str
    owner: str
    by: str
    due: str

    @property
    def first(self) -> str:
        """Its first sentence, which says what to do."""
        return SENTENCE_END.split(self.text, maxsplit=1)[0]

    @property
    def rest(self) -> str:
        """The sentences after it, which say what comes of it; empty where there are none."""
        return self.text[len(self.first) :].strip()


class FirstPage(Struct, frozen=True):
    """What is computed for the first page. `holds` is how many of 100 futures agree, `wrong` what being wrong costs.

    `worth_asking` is the one open answer that is most worth finding out.

    `doubts` are about the answers and what is past its review, without the lines of files. `grows` says what the growth
    that is stated would turn; empty where it turns nothing.
    """

    saving: ShownSaving | None
    first: FirstStep | None
    worth_asking: WorthAsking | None
    holds: str
    doubts: tuple[str, ...]
    wrong: tuple[str, ...]
    grows: str
