"""What was found in watched counties between two closes. The newest watch of a county holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from warehouse.stores.acts import os_user
from warehouse.stores.engine import now, writing
from warehouse.stores.tables import watch, watch_event


@dataclass(frozen=True, slots=True)
class WatchedEvent:
    """One event of a child that the index knows, as it stood on the day of the watch."""

    child_id: str
    kind: str
    happened_on: date
    due_on: date
    state: str  # open | done
    township: str | None
    rule_id: str
    clause: str


@dataclass(frozen=True, slots=True)
class Watch:
    """One county of a watch. ``not_in_index``: events of children who get their number at the next close."""

    period: str
    watched_on: date
    county: str
    children: int
    migrants: int
    events: int
    not_in_index: int


@dataclass(frozen=True, slots=True)
class Watched:
    """A county's newest watch with its events."""

    watch: Watch
    events: Sequence[WatchedEvent]


def note(engine: sa.Engine, found: Sequence[Watched]) -> None:
    """Keep what a watch found, of all its counties or of none."""
    with writing(engine) as connection:
        for each in found:
            row = watch.insert().values(**asdict(each.watch), os_user=os_user(), at=now())
            (watch_id,) = connection.execute(row).inserted_primary_key or (None,)
            if each.events:
                connection.execute(
                    watch_event.insert(), [{**asdict(event), "watch_id": watch_id} for event in each.events]
                )


def read(engine: sa.Engine) -> list[Watched]:
    """The newest watch of each county, by county."""
    newest = sa.select(sa.func.max(watch.c.id)).group_by(watch.c.county)
    of_watch = [watch.c[name] for name in Watch.__slots__]
    of_event = [watch_event.c[name] for name in WatchedEvent.__slots__]
    with engine.connect() as connection:
        watches = connection.execute(
            sa.select(watch.c.id, *of_watch).where(watch.c.id.in_(newest)).order_by(watch.c.county)
        ).all()
        events: dict[int, list[WatchedEvent]] = {row[0]: [] for row in watches}
        asked = sa.select(watch_event.c.watch_id, *of_event).where(watch_event.c.watch_id.in_(list(events)))
        for watch_id, *event in connection.execute(asked.order_by(watch_event.c.id)).all():
            events[watch_id].append(WatchedEvent(*event))
    return [Watched(Watch(*row[1:]), events[row[0]]) for row in watches]
