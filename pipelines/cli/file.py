"""``childindex file``: one child, one file (一人一档)."""

from pathlib import Path

import click

from pipelines.cli import operator, options
from pipelines.cli.jurisdiction import within
from policy.period import Period


@click.command()
@click.argument("child_id")
@options.home
@options.period
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help=".html 或 .xlsx")
def file(child_id: str, home: Path, period: Period, out: Path) -> None:
    """一人一档：五个部分，各有日期。 A child's file: five dated sections, over all published periods up to this one.

    It holds the child in clear: who looked is recorded.
    """
    from reporting.child_file import collect, written
    from warehouse.store import Warehouse
    from warehouse.stores.acts import os_user

    _, site = within(home, None)
    operator.note(home, "file", f"{child_id} {period}", {"format": out.suffix})
    with Warehouse(home, stores=site.stores_url if site else None) as house:
        try:
            found = collect.collect(house, child_id, period)
        except collect.NoSuchChild as error:
            raise click.UsageError(str(error)) from None
    click.echo(str(written.write(found, os_user(), out)))
