"""What an operator reads at the end of a run: rows, children, links, cases, statuses, seconds. Counts only."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
from rich.console import Console
from rich.table import Table

STATUSES = {
    "migrant": "流动儿童",
    "not_migrant": "非流动",
    "under_six_months": "不满六个月",
    "excluded_city_centre": "中心城区除外",
    "unaccompanied": "无人陪伴",
    "out_of_age": "超龄",
    "undetermined": "不能确定",
}


@dataclass(frozen=True, slots=True)
class FeedCount:
    """One delivered table: ``read`` is always the sum of the other three."""

    feed: str
    table: str
    status: str
    read: int
    landed: int
    repeated: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Summary:
    """One period's figures."""

    feeds: tuple[FeedCount, ...]
    children: int
    entries_linked: int
    cases: int
    hows: Mapping[str, int]
    statuses: Mapping[str, int]

    @property
    def counts(self) -> dict[str, int]:
        """The figures that a release keeps."""
        total = {
            name: sum(getattr(feed, name) for feed in self.feeds)
            for name in ("read", "landed", "repeated", "quarantined")
        }
        statuses = {f"status_{name}": number for name, number in self.statuses.items()}
        return {
            **total,
            "children": self.children,
            "entries_linked": self.entries_linked,
            "cases": self.cases,
            **statuses,
        }


def summarise(con: duckdb.DuckDBPyConnection) -> Summary:
    """Count the open period."""
    feeds = con.sql(
        "select feed, table_name, status, rows_read, rows_landed, rows_repeated, rows_quarantined"
        " from raw.receipt order by feed, table_name"
    ).fetchall()
    children, linked = con.sql(
        "select count(distinct child_id), count(*) filter (how <> 'alone') from link.entry_child"
    ).fetchall()[0]
    cases = con.sql("select count(*) from link.review_case").fetchall()[0][0]
    hows = con.sql("select how, count(*) from link.entry_child group by how order by how").fetchall()
    statuses = con.sql("select status, count(*) from care.migrant_status group by status").fetchall()
    return Summary(tuple(FeedCount(*feed) for feed in feeds), children, linked, cases, dict(hows), dict(statuses))


def show(summary: Summary, seconds: Mapping[str, float], console: Console) -> None:
    """Print the figures as a clerk reads them, Chinese first."""
    table = Table(title="各部门交付 Deliveries (行 rows)", title_justify="left")
    table.add_column("表 table", no_wrap=True)
    table.add_column("状态 status")
    for heading in ("读入 read", "入库 landed", "重复 repeated", "隔离 quarantined"):
        table.add_column(heading, justify="right")
    for feed in summary.feeds:
        numbers = (feed.read, feed.landed, feed.repeated, feed.quarantined)
        table.add_row(f"{feed.feed}.{feed.table}", feed.status, *(f"{number:,}" for number in numbers))
    counts = summary.counts
    totals = (f"{counts[name]:,}" for name in ("read", "landed", "repeated", "quarantined"))
    table.add_section()
    table.add_row("合计 total", "", *totals)
    console.print(table)
    hows = ", ".join(f"{how} {number:,}" for how, number in summary.hows.items())
    console.print(f"儿童 children      {summary.children:>12,}")
    console.print(f"关联记录 linked    {summary.entries_linked:>12,}   ({hows})")
    console.print(f"待核案例 cases     {summary.cases:>12,}")
    for status, chinese in STATUSES.items():
        console.print(f"{chinese} {status:<22}{summary.statuses.get(status, 0):>10,}")
    spent = "  ".join(f"{room} {each:.1f}" for room, each in seconds.items())
    console.print(f"用时（秒）seconds: {spent}  合计 total {sum(seconds.values()):.1f}")
