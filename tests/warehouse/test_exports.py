"""Exports: what others' programs read, to the byte."""

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.warehouse.houses import empty_table, fill, insert
from warehouse import exports
from warehouse.exports import ExportRefused
from warehouse.releases import NothingPublished, ReleaseTooOld
from warehouse.store import Warehouse

CHILD = "c2222222222222"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A published period with three entries: a linked child's, an adult's, and one with a blank key and odd text."""
    place = tmp_path_factory.mktemp("house") / "var"
    with Warehouse(place) as house:
        fill(house, "2026H1", {})
        con = house.cursor()
        for room, table in (("std", "entry"), ("care", "migrant_status"), ("core", "child")):
            empty_table(con, room, table)
        entry = {"feed": "education", "table_name": "enrolment", "file": "学籍_429006.csv"}
        insert(con, "std.entry", **entry, entry_id=1, row_no=2, key="000123456789012345", is_adult=False)
        insert(con, "std.entry", **entry, entry_id=2, row_no=3, key='a,"b"', is_adult=True)
        insert(con, "std.entry", **entry, entry_id=3, row_no=4, key="", is_adult=False)
        insert(con, "link.entry_child", entry_id=1, child_id=CHILD, how="score", score=17.25)
        insert(con, "link.entry_child", entry_id=3, child_id=CHILD, how="alone")
        insert(
            con,
            "care.migrant_status",
            child_id=CHILD,
            period="2026H1",
            status="migrant",
            rule_id="national",
            reasons=["away", "six_months"],
            hukou_codes=["110101", "110102"],
            residence_codes=["429006"],
            residing_since="2025-01-01",
            confidence=0.9,
        )
        insert(con, "core.child", child_id=CHILD, known_to=["education/enrolment@2026H1"])
        house.publish("2026H1")
    return place


def test_links_are_written_as_promised(home, tmp_path):
    out = tmp_path / "links.csv"
    assert exports.export("links", home, "2026H1", out).rows == 3
    assert out.read_bytes().decode() == (
        "feed,table,key,file,row,child_id,period,how,score\n"
        f"education,enrolment,000123456789012345,学籍_429006.csv,2,{CHILD},2026H1,score,17.25\n"
        'education,enrolment,"a,""b""",学籍_429006.csv,3,,2026H1,alone,\n'
        f"education,enrolment,,学籍_429006.csv,4,{CHILD},2026H1,alone,\n"
    )


def test_status_is_written_as_promised(home, tmp_path):
    out = tmp_path / "status.csv"
    exports.export("status", home, "2026H1", out)
    assert out.read_bytes().decode() == (
        "child_id,period,status,rule_id,reasons,hukou_county,residence_county,residing_since,confidence\n"
        f"{CHILD},2026H1,migrant,national,away;six_months,110101|110102,429006,2025-01-01,0.9\n"
    )


@pytest.mark.parametrize("name", ["links", "status"])
def test_parquet_holds_text_but_for_row_score_and_confidence(home, tmp_path, name):
    out = tmp_path / "x.parquet"
    exports.export(name, home, "2026H1", out)
    numbers = {"row": pa.types.is_integer, "score": pa.types.is_floating, "confidence": pa.types.is_floating}
    for field in pq.read_schema(out):
        assert numbers.get(field.name, pa.types.is_string)(field.type), field


def test_excel_keeps_long_numbers_whole(home, tmp_path):
    out = tmp_path / "links.xlsx"
    exports.export("links", home, "2026H1", out)
    rows = list(openpyxl.load_workbook(out).active.iter_rows(values_only=True))
    assert rows[1] == (
        "education",
        "enrolment",
        "000123456789012345",
        "学籍_429006.csv",
        2,
        CHILD,
        "2026H1",
        "score",
        17.25,
    )
    assert rows[2][5] is None


@pytest.mark.parametrize("name", ["core.child", "child"])
def test_a_table_is_exported_by_its_name_with_lists_joined(home, tmp_path, name):
    out = tmp_path / "child.csv"
    exports.export(name, home, "2026H1", out)
    header, row = (line.split(",") for line in out.read_text().splitlines())
    assert dict(zip(header, row, strict=True))["known_to"] == "education/enrolment@2026H1"


@pytest.mark.parametrize(
    ("name", "file", "says"),
    [
        ("linkz", "x.csv", "linkz: no such export. There are: links, status, .*core.child"),
        ("std.entry", "x.csv", "no such export"),
        ("links", "x.txt", r"expected an ending of \.csv, \.parquet, \.xlsx"),
        ("links", "no/such/x.csv", "no such folder"),
    ],
)
def test_what_can_not_be_exported_is_said(home, tmp_path, name, file, says):
    with pytest.raises(ExportRefused, match=says):
        exports.export(name, home, "2026H1", tmp_path / file)


def test_a_period_that_is_not_published_is_said(home, tmp_path):
    with pytest.raises(NothingPublished, match="published is 2026H1"):
        exports.export("links", home, "2026H2", tmp_path / "x.csv")


def test_a_failed_export_leaves_the_old_file_and_no_other(home, tmp_path):
    out = tmp_path / "x.csv"
    out.write_text("old")
    with pytest.raises(ReleaseTooOld, match="Run the period again"):
        exports.export("mart.county", home, "2026H1", out)
    assert [file.name for file in tmp_path.iterdir()] == ["x.csv"]
    assert out.read_text() == "old"
