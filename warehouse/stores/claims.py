"""Who works on which case, until when: two people aren't given the same one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from warehouse.stores import audit, together
from warehouse.stores.actors import Actor
from warehouse.stores.casework_tables import claim
from warehouse.stores.engine import now, take_turn, writing

MINUTES = 20
_FRESH = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """A case that is somebody's until then."""

    period: str
    case_id: int
    steward: str
    until: datetime  # UTC
    at: datetime  # UTC

    def is_held_by_other(self, steward: str, at: datetime) -> bool:
        """Whether somebody else holds it at that time."""
        return self.steward != steward and at < self.until


def take(engine: sa.Engine, by: Actor, period: str, case_id: int, minutes: int = MINUTES) -> Claim:
    """Claim a case, or go on with one's claim. Gives the claim that holds now: somebody else's where it is theirs.

    Nothing is written where it is somebody else's, or was made one's own within the last minute.
    """
    with engine.connect() as connection:
        held = holders(connection, period, [case_id]).get(case_id)
    if held is not None and (held.steward != by.username or held.at + _FRESH > now()):
        return held
    return _take(engine, by, period, [case_id], minutes)[0]


def take_first(
    engine: sa.Engine, by: Actor, period: str, case_ids: Sequence[int], minutes: int = MINUTES
) -> Claim | None:
    """Claim the first of these cases that nobody else holds; None where others hold all."""
    found = _take(engine, by, period, case_ids, minutes)
    return found[-1] if found and found[-1].steward == by.username else None


def release(engine: sa.Engine, by: Actor, period: str, case_id: int) -> None:
    """Give up one's claim; without one nothing happens."""
    with writing(engine) as connection:
        drop(connection, by.username, period, [case_id])


def hand_over(engine: sa.Engine, by: Actor, period: str, case_id: int, to: str, minutes: int = MINUTES) -> Claim:
    """Make the case another steward's, whoever held it; whether they may see it is the caller's to ask."""
    at = now()
    given = Claim(period, case_id, to, at + timedelta(minutes=minutes), at)
    with writing(engine) as connection:
        take_turn(connection)
        _put(connection, given)
        audit.append(connection, by.username, "case handed over", f"case {period}/{case_id}", detail={"to": to})
    return given


def read(engine: sa.Engine, period: str) -> list[Claim]:
    """The claims of a period that hold now."""
    query = sa.select(*_COLUMNS).where(claim.c.period == period, claim.c.until > now()).order_by(claim.c.case_id)
    with engine.connect() as connection:
        return [Claim(*row) for row in connection.execute(query).all()]


def holders(connection: sa.Connection, period: str, case_ids: Collection[int]) -> dict[int, Claim]:
    """The claims on these cases that hold now."""
    rows = connection.execute(_HELD, {"of_period": period, "of_cases": list(case_ids), "at": now()}).all()
    return {row.case_id: Claim(*row) for row in rows}


def drop(connection: sa.Connection, steward: str, period: str, case_ids: Collection[int]) -> None:
    """Remove the steward's claims on these cases."""
    theirs = (claim.c.period == period) & claim.c.case_id.in_(list(case_ids)) & (claim.c.steward == steward)
    connection.execute(claim.delete().where(theirs))


_COLUMNS = tuple(claim.c[name] for name in Claim.__slots__)
_HELD = sa.select(*_COLUMNS).where(
    claim.c.period == sa.bindparam("of_period"),
    claim.c.case_id.in_(sa.bindparam("of_cases", expanding=True)),
    claim.c.until > sa.bindparam("at"),
)
_REMOVE = claim.delete().where(claim.c.period == sa.bindparam("of_period"), claim.c.case_id == sa.bindparam("of_case"))
_ADD = claim.insert()


def _take(engine: sa.Engine, by: Actor, period: str, case_ids: Sequence[int], minutes: int) -> list[Claim]:
    """Claims met on the way, the last of them one's own unless others hold all."""

    def claim_one(connection: sa.Connection) -> list[Claim]:
        held, at, met = holders(connection, period, case_ids), now(), []
        for case_id in case_ids:
            if case_id in held and held[case_id].is_held_by_other(by.username, at):
                met.append(held[case_id])
                continue
            met.append(Claim(period, case_id, by.username, at + timedelta(minutes=minutes), at))
            _put(connection, met[-1])
            break
        return met

    return together.write(engine, claim_one)


def _put(connection: sa.Connection, made: Claim) -> None:
    connection.execute(_REMOVE, {"of_period": made.period, "of_case": made.case_id})
    connection.execute(_ADD, {name: getattr(made, name) for name in Claim.__slots__})
