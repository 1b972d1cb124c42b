"""The form for those who ask for help: what a clerk fills in is what lands."""

import duckdb
import openpyxl
import pytest

from connectors import landing, locate, specs
from reporting import intake
from tests.reporting.bureau import Bureau

VISIT = specs.load()["civil_affairs", "field_visit"]


def fill(file, rows):
    """Type rows into the form, by its headings."""
    book = openpyxl.load_workbook(file)
    sheet = book["入户登记"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for at, row in enumerate(rows, 2):
        for title, value in row.items():
            sheet.cell(at, columns[title]).value = value
    book.save(file)


@pytest.fixture
def form(tmp_path):
    file = tmp_path / "入户登记_求助.xlsx"
    done = Bureau(tmp_path / "home", tmp_path / "keys").call("form", "intake", "--rows", 50, "--out", file)
    assert done.returncode == 0, done.stderr
    return file


def _landed(file):
    con = duckdb.connect()
    receipt = landing.land(con, VISIT, locate.of_file(VISIT, file), "2026H1")
    drift = con.execute("select column_name from raw.drift").fetchall()
    rows = con.execute("from raw.civil_affairs_field_visit order by row_no").to_arrow_table().to_pylist()
    return receipt, drift, rows


def test_an_empty_form_holds_no_row_and_lacks_no_column(form):
    receipt, drift, rows = _landed(form)
    assert (receipt.status, rows, drift) == ("landed", [], [])


def test_what_was_filled_in_lands_as_a_visit_of_one_who_asked(form):
    fill(
        form,
        [
            {
                "登记编号": "QZ1",
                "儿童姓名": "王小安",
                "户籍地区划": "429006004",
                "居住地区划": "429006029",
                "主动求助": "是",
            },
            {
                "登记编号": "QZ2",
                "儿童姓名": "李小平",
                "走访日期": "2026-06-10",
                "主动求助": "是",
                "监护人电话": "13912345678",
            },
        ],
    )
    receipt, drift, rows = _landed(form)
    assert (receipt.rows_landed, receipt.rows_quarantined, drift) == (2, 0, [])
    assert [row["asked_for_help"] for row in rows] == ["是", "是"]
    assert rows[0]["hukou_division_code"] == "429006004"
    assert (rows[1]["visited_on"], rows[1]["guardian1_phone"]) == ("2026-06-10", "13912345678")


def test_the_sheet_offers_the_words_that_the_feed_decodes(form):
    sheet = openpyxl.load_workbook(form)["入户登记"]
    columns = {cell.value: cell.column_letter for cell in sheet[1]}
    offered = {
        str(check.sqref).split(":")[0].rstrip("0123456789"): check.formula1.strip('"').split(",")
        for check in sheet.data_validations.dataValidation
        if check.type == "list"
    }
    for column in VISIT.columns.values():
        if column.words and column.sources[0] != "主动求助":
            words = offered[columns[column.sources[0]]]
            assert set(words) <= set(column.words)
            assert {column.words[word] for word in words} == set(column.words.values())
    assert offered[columns["主动求助"]] == ["是"]
    assert offered[columns["单亲"]] == ["是", "否"]


def test_a_name_that_would_not_be_read_is_refused(tmp_path):
    done = Bureau(tmp_path / "home", tmp_path / "keys").call("form", "intake", "--out", tmp_path / "求助.xlsx")
    assert done.returncode == 2
    assert "入户登记*.xlsx" in done.stderr


def test_of_several_words_for_one_meaning_the_first_is_offered():
    assert intake.choices({"是": "yes", "否": "no", "1": "yes", "有": "yes", "0": "no"}) == ("是", "否")
