"""The report as an Excel workbook: a cover, a sheet a figure with its chart, and the query behind each."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reporting import sheets
from reporting.pack import disclosure, figures
from reporting.pack.figures import Measured
from reporting.pack.report import Report
from reporting.pack.shown import Shown, show
from reporting.sheets import Book, Heading
from warehouse import clock

HEADING_ROW = 5  # of every figure's sheet, from 0: title and four lines of what it is stand above
_CHARTS = {"bars": ("bar", None), "stacked": ("bar", "stacked"), "grouped": ("bar", None), "lines": ("line", None)}
_DRAWN_AT_MOST = 30  # bars, on one page
_PAGE_WIDE, _PAGE_TALL = 92, 700  # what upright A4 holds: characters, points
_TITLE_AND_TOTAL = 110  # points: with headings and what is left free
_POINTS = 0.75  # of a pixel


def write(report: Report, out: Path) -> Path:
    """Write the workbook, whole or not at all."""
    with sheets.book(out) as book:
        _cover(book, report)
        for number, measured in enumerate(report.measured, start=1):
            _figure(book, report, number, measured)
        if report.notes:
            book.cover(book.sheet("文字材料", report.title), "文字材料", report.notes.items())
        _sources(book, report)
    return out


def describe(report: Report) -> list[tuple[str, str]]:
    """What the report is, in pairs of words: on the workbook's cover and on the page alike."""
    populations = dict.fromkeys(each.figure.population for each in report.measured)
    known = figures.registry().populations
    lines = [
        ("辖区", f"{report.place}（{report.jurisdiction}）"),
        ("期别与基准日", f"{report.period}，基准日 {report.period.as_of.isoformat()}"),
        ("发布与构建", f"第 {report.release:04d} 次发布，构建 {report.build_id}"),
        ("生成时间", clock.written(report.made_at)),
        ("数据封签", f"SHA-256 {report.sha256}"),
        ("编制依据", "\n".join(report.basis)),
        ("适用规则", "\n".join(_rule_words(report))),
        ("统计对象", "\n".join(f"{known[name].title}：{known[name].definition}" for name in populations)),
        (
            "两类对象",
            "监测摸排对象（跨县域）与统计分析对象（离开户籍乡镇满六个月）口径不同，分别列表，任何情况下不得相加。",
        ),
    ]
    if report.audience == "external":
        small, base = disclosure.SMALL, disclosure.BASE
        lines.append(
            (
                "对外口径",
                f"1–{small} 的数字隐去（{disclosure.REDACTED}），其余按 {base} 取整；合计只含显示的数字。零保留。",
            )
        )
        lines.append(("核发", _released(report)))
    else:
        lines.append(("使用范围", "民政部门内部使用；含小计数，不得对外提供。对外请用对外版（--external）。"))
    return lines


def _released(report: Report) -> str:
    """Who let it go; a draft says that nobody did."""
    if report.is_released and report.word is not None:
        return f"{report.word_by} {clock.local(report.word.at):%Y-%m-%d} 核发：{report.word.reason}"
    rejected = (
        f"{report.word_by} {clock.local(report.word.at):%Y-%m-%d} 退回：{report.word.reason}。" if report.word else ""
    )
    return f"{rejected}草稿：未经制表人以外的第二人核发，不得对外提供（childindex report release）。"


def _rule_words(report: Report) -> list[str]:
    return [
        f"{rule.rule_id}（{rule.document}{rule.article or ''}）：不满 {rule.younger_than_years} 周岁，"
        f"居住满 {rule.away_at_least_months} 个月。“{rule.words}”"
        for rule in report.rules
    ]


def caption(report: Report, measured: Measured) -> list[str]:
    """What stands above every table: whom it counts, how, by which versions, and the seal."""
    figure, population = measured.figure, report.population(measured)
    rules = "、".join(rule.rule_id for rule in report.rules)
    return [
        f"统计对象：{population.title}。口径：{figure.definition}。",
        f"基准日 {report.period.as_of.isoformat()}；指标 {figure.name} 第 {figure.version} 版；规则 {rules}",
        f"第 {report.release:04d} 次发布；封签 {report.sha256[:16]}…",
    ]


def _cover(book: Book, report: Report) -> None:
    sheet = book.sheet("封面", report.title)
    book.cover(sheet, report.title, describe(report))


