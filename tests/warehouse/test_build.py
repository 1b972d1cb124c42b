"""One statement a table, in the order that their reads ask for."""

from contextlib import suppress

import duckdb
import pytest

from warehouse import build
from warehouse.build import BuildError


@pytest.fixture
def sql(tmp_path, monkeypatch):
    """Lay SQL files of a room `core` where the package's own would be; give a function that writes one."""
    monkeypatch.setattr(build.resources, "files", lambda _: tmp_path)
    for cached in (build.statement, build.order):
        cached.cache_clear()

    def write(table: str, text: str) -> None:
        folder = tmp_path / "sql" / "core"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{table}.sql").write_text(text, encoding="utf-8")

    yield write
    for cached in (build.statement, build.order):
        cached.cache_clear()


def test_a_table_is_replaced_and_its_rows_counted(sql):
    sql("child", "-- core.child: one row a number\n-- params: upto\nselect unnest(range($upto)) as n")
    con = duckdb.connect()
    assert build.build_table(con, "core", "child", {"upto": 3, "not_used_here": 1}) == 3
    assert build.build_table(con, "core", "child", {"upto": 2}) == 2


@pytest.mark.parametrize("text", ["select 1 as n", "select error('no') as n"])
def test_other_rooms_find_rows_in_the_order_of_writing_as_before(sql, text):
    sql("child", f"-- core.child: one row\n{text}")
    con = duckdb.connect()
    with suppress(BuildError):
        build.build_table(con, "core", "child")
    assert con.execute("select current_setting('preserve_insertion_order')").fetchone() == (True,)


def test_tables_come_after_those_they_read(sql):
    sql("a", "-- reads: core.c, std.entry\nselect * from core.c")
    sql("b", "-- reads core.a,\n--   core.c\nselect * from core.a")
    sql("c", "-- nothing\nselect 1 as one")
    assert build.order("core") == ("c", "a", "b")
    assert build.build_room(duckdb.connect(), "core") == {"c": 1, "a": 1, "b": 1}


def test_words_after_the_reads_are_no_reads(sql):
    sql("a", "-- reads: std.entry\n-- params: as_of, see core.b\nselect 1 as one")
    assert build.statement("core", "a").reads == {"std.entry"}


def test_a_lookup_is_put_in_where_it_is_named_and_parameters_stay(sql, tmp_path):
    sql("a", "select * from ($told) as a where n in ($n)")
    (tmp_path / "sql" / "lookup").mkdir()
    (tmp_path / "sql" / "lookup" / "told.sql").write_text("-- One row\nselect * from ($source)\n")
    (tmp_path / "sql" / "lookup" / "source.sql").write_text("select unnest([1, 2]) as n -- numbers\n")
    made = build.statement("core", "a")
    assert made.params == {"n"}
    assert duckdb.connect().execute(made.sql, {"n": 2}).fetchall() == [(2,)]


def test_a_circle_is_named(sql):
    sql("a", "-- reads: core.b\nselect 1")
    sql("b", "-- reads: core.a\nselect 1")
    with pytest.raises(BuildError, match=r"circle: .*a.*b"):
        build.order("core")


@pytest.mark.parametrize(
    ("text", "params", "says"),
    [
        ("select $as_of as d", {}, r"not given: \['as_of'\]"),
        ("select 1; select 2", {}, "one bare select"),
        ("create table x as select 1", {}, "one bare select"),
        ("select * from core.nowhere", {}, "nowhere does not exist"),
    ],
)
def test_faults_name_the_file(sql, text, params, says):
    sql("a", text)
    with pytest.raises(BuildError, match=says) as fault:
        build.build_table(duckdb.connect(), "core", "a", params)
    assert "sql/core/a.sql" in str(fault.value)


def test_an_error_about_a_value_does_not_quote_it(sql):
    sql("a", "select cast(v as integer) as n from (values ('Zhaxi')) t(v)")
    with pytest.raises(BuildError, match="values withheld") as fault:
        build.build_table(duckdb.connect(), "core", "a")
    assert "Zhaxi" not in str(fault.value)
    assert fault.value.__cause__ is None


def test_an_unknown_table_lists_those_there_are(sql):
    sql("child", "select 1")
    with pytest.raises(BuildError, match=r"core has \['child'\]"):
        build.build_table(duckdb.connect(), "core", "chidl")


def test_every_file_of_ours_can_be_run_in_some_order():
    for room in ("core", "care", "mart", "export"):
        assert set(build.order(room)) == set(build.tables_of(room))
