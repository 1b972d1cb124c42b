"""Children whose hukou the hukou county doesn't confirm: what we took, what it says."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

import duckdb
import sqlalchemy as sa

from policy import divisions
from warehouse.stores import packets

TITLES = {
    "child_id": "儿童编号",
    "packet": "包裹编号",
    "answered_by": "答复单位",
    "answered_on": "答复日期",
    "answer": "答复",
    "reason": "原因",
    "our_hukou": "本地采用的户籍县",
    "our_source": "本地依据",
    "their_hukou": "对方所述户籍县",
    "status_now": "现判定",
}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One child that was denied or corrected. Counties as codes, several of a split county joined by ``|``."""

    child_id: str  # today's, where ids were merged since
    packet: str
    answered_by: str
    answered_on: date
    answer: str
    reason: str | None
    our_hukou: str | None
    our_source: str | None
    their_hukou: str | None
    status_now: str | None


COLUMNS = tuple(each.name for each in fields(Mismatch))
_OURS = """
    select
        asked.child_id, coalesce(redirect.to_child_id, asked.child_id) as now_id,
        array_to_string(status.hukou_codes, '|') as hukou, claim.source, status.status
    from (select unnest($children) as child_id) as asked
    left join core.child_redirect as redirect on redirect.child_id = asked.child_id
    left join care.migrant_status as status on status.child_id = coalesce(redirect.to_child_id, asked.child_id)
    left join core.hukou as claim on claim.child_id = status.child_id and claim.is_chosen
"""


def read(stores: sa.Engine, con: duckdb.DuckDBPyConnection, period: str, as_of: date) -> list[Mismatch]:
    """A period's mismatches by county and child. A correction to the county that we have now is none any more."""
    said = [each for each in packets.read_answers(stores, period) if each.answer in ("denied", "corrected")]
    rows = con.execute(_OURS, {"children": sorted({each.child_id for each in said})}).fetchall()
    ours = {child: (now, hukou, source, status) for child, now, hukou, source, status in rows}
    found = []
    for each in said:
        now, hukou, source, status = ours[each.child_id]
        theirs = "|".join(divisions.load().resolve(each.division_code, as_of).codes) if each.division_code else None
        if theirs is None or theirs != hukou:
            found.append(
                Mismatch(
                    *(now, each.number, each.party, each.at.date(), each.answer, each.reason),
                    *(hukou, source, theirs, status),
                )
            )
    return sorted(found, key=lambda each: (each.answered_by, each.child_id))
