"""Children whose hukou the hukou county doesn't confirm: what we took, what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

import duckdb
import sqlalchemy as sa

from policy import divisions
from reporting import sheets, words
from reporting.packets import parties
from reporting.sheets import Heading
from warehouse import clock
from warehouse.places import Places
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


_ANSWERS = {"denied": "户籍不在本县", "corrected": "户籍在别处"}
_WIDTHS = {"packet": 42, "answered_by": 34, "our_hukou": 26, "their_hukou": 26, "our_source": 18, "child_id": 18}
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


def write(found: Sequence[Mismatch], on: date, out: Path) -> Path:
    """Write them as a workbook in words, for who follows them up; ``on`` is the reference date."""
    places = Places(on)
    footer = f"户籍地不认可的儿童清单 · 内部资料，只用于核实 · {clock.written()} 导出"
    headings = [Heading(TITLES[name], _WIDTHS.get(name, 14)) for name in COLUMNS]
    with sheets.book(out) as book:
        sheet = book.sheet("名单", footer)
        rows = ((*_worded(each, places), None, None) for each in found)
        book.table(
            sheet,
            0,
            [*headings, Heading("核实结果", 24), Heading("核实日期", 12)],
            rows,
            frozen=1,
            lowest=sheets.BY_HAND,
        )
    return out


def _worded(each: Mismatch, places: Places) -> tuple[object, ...]:
    return (
        *(each.child_id, each.packet, parties.title(each.answered_by, places.on), each.answered_on),
        *(_ANSWERS[each.answer], words.word("reply_reason", each.reason, places)),
        *(words.word(words.DIVISION, each.our_hukou, places), words.word("claim", each.our_source, places)),
        *(words.word(words.DIVISION, each.their_hukou, places), words.word("status", each.status_now, places)),
    )
