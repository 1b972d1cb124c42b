"""The national system's sheet and its answer: every migrant child pending, then entered or failed with the reason."""

import openpyxl
import pytest

from policy.period import Period
from reporting import national_import
from reporting.national_import import LayoutError
from warehouse.store import Warehouse
from warehouse.stores import national_entries

PERIOD = Period("2026H1")


@pytest.fixture(scope="module")
def sheet(call, home, tmp_path_factory):
    """The sheet of the first half-year as the command writes it, as rows by title."""
    out = tmp_path_factory.mktemp("national") / "录入表.xlsx"
    done = call("national", "sheet", "--home", home, "--period", "2026H1", "--out", out)
    assert done.exit_code == 0, done.exception
    headings, *rows = openpyxl.load_workbook(out)["流动儿童"].iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def standing(home):
    with Warehouse(home) as house:
        return national_entries.read(house.stores, "2026H1")


def answer(file, rows, titles=("证件号码", "导入结果", "失败原因", "本地儿童编号")):
    """An answer as the system might give it."""
    book = openpyxl.Workbook()
    for row in (titles, *rows):
        book.active.append(row)
    book.save(file)
    return file


def test_the_sheet_holds_every_migrant_child_of_the_place_as_text(home, sheet):
    with Warehouse(home) as house, house.read_published(PERIOD) as con:
        expected = con.execute(
            "select child_id from care.migrant_status where status = 'migrant' and residence_codes[1] = '429006'"
        ).fetchall()
        numbers = dict(con.execute("select child_id, citizen_no from core.child").fetchall())
    assert {row["本地儿童编号"] for row in sheet} == {child for (child,) in expected}
    for row in sheet:
        assert row["证件号码"] == numbers[row["本地儿童编号"]]
        assert row["儿童类型"] == "流动儿童"
        assert row["居住所在地"] == "湖北省天门市"
        assert all(cell is None or isinstance(cell, str) for cell in row.values())


def test_what_the_system_requires_and_a_child_lacks_stands_beside_it(call, home, sheet, tmp_path):
    out = tmp_path / "x.xlsx"
    call("national", "sheet", "--home", home, "--period", "2026H1", "--out", out)
    lacking = dict(list(openpyxl.load_workbook(out)["待补项"].iter_rows(values_only=True))[1:])
    required = [each.title for each in national_import.layout(home).columns if each.required]
    for row in sheet:
        missing = [title for title in required if not row[title]]
        assert lacking.get(row["本地儿童编号"], "") == "、".join(missing)


def test_children_are_pending_then_entered_or_failed_with_the_reason(call, home, sheet, tmp_path):
    assert {each.state for each in standing(home).values()} == {"pending"}
    numbered = [row for row in sheet if row["证件号码"]]
    why = f"{numbered[1]['儿童姓名']}的证件号码{numbered[1]['证件号码']}已存在"
    rows = [
        (numbered[0]["证件号码"], "导入成功", None, None),
        (numbered[1]["证件号码"], "失败", why, numbered[1]["本地儿童编号"]),
        ("110101200001010000", "成功", None, None),
        (numbered[2]["证件号码"], "处理中", None, None),
    ]
    done = call("national", "result", answer(tmp_path / "结果.xlsx", rows), "--home", home, "--period", "2026H1")
    assert "entered 1, 失败 failed 1" in done.output
    assert "4, 5" in done.output
    told = standing(home)
    assert told[numbered[0]["本地儿童编号"]].state == "entered"
    failed = told[numbered[1]["本地儿童编号"]]
    assert (failed.state, failed.reason) == ("failed", "…的证件号码…已存在")
    assert told[numbered[2]["本地儿童编号"]].state == "pending"


def test_a_new_sheet_makes_those_pending_again_that_failed_and_no_other(call, home, sheet, tmp_path):
    numbered = [row for row in sheet if row["证件号码"]]
    call("national", "sheet", "--home", home, "--period", "2026H1", "--out", tmp_path / "x.xlsx")
    told = standing(home)
    assert told[numbered[0]["本地儿童编号"]].state == "entered"
    assert told[numbered[1]["本地儿童编号"]].state == "pending"


def test_progress_is_counted(call, home, sheet):
    shown = call("national", "status", "--home", home, "--period", "2026H1").output
    assert "已录入 entered: 1" in shown


def test_an_answer_without_a_known_column_is_refused_with_what_was_looked_for(call, home, tmp_path):
    file = answer(tmp_path / "x.xlsx", [("1", "2")], ("证件号码", "办理意见"))
    done = call("national", "result", file, "--home", home, "--period", "2026H1")
    assert isinstance(done.exception, LayoutError)
    assert "导入结果" in str(done.exception)
    assert "found 2 columns" in str(done.exception)


def test_an_answer_whose_first_row_is_a_child_is_refused_without_repeating_it(call, home, tmp_path):
    file = answer(tmp_path / "x.xlsx", [], ("李小明", "110101200001010000"))
    done = call("national", "result", file, "--home", home, "--period", "2026H1")
    assert isinstance(done.exception, LayoutError)
    assert "李小明" not in str(done.exception)
    assert "110101200001010000" not in str(done.exception)


def write_layout(home, column):
    """A site's own layout of one column."""
    answer = "{child: [a], citizen_no: [b], state: [c], reason: [d], entered: [e], failed: [f]}"
    text = f"sheet: 导入\ncolumns: [{column}]\nresult: {answer}\n"
    (home / "national_import.yml").write_text(text, encoding="utf-8")


def test_a_site_s_own_layout_takes_the_place_of_ours(tmp_path):
    write_layout(tmp_path, "{title: 姓名, from: name}")
    assert [each.title for each in national_import.layout(tmp_path).columns] == ["姓名"]


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("{title: 姓名}", "say `from` or `value`"),
        ("{title: 姓名, from: shoe_size}", "no such fact `shoe_size`"),
        ("{title: 姓名, from: name, words: shoes}", "no such list `shoes`"),
        ("{title: 姓名, from: name, width: 3}", "width"),
    ],
)
def test_a_layout_that_can_not_be_meant_is_refused_with_its_key(tmp_path, column, says):
    write_layout(tmp_path, column)
    with pytest.raises(LayoutError, match=f"national_import.yml: columns.*{says}"):
        national_import.layout(tmp_path)
