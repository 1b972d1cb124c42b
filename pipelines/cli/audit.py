"""``childindex audit``: whether the record of who read and changed what is whole, and a copy of it."""

import csv
from datetime import datetime, timedelta
from pathlib import Path

import click

from pipelines import cli
from pipelines.cli import operator, options
from warehouse import anchors
from warehouse.stores import acts, audit_archive
from warehouse.stores import audit as chain
from warehouse.stores.actors import Actor
from warehouse.stores.engine import now
from warehouse.stores.free_text import WordsRefused

_KEPT_DAYS = 3 * 366
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
    sealed = chain.seals(stores)
    found = chain.verify(chain.walk(stores), known, sealed)
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
    if sealed:
        click.echo(
            f"此前 {sealed[-1].last.sequence:,} 条已归档 The rows up to {sealed[-1].last.sequence:,} are archived."
        )
    if last is not None:
        click.echo(
            f"审计记录完整 The audit holds: {found.rows:,} rows, {len(known)} anchors. "
            f"Its last row is {last.sequence}, with hash {last.hash}."
        )
    return 0


@audit.command()
@options.home
@click.option(
    "--before",
    type=click.DateTime(["%Y-%m-%d"]),
    help="此日之前的记录；默认三年前 Rows of before that day (UTC); else of three years ago.",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="归档文件 .csv")
@options.reason
def archive(home: Path, before: datetime | None, out: Path, reason: str) -> int:
    """归档旧记录，并在原处留下封存标记。 Move old rows to a file; a seal in their place keeps the chain whole."""
    stores = operator.note(home, "audit archive", "audit", {"format": out.suffix})
    sealed, known = chain.seals(stores), anchors.read(home)
    if chain.verify(chain.walk(stores), known, sealed).breaks:
        click.echo("审计记录不完整，不能归档 The audit doesn't hold: `audit verify` says where.", err=True)
        return cli.EXIT_STOPPED_AT_GATE
    try:
        moved = audit_archive.archive(
            stores, Actor.at_the_machine(), before or now() - timedelta(days=_KEPT_DAYS), out, reason
        )
    except (audit_archive.ArchiveRefused, WordsRefused) as error:
        raise click.UsageError(str(error)) from None
    anchors.keep(stores, home)
    click.echo(f"已归档 Archived: {moved.seal.rows:,} 条 rows, {out}\nSHA-256 {moved.file_sha256}")
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
