"""A town of invented children on hand-made std and link tables: what a test doesn't care about is filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from policy.period import Period
from warehouse import specs
from warehouse.build import build_room
from warehouse.law import write_law
from warehouse.store import Warehouse
from warehouse.stores.visits import SHAPE

# prior.<name> and the table whose shape and rows of the earlier period it has
PRIOR = {
    "child": "core.child", "hukou": "core.hukou", "residence": "core.residence", "visit": "core.visit",
    "schooling": "core.schooling", "circumstance": "core.circumstance", "base_list": "care.base_list",
    "visit_due": "care.visit_due", "event": "care.event", "migrant_status": "care.migrant_status",
    "service_fact": "care.service_fact",
    "national_number": "core.national_number",
}  # fmt: skip
FEEDS = {
    "hukou": ("public_security", "hukou"),
    "registration": ("public_security", "residence"),
    "enrolment": ("education", "enrolment"),
    "health": ("health", "child_health"),
    "insurance": ("medical_insurance", "enrolment"),
    "alert": ("medical_insurance", "high_cost_alert"),
    "rehabilitation": ("disabled_federation", "rehabilitation"),
    "visit": ("civil_affairs", "field_visit"),
    "welfare": ("civil_affairs", "welfare"),
}
_MADE = "select schema_name, table_name from duckdb_tables()"
_PLACE_OF_LIVING = {"insurance": "insured", "alert": "treatment"}


@dataclass
class Town:
    """Collects children's entries; :meth:`settle` builds core, care and mart over them."""

    period: str = "2026H1"
    file: str = "学籍_429006.csv"
    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    redirects: tuple[tuple[str, str], ...] = ()
    jurisdiction: str = "429006"
    on: date | None = None  # the reference date, where it isn't the period's
    acts: list[tuple[Any, ...]] = field(default_factory=list)
    visits: list[dict[str, Any]] = field(default_factory=list)
    answers: list[tuple[Any, ...]] = field(default_factory=list)  # prior.hukou_answer
    events: tuple[tuple[str, str, str | None], ...] = ()  # child, event, other child
    events_before: tuple[tuple[str, str, str | None], ...] = ()  # told by an earlier build of the same period
    count: int = 0

    def entry(self, child: str | None, kind: str, **facts: Any) -> int:
        """Add one entry of a kind in :data:`FEEDS`.

        ``hukou``, ``lives``, ``emergency``: a county, a township or village (9 or 12 digits), a list of counties,
        a level, or std.place's own columns.

        Other facts are columns of std.entry, of the typed table, or guardians: [(relation, name, number)].
        """
        self.count += 1
        entry_id = facts.pop("entry_id", self.count)
        feed, table = FEEDS[kind]
        is_adult = child is None
        name = facts.pop("name", f"童{child}")
        values = {
            "entry_id": entry_id, "feed": feed, "table_name": table, "file": facts.pop("file", self.file),
            "row_no": self.count, "key": f"k{entry_id}", "name_id": self._name(name), "sex": facts.pop("sex", "female"),
            "born_on": facts.pop("born", None if is_adult else date(2016, 5, 1)),
            "born_precision": facts.pop("precision", "day"),
            "citizen_no": facts.pop("number", None), "citizen_no_state": facts.pop("state", "sound"),
            "ethnic_code": facts.pop("ethnic", "01"), "is_adult": is_adult,
        }  # fmt: skip
        self._add("std.entry", values)
        for place_kind, place in (
            ("hukou", facts.pop("hukou", None)),
            (_PLACE_OF_LIVING.get(kind, "residence"), facts.pop("lives", None)),
            ("emergency", facts.pop("emergency", None)),
        ):
            self._place(entry_id, place_kind, place)
        for slot, (relation, guardian, number) in enumerate(facts.pop("guardians", []), start=1):
            who = {"entry_id": entry_id, "slot": slot, "relation": relation, "name_id": self._name(guardian)}
            self._add("std.guardian", who | {"citizen_no": number, "phone": None})
        self._add(f"std.{feed}_{table}", {"entry_id": entry_id, **facts})
        self._add("link.entry_child", {"entry_id": entry_id, "child_id": child, "how": "alone", "score": None})
        return int(entry_id)

    def act(self, child: str, category: str, act: str, on: date, period: str | None = None) -> None:
        """Add a person's act on the ledger of key care, in the order of calling."""
        made = (len(self.acts) + 1, period or self.period, child, category, act, on, f"reason {len(self.acts) + 1}")
        self.acts.append(made)

    def recorded_visit(self, child: str, on: date, **told: Any) -> None:
        """Add a visit that somebody recorded in the web app."""
        made = {"visit_id": len(self.visits) + 1, "child_id": child, "visited_on": on, "visit_kind": "in_home"}
        self.visits.append({**made, "recorded_by": "li", **told})

    def answer(self, child: str, answer: str, party: str, division: str | None = None) -> None:
        """Add what a hukou county said of a child's hukou."""
        number = len(self.answers) + 1
        self.answers.append((number, f"packet {number}", party, child, answer, division, date(2026, 6, 1)))

    def settle(
        self,
        con: duckdb.DuckDBPyConnection,
        prior: Mapping[str, str] | None = None,
        rooms: Sequence[str] = ("core", "care", "mart"),
        has_prior: bool = False,
    ) -> duckdb.DuckDBPyConnection:
        """Build the rooms over the entries. ``prior`` tells from which table each of prior's is copied.

        ``has_prior``: the schema prior is there already, as a warehouse fills it.
        """
        period = Period(self.period)
        as_of = self.on or period.as_of
        _make_empty(con)
        for table, rows in self.rows.items():
            self._write(con, table, rows)
        for feed, table in FEEDS.values():
            status = "missing" if f"{feed}/{table}" in self.missing else "landed"
            con.execute("insert into raw.receipt by name select ? as feed, ? as table_name, ? as status, ? as period",
                        [feed, table, status, self.period])  # fmt: skip
        write_law(con, as_of)
        params = {
            "as_of": as_of, "period": str(period), "period_begins_on": period.begins_on, "token_key": "secret",
            "jurisdiction": self.jurisdiction,
        }  # fmt: skip
        if not has_prior:
            _make_prior(con, prior or {}, self.acts, self.visits, self.answers)
        for row in self.redirects:
            con.execute("insert into prior.child_redirect values (?, ?)", list(row))
        for child, event, other in self.events:
            con.execute("insert into link.child_event values (?, ?, ?, 'told', ?)", [child, event, other, self.period])
        for child, event, other in self.events_before:
            con.execute("insert into prior.child_event values (?, ?, ?, 'told', ?)", [child, event, other, self.period])
        for room in rooms:
            build_room(con, room, params)
        return con

    def publish(self, home: Path) -> None:
        """Build every room in a home, on what the warehouse has of earlier periods, and publish the period."""
        with Warehouse(home) as house:
            house.begin(self.period)
            con = self.settle(house.cursor(), has_prior=True)
            con.execute("create or replace table link.anchor (anchor ubigint, child_id varchar)")
            house.publish(self.period)

    def _place(self, entry_id: int, kind: str, place: str | Sequence[str] | Mapping[str, Any] | None) -> None:
        if place is None:
            return
        if isinstance(place, Mapping):
            county = {"county": place["codes"][0], "level": "county", "village": None}
            self._add("std.place", {"entry_id": entry_id, "kind": kind, **county, **place})
            return
        levels = {"prefecture", "province"}
        named = place if isinstance(place, str) and place not in levels else None
        codes = [named[:6]] if named else None if isinstance(place, str) else sorted(place)
        row = {
            "entry_id": entry_id, "kind": kind, "codes": codes,
            "county": codes[0] if codes and len(codes) == 1 else None, "level": "county" if codes else place,
            "township": named[:9] if named and len(named) > 6 else None,
            "village": named if named and len(named) == 12 else None,
        }  # fmt: skip
        self._add("std.place", row)

    def _name(self, name: str) -> int:
        rows = self.rows.setdefault("std.name", [])
        known = {row[1]["folded"]: row[1]["name_id"] for row in rows}
        if name not in known:
            self._add("std.name", {"name_id": len(rows) + 1, "delivered": name, "folded": name, "kind": "han"})
        return int(known.get(name, len(rows)))

    def _add(self, table: str, row: dict[str, Any]) -> None:
        self.rows.setdefault(table, []).append((len(self.rows.get(table, [])), row))

    def _write(self, con: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]]) -> None:
        names = dict.fromkeys(name for _, row in rows for name in row)
        columns = {name: _column([row.get(name) for _, row in rows]) for name in names}
        con.register("arriving", pa.table(columns))
        con.execute(f"insert into {table} by name from arriving")
        con.unregister("arriving")


