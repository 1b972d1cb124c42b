"""Opening the stores, and what the database itself refuses."""

import sqlite3
import subprocess
import sys
import traceback

import pytest
import sqlalchemy as sa

from warehouse.stores import audit, tables
from warehouse.stores.engine import StoreVersionUnknown, now, open_stores, writing


def test_opening_again_finds_what_was_written(place):
    first = open_stores(place)
    audit.note(first, "li", "export", "links 2026H1", detail={"rows": 3})
    first.dispose()
    again = open_stores(place)
    (row,) = audit.read(again)
    assert (row.act, row.subject, row.detail) == ("export", "links 2026H1", '{"rows":3}')
    again.dispose()


def test_stores_of_a_newer_version_are_left_alone(place):
    engine = open_stores(place)
    with writing(engine) as connection:
        connection.execute(tables.schema_version.update().values(version=99))
    engine.dispose()
    with pytest.raises(StoreVersionUnknown, match="version 99"):
        open_stores(place)


def test_stores_of_which_only_the_version_is_gone_are_left_alone(place):
    engine = open_stores(place)
    with writing(engine) as connection:
        connection.execute(tables.schema_version.delete())
    engine.dispose()
    with pytest.raises(StoreVersionUnknown, match="version 0"):
        open_stores(place)


def test_stores_of_today_are_opened_without_alembic(tmp_path):
    open_stores(tmp_path).dispose()
    code = (
        "import pathlib, sys; from warehouse.stores.engine import open_stores;"
        " open_stores(pathlib.Path(sys.argv[1])); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False).returncode == 0


ACT = tables.act.insert().values(os_user="u", act="accept", at=now())


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_itself_refuses_to_change_a_signed_row(stores, verb):
    with writing(stores) as connection:
        connection.execute(ACT)
    statement = tables.act.update().values(act="other") if verb == "update" else tables.act.delete()
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), writing(stores) as connection:
        connection.execute(statement)
    assert acts_of(stores) == ["accept"]


def test_a_failed_transaction_leaves_nothing(stores):
    def fail_midway() -> None:
        with writing(stores) as connection:
            connection.execute(ACT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_midway()
    assert acts_of(stores) == []


def test_a_reader_sees_the_last_state_while_another_writes(tmp_path):
    engine = open_stores(tmp_path)
    with writing(engine) as connection:
        connection.execute(ACT)
    with writing(engine) as connection:
        connection.execute(ACT)
        with sqlite3.connect(tmp_path / "operations.db") as reader:
            assert reader.execute("select act from act").fetchall() == [("accept",)]
    engine.dispose()


def acts_of(stores):
    with stores.connect() as connection:
        return connection.execute(sa.select(tables.act.c.act)).scalars().all()


def test_an_error_of_the_database_does_not_repeat_what_it_was_given(stores):
    number = "11010120180101" + "1234"  # in two parts: a traceback quotes this page too
    with pytest.raises(sa.exc.IntegrityError) as failed, writing(stores) as connection:
        connection.execute(tables.act.insert().values(os_user=None, act=number, at=now()))
    assert number not in "".join(traceback.format_exception(failed.value))
