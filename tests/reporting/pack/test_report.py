"""Every number of a report stands in the warehouse, and the same release gives the same seal."""

import re
from datetime import date
from functools import cache

import duckdb
import openpyxl
import pytest
import yaml
from openpyxl.utils import get_column_letter, range_boundaries

from policy.period import Period
from reporting import words
from reporting.pack import figures, report, workbook
from reporting.pack.figures import of_pack
from reporting.pack.shown import show
from stewardship.access import passwords
from stewardship.access.login import LoginRefused
from tests.reporting.pack.pages import of_charts, of_page, of_sheet
from tests.warehouse.core.town import Town
from warehouse import analysts
from warehouse.home import Home
from warehouse.places import Places
from warehouse.store import Warehouse
from warehouse.stores import accounts, audit, seals
from warehouse.stores.accounts import Account
from warehouse.stores.actors import Actor

ON = date(2026, 12, 31)


@pytest.fixture(scope="module")
def written(call, home, tmp_path_factory):
    """The internal reports of the second period, as the command writes them: workbook and page by kind."""
    out = tmp_path_factory.mktemp("out")

    @cache
    def written(pack):
        done = call("report", "make", "--pack", pack, "--home", home, "--period", "2026H2", "--out", out)
        assert done.exit_code == 0, done.exception
        stem = f"{pack}_429006_2026H2_internal"
        return out / f"{stem}.xlsx", out / f"{stem}.html"

    return written


@pytest.fixture(scope="module")
def made(written):
    return written("half_year")


def asked_of_the_warehouse(home, figure):
    """What a figure's printed query gives when somebody runs it."""
    query = figures.to_paste(figure, "2026H2", "429006", with_unknown=True)
    if figure.source == "mart":
        return analysts.query(home, query).rows
    with Warehouse(home) as house, house.read_published("2026H2") as con:
        return con.execute(query).fetchall()


@pytest.fixture(scope="module")
def places(home):
    with Warehouse(home) as house, house.read_published("2026H2") as con:
        return Places.read(con, ON)


def read(figure, row, places):
    """A query's row as the report words it, shares left out."""
    return [
        words.word(column.words, cell, places) if column.words else cell
        for column, cell in zip(figure.columns.values(), row, strict=True)
    ]


def without_shares(figure, cells):
    """A report's row without the shares that it shows beside counts."""
    kept = iter(cells)
    found = []
    for column in figure.columns.values():
        found.append(next(kept))
        if column.share:
            next(kept)
    return found


def with_shares(figure, rows, places):
    """A query's rows as the report words them, each share beside its count."""
    added = figures.Measured(figure, rows).added
    wholes = [sum(row[at] for row, is_added in zip(rows, added, strict=True) if is_added) if column.share else 0
              for at, column in enumerate(figure.columns.values())]  # fmt: skip
    for row, is_added in zip(rows, added, strict=True):
        cells = []
        for column, cell, raw, whole in zip(
            figure.columns.values(), read(figure, row, places), row, wholes, strict=True
        ):
            cells += [cell, raw / whole if is_added else None] if column.share else [cell]
        yield cells


def on_paper(cell):
    return (
        ""
        if cell is None
        else f"{cell:.1%}"
        if isinstance(cell, float)
        else f"{cell:,}"
        if isinstance(cell, int)
        else cell
    )


EVERY = [(pack, figure) for pack in ("half_year", "progress") for figure in of_pack(pack)]


@pytest.mark.parametrize(("pack", "figure"), EVERY, ids=lambda each: getattr(each, "name", each))
def test_every_number_of_workbook_and_page_is_what_its_query_gives(home, written, places, pack, figure):
    rows = asked_of_the_warehouse(home, figure)
    made, number = written(pack), of_pack(pack).index(figure) + 1
    sheet = of_sheet(made[0], f"{number:02d} {figure.title}"[:31], workbook.HEADING_ROW)
    told = list(with_shares(figure, rows, places))
    assert rows
    assert len(sheet) == 1 + len(told) + figure.total
    assert [list(row) for row in sheet[1 : len(told) + 1]] == [
        [pytest.approx(cell) if isinstance(cell, float) else cell for cell in row] for row in told
    ]
    shown = of_page(made[1])[figure.name][1:]
    at_most = figure.shown_at_most or len(rows)
    assert shown[: len(told[:at_most])] == [[on_paper(cell) for cell in row] for row in told[:at_most]]
    if figure.total:
        added = figures.Measured(figure, rows).added
        sums = [
            sum(row[at] for row, is_added in zip(rows, added, strict=True) if is_added)
            for at, name in enumerate(figure.columns)
            if name in figure.counts and not figure.columns[name].not_added
        ]
        assert [cell for cell in sheet[-1] if isinstance(cell, int)] == sums
        assert [int(cell.replace(",", "")) for cell in shown[-1] if re.fullmatch(r"[\d,]+", cell)] == sums


