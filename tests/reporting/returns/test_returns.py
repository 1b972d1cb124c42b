"""What a department gets back: its own rows only, each fault in words, gone once its corrected delivery was run."""

import csv
import io
import shutil

import duckdb
import openpyxl
import pytest

from connectors import specs
from connectors.sample import write
from matching.normalize.numbers import NumberState
from policy.divisions import DivisionFault
from policy.period import Period
from reporting.returns import words, workbook
from tests.reporting.bureau import Bureau
from warehouse.store import Warehouse

PERIOD = "2026H1"
HEALTH = "儿童健康档案_0-6岁.csv"


@pytest.fixture(scope="module")
def bureau(tmp_path_factory):
    """A county whose health delivery was damaged in three known places; and the folder of its sound inbox."""
    out = tmp_path_factory.mktemp("county")
    write(out, jurisdiction="429006", children=250, periods=(PERIOD,), seed=4)
    sound = out / "sound"
    shutil.copytree(out / "inbox" / PERIOD / "health", sound)
    _damage(out / "inbox" / PERIOD / "health" / HEALTH)
    made = Bureau(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("keys"))
    _run(made, out)
    return made, out, sound


def _run(bureau, out):
    done = bureau.call("run", "--inbox", out / "inbox", "--jurisdiction", "429006", "--period", PERIOD)
    assert done.returncode == 0, done.stderr


def _damage(file):
    """Row 3: a phone nobody has; row 4: the key of row 5; row 6: a field too many."""
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))
    header = rows[0]
    rows[2][header.index("联系电话")] = "12345"
    rows[3][0] = rows[4][0]
    lines = [",".join(f'"{cell}"' for cell in row) for row in rows]
    lines[5] += ',"多余","多余"'
    file.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")


def _returned(bureau, folder, *words):
    folder.mkdir(exist_ok=True)
    done = bureau.call("returns", "--period", PERIOD, "--out", folder, *words)
    assert done.returncode == 0, done.stderr
    return {file.name.split("_")[1]: openpyxl.load_workbook(file) for file in folder.glob("退回更正_*.xlsx")}


def _listed(book):
    return {
        (row[0], row[1], row[3], row[4].partition("，另见")[0])
        for sheet in book.worksheets[1:]
        for row in sheet.iter_rows(min_row=2, values_only=True)
    }


def test_what_was_damaged_is_asked_back_and_is_gone_after_the_corrected_delivery(bureau, tmp_path):
    home, out, sound = bureau
    before = _listed(_returned(home, tmp_path / "before", "--feed", "health")["卫生健康"])
    damaged = {
        (HEALTH, 3, "联系电话", "不是电话号码"),
        (HEALTH, 4, "（整行）", "同一编号出现在几行"),
        (HEALTH, 5, "（整行）", "同一编号出现在几行"),
    }
    assert damaged <= before
    (unread,) = [row for row in before if row[1] == 6 and row[2] == "（整行）"]
    assert "字段数多于表头" in unread[3]

    shutil.copy(sound / HEALTH, out / "inbox" / PERIOD / "health" / HEALTH)
    _run(home, out)
    after = _listed(_returned(home, tmp_path / "after", "--feed", "health")["卫生健康"])
    assert not (damaged | {unread}) & after
    assert before - damaged - {unread} <= after  # the rest still stands: nothing of it was corrected


def test_each_department_gets_its_own_rows_and_nobody_elses(bureau, tmp_path):
    home, _, _ = bureau
    books = _returned(home, tmp_path / "all")
    with Warehouse(home.home) as house:
        con = house.read_published(PERIOD)
        values = {
            feed: {
                value
                for name in ("citizen_no", "name")
                for (value,) in con.execute(
                    f"select distinct {name} from raw.{feed}_{table} where length({name}) > 3 and file is not null"
                ).fetchall()
            }
            for feed, table in (("education", "enrolment"), ("health", "child_health"))
        }
        files = dict(con.execute("select file, any_value(feed) from raw.file group by file").fetchall())
        con.close()
    for chinese, feed in (("教育", "education"), ("卫生健康", "health"), ("公安", "public_security")):
        assert {files[row[0]] for row in _listed(books[chinese])} == {feed}
    cells = {str(cell) for row in books["教育"].worksheets[1].values for cell in row}
    assert not cells & (values["health"] - values["education"])


