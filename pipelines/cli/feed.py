"""``childindex feed check``: one delivery, read dry."""

from pathlib import Path

import click

from pipelines.cli import EXIT_DELIVERY_REFUSED, options


@click.group()
def feed() -> None:
    """单份交付的试读。 One department's delivery by itself."""


@feed.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--table", required=True, help="如 education.enrolment")
@options.home
def check(file: Path, table: str, home: Path) -> int:
    """试读一份交付文件，不写入任何数据。 Read one delivery dry and say what is in it and what is wrong."""
    from connectors import dry, specs

    own = home / "feeds"
    known = specs.load(own if own.is_dir() else None)
    key = options.table_key(table, known)
    report = dry.check(file, known[key])
    click.echo(report.render())
    return 0 if report.is_landable else EXIT_DELIVERY_REFUSED
