"""``childindex sample``: an invented county, in the departments' own formats, with its truth."""

from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from pipelines.cli.options import PeriodType
from policy.period import Period


@click.command()
@click.option("--jurisdiction", required=True, help="行政区划代码 Code of a province, prefecture or county.")
@click.option("--children", type=click.IntRange(1, 10_000_000), default=20_000, show_default=True)
@click.option(
    "--periods", "first", type=PeriodType(), required=True, help="一期或多期 One or more, like 2026H1 2026H2."
)
@click.argument("more", nargs=-1, type=PeriodType(), metavar="[PERIOD]...")
@click.option("--seed", type=int, default=1, show_default=True, help="种子 The same seed gives the same county.")
@click.option(
    "--faults",
    type=click.FloatRange(0, 10),
    default=1.0,
    show_default=True,
    help="差错率倍数 Factor on every fault's rate.",
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
def sample(
    jurisdiction: str, children: int, first: Period, more: tuple[Period, ...], seed: int, faults: float, out: Path
) -> None:
    """造一个虚构的县：各部门交付文件与真值。 Invent a county: OUT/inbox and OUT/truth. Nobody in it is real."""
    from connectors.sample import DEFAULT, write

    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<44}"), BarColumn(bar_width=30), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def progress(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)

        summary = write(
            out,
            jurisdiction=jurisdiction,
            children=children,
            periods=[str(period) for period in sorted({first, *more})],
            seed=seed,
            faults=DEFAULT.scaled(faults),
            progress=progress,
        )
    for made in summary.periods:
        rows, repeated = sum(made.rows.values()), sum(made.repeated.values())
        click.echo(
            f"{made.period}: {made.children:,} 名儿童 children, {rows:,} 行 rows, 其中重复 repeated {repeated:,}"
        )
    click.echo(f"{summary.folder}/inbox  {summary.folder}/truth")
