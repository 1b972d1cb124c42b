"""Landing: rows read = landed + repeated + quarantined, ids by content, and no delivery that raises."""

import json
import random

import duckdb
import pytest

from connectors import landing, receipts, specs
from tests.connectors.deliveries import (
    ENROLMENT,
    HEALTH,
    INSURANCE,
    RESIDENCE,
    SPECS,
    WELFARE,
    Landed,
    file_name,
    folder,
    header,
    put,
    put_database,
    put_rows,
    put_workbook,
    row,
    rows,
    text_of,
)

PUT = {"text": put_rows, "excel": put_workbook, "sql": put_database}


@pytest.mark.parametrize("spec", SPECS.values(), ids=lambda spec: spec.raw_table)
def test_every_table_lands_with_the_columns_of_the_contract(tmp_path, spec):
    PUT[spec.source.format](tmp_path, spec, rows(spec, 5))
    landed = Landed(tmp_path, spec)
    columns = [name for name, *_ in landed.con.execute(f"describe {landed.table}").fetchall()]
    assert columns == ["entry_id", "file", "row_no", "key", *spec.columns, "extra"]
    assert (landed.receipt.status, landed.receipt.rows_landed) == ("landed", 5)
    assert landed.con.execute(f"select min(entry_id), max(entry_id) from {landed.table}").fetchone() == (
        spec.ordinal * 10_000_000_000 + 1,
        spec.ordinal * 10_000_000_000 + 5,
    )


@pytest.mark.parametrize("spec", SPECS.values(), ids=lambda spec: spec.raw_table)
def test_a_table_that_did_not_come_is_there_and_empty(tmp_path, spec):
    landed = Landed(tmp_path, spec)
    assert landed.receipt.status == "missing"
    assert "未收到" in landed.receipt.message_zh
    assert landed.con.execute(f"select count(*) from {landed.table}").fetchone() == (0,)


def test_cells_land_untouched_and_empty_ones_as_null(tmp_path):
    put_rows(tmp_path, WELFARE, [row(WELFARE, 0, name=" 王　安 ", ended_on="")])
    landed = Landed(tmp_path, WELFARE)
    assert landed.column("name") == [" 王　安 "]
    assert landed.column("ended_on") == [None]


def test_a_key_of_several_parts_keeps_a_place_for_a_blank_one(tmp_path):
    put_rows(tmp_path, WELFARE, [row(WELFARE, 0, citizen_no="", welfare_kind="孤儿")])
    assert Landed(tmp_path, WELFARE).column("key") == ["|孤儿"]


def test_exact_repeats_collapse_onto_the_first_across_files(tmp_path):
    for name, table in (
        ("a", [row(HEALTH, 1), row(HEALTH, 2)]),
        ("b", [row(HEALTH, 2), row(HEALTH, 3), row(HEALTH, 3)]),
    ):
        put_rows(tmp_path, HEALTH, table, name=file_name(HEALTH, name))
    landed = Landed(tmp_path, HEALTH)
    assert (landed.receipt.rows_read, landed.receipt.rows_landed, landed.receipt.rows_repeated) == (5, 3, 2)
    assert landed.places() == [("儿童健康档案_a.csv", 2), ("儿童健康档案_a.csv", 3), ("儿童健康档案_b.csv", 3)]


def test_of_a_file_and_its_copy_the_copy_holds_the_repeats(tmp_path):
    for name in ("0-6岁(1)", "0-6岁"):
        put_rows(tmp_path, HEALTH, rows(HEALTH, 2), name=file_name(HEALTH, name))
    assert Landed(tmp_path, HEALTH).places() == [("儿童健康档案_0-6岁.csv", 2), ("儿童健康档案_0-6岁.csv", 3)]


def test_a_key_borne_by_two_rows_lands_twice(tmp_path):
    put_rows(
        tmp_path, WELFARE, [row(WELFARE, 0, name="王安"), row(WELFARE, 0, name="王平"), row(WELFARE, 0, name="王安 ")]
    )
    assert Landed(tmp_path, WELFARE).receipt.rows_landed == 3


def test_cells_that_only_look_alike_when_run_together_are_no_repeat(tmp_path):
    put_rows(
        tmp_path,
        WELFARE,
        [row(WELFARE, 0, name="王\x1f孤儿", welfare_kind=""), row(WELFARE, 0, name="王", welfare_kind="孤儿\x1f")],
    )
    assert Landed(tmp_path, WELFARE).receipt.rows_landed == 2


