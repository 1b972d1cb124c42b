"""Making packets from a published period, and taking them back."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb

from policy.period import Period
from reporting.packets import desk as desks
from reporting.packets.desk import Desk
from reporting.packets.errors import NothingToSend, PartyFault
from reporting.packets.parties import Party
from reporting.packets.recipients import Recipient
from warehouse import build
from warehouse.stores import packets

Row = tuple[object, ...]  # child_id, then the recipient's fields in their order


@dataclass(frozen=True, slots=True)
class Made:
    """One packet that was made."""

    number: str
    recipient: str
    rows: int
    file: Path


@dataclass(frozen=True, slots=True)
class Sending:
    """What came of making packets. ``without_key``: children by party whose key isn't on record.

    ``unplaced``: children whose county isn't known, or may be one of several.
    """

    made: tuple[Made, ...]
    without_key: Mapping[str, int]
    unplaced: int


@cache
def _sql(name: str) -> str:
    return (files("reporting.packets") / name).read_text(encoding="utf-8")


def children_sql() -> str:
    """The query of all that any recipient may be told; it reads the table of :func:`put_claims`."""
    return build.with_lookups(_sql("children.sql"))


def put_claims(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table ``claim``: what each child may have that is claimed at its hukou place."""
    con.execute(f"create or replace temp table claim as {_sql('claims.sql')}")


def children(
    con: duckdb.DuckDBPyConnection, period: Period, jurisdiction: str, recipient: Recipient
) -> dict[str | None, list[Row]]:
    """Whom to tell of, by county whose bureau is told; under None those whose county isn't certain.

    Only children who live in the jurisdiction: others are somebody else's to tell of.
    """
    place = f"{recipient.place}_county"
    query = f"""
        select {place}, child_id, {", ".join(recipient.fields)}
        from ({children_sql()}) as child
        where list_contains($statuses, status) and {recipient.only_with or "child_id"} is not null
          and (years is null or years >= $from_years and years <= coalesce($to_years, years))
          and residence_county in (
              select code from policy.county where $jurisdiction in (code, prefecture, province, '000000')
          )
        order by {place}, child_id
    """
    bound = {
        "as_of": period.as_of,
        "statuses": list(recipient.statuses),
        "from_years": recipient.ages.from_years,
        "to_years": recipient.ages.to_years,
        "jurisdiction": jurisdiction,
    }
    found: dict[str | None, list[Row]] = {}
    put_claims(con)
    for county, *row in con.execute(query, bound).fetchall():
        found.setdefault(county, []).append(tuple(row))
    return found


def make(
    desk: Desk,
    con: duckdb.DuckDBPyConnection,
    period: Period,
    release: int,
    jurisdiction: str,
    role: str,
    recipient: Recipient,
    folder: Path,
    only: Sequence[str] = (),
) -> Sending:
    """Make a packet for every bureau of this kind whose key is known, or for those of the counties ``only``."""
    found = children(con, period, jurisdiction, recipient)
    unplaced = len(found.pop(None, []))
    wanted = {f"{county}.{recipient.department}": rows for county, rows in found.items() if not only or county in only}
    wanted.pop(desk.own.name, None)
    if not wanted:
        raise NothingToSend(
            f"{period}: 没有可推送的儿童 no child to tell {recipient.title} of"
            + (f" in {', '.join(only)}" if only else "")
            + f"; {unplaced} whose county isn't certain."
        )
    if only and (strange := [name for name in wanted if name not in desk.known]):
        desk.recipient(strange[0])
    made = tuple(
        _make_one(desk, desk.known[name], rows, recipient, role, str(period), release, folder)
        for name, rows in wanted.items()
        if name in desk.known
    )
    return Sending(made, {name: len(rows) for name, rows in wanted.items() if name not in desk.known}, unplaced)


def _make_one(
    desk: Desk,
    to: Party,
    rows: Iterable[Row],
    recipient: Recipient,
    role: str,
    period: str,
    release: int,
    folder: Path,
) -> Made:
    """Each child goes by a random token of this packet alone; which child it is stays in our stores."""
    by_token = {secrets.token_hex(8): row for row in rows}
    told = sorted([token, *row[1:]] for token, row in by_token.items())  # in the tokens' order, which tells nothing
    number = desks.number(desk.own.name, period)
    file = desks.send(
        *(desk, "packet", to, {"fields": list(recipient.fields), "rows": told}, folder),
        number=number,
        about=None,
        role=role,
        period=period,
        release=release,
        rows=len(told),
        children={token: str(row[0]) for token, row in by_token.items()},
    )
    return Made(number, to.name, len(told), file)


def recall(desk: Desk, number: str, reason: str, folder: Path) -> Path:
    """Take a packet back: a notice for its recipient, who then refuses it; answers to it count no more."""
    events = packets.read(desk.stores, number)
    sent = next((each.event for each in events if each.event.number == number and each.event.direction == "sent"), None)
    if sent is None or sent.kind != "packet":
        raise PartyFault(
            f"{number}: 没有发出过这个编号的数据包 no packet of this number was sent from here. "
            "See `childindex packet status`."
        )
    if any(each.event.kind == "recall" and each.event.direction == "sent" for each in events):
        raise PartyFault(
            f"{number}: 已撤回 it was recalled before. Its notice is sent again by sending that file again."
        )
    return desks.send(
        *(desk, "recall", desk.recipient(sent.party), {"reason": reason}, folder),
        number=desks.number(desk.own.name, sent.period),
        about=number,
        role=sent.role,
        period=sent.period,
        release=sent.release,
        rows=sent.rows,
    )
