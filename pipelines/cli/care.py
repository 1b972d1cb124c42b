"""``childindex care``: people's acts on the ledger of key care. Each keeps its reason and is recorded."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines import site as settings
from pipelines.cli import operator, options
from policy.period import Period
from warehouse import clock

if TYPE_CHECKING:
    from warehouse.stores.ledger import Act

_DONE = {"open": "已立账 Opened", "review": "复核中 Under review", "close": "已销账 Closed"}


@click.group()
def care() -> None:
    """重点关爱台账：立账、复核、销账。 The ledger of children for key care: open, review, close an entry."""


def _options(command: options.Command) -> options.Command:
    """What every act takes."""
    for option in (
        click.argument("child_id"),
        click.option("--category", required=True, help="类别，如 hardship A category of the rules in force."),
        options.home,
        options.period,
        options.reason,
        click.option(
            "--on",
            type=click.DateTime(["%Y-%m-%d"]),
            help="办理日期；默认今天 The day it was done; else today.",
        ),
    ):
        command = option(command)
    return command


@care.command("open")
@_options
def open_entry(child_id: str, category: str, home: Path, period: Period, reason: str, on: datetime | None) -> None:
    """立账，或复核后继续。 Take a child into the ledger, or keep it there after a review."""
    _act("open", child_id, category, home, period, reason, on)


@care.command()
@_options
def review(child_id: str, category: str, home: Path, period: Period, reason: str, on: datetime | None) -> None:
    """开始复核。 Begin to look at an open entry anew."""
    _act("review", child_id, category, home, period, reason, on)


@care.command()
@_options
def close(child_id: str, category: str, home: Path, period: Period, reason: str, on: datetime | None) -> None:
    """销账，或不予立账。 Close an entry, or turn a proposal down: proposed again only by newer evidence."""
    _act("close", child_id, category, home, period, reason, on)


def _act(act: Act, child_id: str, category: str, home: Path, period: Period, reason: str, on: datetime | None) -> None:
    from policy.rules import load
    from warehouse.key_care import ledger_ids
    from warehouse.store import Warehouse
    from warehouse.stores import ledger
    from warehouse.stores.actors import Actor
    from warehouse.stores.free_text import WordsRefused

    known = load().categories("key_care", period.as_of)
    if category not in known:
        raise click.BadParameter(
            f"没有这个类别。 No such category; known: {', '.join(known)}.", param_hint="--category"
        )
    today = clock.today()
    day: date = on.date() if on else today
    if day > today:
        raise click.BadParameter(f"{day} 尚未到来。 Lies ahead; an act is recorded once it is done.", param_hint="--on")
    stores = operator.note(home, f"care {act}", f"{child_id} {period}", {"category": category})
    site = settings.load(home)
    with Warehouse(home, stores=site.stores_url if site else None) as house:
        ids = ledger_ids(house, period, child_id)
    if ids is None:
        raise click.UsageError(f"{period} 中没有这个儿童编号。 No child of this id in {period}.")
    try:
        ledger.add(
            stores,
            Actor.at_the_machine(),
            ledger.LedgerAct(str(period), ids[0], category, act, day, reason),
            ids[1:],
        )
    except ledger.ActOutOfTurn as error:
        raise click.UsageError(f"次序不对。 {error}") from None
    except WordsRefused as error:
        raise click.BadParameter(str(error), param_hint="--reason") from None
    click.echo(f"{_DONE[act]}: {ids[0]} {known[category]} {category}, {day}")
    click.echo(f"下次运行后见于名单。 The list shows it after: childindex run --home {home} --period {period}")
