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
        held = holder(connection, period, case_id)
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
        connection.execute(_REMOVE, {"of_period": period, "of_case": case_id})
        connection.execute(_ADD, _row(given))
        audit.append(connection, by.username, "case handed over", f"case {period}/{case_id}", detail={"to": to})
    return given


def read(engine: sa.Engine, period: str) -> list[Claim]:
    """The claims of a period that hold now."""
    at = now()
    with engine.connect() as connection:
        return [each for each in _of_period(connection, period) if each.until > at]


def holder(connection: sa.Connection, period: str, case_id: int) -> Claim | None:
    """The claim on a case that holds now."""
    given = {"of_period": period, "of_case": case_id, "at": now()}
    row = connection.execute(_HELD, given).one_or_none()
    return None if row is None else Claim(*row)


def drop(connection: sa.Connection, steward: str, period: str, case_ids: Collection[int]) -> None:
    """Remove the steward's claims on these cases."""
    theirs = (claim.c.period == period) & claim.c.case_id.in_(list(case_ids)) & (claim.c.steward == steward)
    connection.execute(claim.delete().where(theirs))


_COLUMNS = tuple(claim.c[name] for name in Claim.__slots__)
_OF_CASE = (claim.c.period == sa.bindparam("of_period"), claim.c.case_id == sa.bindparam("of_case"))
_HELD = sa.select(*_COLUMNS).where(*_OF_CASE, claim.c.until > sa.bindparam("at"))
_OF_PERIOD = sa.select(*_COLUMNS).where(claim.c.period == sa.bindparam("of_period")).order_by(claim.c.case_id)
_REMOVE = claim.delete().where(*_OF_CASE)
_REMOVE_ENDED = claim.delete().where(claim.c.until <= sa.bindparam("at"))
_ADD = claim.insert()


def _take(engine: sa.Engine, by: Actor, period: str, case_ids: Sequence[int], minutes: int) -> list[Claim]:
    """Claims met on the way, the last of them one's own unless others hold all. Those that ended are cleared away."""

    def claim_one(connection: sa.Connection) -> list[Claim]:
        at, met = now(), []
        known = {each.case_id: each for each in _of_period(connection, period)}
        if any(each.until <= at for each in known.values()):
            connection.execute(_REMOVE_ENDED, {"at": at})
            known = {case_id: each for case_id, each in known.items() if each.until > at}
        for case_id in case_ids:
            if case_id in known and known[case_id].steward != by.username:
                met.append(known[case_id])
                continue
            met.append(Claim(period, case_id, by.username, at + timedelta(minutes=minutes), at))
            if case_id in known:
                connection.execute(_REMOVE, {"of_period": period, "of_case": case_id})
            connection.execute(_ADD, _row(met[-1]))
            break
        return met

    return together.write(engine, claim_one)


def _of_period(connection: sa.Connection, period: str) -> list[Claim]:
    """A period's claims, those too that ended."""
    return [Claim(*row) for row in connection.execute(_OF_PERIOD, {"of_period": period}).all()]


def _row(made: Claim) -> dict[str, object]:
    return {name: getattr(made, name) for name in Claim.__slots__}
