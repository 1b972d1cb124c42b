"""Dates counted in months and years, as the law counts them. The SQL of the rooms must agree: same cases, one test.

A month back or forward keeps the day of the month, or takes the month's last day where there is no such day (Civil
Code, article 202: 没有对应日的，月末日为期间的最后一日). So 2026-06-30 less six months is 2025-12-30, not 2025-12-31,
and 31 August less six months is the last of February. In DuckDB: ``cast(day - to_months(6) as date)``.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """Move ``day`` by whole calendar months, forward or (negative) back."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def months_before(day: date, months: int) -> date:
    """Return the date ``months`` calendar months before ``day``."""
    return add_months(day, -months)


def birthday(born_on: date, years: int) -> date:
    """Return the day on which ``years`` are reached; for somebody born on 29 February, 28 February in common years."""
    return add_months(born_on, 12 * years)


def has_reached(born_on: date, years: int, on: date) -> bool:
    """Whether somebody is ``years`` old on ``on``: from the birthday itself."""
    return birthday(born_on, years) <= on


def full_months(since: date, until: date) -> int:
    """Whole calendar months that lie between: the most by which ``until`` goes back without passing ``since``.

    So it agrees with the rule's own test: 2025-12-31 is five full months before 2026-06-30, 2025-12-30 six. Negative
    where ``until`` comes first.
    """
    months = (until.year - since.year) * 12 + until.month - since.month
    return months if months_before(until, months) >= since else months - 1
