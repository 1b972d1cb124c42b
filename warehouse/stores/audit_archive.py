"""Old rows of the audit leave the stores for a file; a seal in their place holds the chain together.

They go from the beginning up to one row, whose sequence and hash the seal keeps: the chain goes on from it. What the
seal says stands in the audit itself, too, so that nobody seals rows away unseen. The last row never leaves.
"""

import csv
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from warehouse.stores import audit, free_text
from warehouse.stores.access_tables import audit as rows_of_audit
from warehouse.stores.access_tables import audit_seal
from warehouse.stores.actors import Actor
from warehouse.stores.audit import Anchor, Row, Seal
from warehouse.stores.engine import now, take_turn, writing

LEAST_DAYS = 183
"""Six months stay at hand, whatever is asked for."""
ACT = "audit archived"


class ArchiveRefused(ValueError):
    """Rows can't be archived so; the message says why, and nothing was removed."""


@dataclass(frozen=True, slots=True)
class Archived:
    """What left the stores, and the SHA-256 of the file that holds it."""

    seal: Seal
    file_sha256: str


def archive(engine: sa.Engine, by: Actor, before: datetime, out: Path, reason: str) -> Archived:
    """Write rows of before that time (UTC) to ``out``, then remove them. Raises :class:`ArchiveRefused`.

    The file is whole and on the disk before the first row is removed. The caller has verified the chain.
    """
    words = free_text.checked(reason, "reason")
    if before > now() - timedelta(days=LEAST_DAYS):
        raise ArchiveRefused(f"最近六个月的记录须在线保存。 The last {LEAST_DAYS} days stay: give an earlier day.")
    leaving = _leaving(engine, before)
    if not leaving:
        raise ArchiveRefused(f"{before:%Y-%m-%d} 之前没有可归档的记录。 No row of before that day can leave.")
    digest = _write(out, leaving)
    seal = Seal(Anchor(leaving[-1].sequence, leaving[-1].hash), len(leaving))
    with writing(engine) as connection:
        take_turn(connection)
        values = {"last_sequence": seal.last.sequence, "last_hash": seal.last.hash, "rows": seal.rows}
        signed = {"file_sha256": digest, "reason": words, "sealed_by": by.username, "at": now()}
        connection.execute(audit_seal.insert().values({**values, **signed}))
        gone = connection.execute(rows_of_audit.delete().where(rows_of_audit.c.sequence <= seal.last.sequence)).rowcount
        if gone != seal.rows:
            raise ArchiveRefused(f"{gone} rows instead of {seal.rows} would leave: somebody archives at the same time.")
        audit.append(connection, by.username, ACT, "audit", detail={**audit.told(seal), "file_sha256": digest})
    return Archived(seal, digest)


def _leaving(engine: sa.Engine, before: datetime) -> list[Row]:
    """Rows from the beginning up to the first that is younger; never the last of all."""
    leaving: list[Row] = []
    for row in audit.walk(engine):
        if row.at >= before:
            return leaving
        leaving.append(row)
    return leaving[:-1]


def _write(out: Path, rows: Iterable[Row]) -> str:
    """Write rows as a CSV by which another may verify the chain, whole and on the disk; gives its SHA-256."""
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ArchiveRefused(f"{out.name}: 文件已存在。 The file is there already; name another.") from None
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Row.__slots__)
        for row in rows:
            told = (row.actor, row.act, row.subject, row.field, row.detail, row.previous_hash, row.hash)
            writer.writerow([row.sequence, row.at.isoformat(timespec="microseconds"), *told])
        file.flush()
        os.fsync(file.fileno())
    return hashlib.sha256(out.read_bytes()).hexdigest()
