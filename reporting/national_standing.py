"""How children stand in the national system, each under its id of today."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources

import duckdb
import sqlalchemy as sa

from policy.period import Period
from warehouse import child_ids
from warehouse.stores import national_entries
from warehouse.stores.national_entries import Entry


def migrants() -> str:
    """The query of the children whom a place enters; binds ``within``."""
    return resources.files("reporting").joinpath("migrants_within.sql").read_text(encoding="utf-8")


def read(con: duckdb.DuckDBPyConnection, stores: sa.Engine, period: Period) -> dict[str, Entry]:
    """Each child's standing in a period, by the ids of the release that ``con`` reads.

    Of several ids that became one child: entered, if the system has it under one of them; else the newest word.
    """
    became = child_ids.redirects(con)
    told: dict[str, Entry] = {}
    for each in national_entries.read(stores, str(period)).values():
        entry = replace(each, child_id=became.get(each.child_id, each.child_id))
        known = told.get(entry.child_id)
        if known is None or (entry.state == "entered", entry.at) > (known.state == "entered", known.at):
            told[entry.child_id] = entry
    return told


def progress(con: duckdb.DuckDBPyConnection, stores: sa.Engine, period: Period, within: str) -> tuple[int, int]:
    """How many of a place's migrant children the system has, and how many there are."""
    standing = read(con, stores, period)
    children = [child for (child,) in con.execute(migrants(), {"within": within}).fetchall()]
    return sum(child in standing and standing[child].state == "entered" for child in children), len(children)