def hand_on(earlier: duckdb.DuckDBPyConnection, con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Give a later town what an earlier one left: prior's tables, and the names that ``con`` knows them by."""
    made = {f"{schema}.{table}" for schema, table in earlier.execute(_MADE).fetchall()}
    for name, of in PRIOR.items():
        if of in made:
            con.register(f"earlier_{name}", earlier.execute(f"from {of}").to_arrow_table())
    return {name: f"earlier_{name}" for name, of in PRIOR.items() if of in made}


def _column(values: list[Any]) -> pa.Array:
    """Dates may be written as text too, which DuckDB reads as it inserts."""
    if any(isinstance(value, str) for value in values):
        values = [value.isoformat() if isinstance(value, date) else value for value in values]
    return pa.array(values)


def _make_empty(con: duckdb.DuckDBPyConnection) -> None:
    """Every table that the rooms read, in the shape that its spec says."""
    for schema in ("raw", "std", "link", "prior"):
        con.execute(f"create schema if not exists {schema}")
    for room, table in specs.load():
        if room in ("raw", "std", "link"):
            _make(con, room, table)


def _make(con: duckdb.DuckDBPyConnection, room: str, table: str) -> None:
    columns = ", ".join(f"{name} {column.type}" for name, column in specs.get(room, table).columns.items())
    con.execute(f"create or replace table {room}.{table} ({columns})")


def _make_prior(
    con: duckdb.DuckDBPyConnection,
    copied: Mapping[str, str],
    acts: Sequence[tuple[Any, ...]],
    recorded: Sequence[Mapping[str, Any]],
    answers: Sequence[tuple[Any, ...]],
) -> None:
    """Copy prior.* from tables of the test, or make them empty from the specs, as a first period has them."""
    con.execute("create or replace table prior.child_redirect (child_id varchar, to_child_id varchar)")
    con.execute(
        "create or replace table prior.child_event (child_id varchar, event varchar, other_child_id varchar, "
        "cause varchar, period varchar)"
    )
    con.execute(
        "create or replace table prior.ledger_act (act_id bigint, period varchar, child_id varchar, category varchar, "
        "act varchar, acted_on date, reason varchar)"
    )
    con.execute(
        "create or replace table prior.hukou_answer (answer_id bigint, number varchar, party varchar, "
        "child_id varchar, answer varchar, division_code varchar, said_on date)"
    )
    for answer in answers:
        con.execute("insert into prior.hukou_answer values (?, ?, ?, ?, ?, ?, ?)", list(answer))
    for act in acts:
        con.execute("insert into prior.ledger_act values (?, ?, ?, ?, ?, ?, ?)", list(act))
    con.register("recorded", pa.Table.from_pylist(list(recorded), schema=pa.schema(list(SHAPE.items()))))
    con.execute("create or replace table prior.recorded_visit as from recorded")
    con.unregister("recorded")
    for table, of in {**PRIOR, "rule": "mart.rule"}.items():
        if table in copied:
            con.execute(f"create or replace table prior.{table} as from {copied[table]}")
            continue
        room, name = of.split(".")
        columns = ", ".join(f"{column} {of.type}" for column, of in specs.get(room, name).columns.items())
        con.execute(f"create or replace table prior.{table} ({columns})")
