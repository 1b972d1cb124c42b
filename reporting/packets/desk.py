"""A home's desk for packets: who it is, its keys, whom it knows, and the stores that remember what went and came."""

from __future__ import annotations

import json
import os
import secrets as chance
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from reporting.packets import envelope, parties
from reporting.packets.envelope import Header, Kind, Secrets
from reporting.packets.errors import PartyFault
from reporting.packets.parties import Party
from warehouse.stores import packets
from warehouse.stores.packets import Event

ENDING = ".packet"
_LETTERS = "abcdefghijklmnop"


@dataclass(frozen=True, slots=True)
class Desk:
    """What making and opening need. ``known`` are the parties whose key files were added here, by name."""

    stores: sa.Engine
    own: Party
    secrets: Secrets
    known: dict[str, Party]

    def recipient(self, name: str) -> Party:
        """A known party, or an error that says how it becomes known."""
        if name not in self.known:
            raise PartyFault(
                f"{name}: 没有对方的公钥 no key on record. Ask the bureau for its public key file, then "
                "`childindex packet keys --add FILE --fingerprint …`."
            )
        return self.known[name]


def open_desk(stores: sa.Engine, secrets: Secrets) -> Desk:
    """Open the desk of a home; :class:`PartyFault` where it was never given a name, or its keys changed."""
    rows = packets.read_parties(stores)
    own = next((row for row in rows if row.state == "own"), None)
    if own is None:
        raise PartyFault(
            "本单位尚未登记 this home has no name for packets yet. "
            "Run `childindex packet keys --as 429006.civil_affairs`, with its own division and department."
        )
    party = secrets.party(own.party)
    if (party.signing_key, party.sealing_key) != (own.signing_key, own.sealing_key):
        raise PartyFault(
            f"{own.party}: 密钥与登记的不同 the keys found aren't those that others know it by. Put the backed-up keys "
            f"back; if they are lost, run `childindex packet keys --as {own.party}` again and send everybody "
            "the new key file."
        )
    known = {row.party: Party(row.party, row.signing_key, row.sealing_key) for row in rows if row.state == "added"}
    return Desk(stores, party, secrets, known)


def declare(stores: sa.Engine, secrets: Secrets, name: str) -> Party:
    """Give this home its name for packets; where it has it with these keys already, nothing is written."""
    party = secrets.party(name)
    own = next((row for row in packets.read_parties(stores) if row.state == "own"), None)
    if own is None or (own.party, own.signing_key, own.sealing_key) != (name, party.signing_key, party.sealing_key):
        packets.note_party(stores, name, "own", party.signing_key, party.sealing_key)
    return party


def add(stores: sa.Engine, file: Path, fingerprint: str, on: date) -> Party:
    """Trust another party's keys from now on, if they bear the fingerprint that its clerk read out."""
    party = parties.read(file, on)
    if "".join(fingerprint.lower().split()) != party.fingerprint.replace(" ", ""):
        raise PartyFault(
            f"{file.name}: 指纹不符 the file doesn't have this fingerprint; nothing was added. Telephone {party.name} "
            "and have them read out what `childindex packet keys` shows there. If it differs again, the file was "
            "changed on the way."
        )
    if any(row.state == "own" and row.party == party.name for row in packets.read_parties(stores)):
        raise PartyFault(
            f"{party.name}: 这是本单位自己的名称 this home's own name; a key of somebody else under it can't be added."
        )
    packets.note_party(stores, party.name, "added", party.signing_key, party.sealing_key)
    return party


def remove(stores: sa.Engine, name: str) -> None:
    """Trust a party no more: what it signs is refused, and nothing is made for it."""
    held = {row.party: row for row in packets.read_parties(stores) if row.state == "added"}
    if name not in held:
        raise PartyFault(f"{name}: 没有对方的公钥 no key on record. On record: {', '.join(held) or 'none'}.")
    packets.note_party(stores, name, "removed", held[name].signing_key, held[name].sealing_key)


def number(own: str, period: str) -> str:
    """A number that nobody had before: who, when, and 12 random letters, so that none looks like a phone's."""
    return f"{own}-{period}-{''.join(chance.choice(_LETTERS) for _ in range(12))}"


def send(
    desk: Desk,
    kind: Kind,
    recipient: Party,
    content: dict[str, Any],
    folder: Path,
    *,
    number: str,
    about: str | None,
    role: str,
    period: str,
    release: int,
    rows: int,
    children: dict[str, str] | None = None,
) -> Path:
    """Seal and sign, remember it, and only then let the file appear under its name."""
    raw = json.dumps(content, ensure_ascii=False).encode()
    given = {"kind": kind, "number": number, "about": about, "role": role, "period": period, "release": release}
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    sealed = envelope.seal({**given, "made_at": made_at, "rows": rows}, raw, desk.own, desk.secrets, recipient)
    file = folder / f"{number}_{recipient.name}{'' if kind == 'packet' else '_' + kind}{ENDING}"
    half = write_aside(file, sealed)
    try:
        header = json.loads(json.loads(sealed)["header"])
        packets.note(
            desk.stores,
            Event(
                *(kind, "sent", number, about or number, role, recipient.name, period, release, rows),
                header["content_sha256"],
            ),
            children,
        )
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)
    return file


def write_aside(file: Path, content: bytes) -> Path:
    """Write beside ``file`` under another name, for this user alone; the caller renames it when all is well."""
    half = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as writing:
        writing.write(content)
        writing.flush()
        os.fsync(descriptor)
    return half


def received(header: Header) -> Event:
    """The event of an envelope that came."""
    return Event(
        *(header.kind, "received", header.number, header.about or header.number, header.role, header.sender),
        *(header.period, header.release, header.rows, header.content_sha256),
    )
