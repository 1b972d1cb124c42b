"""The words that go with a report's figures: progress, difficulties, good cases. Nobody may be recognised by them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import yaml

from reporting.pack.figures import Pack

_FAULTS = {
    "身份号码 a citizen number": re.compile(r"(?<!\d)(\d{17}[\dXx]|\d{15})(?!\d)"),
    "电话号码 a phone number": re.compile(r"(?<!\d)(1\d{10}|0\d{2,3}-?\d{7,8})(?!\d)"),
    "儿童编号 a child's id": re.compile(r"\bc[a-z2-7]{13}\b"),
    "门牌或房号 a street number or room": re.compile(r"\d+\s*(号楼|单元|室)|[路街巷]\s*\d+\s*号"),
}
_NAMES = (
    "select count(*) from (select name from core.child union select name from core.guardian) where length(name) >= 3"
)


class NotesRefused(ValueError):
    """The words can't go into the report as they are: says where and what, never whom."""


def read(file: Path, pack: Pack, con: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
    """Read a report's words by section from YAML, in the report's order; ``con`` reads the period's published file.

    Numbers, phones, ids, addresses, and names of three characters or more that a child or guardian of the period bears
    are refused. A name of two characters is too often a word to be looked for: somebody must read the text.
    """
    try:
        given = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError:
        raise NotesRefused(
            f"{file.name}: 不是“部分名: 文字”的 YAML 文件。 not readable as YAML: expected `section: text`."
        ) from None
    if not isinstance(given, dict) or not all(isinstance(text, str) for text in given.values()):
        raise NotesRefused(
            f"{file.name}: 应为“部分名: 文字”。 expected `section: text`, with sections of {list(pack.texts)}."
        )
    if unknown := set(given) - set(pack.texts):
        raise NotesRefused(
            f"{file.name}: 没有这些部分。 sections {sorted(unknown)}; this report has {list(pack.texts)}."
        )
    faults = [f"{name}, line {line}: {fault}" for name, text in given.items() for line, fault in _faults(text, con)]
    if faults:
        raise NotesRefused(
            f"{file.name}: {'; '.join(faults)}. 请删去或改写为不能识别个人的文字。 "
            "Leave it out, or say it so that nobody can be recognised."
        )
    return {name: given[name] for name in pack.texts if name in given}


def _faults(text: str, con: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, str]]:
    """Lines, from 1, with what is wrong in them."""
    for number, line in enumerate(text.splitlines(), start=1):
        plain = re.sub(r"[\s　]", "", line)
        yield from ((number, fault) for fault, shape in _FAULTS.items() if shape.search(plain) or shape.search(line))
        if con.execute(f"{_NAMES} and contains(?, name)", [plain]).fetchall()[0][0]:
            yield number, "儿童或监护人的姓名 a name that a child or guardian bears"
