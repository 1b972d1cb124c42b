"""Whom an act on the ledger of key care is about: a child of a published period, and the ids merged into it."""

from policy.period import Period
from warehouse.store import Warehouse

_TODAY = "select to_child_id from core.child_redirect where child_id = ?"
_KNOWN = "select 1 from core.child where child_id = ? union select 1 from care.key_care where child_id = ?"
_MERGED = "select child_id from core.child_redirect where to_child_id = ? order by child_id"


def ledger_ids(house: Warehouse, period: Period, child_id: str) -> list[str] | None:
    """The id that a child has now, then those merged into it; None where the period doesn't know the child."""
    con = house.read_published(period)
    try:
        found = con.execute(_TODAY, [child_id]).fetchall()
        today = str(found[0][0]) if found else child_id
        if not con.execute(_KNOWN, [today, today]).fetchall():
            return None
        return [today, *(str(row[0]) for row in con.execute(_MERGED, [today]).fetchall())]
    finally:
        con.close()
