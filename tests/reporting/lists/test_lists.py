"""Lists as clerks get them: who should be on them is, reachable, sorted, and by whose word."""

import json
from collections import Counter
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from policy.period import Period
from reporting.lists import collect, spec
from reporting.lists.spec import ListError
from reporting.packets.requests import ClaimRequest
from warehouse.store import Warehouse
from warehouse.stores import audit
from warehouse.stores.national_entries import Entry

PERIOD = Period("2026H2")
OF_TABLE = {
    "base_list": "care.base_list",
    "migrant": "(from care.migrant_status where status = 'migrant')",
    "key_care": "(from care.key_care where state <> 'closed')",
    "left_behind": "care.left_behind",
    "distressed": "(from care.distressed where category <> 'hiv')",
    "distressed_hiv": "(from care.distressed where category = 'hiv')",
    "single_parent": "care.single_parent",
    "not_enrolled": "care.not_enrolled",
    "visits": "(from care.visit_due where state <> 'done' or contact_state <> 'done')",
    "events": "(from care.event where state = 'open')",
    "village_load": "(from care.village_load where distinct_children > 0)",
    "mismatches": "care.place_mismatch",
    "left_behind_comparison": "care.left_behind_comparison",
    "statistics": "care.statistics_population",
    "hukou_claims": "(from care.migrant_status semi join (from care.entitlement where claim_at in ('hukou', 'both') "
    "and state in ('eligible', 'likely', 'needs_proof') "
    "and not (state = 'eligible' and item in ('S10', 'S13', 'S14'))) using (child_id) "
    "where status in ('migrant', 'unaccompanied'))",
    "watched": "(select null as county where false)",
    "stages": "(from care.migrant_status where status in ('migrant', 'undetermined'))",
}
OURS = {"base_list": "standing = 'moved'", "key_care": "state <> 'proposed'"}  # wherever the child lives now
PLACE = dict.fromkeys(("migrant", "stages", "hukou_claims"), "residence_codes[1]")


@pytest.fixture(scope="module")
def con(home):
    with Warehouse(home) as house, house.read_published(PERIOD) as con:
        yield con


@pytest.fixture(scope="module")
def book(call, home, tmp_path_factory):
    """Ask the command for a list, and open what it wrote."""
    out = tmp_path_factory.mktemp("lists")

    def book(name):
        done = call("list", name, "--home", home, "--period", "2026H2", "--out", out / f"{name}.xlsx")
        assert done.exit_code == 0, done.exception
        return openpyxl.load_workbook(out / f"{name}.xlsx")

    return book


def rows_of(sheet):
    """Rows below the headings as dictionaries."""
    headings, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def test_every_list_has_its_query_and_a_table_that_this_test_knows():
    assert set(spec.load()) == set(OF_TABLE)


@pytest.mark.parametrize("name", OF_TABLE)
def test_a_list_holds_the_rows_of_its_table_here_and_of_no_known_place(con, name):
    county = PLACE.get(name, "county")
    expected = con.execute(
        f"select count(*) from {OF_TABLE[name]} where {county} = '429006' or {county} is null "
        f"or {OURS.get(name, 'false')}"
    ).fetchall()[0][0]
    collected = collect.collect(con, name, PERIOD, "429006", strictly=False)
    assert len(collected.rows) == expected
    assert sum(rows for _, _, rows in collected.by_township) == expected


@pytest.mark.parametrize("name", OF_TABLE)
def test_a_list_opens_with_what_it_is_who_may_have_it_and_by_whose_word(book, name):
    made = book(name)
    cover = {row[0]: row[1] for row in made["封面"].iter_rows(values_only=True) if row[0]}
    described = spec.get(name)
    assert made["封面"]["A1"].value == described.title
    assert cover["可持有人"] == described.may_have
    assert cover["使用要求"] == described.handling
    assert "2026-12-31" in cover["期别与基准日"]
    sheet = made["名单"]
    assert cover["行数"] == f"{sheet.max_row - 1:,}"
    assert sheet.max_row == 1 or "“" in cover["规则与依据"]
    titles = [cell.value for cell in sheet[1]]
    behind_names = titles.index("姓名") + 2 if described.persons else 1
    assert sheet.freeze_panes == f"{get_column_letter(behind_names)}2"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.max_row == 1 or sheet.auto_filter.ref
    assert sheet.print_title_rows == "$1:$1"
    assert "导出" in sheet.oddFooter.left.text


