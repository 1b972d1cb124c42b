"""What people asked about that the machine didn't, so that whoever comes after them finds it again.

Two children side by side, or one of whom some entries may be another's. Such a case has a number of its own, a negative
one, under which its verdicts and notes are kept like those of any case.
"""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from warehouse.stores import together
from warehouse.stores.actors import Actor
from warehouse.stores.casework_tables import comparison
from warehouse.stores.decisions import EntryKey
from warehouse.stores.engine import now

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two children; or, without ``other``, one of whom the entries in ``apart`` may be another's."""

    case_id: int
    one: str
    other: str | None = None
    apart: tuple[EntryKey, ...] = ()


def keep(engine: sa.Engine, by: Actor, made: Comparison) -> None:
    """Keep what a number stands for; the same again changes nothing."""

    def write(connection: sa.Connection) -> None:
        known = sa.select(comparison.c.id).where(comparison.c.case_id == made.case_id)
        if connection.execute(known).one_or_none() is None:
            values = {
                "case_id": made.case_id,
                "one": made.one,
                "other": made.other,
                "apart": [list(key) for key in made.apart] or None,
                "asked_by": by.username,
                "at": now(),
            }
            connection.execute(comparison.insert().values(values))

    together.write(engine, write)


def read(engine: sa.Engine, case_ids: Collection[int]) -> dict[int, Comparison]:
    """What these numbers stand for; those that nobody kept are left out."""
    found: dict[int, Comparison] = {}
    wanted = sorted(case_ids)
    columns = (comparison.c.case_id, comparison.c.one, comparison.c.other, comparison.c.apart)
    with engine.connect() as connection:
        for start in range(0, len(wanted), _AT_ONCE):
            some = comparison.c.case_id.in_(wanted[start : start + _AT_ONCE])
            for case_id, one, other, apart in connection.execute(sa.select(*columns).where(some)):
                keys = tuple((feed, table, key) for feed, table, key in apart or ())
                found[case_id] = Comparison(case_id, one, other, keys)
    return found