@pytest.mark.parametrize("pack", ["half_year", "progress"])
def test_a_chart_prints_in_full_size_below_its_table_where_both_fit_a_page(written, pack):
    drawn = [sheet for sheet in openpyxl.load_workbook(written(pack)[0]) if sheet._charts]
    assert len(drawn) > 5
    for sheet in drawn:
        at, (_, _, columns, last_row) = sheet._charts[0].anchor._from, range_boundaries(sheet.auto_filter.ref)
        if sheet.page_setup.orientation == "portrait":
            widths = [sheet.column_dimensions[get_column_letter(each)].width for each in range(1, columns + 1)]
            assert (at.col, at.row > last_row, sum(widths) < 100) == (0, True, True)
        else:
            assert (at.col, at.row) == (columns + 1, workbook.HEADING_ROW)
    upright = {sheet.title[3:] for sheet in drawn if sheet.page_setup.orientation == "portrait"}
    assert "监测摸排总体情况" in upright


def test_townships_are_told_by_the_name_that_deliveries_write(home, made):
    """By name and not by code; the county stands beside it, so nothing is behind a name that others share."""
    number, figure = next(each for each in enumerate(of_pack("half_year"), 1) if each[1].name == "by_township")
    sheet = of_sheet(made[0], f"{number:02d} {figure.title}"[:31], workbook.HEADING_ROW)
    told = {row[1] for row in sheet[1:-1]}
    with Warehouse(home) as house, house.read_published("2026H2") as con:
        named = dict(con.execute("select township, arg_max(name, entries) from std.township group by 1").fetchall())
        lived_in = con.execute("select distinct residence_township from care.child where status = 'migrant'").fetchall()
    names = {named[code] for (code,) in lived_in if code in named}
    assert len(names) > 5
    assert names <= told
    assert not set(named) & told


CHARTS = [each for each in EVERY if each[1].chart]


@pytest.mark.parametrize(("pack", "figure"), CHARTS, ids=lambda each: getattr(each, "name", each))
def test_every_number_of_a_chart_stands_in_the_table_below_it(home, written, pack, figure):
    page = written(pack)[1]
    numbers = [int(each.replace(",", "")) for each in of_charts(page)[figure.name] if re.fullmatch(r"[\d,]+", each)]
    rows = [dict(zip(figure.columns, row, strict=True)) for row in asked_of_the_warehouse(home, figure)][:20]
    of = figure.chart.values
    if figure.chart.kind == "stacked":
        whole = next(name for name, column in figure.columns.items() if set(column.sums) == set(of))
        assert numbers == [row[whole] for row in rows]
    else:
        assert sorted(numbers) == sorted(row[name] for row in rows for name in of if row[name] is not None)


def test_the_numbers_at_the_head_are_totals_of_tables_below(home, written):
    for pack in ("half_year", "progress"):
        text = written(pack)[1].read_text(encoding="utf-8")
        head = dict(re.findall(r"<div>(\S+?)<b>([\d,]+)</b></div>", text))
        named = {figure.name: figure for figure in of_pack(pack)}
        wanted = {"流动儿童": ("by_county", "children"), "其中跨省": ("by_county", "other_province"),
                  "较上期增加": ("flow_by_cause", "gained"), "较上期减少": ("flow_by_cause", "lost")}  # fmt: skip
        assert head == {
            words: f"{sum(row[list(of.columns).index(column)] for row in asked_of_the_warehouse(home, of)):,}"
            for words, (name, column) in wanted.items()
            if (of := named.get(name))
        }


def test_children_of_no_known_residence_stand_below_and_in_no_share_or_total():
    status = of_pack("half_year")[0]
    told = figures.Measured(status, [("migrant", 30), ("not_migrant", 70), ("residence_unknown", 11)])
    assert figures.total(told) == [None, 100]
    assert [row[1:] for row in show(told, Places(ON)).rows] == [[30, 0.3], [70, 0.7], [11, None]]


