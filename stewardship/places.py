"""What places are called on a release's reference date: counties by the code table, townships by deliveries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from policy import divisions


@dataclass(frozen=True, slots=True)
class Places:
    """Names of divisions on a day. ``townships``: by nine-digit code, where deliveries write a name beside the code."""

    on: date
    townships: Mapping[str, str]

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

    def name(self, code: str) -> str:
        """A county's full name; a township's own. The code where no table and no delivery names it."""
        return self.townships.get(code, code) if len(code) > 6 else divisions.load().name(code, self.on)

    def full(self, code: str) -> str:
        """A township with its county in front."""
        county = self.name(code[:6])
        township = self.name(code).partition("（")[0] if len(code) > 6 else ""
        return f"{county} {township}" if township.isdecimal() else county + township

    def listed(self, codes: Iterable[str] | None) -> str:
        """Several in a row."""
        return "、".join(self.name(code) for code in codes or ())
