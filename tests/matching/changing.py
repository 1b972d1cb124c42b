"""A small invented county that changes from period to period: families, twins, wrong and missing values, decisions."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from tests.matching.standing import Decision, Entry, Guardian, citizen_no

_TABLES = (
    *("education.enrolment", "public_security.hukou", "medical_insurance.enrolment"),
    *("health.child_health", "civil_affairs.field_visit"),
)
_SURNAMES, _GIVEN = "王李张刘陈", "安平静敏伟芳强军洋艳"
_SCHOOL = "0728-5222222"
Judged = tuple[tuple[str, str | None], tuple[str, str | None], str]
"""The table and key of two entries, and what a person said of them."""


def county(chance: random.Random, families: int) -> list[Entry]:
    """Entries of so many families, some wrong from the start; keys tell nothing but the entry."""
    entries: list[Entry] = []
    for family in range(families):
        surname, mother = chance.choice(_SURNAMES), _mother(chance)
        county_of, address = chance.choice(["420984", "420103"]), f"和平路{chance.randrange(40)}号"
        born, has_twins = _day(chance), chance.random() < 0.15
        for child in range(chance.choice([1, 1, 2, 2, 3]) + has_twins):
            born = born if has_twins and child < 2 else _day(chance)
            first = Entry(
                surname + chance.choice(_GIVEN) + chance.choice(["", *_GIVEN]),
                born_on=born,
                sex=chance.choice(["male", "female"]),
                hukou_county=county_of,
                residence_address=address if chance.random() < 0.8 else None,
            )
            number, stem = citizen_no(born, chance.randrange(1, 999)), f"{chance.randrange(10**6)}-{family}-{child}"
            for table in chance.sample(_TABLES, chance.choice([1, 2, 2, 3, 4])):
                entry = _in_table(first, table, stem, number if chance.random() < 0.6 else None)
                entry = replace(entry, guardians=(mother,)) if chance.random() < 0.7 else entry
                entries.append(_wrong(chance, entry, entries) if chance.random() < 0.15 else entry)
                if table.endswith("visit") and chance.random() < 0.4:
                    entries.append(replace(entries[-1], key=f"{entries[-1].key}b"))
    return entries


def later(chance: random.Random, entries: list[Entry], share: float, past: list[Entry]) -> list[Entry]:
    """The next period's: of such a share some changed, some are gone, some of the past come back, some are new."""
    after = []
    for entry in entries:
        what = chance.random() / share
        if what > 0.75:
            after.append(entry)
        elif what < 0.6:
            after.append(_wrong(chance, entry, entries))
    after += [entry for entry in past if chance.random() < share / 4 and entry not in after]
    after += county(chance, max(1, int(len(entries) * share / 40)))
    if chance.random() < 0.5:
        chance.shuffle(after)
    return after


def said(judged: list[Judged], entries: list[Entry]) -> tuple[Decision, ...]:
    """What people said, of those entries that are still there."""
    place = {(entry.source, entry.key): at for at, entry in enumerate(entries)}
    return tuple(
        Decision(place[one], place[other], judgement)
        for one, other, judgement in judged
        if one in place and other in place and one != other
    )


def _mother(chance: random.Random) -> Guardian:
    born = date(1985, 1, 1) + timedelta(days=chance.randrange(2000))
    return Guardian(
        chance.choice(_SURNAMES) + chance.choice(_GIVEN) + chance.choice(["", *_GIVEN]),
        citizen_no(born, chance.randrange(1, 400) * 2, "420984") if chance.random() < 0.7 else None,
        f"139{chance.randrange(10**8):08d}" if chance.random() < 0.7 else _SCHOOL,
    )


def _day(chance: random.Random) -> date:
    return date(2012, 1, 1) + timedelta(days=chance.randrange(1200))


def _in_table(child: Entry, table: str, stem: str, number: str | None) -> Entry:
    return replace(
        child,
        source=table,
        key=f"{stem}-{table}",
        citizen_no=number,
        student_no=f"L{stem}" if table.startswith("education") else None,
        health_record_no=f"H{stem}" if table.startswith("health") else None,
        insured_no=f"I{stem}" if table.startswith("medical") else None,
    )


def _wrong(chance: random.Random, entry: Entry, others: list[Entry]) -> Entry:
    """The entry with one thing changed, missing, or another's."""
    other = chance.choice(others) if others else entry
    changes: list[dict[str, object]] = [
        {"name": (entry.name or "王安")[0] + chance.choice(_GIVEN)},
        {"name": None},
        {"born_on": _day(chance)},
        {"born_on": None},
        {"sex": "female" if entry.sex == "male" else "male"},
        {"citizen_no": None},
        {"citizen_no": other.citizen_no},
        {"citizen_no": other.citizen_no, "born_on": other.born_on},
        {"name": other.name, "born_on": other.born_on},
        {"name": other.name, "born_on": other.born_on, "sex": other.sex, "guardians": other.guardians},
        {"student_no": other.student_no, "born_on": other.born_on},
        {"guardians": ()},
        {"guardians": other.guardians},
        {"residence_address": f"和平路{chance.randrange(40)}号"},
        {"key": f"n{chance.randrange(10**6)}"},
    ]
    return replace(entry, **chance.choice(changes))  # type: ignore[arg-type]
