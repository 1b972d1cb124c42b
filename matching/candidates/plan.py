"""What comparing the candidate pairs will take, told once they are counted and before it is begun."""

from __future__ import annotations

from dataclasses import dataclass

_MEMORY = 700 << 20  # bytes of the program and of a small county
_MEMORY_A_PROFILE = 620
_MEMORY_A_PAIR = 60
_SECONDS_A_PROFILE = 6e-6
_SECONDS_A_PAIR = 3.2e-6


@dataclass(frozen=True, slots=True)
class Plan:
    """Pairs to compare of so many profiles; about so much memory at the most (bytes), so many seconds by the clock.

    From runs of invented counties on one machine of two processors (benchmarks/results.md): a guide, not a promise.
    """

    pairs: int
    profiles: int
    memory: int
    seconds: float


def plan(pairs: int, profiles: int) -> Plan:
    """Reckon what comparing, scoring and clustering so many pairs will take."""
    memory = _MEMORY + profiles * _MEMORY_A_PROFILE + pairs * _MEMORY_A_PAIR
    return Plan(pairs, profiles, memory, profiles * _SECONDS_A_PROFILE + pairs * _SECONDS_A_PAIR)
