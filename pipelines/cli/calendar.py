"""``childindex calendar``: what the notices ask for by a day, and what of it is done."""

from datetime import date, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Column, Table

from pipelines.cli import operator, options
from pipelines.cli.jurisdiction import within
from policy.period import Period
from warehouse import releases
from warehouse.home import Home

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_MARKS = {"overdue": "red", "due_in_7_days": "yellow", "due_in_30_days": "yellow", "done": "green"}
_TITLES = ("期限 due", "状态 state", "事项", "期别", "依据", "完成情况")
_WIDE = 150  # where no terminal sets a width


@click.group(invoke_without_command=True)
@options.home
@click.option("--on", type=_DAY, default=None, help="哪一天，缺省为今天 As of which day; default today.")
@click.pass_context
def calendar(context: click.Context, home: Path, on: datetime | None) -> None:
    """工作日历：前后一年内各项任务、期限、是否完成。 Due dates of a year back and ahead, and what is done."""
    from reporting import calendar as due
    from reporting import national_standing
    from warehouse.store import Warehouse

    context.obj = home
    if context.invoked_subcommand:
        return
    stores, (jurisdiction, site) = operator.stores(home), within(home, None)

    def entered(period: Period) -> tuple[int, int]:
        with Warehouse(home, stores=site.stores_url if site else None) as house, house.reading(period) as con:
            return national_standing.progress(con, stores, period, jurisdiction)

    table = Table(*(Column(title, overflow="fold") for title in _TITLES))
    day = on.date() if on else date.today()
    for item in due.items(stores, releases.in_force(Home.at(home)), jurisdiction, day, entered):
        of = item.obligation
        clause, own = of.asked_by(jurisdiction)
        words = f"{'' if own else '参照'}{clause.document}{clause.article}：“{clause.words}”"
        colour = _MARKS.get(item.state, "default")
        table.add_row(
            *(f"{item.due_on}", f"[{colour}]{due.STATES[item.state]}[/]", f"{of.title}\n{of.name}", f"{item.period}"),
            words + (f"（{of.interpretation}）" if of.interpretation else ""),
            item.shown_by or "",
        )
    console = Console()
    if not console.is_terminal:
        console.width = _WIDE
    console.print(table)
    for each in due.milestones(jurisdiction):
        click.echo(f"历史节点 {each.when}：{each.words}（{each.document}）{each.note or ''}")


@calendar.command()
@click.argument("name")
@click.option("--due", "due_on", type=_DAY, required=True, help="期限 The day it was due.")
@click.option("--met", "met_on", type=_DAY, help="完成之日，缺省为今天 The day it was done; default today.")
@options.reason
@click.pass_obj
def done(home: Path, name: str, due_on: datetime, met_on: datetime | None, reason: str) -> None:
    """登记某项已完成。 Record that something was done: childindex calendar --home HOME done NAME --due DATE …"""
    from reporting import calendar as due
    from warehouse.stores import obligations

    known = {each.name: each for each in due.binding(within(home, None)[0])}
    if name not in known:
        raise click.BadParameter(f"没有这一事项。 No such item; known: {', '.join(known)}.", param_hint="NAME")
    day = due_on.date()
    days = [each for each, _ in known[name].days(date(day.year, 1, 1), date(day.year, 12, 31))]
    if day not in days:
        told = ", ".join(map(str, days)) or "none"
        raise click.BadParameter(f"该事项在 {day.year} 年的期限：{told}。 Due that year: {told}.", param_hint="--due")
    met = met_on.date() if met_on else date.today()
    if met > date.today():
        raise click.BadParameter(f"{met} 还没有到。 That day is yet to come: when was it done?", param_hint="--met")
    stores = operator.note(home, "calendar done", f"{name} {day}")
    obligations.note(stores, name, day, met, reason)
    click.echo(f"已登记。 Kept: {known[name].title} {day}")
