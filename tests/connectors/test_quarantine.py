"""Rows that could not be read: said, sent back, mended, landed again."""

import csv

import pytest
import yaml

from connectors import quarantine
from connectors.errors import ColumnMissing, MendedRowsRefused
from tests.connectors.deliveries import INSURANCE, WELFARE, Landed, header, put_rows, row, rows


@pytest.fixture
def landed(tmp_path):
    """Five rows landed, two in quarantine (lines 4 and 6)."""
    table = rows(INSURANCE, 7)
    table[2], table[4] = ["王安"], ["安"] * 20
    put_rows(tmp_path, INSURANCE, table)
    return Landed(tmp_path, INSURANCE)


def mended(tmp_path, lines, columns=None):
    path = tmp_path / "mended.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([["file", "row_no", *(columns or header(INSURANCE))], *lines])
    return path


def test_every_reason_of_the_readers_has_words():
    given = yaml.safe_load(
        quarantine.files("connectors").joinpath("quarantine_reasons.yml").read_text(encoding="utf-8")
    )
    for code in given:
        words = quarantine.said(code, "3/4")
        assert words.zh
        assert words.todo
        assert "{" not in words.zh + words.en


def test_the_quarantine_is_exported_to_be_sent_back(landed, tmp_path):
    out = tmp_path / "back.csv"
    assert quarantine.export(landed.con, out, INSURANCE) == 2
    assert quarantine.export(landed.con, tmp_path / "none.csv", WELFARE) == 0
    with out.open(encoding="utf-8-sig", newline="") as stream:
        first, second = csv.DictReader(stream)
    assert (first["file"], first["row_no"], first["reason"], first["原文"]) == (
        "参保_429006.txt",
        "4",
        "too_few_fields",
        "王安",
    )
    assert "字段数少于表头" in first["原因"]
    assert second["row_no"] == "6"


def test_mended_rows_land_under_their_first_file_and_line(landed, tmp_path):
    path = mended(tmp_path, [["参保_429006.txt", 4, *row(INSURANCE, 90)], ["参保_429006.txt", 6, *row(INSURANCE, 1)]])
    receipt = quarantine.replay(landed.con, INSURANCE, path)
    assert (receipt.rows_read, receipt.rows_landed, receipt.rows_repeated, receipt.rows_quarantined) == (7, 6, 1, 0)
    assert ("参保_429006.txt", 4) in landed.places()
    assert landed.quarantine == []
    assert "7 rows read = 6 landed + 1 repeated + 0 in quarantine" in receipt.message


def test_a_replay_gives_the_ids_that_a_sound_delivery_would_have_given(landed, tmp_path):
    table = rows(INSURANCE, 7)
    path = mended(tmp_path, [["参保_429006.txt", i + 2, *table[i]] for i in (4, 2)])
    quarantine.replay(landed.con, INSURANCE, path)
    put_rows(tmp_path / "sound", INSURANCE, table)
    sound = Landed(tmp_path / "sound", INSURANCE)
    everything = f"select * from {landed.table} order by entry_id"
    assert landed.con.execute(everything).fetchall() == sound.con.execute(everything).fetchall()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([["参保_429006.txt", 5, *row(INSURANCE, 9)]], "not in the quarantine"),
        ([["别的.txt", 4, *row(INSURANCE, 9)]], "not in the quarantine"),
        ([["参保_429006.txt", 4, *row(INSURANCE, 9)]] * 2, "given twice"),
        ([["参保_429006.txt", "四", *row(INSURANCE, 9)]], "lines 2"),
        ([["参保_429006.txt", 4, "x"]], "lines 2"),
    ],
)
def test_a_replay_is_all_or_nothing(landed, tmp_path, lines, told):
    before = landed.con.execute(f"select * from {landed.table}").fetchall()
    with pytest.raises(MendedRowsRefused, match=told) as error:
        quarantine.replay(landed.con, INSURANCE, mended(tmp_path, lines))
    assert "回填" in error.value.zh
    assert landed.con.execute(f"select * from {landed.table}").fetchall() == before
    assert len(landed.quarantine) == 2


def test_a_mended_file_without_a_required_column_is_refused(landed, tmp_path):
    with pytest.raises(ColumnMissing, match="citizen_no"):
        quarantine.replay(
            landed.con, INSURANCE, mended(tmp_path, [["参保_429006.txt", 4, "G1", "王安"]], ["个人编号", "姓名"])
        )


def test_a_table_that_was_not_landed_takes_no_rows(tmp_path):
    landed = Landed(tmp_path, INSURANCE)
    with pytest.raises(MendedRowsRefused, match="no landed delivery"):
        quarantine.replay(landed.con, INSURANCE, mended(tmp_path, []))
