"""``childindex list``: the lists that clerks work by, as Excel workbooks."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Column, Table

from pipelines.cli import operator, options
from pipelines.cli.jurisdiction import within
from policy.period import Period
from warehouse import clock

_WIDE = 140  # where no terminal sets a width


@click.command(name="list")
@click.argument("name", required=False)
@options.home
@click.option("--period", type=options.PeriodType(), help="期别，如 2026H1 The half-year.")
@click.option("--county", help="县、市或省级代码，缺省为本单位辖区 A place within the home's; default all of it.")
@click.option("--township", help="乡镇（街道）九位代码或名称，只取该处 A township's code or name: only its rows.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="写到 .xlsx Where to write it.")
def list_(
    name: str | None, home: Path, period: Period | None, county: str | None, township: str | None, out: Path | None
) -> None:
    """名单与台账；不写名称则列出有哪些。 A list as a workbook; without a NAME, say which there are.

    A list holds people: who made it is recorded.
    """
    from reporting import national_standing
    from reporting.lists import collect, spec, workbook
    from reporting.packets import requests
    from warehouse.store import Warehouse
    from warehouse.stores import watches
    from warehouse.stores.acts import os_user

    if name is None:
        _tell_names()
        return
    spec.get(name)
    if period is None or out is None:
        raise click.UsageError("请写明 --period 和 --out。 Say which period, and where to write it.")
    if out.suffix.lower() != ".xlsx":
        raise click.BadParameter("名单为 .xlsx 文件。 A list is an .xlsx file.", param_hint="--out")
    place, site = within(home, county)
    asked = {"within": place, **({"township": township} if township else {})}
    operator.note(home, "list", f"{name} {period}", asked)
    with Warehouse(home, stores=site.stores_url if site else None) as house:
        with house.reading(period) as con:
            entries = national_standing.read(con, house.stores, period).values()
            asked_of = requests.read(con, house.stores, clock.today())
            collected = collect.collect(
                *(con, name, period, place),
                strictly=county is not None,
                township=township,
                entries=entries,
                requests=asked_of,
                watched=watches.read(house.stores),
            )
        written = workbook.write(collected, house.published().number, os_user(), out)
    click.echo(f"{written}: {len(collected.rows):,} 行 rows")


def _tell_names() -> None:
    from reporting.lists import spec

    table = Table(*(Column(title, overflow="fold") for title in ("name", "名单", "内容")))
    for name, of in spec.load().items():
        table.add_row(name, of.title, of.what)
    console = Console()
    if not console.is_terminal:
        console.width = _WIDE
    console.print(table)
