"""Sheets as clerks get them: what is written can be read, on the screen and on paper."""

from datetime import date

import openpyxl
import pytest

from reporting import sheets
from reporting.sheets import Heading

NAME, WORDS = Heading("姓名", 10), Heading("地址", 20)


@pytest.fixture
def sheet(tmp_path):
    """Write a table and give its sheet back, as Excel reads it."""

    def written(headings, rows, total=None, **how):
        with sheets.book(tmp_path / "a.xlsx", row_by_row=how.pop("row_by_row", False)) as book:
            book.table(book.sheet("名单", "foot & note"), 0, headings, rows, total, **how)
        return openpyxl.load_workbook(tmp_path / "a.xlsx")["名单"]

    return written


@pytest.mark.parametrize("row_by_row", [False, True])
def test_a_row_is_as_tall_as_its_words_need(sheet, row_by_row):
    made = sheet(
        [NAME, WORDS], [("童一", "短"), ("童二", "天门市东风街道人民大道一百二十号三单元")], row_by_row=row_by_row
    )
    assert made.row_dimensions[2].height is None
    assert made.row_dimensions[3].height == 30
    assert [cell.value for cell in made[3]] == ["童二", "天门市东风街道人民大道一百二十号三单元"]


def test_rows_to_be_filled_by_hand_leave_room_for_a_pen(sheet):
    made = sheet(
        [NAME, WORDS], [("童一", "短"), ("童二", "天门市东风街道人民大道一百二十号三单元" * 2)], lowest=sheets.BY_HAND
    )
    assert [made.row_dimensions[row].height for row in (2, 3)] == [30, 60]


def test_a_table_too_wide_for_a4_prints_on_a3_with_its_headings_on_every_page(sheet):
    narrow = sheet([NAME, WORDS], [("童一", "短")])
    wide = sheet([WORDS] * 9, [("短",) * 9], frozen=2)
    assert (narrow.page_setup.paperSize, wide.page_setup.paperSize) == (9, 8)
    for made in (narrow, wide):
        assert made.page_setup.orientation == "landscape"
        assert (made.sheet_properties.pageSetUpPr.fitToPage, made.page_setup.fitToHeight) == (True, 0)
        assert made.print_title_rows == "$1:$1"
    assert (narrow.freeze_panes, wide.freeze_panes) == ("A2", "C2")


def test_what_looks_like_a_formula_or_a_long_number_stays_text(sheet):
    told = ["=1+1", "+86", "-1", "@sum", "429006201603150012", 1234567890123456, date(2026, 6, 30), True]
    made = sheet([WORDS], [(each,) for each in told])
    cells = [row[0] for row in made.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [*told[:5], "1234567890123456", "2026-06-30", "是"]
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}


def test_numbers_are_numbers_and_a_total_is_one(sheet):
    made = sheet([NAME, Heading("人数", 8), Heading("占比", 8, True)], [("甲", 1234, 0.5)], ("合计", 1234, None))
    assert [(cell.value, cell.number_format) for cell in made[2]][1:] == [(1234, "#,##0"), (0.5, "0.0%")]
    assert [cell.value for cell in made[3]] == ["合计", 1234, None]
