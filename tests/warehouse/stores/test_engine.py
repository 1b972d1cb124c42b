"""Opening the stores, and what the database itself refuses."""

import sqlite3

import pytest
import sqlalchemy as sa

from warehouse.stores import acts, tables
from warehouse.stores.engine import StoreVersionUnknown, open_stores, writing


def test_opening_again_finds_what_was_written(place):
    first = open_stores(place)
    acts.note(first, "export", "links 2026H1", {"rows": 3})
    first.dispose()
    again = open_stores(place)
    (act,) = acts.read(again)
    assert (act.act, act.subject, act.detail) == ("export", "links 2026H1", {"rows": 3})
    again.dispose()


def test_stores_of_a_newer_version_are_left_alone(place):
    engine = open_stores(place)
    with writing(engine) as connection:
        connection.execute(tables.schema_version.update().values(version=99))
    engine.dispose()
    with pytest.raises(StoreVersionUnknown, match="version 99"):
        open_stores(place)


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_itself_refuses_to_change_a_signed_row(stores, verb):
    acts.note(stores, "accept")
    statement = tables.act.update().values(act="other") if verb == "update" else tables.act.delete()
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), writing(stores) as connection:
        connection.execute(statement)
    assert [each.act for each in acts.read(stores)] == ["accept"]


def test_a_failed_transaction_leaves_nothing(stores):
    def fail_midway() -> None:
        with writing(stores) as connection:
            connection.execute(tables.act.insert().values(os_user="u", act="x", at=acts.now()))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_midway()
    assert acts.read(stores) == []


def test_a_reader_sees_the_last_state_while_another_writes(tmp_path):
    engine = open_stores(tmp_path)
    acts.note(engine, "first")
    with writing(engine) as connection:
        connection.execute(tables.act.insert().values(os_user="u", act="second", at=acts.now()))
        with sqlite3.connect(tmp_path / "operations.db") as reader:
            assert reader.execute("select act from act").fetchall() == [("first",)]
