"""Since when each case is asked. Its number stays when a period is run again, and when the next one asks it still."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from warehouse.stores import bulk
from warehouse.stores.casework_tables import asked_case
from warehouse.stores.engine import take_turn, writing

_AT_ONCE = 500


def since(engine: sa.Engine, period: str, case_ids: Collection[int], begun_at: datetime) -> dict[int, datetime]:
    """When each was first asked, UTC; those that never were are asked since ``begun_at``, which is kept."""
    with engine.connect() as connection:
        known = _known(connection, case_ids)
    if len(known) < len(case_ids):
        with writing(engine) as connection:
            take_turn(connection)
            known = _known(connection, case_ids)  # another process may have been first
            new = sorted(set(case_ids) - known.keys())
            rows = {"case_id": new, "period": period, "at": _written(connection, begun_at)}
            bulk.insert(connection, asked_case, rows)
        known |= dict.fromkeys(new, begun_at)
    return known


def _known(connection: sa.Connection, case_ids: Collection[int]) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    wanted = sorted(case_ids)
    for start in range(0, len(wanted), _AT_ONCE):
        some = asked_case.c.case_id.in_(wanted[start : start + _AT_ONCE])
        query = sa.select(asked_case.c.case_id, asked_case.c.at).where(some)
        found |= {row.case_id: row.at for row in connection.execute(query)}
    return found


def _written(connection: sa.Connection, at: datetime) -> object:
    """An instant as the driver itself takes it: SQLite's knows texts only."""
    return at.isoformat(" ", "microseconds") if connection.dialect.name == "sqlite" else at
