"""``childindex form``: empty forms for people to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli import options


@click.group()
def form() -> None:
    """空白表格。 Empty forms that are read as deliveries once filled in."""


@form.command()
@options.home
@click.option(
    "--rows", type=click.IntRange(1, 10_000), default=200, show_default=True, help="行数 Rows with lists and checks."
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="入户登记_求助.xlsx")
def intake(home: Path, rows: int, out: Path) -> None:
    """主动求助儿童登记表；跨乡镇（街道）即可。 The form for those who ask for help; another township is enough.

    Filled in, it is a delivery of civil_affairs.field_visit: it goes into the inbox as it is.
    """
    from connectors import locate, specs
    from connectors.specs import ExcelSource
    from reporting import intake as forms

    own = home / "feeds"
    spec = specs.load(own if own.is_dir() else None)["civil_affairs", "field_visit"]
    if not isinstance(spec.source, ExcelSource) or spec.source.header_row != 1:
        raise click.UsageError(
            "本单位的走访不是表头在首行的 Excel。 This site's visits don't come as Excel, header in row 1."
        )
    if not locate.matches(spec, out.name):
        raise click.BadParameter(
            f"{out.name}: 文件名须像 {spec.source.files}，否则不会被读入。 Only files of this name are read.",
            param_hint="--out",
        )
    fields = [
        forms.Field(name, column.sources[0], column.type, forms.choices(column.words))
        for name, column in spec.columns.items()
    ]
    forms.write(out, spec.source.sheet or "入户登记", fields, rows)
    click.echo(f"{out}: {rows:,} 行 rows")