def test_no_figure_adds_two_populations():
    for figure in figures.registry().figures:
        reads = figure.sql
        assert ("statistics" in reads) == (figure.population == "statistics"), figure.name


def test_parts_add_up_to_the_whole_in_every_figure(home, made):
    for figure in of_pack("half_year"):
        names = list(figure.columns)
        for row in asked_of_the_warehouse(home, figure):
            cells = dict(zip(names, row, strict=True))
            for name, column in figure.columns.items():
                assert not column.sums or cells[name] == sum(cells[part] for part in column.sums), figure.name


def test_the_number_of_migrants_is_one_number_on_every_sheet(home, call):
    """Counted by county, township, age, company and origin, and as the fixed export lists them."""
    told = {f.name: asked_of_the_warehouse(home, f) for f in of_pack("half_year")}
    whole = dict(told["status"])["migrant"]
    for name in (
        "by_county",
        "by_township",
        "by_age_band",
        "by_age",
        "by_company",
        "by_origin_province",
        "origin_destination",
    ):
        assert sum(row[-1] for row in told[name]) == whole, name
    earlier, gained, lost, now = (sum(row[at] for row in told["flow_by_county"]) for at in (1, 2, 3, 4))
    assert (earlier + gained - lost, now) == (whole, whole)
    assert [row[1] for row in told["trend"]] == [earlier, now]
    assert [sum(row[at] for row in told["flow_by_cause"]) for at in (1, 2)] == [gained, lost]


def test_a_figure_of_children_elsewhere_is_not_in_the_report(home):
    by_county = next(each for each in of_pack("half_year") if each.name == "by_county")
    assert [row[0] for row in asked_of_the_warehouse(home, by_county)] == ["429006"]


BY_COUNTY = {
    "comparison": "care.left_behind_comparison",
    "events_done": "care.event",
    "visits_done": "care.visit_due",
    "village_levels": "care.village_load",
    "care_lists": "mart.care_count",
    "care_categories": "mart.care_count",
    "care_trend": "mart.care_count",
    "statistics_by_county": "mart.statistics_count",
    "statistics_by_age": "mart.statistics_count",
    "statistics_trend": "mart.statistics_count",
}


@pytest.mark.parametrize("name", BY_COUNTY)
def test_children_of_no_known_county_count_in_the_report_of_the_whole_home_alone(home, name):
    figure = next(each for each in figures.registry().figures if each.name == name)
    unknown = "'unknown'" if figure.source == "mart" else "cast(null as varchar)"

    def told(*, with_unknown):
        query = figures.to_paste(figure, "2026H2", "429006", with_unknown=with_unknown)
        nowhere = f"(select * replace ({unknown} as county) from {BY_COUNTY[name]})"
        query = query.replace(f"from {BY_COUNTY[name]}", f"from {nowhere}")
        if figure.source == "mart":
            return analysts.query(home, query).rows
        with Warehouse(home) as house, house.read_published("2026H2") as con:
            return con.execute(query).fetchall()

    assert told(with_unknown=True)
    assert not told(with_unknown=False)


def test_a_child_visited_in_time_is_done_though_the_next_visit_is_due():
    con = duckdb.connect()
    con.execute("create schema care")
    con.execute("create schema policy")
    con.execute("create table policy.county as select '429006' as code, null as prefecture, '420000' as province")
    con.execute(
        "create table care.visit_due as select *, ['migrant'] as why, '429006' as county from (values "
        "('c1', 'done', date '2026-06-20'), ('c2', 'upcoming', date '2026-05-01'), ('c3', 'due', date '2026-04-01'), "
        "('c4', 'upcoming', null), ('c5', 'due', null), ('c6', 'overdue', date '2025-01-01')) "
        "as told (child_id, state, last_visit_on)"
    )
    figure = next(each for each in figures.registry().figures if each.name == "visits_done")
    assert figures.measure(con, figure, "2026H1", "429006", with_unknown=True).rows == [("migrant", 3, 2, 1, 6)]


