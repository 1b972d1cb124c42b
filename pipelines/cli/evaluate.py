"""``childindex evaluate``: a published period of an invented county against its truth."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from pipelines import site as settings
from pipelines.cli import operator, options
from policy.period import Period


@click.command()
@options.home
@options.period
@click.option(
    "--truth",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="真值目录 Folder of links_<period>.csv and children_<period>.csv.",
)
@click.option("--json", "as_json", is_flag=True, help="供程序读取 The figures as one JSON object.")
def evaluate(home: Path, period: Period, truth: Path, as_json: bool) -> None:
    """与真值比较：关联与状态的查准率、查全率。 Precision and recall of links and of the migrant flag."""
    from pipelines import evaluation

    operator.note(home, "evaluate", str(period))
    site = settings.load(home)
    figures = evaluation.evaluate(home, site, period, truth)
    if as_json:
        click.echo(figures.to_json())
        return
    console = Console()
    for title, rows in figures.tables().items():
        table = Table("", *rows[0][1], title=title, title_justify="left")
        for name, values in rows:
            table.add_row(name, *values.values())
        console.print(table)
