"""Days as integers since 1970-01-01, and how departments write them."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np

from connectors.sample.streams import Ints, Texts

NEVER = 10**6  # a day far beyond every period
_FIRST = int(np.datetime64("1930-01-01", "D").astype(np.int64))
_LAST = int(np.datetime64("2060-01-01", "D").astype(np.int64))


def day(value: date) -> int:
    """Count the days since 1970-01-01."""
    return int(np.datetime64(value, "D").astype(np.int64))


def as_date(value: int) -> date:
    """Return the calendar date of a day."""
    found: date = np.datetime64(int(value), "D").item()
    return found


@cache
def _calendar() -> tuple[Ints, Ints, Ints]:
    days = np.arange(_FIRST, _LAST).astype("datetime64[D]")
    months = days.astype("datetime64[M]").astype(np.int64)
    of_month = (days - days.astype("datetime64[M]")).astype(np.int64) + 1
    return months // 12 + 1970, months % 12 + 1, of_month


def year(days: Ints) -> Ints:
    """Return the calendar years."""
    return _calendar()[0][days - _FIRST]


def month(days: Ints) -> Ints:
    """Return the calendar months, 1–12."""
    return _calendar()[1][days - _FIRST]


def compact_number(days: Ints) -> Ints:
    """Return YYYYMMDD as a number."""
    years, months, of_month = _calendar()
    at = days - _FIRST
    return years[at] * 10000 + months[at] * 100 + of_month[at]


def from_parts(years: Ints, months: Ints, of_month: int = 1) -> Ints:
    """Return the days of the given years and months."""
    starts = ((years - 1970) * 12 + (months - 1)).astype("datetime64[M]").astype("datetime64[D]")
    return starts.astype(np.int64) + of_month - 1


def months_before(value: date, count: int) -> date:
    """Go back calendar months; a day that the month does not have becomes its last."""
    at = value.year * 12 + value.month - 1 - count
    first = date(at // 12, at % 12 + 1, 1)
    following = date((at + 1) // 12, (at + 1) % 12 + 1, 1)
    return first.replace(day=min(value.day, (following - first).days))


@cache
def _texts(shape: str) -> Texts:
    days = [as_date(value) for value in range(_FIRST, _LAST)]
    return np.asarray([value.strftime(shape) for value in days], dtype=object)


def written(days: Ints, shape: str) -> Texts:
    """Write days out by a ``strftime`` shape; days outside 1930–2059 (``NEVER``) give an empty text."""
    known = (days >= _FIRST) & (days < _LAST)
    found = _texts(shape)[np.where(known, days - _FIRST, 0)]
    found[~known] = ""
    return found
