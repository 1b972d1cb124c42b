"""The national child welfare system: the sheet that it is filled by, and its answer, child by child."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Literal

import duckdb
import openpyxl
import sqlalchemy as sa
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from policy.code_tables import ethnic_groups
from policy.period import Period
from reporting import national_standing, sheets, words
from reporting.lists import spec as lists
from reporting.sheets import Heading
from warehouse import child_ids
from warehouse.places import Places
from warehouse.stores import national_entries
from warehouse.stores.national_entries import Entry, State

SITE_FILE = "national_import.yml"
_WIDTHS = {
    "citizen_no": 21,
    "address": 34,
    "school_name": 24,
    "hukou_county": 22,
    "residence_county": 22,
    "child_id": 18,
}
_PENDING: State = "pending"
_DIGITS = re.compile(r"\d[\dXx]{5,}")
_KNOWN = frozenset(
    [
        *("child_id", "name", "citizen_no", "sex", "born_on", "ethnic_group", "hukou_county", "hukou_code", "act"),
        *("residence_county", "residence_code", "address", "residing_since", "company", "guardian", "relation"),
        *("phone", "school_name"),
    ]
)


class LayoutError(ValueError):
    """The sheet's layout, or an answer, can't be read; says where and what to write."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Strict):
    """One column of the sheet: a fact of ours, or the same words in every row."""

    title: str
    source: str | None = None
    words: str | None = None
    value: str | None = None
    required: bool = False

    @model_validator(mode="before")
    @classmethod
    def _from(cls, given: dict[str, object]) -> dict[str, object]:
        return {"source" if key == "from" else key: value for key, value in given.items()}

    @model_validator(mode="after")
    def _says_what(self) -> Column:
        if (self.source is None) == (self.value is None):
            raise ValueError("say `from` or `value`")
        if self.source is not None and self.source not in _KNOWN:
            raise ValueError(f"from: no such fact `{self.source}`; there are {sorted(_KNOWN)}")
        if self.words is not None and self.words not in {*words.kinds(), *words.PLACES}:
            raise ValueError(f"words: no such list `{self.words}`")
        return self


class Result(_Strict):
    """How the system's answer is read: the titles that each of its columns may have, and its words."""

    child: tuple[str, ...]
    citizen_no: tuple[str, ...]
    state: tuple[str, ...]
    reason: tuple[str, ...]
    entered: tuple[str, ...]
    failed: tuple[str, ...]


class Layout(_Strict):
    """The sheet and its answer."""

    sheet: str
    columns: tuple[Column, ...]
    result: Result


@dataclass(frozen=True, slots=True)
class Filled:
    """The sheet's rows as words, and what each child lacks of what the system requires."""

    layout: Layout
    children: Sequence[str]
    rows: Sequence[tuple[object, ...]]
    lacking: Mapping[str, Sequence[str]]  # titles by child


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer said: counts by state, and the rows that fit no child of the sheet or say nothing known."""

    states: Mapping[str, int]
    unknown_rows: Sequence[int]  # of the sheet, from 1


def layout(home: Path) -> Layout:
    """The site's own layout where ``HOME/national_import.yml`` is, else ours. Raises :class:`LayoutError`."""
    own = home / SITE_FILE
    text = (
        own.read_text(encoding="utf-8")
        if own.exists()
        else (resources.files("reporting") / SITE_FILE).read_text(encoding="utf-8")
    )
    where = str(own) if own.exists() else f"reporting/{SITE_FILE}"
    try:
        return Layout.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise LayoutError(f"{where}: {faults}") from None
    except yaml.YAMLError:
        raise LayoutError(f"{where}: not readable as YAML.") from None


def fill(
    con: duckdb.DuckDBPyConnection, of: Layout, period: Period, within: str, entered_before: frozenset[str]
) -> Filled:
    """Fill the sheet with the migrant children of a published period, which ``con`` reads.

    ``entered_before``: children that the system has from an earlier period, whose row is an update.
    """
    con.execute(f"create or replace temp table listed as {national_standing.migrants()}", {"within": within})
    con.execute(f"create or replace temp table person as {lists.sql('person')}")
    told = con.execute((resources.files("reporting") / "national_import.sql").read_text(encoding="utf-8"))
    names = [str(each[0]) for each in told.description or ()]
    facts = [dict(zip(names, row, strict=True)) for row in told.fetchall()]
    groups = {group.code: group.name for group in ethnic_groups()}
    for each in facts:
        each["ethnic_group"] = groups.get(each["ethnic_group"])
        each["act"] = "update" if each["child_id"] in entered_before else "new"
    places = Places(period.as_of)  # counties alone
    rows = [tuple(_cell(column, each, places) for column in of.columns) for each in facts]
    lacking = {
        str(each["child_id"]): titles
        for each, row in zip(facts, rows, strict=True)
        if (titles := [c.title for c, cell in zip(of.columns, row, strict=True) if c.required and not cell])
    }
    return Filled(of, [str(each["child_id"]) for each in facts], rows, lacking)


