"""``childindex national``: the national child welfare system's sheet, its answer, and what is still to be entered."""

from pathlib import Path

import click

from pipelines.cli import operator, options
from pipelines.cli.jurisdiction import within
from policy.period import Period

_SHOWN_AT_MOST = 20  # rows


@click.group()
def national() -> None:
    """全国儿童福利信息系统：录入表、结果回读、进度。 The national system's sheet, its answer, and progress."""


@national.command()
@options.home
@options.period
@click.option("--county", help="县、市或省级代码，缺省为本单位辖区 A place within the home's; default all of it.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help=".xlsx")
def sheet(home: Path, period: Period, county: str | None, out: Path) -> None:
    """生成录入表，并将其中儿童记为待录入。 Write the sheet; its children are pending from then on."""
    from reporting import national_import, national_standing
    from warehouse.store import Warehouse
    from warehouse.stores.acts import os_user

    place, site = within(home, county)
    of = national_import.layout(home)
    stores = operator.note(home, "national sheet", str(period), {"within": place})
    with Warehouse(home, stores=site.stores_url if site else None) as house, house.reading(period) as con:
        earlier = [key for key in house.published().periods if Period(key) < period]
        before = {
            child
            for key in earlier
            for child, each in national_standing.read(con, stores, Period(key)).items()
            if each.state == "entered"
        }
        standing = national_standing.read(con, stores, period)
        filled = national_import.fill(con, of, period, place, frozenset(before))
    national_import.write(filled, os_user(), out)
    pending = national_import.note_pending(stores, period, filled, standing)
    click.echo(f"{out}: {len(filled.rows):,} 行 rows, 缺必填项 incomplete {len(filled.lacking):,}")
    click.echo(f"新记为待录入 now pending: {pending:,}")


@national.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@options.home
@options.period
def result(file: Path, home: Path, period: Period) -> None:
    """读入全国系统的导入结果。 Read the system's answer: entered or failed, with the reason."""
    from reporting import national_import
    from warehouse.store import Warehouse

    _, site = within(home, None)
    of = national_import.layout(home)
    stores = operator.note(home, "national result", str(period))
    with Warehouse(home, stores=site.stores_url if site else None) as house, house.reading(period) as con:
        answer = national_import.read_answer(con, stores, of, period, file)
    click.echo(f"已录入 entered {answer.states.get('entered', 0):,}, 失败 failed {answer.states.get('failed', 0):,}")
    if answer.unknown_rows:
        shown = ", ".join(map(str, answer.unknown_rows[:_SHOWN_AT_MOST]))
        click.echo(
            f"{len(answer.unknown_rows):,} 行对不上本期儿童或结果用词不识：第 {shown} 行。 "
            f"Rows of no child of the period, or with a result that national_import.yml doesn't know: {shown}."
        )


@national.command()
@options.home
@options.period
def status(home: Path, period: Period) -> None:
    """各状态人数。 How many children are pending, entered, failed."""
    from reporting import words
    from warehouse.stores import national_entries

    counted = national_entries.counts(operator.stores(home)).get(str(period), {})
    for state, title in words.kinds()["national"].items():
        click.echo(f"{title} {state}: {counted.get(state, 0):,}")
