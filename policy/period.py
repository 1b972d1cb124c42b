"""The half-year that a monitoring run is about: its key, its first day and its reference date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import total_ordering
from typing import Self

_SHAPE = re.compile(r"([0-9]{4})H([12])")
_FIRST_YEAR, _LAST_YEAR = 1949, 2199


@total_ordering
@dataclass(frozen=True, slots=True, eq=True)
class Period:
    """A half-year, ``2026H1`` or ``2026H2``. Ordered by time; a wrong key raises ValueError that says the shape."""

    key: str

    def __post_init__(self) -> None:
        match = _SHAPE.fullmatch(self.key)
        if match is None or not _FIRST_YEAR <= int(match[1]) <= _LAST_YEAR:
            raise ValueError(
                f"{self.key!r} is no period. Write the year and H1 (to 30 June) or H2 (to 31 December): 2026H1."
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a key as people type it: ``2026h1`` and spaces around it are fine."""
        return cls(text.strip().upper())

    @classmethod
    def holding(cls, day: date) -> Self:
        """Return the period that ``day`` falls into."""
        return cls(f"{day.year}H{1 if day.month <= 6 else 2}")

    @property
    def year(self) -> int:
        """Calendar year."""
        return int(self.key[:4])

    @property
    def half(self) -> int:
        """1 for January to June, 2 for July to December."""
        return int(self.key[5])

    @property
    def begins_on(self) -> date:
        """First day of the half-year."""
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def as_of(self) -> date:
        """Reference date: the last day, at which every delivery is a snapshot."""
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def previous(self) -> Period:
        """The half-year before."""
        return Period(f"{self.year}H1") if self.half == 2 else Period(f"{self.year - 1}H2")

    @property
    def next(self) -> Period:
        """The half-year after."""
        return Period(f"{self.year}H2") if self.half == 1 else Period(f"{self.year + 1}H1")

    @property
    def ordinal(self) -> int:
        """Half-years since year 0, so that the age of a fact in periods is a difference."""
        return self.year * 2 + self.half - 1

    def __lt__(self, other: object) -> bool:
        return self.key < other.key if isinstance(other, Period) else NotImplemented

    def __str__(self) -> str:
        return self.key
