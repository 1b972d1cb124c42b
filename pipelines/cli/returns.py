"""``childindex returns``: to each department, what its delivery got wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines import site as settings
from pipelines.cli import operator, options
from policy.period import Period

if TYPE_CHECKING:
    from connectors.specs import FeedSpec
    from reporting.returns.words import Table

_DEPARTMENTS = {
    "education": "教育",
    "public_security": "公安",
    "health": "卫生健康",
    "medical_insurance": "医保",
    "disabled_federation": "残联",
    "civil_affairs": "民政",
}


@click.command()
@options.home
@options.period
@click.option("--feed", help="只给一个部门，如 education Only this department; else each.")
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False, writable=True),
    required=True,
    help="写入哪个文件夹 The folder to write into.",
)
def returns(home: Path, period: Period, feed: str | None, folder: Path) -> None:
    """退回文件：各部门交付中的问题，逐行逐列。 What each department's delivery got wrong, with what is asked of it.

    One workbook a department, of its own rows only. After a corrected delivery run the period again: what was corrected
    is in the next return file no more.
    """
    from reporting.returns import workbook
    from warehouse.store import Warehouse

    by_feed = _tables(home)
    if feed is not None and feed not in by_feed:
        raise click.BadParameter(f"没有这个部门。 No such feed; known: {', '.join(by_feed)}.", param_hint="--feed")
    operator.note(home, "returns", str(period), {"feed": feed or "all"})
    site = settings.load(home)
    with Warehouse(home, stores=site.stores_url if site else None) as house, house.reading(period) as con:
        release = house.published().number
        for each in [feed] if feed else by_feed:
            written = workbook.write(con, period, release, _DEPARTMENTS[each], by_feed[each], folder)
            if written is None:
                click.echo(f"{each}: 本期没有入库的交付。 Nothing of it was landed.")
            else:
                click.echo(f"{written.file}: 须更正 to correct {written.must:,}, 提示 notes {written.notes:,}")


def _tables(home: Path) -> Mapping[str, list[Table]]:
    """The tables by department, under the column names that the department uses here."""
    from connectors import specs

    own = home / "feeds"
    found: dict[str, list[Table]] = {}
    for (feed, _), spec in specs.load(own if own.is_dir() else None).items():
        found.setdefault(feed, []).append(_table(spec))
    return found


def _table(spec: FeedSpec) -> Table:
    from connectors import quarantine
    from reporting.returns.words import Column, Table

    def unreadable(reason: str, detail: str) -> tuple[str, str]:
        said = quarantine.said(reason, detail)
        return said.zh, said.todo

    columns = {name: Column(column.sources[0], column.type) for name, column in spec.columns.items()}
    return Table(spec.feed, spec.table, spec.title, columns, unreadable)
