"""The header once more, lines of totals, and notes."""

import pytest

from tests.connectors.deliveries import REHABILITATION, WELFARE, Landed, header, put_rows, put_workbook, row, rows


def test_a_header_in_the_middle_is_set_aside_and_told(tmp_path):
    put_rows(tmp_path, WELFARE, [*rows(WELFARE, 3), header(WELFARE), row(WELFARE, 4)])
    landed = Landed(tmp_path, WELFARE)
    assert [(number, reason) for _, number, reason, *_ in landed.quarantine] == [(5, "header_again")]
    assert (landed.receipt.rows_landed, landed.receipt.rows_quarantined) == (4, 1)


@pytest.mark.parametrize("name", ["", "3", "3人"])
def test_a_line_of_totals_is_set_aside_and_told(tmp_path, name):
    total = ["合 计：", name, *[""] * (len(header(REHABILITATION)) - 3), "3"]
    put_workbook(tmp_path, REHABILITATION, [*rows(REHABILITATION, 3), total])
    landed = Landed(tmp_path, REHABILITATION)
    assert [(number, reason) for _, number, reason, *_ in landed.quarantine] == [(6, "line_of_totals")]
    assert landed.receipt.rows_landed == 3


@pytest.mark.parametrize(
    "line",
    [["注：本表由残联填报"], ["填表人：某某", "", "审核人：某某"], ["　备注 1：", ""], ["填表单位:", "负责人："]],
)
def test_a_note_below_the_table_is_set_aside_and_told(tmp_path, line):
    note = [*line, *[""] * (len(header(REHABILITATION)) - len(line))]
    put_workbook(tmp_path, REHABILITATION, [*rows(REHABILITATION, 3), note])
    landed = Landed(tmp_path, REHABILITATION)
    assert [(number, reason) for _, number, reason, *_ in landed.quarantine] == [(6, "note")]
    assert landed.receipt.rows_landed == 3


@pytest.mark.parametrize("citizen_no", ["注：无证", "号码待补：", "备注"])
def test_a_row_that_names_a_child_or_says_no_label_is_an_entry(tmp_path, citizen_no):
    named = citizen_no.startswith("注")
    put_rows(tmp_path, WELFARE, [row(WELFARE, 0, citizen_no=citizen_no, **({} if named else {"name": ""}))])
    assert Landed(tmp_path, WELFARE).receipt.rows_landed == 1


def test_a_row_with_a_name_is_an_entry_whatever_its_number_says(tmp_path):
    put_rows(tmp_path, WELFARE, [row(WELFARE, 0, citizen_no="合计"), row(WELFARE, 1, citizen_no="身份证号")])
    assert Landed(tmp_path, WELFARE).receipt.rows_landed == 2
