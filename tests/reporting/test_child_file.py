"""One child, one file: five dated sections over all half-years, what is missing, and the yearly lot."""

import re
from datetime import date

import duckdb
import openpyxl
import pytest

from policy.period import Period
from reporting import words
from reporting.child_file import collect, spot_check
from tests.warehouse.core.town import Town
from warehouse.build import build_table, statement
from warehouse.places import Places
from warehouse.specs import get
from warehouse.store import Warehouse
from warehouse.stores import national_entries

PERIOD = Period("2026H2")


@pytest.fixture(scope="module")
def con(home):
    with Warehouse(home) as house, house.read_published(PERIOD) as con:
        yield con


@pytest.fixture(scope="module")
def child(con):
    """A child with a file that was visited in both half-years."""
    return con.execute(
        "select child_id from care.child_file where visits > 1 order by len(groups) desc, child_id"
    ).fetchall()[0][0]


def sections(home, child):
    with Warehouse(home) as house:
        return {each.name: each for each in collect.collect(house, child, PERIOD).sections}


def test_a_file_has_the_five_sections_and_every_row_its_day(home, child):
    found = sections(home, child)
    assert [each.spec.title[2:] for each in found.values()] == [
        "基本信息", "走访记录", "工作日志", "关爱帮扶记录", "发现问题和解决方案",
    ]  # fmt: skip
    for each in found.values():
        at = next(name for name in each.spec.columns if name.endswith("_on") or name == "since")
        for row in each.rows:
            assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", row[list(each.spec.columns).index(at)]), (each.name, row)


@pytest.mark.parametrize(("shown_by", "is_named"), [("registration", True), ("earlier_period", False)])
def test_since_when_a_child_lives_there_names_the_row_of_this_period_it_rests_on(home, con, shown_by, is_named):
    child, day, entry = con.execute(
        "select child_id, residing_since, since_entry from care.migrant_status "
        "where since_shown_by = ? order by child_id",
        [shown_by],
    ).fetchall()[0]
    since = next(row for row in sections(home, child)["basics"].rows if row[0] == "居住起始")
    assert since[1:] == (str(day), str(day), words.word(words.ENTRY, entry, Places(day)) if is_named else "")


def test_visits_of_every_half_year_are_in_it_each_once_and_in_order(home, child, con):
    rows = sections(home, child)["visits"].rows
    told = con.execute(
        "select distinct visited_on, entry from core.visit where child_id = ? and visit_kind = 'in_home'", [child]
    ).fetchall()
    assert sorted(rows, key=lambda row: row[0]) == rows
    told_in_words = {(day, words.word(words.ENTRY, entry, Places(day))) for day, entry in told}
    assert {(date.fromisoformat(row[0]), row[4]) for row in rows} >= told_in_words
    assert len(set(rows)) == len(rows)


@pytest.mark.parametrize(
    ("told_by", "shown"),
    [
        ("education/enrolment/学籍_429006.csv:1070", "教育《随迁子女就学与学籍》学籍_429006.csv 第 1070 行"),
        ("public_security/residence/a/b.db:7", "公安《居住登记/居住证》a/b.db 第 7 行"),
        ("recorded_visit/12", "网页登记的走访 12"),
        ("民政部门", "民政部门"),
        ("ledger_act/3", "ledger_act/3"),
    ],
)
def test_where_a_fact_is_told_is_said_by_department_table_and_row(told_by, shown):
    assert words.word(words.ENTRY, told_by, Places(date(2026, 6, 30))) == shown


def test_codes_are_read_as_words_in_every_section(home, child):
    for each in sections(home, child).values():
        for row in each.rows:
            for name, cell in zip(each.spec.columns, row, strict=True):
                if name not in ("told_by", "words") and not cell.startswith("c"):
                    assert not re.search(r"[a-z]{4}", cell), (each.name, name)


def test_what_became_of_the_child_in_the_national_system_is_in_the_log(home, child):
    with Warehouse(home) as house:
        national_entries.note(house.stores, "2026H2", [(child, "failed", "证件号码重复")])
    assert any(row[1] == "全国系统录入失败" and "证件号码重复" in row[3] for row in sections(home, child)["log"].rows)


@pytest.mark.parametrize("ending", ["html", "xlsx"])
def test_the_command_writes_the_file_and_records_who_looked(call, home, child, tmp_path, ending):
    out = tmp_path / f"x.{ending}"
    done = call("file", child, "--home", home, "--period", "2026H2", "--out", out)
    assert done.exit_code == 0, done.exception
    if ending == "html":
        text = out.read_text(encoding="utf-8")
        assert text.count("<section") == 5
        assert not re.search(r"<(script|link|img)|https?:", text)
    else:
        assert len(openpyxl.load_workbook(out).sheetnames) == 5
        for sheet in openpyxl.load_workbook(out):  # a page that is printed says whose it is, and which section
            assert (sheet.oddHeader.left.text, sheet.oddHeader.right.text) == (f"儿童档案 {child}", sheet.title)
    assert out.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("child_id", "out", "says"), [("c" + "a" * 13, "x.html", "No child of this id"), (None, "x.pdf", ".html or .xlsx")]
)
def test_a_file_that_can_not_be_written_is_said(call, home, child, tmp_path, child_id, out, says):
    done = call("file", child_id or child, "--home", home, "--period", "2026H2", "--out", tmp_path / out)
    assert says in str(done.exception)