@pytest.mark.parametrize(
    ("hukou", "residence", "told"),
    [
        (("110000", "110100"), ("110000", "110100"), (0, 0, 1)),
        (("500000", "500100"), ("500000", "500200"), (0, 0, 1)),
        (("110000", None), ("110000", None), (0, 0, 1)),
        (("420000", "420500"), ("420000", "429000"), (0, 1, 0)),
        (("420000", "420500"), ("420000", "420500"), (0, 0, 1)),
        (("420000", None), ("420000", "420500"), (0, 1, 0)),
        (("420000", "420500"), ("110000", "110100"), (1, 0, 0)),
        ((None, None), ("110000", "110100"), (1, 0, 0)),
    ],
)
def test_a_move_within_a_municipality_is_one_within_a_city(hukou, residence, told):
    con = duckdb.connect()
    con.execute("create schema mart")
    con.execute(
        "create table mart.child_period as "
        "select '2026H1' as period, 'migrant' as status, '110101' as residence_county, "
        "?::varchar as hukou_province, ?::varchar as hukou_prefecture, "
        "?::varchar as residence_province, ?::varchar as residence_prefecture",
        [*hukou, *residence],
    )
    figure = next(each for each in figures.registry().figures if each.name == "by_county")
    found = figures.measure(con, figure, "2026H1", "000000", with_unknown=True).rows
    assert found == [("110101", *told, 1)]


def test_the_page_needs_nothing_from_outside_and_names_no_child(home, made):
    text = made[1].read_text(encoding="utf-8")
    assert not re.search(r"<(script|link|img|iframe)|url\(|https?:", text)
    with Warehouse(home) as house, house.read_published("2026H2") as con:
        named = con.execute("select name, citizen_no, child_id from core.child").fetchall()
    for name, number, child in named:
        assert child not in text
        assert number is None or number not in text
        assert name is None or len(name) < 3 or name not in text


def test_every_page_bears_definition_rule_version_and_seal(home, made):
    text = made[1].read_text(encoding="utf-8")
    for figure in of_pack("half_year"):
        section = text.split(f'<section id="{figure.name}">')[1].split("</section>")[0]
        assert figure.definition in section
        assert f"指标 {figure.name} 第 {figure.version} 版" in section
        assert "migrant-child/429006" in section
        assert "封签" in section


def test_the_same_release_gives_the_same_seal_and_seals_once(call, home, made, tmp_path):
    again = call("report", "make", "--home", home, "--period", "2026H2", "--out", tmp_path)
    first = re.search(r"SHA-256 ([0-9a-f]{64})", made[1].read_text(encoding="utf-8"))[1]
    assert first in again.output
    assert "不同" not in again.output
    with Warehouse(home) as house:
        kept = seals.read(house.stores, pack="half_year", period="2026H2")
    assert [each.sha256 for each in kept if each.audience == "internal"] == [first]
    checked = call("report", "verify", "--home", home, "--period", "2026H2")
    assert (checked.return_value, first in checked.output) == (0, True)


def town(*ages):
    """A town of migrant children born in these years, who came from elsewhere in 2024."""
    made = Town("2026H1")
    for number, year in enumerate(ages):
        child = f"c{number}"
        made.entry(child, "hukou", hukou="420502", born=date(year, 3, 1))
        made.entry(
            child,
            "registration",
            hukou="420502",
            lives="429006",
            born=date(year, 3, 1),
            residence_since=date(2024, 3, 1),
        )
    return made


def test_a_rebuilt_period_with_other_figures_says_which_changed(tmp_path):
    home = tmp_path / "var"
    town(2012, 2015, 2018).publish(home)
    first = measured(home)
    with Warehouse(home) as house:
        assert report.keep_seal(house.stores, first) is None
        assert report.keep_seal(house.stores, measured(home)) == []
    town(2012, 2015).publish(home)
    now = measured(home)
    with Warehouse(home) as house:
        changed = report.keep_seal(house.stores, now)
    assert now.sha256 != first.sha256
    assert ("by_age_band", "6-11", "children", 2, 1) in [
        (each.figure, each.row, each.column, each.earlier, each.now) for each in changed
    ]
    assert all(each.earlier != each.now for each in changed)


def measured(home):
    return report.make(Home.at(home), None, "half_year", Period("2026H1"), "429006", external=False, with_unknown=True)