def test_every_child_on_a_list_is_named_and_can_be_reached_as_far_as_anybody_knows(book, con):
    rows = rows_of(book("migrant")["名单"])
    named = dict(con.execute("select child_id, name from core.child").fetchall())
    phones = dict(
        con.execute("select child_id, list(phone) from core.guardian where phone is not null group by 1").fetchall()
    )
    assert rows
    for row in rows:
        assert row["姓名"] == named[row["儿童编号"]]
        if row["儿童编号"] in phones:
            assert row["联系电话"] in phones[row["儿童编号"]]
    assert sum(row["居住地址"] is not None for row in rows) > 0.9 * len(rows)


def test_an_address_in_another_county_than_the_child_s_is_not_told(con):
    """Were every department's address in another county, only children who live nowhere known would keep theirs."""
    con.execute("create or replace temp table listed as select child_id from core.child")
    con.execute(
        "create or replace temp view elsewhere as "
        "select entry_id, 'residence' as kind, ['110101'] as codes from std.entry"
    )
    placed = "select child_id from core.residence where is_chosen and codes is not null and codes <> ['110101']"
    ask = f"select count(*) from ({{}}) where address is not null and child_id in ({placed})"
    moved = spec.sql("person").replace("std.place", "elsewhere")
    assert con.execute(ask.format(spec.sql("person"))).fetchall()[0][0] > 100
    assert con.execute(ask.format(moved)).fetchall()[0][0] == 0


@pytest.mark.parametrize("name", [name for name, of in spec.load().items() if "township_name" in of.columns])
def test_a_row_s_township_is_called_as_deliveries_write_it_beside_the_code(con, name):
    collected = collect.collect(con, name, PERIOD, "429006", strictly=False)
    at = collected.spec.columns.index("township_name")
    known = con.execute(
        "with called as (select township, arg_max(name, entries) as name from std.township group by township) "
        "select called.name, count(*) from listed join called using (township) group by 1"
    ).fetchall()
    told = Counter(row[at] for row in collected.rows)
    assert all(told[each] >= rows for each, rows in known)
    assert known or not collected.rows
    codes = {code for (code,) in con.execute("select township from std.township").fetchall()}
    assert not codes & told.keys()


def test_numbers_that_aren_t_counts_are_text(book):
    for row in rows_of(book("migrant")["名单"]):
        assert all(isinstance(row[title], str) for title in ("联系电话", "出生日期") if row[title] is not None)


def test_rows_stand_by_township_and_then_by_what_is_due(book):
    rows = [row for row in rows_of(book("visits")["名单"]) if row["乡镇（街道）"]]
    assert rows == sorted(rows, key=lambda row: (row["乡镇（街道）"].encode(), row["应走访日期"]))
    assert [row["序号"] for row in rows] == list(range(1, len(rows) + 1))


def test_a_visit_list_leaves_room_to_write(book):
    assert {"走访日期", "发现问题", "解决情况"} <= set(rows_of(book("visits")["名单"])[0])


def test_the_source_of_a_behaviour_anomaly_is_not_told(con):
    con.execute(
        "create or replace temp view everyone as select * replace ('behaviour_anomaly' as category, "
        "'health/severe_mental_disorder' as source) from care.key_care where state <> 'closed'"
    )
    told = con.execute(spec.sql("key_care").replace("care.key_care", "everyone")).to_arrow_table().to_pylist()
    assert told
    assert {row["source"] for row in told} == {None}


def test_children_infected_with_hiv_are_listed_only_where_they_are_asked_for(con):
    con.execute("create or replace temp view everyone as select * replace ('hiv' as category) from care.distressed")
    listed = {
        name: con.execute(spec.sql(name).replace("care.distressed", "everyone")).fetchall()
        for name in ("distressed", "distressed_hiv")
    }
    assert not listed["distressed"]
    assert listed["distressed_hiv"]


