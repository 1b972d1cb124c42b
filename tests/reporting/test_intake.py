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


def test_on_paper_no_column_is_cut_and_number_and_name_stand_on_every_page(form):
    book = openpyxl.load_workbook(form)
    sheet = book["入户登记"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$B")
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage
    spans = [(each.min, each.max, each.width) for each in sheet.column_dimensions.values()]
    widths = [width for first, last, width in sorted(spans) for _ in range(first, last + 1)]
    assert len(widths) == len(sheet[1])
    ends = [*(each.id for each in sheet.col_breaks.brk), len(widths)]
    strips = [sum(widths[start:end]) for start, end in zip([2, *ends[:-1]], ends, strict=True)]
    assert len(strips) > 2
    assert all(sum(widths[:2]) + strip <= 145 for strip in strips)


def test_the_page_to_copy_asks_every_field_of_one_child_on_a_side_of_a4(form):
    book = openpyxl.load_workbook(form)
    asked, page = book["入户登记"], book["纸质表"]
    labels = [cell.value for row in page.iter_rows(min_row=3) for cell in row if cell.column in (1, 3) and cell.value]
    assert sorted(set(labels) & {cell.value for cell in asked[1]}) == sorted(cell.value for cell in asked[1])
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "portrait")
    assert page.sheet_properties.pageSetUpPr.fitToPage
    words = {row[at].value: row[at + 1].value for row in page.iter_rows(min_row=3) for at in (0, 2)}
    assert words["同住监护人"].split() == ["□父母双方", "□父亲", "□母亲", "□祖辈", "□其他", "□无"]
    assert words["主动求助"] == "□是"
