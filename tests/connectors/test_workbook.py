"""Excel workbooks."""

import datetime
import struct
import zipfile

import pytest

from connectors import workbook
from connectors.workbook import cell_text
from tests.connectors.deliveries import (
    REHABILITATION,
    SPECS,
    VISIT,
    Landed,
    folder,
    header,
    put_workbook,
    rezipped,
    row,
    rows,
)

ALERT = SPECS["medical_insurance", "high_cost_alert"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  王安 ", "  王安 "),
        (12.0, "12"),
        (12.5, "12.5"),
        (0.1 + 0.2, "0.3"),
        (20160203.0, "20160203"),
        (110108201602030000.0, "1.10108E+17"),
        (123456789012345.0, "123456789012345"),
        (110108201602030000, "1.10108E+17"),
        (True, "1"),
        (datetime.date(2016, 2, 3), "2016-02-03"),
        (datetime.datetime(2016, 2, 3), "2016-02-03"),
        (datetime.datetime(2016, 2, 3, 4, 5), "2016-02-03 04:05:00"),
    ],
)
def test_a_cell_as_text(cell, text):
    assert cell_text(cell) == text


def test_rows_carry_the_sheets_own_numbers(tmp_path):
    put_workbook(tmp_path, REHABILITATION, [row(REHABILITATION, 0), [], row(REHABILITATION, 1)])
    landed = Landed(tmp_path, REHABILITATION)
    assert [number for _, number in landed.places()] == [3, 5]


def test_typed_cells_become_the_text_that_the_key_is_made_of(tmp_path):
    cells = row(ALERT, 0, alert_no=17.0, insured_no=42900600001, citizen_no=110108201602030000.0, own_cost=20.5)
    cells[5] = datetime.date(2026, 5, 1)
    put_workbook(tmp_path, ALERT, [cells])
    landed = Landed(tmp_path, ALERT)
    assert landed.column("key") == ["42900600001|2026-05-01|17"]
    assert landed.column("citizen_no") == ["1.10108E+17"]
    assert landed.column("own_cost") == ["20.5"]


def test_the_sheet_is_found_by_name(tmp_path):
    put_workbook(tmp_path, ALERT, rows(ALERT, 2), sheet="Sheet1")
    receipt = Landed(tmp_path, ALERT).receipt
    assert receipt.status == "refused"
    assert "Sheet1" in receipt.message
    assert "预警" in receipt.message_zh


def test_a_sheets_name_may_be_typed_with_a_space(tmp_path):
    put_workbook(tmp_path, ALERT, rows(ALERT, 2), sheet="预 警 ")
    assert Landed(tmp_path, ALERT).receipt.rows_read == 2


def test_a_header_in_another_row_is_pointed_to(tmp_path):
    put_workbook(tmp_path, VISIT, rows(VISIT, 2), top=[["登记表"], ["制表日期"]])
    receipt = Landed(tmp_path, VISIT).receipt
    assert receipt.status == "refused"
    assert "sought in row 1 and seems to stand in row 3" in receipt.message


def test_a_column_without_a_name_is_kept_where_it_holds_something(tmp_path):
    put_workbook(tmp_path, ALERT, [[*row(ALERT, 0), "", "x"], row(ALERT, 1)])
    landed = Landed(tmp_path, ALERT)
    assert landed.column("extra") == ['{"第11列":"x"}', None]
    assert landed.drift == [("高额费用预警429006.xlsx", "第11列", "unknown_column")]


def test_a_sheet_of_a_header_only_is_landed_empty_with_a_warning(tmp_path):
    put_workbook(tmp_path, ALERT, [])
    receipt = Landed(tmp_path, ALERT).receipt
    assert (receipt.status, receipt.rows_read) == ("landed", 0)
    assert any("no rows" in warning for warning in receipt.warnings)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"\0" * 2000, "empty"),
        ("姓名,性别\n".encode(), "something else"),
        (b"<html><table>", "web page"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "password"),
        (b"PK\x03\x04" + b"\0" * 600, "damaged"),
    ],
)
def test_what_is_no_workbook_is_refused_by_what_it_is(tmp_path, content, told):
    (folder(tmp_path, ALERT) / "高额费用预警.xlsx").write_bytes(content)
    receipt = Landed(tmp_path, ALERT).receipt
    assert receipt.status == "refused"
    assert told in receipt.message
    assert "高额费用预警.xlsx" in receipt.message_zh


def test_another_kind_of_archive_is_refused(tmp_path):
    with zipfile.ZipFile(folder(tmp_path, ALERT) / "高额费用预警.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "without a workbook" in Landed(tmp_path, ALERT).receipt.message


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"])
def test_a_damaged_part_is_refused(tmp_path, part):
    path = put_workbook(tmp_path, ALERT, rows(ALERT, 3))
    rezipped(path, lambda name, content: content[: len(content) // 2] if name == part else content)
    assert Landed(tmp_path, ALERT).receipt.status == "refused"


def test_a_bomb_is_not_opened(tmp_path):
    path = put_workbook(tmp_path, ALERT, rows(ALERT, 3))
    rezipped(path, lambda name, content: content + b" " * (80 << 20) if name == "xl/styles.xml" else content)
    receipt = Landed(tmp_path, ALERT).receipt
    assert receipt.status == "refused"
    assert "unpack to over" in receipt.message
    assert "压缩炸弹" in receipt.message_zh


def test_a_bomb_that_lies_about_its_size_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "UNPACKED_BYTES", 1 << 20)
    path = put_workbook(tmp_path, ALERT, rows(ALERT, 3))
    rezipped(path, lambda name, content: content + b" " * (2 << 20) if name == "xl/styles.xml" else content)
    raw = bytearray(path.read_bytes())
    true = next(info.file_size for info in zipfile.ZipFile(path).infolist() if info.filename == "xl/styles.xml")
    assert raw.count(struct.pack("<I", true)) == 2  # the local and the central header
    path.write_bytes(bytes(raw).replace(struct.pack("<I", true), struct.pack("<I", 100)))
    assert "unpack to over" in Landed(tmp_path, ALERT).receipt.message


def test_two_cells_in_far_corners_do_not_make_a_grid_of_all_between(tmp_path):
    path = put_workbook(tmp_path, ALERT, rows(ALERT, 3))

    def far_cell(name, content):
        if name != "xl/worksheets/sheet1.xml":
            return content
        return content.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')

    rezipped(path, far_cell)
    receipt = Landed(tmp_path, ALERT).receipt
    assert receipt.status == "refused"
    assert "row 1,048,576 and column 16,384" in receipt.message


def test_formatted_but_empty_cells_far_down_do_no_harm(tmp_path):
    path = put_workbook(tmp_path, ALERT, rows(ALERT, 3))

    def far_format(name, content):
        if name != "xl/worksheets/sheet1.xml":
            return content
        return content.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>')

    rezipped(path, far_format)
    assert Landed(tmp_path, ALERT).receipt.rows_landed == 3


def test_the_columns_may_stand_anywhere_in_the_sheet(tmp_path):
    put_workbook(tmp_path, ALERT, [["", *row(ALERT, 0)]], columns=["", *header(ALERT)])
    assert Landed(tmp_path, ALERT).receipt.rows_landed == 1
