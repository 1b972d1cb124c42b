"""``childindex review``: the stewards' web app over one home."""

from pathlib import Path

import click

from pipelines import site as settings
from pipelines.cli import options


@click.command()
@options.home
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址 The address it listens on.")
@click.option("--https", is_flag=True, help="前面有 HTTPS 代理 Behind a proxy that speaks HTTPS to browsers.")
def review(home: Path, port: int, host: str, https: bool) -> None:
    """启动数据核查网页。 Start the stewards' web app. Accounts come first: `childindex users add`.

    It reads the published release, takes up a new one by itself, and writes only to the operational stores.
    """
    from matching import model
    from stewardship import app
    from stewardship.visit import Bands
    from warehouse import anchors
    from warehouse.store import Warehouse

    options.existing_home(home)
    site = settings.load(home)
    if site is None:
        raise click.UsageError(
            f"{home}: site.yaml is missing; `childindex init` or the first `childindex run` writes it."
        )
    bands = model.load().bands
    with Warehouse(home, stores=site.stores_url) as house:
        made = app.make(
            house,
            site.jurisdiction,
            Bands(bands.review_from, bands.link_from),
            lambda words: click.echo(words, err=True),
            is_https=https,
        )
        click.echo(f"核查网页 The review app: http://{host}:{port}/  （Ctrl+C 停止 to stop）")
        with anchors.keeping(house.stores, home):
            app.serve(made, host, port)
