"""Columns found by their header."""

import pytest

from connectors import headers
from connectors.errors import ColumnMissing, ColumnTwice, EmptyFile
from tests.connectors.deliveries import ENROLMENT, RESIDENCE, WELFARE, header

NAMES = header(WELFARE)


def match(names, spec=WELFARE, row=1, top=()):
    return headers.match(spec, "civil_affairs.welfare/a.csv", names, row, top)


@pytest.mark.parametrize(
    "typed", ["姓名", " 姓 名 ", "\ufeff姓名", "姓名*", '"姓名"', "姓名\u200b", "\u3000姓名"], ids=ascii
)
def test_a_name_is_known_however_it_is_typed(typed):
    assert match([NAMES[0], typed, *NAMES[2:]]).at["name"] == 1


def test_width_and_case_make_no_difference():
    assert match([name.lower() for name in header(RESIDENCE)], RESIDENCE).at["name"] == 1
    assert match([name.replace("1", "１") for name in header(ENROLMENT)], ENROLMENT).at["guardian1_name"]


def test_the_order_of_columns_is_the_files_own():
    assert match(NAMES[::-1]).at["citizen_no"] == len(NAMES) - 1


def test_unknown_columns_are_told_by_name_or_place():
    assert match([*NAMES, "备注", "", "备注"]).unknown == {"备注": 6, "第8列": 7, "备注#9": 8}


def test_a_missing_required_column_is_told_with_what_was_looked_for_and_found():
    with pytest.raises(ColumnMissing) as error:
        match(["证件号", *NAMES[1:]])
    for told in ("civil_affairs.welfare/a.csv", "citizen_no", "身份证号", "证件号", "columns.citizen_no.from"):
        assert told in str(error.value)
    assert "缺少必填列 身份证号" in error.value.zh


def test_an_optional_column_may_be_absent():
    assert "ended_on" not in match([name for name in NAMES if name != "终止日期"]).at


def test_one_of_our_columns_twice_is_refused():
    with pytest.raises(ColumnTwice, match="columns 2, 7"):
        match([*NAMES, "姓名"])


def test_a_first_line_that_is_no_header_is_not_printed():
    with pytest.raises(ColumnMissing) as error:
        match(["110105194912310021", "王安", "孤儿", "20200101", "", "429006"])
    assert "王安" not in str(error.value) + error.value.zh
    assert "11010519" not in str(error.value) + error.value.zh
    assert "sought in row 1" in str(error.value)


def test_a_header_in_another_row_is_pointed_to():
    with pytest.raises(ColumnMissing, match=r"seems to stand in row 3: set `source\.header_row`"):
        match(["名单"], top=[["名单"], [""], NAMES])


def test_nothing_at_all_is_an_empty_file():
    with pytest.raises(EmptyFile):
        match(["", " "])
