"""Stewards who are always right: they answer a published queue from the truth, through the store of decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.store import Warehouse
from warehouse.stores import decisions
from warehouse.stores.decisions import Decision, Judgement

_ASKED = """
    select asked.is_same, a.feed, a.table_name, a.key, b.feed, b.table_name, b.key
    from asked_pair as asked
    join std.entry as a on a.entry_id = asked.left_entry_id
    join std.entry as b on b.entry_id = asked.right_entry_id
    where asked.is_same is not null
    order by asked.left_entry_id, asked.right_entry_id
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """How many pairs were answered; ``unsayable``: both entries bear one key, so that a decision can't name them."""

    same: int
    different: int
    unsayable: int


def answer(con: duckdb.DuckDBPyConnection, home: Path) -> Answered:
    """Write an answer a review pair of ``con`` (see :func:`benchmarks.judged.opened`) into the stores of ``home``."""
    rows = con.execute(_ASKED).fetchall()
    said = {True: 0, False: 0}
    unsayable = 0
    with Warehouse(home) as warehouse:
        for is_same, *names in rows:
            left, right = tuple(names[:3]), tuple(names[3:])
            if left == right or not (left[2] and right[2]):
                unsayable += 1
                continue
            said[is_same] += 1
            judgement: Judgement = "SAME" if is_same else "DIFFERENT"
            made = Decision(left, right, judgement, "benchmark", "truth", datetime.now(UTC).replace(tzinfo=None), "")
            decisions.add(warehouse.stores, made)
    return Answered(said[True], said[False], unsayable)
