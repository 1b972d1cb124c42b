"""``childindex doctor``: whether this machine and this HOME are fit for a run."""

from pathlib import Path

import click

from pipelines.cli import options


@click.command()
@options.home
def doctor(home: Path) -> int:
    """检查安装、目录、密钥、字体、磁盘。 Check the installation, folders, keys, fonts and disk."""
    from pipelines import health

    findings = health.examine(home)
    for finding in findings:
        click.echo(f"{'✓' if finding.good else '✗'} {finding.what}: {finding.found}")
        if not finding.good:
            click.echo(f"    → {finding.do}")
    bad = sum(not finding.good for finding in findings)
    click.echo("一切正常。 All is well." if not bad else f"{bad} 项需要处理。 {bad} to mend.")
    return 2 if bad else 0
