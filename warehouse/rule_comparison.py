"""The same children under two jurisdictions' rules: whose status differs, and by which clause."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from policy import rule_tables
from policy.period import Period
from policy.rules import Rules
from policy.rules import load as load_rules
from warehouse import build, recomputed
from warehouse.store import Warehouse

_STATUSES = "select child_id, status, clause, reasons from care.migrant_status order by child_id"


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of two rules for the same children.

    ``differing``: one row a child whose status differs: ``child_id``, then ``status``, ``clause`` and ``reasons`` under
    the ``one`` and the ``other`` rule. ``counts``: how many children by statuses and clauses.
    """

    children: int
    differing: pa.Table
    counts: list[tuple[str, str, str, str, int]]


def compare(house: Warehouse, period: Period, one: str, other: str, rules: Rules | None = None) -> Compared:
    """Evaluate the period's children as if the rule of jurisdiction ``one``, then of ``other``, held everywhere."""
    found = {}
    for name, jurisdiction in (("one", one), ("other", other)):
        law = rule_tables.as_if_everywhere(rules or load_rules(), jurisdiction, period.as_of)
        with recomputed.under(house, period, law, "care.migrant_status") as con:
            found[name] = con.execute(_STATUSES).to_arrow_table()
    with duckdb.connect(config={"python_enable_replacements": False}) as con:
        for name, rows in found.items():
            con.register(name, rows)
        differing = con.execute(build.statement("compare", "differing").sql).to_arrow_table()
        con.register("differing", differing)
        counts = con.execute(build.statement("compare", "counted").sql).fetchall()
    return Compared(found["one"].num_rows, differing, counts)
