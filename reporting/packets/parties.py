"""Who exchanges packets: a department of a division, its two public keys, and the file that carries them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from policy import divisions
from reporting.packets.errors import PartyFault

DEPARTMENTS = {
    "civil_affairs": "民政",
    "education": "教育",
    "public_security": "公安",
    "health": "卫生健康",
    "medical_insurance": "医保",
    "disabled_federation": "残联",
}
_Key = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True, slots=True)
class Party:
    """A bureau as packets name it, ``429006.civil_affairs``, with the public keys (hexadecimal) it is known by."""

    name: str
    signing_key: str
    sealing_key: str

    @property
    def fingerprint(self) -> str:
        """What two clerks read to each other by telephone: 20 hexadecimal digits in fives of four, of name and keys."""
        digest = hashlib.sha256(f"{self.name}|{self.signing_key}|{self.sealing_key}".encode()).hexdigest()
        return " ".join(digest[at : at + 4] for at in range(0, 20, 4))


Parties = Mapping[str, Party]


def name(division: str, department: str, on: date) -> str:
    """A party's name from a division in force and a department; raises :class:`PartyFault` for others."""
    if department not in DEPARTMENTS:
        raise PartyFault(f"{department}: 没有这个部门 no such department. There are: {', '.join(DEPARTMENTS)}.")
    if divisions.load().at(division, on.year) is None:
        raise PartyFault(
            f"{division}: 没有这个现行区划代码 no division in force has this code. Give six digits, like 429006."
        )
    return f"{division}.{department}"


def parse_name(text: str, on: date) -> str:
    """Read a party's name as people type it: ``429006.education``."""
    division, _, department = text.strip().partition(".")
    return name(division, department, on)


def title(of: str, on: date) -> str:
    """A party in a clerk's words: 湖北省天门市（429006）民政."""
    division, _, department = of.partition(".")
    return f"{divisions.load().name(division, on)}（{division}）{DEPARTMENTS.get(department, department)}"


class _KeyFile(BaseModel):
    """The public key file as it is written."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["child-index/party/1"] = "child-index/party/1"
    party: str
    signing_key: _Key
    sealing_key: _Key


def write(party: Party, file: Path) -> None:
    """Write the public key file that is given to others. It holds no secret."""
    content = _KeyFile(party=party.name, signing_key=party.signing_key, sealing_key=party.sealing_key)
    file.write_text(content.model_dump_json(indent=1) + "\n", encoding="utf-8")


def read(file: Path, on: date) -> Party:
    """Read another party's public key file."""
    try:
        given = _KeyFile.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        raise PartyFault(
            f"{file.name}: 不是公钥文件 expected a public key file made by `childindex packet keys --out`. "
            "Ask the bureau for it again."
        ) from None
    return Party(parse_name(given.party, on), given.signing_key, given.sealing_key)
