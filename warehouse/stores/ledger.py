"""People's acts on the ledger of key care (重点关爱台账): opened, reviewed, closed, each with its reason."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import pyarrow as pa
import sqlalchemy as sa

from warehouse.stores.acts import os_user
from warehouse.stores.engine import now, writing
from warehouse.stores.tables import ledger_act

Act = Literal["open", "review", "close"]
_MAY_FOLLOW: dict[str | None, tuple[Act, ...]] = {
    None: ("open", "close"),  # a proposal may be turned down unopened
    "open": ("review", "close"),
    "review": ("open", "review", "close"),  # looked at, and kept open
    "close": ("open", "close"),
}


@dataclass(frozen=True, slots=True)
class LedgerAct:
    """One act on one child's entry of one category, made on the list of ``period``."""

    period: str
    child_id: str
    category: str
    act: Act
    acted_on: date
    reason: str  # in the clerk's words


class ActOutOfTurn(ValueError):
    """The entry's last act doesn't allow this one."""


def add(engine: sa.Engine, made: LedgerAct, last: str | None) -> None:
    """Keep an act by this user. ``last`` is the entry's last act, of the child or one merged into it; None: none yet.

    Raises :class:`ActOutOfTurn` where the act can't follow it.
    """
    if made.act not in _MAY_FOLLOW[last]:
        raise ActOutOfTurn(
            f"{made.category}: the last act on this child's entry is {last or 'none'}; "
            f"`{made.act}` can't follow it, only {', '.join(_MAY_FOLLOW[last])}."
        )
    if not made.reason.strip():
        raise ValueError("An act on the ledger needs a reason: it is what the next clerk reads.")
    with writing(engine) as connection:
        connection.execute(
            ledger_act.insert().values(
                period=made.period,
                child_id=made.child_id,
                category=made.category,
                act=made.act,
                acted_on=made.acted_on,
                reason=made.reason.strip(),
                os_user=os_user(),
                at=now(),
            )
        )


def last_act(engine: sa.Engine, child_ids: list[str], category: str) -> str | None:
    """Read the last act on an entry that any of these ids bears."""
    query = (
        sa.select(ledger_act.c.act)
        .where(ledger_act.c.child_id.in_(child_ids), ledger_act.c.category == category)
        .order_by(ledger_act.c.id.desc())
        .limit(1)
    )
    with engine.connect() as connection:
        return connection.execute(query).scalar()


def read_until(engine: sa.Engine, period: str) -> pa.Table:
    """Acts made on the lists of this period and earlier ones, as written. Columns as ``prior.ledger_act``."""
    columns = (
        ledger_act.c.id.label("act_id"),
        *(ledger_act.c[name] for name in ("period", "child_id", "category", "act", "acted_on", "reason")),
    )
    query = sa.select(*columns).where(ledger_act.c.period <= period).order_by(ledger_act.c.id)
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    types = [pa.int64(), *[pa.string()] * 4, pa.date32(), pa.string()]
    values = list(zip(*rows, strict=True)) or [()] * len(types)
    names = [column.name for column in query.selected_columns]
    return pa.table([pa.array(column, kind) for column, kind in zip(values, types, strict=True)], names)
