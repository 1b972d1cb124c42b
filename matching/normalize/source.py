"""What normalisation has to know about a landed table: its columns, their kinds and its code words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """One column under our name. ``words`` maps a code word as delivered to the word we use."""

    name: str
    type: str
    words: Mapping[str, str] = field(default_factory=dict)
    sensitivity: str = "identifier"


@dataclass(frozen=True, slots=True)
class SourceTable:
    """One landed table, ``raw.<feed>_<table>``."""

    feed: str
    table: str
    columns: tuple[SourceColumn, ...]

    @property
    def name(self) -> str:
        """The table's name in ``raw`` and in ``std``."""
        return f"{self.feed}_{self.table}"

    def has(self, column: str) -> bool:
        """Whether the table has a column of that name."""
        return any(item.name == column for item in self.columns)

    def of_type(self, *types: str) -> list[SourceColumn]:
        """The columns of the given types, in the spec's order."""
        return [column for column in self.columns if column.type in types]
