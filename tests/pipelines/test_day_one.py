"""What the bureau has already, its lists and the national system's numbers: read where there, missed by nobody."""

import csv

import pytest
import xlsxwriter

from connectors.sample import write
from tests.reporting.bureau import Bureau
from tests.reporting.test_intake import fill
from warehouse.store import Warehouse

PERIODS = ("2026H1", "2026H2")
pytestmark = pytest.mark.slow  # three runs
LISTED, NUMBERED = ("civil_affairs", "existing_list"), ("civil_affairs", "national_number")


def _pupils(inbox):
    """Pupils with a sound number, as education delivers them."""
    (file,) = (inbox / "2026H1" / "education").glob("学籍_429006.csv")
    raw = file.read_bytes()
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        text = raw.decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    sound = [row for row in rows if row["学籍号"].startswith("G") and row["学籍号"][1:] == row["身份证件号"]]
    return [(row["姓名"], row["身份证件号"]) for row in sound]


def _write(file, rows):
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell)


def _read(home, period, query):
    with Warehouse(home) as house:
        con = house.read_published(period)
        try:
            return con.execute(query).fetchall()
        finally:
            con.close()


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    out = tmp_path_factory.mktemp("county")
    write(out, jurisdiction="429006", children=220, periods=PERIODS, seed=21)
    bureau = Bureau(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("keys"))

    def run(period):
        done = bureau.call("run", "--inbox", out / "inbox", "--jurisdiction", "429006", "--period", period)
        assert done.returncode == 0, done.stderr
        return done

    without = run("2026H1")
    receipts = _read(bureau.home, "2026H1", "select feed, table_name, status from raw.receipt")
    pupils = _pupils(out / "inbox")[:12]
    folder = out / "inbox" / "2026H1" / "civil_affairs"
    header = ("序号", "姓名", "出生日期", "身份证号码", "类别", "户籍地", "居住地", "来本地日期", "登记日期")
    listed = [
        (str(at), name, "", number, "困境儿童", "429006", "429006", "", "2025-05-20")
        for at, (name, number) in enumerate(pupils[:8], 1)
    ]
    listed.append(("99", "欧阳梓涵", "2017-03-04", "", "留守儿童", "330106", "429006", "2024-09-01", "2025-05-20"))
    _write(folder / "现有名单_2025.xlsx", [header, *listed])
    numbers = [(f"ET42900600{at:04d}", name, number) for at, (name, number) in enumerate(pupils)]
    numbers.append(("ET429006009999", *pupils[0]))  # entered twice
    numbers.append(("ET429006000001", "司徒明轩", ""))  # another child's number
    _write(folder / "全国儿童福利信息系统导出.xlsx", [("儿童编号", "姓名", "身份证号"), *numbers])
    asked = folder / "入户登记_求助.xlsx"
    assert bureau.call("form", "intake", "--out", asked).returncode == 0
    fill(
        asked,
        [
            {
                **{"登记编号": "QZ429006-20260610-001", "儿童姓名": "东方小月", "性别": "女", "出生日期": "2015-04-05"},
                **{"户籍地区划": "429006004", "居住地区划": "429006029", "主动求助": "是", "走访日期": "2026-06-10"},
            }
        ],
    )
    run("2026H1")
    run("2026H2")
    return bureau, without, receipts, pupils


def test_a_home_without_them_runs_as_before(county):
    _, without, receipts, _ = county
    assert len(receipts) == 9
    assert not {LISTED, NUMBERED} & {(feed, table) for feed, table, _ in receipts}
    assert "existing_list" not in without.stdout + without.stderr


def test_who_is_on_a_list_is_the_child_that_the_departments_know(county):
    bureau, _, _, _ = county
    found = _read(
        bureau.home,
        "2026H1",
        "select count(*), count(distinct here.child_id) from link.entry_child as tied"
        " join std.entry as entry using (entry_id) join core.child as here using (child_id)"
        " where entry.table_name = 'existing_list' and list_contains(here.known_to, 'education/enrolment@2026H1')",
    )
    assert found == [(8, 8)]


def test_a_child_that_only_the_list_knows_has_a_status_and_its_evidence(county):
    bureau, _, _, _ = county
    found = _read(
        bureau.home,
        "2026H1",
        "select status, hukou_codes, residence_codes, split_part(residence_entry, '/', 2), residing_since::varchar"
        " from care.migrant_status join core.child using (child_id) where name = '欧阳梓涵'",
    )
    assert found == [("migrant", ["330106"], ["429006"], "existing_list", "2024-09-01")]


def test_the_systems_number_stays_with_the_child_and_says_when_it_is_doubtful(county):
    bureau, _, _, pupils = county
    found = _read(
        bureau.home,
        "2026H1",
        "select child.name, number.national_no, number.state from core.national_number as number"
        " join core.child using (child_id) order by national_no, name",
    )
    by_number = {(name, number): state for name, number, state in found}
    assert len(found) == 14
    assert by_number[pupils[0][0], "ET429006009999"] == by_number[pupils[0][0], "ET429006000000"] == "several"
    assert by_number[pupils[1][0], "ET429006000001"] == by_number["司徒明轩", "ET429006000001"] == "shared"
    assert by_number[pupils[2][0], "ET429006000002"] == "sole"


def test_what_was_told_once_stands_in_the_next_period_and_its_table_is_declared_missing(county):
    bureau, _, _, _ = county
    receipts = _read(bureau.home, "2026H2", "select feed, table_name, status from raw.receipt")
    assert {(*LISTED, "missing"), (*NUMBERED, "missing")} <= set(receipts)
    found = _read(bureau.home, "2026H2", "select national_no, from_period, entry from core.national_number")
    assert len(found) == 14
    assert {period for _, period, _ in found} == {"2026H1"}
    assert all(entry.startswith("civil_affairs/national_number/") for _, _, entry in found)
    carried = _read(bureau.home, "2026H2", "select is_carried, known_to from core.child where name = '欧阳梓涵'")
    assert carried == [(True, ["civil_affairs/existing_list@2026H1"])]


def test_who_asks_for_help_from_another_township_of_the_county_is_proposed_for_key_care(county):
    bureau, _, _, _ = county
    found = _read(
        bureau.home,
        "2026H1",
        "select status.status, care.state, care.evidence from care.key_care as care"
        " join care.migrant_status as status using (child_id) join core.child as child using (child_id)"
        " where child.name = '东方小月' and care.category = 'asked_for_help'",
    )
    assert found == [("not_migrant", "proposed", "civil_affairs/field_visit/入户登记_求助.xlsx:2")]
