"""A small ``std`` for tests of the linkage: invented children, everything filled in that a case isn't about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

import duckdb
import pyarrow as pa

from matching.normalize import names

MAY_DAY = date(2016, 5, 1)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def citizen_no(born_on: date = MAY_DAY, order: int = 1, division: str = "429006") -> str:
    """A number that passes its check; an odd order is a boy's."""
    first = f"{division}{born_on:%Y%m%d}{order:03d}"
    return first + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True)) % 11]


@dataclass(frozen=True)
class Guardian:
    """One guardian of an entry."""

    name: str | None = None
    citizen_no: str | None = None
    phone: str | None = None
    relation: str | None = "mother"


@dataclass(frozen=True)
class Entry:
    """One entry; ``source`` is feed.table, the key is made when none is given."""

    name: str | None = "王安"
    source: str = "education.enrolment"
    key: str | None = None
    born_on: date | None = MAY_DAY
    sex: str | None = "male"
    citizen_no: str | None = None
    citizen_no_unverified: str | None = None
    citizen_no_state: str | None = None
    embedded_no: str | None = None
    former_name: str | None = None
    insured_no: str | None = None
    student_no: str | None = None
    health_record_no: str | None = None
    birth_certificate_no: str | None = None
    household_no: str | None = None
    born_alternatives: tuple[date, ...] = ()
    born_precision: str | None = "day"
    born_fault: str | None = None
    residence_county: str | None = "429006"
    hukou_county: str | None = "420984"
    residence_address: str | None = None
    is_adult: bool = False
    guardians: tuple[Guardian, ...] = field(default=())


@dataclass(frozen=True)
class Decision:
    """One steward's answer about two entries by place in the list of entries."""

    left: int
    right: int
    judgement: str
    decided_at: datetime = datetime(2026, 7, 1)


def write_std(
    con: duckdb.DuckDBPyConnection,
    entries: list[Entry],
    decisions: tuple[Decision, ...] = (),
    known: dict[int, str] | None = None,
) -> None:
    """Make ``std`` and ``prior``; entry ids are places in the list, keys ``k<place>`` unless given."""
    for schema in ("std", "prior"):
        con.execute(f"create schema if not exists {schema}")
    texts = sorted({name for entry in entries for name in _names(entry) if name})
    _keep(con, "std.name", _name_table(texts))
    ids = {text: place for place, text in enumerate(texts)}
    _keep(con, "std.entry", _entry_table(entries, ids))
    _keep(con, "std.guardian", _guardian_table(entries, ids))
    keys = [_key(entry, place) for place, entry in enumerate(entries)]
    rows = [
        (*_table(entries[d.left]), keys[d.left], *_table(entries[d.right]), keys[d.right], d.judgement, d.decided_at)
        for d in decisions
    ]
    con.execute(
        "create or replace table prior.decision (left_feed varchar, left_table varchar, left_key varchar,"
        " right_feed varchar, right_table varchar, right_key varchar, judgement varchar, decided_at timestamp)"
    )
    if rows:
        con.executemany("insert into prior.decision values (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    con.execute(
        "create or replace table prior.known_anchor"
        " (anchor ubigint, child_id varchar, priority integer, earlier_child_id varchar)"
    )
    con.execute("create or replace table prior.child_redirect (child_id varchar, to_child_id varchar)")
    for anchor, child in (known or {}).items():
        con.execute("insert into prior.known_anchor values (?, ?, 1, ?)", [anchor, child, child])


def _names(entry: Entry) -> list[str | None]:
    return [entry.name, entry.former_name, *(guardian.name for guardian in entry.guardians)]


def _table(entry: Entry) -> tuple[str, str]:
    feed, table = entry.source.split(".")
    return feed, table


def _key(entry: Entry, place: int) -> str:
    return f"k{place}" if entry.key is None else entry.key


def _name_table(texts: list[str]) -> pa.Table:
    described = names.describe(texts)
    if "name_id" in described.column_names:
        return described
    return described.add_column(0, "name_id", pa.array(range(len(texts)), pa.int32()))


def _entry_table(entries: list[Entry], ids: dict[str, int]) -> pa.Table:
    day = pa.date32()
    text = pa.string()

    def column(values: list[object], kind: pa.DataType) -> pa.Array:
        return pa.array(values, kind)

    plain = [
        *("sex", "citizen_no", "citizen_no_unverified", "embedded_no", "birth_certificate_no", "student_no"),
        *("insured_no", "health_record_no", "household_no", "hukou_county", "residence_county"),
    ]
    columns = {
        "entry_id": column(list(range(len(entries))), pa.int64()),
        "feed": column([_table(entry)[0] for entry in entries], text),
        "table_name": column([_table(entry)[1] for entry in entries], text),
        "file": column(["file"] * len(entries), text),
        "row_no": column(list(range(len(entries))), pa.int32()),
        "key": column([_key(entry, place) for place, entry in enumerate(entries)], text),
        "name_id": column([ids.get(entry.name or "") for entry in entries], pa.int32()),
        "former_name_id": column([ids.get(entry.former_name or "") for entry in entries], pa.int32()),
        "born_on": column([entry.born_on for entry in entries], day),
        "born_precision": column([entry.born_precision if entry.born_on else None for entry in entries], text),
        "born_alternatives": column([list(entry.born_alternatives) for entry in entries], pa.list_(day)),
        "born_fault": column([entry.born_fault for entry in entries], text),
        "other_document_no": column([None] * len(entries), text),
        "registration_no": column([None] * len(entries), text),
        "disability_card_no": column([None] * len(entries), text),
        "ethnic_code": column([None] * len(entries), text),
        "mother_name_id": column([None] * len(entries), pa.int32()),
        "residence_address_key": column([entry.residence_address for entry in entries], text),
        "hukou_address_key": column([None] * len(entries), text),
        "is_adult": column([entry.is_adult for entry in entries], pa.bool_()),
    } | {name: column([getattr(entry, name) for entry in entries], text) for name in plain}
    states = [entry.citizen_no_state or ("sound" if entry.citizen_no else "blank") for entry in entries]
    return pa.table(columns | {"citizen_no_state": column(list(states), text)})


def _guardian_table(entries: list[Entry], ids: dict[str, int]) -> pa.Table:
    rows = [
        (place, slot, guardian)
        for place, entry in enumerate(entries)
        for slot, guardian in enumerate(entry.guardians, 1)
    ]
    return pa.table(
        {
            "entry_id": pa.array([place for place, _, _ in rows], pa.int64()),
            "slot": pa.array([slot for _, slot, _ in rows], pa.int32()),
            "relation": pa.array([guardian.relation for _, _, guardian in rows], pa.string()),
            "name_id": pa.array([ids.get(guardian.name or "") for _, _, guardian in rows], pa.int32()),
            "citizen_no": pa.array([guardian.citizen_no for _, _, guardian in rows], pa.string()),
            "phone": pa.array([guardian.phone for _, _, guardian in rows], pa.string()),
        }
    )


def _keep(con: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    con.register("rows_to_keep", rows)
    con.execute(f"create or replace table {name} as select * from rows_to_keep")
    con.unregister("rows_to_keep")
