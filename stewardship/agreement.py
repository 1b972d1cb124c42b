"""How far stewards agree: a part of the decided cases is asked again of another, who isn't told what anybody held."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from warehouse.stores.casework_tables import verdict

ASKED_AGAIN = 0.05
"""Share of the decided cases that is asked again."""


@dataclass(frozen=True, slots=True)
class Twice:
    """One case that two people answered."""

    case_id: int
    first: str
    first_by: str
    second: str
    second_by: str


def is_drawn(period: str, case_id: int, share: float = ASKED_AGAIN) -> bool:
    """Whether a case is among those asked again: by chance, and the same whenever it is asked."""
    drawn = int.from_bytes(hashlib.sha256(f"asked again/{period}/{case_id}".encode()).digest()[:8], "big")
    return drawn < share * 2**64


def twice(engine: sa.Engine, period: str) -> list[Twice]:
    """The cases that were asked again, with the answer that held then and the blind one."""
    columns = (verdict.c.case_id, verdict.c.answer, verdict.c.steward, verdict.c.is_blind)
    query = sa.select(*columns).where(verdict.c.period == period, verdict.c.act == "give").order_by(verdict.c.id)
    first: dict[int, tuple[str, str]] = {}
    found = []
    with engine.connect() as connection:
        for case_id, answer, steward, is_blind in connection.execute(query):
            if not is_blind:
                first[case_id] = (answer, steward)
            elif case_id in first:
                found.append(Twice(case_id, *first[case_id], answer, steward))
    return found


def kappa(answers: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa: agreement beyond chance, 1 for all. None where chance alone would make all agree, or none is.

    Source: J. Cohen, A coefficient of agreement for nominal scales, 1960.
    """
    if not answers:
        return None
    many = len(answers)
    agreed = sum(one == other for one, other in answers) / many
    firsts, seconds = Counter(one for one, _ in answers), Counter(other for _, other in answers)
    by_chance = sum(firsts[answer] * seconds[answer] for answer in firsts) / many**2
    return None if by_chance == 1.0 else (agreed - by_chance) / (1.0 - by_chance)
