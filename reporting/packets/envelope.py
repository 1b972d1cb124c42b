"""The envelope that everything travels in: a header that is signed, and a content that only its recipient can read.

Libsodium's signature (Ed25519) and sealed box (X25519, XSalsa20-Poly1305), by PyNaCl. The signed header names sender
and recipient, so that no recipient can hand a sender's words on as meant for somebody else, and holds the digests of
the sealed and of the plain content. It is readable on the way: numbers and counts, never a person.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from nacl.encoding import HexEncoder
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey, VerifyKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from reporting.packets.errors import ForSomebodyElse, Tampered, UnknownSender, Unreadable
from reporting.packets.parties import Parties, Party

BYTES_AT_MOST = 256 << 20
Kind = Literal["packet", "receipt", "reply", "recall"]
_Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Number = Annotated[str, Field(pattern=r"^[0-9]{6}\.[a-z_]{1,40}-[0-9]{4}H[12]-[a-p]{12}$")]
_Name = Annotated[str, Field(pattern=r"^[0-9]{6}\.[a-z_]{1,40}$")]


class Header(BaseModel):
    """What is signed. ``about``: the number of the packet that a receipt, reply or recall is about."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    number: _Number
    about: _Number | None = None
    role: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]  # a key of recipients.yml: what the packet is for
    sender: _Name
    sender_key: _Digest
    recipient: _Name
    recipient_key: _Digest
    period: Annotated[str, Field(pattern=r"^[0-9]{4}H[12]$")]
    release: Annotated[int, Field(ge=0)]
    made_at: Annotated[str, Field(max_length=40)]  # UTC
    rows: Annotated[int, Field(ge=0)]
    content_sha256: _Digest
    sealed_sha256: _Digest

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if not self.number.startswith(f"{self.sender}-{self.period}-"):
            raise ValueError("the number isn't one of the sender's")
        if (self.kind == "packet") != (self.about is None):
            raise ValueError("all but packets are about a packet")
        return self


class _Envelope(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["child-index/packet/1"] = "child-index/packet/1"
    header: str
    signature: str
    sealed: str


@dataclass(frozen=True, slots=True)
class Secrets:
    """One party's own two keys, hexadecimal: one signs, the other opens what is sealed for it."""

    signing: str
    opening: str

    def party(self, name: str) -> Party:
        """The public half, under the party's name."""
        return Party(
            name,
            SigningKey(self.signing.encode(), HexEncoder).verify_key.encode(HexEncoder).decode(),
            PrivateKey(self.opening.encode(), HexEncoder).public_key.encode(HexEncoder).decode(),
        )


def seal(header: dict[str, object], content: bytes, sender: Party, secrets: Secrets, recipient: Party) -> bytes:
    """Seal ``content`` for the recipient and sign a header over it; the parties, keys and digests are put in here."""
    sealed = SealedBox(PublicKey(recipient.sealing_key.encode(), HexEncoder)).encrypt(content)
    whole = Header.model_validate(
        {
            **header,
            "sender": sender.name,
            "sender_key": sender.signing_key,
            "recipient": recipient.name,
            "recipient_key": recipient.sealing_key,
            "content_sha256": _sha256(content),
            "sealed_sha256": _sha256(sealed),
        }
    )
    text = whole.model_dump_json()
    signature = SigningKey(secrets.signing.encode(), HexEncoder).sign(text.encode()).signature
    envelope = _Envelope(header=text, signature=signature.hex(), sealed=b64encode(sealed).decode())
    return (envelope.model_dump_json(indent=1) + "\n").encode()


def unseal(file: str, raw: bytes, own: Party, secrets: Secrets, known: Parties) -> tuple[Header, bytes]:
    """Give an envelope's header and content, or raise what is wrong with it. ``file`` names it in errors.

    Nothing of it is believed before the signature holds against a key that somebody here added by hand.
    """
    envelope, header = _parse(file, raw)
    sender = known.get(header.sender)
    if sender is None or sender.signing_key != header.sender_key:
        raise UnknownSender(file, header.sender, is_known=sender is not None)
    try:
        signature = bytes.fromhex(envelope.signature)
        VerifyKey(sender.signing_key.encode(), HexEncoder).verify(envelope.header.encode(), signature)
    except (CryptoError, ValueError):
        raise Tampered(file, "the header") from None
    if (header.recipient, header.recipient_key) != (own.name, own.sealing_key):
        raise ForSomebodyElse(file, header.recipient, own.name)
    try:
        sealed = b64decode(envelope.sealed, validate=True)
    except ValueError:
        raise Tampered(file, "the sealed content") from None
    if _sha256(sealed) != header.sealed_sha256:
        raise Tampered(file, "the sealed content")
    try:
        content = SealedBox(PrivateKey(secrets.opening.encode(), HexEncoder)).decrypt(sealed)
    except CryptoError:
        raise Tampered(file, "the sealed content") from None
    if _sha256(content) != header.content_sha256:
        raise Tampered(file, "the content")
    return header, content


def _parse(file: str, raw: bytes) -> tuple[_Envelope, Header]:
    if len(raw) > BYTES_AT_MOST:
        raise Unreadable(file, f"{len(raw):,} bytes, more than any packet has")
    try:
        envelope = _Envelope.model_validate(json.loads(raw))
    except (ValueError, ValidationError, RecursionError):
        raise Unreadable(file, "something else") from None
    try:
        return envelope, Header.model_validate(json.loads(envelope.header))
    except (ValueError, ValidationError, RecursionError):
        raise Unreadable(file, "a header of another shape, perhaps of another version") from None


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
