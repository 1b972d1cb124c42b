"""Writes a child's file as one page to print, or as a workbook of five sheets."""

from importlib import resources
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from reporting import sheets
from reporting.child_file.collect import ChildFile, Column
from reporting.sheets import Heading
from reporting.whole import whole
from warehouse import clock

_WIDE = ("内容", "问题与需求", "解决方案与结果", "依据")
_HANDLING = "机密个人信息，一人一档保管；查阅已登记，不得复制、转发。"


class OtherEnding(ValueError):
    """A file of another kind was asked for."""


def write(file: ChildFile, made_by: str, out: Path) -> Path:
    """Write the file to ``out``, whole or not at all; its ending says which: .html or .xlsx."""
    if out.suffix.lower() == ".html":
        with whole(out) as half:
            half.write_text(_page(file, made_by), encoding="utf-8")
        return out
    if out.suffix.lower() == ".xlsx":
        _workbook(file, made_by, out)
        return out
    raise OtherEnding(f"{out.name}: 只写 .html 或 .xlsx。 expected an ending of .html or .xlsx, which says the format.")


def _page(file: ChildFile, made_by: str) -> str:
    template = (resources.files("reporting.child_file") / "page.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(template).render(file=file, made=f"{made_by} {clock.written()}", handling=_HANDLING)


def _workbook(file: ChildFile, made_by: str, out: Path) -> None:
    footer = f"{file.child_id} · {_HANDLING} · {made_by} {clock.written()}"
    with sheets.book(out) as book:
        for section in file.sections:
            sheet = book.sheet(section.spec.title, footer)
            sheet.set_header(f"&L&11儿童档案 {file.child_id}&R&11{section.spec.title}")
            book.table(sheet, 0, [_heading(each) for each in section.spec.columns.values()], section.rows)


def _heading(column: Column) -> Heading:
    return Heading(column.title, 42 if column.title in _WIDE else 16)
