"""People's acts on the ledger of key care (重点关爱台账): opened, reviewed, closed, each with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, get_args

import pyarrow as pa
import sqlalchemy as sa

from warehouse.stores import free_text, together
from warehouse.stores.actors import Actor
from warehouse.stores.engine import now
from warehouse.stores.tables import ledger_act

Act = Literal["open", "review", "close"]
ACTS: tuple[Act, ...] = get_args(Act)
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


@dataclass(frozen=True, slots=True)
class KeptAct:
    """An act as it was kept: by whom and when (UTC)."""

    id: int
    made: LedgerAct
    by: str
    at: datetime


def add(engine: sa.Engine, by: Actor, made: LedgerAct, also: Sequence[str] = ()) -> None:
    """Keep an act by somebody. ``also``: ids that were merged into the child.

    Raises :class:`ActOutOfTurn` where the act can't follow the entry's last one, and
    :class:`warehouse.stores.free_text.WordsRefused` for no reason, or one that holds a number of a person.
    """
    words = free_text.checked(made.reason, "reason")
    kept = replace(made, reason=words)

    def write(connection: sa.Connection) -> None:
        last = _last(connection, [made.child_id, *also], made.category)
        act = None if last is None else last.made.act
        if made.act not in _MAY_FOLLOW[act]:
            raise ActOutOfTurn(
                f"{made.category}: the last act on this child's entry is {act or 'none'}; "
                f"`{made.act}` can't follow it, only {', '.join(_MAY_FOLLOW[act])}."
            )
        values = {name: getattr(kept, name) for name in LedgerAct.__slots__}
        connection.execute(ledger_act.insert().values(**values, os_user=by.username, at=now()))

    together.write(engine, write)


def may_follow(last: str | None) -> tuple[Act, ...]:
    """The acts that an entry allows after its last one."""
    return _MAY_FOLLOW[last]


def of_children(engine: sa.Engine, child_ids: Sequence[str]) -> list[KeptAct]:
    """All acts on the entries that any of these ids bears, oldest first."""
    with engine.connect() as connection:
        return _acts(connection, ledger_act.c.child_id.in_(child_ids))


def since(engine: sa.Engine, act_id: int) -> list[KeptAct]:
    """All acts that were written after this one, oldest first."""
    with engine.connect() as connection:
        return _acts(connection, ledger_act.c.id > act_id)


def _last(connection: sa.Connection, child_ids: Sequence[str], category: str) -> KeptAct | None:
    found = _acts(connection, ledger_act.c.child_id.in_(child_ids) & (ledger_act.c.category == category))
    return found[-1] if found else None


def _acts(connection: sa.Connection, where: sa.ColumnElement[bool]) -> list[KeptAct]:
    rows = connection.execute(sa.select(ledger_act).where(where).order_by(ledger_act.c.id)).all()
    return [
        KeptAct(row.id, LedgerAct(*(row._mapping[name] for name in LedgerAct.__slots__)), row.os_user, row.at)
        for row in rows
    ]


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
