"""Operators' words that a gate's figure may pass."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from warehouse.stores.acts import os_user
from warehouse.stores.engine import now, writing
from warehouse.stores.tables import acceptance


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One operator's word. A null table stands for every table of the feed, a null gate for every gate, a null hash
    for whichever delivery of the period.
    """

    period: str
    feed: str
    table_name: str | None
    gate: str | None
    delivery_sha256: str | None
    reason: str
    os_user: str
    at: datetime  # UTC


def accept(
    engine: sa.Engine,
    period: str,
    feed: str,
    reason: str,
    *,
    table_name: str | None = None,
    gate: str | None = None,
    delivery_sha256: str | None = None,
    by: str | None = None,
) -> None:
    """Keep an acceptance of ``by`` (a session's user), or of this process's user.

    An empty reason is an error: it is what the next operator reads.
    """
    if not reason.strip():
        raise ValueError("An acceptance needs a reason: what was asked, and what the department answered.")
    with writing(engine) as connection:
        connection.execute(
            acceptance.insert().values(
                period=period,
                feed=feed,
                table_name=table_name,
                gate=gate,
                delivery_sha256=delivery_sha256,
                reason=reason.strip(),
                os_user=by or os_user(),
                at=now(),
            )
        )


def read(engine: sa.Engine, period: str) -> list[Acceptance]:
    """Read a period's acceptances, oldest first."""
    columns = [acceptance.c[name] for name in Acceptance.__slots__]
    query = sa.select(*columns).where(acceptance.c.period == period).order_by(acceptance.c.id)
    with engine.connect() as connection:
        return [Acceptance(*row) for row in connection.execute(query).all()]