def test_what_leaves_the_bureau_holds_no_small_count(call, home, tmp_path):
    done = call("report", "make", "--home", home, "--period", "2026H2", "--external", "--out", tmp_path)
    assert done.exit_code == 0, done.output
    tables = of_page(tmp_path / "half_year_429006_2026H2_external_draft.html")
    assert "by_township" not in tables
    text = (tmp_path / "half_year_429006_2026H2_external_draft.html").read_text(encoding="utf-8")
    trend = {row[0]: row[1] for row in tables["trend"]}
    assert f"<div>流动儿童<b>{trend['2026H2']}</b>" in text  # not a sum of what is shown
    for name, rows in tables.items():
        figure = next(each for each in of_pack("half_year") if each.name == name)
        for row in rows[1:]:
            for column, cell in zip(figure.columns.values(), without_shares(figure, row), strict=True):
                assert not column.count or cell == "*" or int(cell.replace(",", "")) % 5 == 0, (name, row)


@pytest.mark.parametrize(
    ("words_given", "says"),
    [
        (("make", "--period", "2026H2", "--pack", "yearly", "--out", "."), "no such report. There are: half_year"),
        (("make", "--period", "2025H2", "--out", "."), "published is 2026H1, 2026H2"),
        (("make", "--period", "2026H2", "--jurisdiction", "110000", "--out", "."), "is not within 429006"),
        (("verify", "--period", "2026H1"), "Not sealed yet"),
        (("trace", "by_shoe_size", "--period", "2026H2"), "No such figure; known: status"),
    ],
)
def test_what_can_not_be_reported_is_said(call, home, words_given, says):
    done = call("report", *words_given, "--home", home)
    assert says in str(done.exception)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("已走访。\n联系电话 138 0000 0000。", "line 2: 电话号码"),
        ("儿童 429006201501011234 已入学", "line 1: 身份号码"),
        ("住在幸福路225号", "line 1: 门牌或房号"),
        ("编号 c234567abcdefg 的儿童", "line 1: 儿童编号"),
    ],
)
def test_words_by_which_somebody_could_be_recognised_are_refused(call, home, tmp_path, text, says):
    notes = tmp_path / "notes.yml"
    notes.write_text(yaml.safe_dump({"cases": text}, allow_unicode=True), encoding="utf-8")
    asked = ("make", "--pack", "progress", "--home", home, "--period", "2026H2", "--notes", notes, "--out", tmp_path)
    done = call("report", *asked)
    assert says in str(done.exception)
    assert text not in str(done.exception)
    assert not list(tmp_path.glob("*.xlsx"))


def test_a_child_s_name_in_the_words_is_refused_and_not_repeated(call, home, tmp_path):
    with Warehouse(home) as house, house.read_published("2026H2") as con:
        name = con.execute("select name from core.child where length(name) >= 3 order by name").fetchall()[0][0]
    notes = tmp_path / "notes.yml"
    notes.write_text(f"cases: 帮助{name}返校\n", encoding="utf-8")
    asked = ("make", "--pack", "progress", "--home", home, "--period", "2026H2", "--notes", notes, "--out", tmp_path)
    done = call("report", *asked)
    assert "a name that a child or guardian bears" in str(done.exception)
    assert name not in str(done.exception)


def test_words_that_name_nobody_stand_behind_the_figures_and_leave_the_seal_alone(call, home, written, tmp_path):
    notes = tmp_path / "notes.yml"
    notes.write_text(
        "progress: 上半年完成两轮走访。\ncases: 某镇建立亲情视频室，受益儿童明显增加。\n", encoding="utf-8"
    )
    asked = ("make", "--pack", "progress", "--home", home, "--period", "2026H2", "--notes", notes, "--out", tmp_path)
    done = call("report", *asked)
    seal = re.search(r"SHA-256 ([0-9a-f]{64})", written("progress")[1].read_text(encoding="utf-8"))[1]
    assert seal in done.output
    text = (tmp_path / "progress_429006_2026H2_internal.html").read_text(encoding="utf-8")
    assert text.index("部门数据到位情况") < text.index("工作进展</h2>") < text.index("亲情视频室")


