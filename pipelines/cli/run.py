"""``childindex run``: the monitoring run of one half-year, to a published release."""

from functools import partial
from pathlib import Path

import click
from rich.console import Console

from pipelines import site as settings
from pipelines.cli import EXIT_DELIVERY_REFUSED, EXIT_INTERNAL, EXIT_STOPPED_AT_GATE, EXIT_WRONG_USE, options
from pipelines.failure import StepFailed, describe
from policy.divisions import load as divisions
from policy.period import Period


@click.command()
@options.home
@click.option(
    "--inbox", type=click.Path(path_type=Path, exists=True, file_okay=False), help="收件目录 Else as in site.yaml."
)
@click.option("--jurisdiction", help="行政区划代码 Whose run it is; else as in site.yaml.")
@options.period
@click.option("--threads", type=click.IntRange(1), help="所用核数 Cores to use; else as in site.yaml.")
@click.option("--memory", help="数据库内存 Memory for the database, like 4GiB; else as in site.yaml.")
@click.option(
    "--engine", type=click.Choice(["duckdb", "spark"]), help="归并引擎 Where pairs are linked; else as in site.yaml."
)
@click.option(
    "--master", help="Spark 主节点 Spark's master, like spark://host:7077; without one, this machine's threads."
)
@click.option("--exchange", help="交换目录 URL that every Spark node reads and writes; without one, all see HOME.")
@click.option(
    "--retrain", is_flag=True, help="重新训练关联模型 Train a new version of the linkage model; says what it moves."
)
@click.option(
    "--full", is_flag=True, help="全部重新关联 Link every entry anew, unchanged ones too; the result is the same."
)
def run(
    home: Path,
    inbox: Path | None,
    jurisdiction: str | None,
    period: Period,
    threads: int | None,
    memory: str | None,
    engine: str | None,
    master: str | None,
    exchange: str | None,
    retrain: bool,
    full: bool,
) -> int:
    """监测运行：从各部门交付到发布。 The monitoring run: deliveries in, a published release out.

    Exit codes: 0 done, 2 wrong use, 3 stopped at a gate, 4 a delivery refused (nothing was published).
    """
    console = Console(stderr=True)
    home = home.expanduser().resolve()
    site = _site(home, inbox, jurisdiction, console)
    site = site.using(threads=threads, memory=memory, engine=engine, master=master, exchange=exchange)
    _check_engine(site)
    if not (site.inbox / str(period)).is_dir():
        there = ", ".join(sorted(each.name for each in site.inbox.iterdir())) if site.inbox.is_dir() else "nothing"
        raise click.UsageError(
            f"{site.inbox} 中没有 {period} 的交付。 No folder {period} in {site.inbox}; found: {there or 'nothing'}."
        )

    from pipelines import validation
    from pipelines.launch import launch
    from pipelines.summary import show

    say = partial(console.print, markup=False, highlight=False, soft_wrap=True)
    launched = launch(home, site, period, console, retrain, full)
    page = validation.write_page(launched.run, period)
    if launched.run.failure is not None:
        error = launched.run.failure
        say(f"运行失败，未发布。 The run failed; nothing was published. {describe(error)}")
        return EXIT_INTERNAL if isinstance(error, StepFailed) else EXIT_WRONG_USE
    for warning in launched.run.outcome.warnings:
        say(f"提醒 {warning.message_zh}")
    for stop in launched.run.outcome.stops:
        say(f"停止 {stop.message_zh}\n     {stop.message_en}")
    if not launched.published:
        say(f"未发布；上一次发布不变。 Not published; the last release stands. 校验报告 report: {page}")
        return EXIT_DELIVERY_REFUSED if launched.run.refused else EXIT_STOPPED_AT_GATE
    assert launched.run.summary is not None
    show(launched.run.summary, launched.bars.seconds, Console())
    click.echo(f"已发布 {period}。 Published. 校验报告 validation report: {page}")
    return 0


def _check_engine(site: settings.Site) -> None:
    parameters = site.parameters
    if parameters.engine != "spark" and (parameters.master or parameters.exchange):
        raise click.UsageError("--master 和 --exchange 只用于 --engine spark。 They are Spark's; add --engine spark.")


def _site(home: Path, inbox: Path | None, jurisdiction: str | None, console: Console) -> settings.Site:
    """The site's settings; a first run with both arguments writes them down for the next."""
    if jurisdiction is not None and divisions().at(jurisdiction, 2026) is None:
        raise click.BadParameter(f"{jurisdiction} 不是现行行政区划代码。 No division in force has this code.")
    site = settings.load(home)
    if site is None:
        if inbox is None or jurisdiction is None:
            raise click.UsageError(
                f"{home} 尚无 site.yaml。 No site.yaml in {home}: give --inbox and --jurisdiction, or run "
                "`childindex init`."
            )
        path = settings.write(home, jurisdiction=jurisdiction, inbox=inbox.resolve())
        console.print(f"已写入 wrote {path}")
        site = settings.load(home)
        assert site is not None
    given = {"inbox": inbox.resolve() if inbox else None, "jurisdiction": jurisdiction}
    return site.model_copy(update={name: value for name, value in given.items() if value is not None})
