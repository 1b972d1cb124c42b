"""``childindex audit``: whether the record of who read and changed what is whole, and a copy of it."""

import csv
from pathlib import Path

import click

from pipelines import cli
from pipelines.cli import operator, options
from warehouse import anchors
from warehouse.stores import acts
from warehouse.stores import audit as chain

_SHOWN_AT_MOST = 20


@click.group()
def audit() -> None:
    """审计记录：核验、导出。 The audit: verify its chain, export it."""


@audit.command()
@options.home
def verify(home: Path) -> int:
    """核验审计记录是否被改动。 Find rows that were edited, removed, swapped or written anew."""
    stores = operator.note(home, "audit verify", "audit")
    known = anchors.read(home)
    found = chain.verify(chain.walk(stores), known)
    for each in found.breaks[:_SHOWN_AT_MOST]:
        click.echo(f"第 {each.sequence} 条 Row {each.sequence}: {each.what}.", err=True)
    if found.breaks:
        click.echo(
            f"审计记录不完整 The audit doesn't hold: {len(found.breaks)} faults in {found.rows:,} rows. "
            "Keep the stores as they are, take the database's logs and the last backup, find who could write to it.",
            err=True,
        )
        return cli.EXIT_STOPPED_AT_GATE
    last = found.head
    if last is not None:
        click.echo(
            f"审计记录完整 The audit holds: {found.rows:,} rows, {len(known)} anchors. "
            f"Its last row is {last.sequence}, with hash {last.hash}."
        )
    return 0


@audit.command()
@options.home
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help=".csv")
def export(home: Path, out: Path) -> None:
    """导出全部审计记录。 Write all rows, oldest first, so that another may verify the chain.

    Commands of before there was the chain come first, without a number.
    """
    stores = operator.note(home, "audit export", "audit", {"format": out.suffix})
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(chain.Row.__slots__)
        for act in acts.read(stores):
            writer.writerow(["", act.at.isoformat(), f"os:{act.os_user}", act.act, act.subject, "", act.detail, "", ""])
        for row in chain.walk(stores):
            told = (row.actor, row.act, row.subject, row.field, row.detail, row.previous_hash, row.hash)
            writer.writerow([row.sequence, row.at.isoformat(timespec="microseconds"), *told])
    click.echo(f"已导出 Written: {out}")