def test_what_leaves_the_bureau_is_released_by_somebody_who_did_not_make_it(call, home, tmp_path, monkeypatch):
    asked = ("--home", home, "--period", "2026H2", "--pack", "progress")
    make = ("report", "make", *asked, "--external", "--out", tmp_path)
    stem = tmp_path / "progress_429006_2026H2_external.html"
    draft = stem.with_stem(f"{stem.stem}_draft")
    assert "No external report yet" in str(call("report", "release", *asked, "--reason", "核对无误").exception)
    assert call(*make).exit_code == 0
    assert "草稿" in draft.read_text(encoding="utf-8")
    assert "made this report" in str(call("report", "release", *asked, "--reason", "核对无误").exception)
    monkeypatch.setenv("LOGNAME", "checker")
    assert call("report", "reject", *asked, "--reason", "说明不全").exit_code == 0
    assert call(*make).exit_code == 0
    assert "checker" in draft.read_text(encoding="utf-8")
    assert not stem.exists()
    assert call("report", "release", *asked, "--reason", "核对无误").exit_code == 0
    assert call(*make).exit_code == 0
    told = stem.read_text(encoding="utf-8")
    assert "核发：核对无误" in told
    assert "草稿" not in told


PASSWORD = "correct horse 9"


@pytest.fixture
def people(tmp_path):
    """A home of a published period with accounts: two approvers, one of another county, one who is none."""
    home = tmp_path / "var"
    town(2012, 2015, 2018).publish(home)
    by = Actor("os:root")
    with Warehouse(home) as house:
        for username, roles, county in (
            ("li", ("approver",), "429006"),
            ("chen", ("approver", "steward"), "420000"),
            ("wang", ("approver",), "429004"),
            ("zhao", ("steward",), "429006"),
        ):
            accounts.add(house.stores, by, Account(username, f"name of {username}", roles, (county,)), "new")
            accounts.set_password(house.stores, by, username, passwords.hashed(PASSWORD, username))
    return home


def test_where_there_are_approvers_one_who_did_not_make_it_releases_it_by_password(call, people, tmp_path):
    asked = ("--home", people, "--period", "2026H1", "--jurisdiction", "429006")

    def make(account, said=PASSWORD):
        return call(*("report", "make", *asked, "--external", "--out", tmp_path, "--account", account), said=said)

    def release(*more, said=PASSWORD):
        return call("report", "release", *asked, "--reason", "核对无误", *more, said=said)

    assert isinstance(make("li", "wrong horse 10").exception, LoginRefused)
    assert not list(tmp_path.glob("*.xlsx"))
    assert make("li").exit_code == 0
    assert "name yours by --account" in str(release().exception)
    assert isinstance(release("--account", "chen", said="wrong horse 10").exception, LoginRefused)
    assert "zhao is no approver of 429006" in str(release("--account", "zhao").exception)
    assert "wang is no approver of 429006" in str(release("--account", "wang").exception)
    assert "li made this report" in str(release("--account", "li").exception)
    done = release("--account", "chen", "--password-stdin")
    assert done.exit_code == 0, done.exception
    assert PASSWORD not in done.output
    assert make("li").exit_code == 0
    told = (tmp_path / "half_year_429006_2026H1_external.html").read_text(encoding="utf-8")
    assert "name of chen" in told
    with Warehouse(people) as house:
        acts = [(row.act, row.detail) for row in audit.read(house.stores) if row.act.startswith("report")]
    assert [act for act, _ in acts].count("report released") == 1
    assert "chen" in str(acts)


def test_a_draft_that_nobody_signed_is_released_by_no_account_of_the_same_user(call, people, tmp_path):
    asked = ("--home", people, "--period", "2026H1", "--jurisdiction", "429006")
    assert call("report", "make", *asked, "--external", "--out", tmp_path).exit_code == 0
    done = call("report", "release", *asked, "--reason", "核对无误", "--account", "li", said=PASSWORD)
    assert "made this report" in str(done.exception)


def test_a_draft_of_figures_that_changed_since_is_not_released(call, tmp_path, monkeypatch):
    home = tmp_path / "var"
    asked = ("--home", home, "--period", "2026H1", "--jurisdiction", "429006")
    town(*range(2011, 2025)).publish(home)
    assert call("report", "make", *asked, "--external", "--out", tmp_path).exit_code == 0
    town(*range(2011, 2025), *range(2011, 2025)).publish(home)
    monkeypatch.setenv("LOGNAME", "checker")
    done = call("report", "release", *asked, "--reason", "核对无误")
    assert "The figures would be others now" in str(done.exception)
    assert call("report", "reject", *asked, "--reason", "数字已变").exit_code == 0
