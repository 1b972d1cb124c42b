"""``childindex init``: a site's own folder."""

from pathlib import Path

import click

from pipelines import site as settings
from pipelines.cli import options
from policy.divisions import load as divisions


@click.command()
@options.home
@click.option("--jurisdiction", default="429006", show_default=True, help="行政区划代码 Whose runs these are.")
@click.option("--inbox", type=click.Path(path_type=Path, file_okay=False), default=Path("inbox"), show_default=True)
def init(home: Path, jurisdiction: str, inbox: Path) -> None:
    """建立本单位的目录：site.yaml 与 feeds/。 Make a site's folder: settings, and a place for its own feed specs."""
    if (home / settings.SITE_FILE).exists():
        raise click.UsageError(
            f"{home / settings.SITE_FILE} 已存在，未改动。 It exists and was left as it is; edit it."
        )
    if divisions().at(jurisdiction, 2026) is None:
        raise click.BadParameter(f"{jurisdiction} 不是现行行政区划代码。 No division in force has this code.")
    path = settings.write(home, jurisdiction=jurisdiction, inbox=inbox)
    feeds = home / "feeds"
    feeds.mkdir(exist_ok=True)
    (feeds / "README.md").write_text(_FEEDS_README, encoding="utf-8")
    click.echo(f"已建立 Made: {path}\n          {feeds / 'README.md'}")
    click.echo("接下来 Next: 核对 site.yaml；交付文件放入其中 inbox 所写目录的 <期别>/<部门>/，如 2026H1/education/")
    click.echo("  Check site.yaml; put deliveries into <period>/<feed>/ of the inbox it names, then")
    click.echo(f"  childindex doctor --home {home}\n  childindex run --home {home} --period 2026H1")


_FEEDS_README = """\
# 本单位的交付格式 / This site's own feed specs

各部门交付的列名、代码与产品自带的不同时，在这里写明差别，不必改程序。
Where a department delivers other column names or code words than ours, say only what differs, in
`<feed>/<table>.yml`, for example `education/enrolment.yml`:

```yaml
source: {files: "学生信息_*.csv", encoding: utf-8}
columns:
  student_no: {from: [学籍号, 全国学籍号]}
  sex: {words: {男生: male, 女生: female}}
```

改好后先试读 / Then try it dry:

    childindex feed check FILE --table education.enrolment --home HOME
"""
