"""Each child's standing in the national system: pending, entered or failed. The newest word of a period holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from warehouse.stores import bulk
from warehouse.stores.acts import os_user
from warehouse.stores.engine import now, writing
from warehouse.stores.tables import national_entry

State = Literal["pending", "entered", "failed"]
_NEWEST = sa.select(sa.func.max(national_entry.c.id)).group_by(national_entry.c.period, national_entry.c.child_id)


@dataclass(frozen=True, slots=True)
class Entry:
    """One child's standing. ``reason``: why it failed, as the national system says."""

    child_id: str
    state: State
    reason: str | None
    at: datetime  # UTC


def note(engine: sa.Engine, period: str, children: Sequence[tuple[str, State, str | None]]) -> int:
    """Append (child, state, reason) of a period; return how many."""
    if not children:
        return 0
    child_ids, states, reasons = (list(column) for column in zip(*children, strict=True))
    columns = {"child_id": child_ids, "state": states, "reason": reasons}
    with writing(engine) as connection:
        own = {"period": period, "os_user": os_user(), "at": _as_text(engine)}
        return bulk.insert(connection, national_entry, {**columns, **own})


def read(engine: sa.Engine, period: str) -> dict[str, Entry]:
    """The newest word of each child of a period."""
    columns = [national_entry.c[name] for name in Entry.__slots__]
    query = sa.select(*columns).where(national_entry.c.period == period, national_entry.c.id.in_(_NEWEST))
    with engine.connect() as connection:
        return {row[0]: Entry(*row) for row in connection.execute(query).all()}


def counts(engine: sa.Engine) -> Mapping[str, Mapping[str, int]]:
    """Children by period and state, as the newest words have them."""
    table = national_entry.c
    query = (
        sa.select(table.period, table.state, sa.func.count())
        .where(table.id.in_(_NEWEST))
        .group_by(table.period, table.state)
    )
    found: dict[str, dict[str, int]] = {}
    with engine.connect() as connection:
        for period, state, number in connection.execute(query).all():
            found.setdefault(period, {})[state] = number
    return found


def _as_text(engine: sa.Engine) -> datetime | str:
    """The time of writing as the driver of the stores takes it: SQLite's has no dates of its own."""
    at = now()
    return at.isoformat(sep=" ", timespec="microseconds") if engine.dialect.name == "sqlite" else at
