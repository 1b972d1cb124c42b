"""Visits and contacts that people recorded in the web app: one more feed, about children that are known by their id.

A row is never changed. One that was none, or was another child's, is taken back with a reason; the next run leaves it
out. Words are screened: no citizen number, no phone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from warehouse.stores import audit, free_text, together
from warehouse.stores.actors import Actor
from warehouse.stores.engine import now
from warehouse.stores.verdicts import KeyReused
from warehouse.stores.visit_tables import FINDINGS, TEXTS, recorded_visit, visit_withdrawal

KINDS = ("in_home", "phone", "other")
TOLD = (
    *("visited_on", "visit_kind", "living_with", "residence_division_code", "residence_since", *FINDINGS),
    *("father_away_since", "mother_away_since", "emergency_division_code", *TEXTS),
)
"""What a visit tells, by column."""
_TAKES_BACK_OTHERS = "approver"


class VisitFault(ValueError):
    """A visit can't be taken back so; the message says why."""


@dataclass(frozen=True, slots=True)
class RecordedVisit:
    """A visit as it was kept. ``told``: by column of :data:`TOLD`, None where nothing was said."""

    id: int
    period: str
    child_id: str
    told: Mapping[str, Any]
    recorded_by: str
    at: datetime  # UTC
    withdrawn_by: str | None = None
    withdrawn_because: str | None = None

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken back."""
        return self.withdrawn_by is not None


def record(
    engine: sa.Engine, by: Actor, form_key: str, period: str, child_id: str, told: Mapping[str, Any], *, token: str
) -> int:
    """Keep a visit; return its number, that of the first time where the form came before.

    ``token``: the child's in the audit. Raises :class:`warehouse.stores.free_text.WordsRefused` for numbers of people.
    """
    words = {name: free_text.checked(told[name], name) for name in TEXTS if (told.get(name) or "").strip()}
    values = {**dict.fromkeys(TOLD), **told, **dict.fromkeys(TEXTS), **words, "child_id": child_id}

    def write(connection: sa.Connection) -> int:
        known = connection.execute(sa.select(recorded_visit).where(recorded_visit.c.form_key == form_key)).one_or_none()
        if known is not None:
            if known.recorded_by != by.username or any(known._mapping[name] != value for name, value in values.items()):
                raise KeyReused("this form was sent before, with another visit in it")
            return int(known.id)
        kept = {**values, "form_key": form_key, "period": period, "recorded_by": by.username, "at": now()}
        made = connection.execute(recorded_visit.insert().values(kept))
        (number,) = made.inserted_primary_key or (0,)
        audit.append(connection, by.username, "visit recorded", token, detail={"visit": number})
        return int(number)

    return together.write(engine, write)


def withdraw(engine: sa.Engine, by: Actor, visit_id: int, child_ids: Sequence[str], reason: str, *, token: str) -> None:
    """Take a visit to this child back. Its recorder may, and an approver. Raises :class:`VisitFault`."""
    words = free_text.checked(reason, "reason")

    def write(connection: sa.Connection) -> None:
        known = connection.execute(
            sa.select(recorded_visit.c.recorded_by).where(
                recorded_visit.c.id == visit_id, recorded_visit.c.child_id.in_(child_ids)
            )
        ).scalar_one_or_none()
        if known is None:
            raise VisitFault("没有这条走访记录。 No such visit of this child.")
        if known != by.username and _TAKES_BACK_OTHERS not in by.roles:
            raise VisitFault("只能由登记人或审批人撤回。 Its recorder takes it back, or an approver.")
        taken = sa.select(visit_withdrawal.c.visit_id).where(visit_withdrawal.c.visit_id == visit_id)
        if connection.execute(taken).scalar_one_or_none() is not None:
            raise VisitFault("此前已撤回。 It was taken back before.")
        values = {"visit_id": visit_id, "reason": words, "withdrawn_by": by.username, "at": now()}
        connection.execute(visit_withdrawal.insert().values(values))
        audit.append(connection, by.username, "visit withdrawn", token, detail={"visit": visit_id})

    together.write(engine, write)


def of_child(engine: sa.Engine, child_ids: Sequence[str]) -> list[RecordedVisit]:
    """All visits that were recorded of a child, under any of its ids, the latest first; those taken back too."""
    columns = (recorded_visit, visit_withdrawal.c.withdrawn_by, visit_withdrawal.c.reason)
    query = (
        sa.select(*columns)
        .select_from(_standing())
        .where(recorded_visit.c.child_id.in_(child_ids))
        .order_by(recorded_visit.c.visited_on.desc(), recorded_visit.c.id.desc())
    )
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    return [
        RecordedVisit(
            id=row.id,
            period=row.period,
            child_id=row.child_id,
            told={name: row._mapping[name] for name in TOLD},
            recorded_by=row.recorded_by,
            at=row.at,
            withdrawn_by=row.withdrawn_by,
            withdrawn_because=row.reason,
        )
        for row in rows
    ]


def since(engine: sa.Engine, day: date, at: datetime) -> list[tuple[str, str, date]]:
    """Child, kind and day of the visits that hold and that a run begun then, for this day, doesn't know."""
    query = (
        sa.select(*(recorded_visit.c[name] for name in ("child_id", "visit_kind", "visited_on")))
        .select_from(_standing())
        .where((recorded_visit.c.visited_on > day) | (recorded_visit.c.at >= at), visit_withdrawal.c.visit_id.is_(None))
        .order_by(recorded_visit.c.id)
    )
    with engine.connect() as connection:
        return [(row.child_id, row.visit_kind, row.visited_on) for row in connection.execute(query).all()]


def read_until(engine: sa.Engine, day: date) -> pa.Table:
    """Visits of this day and before that weren't taken back. Columns as ``prior.recorded_visit``."""
    query = (
        sa.select(recorded_visit.c.id, *(recorded_visit.c[name] for name in ("child_id", *TOLD, "recorded_by")))
        .select_from(_standing())
        .where(recorded_visit.c.visited_on <= day, visit_withdrawal.c.visit_id.is_(None))
        .order_by(recorded_visit.c.id)
    )
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    values = list(zip(*rows, strict=True)) or [()] * len(SHAPE)
    return pa.table(
        [pa.array(column, kind) for column, kind in zip(values, SHAPE.values(), strict=True)], names=list(SHAPE)
    )


def _standing() -> sa.Join:
    return recorded_visit.outerjoin(visit_withdrawal)


def _kind(name: str) -> pa.DataType:
    if name == "visited_on" or name.endswith("_since"):
        return pa.date32()
    return pa.bool_() if name in FINDINGS else pa.string()


SHAPE: Mapping[str, pa.DataType] = {
    "visit_id": pa.int64(),
    **{name: _kind(name) for name in ("child_id", *TOLD, "recorded_by")},
}
"""Columns of ``prior.recorded_visit`` and their types."""
