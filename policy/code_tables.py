"""Readers of the small code tables in ``policy/codes``; its README names the standard behind each."""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class EthnicGroup:
    """One of the 56 groups of GB/T 3304-1991, or 97 其他, 98 外国血统中国籍人士, which have no letters."""

    code: str
    name: str
    alpha: str
    romanization: str


@dataclass(frozen=True, slots=True)
class Code:
    """One code as issued, its Chinese name, and our word for it."""

    code: str
    name: str
    word: str


@cache
def ethnic_groups() -> tuple[EthnicGroup, ...]:
    """Ethnic groups in the order of their codes."""
    return tuple(EthnicGroup(**row) for row in _rows("ethnic_groups.csv"))


@cache
def sexes() -> tuple[Code, ...]:
    """GB/T 2261.1-2003."""
    return _codes("sex.csv")


@cache
def guardian_relations() -> tuple[Code, ...]:
    """GB/T 4761-2008 as far as a guardian can bear it; word: father, mother, grandparent or other."""
    return _codes("guardian_relations.csv")


@cache
def disability_kinds() -> tuple[Code, ...]:
    """GB/T 26341-2010, the 19th digit of a disability card."""
    return _codes("disability_kinds.csv")


@cache
def disability_grades() -> tuple[Code, ...]:
    """GB/T 26341-2010, the 20th digit of a disability card: 1 is the gravest."""
    return _codes("disability_grades.csv")


def ethnic_code(value: str | None) -> str | None:
    """Code of an ethnic group as delivered: a code (``1``, ``01``), a name (汉族, 汉) or letters (HA); else None."""
    text = "".join(unicodedata.normalize("NFKC", value or "").split())
    if text.isdecimal() and len(text) == 1:
        text = f"0{text}"
    return _spellings().get(text.removesuffix("族").upper())


@cache
def _spellings() -> dict[str, str]:
    found: dict[str, str] = {}
    for group in ethnic_groups():
        for spelling in (group.code, group.name.removesuffix("族"), group.alpha, group.romanization.upper()):
            if spelling:
                found.setdefault(spelling, group.code)
    return found


def _codes(name: str) -> tuple[Code, ...]:
    return tuple(Code(**row) for row in _rows(name))


def _rows(name: str) -> list[dict[str, str]]:
    text = files("policy").joinpath("codes", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
