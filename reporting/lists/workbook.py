"""A list as an Excel workbook: a cover that says what it is and who may have it, and the rows."""

from pathlib import Path

from reporting import sheets
from reporting.lists import spec
from reporting.lists.collect import Collected
from reporting.sheets import Book, Heading
from warehouse import clock
from warehouse.places import Places


def write(collected: Collected, release: int, made_by: str, out: Path) -> Path:
    """Write the workbook, whole or not at all. ``made_by`` stands on every page printed."""
    made_at = clock.written()
    footer = f"{collected.spec.title} · 内部资料 · {made_by} {made_at} 导出"
    with sheets.book(out) as book:
        _cover(book, collected, release, made_by, made_at, footer)
        sheet = book.sheet("名单", footer)
        headings = [_heading(name) for name in collected.spec.columns]
        blanks = [Heading(title, 16) for title in collected.spec.blanks]
        filled = (tuple(row) + ("",) * len(blanks) for row in collected.rows)
        told = [Heading("序号", 6), *headings, *blanks]
        frozen = 2 + collected.spec.columns.index("name") if collected.spec.persons else 0
        lowest = sheets.BY_HAND if blanks else 0
        book.table(sheet, 0, told, ((at, *row) for at, row in enumerate(filled, 1)), frozen=frozen, lowest=lowest)
    return out


def _heading(name: str) -> Heading:
    column = spec.columns()[name]
    return Heading(column.title, column.width, column.percent)


def _cover(book: Book, collected: Collected, release: int, made_by: str, made_at: str, footer: str) -> None:
    sheet = book.sheet("封面", footer)
    place = Places(collected.period.as_of).name(collected.within)
    lines = [
        ("内容", collected.spec.what),
        ("范围", f"{place}（{collected.within}）"),
        ("期别与基准日", f"{collected.period}，基准日 {collected.period.as_of.isoformat()}"),
        ("发布", f"第 {release:04d} 次发布"),
        ("行数", f"{len(collected.rows):,}"),
        ("规则与依据", "\n".join(collected.basis) or "（本期无）"),
        ("可持有人", collected.spec.may_have),
        ("使用要求", collected.spec.handling),
        ("导出", f"{made_by}，{made_at}；导出已登记"),
    ]
    book.cover(sheet, collected.spec.title, lines)
    parts = book.sheet("按乡镇", footer, landscape=False)
    headings = [Heading("县（市、区）", 36), Heading("乡镇（街道）", 24), Heading("行数", 12)]
    book.table(parts, 0, headings, collected.by_township, ("合计", None, len(collected.rows)))
