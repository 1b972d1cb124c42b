"""Rows that wait, under our column names, until a delivery is read to its end."""

import duckdb
import pytest

from connectors import headers, specs, staging
from connectors.chunks import of_rows
from connectors.staging import Staging

WELFARE = specs.load()["civil_affairs", "welfare"]
HEADER = [column.sources[0] for column in WELFARE.columns.values()]


def matched(header):
    return headers.match(WELFARE, "welfare.csv", header, 1)


def chunk(*rows, first=2):
    return of_rows(rows, range(first, first + len(rows)), len(rows[0]))


def staged(con):
    return con.execute("select file, row_no, citizen_no, name, extra from temp.landing order by all").fetchall()


@pytest.fixture
def con():
    with duckdb.connect() as connection:
        yield connection


def test_blank_rows_are_left_out_and_not_counted(con):
    waiting = Staging(con, WELFARE)
    blank, named, numbered = (
        [value, *[None] * (len(HEADER) - 2), other] for value, other in [("", ""), ("甲", ""), ("", "乙")]
    )
    assert waiting.add("a.csv", matched(HEADER), chunk(blank, named, blank, numbered)) == 2
    waiting.flush()
    assert [row_no for _, row_no, *_ in staged(con)] == [3, 5]


def test_files_whose_columns_differ_are_put_under_the_right_names(con):
    waiting = Staging(con, WELFARE)
    cells = dict.fromkeys(HEADER, "1") | {"姓名": "甲"}
    waiting.add("a.csv", matched(HEADER), chunk([cells[name] for name in HEADER]))
    turned = [*HEADER[::-1], "备注"]
    waiting.add("b.csv", matched(turned), chunk([(cells | {"备注": "x"})[name] for name in turned]))
    waiting.flush()
    assert staged(con) == [("a.csv", 2, "1", "甲", None), ("b.csv", 2, "1", "甲", '{"备注":"x"}')]


def test_many_rows_do_not_wait_for_the_end(con, monkeypatch):
    monkeypatch.setattr(staging, "_ROWS", 2)
    waiting = Staging(con, WELFARE)
    row = ["1"] * len(HEADER)
    waiting.add("a.csv", matched(HEADER), chunk(row))
    assert staged(con) == []
    waiting.add("a.csv", matched(HEADER), chunk(row, first=3))
    assert len(staged(con)) == 2
