"""The stewards' answers about pairs of entries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import pyarrow as pa
import sqlalchemy as sa

from warehouse.stores.engine import writing
from warehouse.stores.tables import decision

Judgement = Literal["SAME", "DIFFERENT", "UNSURE"]
EntryKey = tuple[str, str, str]  # feed, table, natural key

_PAIR = tuple(decision.c[f"{side}_{part}"] for side in ("left", "right") for part in ("feed", "table", "key"))


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


def add(engine: sa.Engine, made: Decision) -> None:
    """Keep a decision, its entries in the order that pairs have everywhere: left sorts before right."""
    if made.left == made.right:
        raise ValueError("A decision is about two entries, found one entry twice.")
    left, right = sorted((made.left, made.right))
    pair = dict(zip((column.name for column in _PAIR), (*left, *right), strict=True))
    with writing(engine) as connection:
        connection.execute(
            decision.insert().values(
                **pair,
                judgement=made.judgement,
                reason=made.reason,
                steward=made.steward,
                decided_at=made.decided_at,
                model_version=made.model_version,
            )
        )


def read_holding(engine: sa.Engine) -> pa.Table:
    """One row a pair that somebody decided: the newest answer. Columns as ``prior.decision``."""
    newest = sa.select(sa.func.max(decision.c.id)).group_by(*_PAIR)
    query = (
        sa.select(*_PAIR, decision.c.judgement, decision.c.decided_at).where(decision.c.id.in_(newest)).order_by(*_PAIR)
    )
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    types = [pa.string()] * (len(_PAIR) + 1) + [pa.timestamp("us")]
    columns = list(zip(*rows, strict=True)) or [()] * len(types)
    names = [column.name for column in query.selected_columns]
    return pa.table([pa.array(values, kind) for values, kind in zip(columns, types, strict=True)], names)
