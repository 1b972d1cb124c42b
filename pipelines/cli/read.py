"""``childindex export`` and ``childindex sql``: the two ways out of a published release."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Column, Table

from pipelines.cli import operator, options
from policy.period import Period

SHOWN_AT_MOST = 200
_AS_WIDE_AS_NEEDED = 10_000  # characters, where no terminal sets a width


@click.command()
@click.argument("name")
@options.home
@options.period
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="写到 .csv、.parquet 或 .xlsx Where to write it.",
)
def export(name: str, home: Path, period: Period, out: Path) -> None:
    """导出一张表：links、status 或发布中的任一表。 Write one table of a published period to a file.

    links and status are fixed, since other programs read them. An export holds people: it is recorded who made it.
    """
    from warehouse import exports

    operator.note(home, "export", f"{name} {period}", {"format": out.suffix})
    written = exports.export(name, home, str(period), out)
    click.echo(f"{written.file}: {written.rows:,} 行 rows")


@click.command()
@click.argument("query")
@options.home
@click.option(
    "--csv", "as_csv", is_flag=True, help="全部行，CSV 格式 Every row, as CSV, instead of a table on the screen."
)
def sql(query: str, home: Path, as_csv: bool) -> None:
    """分析库只读查询。 One read-only query on the analysts' database (schema mart)."""
    from warehouse import analysts

    options.existing_home(home)
    answer = analysts.query(home, query)
    if as_csv:
        _print_csv(answer.columns, answer.rows)
        return
    table = Table(*(Column(name, overflow="fold") for name in answer.columns))
    for row in answer.rows[:SHOWN_AT_MOST]:
        table.add_row(*("" if value is None else str(value) for value in row))
    console = Console()
    if not console.is_terminal:
        console.width = _AS_WIDE_AS_NEEDED
    console.print(table)
    more = len(answer.rows) - SHOWN_AT_MOST
    if more > 0:
        console.print(f"……另有 {more:,} 行；用 --csv 取全部。 {more:,} more rows; --csv gives all.")


def _print_csv(columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    import csv
    import sys

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
