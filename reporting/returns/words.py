"""What is wrong, in a clerk's words: by the kind of column and the fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

# type of a feed spec's column -> heading of faults.yml
_KINDS = {
    "name": "name",
    "citizen_no": "number",
    "key_number": "number",
    "date": "date",
    "month": "date",
    "phone": "phone",
    "division": "division",
    "word": "word",
    "yes_no": "word",
    "money": "amount",
    "integer": "amount",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What is wrong and what is asked. ``must``: to be corrected; else only to be written otherwise next time."""

    what: str
    ask: str
    must: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """One column as the department calls it, and its type in the feed spec."""

    header: str
    type: str


@dataclass(frozen=True, slots=True)
class Table:
    """One delivered table as its department knows it.

    ``columns`` by our names; ``unreadable`` gives what and what is asked, of a quarantined row's reason and detail.
    """

    feed: str
    name: str
    title: str
    columns: Mapping[str, Column]
    unreadable: Callable[[str, str], tuple[str, str]]


@cache
def load() -> Mapping[str, Mapping[str, Words]]:
    """Every fault's words, by kind of column."""
    given = yaml.safe_load((files("reporting.returns") / "faults.yml").read_text(encoding="utf-8"))
    return {kind: {fault: Words(**words) for fault, words in faults.items()} for kind, faults in given.items()}


def of_cell(column: Column | None, fault: str) -> Words:
    """A cell's fault. One that has no words yet is told by its name rather than kept back."""
    kind = _KINDS.get(column.type, "") if column else ""
    return load().get(kind, {}).get(fault) or Words(f"有问题（{fault}）", "请核对后更正")
