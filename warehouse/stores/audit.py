"""The audit: who read or changed what, in rows of which each one's hash covers the one before.

A row is appended in the transaction of the act it tells of; what can't be told doesn't happen. Whoever changes, removes
or swaps rows in the database behind our back breaks the chain, and :func:`verify` says where. Whoever rewrites the
chain from there to its end, or cuts its end off, is found by the anchors: hashes of some rows, kept outside of the
stores (:mod:`warehouse.anchors`).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from warehouse.stores import free_text, together
from warehouse.stores.access_tables import audit, audit_seal
from warehouse.stores.engine import now, take_turn

NOTHING_BEFORE = "0" * 64
_CHUNK = 5_000


class AuditFault(ValueError):
    """A row that the audit may not hold: it names a person."""


@dataclass(frozen=True, slots=True)
class Row:
    """One act. ``subject`` is a child's token, a case, a period, an export; ``field`` the field that was read."""

    sequence: int  # 1, 2, 3 … without a gap
    at: datetime  # UTC
    actor: str  # a username; ``os:`` and the operating system's user at the command line; ``-`` nobody known
    act: str
    subject: str | None
    field: str | None
    detail: str | None  # canonical JSON
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """The hash that a row had when somebody last looked."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class Seal:
    """Where the stores' part of the chain begins: after ``last``, which left for an archive with the rows before."""

    last: Anchor
    rows: int  # that left with it


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain doesn't hold, and what that means."""

    sequence: int
    what: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a walk along the chain found. ``head`` is its last row, None of an empty audit."""

    rows: int
    head: Anchor | None
    breaks: tuple[Break, ...]


def append(
    connection: sa.Connection,
    actor: str,
    act: str,
    subject: str | None = None,
    *,
    field: str | None = None,
    detail: Mapping[str, object] | None = None,
) -> int:
    """Add a row in the transaction of the act, which commits both or neither; return its sequence.

    Append late in a transaction: on PostgreSQL other appenders wait from here to its end.
    Raises :class:`AuditFault` for a text with the digits of a citizen number or a phone.
    """
    content = None if detail is None else _canonical(detail)
    if any(text is not None and free_text.holds_number(text) for text in (actor, subject, field, content)):
        raise AuditFault(f"audit of {act}: the row would hold a citizen number or a phone. Give a token and a field.")
    take_turn(connection)
    before = connection.execute(_LAST).one_or_none()
    sequence, previous = (before.sequence + 1, before.hash) if before else (1, NOTHING_BEFORE)
    row = Row(sequence, now(), actor, act, subject, field, content, previous, "")
    values = {name: getattr(row, name) for name in Row.__slots__}
    connection.execute(_ADD, values | {"hash": _hash(row)})
    return sequence


def note(
    engine: sa.Engine,
    actor: str,
    act: str,
    subject: str | None = None,
    *,
    field: str | None = None,
    detail: Mapping[str, object] | None = None,
) -> int:
    """Add a row by itself: for a read, before what was read is shown, and for a command, before it is obeyed."""
    return together.write(
        engine, lambda connection: append(connection, actor, act, subject, field=field, detail=detail)
    )


def read(
    engine: sa.Engine,
    *,
    actor: str | None = None,
    act: str | None = None,
    subject: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    last: int = 100,
) -> list[Row]:
    """Read the latest rows that fit, newest first; ``before`` a sequence, for the next page."""
    asked = [column == value for column, value in _asked(actor=actor, act=act, subject=subject)]
    asked += [column >= value for column, value in _asked(at=since)]
    asked += [column < value for column, value in _asked(at=until, sequence=before)]
    query = sa.select(*_COLUMNS).where(*asked).order_by(audit.c.sequence.desc()).limit(last)
    with engine.connect() as connection:
        return [Row(*row) for row in connection.execute(query).all()]


def walk(engine: sa.Engine) -> Iterator[Row]:
    """All rows, oldest first, some thousands at a time."""
    with engine.connect() as connection:
        after = -(2**62)
        while True:
            query = sa.select(*_COLUMNS).where(audit.c.sequence > after).order_by(audit.c.sequence).limit(_CHUNK)
            rows = connection.execute(query).all()
            yield from (Row(*row) for row in rows)
            if len(rows) < _CHUNK:
                return
            after = rows[-1].sequence


def seals(engine: sa.Engine) -> list[Seal]:
    """The parts that left for an archive, oldest first."""
    query = sa.select(audit_seal.c.last_sequence, audit_seal.c.last_hash, audit_seal.c.rows).order_by(audit_seal.c.id)
    with engine.connect() as connection:
        return [Seal(Anchor(sequence, digest), many) for sequence, digest, many in connection.execute(query).all()]


def told(seal: Seal) -> Mapping[str, object]:
    """What the audit itself says of a seal."""
    return {"last_sequence": seal.last.sequence, "last_hash": seal.last.hash, "rows": seal.rows}


def verify(rows: Iterable[Row], anchors: Iterable[Anchor] = (), sealed: Sequence[Seal] = ()) -> Verified:
    """Walk along the chain, and hold it against the anchors.

    Every row that was changed is named; of rows that were removed, the one that stands after the gap. ``sealed``: parts
    that were archived; the last must be told by the audit itself.
    """
    awaited = {anchor.sequence: anchor.hash for anchor in anchors}
    breaks: list[Break] = []
    head, many = sealed[-1].last if sealed else Anchor(0, NOTHING_BEFORE), 0
    if awaited.get(head.sequence, head.hash) != head.hash:
        breaks.append(Break(head.sequence, "an anchor knows the archive's last row otherwise"))
    is_told = not sealed
    for row in rows:
        many += 1
        is_told = is_told or (row.act == "audit archived" and _tells(row, sealed[-1]))
        if row.sequence != head.sequence + 1:
            breaks.append(Break(row.sequence, f"rows {head.sequence + 1} to {row.sequence - 1} are gone"))
        elif row.previous_hash != head.hash:
            breaks.append(Break(row.sequence, "it doesn't follow from the row before: one of the two was replaced"))
        if row.hash != _hash(row):
            breaks.append(Break(row.sequence, "its content is not what was written"))
        if awaited.pop(row.sequence, row.hash) != row.hash:
            breaks.append(Break(row.sequence, "an anchor knows it otherwise: the chain was written anew"))
        head = Anchor(row.sequence, row.hash)
    if not is_told:
        breaks.append(Break(sealed[-1].last.sequence, "rows up to it were sealed away, and the audit doesn't tell"))
    breaks += [
        Break(sequence, f"an anchor knows it, but it is gone: the audit ends at row {head.sequence}")
        for sequence in sorted(awaited)
        if sequence > head.sequence
    ]
    return Verified(many, head if many else None, tuple(breaks))


def head(engine: sa.Engine) -> Anchor | None:
    """The last row, to be anchored; None of an empty audit."""
    with engine.connect() as connection:
        found = connection.execute(_LAST).one_or_none()
    return None if found is None else Anchor(*found)


_COLUMNS = tuple(audit.c[name] for name in Row.__slots__)
_LAST = sa.select(audit.c.sequence, audit.c.hash).order_by(audit.c.sequence.desc()).limit(1)
_ADD = audit.insert()


def _tells(row: Row, seal: Seal) -> bool:
    """Whether a row is the audit's own word of a seal."""
    said = json.loads(row.detail or "{}")
    return all(said.get(name) == value for name, value in told(seal).items())


def _asked(**values: object) -> list[tuple[sa.Column[Any], object]]:
    return [(audit.c[name], value) for name, value in values.items() if value is not None]


def _canonical(detail: Mapping[str, object]) -> str:
    return json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _hash(row: Row) -> str:
    content = _canonical(
        {
            name: getattr(row, name)
            for name in ("sequence", "actor", "act", "subject", "field", "detail", "previous_hash")
        }
        | {"at": row.at.isoformat(timespec="microseconds")}
    )
    return hashlib.sha256(content.encode()).hexdigest()
