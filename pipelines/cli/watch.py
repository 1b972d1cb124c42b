"""``childindex watch``: counties of dynamic monitoring (动态监测), looked at between two closes."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from pipelines import site as settings
from pipelines.cli import EXIT_DELIVERY_REFUSED, EXIT_INTERNAL, EXIT_WRONG_USE, operator, options
from pipelines.failure import StepFailed, describe
from pipelines.monitoring_run import WATCH_INBOX
from pipelines.site import Site
from policy.period import Period
from warehouse import clock


@click.group()
def watch() -> None:
    """动态监测：两次摸排之间查看选定的县（区）。 Chosen counties, looked at between two closes."""


@watch.command()
@options.home
@click.option(
    "--inbox", type=click.Path(path_type=Path, exists=True, file_okay=False), help="缺省 <inbox>/watch Where it lies."
)
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="查看日，缺省今天 As of which day; default today.")
def run(home: Path, inbox: Path | None, on: datetime | None) -> int:
    """查看选定的县（区）：有哪些事件须跟进。 What came of the watched counties, as tasks with their days.

    Deliveries lie as always, in <inbox>/watch/<period>/<feed>. Nothing is published: the half-year's run does that.
    """
    from pipelines.launch import watch as look

    site, day = _site(home), on.date() if on else clock.today()
    period = Period.holding(day)
    place = inbox.resolve() if inbox else site.inbox / WATCH_INBOX
    if not (place / str(period)).is_dir():
        raise click.UsageError(f"{place} 中没有 {period} 的交付。 No folder {period} in {place}.")
    operator.note(home, "watch", f"{period} {day}", {"counties": list(site.watched)})
    done, is_through = look(home.expanduser().resolve(), site.model_copy(update={"inbox": place}), day)
    if done.failure is not None:
        click.echo(f"查看失败。 The watch failed. {describe(done.failure)}", err=True)
        return EXIT_INTERNAL if isinstance(done.failure, StepFailed) else EXIT_WRONG_USE
    if done.outcome.stops:
        for stop in done.outcome.stops:
            click.echo(f"停止 {stop.message_zh}\n     {stop.message_en}", err=True)
        return EXIT_DELIVERY_REFUSED
    if not is_through:
        raise RuntimeError("the watch ended without a result and without saying why")
    _tell(site, home, day)
    return 0


@watch.command()
@options.home
def status(home: Path) -> None:
    """各县（区）上次查看、下次应查看的日期和未办结事件。 When each was looked at, when it is due, and what is open."""
    options.existing_home(home)
    _tell(_site(home), home, clock.today())


def _site(home: Path) -> Site:
    site = settings.load(home)
    if site is None or not site.watched:
        raise click.UsageError(
            f"{home}/site.yaml 的 watched 未写明任何县（区）。 No county is watched. Name those of the notice in "
            f'{settings.SITE_FILE}, e.g. watched: ["540102"].'
        )
    return site


def _tell(site: Site, home: Path, on: date) -> None:
    from pipelines.watch import standing
    from reporting import words
    from warehouse.places import Places

    places = Places(on)
    for each in standing(site, home, on):
        place = words.word(words.DIVISION, each.county, places)
        if each.last is None:
            click.echo(f"{each.county} {place}：尚未查看 never looked at（{each.clause}）")
            continue
        seen = each.last.watch
        late = "，已逾期 overdue" if each.due_on < on else ""
        click.echo(
            f"{each.county} {place}：{seen.watched_on} 查看，儿童 children {seen.children:,}，流动儿童 migrants "
            f"{seen.migrants:,}；下次 next {each.due_on}{late}（{each.clause}）"
        )
        open_ones = [event for event in each.last.events if event.state == "open"]
        kinds = {kind: sum(event.kind == kind for event in open_ones) for kind in words.kinds()["event"]}
        told = "，".join(f"{words.word('event', kind, places)} {number}" for kind, number in kinds.items() if number)
        late_ones = sum(event.due_on < on for event in open_ones)
        click.echo(f"  未办结 open {len(open_ones)}，逾期 overdue {late_ones}：{told or '无 none'}")
        if seen.not_in_index:
            click.echo(f"  另有 {seen.not_in_index} 件，儿童待本期摸排编号 of children who get a number at the close")
    click.echo("名单 as a list: childindex list watched --period PERIOD --out FILE.xlsx")
