"""Entries of an invented county for comparing engines: households, twins, copied numbers, names typed wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from tests.matching.standing import Decision, Entry, Guardian, citizen_no

_SURNAMES = "王李张刘陈"
_GIVEN = ["安", "平", "梓涵", "梓萱", "宇航", "子轩", "欣怡", "浩然", "诗涵", "一诺"]
_SOURCES = ["education.enrolment", "public_security.hukou", "health.child_health", "medical_insurance.enrolment"]


def entries(children: int, seed: int = 7) -> list[Entry]:
    """Two to four entries a child, in no order; one household in six has twins, one entry in eight is faulty."""
    draw = np.random.default_rng(seed)
    made: list[Entry] = []
    for place in range(children):
        surname = _SURNAMES[draw.integers(len(_SURNAMES))]
        mother = Guardian(f"{surname}芳{place % 7}", citizen_no(date(1988, 3, 1), place), f"139{place // 2:08d}")
        born_on = date(2014, 1, 1) + timedelta(days=int(draw.integers(700)))
        for twin in range(2 if place % 6 == 0 else 1):
            name = surname + _GIVEN[(place + 3 * twin) % len(_GIVEN)]
            child = Entry(
                name,
                citizen_no=citizen_no(born_on, 2 * place + 1 + twin),
                born_on=born_on,
                sex="male" if twin else "female",
                guardians=(mother,),
                residence_address=f"幸福路{place // 3}号",
            )
            for source in draw.choice(_SOURCES, draw.integers(2, 5), replace=False):
                made.append(_typed(replace(child, source=str(source)), draw))
    return [made[place] for place in draw.permutation(len(made))]


def _typed(entry: Entry, draw: np.random.Generator) -> Entry:
    fault = draw.integers(24)
    if fault == 0:
        return replace(entry, name=(entry.name or "")[:-1] + "晗")
    if fault == 1:
        return replace(entry, citizen_no=None, guardians=())
    if fault == 2:
        return replace(entry, born_on=(entry.born_on or date(2015, 1, 1)) + timedelta(days=1))
    if fault < 8:
        return replace(entry, citizen_no=None)
    return entry


def decisions(made: list[Entry]) -> tuple[Decision, ...]:
    """People joined some entries that nothing joins, parted some that are alike, and contradicted one another once."""
    alike = [
        (left, right)
        for left in range(len(made))
        for right in range(left + 1, len(made))
        if made[left].citizen_no and made[left].citizen_no == made[right].citizen_no
    ][:12]
    apart = tuple(Decision(left, right, "different") for left, right in alike[::3])
    joined = tuple(Decision(left, right, "same") for left, right in alike[1::3])
    odd = (Decision(0, len(made) - 1, "same"), Decision(1, len(made) - 2, "same"))
    return (
        *apart,
        *joined,
        *odd,
        Decision(alike[0][0], len(made) - 3, "same"),
        Decision(alike[0][1], len(made) - 3, "same"),
    )
