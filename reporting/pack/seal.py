"""Seals a report's figures: one canonical text of all numbers, its digest, and what differs between two of them."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reporting.pack.figures import Cell, Measured


@dataclass(frozen=True, slots=True)
class Change:
    """One number that two seals tell differently; None where one of them has no such row."""

    figure: str
    row: str  # the codes of its labels, joined by |
    column: str
    earlier: Cell
    now: Cell


def canonical(pack: str, period: str, jurisdiction: str, rules: Sequence[str], measured: Sequence[Measured]) -> str:
    """The figures as one text: the same figures give the same text, byte for byte, whenever they are made."""
    told = {
        "pack": pack,
        "period": period,
        "jurisdiction": jurisdiction,
        "rules": sorted(rules),
        "figures": {
            each.figure.name: {
                "version": each.figure.version,
                "columns": list(each.figure.columns),
                "labels": list(each.figure.labels),
                "rows": [list(row) for row in each.rows],
            }
            for each in measured
        },
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(figures: str) -> str:
    """SHA-256 of a canonical text, in hexadecimal."""
    return hashlib.sha256(figures.encode()).hexdigest()


def changes(earlier: str, now: str) -> Iterator[Change]:
    """What two canonical texts tell differently, number by number, in the order of the later one."""
    before, after = (json.loads(text)["figures"] for text in (earlier, now))
    for name in dict.fromkeys([*after, *before]):
        old, new = _numbers(before.get(name)), _numbers(after.get(name))
        for row, column in dict.fromkeys([*new, *old]):
            if old.get((row, column)) != new.get((row, column)):
                yield Change(name, row, column, old.get((row, column)), new.get((row, column)))


def _numbers(figure: dict[str, Any] | None) -> dict[tuple[str, str], Cell]:
    """A figure's numbers by row and column."""
    if figure is None:
        return {}
    columns, labels = figure["columns"], figure["labels"]
    found: dict[tuple[str, str], Cell] = {}
    for cells in figure["rows"]:
        row = dict(zip(columns, cells, strict=True))
        key = "|".join(str(row[label]) for label in labels)
        found |= {(key, name): cell for name, cell in row.items() if name not in labels}
    return found
