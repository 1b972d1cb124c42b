"""``childindex quarantine``: rows that could not be read, sent back to the department and landed once mended."""

from contextlib import nullcontext
from pathlib import Path

import click

from pipelines import site as settings
from pipelines.cli import operator, options
from policy.period import Period


@click.group()
def quarantine() -> None:
    """隔离区：退回部门、回填。 Rows that could not be read: send them back, land them once mended."""


@quarantine.command()
@options.home
@options.period
@click.option("--table", help="如 education.enrolment，缺省为全部 Else every table.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="写到 .csv A CSV for the department."
)
def export(home: Path, period: Period, table: str | None, out: Path) -> None:
    """导出隔离的行（含原文），退回部门更正。 Write the rows as delivered, with reasons, to send back. Holds people."""
    from connectors import quarantine as rows
    from connectors import specs
    from warehouse.store import Warehouse

    spec = None if table is None else specs.load()[options.table_key(table, specs.load())]
    operator.note(home, "quarantine export", str(period), {"table": table or "all"})
    site = settings.load(home)
    with Warehouse(home, stores=site.stores_url if site else None) as warehouse, warehouse.reading(period) as con:
        written = rows.export(con, out, spec)
    click.echo(f"{out}: {written:,} 行 rows")


@quarantine.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@options.home
@options.period
@click.option("--table", required=True, help="如 education.enrolment")
def replay(file: Path, home: Path, period: Period, table: str) -> None:
    """回填更正后的行，下一次运行时入库。 Give mended rows (file, row_no and the columns); the next run lands them."""
    from connectors import quarantine as rows
    from connectors import specs
    from connectors.errors import FeedError
    from warehouse.store import Warehouse

    spec = specs.load()[options.table_key(table, specs.load())]
    operator.note(home, "quarantine replay", str(period), {"table": table})
    site = settings.load(home)
    with Warehouse(home, stores=site.stores_url if site else None) as warehouse:
        is_published = str(period) in warehouse.published().periods
        with warehouse.reading(period) if is_published else nullcontext() as con:
            try:
                kept, _ = rows.hand_in(con, spec, file.read_bytes(), warehouse.home.mended(str(period), spec.raw_table))
            except FeedError as error:
                raise click.UsageError(f"{error.zh} {error}") from None
    click.echo(f"已收下 Kept: {kept}\n请重新运行 Now run again: childindex run --home {home} --period {period}")
    click.echo(f"如有误，删除该文件即可撤销。 To take it back, delete {kept.name}.")