def _figure(book: Book, report: Report, number: int, measured: Measured) -> None:
    sheet = book.sheet(sheet_name(number, measured), f"{report.title} · 封签 {report.sha256[:16]}")
    shown = show(measured, report.places)
    headings = [
        Heading(title, 12 if number_column else 30, percent)
        for title, number_column, percent in zip(shown.titles, shown.is_number, shown.is_percent, strict=True)
    ]
    drawn = measured.figure.chart
    is_drawn = drawn is not None and len(shown.rows) >= (2 if drawn.kind == "lines" else 1)
    notes = caption(report, measured)
    is_upright = is_drawn and _fits_upright(notes, measured, shown, headings)
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, f"{number}. {measured.figure.title}", book.title)
    for at, line in enumerate(notes, start=1):
        if is_upright:
            book.note_over(sheet, at, line, headings)
        else:
            sheet.write_string(at, 0, line, book.note)
    below = book.table(sheet, HEADING_ROW, headings, shown.rows, shown.total)
    if is_upright:
        sheet.set_portrait()
    if is_drawn:
        _chart(book, sheet, measured, shown, (below + 1, 0) if is_upright else (HEADING_ROW, len(shown.titles) + 1))


def _fits_upright(notes: Sequence[str], measured: Measured, shown: Shown, headings: Sequence[Heading]) -> bool:
    """Whether the table with its chart below fits one upright page in full size: beside it both print smaller."""
    wide = sum(heading.width for heading in headings)
    told = sum(sheets.tall((line,), [Heading("", wide)]) for line in notes)
    rows = sum(sheets.tall(row, headings) for row in shown.rows)
    points = _TITLE_AND_TOTAL + told + rows + _POINTS * _chart_height(measured, shown)
    return points <= _PAGE_TALL and wide <= _PAGE_WIDE


def _chart_height(measured: Measured, shown: Shown) -> int:
    """Pixels: of bars as many as it draws."""
    is_bars = measured.figure.chart is not None and _CHARTS[measured.figure.chart.kind][0] == "bar"
    return max(260, 110 + 20 * min(len(shown.rows), _DRAWN_AT_MOST)) if is_bars else 320


def _chart(book: Book, sheet: Any, measured: Measured, shown: Shown, place: tuple[int, int]) -> None:
    """A native chart that reads the table's cells, at a row and column; it keeps its size when rows are filtered."""
    drawn = measured.figure.chart
    assert drawn is not None
    kind, subtype = _CHARTS[drawn.kind]
    chart = book.book.add_chart({"type": kind, **({"subtype": subtype} if subtype else {})})
    first, last = HEADING_ROW + 1, HEADING_ROW + min(len(shown.rows), _DRAWN_AT_MOST)
    at = {name: shown.titles.index(column.title) for name, column in measured.figure.columns.items()}
    for name in drawn.values:
        chart.add_series(
            {
                "name": [sheet.name, HEADING_ROW, at[name]],
                "categories": [sheet.name, first, at[drawn.label], last, at[drawn.label]],
                "values": [sheet.name, first, at[name], last, at[name]],
                "marker": {"type": "circle"} if kind == "line" else {"type": "none"},
            }
        )
    cut = f"（表中前 {_DRAWN_AT_MOST} 行）" if len(shown.rows) > _DRAWN_AT_MOST else ""
    chart.set_title({"name": f"{measured.figure.title}{cut}", "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"} if len(drawn.values) > 1 else {"none": True})
    if kind == "bar":
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"num_format": "#,##0", "label_position": "low"})
    chart.set_size({"width": 560, "height": _chart_height(measured, shown)})
    sheet.insert_chart(*place, chart, {"object_position": 2})


def _sources(book: Book, report: Report) -> None:
    """Each figure's query: for `childindex sql`, or for the operator where it reads restricted tables."""
    sheet = book.sheet("数据来源", report.title)
    sheet.write_string(0, 0, "数据来源：每个数字由哪条查询得出", book.title)
    run_by = {"mart": "childindex sql", "restricted": "childindex report trace"}
    rows = [
        (
            each.figure.title,
            each.figure.name,
            run_by[each.figure.source],
            figures.to_paste(each.figure, str(report.period), report.jurisdiction, with_unknown=report.with_unknown),
        )
        for each in report.measured
    ]
    book.table(sheet, 2, [Heading("表", 26), Heading("指标", 20), Heading("用何命令", 20), Heading("查询", 110)], rows)


def sheet_name(number: int, measured: Measured) -> str:
    """What a figure's sheet is called."""
    return f"{number:02d} {measured.figure.title}"[:31]
