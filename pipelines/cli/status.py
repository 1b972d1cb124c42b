"""``childindex status``: what came, what the gates said, what is published."""

from pathlib import Path

import click
from rich.console import Console

from pipelines import link_checks
from pipelines.cli import operator, options
from pipelines.summary import FeedCount, deliveries
from warehouse import releases
from warehouse.home import Home
from warehouse.stores import acceptances, periods, receipts, runs

_STATES = {
    "started": "已开始，未结束（正在运行或被中断） begun, not ended: running or killed",
    "stopped": "停在关卡 stopped at a gate",
    "refused": "有交付被拒收 a delivery was refused",
    "failed": "失败 failed",
    "published": "已发布 published",
}


@click.command()
@options.home
def status(home: Path) -> None:
    """到数、关卡、待核案例与发布情况。 Feeds received, gates, cases open, releases."""
    stores = operator.stores(home)
    console = Console()
    release = releases.in_force(Home.at(home))
    shown = sorted({run.period for run in runs.read(stores)} | set(release.periods))
    if not shown:
        console.print(
            f"尚未运行。 Nothing has been run. Next: childindex run --home {home} --period 2026H1", soft_wrap=True
        )
    for period in shown:
        latest = runs.read(stores, period, last=1)
        state = _STATES[latest[0].state] if latest else "—"
        closed = "，已关闭 closed" if periods.is_closed(stores, period) else ""
        console.print(f"\n[bold]{period}[/bold]  {state}{closed}", highlight=False)
        console.print(deliveries(_counts(receipts.latest(stores, period))))
        for word in acceptances.read(stores, period):
            table = f".{word.table_name}" if word.table_name else ""
            line = f"已放行 accepted {word.feed}{table} ({word.os_user}, {word.at:%Y-%m-%d}): {word.reason}"
            console.print(line, markup=False, highlight=False, soft_wrap=True)
        for stop in _stops(latest):
            console.print(f"停止 {stop}", markup=False, highlight=False, soft_wrap=True)
        if period in release.periods:
            counts = release.periods[period].counts
            children, migrants = counts.get("children", 0), counts.get("status_migrant", 0)
            console.print(
                f"发布 release {release.number:04d}: 儿童 children {children:,}, 流动儿童 migrant {migrants:,}, "
                f"待核案例 cases open {counts.get('cases', 0):,}",
                highlight=False,
                soft_wrap=True,
            )
        for line in link_checks.told(stores, period):
            console.print(line, markup=False, highlight=False, soft_wrap=True)


def _stops(latest: list[runs.Run]) -> list[object]:
    """What the gates said that the last run stopped at."""
    said = (latest[0].summary or {}).get("stops") if latest else None
    return said if isinstance(said, list) else []


def _counts(kept: list[receipts.KeptReceipt]) -> list[FeedCount]:
    return [
        FeedCount(
            each.feed,
            each.table_name,
            each.status,
            each.rows_read or 0,
            each.rows_landed or 0,
            each.rows_repeated or 0,
            each.rows_quarantined or 0,
        )
        for each in kept
    ]
