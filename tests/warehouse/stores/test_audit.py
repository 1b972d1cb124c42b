"""The audit: rows that follow from one another, so that nobody changes one unseen."""

import threading

import pytest
import sqlalchemy as sa

from warehouse.stores import audit
from warehouse.stores.audit import AuditFault
from warehouse.stores.engine import open_stores, writing


@pytest.fixture
def kept(stores):
    """Stores with ten acts."""
    for number in range(10):
        audit.note(stores, "li", "reveal", f"child {number:032x}", field="citizen_no", detail={"why": "核对"})
    return stores


def behind_our_back(stores, *statements):
    """What somebody with the database's own rights does to it."""
    triggers = [("drop trigger if exists audit_no_" + verb) for verb in ("update", "delete")]
    if stores.dialect.name == "postgresql":
        triggers = [f"{each} on audit" for each in triggers]
    with writing(stores) as connection:
        for statement in (*triggers, *statements):
            connection.exec_driver_sql(statement)


def broken_at(stores, anchors=()):
    return [each.sequence for each in audit.verify(audit.walk(stores), anchors).breaks]


def test_what_nobody_touched_holds(kept, monkeypatch):
    monkeypatch.setattr(audit, "_CHUNK", 3)
    verified = audit.verify(audit.walk(kept))
    assert (verified.rows, verified.breaks, verified.head) == (10, (), audit.head(kept))


def test_an_empty_audit_holds(stores):
    assert audit.verify(audit.walk(stores)) == audit.Verified(0, None, ())


@pytest.mark.parametrize(
    "column", ["actor = 'wang'", "act = 'x'", "subject = null", "field = 'name'", "detail = '{}'", "at = '2026-01-01'"]
)
def test_an_edited_row_is_named(kept, column):
    behind_our_back(kept, f"update audit set {column} where sequence = 4")
    assert broken_at(kept) == [4]


def test_a_row_whose_hash_was_made_to_fit_breaks_the_next(kept):
    rows = list(audit.walk(kept))
    edited = audit.Row(*[rows[3].sequence, rows[3].at, "wang", *[getattr(rows[3], n) for n in audit.Row.__slots__[3:]]])
    behind_our_back(kept, f"update audit set actor = 'wang', hash = '{audit._hash(edited)}' where sequence = 4")
    assert broken_at(kept) == [5]


def test_a_removed_row_leaves_a_gap(kept):
    behind_our_back(kept, "delete from audit where sequence = 4")
    assert broken_at(kept) == [5]


def test_rows_closed_up_after_a_removal_are_named(kept):
    behind_our_back(
        kept,
        "delete from audit where sequence = 9",
        "update audit set sequence = 9 where sequence = 10",
    )
    assert broken_at(kept) == [9, 9]  # it doesn't follow, and its content was changed


def test_swapped_rows_are_named(kept):
    behind_our_back(
        kept,
        "update audit set sequence = 99 where sequence = 3",
        "update audit set sequence = 3 where sequence = 6",
        "update audit set sequence = 6 where sequence = 99",
    )
    assert {3, 6} <= set(broken_at(kept))


def test_a_cut_off_end_is_known_by_its_anchor(kept):
    anchor = audit.head(kept)
    behind_our_back(kept, "delete from audit where sequence > 8")
    assert broken_at(kept) == []
    assert broken_at(kept, [anchor]) == [10]


def test_a_chain_written_anew_is_known_by_its_anchor(kept):
    anchors = [audit.head(kept)]
    behind_our_back(kept, "delete from audit")
    for _ in range(10):
        audit.note(kept, "li", "nothing of note")
    assert broken_at(kept) == []
    assert broken_at(kept, anchors) == [10]


@pytest.mark.parametrize("where", ["subject", "field", "detail", "actor"])
def test_no_row_holds_a_persons_number(stores, where):
    number = "11010519491231002X"
    row = {"actor": "li", "act": "search"} | {where: {"term": number} if where == "detail" else f"for {number}"}
    with pytest.raises(AuditFault) as refused:
        audit.note(stores, **row)
    assert number not in str(refused.value)
    assert audit.read(stores) == []


def use_a_code(stores, subject=None):
    """An act with its row of the audit."""
    with writing(stores) as connection:
        connection.execute(sa.text("insert into second_factor_use (username, step) values ('li', 1)"))
        audit.append(connection, "li", "used", subject)


def test_what_cannot_be_told_does_not_happen(stores):
    with pytest.raises(AuditFault):
        use_a_code(stores, "13800138000")
    with stores.connect() as connection:
        assert connection.execute(sa.text("select count(*) from second_factor_use")).scalar_one() == 0


def test_without_its_table_nothing_audited_is_done(stores):
    with writing(stores) as connection:
        connection.exec_driver_sql("alter table audit rename to audit_away")
    with pytest.raises(sa.exc.DBAPIError):
        use_a_code(stores)
    with stores.connect() as connection:
        assert connection.execute(sa.text("select count(*) from second_factor_use")).scalar_one() == 0


def test_an_act_that_fails_leaves_no_row(stores):
    def fail():
        with writing(stores) as connection:
            audit.append(connection, "li", "act")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    audit.note(stores, "li", "next")
    assert [row.sequence for row in audit.read(stores)] == [1]


def test_many_writers_of_several_processes_make_one_chain(place):
    engines = [open_stores(place) for _ in range(4)]

    def write(engine):
        for number in range(10):
            audit.note(engine, "li", "read", f"case {number}")

    threads = [threading.Thread(target=write, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verified = audit.verify(audit.walk(engines[0]))
    assert (verified.rows, verified.breaks) == (40, ())
    for engine in engines:
        engine.dispose()


def test_rows_are_found_by_who_what_and_when(kept):
    audit.note(kept, "wang", "search")
    (row,) = audit.read(kept, actor="wang")
    assert [each.sequence for each in audit.read(kept, act="reveal", last=2)] == [10, 9]
    assert [each.sequence for each in audit.read(kept, before=3)] == [2, 1]
    assert [each.sequence for each in audit.read(kept, since=row.at)] == [11]
    assert len(audit.read(kept, until=row.at)) == 10
