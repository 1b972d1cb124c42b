"""A dry run says what is in a delivery, in a clerk's words."""

from connectors import dry
from tests.connectors.deliveries import (
    INSURANCE,
    RESIDENCE,
    WELFARE,
    header,
    put,
    put_database,
    put_rows,
    row,
    rows,
    text_of,
)


def test_a_sound_delivery_is_said_to_be_one(tmp_path):
    report = dry.check(put_rows(tmp_path, INSURANCE, rows(INSURANCE, 20)), INSURANCE)
    assert report.is_landable
    assert "可以入库" in report.render()
    assert "读到 20 行" in report.render()
    assert "can be landed" in report.render()
    assert "个人编号（必填列） 100.0%" in report.render()


def test_a_file_may_have_any_name(tmp_path):
    path = put_rows(tmp_path, INSURANCE, rows(INSURANCE, 3), name="x.dat")
    assert dry.check(path, INSURANCE).is_landable


def test_the_report_names_encoding_lines_columns_and_words(tmp_path):
    table = [row(INSURANCE, i, insurance_status="在缴") if i % 5 == 0 else row(INSURANCE, i) for i in range(30)]
    columns = [*header(INSURANCE)[:-1], "手机"]
    put(tmp_path, INSURANCE, (text_of(INSURANCE, table, columns) + "坏行\n").encode("utf-8"))
    text = dry.check(tmp_path / "2026H1/medical_insurance/参保_429006.txt", INSURANCE).render()
    for told in (
        "编码：utf-8",
        "实际按 utf-8 读取",
        "未知列（保留，不使用）：手机",
        "缺少的可选列：联系电话",
        "“参保状态”列有 6 个值不在代码表中：在缴×6",
        "隔离 参保_429006.txt 第 32 行：字段数少于表头（1/13）",
        "Quarantine 参保_429006.txt:32",
    ):
        assert told in text, told


def test_a_refused_delivery_says_why_and_what_to_do(tmp_path):
    report = dry.check(put_rows(tmp_path, WELFARE, rows(WELFARE, 3), ["证件", *header(WELFARE)[1:]]), WELFARE)
    assert not report.is_landable
    assert "不能入库" in report.render()
    assert "columns.citizen_no.from" in report.render()


def test_a_file_that_is_not_there_is_said_to_be_absent(tmp_path):
    assert not dry.check(tmp_path / "no.csv", WELFARE).is_landable
    assert not dry.check(tmp_path / "no.db", RESIDENCE).is_landable


def test_a_database_can_be_checked(tmp_path):
    assert dry.check(put_database(tmp_path, RESIDENCE, rows(RESIDENCE, 10)), RESIDENCE).is_landable


def test_nobody_is_named_even_where_people_stand_among_code_words(tmp_path):
    table = [row(INSURANCE, i, sex="王安" if i % 3 else "李子涵", insurance_status="张三丰") for i in range(30)]
    text = dry.check(put_rows(tmp_path, INSURANCE, table), INSURANCE).render()
    assert not any(name in text for name in ("王安", "李子涵", "张三丰"))


def test_a_long_quarantine_is_cut_short(tmp_path):
    path = put_rows(tmp_path, INSURANCE, [*rows(INSURANCE, 3), *[["x"]] * 50])
    assert "另有 30 行被隔离" in dry.check(path, INSURANCE).render()