def test_ids_do_not_depend_on_the_order_of_rows_files_or_columns(tmp_path):
    table = [*rows(HEALTH, 60), *rows(HEALTH, 5)]
    ids = []
    for seed in range(3):
        inbox = tmp_path / str(seed)
        rng = random.Random(seed)
        rng.shuffle(table)
        order = rng.sample(range(len(HEALTH.columns)), len(HEALTH.columns))
        columns = [header(HEALTH)[i] for i in order]
        cut = rng.randrange(65)
        for name, part in (("a", table[:cut]), ("b", table[cut:])):
            shuffled = [[cells[i] for i in order] for cells in part]
            put_rows(inbox, HEALTH, shuffled, columns, name=file_name(HEALTH, name))
        landed = Landed(inbox, HEALTH)
        ids.append(landed.con.execute(f"select entry_id, key, name from {landed.table} order by 1").fetchall())
    assert ids[0] == ids[1] == ids[2]


def test_unknown_columns_are_kept_as_json_and_reported(tmp_path):
    columns = [*header(WELFARE), "备注", "批次"]
    put_rows(tmp_path, WELFARE, [[*row(WELFARE, 0), '说"明', ""], [*row(WELFARE, 1), "", ""]], columns)
    landed = Landed(tmp_path, WELFARE)
    assert [extra and json.loads(extra) for extra in landed.column("extra")] == [{"备注": '说"明'}, None]
    assert [(column, kind) for _, column, kind in landed.drift] == [
        ("备注", "unknown_column"),
        ("批次", "unknown_column"),
    ]


def test_optional_columns_that_are_absent_are_reported_and_empty(tmp_path):
    columns = [name for name in header(WELFARE) if name != "终止日期"]
    put_rows(tmp_path, WELFARE, [[cells[i] for i in (0, 1, 2, 3, 5)] for cells in rows(WELFARE, 2)], columns)
    landed = Landed(tmp_path, WELFARE)
    assert landed.column("ended_on") == [None, None]
    assert [(column, kind) for _, column, kind in landed.drift] == [("终止日期", "absent_column")]


def test_one_bad_file_refuses_the_delivery_and_names_it(tmp_path):
    put_rows(tmp_path, HEALTH, rows(HEALTH, 3), name="儿童健康档案_a.csv")
    columns = [name if name != "儿童姓名" else "小名" for name in header(HEALTH)]
    put_rows(tmp_path, HEALTH, rows(HEALTH, 3), columns, name="儿童健康档案_b.csv")
    landed = Landed(tmp_path, HEALTH)
    assert landed.receipt.status == "refused"
    for told in ("health.child_health", "儿童健康档案_b.csv", "儿童姓名", "小名"):
        assert told in landed.receipt.message
        assert told in landed.receipt.message_zh or told == "health.child_health"
    assert landed.con.execute(f"select count(*) from {landed.table}").fetchone() == (0,)
    assert landed.quarantine == []


def test_a_site_maps_other_names_without_code(tmp_path):
    (tmp_path / "feeds" / "civil_affairs").mkdir(parents=True)
    (tmp_path / "feeds" / "civil_affairs" / "welfare.yml").write_text(
        "source: {files: '*保障*.txt', separator: \"\\t\"}\ncolumns: {citizen_no: {from: [公民身份号码, 身份证号]}}\n"
    )
    spec = specs.load(tmp_path / "feeds")["civil_affairs", "welfare"]
    put_rows(tmp_path, spec, rows(spec, 3), ["公民身份号码", *header(spec)[1:]], name="全县保障名单.txt")
    assert Landed(tmp_path, spec).receipt.rows_landed == 3


def test_a_redelivery_replaces_everything_of_the_earlier_one(tmp_path):
    put_rows(tmp_path, INSURANCE, [*rows(INSURANCE, 3), ["x"]])
    first = Landed(tmp_path, INSURANCE)
    assert first.receipt.rows_quarantined == 1
    put_rows(tmp_path, INSURANCE, rows(INSURANCE, 4))
    again = Landed(tmp_path, INSURANCE, con=first.con)
    assert (again.receipt.rows_landed, again.quarantine) == (4, [])
    assert first.con.execute("select count(*), sum(rows_landed) from raw.receipt").fetchone() == (1, 4)
    assert first.con.execute("select count(*) from raw.file").fetchone() == (1,)


