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
    feed_name, _, table_name = table.partition(".")
    if (feed_name, table_name) not in known:
        names = ", ".join(".".join(key) for key in known)
        raise click.BadParameter(f"没有这张表。 No such table; known: {names}.", param_hint="--table")
    report = dry.check(file, known[feed_name, table_name])
    click.echo(str(report))
    return EXIT_DELIVERY_REFUSED if report.refused else 0
