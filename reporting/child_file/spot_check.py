"""The yearly spot check of files (每年至少开展一次抽查): a lot drawn by a seed, and the form to check by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import duckdb

from policy.period import Period
from reporting import basis, sheets, words
from reporting.basis import Basis
from reporting.child_file.collect import specs
from reporting.lists import spec as lists
from reporting.sheets import Book, Heading
from warehouse.places import Places

AT_LEAST = 5  # files of each county
_VERDICTS = ["齐全", "不齐全", "无此项"]
_BASIS = (
    Basis(
        jurisdiction="540000",
        document="藏民发〔2024〕80号",
        article="二（三）8",
        words="加强对档案管理的监督检查，每年至少开展一次抽查工作",
    ),
)
_HANDLING = "机密个人信息。只用于档案抽查，查后存档，不得复制、转发。"


@dataclass(frozen=True, slots=True)
class Drawn:
    """Files drawn for a check. A row: county, township, name, child id, groups, completeness, missing items; words."""

    period: Period
    within: str
    seed: str
    share: float
    files: int  # from which they were drawn
    rows: Sequence[tuple[object, ...]]


def draw(
    con: duckdb.DuckDBPyConnection, period: Period, within: str, seed: str, share: float, *, with_unknown: bool
) -> Drawn:
    """Draw files from the published file that ``con`` reads: the same seed draws the same from the same release.

    ``share``: of each county's files, from 0 to 1; of each county at least :data:`AT_LEAST`. ``with_unknown``: files of
    no known county are drawn too, as a county's.
    """
    sql = (resources.files("reporting.child_file") / "spot_check.sql").read_text(encoding="utf-8")
    given = {"seed": seed, "within": within, "share": share, "at_least": AT_LEAST, "with_unknown": with_unknown}
    con.execute(f"create or replace temp table listed as {sql}", given)
    con.execute(f"create or replace temp table person as {lists.sql('person')}")
    rows = con.execute(
        "select county, township_name, name, child_id, groups, completeness, missing "
        f"from ({lists.sql('reached')}) order by county nulls last, township_name nulls last, name, child_id"
    ).fetchall()
    places = Places.read(con, period.as_of)
    files = con.execute(
        "select count(*) from care.child_file where county is null and $with_unknown "
        "or county in (select code from policy.county where $within in ('000000', code, prefecture, province))",
        {"within": within, "with_unknown": with_unknown},
    ).fetchall()[0][0]
    read = [
        (
            words.word(words.DIVISION, county or "unknown", places),
            township or "",
            name,
            child_id,
            "、".join(words.word("group", each, places) for each in groups),
            completeness,
            "、".join(words.word("file_item", each, places) for each in missing),
        )
        for county, township, name, child_id, groups, completeness, missing in rows
    ]
    return Drawn(period, within, seed, share, int(files), read)


def write(drawn: Drawn, made_by: str, out: Path) -> Path:
    """Write the form as a workbook, whole or not at all: a row a file, to be marked section by section."""
    footer = f"儿童档案抽查表 · {_HANDLING} · {made_by}"
    sections = [each.title.split("、")[1] for each in specs().values()]
    headings = [
        *(Heading("序号", 6), Heading("县（市、区）", 14), Heading("乡镇（街道）", 12), Heading("姓名", 10)),
        *(
            Heading("儿童编号", 16),
            Heading("所属群体", 14),
            Heading("系统完整度", 10, True),
            Heading("系统所示缺项", 26),
        ),
        *(Heading(title, 12) for title in sections),
        *(Heading("整改要求", 24), Heading("检查人", 10), Heading("检查日期", 12)),
    ]
    with sheets.book(out) as book:
        _cover(book, drawn, footer)
        sheet = book.sheet("抽查表", footer)
        blanks = ("",) * (len(sections) + 3)
        told = ((at, *row, *blanks) for at, row in enumerate(drawn.rows, start=1))
        book.table(sheet, 0, headings, told, lowest=sheets.BY_HAND)
        if drawn.rows:
            first = len(headings) - len(sections) - 3
            choice = {"validate": "list", "source": _VERDICTS}
            sheet.data_validation(1, first, len(drawn.rows), first + len(sections) - 1, choice)
    return out


def _cover(book: Book, drawn: Drawn, footer: str) -> None:
    place = Places(drawn.period.as_of).name(drawn.within)
    book.cover(
        book.sheet("封面", footer),
        "儿童档案抽查表",
        [
            ("依据", "\n".join(basis.told(_BASIS, drawn.within))),
            ("范围", f"{place}（{drawn.within}）"),
            ("期别与基准日", f"{drawn.period}，基准日 {drawn.period.as_of.isoformat()}"),
            (
                "抽取办法",
                f"各县按 {drawn.share:.0%} 抽取、不少于 {AT_LEAST} 份；种子“{drawn.seed}”，同一发布可重复抽出相同样本",
            ),
            ("抽取数", f"{len(drawn.rows):,} / {drawn.files:,} 份"),
            ("填写", "逐部分选“齐全”“不齐全”“无此项”；查完用 childindex calendar done file_spot_check 登记"),
            ("使用要求", _HANDLING),
        ],
    )
