"""The generator's own tables of names, sounds, shapes and places, read from ``data/``. One fact a row.

They are written from common knowledge and shared with no other part of the house: the county must not hand the
matcher its own lexicon.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Read one table of ``data/`` as its rows."""
    text = (files("connectors.sample") / "data" / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def grouped(name: str, key: str, value: str) -> dict[str, tuple[str, ...]]:
    """Read one table as key → its values, in file order."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows(name):
        found[row[key]].append(row[value])
    return {group: tuple(values) for group, values in found.items()}


@cache
def weighted(name: str, value: str, weight: str, **having: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Read one table's values and weights, of the rows that have the given cells."""
    kept = [row for row in rows(name) if all(row[column] == cell for column, cell in having.items())]
    return tuple(row[value] for row in kept), tuple(float(row[weight]) for row in kept)


@cache
def same_sound() -> dict[str, tuple[str, ...]]:
    """Return each character's homophones."""
    by_syllable = grouped("same_sound", "syllable", "character")
    found: dict[str, tuple[str, ...]] = {}
    for row in rows("same_sound"):
        others = tuple(char for char in by_syllable[row["syllable"]] if char != row["character"])
        if others:
            found.setdefault(row["character"], others)
    return found


@cache
def syllable_of() -> dict[str, str]:
    """Return a sound for each character, rare ones too."""
    found: dict[str, str] = {}
    for row in (*rows("rare_characters"), *rows("same_sound")):
        found.setdefault(row["character"], row["syllable"])
    return found