def test_the_cover_counts_what_the_sheets_list(bureau, tmp_path):
    home, _, _ = bureau
    for book in _returned(home, tmp_path / "counted").values():
        cover = list(book["封面"].iter_rows(values_only=True))
        by_kind = [row for row in cover if row[4] in ("须更正", "提示")]
        rows = sum(sheet.max_row - 1 for sheet in book.worksheets[1:])
        assert sum(row[3] for row in by_kind) == rows
        heading = next(at for at, row in enumerate(cover) if row[0] == "表" and row[6] == "须更正")
        tables = [row for row in cover[heading + 1 :] if row[1] == "已入库"]
        assert sum(row[6] + row[7] for row in tables) == rows
        assert all(row[2] == row[3] + row[4] + row[5] for row in tables)
        assert any(str(row[0]).startswith("使用要求：") for row in cover)


def test_every_fault_there_can_be_has_words():
    known = words.load()
    states = {state.value for state in NumberState} - {"blank", "sound", "suspect", "other_document"}
    assert states | {"shared", "borrowed", "doubtful", "guardian"} <= set(known["number"])
    assert {fault.value for fault in DivisionFault} - {"blank"} <= set(known["division"])


def test_every_fault_found_in_a_county_has_words(bureau):
    home, _, _ = bureau
    feeds = specs.load()
    with Warehouse(home.home) as house:
        con = house.read_published(PERIOD)
        found = con.execute(
            "select distinct feed, table_name, column_name, fault from std.fault join std.entry using (entry_id)"
        ).fetchall()
        con.close()
    for feed, table, name, fault in found:
        column = feeds[feed, table].columns[name]
        said = words.of_cell(words.Column(column.sources[0], column.type), fault)
        assert fault not in said.what, (feed, table, name, fault)


def test_an_unknown_department_is_refused(bureau, tmp_path):
    home, _, _ = bureau
    done = home.call("returns", "--period", PERIOD, "--feed", "tax", "--out", tmp_path)
    assert done.returncode == 2
    assert "education" in done.stderr


def test_a_table_that_was_refused_or_did_not_come_stands_on_the_cover(tmp_path):
    con = duckdb.connect()
    con.execute(
        """
        create schema raw; create schema std;
        create table raw.receipt as select * from (values
            ('health', 'landed_table', 'landed', 3, 3, 0, 0, null),
            ('health', 'refused_table', 'refused', 2, 0, 0, 0, null),
            ('health', 'missing_table', 'missing', null, null, null, null, null)
        ) as told (feed, table_name, status, rows_read, rows_landed, rows_repeated, rows_quarantined, warnings);
        create table raw.drift (feed varchar, table_name varchar, kind varchar, column_name varchar);
        create table raw.quarantine (
            feed varchar, table_name varchar, file varchar, row_no integer, reason varchar, detail varchar
        );
        create table std.fault (entry_id bigint, column_name varchar, fault varchar);
        create table std.entry (
            entry_id bigint, feed varchar, table_name varchar, file varchar, row_no integer, key varchar
        );
        """
    )
    tables = [
        words.Table("health", name, name, {}, lambda reason, detail: (reason, detail))
        for name in ("landed_table", "refused_table", "missing_table")
    ]
    written = workbook.write(con, Period(PERIOD), 1, "卫生健康", tables, tmp_path)
    cover = {row[0]: row[1] for row in openpyxl.load_workbook(written.file)["封面"].iter_rows(values_only=True)}
    told = {name: cover[name] for name in ("landed_table", "refused_table", "missing_table")}
    assert told == {"landed_table": "已入库", "refused_table": "拒收", "missing_table": "未送达"}
    assert workbook.write(con, Period(PERIOD), 1, "卫生健康", tables[2:], tmp_path) is None
