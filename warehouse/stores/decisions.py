"""The stewards' answers about pairs of entries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import pyarrow as pa
import sqlalchemy as sa

from warehouse.stores.casework_tables import link_check, verdict
from warehouse.stores.engine import writing
from warehouse.stores.tables import decision

Judgement = Literal["SAME", "DIFFERENT", "UNSURE", "WITHDRAWN"]  # WITHDRAWN: an undone answer with none before it
EntryKey = tuple[str, str, str]  # feed, table, natural key
Pair = tuple[EntryKey, EntryKey]  # the first sorts before the second

_SIDES = tuple(tuple(decision.c[f"{side}_{part}"] for part in ("feed", "table", "key")) for side in ("left", "right"))
_PAIR = (*_SIDES[0], *_SIDES[1])
_ENTRIES_A_QUERY = 200


@dataclass(frozen=True, slots=True)
class Decision:
    """One steward's answer about one pair of entries. A change of mind is a newer row."""

    left: EntryKey
    right: EntryKey
    judgement: Judgement
    reason: str  # in the steward's words, shown to the next steward
    steward: str
    decided_at: datetime  # UTC, without zone
    model_version: str  # what the model knew at the time
    verdict_id: int | None = None  # the answer to a case that it is part of


@dataclass(frozen=True, slots=True)
class Kept:
    """A decision in the store."""

    id: int
    decision: Decision


_KEPT = sa.select(decision.c.id, *_PAIR, *(decision.c[name] for name in Decision.__slots__[2:]))
_HELD = (
    _KEPT.where(*(column == sa.bindparam(f"of_{column.name}") for column in _PAIR))
    .where(decision.c.id < sa.bindparam("before"))
    .order_by(decision.c.id.desc())
    .limit(1)
)


def pair(left: EntryKey, right: EntryKey) -> Pair:
    """The two in the order that pairs have everywhere. One entry twice is an error."""
    if left == right:
        raise ValueError("A decision is about two entries, found one entry twice.")
    return (left, right) if left < right else (right, left)


def add(engine: sa.Engine, made: Decision) -> None:
    """Keep a decision."""
    with writing(engine) as connection:
        append(connection, [made])


def append(connection: sa.Connection, made: Sequence[Decision]) -> None:
    """Keep decisions, each one's entries in the order of :func:`pair`."""
    rows = [
        {column.name: part for column, part in zip(_PAIR, sum(pair(each.left, each.right), ()), strict=True)}
        | {name: getattr(each, name) for name in Decision.__slots__[2:]}
        for each in made
    ]
    if rows:
        connection.execute(decision.insert(), rows)


def about(connection: sa.Connection, entries: Collection[EntryKey]) -> dict[Pair, Kept]:
    """What holds of every pair that one of these entries is in; withdrawn answers are there as such."""
    found: dict[Pair, Kept] = {}
    wanted = sorted(entries)
    for start in range(0, len(wanted), _ENTRIES_A_QUERY):
        some = newest(connection, _names_one_of(wanted[start : start + _ENTRIES_A_QUERY]))
        found |= {pair: kept for pair, kept in some.items() if pair not in found or found[pair].id < kept.id}
    return found


def newest(connection: sa.Connection, where: sa.ColumnElement[bool]) -> dict[Pair, Kept]:
    """The newest of each pair among the decisions that fit."""
    rows = connection.execute(_KEPT.where(where).order_by(decision.c.id)).all()
    kept = map(_kept, rows)
    return {(each.decision.left, each.decision.right): each for each in kept}


def _kept(row: sa.Row[Any]) -> Kept:
    return Kept(row[0], Decision(tuple(row[1:4]), tuple(row[4:7]), *row[7:]))


def _names_one_of(entries: Sequence[EntryKey]) -> sa.ColumnElement[bool]:
    """The condition that a decision is about one of these, table by table: SQLite scans all for a list of triples."""
    tables = sorted({entry[:2] for entry in entries})
    return sa.or_(
        *(
            sa.and_(side[0] == feed, side[1] == table, side[2].in_([e[2] for e in entries if e[:2] == (feed, table)]))
            for feed, table in tables
            for side in _SIDES
        )
    )


def held(connection: sa.Connection, both: Pair, before: int = 2**62) -> Kept | None:
    """The newest decision about a pair, of those written before one of this number; None where there is none."""
    given = {f"of_{column.name}": part for column, part in zip(_PAIR, sum(both, ()), strict=True)}
    row = connection.execute(_HELD, given | {"before": before}).one_or_none()
    return None if row is None else _kept(row)


@dataclass(frozen=True, slots=True)
class Last:
    """The newest decision of all."""

    id: int
    at: datetime  # UTC, without zone


def last(engine: sa.Engine) -> Last | None:
    """The newest decision; None where nobody decided anything yet."""
    query = sa.select(decision.c.id, decision.c.decided_at).order_by(decision.c.id.desc()).limit(1)
    with engine.connect() as connection:
        found = connection.execute(query).one_or_none()
    return None if found is None else Last(*found)


def read_holding(engine: sa.Engine) -> pa.Table:
    """One row a pair that somebody decided: the newest answer. Columns as ``prior.decision``."""
    newest_ids = sa.select(sa.func.max(decision.c.id)).group_by(*_PAIR)
    query = (
        sa.select(*_PAIR, decision.c.judgement, decision.c.decided_at)
        .where(decision.c.id.in_(newest_ids), decision.c.judgement != "WITHDRAWN")
        .order_by(*_PAIR)
    )
    with engine.connect() as connection:
        return _table(connection.execute(query).all())


def read_blind(engine: sa.Engine) -> pa.Table:
    """One row an answer that somebody gave without knowing what the machine holds: it decides nothing."""
    checked = sa.select(
        *(link_check.c[column.name] for column in _PAIR), link_check.c.judgement, link_check.c.at
    ).order_by(link_check.c.id)
    again = sa.select(verdict.c.judgements, verdict.c.at).where(verdict.c.is_blind).order_by(verdict.c.id)
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(checked)]
        rows += [(*judged, at) for judgements, at in connection.execute(again) for judged in judgements]
    return _table([row for row in rows if row[-2] in ("SAME", "DIFFERENT")])


def _table(rows: Sequence[Sequence[object]]) -> pa.Table:
    types = [pa.string()] * (len(_PAIR) + 1) + [pa.timestamp("us")]
    columns = list(zip(*rows, strict=True)) or [()] * len(types)
    names = [*(column.name for column in _PAIR), "judgement", "decided_at"]
    return pa.table([pa.array(values, kind) for values, kind in zip(columns, types, strict=True)], names)
