"""Amounts whose sign several currencies share, the questionnaire's own not among them.

`taken_for` of `rules/currencies.yaml` says what is meant where the questionnaire counts in that currency too: one that
states a rate against the dollar and writes `$` quotes a price list. Where it states none, the one meant is asked for.
"""

from __future__ import annotations

from hostwise.answers.files.answer import Answer
from hostwise.answers.files.days import RATES
from hostwise.answers.files.values import Refused
from hostwise.reading.numbers.currencies import currencies


def refuse_unrated(answer: Answer, own: str, *, rated: bool) -> None:
    """Refuse an amount in an assumed currency where no rate is stated (`rated`). Raises `Refused`."""
    if rated or not answer.assumed:
        return
    table, written = currencies(), answer.written
    sign = next(word for word in table.file.taken_for if word in written.lower())
    codes = [code for code in table.candidates(sign) if not table.is_hundredth(sign, code)]
    near = " ".join(written.lower().replace(sign, f" {codes[0]} ", 1).split())
    message = f"{sign!r} is written for several currencies, and {own} is none of them"
    accepted = f"the code of the one meant: {', '.join(codes)}; with {RATES} it is taken for {codes[0]}"
    raise Refused("not-a-quantity", message, found=written[:60], accepted=accepted, suggestion=near)
