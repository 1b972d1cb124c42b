"""Stores of any version become today's, and today's are what the tables say."""

import sqlite3
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from warehouse.stores import access_tables, casework_tables, decisions, migrations, tables, visit_tables
from warehouse.stores.engine import open_stores, writing

VERSION_1 = Path(__file__).parent / "version_1.sql"
SIGNED = (*tables.SIGNED, *access_tables.SIGNED, *casework_tables.SIGNED, *visit_tables.SIGNED)


def test_the_revisions_make_what_the_tables_say(stores):
    with stores.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": migrations.REVISION_TABLE, "compare_type": True}
        )
        assert compare_metadata(context, tables.metadata) == []


def test_the_last_revision_is_the_version_that_the_program_knows():
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [f"{migrations.SCHEMA_VERSION:04d}"]


def test_the_database_itself_guards_every_signed_table(stores):
    kinds = {"sqlite": ("update", "delete"), "postgresql": ("update", "delete", "truncate")}[stores.dialect.name]
    known = (
        "select name from sqlite_master where type = 'trigger'"
        if stores.dialect.name == "sqlite"
        else "select tgname from pg_trigger where not tgisinternal"
    )
    with stores.connect() as connection:
        found = set(connection.exec_driver_sql(known).scalars())
    assert {f"{table.name}_no_{kind}" for table in SIGNED for kind in kinds} - found == set()


def test_only_what_a_person_does_not_sign_may_change():
    names = {table.name for table in (*SIGNED, *tables.OF_BUILDS)}
    assert set(tables.metadata.tables) - names == {
        "schema_version",
        "session",
        "second_factor_use",
        "claim",
        "asked_case",
    }


def test_stores_that_the_first_version_made_are_taken_up_with_all_that_is_in_them(tmp_path):
    tmp_path.joinpath("stores").mkdir()
    with sqlite3.connect(tmp_path / "stores" / "operations.db") as made:
        made.executescript(VERSION_1.read_text(encoding="utf-8"))
    engine = open_stores(tmp_path / "stores")
    assert decisions.read_holding(engine).to_pylist()[0]["judgement"] == "SAME"
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": migrations.REVISION_TABLE})
        assert compare_metadata(context, tables.metadata) == []
        assert connection.scalars(sa.select(tables.schema_version.c.version)).all() == [1, migrations.SCHEMA_VERSION]
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), writing(engine) as connection:
        connection.execute(tables.decision.delete())
    engine.dispose()


def test_many_may_open_empty_stores_at_once(place):
    faults: list[BaseException] = []

    def open_and_look() -> None:
        try:
            engine = open_stores(place)
            decisions.read_holding(engine)
            engine.dispose()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=open_and_look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_replacing_a_signed_row_is_changing_it(tmp_path):
    engine = open_stores(tmp_path)
    values = "(id, os_user, act, at) values (1, 'u', 'a', '2026-07-01 00:00:00.000000')"
    with writing(engine) as connection:
        connection.exec_driver_sql(f"insert into act {values}")
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), writing(engine) as connection:
        connection.exec_driver_sql(f"insert or replace into act {values}")
    engine.dispose()
