"""Who receives packets: minimum fields by recipient, as data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from reporting.basis import Basis
from reporting.packets.errors import PartyFault
from reporting.packets.parties import DEPARTMENTS

# fields of children.sql, with their Chinese titles
FIELDS = {
    "name": "姓名",
    "sex": "性别",
    "born_on": "出生日期",
    "citizen_no": "身份证号",
    "hukou_county": "户籍县",
    "residence_county": "居住县",
    "residence_township": "居住乡镇（街道）",
    "residing_since": "居住起始",
    "claims": "拟向户籍地申领的服务",
    "known_to_education": "教育部门已有记录",
    "known_to_public_security": "公安部门已有记录",
}


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Ages(_Strict):
    """Full years on the reference date, both ends in; null: no upper bound."""

    from_years: int = Field(ge=0)
    to_years: int | None


class Recipient(_Strict):
    """One kind of recipient and what it is told."""

    title: str
    department: str
    place: Literal["hukou", "residence"]
    statuses: tuple[str, ...] = Field(min_length=1)
    ages: Ages
    only_with: str | None = None
    fields: tuple[str, ...] = Field(min_length=1)
    answers: Literal["hukou", "claims"] | None
    answer_within_days: int | None = Field(ge=1, default=None)
    purpose: str
    keep: str
    clauses: tuple[Basis, ...] = Field(min_length=1)  # the words of notices that let these facts go
    interpretation: str

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        if unknown := {*self.fields, self.only_with or self.fields[0]} - set(FIELDS):
            raise ValueError(f"fields: {sorted(unknown)} are no fields; there are {sorted(FIELDS)}")
        if (self.answers is None) != (self.answer_within_days is None):
            raise ValueError("answer_within_days: said of recipients that answer, and of no other")
        if self.department not in DEPARTMENTS:
            raise ValueError(f"department: {self.department}; there are {sorted(DEPARTMENTS)}")
        return self


def parse(text: str) -> Mapping[str, Recipient]:
    """Read recipients from YAML; a fault names the recipient and key."""
    try:
        return {role: Recipient.model_validate(given) for role, given in yaml.safe_load(text).items()}
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, each['loc'])) or error.title}: {each['msg']}" for each in error.errors()
        )
        raise PartyFault(f"recipients.yml: {faults}. Correct the key or remove it.") from None


@cache
def load() -> Mapping[str, Recipient]:
    """Every kind of recipient by its role."""
    return parse((files("reporting.packets") / "recipients.yml").read_text(encoding="utf-8"))


def get(role: str) -> Recipient:
    """One kind of recipient; the error lists those there are."""
    if role not in load():
        raise PartyFault(f"{role}: 没有这类接收单位 no such recipient. There are: {', '.join(load())}.")
    return load()[role]
