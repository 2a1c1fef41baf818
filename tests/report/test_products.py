"""A ledger line is the product of its formula and inputs as they are printed, a total the sum of its lines."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.records import as_record

from hostwise.report.page.html import html_report

SCALES = {"": 1, "M": 1_000_000, "B": 1_000_000_000, "T": 1_000_000_000_000}
NUMBER = re.compile(r"(?P<minus>−)?[$£€]?(?P<digits>\d[\d,]*(?:\.\d+)?)(?P<scale>[MBT]?)(?P<percent>%?)")
SIGNS = {"×": "*", "÷": "/", "−": "-", "1 million": "1e6", "1 billion": "1e9"}


def number(text: str) -> float | None:
    found = NUMBER.match(text)
    if found is None:
        return None
    value = float(found["digits"].replace(",", "")) * SCALES[found["scale"]] / (100 if found["percent"] else 1)
    return -value if found["minus"] else value


def words(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def ledgers(page: str) -> Iterator[list[list[str]]]:
    """The rows of each ledger of a page: label, amount, range, and what it is computed from, as markup."""
    (section,) = re.findall(r'(?s)<section[^>]*id="ledgers".*?</section>', page)
    for table in re.findall(r"(?s)<tbody>.*?</tbody>", section):
        rows = [
            re.findall(r"(?s)<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"(?s)<tr[^>]*>.*?</tr>", table)
        ]
        if any(words(row[0]) == "Total" for row in rows if row):
            yield rows


def product(cell: str) -> float | None:
    """What a line comes to by its formula and its inputs as they are printed; None where it is one figure alone."""
    formula = re.search(r'(?s)<p class="formula">(.*?)</p>', cell)
    inputs = re.search(r'(?s)<p class="muted">(.*?)</p>', cell)
    if formula is None or inputs is None:
        return None
    text = words(formula[1])
    values = dict(each.split(" = ", 1) for each in words(inputs[1]).split("; ") if " = " in each)
    for name in sorted(values, key=len, reverse=True):
        text = text.replace(name, f"({number(values[name])})")
    for sign, operator in SIGNS.items():
        text = text.replace(sign, operator)
    return float(eval(text)) if re.fullmatch(r"[\d.e()+*/ -]+", text) else None


@pytest.mark.parametrize("name", ["support-summariser", "hospital-no-gpu-team", "s4-50m-a-day"])
def test_what_is_printed_multiplies_and_adds_up(name: str, decided: Callable[[str], dict[str, Any]]) -> None:
    """A utilisation of 0.1%, which was 0.0545%, made $6.77 of a line of $3.69."""
    checked = 0
    for rows in ledgers(html_report(as_record(decided(name)), audience="audit")):
        amounts = {words(row[0]): number(words(row[1])) for row in rows if len(row) == 4}
        total = amounts.pop("Total")
        assert total is not None and abs(sum(each or 0 for each in amounts.values()) - total) <= len(amounts) / 2
        for row in rows:
            shown = number(words(row[1])) if len(row) == 4 and words(row[0]) != "Total" else None
            found = product(row[3]) if shown is not None else None
            if found is not None and shown is not None:
                checked += 1
                assert abs(found - shown) <= max(0.001 * abs(shown), 0.51 if abs(shown) >= 100 else 0.006), words(
                    row[0]
                )
    assert checked > 25
