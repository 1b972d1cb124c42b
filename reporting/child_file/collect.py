"""Collects one child's file over all published periods up to one: what each of them tells, each thing once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import duckdb
import pyarrow as pa
import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from policy.period import Period
from reporting import words
from reporting.lists import spec as lists
from warehouse import child_ids
from warehouse.places import Places
from warehouse.store import Warehouse
from warehouse.stores import national_entries, visits

Row = tuple[object, ...]
_OF_THE_LAST = ("basics",)  # sections that say how things stand, not what happened


class NoSuchChild(LookupError):
    """No child of this id in the period."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Strict):
    """One column of a section, or what a fact of 基本信息 is called and how it is read."""

    title: str
    words: str | None = None


class SectionSpec(_Strict):
    """One of the five sections."""

    title: str
    columns: dict[str, Column]
    items: dict[str, Column] = {}


@dataclass(frozen=True, slots=True)
class Section:
    """One section with its rows, as words."""

    name: str
    spec: SectionSpec
    rows: list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ChildFile:
    """One child's file as it stands in a period. ``became``: the child it was merged into, where it was."""

    child_id: str
    became: str | None
    period: Period
    release: int
    name: str | None
    sections: Sequence[Section]


@cache
def specs() -> Mapping[str, SectionSpec]:
    """The five sections in their order."""
    text = (resources.files("reporting.child_file") / "sections.yml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, SectionSpec]).validate_python(yaml.safe_load(text))


def collect(house: Warehouse, child_id: str, period: Period) -> ChildFile:
    """Collect the file of a child, by its id of today or one that was merged into it. Raises :class:`NoSuchChild`."""
    release = house.published()
    with house.reading(period) as con:
        ids = child_ids.of_child(con, child_id)
        became = ids[0] if ids[0] != child_id else None
        name = _name(con, ids[0], period)
    told: dict[str, list[Row]] = {name: [] for name in specs()}
    for each in sorted(Period(key) for key in release.periods if Period(key) <= period):
        with house.reading(each) as con:
            for section, rows in _sections(con, ids, each, everything=each == period):
                told[section] += rows
    told["log"] += _national(house, ids, period)
    sections = [Section(key, of, _worded(of, told[key], Places(period.as_of))) for key, of in specs().items()]
    return ChildFile(child_id, became, period, release.number, name, sections)


def _name(con: duckdb.DuckDBPyConnection, child_id: str, period: Period) -> str | None:
    found = con.execute("select name from core.child where child_id = ?", [child_id]).fetchone()
    if found is None:
        raise NoSuchChild(f"{period} 中没有这个儿童编号。 No child of this id in {period}.")
    return None if found[0] is None else str(found[0])


def _sections(
    con: duckdb.DuckDBPyConnection, ids: list[str], period: Period, *, everything: bool
) -> Iterator[tuple[str, list[Row]]]:
    """Each section's rows in one period; how things stand only where ``everything`` is asked for."""
    con.execute("create temp table who as select unnest(?) as child_id", [ids])
    con.execute("create temp table listed as from who")
    _put_recorded(con)
    con.execute(f"create temp table person as {lists.sql('person')}")
    for name in specs():
        if everything or name not in _OF_THE_LAST:
            sql = (resources.files("reporting.child_file") / f"{name}.sql").read_text(encoding="utf-8")
            bound = dict.fromkeys(duckdb.extract_statements(sql)[0].named_parameters, period.as_of)
            yield name, con.execute(sql, bound).fetchall()


def _put_recorded(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``recorded`` of the visits that people recorded: none in a period that an earlier version published."""
    known = "select 1 from duckdb_tables() where schema_name = 'prior' and table_name = 'recorded_visit'"
    if con.execute(known).fetchall():
        con.execute("create temp view recorded as from prior.recorded_visit")
    else:
        con.register("recorded", pa.schema(list(visits.SHAPE.items())).empty_table())


def _national(house: Warehouse, ids: list[str], period: Period) -> list[Row]:
    """What became of the child in the national system, as rows of the log."""
    found: list[Row] = []
    for key in house.published().periods:
        if Period(key) <= period:
            told = national_entries.read(house.stores, key)
            found += [
                (each.at.date(), each.state, None, f"{key} {each.reason or ''}".strip(), "")
                for child in ids
                if (each := told.get(child))
            ]
    return found


def _worded(of: SectionSpec, rows: list[Row], places: Places) -> list[tuple[str, ...]]:
    """Rows as words, each once, in the order of their days; what has no day comes last."""
    at_day = next((at for at, name in enumerate(of.columns) if name.endswith("_on") or name == "since"), None)
    if not of.items and at_day is not None:
        rows = sorted(rows, key=lambda row: str(row[at_day] or "9999"))
    read = (
        tuple(_cell(of, name, row, cell, places) for name, cell in zip(of.columns, row, strict=True)) for row in rows
    )
    return list(dict.fromkeys(read))


def _cell(of: SectionSpec, name: str, row: Row, cell: object, places: Places) -> str:
    if of.items and name == "item":
        return of.items[str(cell)].title
    kind = of.items[str(row[0])].words if of.items and name == "value" else of.columns[name].words
    if isinstance(cell, list):
        return "、".join(words.word(kind, each, places) if kind else str(each) for each in cell)
    if kind:
        return words.word(kind, cell, places)
    return "" if cell is None else str(cell)