def _cell(column: Column, facts: Mapping[str, object], places: Places) -> object:
    if column.source is None:
        return column.value
    fact = facts[column.source]
    return words.word(column.words, fact, places) if column.words else fact


def write(filled: Filled, made_by: str, out: Path) -> Path:
    """Write the sheet as the system takes it, headings in the first row, text only; and beside it what to complete."""
    footer = f"全国儿童福利信息系统录入表 · 内部资料 · {made_by}"
    with sheets.book(out) as book:
        sheet = book.sheet(filled.layout.sheet, footer)
        book.table(
            sheet,
            0,
            [Heading(each.title, _WIDTHS.get(each.source or "", 14)) for each in filled.layout.columns],
            filled.rows,
            filters=False,
        )
        missing = book.sheet("待补项", footer)
        rows = [(child, "、".join(titles)) for child, titles in filled.lacking.items()]
        book.table(missing, 0, [Heading("本地儿童编号", 18), Heading("缺少的必填项", 60)], rows)
    return out


def note_pending(stores: sa.Engine, period: Period, filled: Filled, standing: Mapping[str, Entry]) -> int:
    """Note as pending those whose ``standing`` in the period isn't known yet or failed; return how many."""
    waiting = [child for child in filled.children if child not in standing or standing[child].state == "failed"]
    return national_entries.note(stores, str(period), [(child, _PENDING, None) for child in waiting])


def read_answer(con: duckdb.DuckDBPyConnection, stores: sa.Engine, of: Layout, period: Period, file: Path) -> Answer:
    """Read the system's answer and keep each child's standing. Of a reason no number nor the child's name is kept."""
    rows = openpyxl.load_workbook(file, read_only=True, data_only=True).worksheets[0].iter_rows(values_only=True)
    titles = [str(cell).strip() if cell is not None else "" for cell in next(rows, ())]
    at = {name: _column(file, titles, getattr(of.result, name)) for name in ("child", "citizen_no", "reason")}
    state_at = _column(file, titles, of.result.state)
    if state_at is None or (at["child"] is None and at["citizen_no"] is None):
        raise LayoutError(
            f"{file.name}: 第一行缺少结果列或儿童列 no column for "
            f"{'the result' if state_at is None else 'the child'}. Looked for "
            f"{list(of.result.state) if state_at is None else [*of.result.child, *of.result.citizen_no]} in the first "
            f"row, found {len(titles)} columns with other titles. Add the title to `result` in {SITE_FILE}, or put the "
            "row of titles first."
        )
    by_number = _children_by_number(con)
    names = dict(con.execute("select child_id, name from core.child where name is not null").fetchall())
    known = {child for (child,) in con.execute("select child_id from care.migrant_status").fetchall()}
    became = child_ids.redirects(con)
    told: list[tuple[str, State, str | None]] = []
    unknown: list[int] = []
    for number, row in enumerate(rows, start=2):
        local = _text(row, at["child"])
        local = became.get(local, local)
        child = local if local in known else by_number.get(_text(row, at["citizen_no"]).upper())
        state = _state(of.result, _text(row, state_at))
        if child is None or state is None:
            if any(cell is not None for cell in row):
                unknown.append(number)
            continue
        reason = _screened(_text(row, at["reason"]), names.get(child)) if state == "failed" else None
        told.append((child, state, reason))
    national_entries.note(stores, str(period), told)
    return Answer(Counter(state for _, state, _ in told), unknown)


def _screened(reason: str, name: str | None) -> str | None:
    """The words of a reason, without what tells which child it is."""
    return _DIGITS.sub("…", reason.replace(name, "…") if name else reason) or None


def _column(file: Path, titles: Sequence[str], names: Sequence[str]) -> int | None:
    return next((titles.index(name) for name in names if name in titles), None)


def _children_by_number(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Children by their citizen number, where one child alone has it."""
    found = con.execute(
        "select citizen_no, min(child_id) from core.child where citizen_no is not null group by 1 having count(*) = 1"
    ).fetchall()
    return {str(number): str(child) for number, child in found}


def _text(row: Sequence[object], at: int | None) -> str:
    return "" if at is None or at >= len(row) or row[at] is None else str(row[at]).strip()


def _state(of: Result, said: str) -> Literal["entered", "failed"] | None:
    return "entered" if said in of.entered else "failed" if said in of.failed else None
