"""Acts of an operator on a period: letting a gate pass, closing, reopening, rolling back. Each keeps its reason."""

from pathlib import Path

import click

from connectors import specs
from pipelines import site as settings
from pipelines.cli import operator, options
from policy.period import Period
from warehouse import releases
from warehouse import specs as tables
from warehouse.home import Home
from warehouse.stores import acceptances, periods, receipts

_AUDITED = ("link", "core", "care")  # rooms of ours whose jumps the publish audits may stop at


@click.command()
@options.home
@options.period
@click.option("--feed", required=True, help="如 education")
@click.option("--table", help="只放行其中一张表，如 enrolment One table of the feed; else all of them.")
@options.reason
def accept(home: Path, period: Period, feed: str, table: str | None, reason: str) -> None:
    """放行某部门本次交付在关卡处的停止。 Let the gates pass for the delivery that lies there now."""
    stores = operator.stores(home)
    delivered = [name for each, name in specs.load() if each == feed]
    ours = [spec.table for spec in tables.load().values() if spec.room == feed and feed in _AUDITED]
    if not (delivered or ours) or (table is not None and table not in delivered + ours):
        names = ", ".join(f"{each}.{name}" for each, name in specs.load())
        raise click.UsageError(
            f"没有这个部门或表。 No such feed or table. Known: {names}; and our own rooms {', '.join(_AUDITED)}."
        )
    kept = {each.table_name: each for each in receipts.latest(stores, str(period)) if each.feed == feed}
    if delivered and not kept:
        raise click.UsageError(
            f"{period} 还没有 {feed} 的交付记录。 No delivery of {feed} was read for {period}; run the period first."
        )
    operator.note(home, "accept", str(period), {"feed": feed, "table": table})
    for name in [table] if table else delivered + ours:
        sha256 = kept[name].sha256 if name in kept else None
        acceptances.accept(stores, str(period), feed, reason, table_name=name, delivery_sha256=sha256)
    click.echo(f"已记录。 Kept. 请重新运行 Now run again: childindex run --home {home} --period {period}")


@click.command()
@options.home
@options.period
@options.reason
def close(home: Path, period: Period, reason: str) -> None:
    """关闭一期：此后不再变更，除非重新打开。 Close a period: its figures stand until it is reopened."""
    stores = operator.stores(home)
    release = releases.in_force(Home.at(home))
    if str(period) not in release.periods:
        raise click.UsageError(f"{period} 尚未发布，不能关闭。 Not published; there is nothing to close.")
    periods.check_open(stores, str(period))
    operator.note(home, "close", str(period))
    periods.note(stores, str(period), "close", reason, release.number)
    click.echo(f"{period} 已关闭。 Closed on release {release.number:04d}.")


@click.command()
@options.home
@options.period
@options.reason
def reopen(home: Path, period: Period, reason: str) -> None:
    """重新打开已关闭的一期。 Open a closed period again."""
    stores = operator.stores(home)
    if not periods.is_closed(stores, str(period)):
        raise click.UsageError(f"{period} 未关闭。 It is open; there is nothing to reopen.")
    operator.note(home, "reopen", str(period))
    periods.note(stores, str(period), "reopen", reason)
    click.echo(f"{period} 已重新打开。 Open again.")


@click.command()
@options.home
@options.period
@options.reason
def rollback(home: Path, period: Period, reason: str) -> None:
    """退回该期的上一次发布。 Go back to the period's release before the one in force."""
    from warehouse.store import Warehouse

    stores = operator.stores(home)
    periods.check_open(stores, str(period))
    site = settings.load(home)
    operator.note(home, "rollback", str(period))
    with Warehouse(home, stores=site.stores_url if site else None) as warehouse:
        release = warehouse.rollback(period, reason)
    periods.note(stores, str(period), "rollback", reason, release.number)
    click.echo(f"{period} 已退回。 Gone back; release {release.number:04d} is in force.")
