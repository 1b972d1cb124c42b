"""What an operator reads at the end of a run: rows, children, links, cases, statuses, seconds. Counts only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from matching.periods.last_release import Basis
from quality import link_estimates
from quality.link_estimates import LinkEstimate

STATUSES = {
    "migrant": "流动儿童",
    "not_migrant": "非流动",
    "under_six_months": "不满六个月",
    "excluded_city_centre": "中心城区除外",
    "unaccompanied": "无人陪伴",
    "out_of_age": "超龄",
    "undetermined": "不能确定",
}
_MEASURES = {"precision": "查准率", "recall": "查全率"}


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
    links: tuple[LinkEstimate, ...] = ()
    basis: Basis | None = None

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
    return Summary(
        tuple(FeedCount(*feed) for feed in feeds),
        children,
        linked,
        cases,
        dict(hows),
        dict(statuses),
        link_estimates.read(con),
        Basis(*con.sql("select way, reason, profiles, kept from link.basis").fetchall()[0]),
    )


def show(summary: Summary, seconds: Mapping[str, float], console: Console) -> None:
    """Print the figures as a clerk reads them, Chinese first; fits a terminal of 80 columns."""
    table = deliveries(summary.feeds)
    counts = summary.counts
    table.add_section()
    table.add_row("合计 total", "", *(f"{counts[name]:,}" for name in ("read", "landed", "repeated", "quarantined")))
    console.print(table)
    hows = ", ".join(f"{how} {number:,}" for how, number in summary.hows.items())
    figures = Table.grid(padding=(0, 2))
    figures.add_column()
    figures.add_column()
    figures.add_column(justify="right")
    figures.add_row("儿童", "children", f"{summary.children:,}")
    figures.add_row("关联记录", "entries linked", f"{summary.entries_linked:,}")
    figures.add_row("待核案例", "cases", f"{summary.cases:,}")
    for status, chinese in STATUSES.items():
        figures.add_row(chinese, status, f"{summary.statuses.get(status, 0):,}")
    console.print(figures)
    console.print(f"关联方式 how: {hows}", soft_wrap=True, highlight=False)
    if summary.basis is not None:
        console.print(_linked(summary.basis), soft_wrap=True, highlight=False)
    for share in (each for each in summary.links if each.dimension == "all"):
        lost = f"，未比较 not compared {share.lost:.2%}" if share.measure == "recall" else ""
        console.print(
            f"估计{_MEASURES[share.measure]} estimated {share.measure}: {share.estimate:.2%}"
            f" [{share.low:.2%}, {share.high:.2%}]{lost}",
            soft_wrap=True,
            highlight=False,
        )
    spent = "  ".join(f"{room} {each:.1f}" for room, each in seconds.items())
    total = sum(seconds.values())
    console.print(f"用时（秒）seconds: {spent}  total {total:.1f}", soft_wrap=True, highlight=False)


def _linked(basis: Basis) -> str:
    if basis.way == "full":
        return f"关联 linkage: 全量 full ({basis.reason})"
    changed = basis.profiles - basis.kept
    return f"关联 linkage: 增量 incremental, 未变 unchanged {basis.kept:,}, 新增或有变 new or changed {changed:,}"


def deliveries(feeds: Iterable[FeedCount]) -> Table:
    """One row a delivered table: what came of its rows."""
    table = Table(box=SIMPLE_HEAD, show_edge=False, padding=0)
    table.add_column("交付\ndelivery", no_wrap=True)
    table.add_column("状态\nstatus", no_wrap=True)
    for heading in ("读入\nread", "入库\nlanded", "重复\nrepeated", "隔离\nset aside"):
        table.add_column(heading, justify="right", no_wrap=True)
    for feed in feeds:
        numbers = (feed.read, feed.landed, feed.repeated, feed.quarantined)
        table.add_row(f"{feed.feed}.{feed.table}", feed.status, *(f"{number:,}" for number in numbers))
    return table
