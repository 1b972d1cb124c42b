"""Normalisation: each delivered value, its comparison keys and its fault. Nothing is silently repaired."""

from matching.normalize.source import SourceColumn, SourceTable
from matching.normalize.write import (
    StdSummary,
    prepare,
    write_entries,
    write_faults,
    write_guardians,
    write_names,
    write_places,
    write_std,
    write_typed,
)

__all__ = [
    "SourceColumn",
    "SourceTable",
    "StdSummary",
    "prepare",
    "write_entries",
    "write_faults",
    "write_guardians",
    "write_names",
    "write_places",
    "write_std",
    "write_typed",
]
