"""What people say of automatic links that were drawn for them: kept once a link and half-year; it decides nothing."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from warehouse.stores import audit, decisions, free_text, together
from warehouse.stores.actors import Actor
from warehouse.stores.casework_tables import link_check
from warehouse.stores.decisions import Judgement, Pair
from warehouse.stores.engine import now


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """Somebody's word on one drawn link."""

    period: str
    case_id: int
    link_band: str
    judgement: Judgement
    steward: str
    at: datetime  # UTC


def give(
    engine: sa.Engine,
    by: Actor,
    period: str,
    case_id: int,
    link_band: str,
    pair: Pair,
    judgement: Judgement,
    *,
    model_version: str,
    reason: str = "",
) -> LinkCheck:
    """Keep what somebody says of a link; gives what is kept of it, which is another's word where that came first.

    An UNSURE needs a reason. Raises :class:`warehouse.stores.free_text.WordsRefused`.
    """
    words = free_text.checked(reason, "reason") if judgement == "UNSURE" or reason.strip() else ""

    def write(connection: sa.Connection) -> LinkCheck:
        known = _read(connection, (link_check.c.period == period) & (link_check.c.case_id == case_id))
        if known:
            return known[0]
        made = LinkCheck(period, case_id, link_band, judgement, by.username, now())
        sides = zip(("left", "right"), decisions.pair(*pair), strict=True)
        keys = {
            f"{side}_{part}": value
            for side, key in sides
            for part, value in zip(("feed", "table", "key"), key, strict=True)
        }
        values = {name: getattr(made, name) for name in LinkCheck.__slots__} | keys
        connection.execute(link_check.insert().values(values | {"reason": words, "model_version": model_version}))
        told = {"answer": judgement, "band": link_band}
        audit.append(connection, by.username, "link verified", f"case {period}/{case_id}", detail=told)
        return made

    return together.write(engine, write)


def read(engine: sa.Engine, period: str) -> list[LinkCheck]:
    """All of a half-year, oldest first."""
    with engine.connect() as connection:
        return _read(connection, link_check.c.period == period)


def _read(connection: sa.Connection, where: sa.ColumnElement[bool]) -> list[LinkCheck]:
    query = sa.select(*(link_check.c[name] for name in LinkCheck.__slots__)).where(where).order_by(link_check.c.id)
    return [LinkCheck(*row) for row in connection.execute(query).all()]
