"""What places are called on a period's reference date: counties by the code table, townships by deliveries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import duckdb

from policy import divisions
from warehouse import build


@dataclass(frozen=True, slots=True)
class Places:
    """Names of divisions on a day. ``townships``: by nine-digit code, where deliveries write a name beside the code."""

    on: date
    townships: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def named(cls, on: date, known: Iterable[tuple[str, str]]) -> Places:
        """Make it; of townships that share a name each has its county's behind it."""
        names = dict(known)
        many = Counter(names.values())
        county = divisions.load()
        told = {
            code: f"{name}（{record.name}）" if many[name] > 1 and (record := county.at(code[:6], on.year)) else name
            for code, name in names.items()
        }
        return cls(on, told)

    @classmethod
    def read(cls, con: duckdb.DuckDBPyConnection, on: date) -> Places:
        """Make it of a published file, which ``con`` reads."""
        return cls.named(on, con.execute(build.statement("lookup", "township_name").sql).fetchall())

    def name(self, code: str) -> str:
        """A county's full name; a township's own. The code where no table and no delivery names it."""
        return self.townships.get(code, code) if len(code) > 6 else _county(code, self.on)

    def own(self, code: str) -> str:
        """A place's name where its county stands beside: without the county's behind it."""
        return self.name(code).partition("（")[0]

    def full(self, code: str) -> str:
        """A township with its county in front."""
        county = self.name(code[:6])
        township = self.own(code) if len(code) > 6 else ""
        return f"{county} {township}" if township.isdecimal() else county + township

    def listed(self, codes: Iterable[str] | None) -> str:
        """Several in a row."""
        return "、".join(self.name(code) for code in codes or ())


@cache
def _county(code: str, on: date) -> str:
    """Kept, since lists ask for the same few places thousands of times."""
    return divisions.load().name(code, on)
