"""What comparing the candidate pairs will take, told once they are counted and before it is begun."""

from __future__ import annotations

from dataclasses import dataclass

_MEMORY = 600 << 20  # bytes of the program and of a small county
_MEMORY_A_PROFILE = 1150
_MEMORY_A_PAIR = 290
_SECONDS_A_PROFILE = 8e-6  # of one processor
_SECONDS_A_PAIR = 5e-6


@dataclass(frozen=True, slots=True)
class Plan:
    """Pairs to compare of so many profiles; about so much memory at the most (bytes), so many seconds.

    From runs of invented counties on one machine (benchmarks/results.md): a guide, not a promise.
    """

    pairs: int
    profiles: int
    memory: int
    seconds: float


def plan(pairs: int, profiles: int, threads: int) -> Plan:
    """Reckon what comparing, scoring and clustering so many pairs will take with so many threads."""
    spent = profiles * _SECONDS_A_PROFILE + pairs * _SECONDS_A_PAIR
    memory = _MEMORY + profiles * _MEMORY_A_PROFILE + pairs * _MEMORY_A_PAIR
    return Plan(pairs, profiles, memory, spent / max(threads, 1))
