"""Arithmetic on months of the calendar, and the days of the month that costs are said of."""

from __future__ import annotations

from datetime import date

DAYS = 30
"""Days of a month of costs and volumes, as the documents count: 720 hours."""


def months_later(day: date, months: int) -> date:
    """The same day some months later; the last of the month where it has no such day.

    >>> months_later(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


def months_between(earlier: date, later: date) -> int:
    """The months that have passed in full, as `months_later` counts them; negative where `later` comes first.

    >>> months_between(date(2026, 5, 20), date(2026, 11, 19)), months_between(date(2026, 5, 20), date(2026, 11, 20))
    (5, 6)
    >>> months_between(date(2026, 8, 31), date(2027, 2, 28))
    6
    """
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - (months_later(earlier, months) > later)
