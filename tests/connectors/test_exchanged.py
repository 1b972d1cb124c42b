"""Columns whose contents are exchanged."""

import pytest

from tests.connectors.deliveries import ENROLMENT, INSURANCE, Landed, header, put_rows, row, rows


def swapped(columns, left, right):
    columns = list(columns)
    i, j = columns.index(left), columns.index(right)
    columns[i], columns[j] = columns[j], columns[i]
    return columns


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("姓名", "性别"),
        ("身份证件号", "出生日期"),
        ("学籍号", "姓名"),
        ("监护人1联系电话", "姓名"),
        ("现住址行政区划码", "姓名"),
    ],
)
def test_headers_that_are_exchanged_refuse_the_delivery(tmp_path, left, right):
    put_rows(tmp_path, ENROLMENT, rows(ENROLMENT, 30), swapped(header(ENROLMENT), left, right))
    receipt = Landed(tmp_path, ENROLMENT).receipt
    assert receipt.status == "refused"
    assert left in receipt.message_zh
    assert right in receipt.message_zh
    assert "学籍_429006.csv" in receipt.message


def test_columns_in_another_order_are_fine(tmp_path):
    put_rows(tmp_path, ENROLMENT, [cells[::-1] for cells in rows(ENROLMENT, 30)], header(ENROLMENT)[::-1])
    assert Landed(tmp_path, ENROLMENT).receipt.status == "landed"


def test_faulty_values_warn_and_never_refuse_at_whatever_rate(tmp_path):
    put_rows(tmp_path, INSURANCE, [row(INSURANCE, i, sex="未说明", born_on="不详") for i in range(30)])
    receipt = Landed(tmp_path, INSURANCE).receipt
    assert receipt.rows_landed == 30
    assert sum("check the header" in warning for warning in receipt.warnings) == 2


def test_optional_columns_that_are_exchanged_warn(tmp_path):
    put_rows(tmp_path, ENROLMENT, rows(ENROLMENT, 30), swapped(header(ENROLMENT), "入学年月", "就读方式"))
    receipt = Landed(tmp_path, ENROLMENT).receipt
    assert receipt.status == "landed"
    assert any("入学年月" in warning for warning in receipt.warnings)
