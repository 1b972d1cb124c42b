"""What became of each run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from warehouse.stores.acts import os_user
from warehouse.stores.engine import now, writing
from warehouse.stores.tables import run

State = Literal["started", "stopped", "refused", "failed", "published"]


@dataclass(frozen=True, slots=True)
class Run:
    """A run's latest state. ``started`` with nobody holding HOME's lock means that it was killed."""

    run_id: str
    build_id: int | None
    period: str
    state: str
    seconds: float | None
    summary: Mapping[str, object] | None  # counts
    os_user: str
    at: datetime  # UTC


def note(
    engine: sa.Engine,
    run_id: str,
    period: str,
    state: State,
    *,
    build_id: int | None = None,
    seconds: float | None = None,
    summary: Mapping[str, object] | None = None,
) -> None:
    """Record that a run came to a state."""
    with writing(engine) as connection:
        connection.execute(
            run.insert().values(
                run_id=run_id,
                build_id=build_id,
                period=period,
                state=state,
                seconds=seconds,
                summary=dict(summary) if summary else None,
                os_user=os_user(),
                at=now(),
            )
        )


def read(engine: sa.Engine, period: str | None = None, last: int = 50) -> list[Run]:
    """Read the latest state of the latest runs, newest first."""
    newest = sa.select(sa.func.max(run.c.id)).group_by(run.c.run_id)
    query = sa.select(*(run.c[name] for name in Run.__slots__)).where(run.c.id.in_(newest)).order_by(run.c.id.desc())
    if period is not None:
        query = query.where(run.c.period == period)
    with engine.connect() as connection:
        return [Run(*row) for row in connection.execute(query.limit(last)).all()]