def test_every_child_on_a_list_of_care_has_one_file_however_many_lists(con):
    listed = con.execute(
        "select child_id from care.key_care where state in ('open', 'under_review') "
        "union select child_id from care.left_behind "
        "union select child_id from care.distressed union select child_id from care.single_parent"
    ).fetchall()
    filed = con.execute("select child_id, completeness, missing from care.child_file").fetchall()
    assert {row[0] for row in filed} == {row[0] for row in listed}
    assert len(filed) == len(listed) > 5
    items = set(words.kinds()["file_item"])
    for _, completeness, missing in filed:
        assert set(missing) <= items
        assert completeness == pytest.approx(1 - len(missing) / len(items), abs=1e-4)


def test_a_fact_that_goes_missing_is_named_and_counted(home, child):
    """On a copy of the period's tables, a child loses its guardians' phones and its number."""
    copy = duckdb.connect()
    with Warehouse(home) as house, house.read_published(PERIOD) as con:
        for name in sorted(statement("care", "child_file").reads):
            copy.execute(f"create schema if not exists {name.split('.')[0]}")
            table = con.execute(f"from {name}").to_arrow_table()
            copy.register("arriving", table)
            copy.execute(f"create table {name} as from arriving")
    ask = f"select completeness, missing from care.child_file where child_id = '{child}'"
    build_table(copy, "care", "child_file", {"period": "2026H2"})
    before, missing = copy.execute(ask).fetchall()[0]
    copy.execute(f"update core.guardian set phone = null where child_id = '{child}'")
    copy.execute(f"update core.child set citizen_no = null where child_id = '{child}'")
    build_table(copy, "care", "child_file", {"period": "2026H2"})
    after, now_missing = copy.execute(ask).fetchall()[0]
    assert set(now_missing) - set(missing) == {"phone", "citizen_no"} - set(missing)
    assert after < before
    assert [row[0] for row in copy.execute("describe care.child_file").fetchall()] == list(
        get("care", "child_file").columns
    )


def drawn(con, seed="2026", share=0.3):
    return [row[3] for row in spot_check.draw(con, PERIOD, "429006", seed, share, with_unknown=True).rows]


def test_the_same_seed_draws_the_same_files_and_another_one_others(con):
    assert drawn(con) == drawn(con)
    assert set(drawn(con)) != set(drawn(con, seed="2027"))


def test_a_lot_is_the_share_asked_for_and_never_less_than_five_of_a_county(con):
    files = con.execute("select count(*) from care.child_file where county = '429006'").fetchall()[0][0]
    here = {row[0] for row in con.execute("select child_id from care.child_file where county = '429006'").fetchall()}
    assert len(here & set(drawn(con, share=1.0))) == files
    assert len(here & set(drawn(con, share=0.01))) == min(5, files)


def test_the_form_lets_each_section_be_marked(call, home, tmp_path):
    out = tmp_path / "check.xlsx"
    done = call("report", "spot-check", "--home", home, "--period", "2026H2", "--out", out)
    assert done.exit_code == 0, done.exception
    sheet = openpyxl.load_workbook(out)["抽查表"]
    headings = [cell.value for cell in sheet[1]]
    assert headings[8:13] == ["基本信息", "走访记录", "工作日志", "关爱帮扶记录", "发现问题和解决方案"]
    assert sheet.max_row > 5
    (validation,) = sheet.data_validations.dataValidation
    assert "不齐全" in validation.formula1
    assert "种子“2026”" in str(list(openpyxl.load_workbook(out)["封面"].values))


def test_where_no_visits_were_delivered_nothing_is_asked_of_what_they_alone_tell():
    """The same child, once where visits came without it and once where none came."""
    missing = {}
    for kept in (frozenset(), frozenset({"civil_affairs/field_visit"})):
        town = Town("2026H1", missing=kept)
        town.entry("c1", "hukou", hukou="429006", lives="429006")
        town.entry("c1", "welfare", welfare_kind="orphan", started_on=date(2020, 1, 1))
        settled = town.settle(duckdb.connect(), rooms=["core", "care"])
        missing[bool(kept)] = settled.execute("select missing, completeness from care.child_file").fetchall()[0]
    of_visits = {"visit_in_time", "contact_in_time", "findings"}
    assert of_visits & set(missing[False][0])
    assert not of_visits & set(missing[True][0])
    assert "visit" in missing[True][0]


def test_a_proposal_that_nobody_opened_asks_for_no_file():
    town = Town("2026H1")
    for child in ("proposed", "opened"):
        town.entry(child, "hukou", hukou="420502")
        town.entry(child, "registration", lives="429006", residence_since=date(2024, 1, 1))
        town.entry(child, "visit", visited_on=date(2026, 5, 1), visit_kind="in_home", asked_for_help=True)
    town.act("opened", "asked_for_help", "open", date(2026, 5, 2))
    settled = town.settle(duckdb.connect())
    assert settled.execute("select child_id from care.child_file").fetchall() == [("opened",)]
    counted = "select list, children from mart.care_count where list like 'key_care%' and category = 'all' order by 1"
    assert settled.execute(counted).fetchall() == [("key_care", 1), ("key_care_proposed", 1)]
