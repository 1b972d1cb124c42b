"""Old rows leave for an archive, and nobody seals rows away unseen."""

import csv
import hashlib
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from warehouse.stores import audit, audit_archive
from warehouse.stores.access_tables import audit as table
from warehouse.stores.access_tables import audit_seal
from warehouse.stores.actors import Actor
from warehouse.stores.audit import Row
from warehouse.stores.audit_archive import ArchiveRefused
from warehouse.stores.engine import now, writing

CLERK = Actor("os:clerk")
OLD = datetime(2020, 1, 1)


@pytest.fixture
def aged(stores, monkeypatch):
    """Stores with six acts of 2020 and four of today."""
    day = iter([OLD + timedelta(days=each) for each in range(6)])
    monkeypatch.setattr(audit, "now", lambda: next(day))
    for number in range(6):
        audit.note(stores, "li", "reveal", f"child {number}")
    monkeypatch.setattr(audit, "now", now)
    for number in range(4):
        audit.note(stores, "wang", "reveal", f"child {number}")
    return stores


def archive(stores, out, before=datetime(2020, 1, 5), reason="保存期满"):
    return audit_archive.archive(stores, CLERK, before, out, reason)


def verified(stores, anchors=()):
    return audit.verify(audit.walk(stores), anchors, audit.seals(stores))


def test_old_rows_leave_whole_and_the_chain_goes_on(aged, tmp_path):
    before, out = list(audit.walk(aged)), tmp_path / "2020.csv"
    moved = archive(aged, out)
    assert (moved.seal.rows, moved.seal.last) == (4, audit.Anchor(4, before[3].hash))
    with out.open(encoding="utf-8", newline="") as file:
        kept = [
            Row(int(row[0]), datetime.fromisoformat(row[1]), *row[2:4], *(cell or None for cell in row[4:7]), *row[7:])
            for row in list(csv.reader(file))[1:]
        ]
    assert kept == before[:4]
    assert audit.verify(kept).breaks == ()
    assert hashlib.sha256(out.read_bytes()).hexdigest() == moved.file_sha256
    assert out.stat().st_mode & 0o77 == 0
    assert [row.sequence for row in audit.walk(aged)] == [5, 6, 7, 8, 9, 10, 11]
    assert verified(aged, [audit.Anchor(2, before[1].hash), audit.Anchor(4, before[3].hash)]).breaks == ()
    assert audit.read(aged, act="audit archived")[0].actor == "os:clerk"


def test_the_last_row_never_leaves(stores, tmp_path, monkeypatch):
    monkeypatch.setattr(audit, "now", lambda: OLD)
    audit.note(stores, "li", "reveal")
    audit.note(stores, "li", "reveal")
    archive(stores, tmp_path / "a.csv")
    assert verified(stores).breaks == ()
    assert [row.sequence for row in audit.walk(stores)] == [2, 3]


def test_a_second_archive_goes_on_from_the_first(aged, tmp_path):
    archive(aged, tmp_path / "a.csv", datetime(2020, 1, 3))
    archive(aged, tmp_path / "b.csv")
    assert [seal.rows for seal in audit.seals(aged)] == [2, 2]
    assert verified(aged).breaks == ()


@pytest.mark.parametrize(
    ("before", "reason", "why"),
    [
        (now() - timedelta(days=30), "满", "The last 183 days"),
        (datetime(2019, 1, 1), "满", "No row"),
        (OLD, " ", "reason"),
    ],
)
def test_what_may_not_leave_stays(aged, tmp_path, before, reason, why):
    with pytest.raises(ValueError, match=why):
        archive(aged, tmp_path / "a.csv", before, reason)
    assert len(list(audit.walk(aged))) == 10


def test_an_archive_is_never_written_over(aged, tmp_path):
    out = tmp_path / "a.csv"
    out.write_text("kept")
    with pytest.raises(ArchiveRefused, match="there already"):
        archive(aged, out)
    assert out.read_text() == "kept"
    assert len(list(audit.walk(aged))) == 10


@pytest.mark.parametrize("sequence", [5, 10])
def test_rows_that_no_seal_covers_are_not_removed(aged, tmp_path, sequence):
    archive(aged, tmp_path / "a.csv")
    with pytest.raises(sa.exc.DatabaseError, match="append-only"), writing(aged) as connection:
        connection.execute(table.delete().where(table.c.sequence == sequence))


def test_rows_sealed_away_without_the_audits_word_are_found(aged):
    rows = list(audit.walk(aged))
    with writing(aged) as connection:
        values = {"last_sequence": 8, "last_hash": rows[7].hash, "rows": 8, "file_sha256": "0" * 64}
        connection.execute(audit_seal.insert().values(**values, reason="x", sealed_by="x", at=now()))
        connection.execute(table.delete().where(table.c.sequence <= 8))
    assert [each.sequence for each in verified(aged).breaks] == [8]


def test_a_seal_that_tells_another_hash_is_found(aged, tmp_path):
    rows = list(audit.walk(aged))
    archive(aged, tmp_path / "a.csv")
    other = [audit.Seal(audit.Anchor(4, "f" * 64), 4)]
    assert audit.verify(audit.walk(aged), [audit.Anchor(4, rows[3].hash)], other).breaks