def test_a_table_is_replaced_without_touching_the_others(tmp_path):
    put_rows(tmp_path, INSURANCE, [*rows(INSURANCE, 3), ["x"]])
    put_rows(tmp_path, WELFARE, [*rows(WELFARE, 3), ["x"]])
    con = Landed(tmp_path, INSURANCE).con
    Landed(tmp_path, WELFARE, con=con)
    Landed(tmp_path, WELFARE, con=con)
    assert con.execute("select count(*) from raw.quarantine").fetchone() == (2,)
    assert con.execute("select count(*) from raw.receipt").fetchone() == (2,)


def test_the_receipt_in_the_table_is_the_receipt_returned(tmp_path):
    put_rows(tmp_path, INSURANCE, rows(INSURANCE, 3))
    landed = Landed(tmp_path, INSURANCE)
    assert receipts.read(landed.con, INSURANCE) == landed.receipt


def test_a_receipt_that_does_not_add_up_cannot_be_made():
    with pytest.raises(AssertionError, match="rows read are not"):
        receipts.Receipt("a", "b", "2026H1", "landed", rows_read=2, rows_landed=1)


def test_receipts_tell_the_encoding_found(tmp_path):
    put(tmp_path, ENROLMENT, text_of(ENROLMENT, rows(ENROLMENT, 3)).encode("utf-8"))
    receipt = Landed(tmp_path, ENROLMENT).receipt
    assert receipt.encodings == ("utf-8",)
    assert any("declared gb18030, read as utf-8" in warning for warning in receipt.warnings)


def test_a_directory_named_as_a_file_is_refused_without_a_traceback(tmp_path):
    (folder(tmp_path, WELFARE) / "保障名单.csv").mkdir()
    receipt = Landed(tmp_path, WELFARE).receipt
    assert receipt.status == "refused"
    assert "can't be read" in receipt.message


def test_nobody_is_named_in_what_a_landing_says(tmp_path):
    put_rows(tmp_path, WELFARE, rows(WELFARE, 20)[3:], columns=row(WELFARE, 0))  # a delivery without a header
    put_rows(tmp_path, INSURANCE, [*rows(INSURANCE, 20), ["王安", "110105194912310021"]])
    said = []
    for spec in (WELFARE, INSURANCE):
        receipt = Landed(tmp_path, spec).receipt
        said += [receipt.message, receipt.message_zh, *receipt.warnings]
    for cells in (row(WELFARE, 0), ["王安", "110105194912310021"], row(INSURANCE, 1)):
        assert not any(cell in text for cell in cells[:2] for text in said)


def test_the_progress_bar_moves_to_its_end(tmp_path):
    path = put_rows(tmp_path, INSURANCE, rows(INSURANCE, 100))
    seen = []
    Landed(tmp_path, INSURANCE, progress=lambda *step: seen.append(step))
    assert seen[-1] == (path.name, path.stat().st_size, path.stat().st_size)


def test_the_digest_of_a_database_is_that_of_its_rows(tmp_path):
    table = rows(RESIDENCE, 30)
    put_database(tmp_path / "a", RESIDENCE, table)
    put_database(tmp_path / "b", RESIDENCE, table[::-1])
    put_database(tmp_path / "c", RESIDENCE, table[1:])
    one, same, other = (Landed(tmp_path / name, RESIDENCE).receipt.sha256 for name in "abc")
    assert one == same != other


def test_a_landing_works_on_a_cursor_with_a_catalog_of_its_own(tmp_path):
    put_rows(tmp_path, WELFARE, rows(WELFARE, 3))
    con = duckdb.connect()
    con.execute(f"attach '{tmp_path / 'house.duckdb'}' as house")
    cursor = con.cursor()
    cursor.execute("use house")
    assert Landed(tmp_path, WELFARE, con=cursor).receipt.rows_landed == 3
    assert con.execute("select count(*) from house.raw.civil_affairs_welfare").fetchone() == (3,)


def test_prepare_may_be_called_again_and_again():
    con = duckdb.connect()
    landing.prepare(con)
    landing.prepare(con)
    assert con.execute("select count(*) from raw.receipt").fetchone() == (0,)