def test_codes_are_read_as_words(book):
    for row in rows_of(book("key_care")["名单"]):
        assert not set("abcdefghijklmnopqrstuvwxyz") & set(row["类别"] + row["状态"] + row["流动状态"])


def test_special_facts_stand_only_on_lists_made_for_them():
    special = {name for name, column in spec.columns().items() if column.special}
    holding = {name for name, of in spec.load().items() if special & set(of.columns)}
    assert holding == {
        *("key_care", "left_behind", "distressed", "distressed_hiv", "single_parent", "visits", "events"),
        *("hukou_claims", "watched"),
    }
    assert all("citizen_no" not in of.columns for of in spec.load().values())


def test_who_made_a_list_is_recorded_and_no_child_with_it(book, home):
    book("key_care")
    with Warehouse(home) as house:
        act = audit.read(house.stores, act="list", last=1)[0]
    assert (act.act, act.subject, json.loads(act.detail)) == ("list", "key_care 2026H2", {"within": "429006"})


def test_a_child_s_stage_is_the_furthest_it_has_come_to(con):
    first, second = con.execute(
        "select child_id, status from care.migrant_status where status = 'migrant' order by child_id limit 2"
    ).fetchall()
    undetermined = con.execute("select child_id from care.migrant_status where status = 'undetermined'").fetchall()
    at = datetime(2027, 1, 5)
    entries = [Entry(first[0], "entered", None, at), Entry(second[0], "failed", "重复", at)]
    collected = collect.collect(con, "stages", PERIOD, "000000", strictly=False, entries=entries)
    child, stage, state = (collected.spec.columns.index(name) for name in ("child_id", "stage", "national_state"))
    told = {row[child]: (row[stage], row[state]) for row in collected.rows}
    assert told[first[0]] == ("更新", "已录入")
    assert told[second[0]] in {("汇总", "录入失败"), ("采集", "录入失败")}
    assert {told[child][0] for (child,) in undetermined} <= {"甄别", "采集"}


@pytest.mark.parametrize(("strictly", "listed"), [(False, True), (True, False)])
@pytest.mark.parametrize("name", OURS)
def test_who_moved_away_stays_on_the_home_s_list_until_closed(con, monkeypatch, name, strictly, listed):
    kept = {"base_list": "'moved' as standing", "key_care": "'open' as state"}[name]
    moved = f"(select * replace ('110101' as county, {kept}) from care.{name})"
    query = spec.sql(name).replace(f"from care.{name}", f"from {moved}")
    monkeypatch.setattr(spec, "sql", lambda asked, real=spec.sql: query if asked == name else real(asked))
    collected = collect.collect(con, name, PERIOD, "429006", strictly=strictly)
    assert bool(collected.rows) is listed


def test_a_county_s_list_is_the_county_s_alone(con):
    everywhere = collect.collect(con, "base_list", PERIOD, "420000", strictly=True)
    wuhan = collect.collect(con, "base_list", PERIOD, "420100", strictly=True)
    at = everywhere.spec.columns.index("county")
    assert {row[at][:3] for row in everywhere.rows} == {"湖北省"}
    assert {row[at][:6] for row in wuhan.rows} <= {"湖北省武汉市"}


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("names", "--period", "2026H2", "--out", "x.xlsx"), "no such list. There are: base_list"),
        (("migrant", "--out", "x.xlsx"), "Say which period"),
        (("migrant", "--period", "2026H2", "--out", "x.csv"), ".xlsx"),
        (("migrant", "--period", "2026H2", "--county", "110101", "--out", "x.xlsx"), "not within 429006"),
        (("migrant", "--period", "2025H1", "--out", "x.xlsx"), "published is 2026H1, 2026H2"),
    ],
)
def test_a_list_that_can_not_be_made_is_said(call, home, asked, says):
    done = call("list", *asked, "--home", home)
    assert says in str(done.exception)


