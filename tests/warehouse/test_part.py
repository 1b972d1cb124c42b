"""What each table is made from, by child or wholesale, and what is made anew where links change."""

import duckdb
import pytest

from warehouse import build, part, prior
from warehouse.build import BuildError
from warehouse.part import LAST_BUILD, Part
from warehouse.store import Warehouse

WHOLESALE = {  # made of more than a child's own entries
    *("core.child_event", "core.child_redirect", "core.hukou_register", "core.national_number"),
    *("care.not_enrolled", "care.status_change", "care.village_load"),
}


def test_tables_of_a_childs_own_facts_say_so():
    tables = {f"{room}.{table}" for room in ("core", "care") for table in build.tables_of(room)}
    by_child = {name for name in tables if build.statement(*name.split(".")).is_by_child}
    assert tables - by_child == WHOLESALE


def test_of_all_that_prior_holds_a_part_knows_whom_it_is_about(tmp_path):
    """A table of ``prior`` that comes from the stores, and of which this fails, is to be compared in the part too."""
    compared = {*part._TOLD, "child_redirect"}
    with Warehouse(tmp_path / "home") as house:
        house.begin("2026H1")
        query = "select table_name from duckdb_tables() where schema_name = 'prior'"
        there = {name for (name,) in house.cursor().execute(query).fetchall()}
    of_earlier_builds = {*prior._CARRIED, *prior._MODEL}
    of_links = {"decision", "known_anchor", "issued_child", "child_event"}  # what comes of them is in link
    assert there == compared | of_earlier_builds | of_links


@pytest.fixture
def sql(tmp_path, monkeypatch):
    """Two tables that go by the child, one of which doesn't keep to it, and one that is made wholesale."""
    monkeypatch.setattr(build.resources, "files", lambda _: tmp_path)
    files = {
        "core/child": "-- reads: link.entry_child, std.entry\n-- by: child\n"
        "select child_id, count(*) as entries from link.entry_child join std.entry using (entry_id) "
        "where child_id is not null group by child_id",
        "core/total": "-- reads: core.child\nselect sum(entries) as entries from core.child",
        "care/child": "-- reads: core.child, core.total\n-- by: child\n"
        "select child_id, core.total.entries >= 0 as is_some from core.child cross join core.total",
        "care/stray": "-- reads: core.total\n-- by: child\nselect 'cx' as child_id from core.total",
    }
    for name, text in files.items():
        file = tmp_path / "sql" / f"{name}.sql"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    for cached in (build.statement, build.order):
        cached.cache_clear()
    yield
    for cached in (build.statement, build.order):
        cached.cache_clear()


@pytest.fixture
def con():
    """A build that goes on from the last: entry 3 is another child's now, entry 5 nobody's child's."""
    con = duckdb.connect()
    then, now = (
        "(1, 'ca'), (2, 'cb'), (3, 'cb'), (4, 'cc'), (5, null)",
        "(1, 'ca'), (2, 'cb'), (3, 'cd'), (4, 'cc'), (5, null)",
    )
    for catalog, rows in ((LAST_BUILD, then), ("building", now)):
        con.execute(f"attach ':memory:' as {catalog}; use {catalog}")
        for room in ("std", "link", "prior", "core", "care"):
            con.execute(f"create schema {room}")
        con.execute(f"create table link.entry_child as select * from (values {rows}) as t(entry_id, child_id)")
        con.execute("create table link.child_event (child_id varchar, event varchar, other_child_id varchar)")
        con.execute("create table std.entry as select unnest(range(1, 6)) as entry_id")
        con.execute("create table prior.child_redirect (child_id varchar, to_child_id varchar)")
        for table in part._TOLD:
            con.execute(f"create table prior.{table} (number integer, child_id varchar)")
        con.execute(
            "create table core.child as select * from (values ('ca', 9), ('cb', 2), ('cc', 9)) as t(child_id, entries)"
        )
        con.execute("create table core.total as select 0::hugeint as entries")
        con.execute("create table care.child as select child_id, false as is_some from core.child")
        con.execute("create table care.stray (child_id varchar)")
    return con


def rows(con, table):
    return con.execute(f"from {table} order by all").fetchall()


def test_only_children_whose_entries_changed_are_made_anew(sql, con):
    made = Part(con)
    assert made.children == 2
    assert made.build_table(con, "core", "child", {}) == 4
    assert rows(con, "core.child") == [("ca", 9), ("cb", 1), ("cc", 9), ("cd", 1)]  # 9: nobody looked
    assert made.build_table(con, "core", "total", {}) == 1
    assert rows(con, "core.total") == [(20,)]
    made.build_table(con, "care", "child", {})
    assert rows(con, "care.child") == [("ca", False), ("cb", True), ("cc", False), ("cd", True)]
    made.drop(con)
    assert "part" not in str(con.execute("select database_name from duckdb_databases()").fetchall())


@pytest.mark.parametrize(
    "change",
    [
        *(f"insert into prior.{table} values (1, 'cc')" for table in part._TOLD),
        "insert into prior.child_redirect values ('cc', 'ce')",
        "insert into link.child_event values ('ce', 'merge', 'cc')",
        "insert into link.child_event values ('cc', 'split', 'ce')",
    ],
)
def test_what_people_said_and_redirects_touch_a_child_too(sql, con, change):
    con.execute(change)
    made = Part(con)
    made.build_table(con, "core", "child", {})
    assert ("cc", 1) in rows(con, "core.child")
    assert ("ca", 9) in rows(con, "core.child")


def test_a_child_that_is_no_more_is_gone(sql, con):
    con.execute("update link.entry_child set child_id = 'ca' where child_id in ('cb', 'cd')")
    Part(con).build_table(con, "core", "child", {})
    assert rows(con, "core.child") == [("ca", 3), ("cc", 9)]


def test_a_table_that_says_by_child_and_isnt_stops_the_run(sql, con):
    made = Part(con)
    made.build_table(con, "core", "child", {})
    made.build_table(con, "core", "total", {})
    with pytest.raises(BuildError, match=r"care/stray.sql: says `-- by: child`"):
        made.build_table(con, "care", "stray", {})
