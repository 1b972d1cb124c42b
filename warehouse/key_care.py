"""Whom an act on the ledger of key care is about: a child of a published period, and the ids merged into it."""

from policy.period import Period
from warehouse import child_ids
from warehouse.store import Warehouse

_KNOWN = "select 1 from core.child where child_id = ? union select 1 from care.key_care where child_id = ?"


def ledger_ids(house: Warehouse, period: Period, child_id: str) -> list[str] | None:
    """The id that a child has now, then those merged into it; None where the period doesn't know the child."""
    with house.reading(period) as con:
        ids = child_ids.of_child(con, child_id)
        return ids if con.execute(_KNOWN, [ids[0], ids[0]]).fetchall() else None