def test_a_column_that_nobody_described_is_refused_with_the_list_s_name():
    described = spec.get("migrant").model_copy(update={"columns": ("shoe_size",)})
    with pytest.raises(ListError, match=r"migrant.yml: columns that columns.yml doesn't have: \['shoe_size'\]"):
        spec.check({"migrant": described})


def test_the_birth_date_is_told_as_exactly_as_it_is_known(con):
    con.execute("create or replace temp table listed as select child_id from core.child")
    told = con.execute(spec.sql("person")).fetchall()
    exact = dict(con.execute("select child_id, born_on from core.child where born_precision = 'day'").fetchall())
    for child_id, _name, _sex, born_on, *_ in told:
        if child_id in exact:
            assert date.fromisoformat(born_on) == exact[child_id]


def test_a_township_s_list_holds_its_rows_alone_by_code_or_by_name(con):
    whole = collect.collect(con, "migrant", PERIOD, "429006", strictly=False)
    at = whole.spec.columns.index("township_name")
    names = {row[at] for row in whole.rows if row[at]}
    codes = con.execute(
        "select name, min(township) from std.township where county = '429006' group by 1 having count(*) = 1 order by 1"
    ).fetchall()
    name, code = next((name, code) for name, code in codes if name in names)
    by_name = collect.collect(con, "migrant", PERIOD, "429006", strictly=False, township=name)
    by_code = collect.collect(con, "migrant", PERIOD, "429006", strictly=False, township=code)
    assert by_name.rows == by_code.rows
    assert 0 < len(by_code.rows) < len(whole.rows)
    assert {row[at] for row in by_code.rows} <= {name, None}
    assert sum(row[at] == name for row in whole.rows) == sum(row[at] == name for row in by_code.rows)


def test_what_would_change_a_status_stands_first_among_mismatches(con, monkeypatch):
    told = "row_number() over (order by mismatch.child_id) % 2 = 0 as turns_status"
    query = spec.sql("mismatches").replace("mismatch.turns_status", told)
    monkeypatch.setattr(spec, "sql", lambda name, real=spec.sql: query if name == "mismatches" else real(name))
    collected = collect.collect(con, "mismatches", PERIOD, "429006", strictly=False)
    at = collected.spec.columns.index("turns_status")
    told = [row[at] for row in collected.rows]
    assert set(told) == {"是", "否"}
    assert told == sorted(told, key=["是", "否"].index)


def test_a_claim_waits_from_the_day_it_was_made_until_it_is_settled(con):
    claimed = collect.collect(con, "hukou_claims", PERIOD, "429006", strictly=False)
    child, state, days = (claimed.spec.columns.index(name) for name in ("child_id", "request_state", "waiting_days"))
    assert {(row[state], row[days]) for row in claimed.rows} == {("未提出", None)}
    first, second = (row[child] for row in claimed.rows[:2])
    settled = next(each for (each,) in con.execute("select child_id from care.child").fetchall()
                   if each not in {row[child] for row in claimed.rows})  # fmt: skip
    day, later = date(2027, 1, 5), date(2027, 2, 4)
    requests = [
        ClaimRequest(first, "n1", "420502.civil_affairs", day, later, "late", 40, None, None),
        ClaimRequest(second, "n1", "420502.civil_affairs", day, later, "granted", None, None, date(2027, 1, 9)),
        ClaimRequest(settled, "n2", "420502.civil_affairs", day, later, "waiting", 3, None, None),
    ]
    told = collect.collect(con, "hukou_claims", PERIOD, "000000", strictly=False, requests=requests)
    by_child = {row[child]: (row[state], row[days]) for row in told.rows}
    assert by_child[first] == ("逾期未答复", 40)
    assert by_child[second] == ("已纳入保障", None)
    assert by_child[settled] == ("待答复", 3)


def test_a_list_quotes_the_clause_of_its_own_place_and_another_s_as_an_example(con):
    def quoted(within):
        return collect.collect(con, "stages", PERIOD, within, strictly=False).basis[0]

    assert quoted("540102").startswith("西藏自治区")
    assert quoted("429006").startswith("参照：西藏自治区")
